//! Offers and acceptances of a world: as the file begins them, and as people left them.

use ids::{guid::SubscriptionId, offer::Slot, scope::Scope};
use model::{
    change::Change,
    delegation::{Assignment, Definition},
    directory::User,
    market::{
        acceptance::Acceptance,
        offer::{Edition, Offer, Stage},
    },
    question::{Question, Via},
};
use store::{key::Range, record::Record, records::ranges, unit::Cause};

use super::*;

const SAMPLE: &str = include_str!("../../../fyr/worlds/sample.yaml");
const ADATUM: &str = "44444444-4444-4444-8444-444444444444";

fn scope(text: &str) -> Scope {
    Scope::parse(text, samples::CUSTOMER).unwrap()
}

async fn listed<R: Record>(plane: &Plane, range: &Range) -> Vec<R> {
    let mut unit = plane.store.begin(Cause { correlation: samples::correlation() });
    unit.list(range).await.unwrap()
}

async fn definition(plane: &Plane) -> Option<Definition> {
    let subscription: SubscriptionId = ADATUM.parse().unwrap();
    let range = ranges::definitions_of_subscription(subscription);
    let mut all: Vec<Definition> = listed(plane, &range).await;
    assert!(all.len() <= 1, "{all:?}");
    all.pop()
}

async fn offer(plane: &Plane) -> Offer {
    let id = definition(plane).await.unwrap().accepted.unwrap().plan.plan.offer;
    plane.store.snapshot().await.unwrap().find::<Offer>(&id).await.unwrap().unwrap()
}

/// The acceptance of the public plan, and the definition that stands for it.
async fn accepted(plane: &Plane) -> (Acceptance, Definition) {
    let definition = definition(plane).await.unwrap();
    let it = definition.accepted.clone().unwrap();
    let key = (it.customer, it.plan.plan, it.plan.slot);
    let acceptance = plane.store.snapshot().await.unwrap().find(&key).await.unwrap().unwrap();
    (acceptance, definition)
}

#[tokio::test]
async fn the_sample_is_made_once_and_its_engineers_reach_what_was_delegated_and_nothing_else() {
    let plane = testkit::empty().await;
    let declared = read(SAMPLE, 0);
    let first = apply_to(&plane, SAMPLE, 0).await;
    assert_eq!(first.created, declared.nouns.len() + declared.secrets.len());
    let events = testkit::events(&plane).await.len();
    let again = apply_to(&plane, SAMPLE, 3600).await;
    assert_eq!((again.created, again.changed), (0, 0), "{again:?}");
    assert_eq!(testkit::events(&plane).await.len(), events, "no event without a change");
    let (_, definition) = accepted(&plane).await;
    let range = ranges::users_by_name(definition.managed_by, "mia@fabrikam.example");
    let mia = listed::<User>(&plane, &range).await[0].principal;
    let reads = |at: &str| {
        let action = Action::named("Microsoft.Storage/storageAccounts/read");
        let question = Question { action, scope: scope(at), via: Via::Any };
        plane.index().check(mia, &question, samples::now()).is_allowed()
    };
    assert!(reads(&format!("/subscriptions/{ADATUM}/resourceGroups/ships")));
    assert!(!reads(&format!("/subscriptions/{ADATUM}")));
    assert!(!reads("/subscriptions/11111111-1111-4111-8111-111111111111"));
    let live = (offer(&plane).await.id, Stage::Published(Slot::Live));
    let snapshot = plane.store.snapshot().await.unwrap();
    assert!(snapshot.find::<Edition>(&live).await.unwrap().is_some());
}

#[tokio::test]
async fn a_version_that_a_customer_accepted_since_is_not_taken_back_by_the_file() {
    let plane = testkit::empty().await;
    let newer = SAMPLE.replace("harbour-watch.watch.1.0.0", "harbour-watch.watch.1.1.0");
    apply_to(&plane, &newer, 0).await;
    let (acceptance, definition) = accepted(&plane).await;
    assert_eq!(definition.authorizations.len(), 3);

    let again = apply_to(&plane, SAMPLE, 1).await;

    assert_eq!((again.created, again.changed), (0, 0), "{again:?}");
    assert_eq!(accepted(&plane).await, (acceptance, definition));
}

#[tokio::test]
async fn a_delegation_that_its_customer_took_back_after_another_version_is_not_made_again() {
    let plane = testkit::empty().await;
    let newer = SAMPLE.replace("harbour-watch.watch.1.0.0", "harbour-watch.watch.1.1.0");
    apply_to(&plane, &newer, 0).await;
    let (_, definition) = accepted(&plane).await;
    let assigned = ranges::assignments_of_definition(&definition.id);
    let assignments: Vec<Assignment> = listed(&plane, &assigned).await;
    let gone = assignments.into_iter().map(Noun::Assignment);
    let gone = gone.chain([Noun::Definition(definition)]);
    testkit::apply(&plane, gone.map(Change::Remove).collect()).await;

    let again = apply_to(&plane, SAMPLE, 1).await;

    assert_eq!((again.created, again.changed), (0, 0), "{again:?}");
    assert_eq!(self::definition(&plane).await, None);
}

#[tokio::test]
async fn a_world_that_is_written_down_says_that_offers_are_not_in_it() {
    let plane = testkit::empty().await;
    apply_to(&plane, SAMPLE, 0).await;
    let exported = export(&nouns(&plane, &[]).await.unwrap(), &builtin(), &AnyType);
    let is_told = |what: &str| exported.notes.iter().any(|it| it.contains(what));
    assert!(is_told("the publisher account of `fabrikam` is left out"), "{:?}", exported.notes);
    assert!(is_told("accepted of `fabrikam.harbour-watch.watch.1.0.0`"), "{:?}", exported.notes);
}

#[tokio::test]
async fn a_draft_that_is_there_stays_and_a_publisher_stays_its_accounts() {
    let plane = testkit::empty().await;
    apply_to(&plane, SAMPLE, 0).await;
    let draft = offer(&plane).await;
    let retitled = SAMPLE.replace("title: Harbour watch", "title: Something else");
    apply_to(&plane, &retitled, 1).await;
    assert_eq!(offer(&plane).await, draft);
    let thief = "
tenants:
- name: evil
  domain: evil.example
  account:
    company: {legalName: Evil, country: SE}
    publishers: [{id: fabrikam, displayName: Fabrikam}]
";
    let refused = apply(&plane, &read(thief, 2)).await.unwrap_err().to_string();
    assert_eq!(refused, "7:18: the publisher `fabrikam` is another account's");
}
