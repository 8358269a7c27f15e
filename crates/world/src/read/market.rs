//! Publisher accounts, what they publish, and what customers accepted.

use document::{
    fault::{Faults, quoted},
    fields::Fields,
    tree::Node,
};
use model::market::account::{
    AccountRole, Company, Level, Person, Qualification, QualificationKind, VerificationStage,
};

use crate::{
    declared::{Acceptance, Account, AccountMember, PublishedOffer, Publisher},
    offer, sections,
};

pub(super) fn account(node: &Node, faults: &mut Faults) -> Account {
    let mut fields = Fields::of(node, &sections::ACCOUNT, faults);
    if fields.node("company").is_none() {
        fields.faults.add(fields.at, "an account needs `company`");
    }
    let (stage, qualifications) = fields.one("verification", verification).unzip();
    Account {
        at: fields.at,
        company: fields.one("company", company),
        partner: fields.parsed("partnerId"),
        stage: stage.flatten(),
        qualifications: qualifications.unwrap_or_default(),
        members: fields.each("members", member),
        publishers: fields.each("publishers", publisher),
    }
}

fn company(node: &Node, faults: &mut Faults) -> Company {
    let mut fields = Fields::of(node, &sections::COMPANY, faults);
    let contact = fields.one("contact", contact).unwrap_or_default();
    let mut text = |key| fields.text(key).unwrap_or_default();
    let (street, city, postal_code) = (text("street"), text("city"), text("postalCode"));
    Company {
        legal_name: fields.required("legalName").it,
        street,
        city,
        postal_code,
        country: fields.required("country").it,
        contact,
    }
}

fn contact(node: &Node, faults: &mut Faults) -> Person {
    let mut fields = Fields::of(node, &sections::CONTACT, faults);
    let mut text = |key| fields.text(key).unwrap_or_default();
    Person { name: text("name"), email: text("email"), phone: text("phone") }
}

/// What makes a stage of the reason that is given with it.
type Staged = fn(String) -> VerificationStage;
type Verified = (Option<VerificationStage>, Vec<Qualification>);

fn verification(node: &Node, faults: &mut Faults) -> Verified {
    const STAGES: [(&str, Staged); 5] = [
        ("email", |_| VerificationStage::Email),
        ("employment", |_| VerificationStage::Employment),
        ("business", |_| VerificationStage::Business),
        ("authorized", |_| VerificationStage::Authorized),
        ("rejected", VerificationStage::Rejected),
    ];
    let mut fields = Fields::of(node, &sections::VERIFICATION, faults);
    let reason = fields.text("reason").unwrap_or_default();
    if fields.node("stage").is_none() {
        fields.faults.add(fields.at, "a verification needs `stage`");
    }
    let stage = fields.one_of("stage", &STAGES).map(|stage| stage(reason));
    let qualifications = fields.each("qualifications", qualification);
    (stage, qualifications.into_iter().flatten().collect())
}

fn qualification(node: &Node, faults: &mut Faults) -> Option<Qualification> {
    const LEVELS: [(&str, Level); 2] = [("silver", Level::Silver), ("gold", Level::Gold)];
    let mut fields = Fields::of(node, &sections::QUALIFICATION, faults);
    let level = fields.one_of("level", &LEVELS);
    let words = (fields.text("competency"), fields.text("program"), fields.text("designation"));
    let kind = match (words, level) {
        ((Some(area), None, None), Some(level)) => QualificationKind::Competency { area, level },
        ((None, Some(program), None), None) => QualificationKind::Program(program),
        ((None, None, Some(area)), None) => QualificationKind::Designation(area),
        _ => {
            let message = "it is a `competency` with its `level`, a `program` or a `designation`";
            fields.faults.add(fields.at, message);
            return None;
        }
    };
    Some(Qualification { kind, valid_to: fields.parsed("validTo") })
}

fn member(node: &Node, faults: &mut Faults) -> AccountMember {
    let mut fields = Fields::of(node, &sections::ACCOUNT_MEMBER, faults);
    let roles = AccountRole::ALL.map(|role| (role.as_str(), role));
    if fields.node("role").is_none() {
        fields.faults.add(fields.at, "an account's member needs `role`");
    }
    AccountMember { principal: fields.required("principal"), role: fields.one_of("role", &roles) }
}

fn publisher(node: &Node, faults: &mut Faults) -> Publisher {
    let mut fields = Fields::of(node, &sections::PUBLISHER, faults);
    Publisher {
        at: fields.at,
        id: fields.required_parsed("id"),
        display_name: fields.required("displayName").it,
        offers: fields.each("offers", published_offer),
    }
}

fn published_offer(node: &Node, faults: &mut Faults) -> PublishedOffer {
    let mut fields = Fields::of(node, &sections::PUBLISHED_OFFER, faults);
    if fields.node("offer").is_none() {
        fields.faults.add(fields.at, "a published offer needs `offer`");
    }
    let is_live = fields.one_of("published", &[("draft", false), ("live", true)]);
    PublishedOffer {
        at: fields.at,
        offer: fields.one("offer", offer::read::offer).unwrap_or_default(),
        is_live: is_live.unwrap_or(false),
    }
}

pub(super) fn acceptance(node: &Node, faults: &mut Faults) -> Acceptance {
    let mut fields = Fields::of(node, &sections::ACCEPTANCE, faults);
    let plan = fields.required("plan");
    let read = plan.it.parse().ok();
    if read.is_none() && !plan.it.is_empty() {
        let message = format!("{} names no version of a plan", quoted(&plan.it));
        let advice = "it reads publisher.offer.plan.version".to_owned();
        fields.faults.advise(plan.at, message, Some(advice));
    }
    Acceptance {
        at: plan.at,
        plan: read,
        subscription: fields.required("subscription"),
        by: fields.required("by"),
        scopes: fields.words("scopes"),
        declined: fields.parsed("declined"),
    }
}
