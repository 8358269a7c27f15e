//! What providers were trusted with.

use document::{fault::Faults, fields::Fields, tree::Node};
use model::delegation::MultiFactor;

use crate::{
    declared::{Approver, Assignment, Authorization, Delegation, EligibleAuthorization, Policy},
    read::access::guid,
    sections,
};

/// The longest activation where the file does not say: Azure's eight hours.
const MINUTES_MAX: u32 = 480;

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
    Assignment { scope: fields.required("scope"), id: guid(&mut fields) }
}
