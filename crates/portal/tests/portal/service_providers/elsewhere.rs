//! Delegating in another subscription than the one where an offer stands.

use ids::scope::Scope;
use model::{
    action::Action,
    change::Noun,
    delegation::{Accepted, Definition},
    question::Question,
    samples::{
        self, ADA, CUSTOMER, READER, SUBSCRIPTION, TIER1, authorization, market, resource_group,
        whole,
    },
};

use crate::kit::{Answered, Browser};

use super::{FORM, NEARLY, OLOF, accepted, nils, offer, shop, shown, stored};

/// A second subscription of the customer's, of which Olof is Owner, too.
fn second() -> [Noun; 2] {
    let there = Scope::Subscription(samples::NEIGHBOUR);
    [
        Noun::Subscription(samples::subscription(samples::NEIGHBOUR, CUSTOMER)),
        Noun::RoleAssignment(samples::role_assignment(there, samples::OLOF, samples::OWNER)),
    ]
}

/// Consents to delegate the second subscription under the offer that stands in the first.
async fn delegated(olof: &Browser<'_>) -> Answered {
    let there = Scope::Subscription(samples::NEIGHBOUR).to_string();
    let page = olof.open(&offer("/delegate")).await;
    olof.submit(&page, FORM, &[("scope", &there), ("consent", "yes")]).await
}

#[tokio::test]
async fn what_is_delegated_elsewhere_takes_the_same_offer_there() {
    let there = Scope::Subscription(samples::NEIGHBOUR);
    let kit = shop(second().into()).await;
    let olof = kit.signed_in(OLOF).await;
    shown(&delegated(&olof).await, 200, &["Delegated under Fabrikam Ops"]);
    let question = Question::any(Action::GROUPS_WRITE, there);
    assert!(kit.sign_in.plane().index().check(ADA, &question, samples::now()).is_allowed());
    let offers = olof.open("/service-providers").await;
    assert_eq!(offers.texts("tbody tr").len(), 2, "{}", offers.main());
}

#[tokio::test]
async fn nobody_delegates_elsewhere_what_they_were_not_shown() {
    let there = Scope::Subscription(samples::NEIGHBOUR);
    let other = Definition {
        authorizations: vec![authorization(TIER1, READER)],
        ..samples::definition(samples::NEIGHBOUR)
    };
    let definitions = [samples::definition(SUBSCRIPTION), other.clone()].map(Noun::Definition);
    let kit = shop(second().into_iter().chain(definitions).collect()).await;
    let olof = kit.signed_in(OLOF).await;
    let refused = delegated(&olof).await;
    shown(&refused, 409, &["Nothing was delegated", "other role assignments"]);
    assert!(refused.text.contains(&format!("value=\"{there}\" checked")), "{}", refused.text);
    assert_eq!(stored(&kit, &other.id).await, Some(other));
    let question = Question::any(Action::GROUPS_READ, there);
    assert!(!kit.sign_in.plane().index().check(ADA, &question, samples::now()).is_allowed());
}

#[tokio::test]
async fn what_cannot_be_read_elsewhere_is_not_written_over() {
    let second = samples::NEIGHBOUR;
    let there = Scope::Subscription(second);
    let other = Definition {
        authorizations: vec![authorization(TIER1, READER)],
        ..samples::definition(second)
    };
    let owns = samples::role_assignment(whole(), NEARLY, samples::OWNER);
    let mut more = nils(there.clone(), "Microsoft.ManagedServices/registrationDefinitions/read");
    more.extend([
        Noun::Definition(samples::definition(SUBSCRIPTION)),
        Noun::Definition(other.clone()),
        Noun::Subscription(samples::subscription(second, CUSTOMER)),
        Noun::RoleAssignment(owns),
    ]);
    let kit = shop(more).await;
    let nils = kit.signed_in("nils@contoso.example").await;
    let page = nils.open(&offer("/delegate")).await;
    let there = there.to_string();
    let refused = nils.submit(&page, FORM, &[("scope", &there), ("consent", "yes")]).await;
    shown(&refused, 403, &["Nothing was delegated"]);
    assert_eq!(stored(&kit, &other.id).await, Some(other));
}

#[tokio::test]
async fn nobody_delegates_under_a_larger_version_than_they_were_shown() {
    let kit = shop(vec![]).await;
    let olof = kit.signed_in(OLOF).await;
    let page = olof.open(&offer("/delegate")).await;
    let larger = Definition {
        authorizations: vec![authorization(TIER1, samples::OWNER)],
        accepted: Some(Accepted { customer: CUSTOMER, plan: market::plan_version("1.1.0") }),
        ..accepted()
    };
    testkit::put(kit.sign_in.plane(), vec![Noun::Definition(larger)]).await;
    let group = resource_group("app").to_string();
    let fields = [("scope", group.as_str()), ("consent", "yes")];
    let refused = olof.submit(&page, FORM, &fields).await;
    shown(&refused, 409, &["Nothing was delegated: this offer gives something else"]);
    assert!(refused.text.contains(&format!("value=\"{group}\" checked")), "{}", refused.text);
    assert!(!refused.text.contains("value=\"yes\" checked"), "the word is asked anew");
    shown(&olof.open("/service-providers/delegations").await, 200, &["You delegated nothing"]);
    shown(&olof.submit(&refused, FORM, &fields).await, 200, &["Delegated under Fabrikam Ops"]);
}
