//! What providers were trusted with.

use document::{
    fault::{Faults, did_you_mean, quoted},
    fields::Fields,
    place::Word,
    tree::Node,
};
use model::{activation::policy::Proof, delegation::MultiFactor, period::OpenPeriod};

use crate::{
    declared::{
        ActivationPolicy, Approver, Assignment, Authorization, Delegation, EligibleAuthorization,
        Policy,
    },
    read::access::guid,
    sections,
};

/// The longest activation where the file does not say: Azure's eight hours.
const MINUTES_MAX: u32 = 480;
/// What a customer may ask for, as a file calls it.
pub(crate) const PROOFS: [(&str, Proof); 3] = [
    ("justification", Proof::Justification),
    ("ticket", Proof::Ticket),
    ("secondFactor", Proof::SecondFactor),
];

pub(super) fn delegation(node: &Node, faults: &mut Faults) -> Delegation {
    let mut fields = Fields::of(node, &sections::DELEGATION, faults);
    let says_where = fields.node("assignments").is_some();
    let assignments = fields.each("assignments", assignment);
    Delegation {
        at: fields.at,
        name: fields.text("name"),
        id: guid(&mut fields),
        subscription: fields.required("subscription"),
        provider: fields.required("provider"),
        description: fields.text("description"),
        authorizations: fields.each("authorizations", authorization),
        eligible: fields.each("eligibleAuthorizations", eligible),
        assignments: says_where.then_some(assignments),
    }
}

fn authorization(node: &Node, faults: &mut Faults) -> Authorization {
    let mut fields = Fields::of(node, &sections::AUTHORIZATION, faults);
    let has_list = fields.node("delegatedRoles").is_some();
    let delegated_roles = fields.words("delegatedRoles");
    Authorization {
        principal: fields.required("principal"),
        role: fields.required("role"),
        display_name: fields.text("displayName"),
        delegated_roles: has_list.then_some(delegated_roles),
    }
}

fn eligible(node: &Node, faults: &mut Faults) -> EligibleAuthorization {
    let mut fields = Fields::of(node, &sections::ELIGIBLE_AUTHORIZATION, faults);
    EligibleAuthorization {
        principal: fields.required("principal"),
        role: fields.required("role"),
        display_name: fields.text("displayName"),
        policy: fields.one("policy", policy),
    }
}

fn policy(node: &Node, faults: &mut Faults) -> Policy {
    const FACTORS: [(&str, MultiFactor); 2] =
        [("Azure", MultiFactor::Azure), ("None", MultiFactor::None)];
    let mut fields = Fields::of(node, &sections::POLICY, faults);
    Policy {
        multi_factor: fields.one_of("multiFactor", &FACTORS).unwrap_or(MultiFactor::None),
        minutes_max: fields.number("activationMinutesMax").unwrap_or(MINUTES_MAX),
        approvers: fields.each("approvers", approver),
    }
}

fn approver(node: &Node, faults: &mut Faults) -> Approver {
    let mut fields = Fields::of(node, &sections::APPROVER, faults);
    Approver { principal: fields.required("principal"), display_name: fields.text("displayName") }
}

fn assignment(node: &Node, faults: &mut Faults) -> Assignment {
    let mut fields = Fields::of(node, &sections::ASSIGNMENT, faults);
    Assignment {
        scope: fields.required("scope"),
        id: guid(&mut fields),
        period: fields.one("period", period).flatten(),
    }
}

fn period(node: &Node, faults: &mut Faults) -> Option<OpenPeriod> {
    let mut fields = Fields::of(node, &sections::PERIOD, faults);
    let until = fields.parsed("until");
    let from = fields.required_parsed("from")?;
    let period = OpenPeriod::new(from, until);
    if period.is_none() {
        fields.faults.add(fields.at, "a period ends after it begins");
    }
    period
}

pub(super) fn activation_policy(node: &Node, faults: &mut Faults) -> ActivationPolicy {
    let mut fields = Fields::of(node, &sections::ACTIVATION_POLICY, faults);
    let asks = fields.words("asks");
    ActivationPolicy {
        role: fields.required("role"),
        scope: fields.required("scope"),
        minutes_max: fields.number("activationMinutesMax"),
        asks: asks.iter().filter_map(|word| proof(word, fields.faults)).collect(),
        approvers: fields.each("approvers", approver),
    }
}

fn proof(word: &Word, faults: &mut Faults) -> Option<Proof> {
    let found = PROOFS.iter().find(|(name, _)| word.it.eq_ignore_ascii_case(name));
    if found.is_none() {
        let advice = did_you_mean(&word.it, PROOFS.iter().map(|(name, _)| *name));
        faults.advise(word.at, format!("nothing called {} is asked for", quoted(&word.it)), advice);
    }
    found.map(|(_, proof)| *proof)
}
