//! Offers and acceptances of a world: as the file begins them, and as people left them.

use std::collections::BTreeMap;

use delegation::acceptance::definition_id;
use ids::{
    clock::Revision,
    guid::SubscriptionId,
    offer::{MarketplaceIdentifier, OfferId, PlanId, PlanVersion, Slot},
    resource::DefinitionId,
    scope::Scope,
};
use model::{
    change::Change,
    delegation::{Assignment, Definition},
    directory::User,
    market::{
        MarketNoun,
        acceptance::Acceptance,
        offer::{Audience, Audienced, Edition, Offer, OfferState, PlanManifest, Stage},
    },
    question::{Question, Via},
};
use store::{key::Range, record::Record, records::ranges, store::Entry, unit::Cause};

use super::*;
use crate::prune::by_people;

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
    let (acceptance, definition) = accepted(&plane).await;
    // The id that it would have had over the wire.
    let subscription = definition.id.scope().subscription().unwrap();
    let id = definition_id(subscription, &acceptance.plan, acceptance.slot);
    assert_eq!(Some(&definition.id), id.as_ref());
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

/// The sample in which a line is another, which has to be there.
fn edited(from: &str, to: &str) -> String {
    assert!(SAMPLE.contains(from), "{from}");
    SAMPLE.replace(from, to)
}

/// The sample before anybody accepted anything.
fn unaccepted(text: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    let mut is_in = false;
    for line in text.lines() {
        is_in = line == "    acceptances:" || (is_in && line.starts_with("      "));
        if !is_in {
            lines.push(line);
        }
    }
    lines.join("\n")
}

async fn refusal(plane: &Plane, text: &str) -> String {
    apply(plane, &read(text, 1)).await.unwrap_err().to_string()
}

fn watch(version: &str) -> PlanVersion {
    let plan = format!("fabrikam.harbour-watch.watch.{version}").parse().unwrap();
    let MarketplaceIdentifier::Version(plan) = plan else { panic!("{plan:?}") };
    plan
}

/// What a store that only a file wrote to has of the offer.
async fn found<R: Record>(plane: &Plane, id: &R::Id) -> Option<R> {
    plane.store.snapshot().await.unwrap().find(id).await.unwrap()
}

/// Nothing came of what was refused.
async fn is_untaken(plane: &Plane, subscription: &str) {
    let subscription: SubscriptionId = subscription.parse().unwrap();
    let range = ranges::definitions_of_subscription(subscription);
    assert_eq!(listed::<Definition>(plane, &range).await, []);
    let customer = plane.index().home(&Scope::Subscription(subscription)).unwrap();
    for plan in [watch("1.1.0").plan, care()] {
        assert_eq!(found::<Acceptance>(plane, &(customer, plan, Slot::Live)).await, None);
    }
}

fn care() -> PlanId {
    let name = "care-tailspin".parse().unwrap();
    PlanId { name, ..watch("1.0.0").plan }
}

#[tokio::test]
async fn a_draft_that_is_there_is_published_by_no_file() {
    let plane = testkit::empty().await;
    let draft = unaccepted(&edited("published: live", "published: draft"));
    apply_to(&plane, &draft, 0).await;
    let again = apply_to(&plane, &unaccepted(SAMPLE), 1).await;
    assert_eq!((again.created, again.changed), (0, 0), "{again:?}");
    let id = watch("1.0.0").plan.offer;
    assert_eq!(found::<Offer>(&plane, &id).await.unwrap().state, OfferState::Draft);
    for slot in Slot::ALL {
        let key = (id.clone(), Stage::Published(slot));
        assert_eq!(found::<Edition>(&plane, &key).await, None);
    }
    let refused = refusal(&plane, SAMPLE).await;
    assert!(refused.contains("`fabrikam.harbour-watch.watch.1.0.0` is not live"), "{refused}");
    is_untaken(&plane, ADATUM).await;
}

#[tokio::test]
async fn a_version_that_a_file_adds_to_an_offer_that_is_there_is_not_published() {
    let plane = testkit::empty().await;
    apply_to(&plane, &unaccepted(SAMPLE), 0).await;
    let newer = edited("version: 1.1.0", "version: 1.2.0");
    let again = apply_to(&plane, &unaccepted(&newer), 1).await;
    assert_eq!((again.created, again.changed), (0, 0), "{again:?}");
    let PlanVersion { plan, version, .. } = watch("1.2.0");
    assert_eq!(found::<PlanManifest>(&plane, &(plan, version)).await, None);
    let newer = newer.replace("harbour-watch.watch.1.0.0", "harbour-watch.watch.1.2.0");
    let newer = newer.replace("care-tailspin.1.1.0", "care-tailspin.1.2.0");
    let refused = refusal(&plane, &newer).await;
    assert!(refused.contains("`fabrikam.harbour-watch.watch.1.2.0` is not live"), "{refused}");
    is_untaken(&plane, ADATUM).await;
}

#[tokio::test]
async fn a_file_gives_a_customer_what_is_published_today_and_to_whom_or_nothing() {
    let plane = testkit::empty().await;
    apply_to(&plane, &unaccepted(SAMPLE), 0).await;
    // The publisher's 1.1.0 gives less than the file's.
    let PlanVersion { plan, version, .. } = watch("1.1.0");
    let mut manifest = found::<PlanManifest>(&plane, &(plan, version)).await.unwrap();
    manifest.manifest.authorizations.pop();
    let of = Audienced::Plan(care(), Stage::Published(Slot::Live));
    let audience = found::<Audience>(&plane, &of).await.unwrap();
    let nobody = Audience { entries: Vec::new(), ..audience };
    let moved_on = [MarketNoun::PlanManifest(manifest), MarketNoun::Audience(nobody)];
    testkit::put(&plane, moved_on.map(Noun::Market).into()).await;

    let newer = edited("harbour-watch.watch.1.0.0", "harbour-watch.watch.1.1.0");
    let refused = refusal(&plane, &newer).await;
    assert!(refused.contains("`fabrikam.harbour-watch.watch.1.1.0` is not live"), "{refused}");
    assert!(definition(&plane).await.is_none());

    let refused = refusal(&plane, SAMPLE).await;
    assert!(refused.contains("`fabrikam.harbour-watch.care-tailspin.1.1.0`"), "{refused}");
    is_untaken(&plane, "55555555-5555-4555-8555-555555555555").await;
}

#[tokio::test]
async fn an_offer_is_there_with_all_that_is_published_of_it_or_not_at_all() {
    let plane = testkit::empty().await;
    let publication = "            - published: live\n";
    let at = SAMPLE.find(publication).unwrap();
    let end = at + SAMPLE[at..].find("\n  - name: contoso").unwrap();
    let copy = |n: usize| {
        let copied = SAMPLE[at..end].trim_end().replace("harbour-watch", &format!("watch-{n}"));
        copied.replace("title: Harbour watch", &format!("title: Watch {n}")) + "\n"
    };
    let copies: String = (0..40).map(copy).collect();
    let many = format!("{}{copies}{}", &SAMPLE[..at], &SAMPLE[at..]);
    apply_to(&plane, &many, 0).await;
    let mut units: BTreeMap<OfferId, BTreeSet<Revision>> = BTreeMap::new();
    for Entry { revision, event, .. } in plane.store.journal(Revision(0), 10_000).await.unwrap() {
        if let Change::Put(Noun::Market(MarketNoun::Offer(Offer { id, .. }))) = &event.change {
            units.entry(id.clone()).or_default().insert(revision);
        } else if let Change::Put(Noun::Market(MarketNoun::Edition(it))) = &event.change {
            units.entry(it.offer.clone()).or_default().insert(revision);
        }
    }
    assert_eq!(units.len(), 41);
    assert!(units.values().all(|it| it.len() == 1), "{units:?}");
}

#[tokio::test]
async fn what_a_file_no_longer_accepts_is_taken_back_whole_and_offers_stay() {
    let plane = testkit::empty().await;
    apply_to(&plane, SAMPLE, 0).await;
    let (acceptance, taken) = accepted(&plane).await;
    let key = (acceptance.customer, acceptance.plan.clone(), acceptance.slot);
    let draft = offer(&plane).await;

    // The customer's own people made another definition of it.
    let id =
        DefinitionId::at(taken.id.scope().clone(), samples::object(7).to_string().parse().unwrap());
    let another = Noun::Definition(Definition { id: id.unwrap(), ..taken });
    by_people(&plane, acceptance.terms.by, Change::Put(another.clone())).await;
    let without = unaccepted(SAMPLE);
    assert_eq!(prune_from(&plane, &without).await, (5, 1));
    assert_eq!(found(&plane, &key).await, Some(acceptance));

    testkit::apply(&plane, vec![Change::Remove(another)]).await;
    assert_eq!(prune_from(&plane, &without).await, (1, 0));
    assert_eq!(found::<Acceptance>(&plane, &key).await, None);

    prune_from(&plane, "tenants: [{name: fabrikam, domain: fabrikam.example}]").await;
    assert_eq!(found::<Offer>(&plane, &draft.id).await, Some(draft));
    let again = apply_to(&plane, SAMPLE, 1).await;
    assert!(again.created > 0, "what was taken back can be taken again: {again:?}");
    assert!(definition(&plane).await.is_some());
}
