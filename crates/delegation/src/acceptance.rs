//! What a customer decides about a plan beside delegating by it: its terms, and what to do about
//! a newer version.

use ids::{
    guid::{SubscriptionId, TenantId},
    offer::{PlanId, Slot},
    resource::DefinitionId,
    scope::Scope,
    version::Version,
};
use model::market::{
    acceptance::{Acceptance, TermsAccepted},
    form::Terms,
};
use uuid::Uuid;

/// Under which a definition's id is made of what it stands for. Changing it changes every id.
const NAMESPACE: Uuid = Uuid::from_u128(0x7d0a_4a6e_2f0e_4b52_9f2b_6b1c_0b4f_5a11);

/// Whose agreement to which plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    pub customer: TenantId,
    pub subscription: SubscriptionId,
    pub plan: PlanId,
    pub slot: Slot,
}

/// A version that waits for the customer's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub version: Version,
    /// The word was no, so far.
    pub is_declined: bool,
}

/// Why there is nothing to decide.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Also where it is there for others.
    #[error("The plan '{0}' could not be found.")]
    NoPlan(String),
    #[error("Nothing of the plan '{0}' is accepted in this subscription.")]
    NotAccepted(PlanId),
    #[error("No newer version of the plan '{0}' waits for a decision.")]
    NothingWaits(PlanId),
    #[error(
        "Version '{asked}' of the plan '{plan}' is not the one that waits for a decision, which is version '{waits}'."
    )]
    OtherVersion { plan: PlanId, asked: Version, waits: Version },
    /// Nobody agrees to what they have not seen.
    #[error(
        "The request content has no 'version'. Name the version that is meant; version '{waits}' of the plan '{plan}' waits for a decision."
    )]
    NoVersion { plan: PlanId, waits: Version },
    #[error(
        "The request content has no 'properties.plan.version'. Nothing of the plan '{plan}' is in force: name the version that is meant; version '{newest}' is the newest."
    )]
    NoFirstVersion { plan: PlanId, newest: Version },
    #[error("The terms of the plan '{0}' are not the ones that were read. Read them again.")]
    OtherTerms(PlanId),
}

/// The definition that stands for the plan in that subscription, where its caller names none: the
/// same, whether it is accepted over the wire or in a world file. Always some: a GUID is a name.
pub fn definition_id(
    subscription: SubscriptionId,
    plan: &PlanId,
    slot: Slot,
) -> Option<DefinitionId> {
    let of = format!("{subscription}|{plan}|{}", slot.as_str());
    let name = Uuid::new_v5(&NAMESPACE, of.as_bytes()).to_string().parse().ok()?;
    DefinitionId::at(Scope::Subscription(subscription), name).ok()
}

/// The acceptance once the terms are agreed to. What is in force stays so.
pub fn signed(existing: Option<Acceptance>, subject: Subject, terms: TermsAccepted) -> Acceptance {
    let Subject { customer, subscription, plan, slot } = subject;
    if let Some(before) = existing {
        return Acceptance { terms, subscription, ..before };
    }
    let (version, declined) = (None, None);
    Acceptance { customer, plan, slot, subscription, version, terms, declined }
}

/// Whether that agreement stands word for word, so that to agree again changes nothing.
pub fn is_agreed(existing: Option<&Acceptance>, terms: &Terms) -> bool {
    existing.is_some_and(|it| it.terms.is_standing && it.terms.terms == *terms)
}

/// The acceptance once the agreement is taken back: nothing new can be made by it, and what is
/// delegated stays.
pub fn cancelled(before: Acceptance) -> Acceptance {
    let terms = TermsAccepted { is_standing: false, ..before.terms };
    Acceptance { terms, ..before }
}

/// What waits for the customer, if that is the newest version offered.
pub fn waiting(acceptance: &Acceptance, newest: Option<Version>) -> Option<Waiting> {
    let (accepted, version) = (acceptance.version?, newest?);
    let is_declined = acceptance.declined == Some(version);
    (version > accepted).then_some(Waiting { version, is_declined })
}

/// The acceptance once the version that waits was said no to. Names the version, so that nobody
/// declines what they have not seen.
pub fn decline(
    before: Acceptance,
    newest: Option<Version>,
    asked: Option<Version>,
) -> Result<Acceptance, Refused> {
    let waits = waited_for(&before, newest, asked)?;
    Ok(Acceptance { declined: Some(waits), ..before })
}

/// The version that waits, if it is the one asked for.
pub fn waited_for(
    before: &Acceptance,
    newest: Option<Version>,
    asked: Option<Version>,
) -> Result<Version, Refused> {
    let plan = || before.plan.clone();
    let waits = waits(before, newest)?;
    match asked {
        Some(asked) if asked == waits => Ok(waits),
        Some(asked) => Err(Refused::OtherVersion { plan: plan(), asked, waits }),
        None => Err(Refused::NoVersion { plan: plan(), waits }),
    }
}

/// The version that waits, for who only looks at it.
pub fn waits(before: &Acceptance, newest: Option<Version>) -> Result<Version, Refused> {
    let nothing = || Refused::NothingWaits(before.plan.clone());
    Ok(waiting(before, newest).ok_or_else(nothing)?.version)
}

/// The version that is taken: the one named, else the one in force.
pub fn taken(
    plan: &PlanId,
    asked: Option<Version>,
    in_force: Option<Version>,
    newest: Option<Version>,
) -> Result<Version, Refused> {
    let missing = || match newest {
        Some(newest) => Refused::NoFirstVersion { plan: plan.clone(), newest },
        None => Refused::NoPlan(plan.to_string()),
    };
    asked.or(in_force).ok_or_else(missing)
}

/// The acceptance once a no is taken back.
pub fn reconsider(before: Acceptance) -> Acceptance {
    Acceptance { declined: None, ..before }
}

#[cfg(test)]
mod tests {
    use model::samples::market::{acceptance, version};

    use super::*;

    #[test]
    fn only_a_higher_version_waits_and_a_no_is_to_one_version() {
        let accepted = acceptance("1.1.0");
        let waits = |it: &Acceptance, newest: &str| waiting(it, Some(version(newest)));
        assert_eq!(waits(&accepted, "1.0.0"), None);
        assert_eq!(waits(&accepted, "1.1.0"), None);
        assert_eq!(waiting(&accepted, None), None, "nothing is offered any longer");
        let newer = Waiting { version: version("1.2.0"), is_declined: false };
        assert_eq!(waits(&accepted, "1.2.0"), Some(newer));

        let declined = decline(accepted, Some(newer.version), Some(newer.version)).unwrap();
        assert_eq!(waits(&declined, "1.2.0"), Some(Waiting { is_declined: true, ..newer }));
        assert!(!waits(&declined, "1.3.0").unwrap().is_declined, "that is another version");
        assert_eq!(waits(&reconsider(declined), "1.2.0"), Some(newer));
    }

    #[test]
    fn a_plan_has_one_definition_in_a_subscription_and_another_elsewhere() {
        let accepted = acceptance("1.0.0");
        let id = |at: u128, slot| {
            let at = SubscriptionId::new(Uuid::from_u128(at));
            definition_id(at, &accepted.plan, slot).unwrap()
        };
        assert_eq!(id(5, Slot::Live), id(5, Slot::Live));
        assert_ne!(id(5, Slot::Live), id(5, Slot::Preview));
        assert_ne!(id(5, Slot::Live).key(), id(6, Slot::Live).key());
        // Recorded: people write these ids down.
        let recorded = "b25f91d7-f2d0-5b06-b2b3-c9f350c92d4e";
        assert!(id(5, Slot::Live).key().ends_with(recorded), "{}", id(5, Slot::Live).key());
    }

    #[test]
    fn nobody_declines_what_does_not_wait() {
        let plan = acceptance("1.0.0").plan;
        let refused = decline(acceptance("1.0.0"), Some(version("1.0.0")), None);
        assert_eq!(refused, Err(Refused::NothingWaits(plan.clone())));
        let (asked, waits) = (version("1.1.0"), version("1.2.0"));
        let stale = decline(acceptance("1.0.0"), Some(waits), Some(asked));
        assert_eq!(stale, Err(Refused::OtherVersion { plan: plan.clone(), asked, waits }));
        let unnamed = decline(acceptance("1.0.0"), Some(waits), None);
        assert_eq!(unnamed, Err(Refused::NoVersion { plan: plan.clone(), waits }));
        let unsigned = Acceptance { version: None, ..acceptance("1.0.0") };
        assert!(decline(unsigned, Some(waits), Some(waits)).is_err(), "there is nothing to update");
    }

    #[test]
    fn the_first_version_is_named_and_the_one_in_force_need_not_be() {
        let plan = acceptance("1.0.0").plan;
        let (old, newest) = (version("1.0.0"), version("1.2.0"));
        assert_eq!(taken(&plan, Some(newest), Some(old), Some(newest)), Ok(newest));
        assert_eq!(taken(&plan, None, Some(old), Some(newest)), Ok(old));
        let unnamed = taken(&plan, None, None, Some(newest));
        assert_eq!(unnamed, Err(Refused::NoFirstVersion { plan, newest }));
    }

    #[test]
    fn an_agreement_taken_back_leaves_what_is_in_force() {
        let before = acceptance("1.0.0");
        let terms = before.terms.terms.clone();
        assert!(is_agreed(Some(&before), &terms));
        let after = cancelled(before.clone());
        assert_eq!(after.version, before.version);
        assert!(!is_agreed(Some(&after), &terms));
        assert!(!is_agreed(Some(&before), &Terms::Text("other".to_owned())));
        let again = TermsAccepted { name: "another".to_owned(), ..before.terms.clone() };
        let Acceptance { customer, subscription, plan, slot, .. } = before.clone();
        let subject = Subject { customer, subscription, plan, slot };
        let signed = signed(Some(after), subject, again.clone());
        assert_eq!(signed, Acceptance { terms: again, ..before });
    }
}
