//! What the marketplace is made of: publisher accounts, offers with their plans and manifests, what
//! is published of them, and what customers accepted.

use ids::guid::TenantId;
use serde::{Deserialize, Serialize};

use self::{
    acceptance::Acceptance,
    account::{Account, AccountMember, Publisher, Verification},
    form::Form,
    lead::Lead,
    media::Media,
    offer::{Audience, Edition, HistoryEntry, Offer, PlanManifest},
    partner::PartnerLink,
    submission::{Review, Submission},
};
use crate::{
    action::{Action, Verb},
    change::delegation_rule,
    question::{Question, Via},
};
use ids::scope::Scope;

pub mod acceptance;
pub mod account;
pub mod form;
pub mod lead;
pub mod manifest;
pub mod media;
pub mod offer;
pub mod partner;
pub mod submission;

/// A noun of the marketplace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum MarketNoun {
    Account(Account),
    Verification(Verification),
    AccountMember(AccountMember),
    Publisher(Publisher),
    Offer(Offer),
    Edition(Edition),
    PlanManifest(PlanManifest),
    Audience(Audience),
    HistoryEntry(HistoryEntry),
    Submission(Submission),
    Review(Review),
    Media(Media),
    Acceptance(Acceptance),
    Lead(Lead),
    PartnerLink(PartnerLink),
}

/// What those do who hold a role in a tenant's publisher account: an action of Fyr's own.
pub fn in_account(tenant: TenantId, noun: &str, verb: Verb) -> Question {
    let action = Action::named(format!("Fyr.Market/{noun}/{}", verb.as_str()));
    Question { action, scope: Scope::Tenant(tenant), via: Via::Market }
}

/// What only the operators do to a publisher account: an action of Fyr's own.
pub fn by_operator(tenant: TenantId, noun: &str, verb: Verb) -> Question {
    let action = Action::named(format!("Fyr.Platform/{noun}/{}", verb.as_str()));
    Question { action, scope: Scope::Tenant(tenant), via: Via::Platform }
}

impl MarketNoun {
    /// Every question that must be answered with yes before it may be written, or removed.
    pub(crate) fn leave(&self, verb: Verb) -> Vec<Question> {
        match self {
            Self::Account(it) => vec![in_account(it.tenant, "accounts", verb)],
            Self::Verification(it) => vec![by_operator(it.tenant, "verifications", verb)],
            Self::AccountMember(it) => vec![it.leave(verb)],
            Self::Publisher(it) => vec![in_account(it.tenant, "publishers", verb)],
            Self::Offer(it) => vec![in_account(it.tenant, "offers", verb)],
            Self::Edition(it) => vec![in_account(it.tenant, "offers", verb)],
            Self::PlanManifest(it) => vec![in_account(it.tenant, "offers", verb)],
            Self::Audience(it) => vec![in_account(it.tenant, "offers", verb)],
            Self::HistoryEntry(it) => vec![in_account(it.tenant, "offers", verb)],
            Self::Submission(it) => vec![in_account(it.tenant, "submissions", verb)],
            Self::Review(it) => vec![by_operator(it.tenant, "certifications", verb)],
            Self::Media(it) => vec![in_account(it.tenant, "offers", verb)],
            Self::Acceptance(it) => delegation_rule(&Scope::Subscription(it.subscription)),
            Self::Lead(it) => vec![in_account(it.tenant, "leads", verb)],
            Self::PartnerLink(it) => vec![it.leave(verb)],
        }
    }

    /// The same as the journal keeps it: without secrets, and without what is large and is told
    /// apart by its digest or by other events.
    #[must_use]
    pub(crate) fn redacted(&self) -> Self {
        let mut shown = self.clone();
        if let Self::Media(it) = &mut shown {
            it.bytes.clear();
        } else if let Self::Offer(it) = &mut shown {
            outline(&mut it.form);
        } else if let Self::Edition(it) = &mut shown {
            outline(&mut it.form);
        }
        shown
    }
}

/// Leaves out of a form what opens something, and what its publication's own events tell: whom it
/// is for ([`Audience`]), and what it gives ([`PlanManifest`]). A draft would repeat both each time
/// it is saved, megabytes of it, and neither counts for access before it is accepted.
fn outline(form: &mut Form) {
    form.leads = form.leads.redacted();
    form.preview_audience.clear();
    for plan in &mut form.plans {
        plan.audience.clear();
        plan.manifests.clear();
    }
}

#[cfg(test)]
mod tests {
    use ids::offer::Slot;

    use super::{
        form::Destination,
        offer::Stage::{Published, Submitted},
        *,
    };
    use crate::samples::{SUBSCRIPTION, market};

    #[test]
    fn the_journal_tells_whom_an_offer_is_for_and_what_it_gives_by_their_own_events_alone() {
        let url = "https://leads.example/in?sig=key".to_owned();
        let leads = Destination::HttpsEndpoint { url, sealed: None, emails: Vec::new() };
        let form = Form { leads, ..market::form() };
        let offer = Offer { form: form.clone(), ..market::offer() };
        let edition = Edition { form, ..market::edition(Submitted) };
        for noun in [MarketNoun::Offer(offer), MarketNoun::Edition(edition)] {
            let kept = serde_json::to_string(&noun.redacted()).unwrap();
            for left_out in [SUBSCRIPTION.to_string().as_str(), "\"principal\"", "sig="] {
                assert!(!kept.contains(left_out), "{left_out} is in {kept}");
            }
            assert!(kept.contains("https://leads.example/in"), "the rest stays: {kept}");
        }
        let audience = MarketNoun::Audience(market::audience(Published(Slot::Live)));
        assert_eq!(audience.redacted(), audience);
        let manifest = MarketNoun::PlanManifest(market::plan_manifest("1.0.0"));
        assert_eq!(manifest.redacted(), manifest);
    }
}
