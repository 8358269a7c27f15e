//! An acceptance that covers two subscriptions and several scopes: whoever decides about it decides
//! for all of them, at once, and may do so in each.

use access::verdict::Refusal;
use delegation::{assign, dialect::Dialect, refused::Refused, take};
use ids::{
    clock::Revision,
    guid::{Principal, SubscriptionId},
    resource::{AssignmentId, DefinitionId},
    scope::Scope,
};
use model::{
    action::Action,
    activity::Log,
    change::{Change, Noun},
    delegation::Definition,
    directory::UserKind,
    market::{MarketNoun, acceptance::Acceptance, form::Terms},
    question::Question,
    samples::{self, ADA, CONTRIBUTOR, CUSTOMER, OLOF, OWNER, PROVIDER, SUBSCRIPTION, market},
    tree::ResourceGroup,
};
use operations::{
    acceptance::{
        At, accept,
        decide::{Word, decide},
        read, terms,
    },
    delegation::{
        assign::assign as delegate,
        end::Ended,
        withdraw::{Withdrawn, withdraw},
    },
    error::Error,
    plane::Plane,
};
use store::{
    activity::{ActivityFilter, ActivityQuery},
    records::ranges,
    snapshot::Page,
};
use testkit::shop::{Shop, shop, two_versions};

use super::kit::{DEFINITION, NORA, SECOND, Take, end_as, grant, take_as, world};

/// Owners of Contoso's first subscription alone, of its second alone, and of both as a guest; and a
/// Contributor of both.
const ODA: Principal = samples::principal(CUSTOMER, 0x0DA);
const OTTO: Principal = samples::principal(CUSTOMER, 0x0770);
const GUEST: Principal = samples::principal(CUSTOMER, 0x6E57);
const INGA: Principal = samples::principal(CUSTOMER, 0x16A);
const BOTH: [SubscriptionId; 2] = [SUBSCRIPTION, SECOND];

fn group(subscription: SubscriptionId, name: &str) -> Scope {
    Scope::ResourceGroup(subscription, name.parse().unwrap())
}

/// What is delegated: two groups of the first subscription, and the whole second.
fn delegated() -> [Scope; 3] {
    let app = |name| group(SUBSCRIPTION, name);
    [app("app"), app("data"), Scope::Subscription(SECOND)]
}

fn at(subscription: SubscriptionId) -> At {
    let plan = shop().words("1.0.0");
    At { subscription, publisher: plan.publisher, product: plan.product, plan: plan.name }
}

fn definition(subscription: SubscriptionId) -> DefinitionId {
    let name = DEFINITION.to_string().parse().unwrap();
    DefinitionId::at(Scope::Subscription(subscription), name).unwrap()
}

fn assignment(scope: &Scope) -> AssignmentId {
    AssignmentId::at(scope.clone(), DEFINITION.to_string().parse().unwrap()).unwrap()
}

async fn delegate_at(plane: &Plane, who: Principal, scope: &Scope) {
    let (id, definition) = (assignment(scope), definition(scope.subscription().unwrap()));
    let within = Scope::Resource(id.as_resource().clone());
    let context = testkit::context(who, &Action::ASSIGNMENTS_WRITE, within);
    let definition_as_sent = definition.to_string();
    let request = assign::Request {
        definition_as_sent,
        definition,
        period: None,
        dialect: Dialect::Eligible,
        id,
    };
    delegate(plane, &context, request).await.unwrap();
}

/// The version accepted in both subscriptions and delegated; and then a newer one, under other
/// terms.
async fn covered() -> Plane {
    let mut guest = samples::user(GUEST, "guest");
    guest.kind = UserKind::Guest { home: NORA };
    let inside = |subscription, name: &str| {
        Noun::ResourceGroup(ResourceGroup { subscription, ..testkit::group(name) })
    };
    let [first, second] = BOTH.map(Scope::Subscription);
    let seed = vec![
        shop().agreed(CUSTOMER, None),
        Noun::User(samples::user(ODA, "oda")),
        Noun::User(samples::user(OTTO, "otto")),
        Noun::User(samples::user(INGA, "inga")),
        Noun::User(guest),
        inside(SUBSCRIPTION, "app"),
        inside(SUBSCRIPTION, "data"),
        inside(SECOND, "late"),
        grant(second.clone(), OLOF, OWNER),
        grant(first.clone(), ODA, OWNER),
        grant(second.clone(), OTTO, OWNER),
        grant(first.clone(), GUEST, OWNER),
        grant(second.clone(), GUEST, OWNER),
        grant(first, INGA, CONTRIBUTOR),
        grant(second, INGA, CONTRIBUTOR),
    ];
    let plane = world([shop().nouns(), seed].concat()).await;
    for at in BOTH {
        take_as(&plane, OLOF, shop().request(at, "1.0.0")).await.unwrap();
    }
    for scope in delegated() {
        delegate_at(&plane, OLOF, &scope).await;
    }
    testkit::put(&plane, reworded(&two_versions())).await;
    plane
}

/// The same plan under other terms.
fn reworded(shop: &Shop) -> Vec<Noun> {
    let mut nouns = shop.nouns();
    for noun in &mut nouns {
        if let Noun::Market(MarketNoun::Edition(it)) = noun {
            it.form.terms = Terms::Text("Other words".to_owned());
        }
    }
    nouns
}

/// What is decided for all.
#[derive(Clone, Copy, Debug)]
enum Deed {
    Update,
    Decline,
    Reconsider,
    Agree,
    Cancel,
}

const DEEDS: [Deed; 5] = [Deed::Update, Deed::Decline, Deed::Reconsider, Deed::Agree, Deed::Cancel];

async fn does(
    plane: &Plane,
    who: Principal,
    from: SubscriptionId,
    deed: Deed,
) -> Result<(), Error> {
    let (at, newer) = (at(from), Some(market::version("1.1.0")));
    let action = Action::ROLE_ASSIGNMENTS_WRITE;
    let context = testkit::context(who, &action, Scope::Subscription(from));
    match deed {
        Deed::Update => accept::update(plane, &context, &at, newer, true).await.map(drop),
        Deed::Decline => decide(plane, &context, &at, Word::Decline(newer)).await.map(drop),
        Deed::Reconsider => decide(plane, &context, &at, Word::Reconsider).await.map(drop),
        Deed::Agree => terms::sign(plane, &context, &at, None).await.map(drop),
        Deed::Cancel => terms::cancel(plane, &context, &at).await.map(drop),
    }
}

fn is_denied(outcome: &Result<(), Error>) -> bool {
    let by = |it: &Refusal| matches!(it, Refusal::NoGrant | Refusal::NotOwner(_));
    matches!(outcome, Err(Error::Denied(it)) if by(&it.refusal))
}

fn covers_more(outcome: &Result<(), Error>) -> bool {
    matches!(outcome, Err(Error::Delegation(Refused::Take(take::Refused::CoversMore(_)))))
}

/// All that a decision could change.
async fn all(plane: &Plane) -> (Acceptance, Vec<Definition>, usize) {
    let snapshot = plane.store.snapshot().await.unwrap();
    let (plan, slot) = (shop().plan, shop().slot);
    let range = ranges::market::definitions_of_acceptance(CUSTOMER, &plan, slot);
    let definitions = snapshot.list::<Definition>(&range, Page::first()).await.unwrap().items;
    let acceptance = snapshot.find::<Acceptance>(&(CUSTOMER, plan, slot)).await.unwrap().unwrap();
    (acceptance, definitions, testkit::events(plane).await.len())
}

/// Whether Fabrikam's engineer may write in each delegated scope, and read.
fn rights(plane: &Plane) -> [(bool, bool); 3] {
    delegated().map(|scope| {
        let may = |action| {
            let question = Question::any(action, scope.clone());
            plane.index().check(ADA, &question, samples::now()).is_allowed()
        };
        (may(Action::GROUPS_WRITE), may(Action::GROUPS_READ))
    })
}

/// How often the managing tenant was told of something.
async fn told(plane: &Plane) -> usize {
    let day = jiff::SignedDuration::from_hours(24);
    let (from, to) = (samples::now() - day, samples::now() + day);
    let filter = ActivityFilter::default();
    let query = ActivityQuery { log: Log::Tenant(PROVIDER), from, to, filter };
    plane.store.activity(&query, Page::first()).await.unwrap().items.len()
}

#[tokio::test]
async fn nobody_decides_for_two_subscriptions_who_may_delegate_only_one_of_them_and_nothing_changes()
 {
    let plane = covered().await;
    let before = all(&plane).await;
    for deed in DEEDS {
        for (who, own) in [(ODA, SUBSCRIPTION), (OTTO, SECOND)] {
            for from in BOTH {
                let refused = does(&plane, who, from, deed).await;
                let is_so = if from == own { covers_more(&refused) } else { is_denied(&refused) };
                assert!(is_so, "{who:?} {from} {deed:?}: {refused:?}");
            }
        }
        // A guest, a Contributor and those who manage it may in neither, whatever they hold there.
        for who in [GUEST, INGA, ADA, NORA] {
            for from in BOTH {
                let refused = does(&plane, who, from, deed).await;
                assert!(is_denied(&refused), "{who:?} {from} {deed:?}: {refused:?}");
            }
        }
        assert_eq!(all(&plane).await, before, "{deed:?}");
    }
    assert_eq!(rights(&plane), [(true, true); 3]);
}

#[tokio::test]
async fn whoever_lost_a_subscription_decides_for_none_and_still_ends_what_is_in_the_other() {
    let plane = covered().await;
    let owner = grant(Scope::Subscription(SECOND), OLOF, OWNER);
    testkit::apply(&plane, vec![Change::Remove(owner)]).await;
    let before = all(&plane).await;
    for deed in DEEDS {
        let refused = does(&plane, OLOF, SUBSCRIPTION, deed).await;
        assert!(covers_more(&refused), "{deed:?}: {refused:?}");
        assert!(is_denied(&does(&plane, OLOF, SECOND, deed).await), "{deed:?}");
    }
    assert_eq!(all(&plane).await, before);
    let [app, _, second] = delegated();
    assert!(matches!(end_as(&plane, OLOF, &second).await, Err(Error::Denied(_))));
    assert!(matches!(end_as(&plane, OLOF, &app).await, Ok(Ended::Removed(_))));
    assert_eq!(rights(&plane), [(false, false), (true, true), (true, true)]);
}

#[tokio::test]
async fn a_decision_is_one_unit_for_all_subscriptions_whichever_it_is_made_from() {
    for from in BOTH {
        for deed in DEEDS {
            let plane = covered().await;
            let (head, news) = (plane.store.head().revision, told(&plane).await);
            does(&plane, OLOF, from, deed).await.unwrap();
            let entries = plane.store.journal(head, 100).await.unwrap();
            assert!(entries.iter().all(|it| it.revision == Revision(head.0 + 1)), "{deed:?}");
            let events = if matches!(deed, Deed::Update) { 3 } else { 1 };
            // Of each of three scopes, and of the plan itself.
            let heard = match deed {
                Deed::Update => 4,
                Deed::Cancel => 1,
                Deed::Decline | Deed::Reconsider | Deed::Agree => 0,
            };
            assert_eq!(entries.len(), events, "{deed:?}: {entries:?}");
            assert_eq!(told(&plane).await, news + heard, "{deed:?}");

            let (acceptance, definitions, _) = all(&plane).await;
            assert_eq!(acceptance.subscription, from, "the last word was given there");
            let is_updated = matches!(deed, Deed::Update);
            let version = market::version(if is_updated { "1.1.0" } else { "1.0.0" });
            assert_eq!(acceptance.version, Some(version));
            assert_eq!(definitions.len(), 2);
            let of = |it: &Definition| it.accepted.as_ref().unwrap().plan.version;
            assert!(definitions.iter().all(|it| of(it) == version), "{definitions:?}");
            assert_eq!(rights(&plane), [(!is_updated, true); 3], "{deed:?}");
            assert_eq!(acceptance.declined.is_some(), matches!(deed, Deed::Decline));
            assert_eq!(acceptance.terms.is_standing, !matches!(deed, Deed::Cancel));
        }
    }
}

#[tokio::test]
async fn what_is_declined_from_one_subscription_shows_in_the_other_and_is_reconsidered_there() {
    let plane = covered().await;
    does(&plane, OLOF, SUBSCRIPTION, Deed::Decline).await.unwrap();
    let context = |at| testkit::context(OLOF, &Action::SUBSCRIPTIONS_READ, Scope::Subscription(at));
    for (from, is_declined) in [(SECOND, true), (SUBSCRIPTION, false)] {
        let shown = read::get(&plane, &context(from), &at(from)).await.unwrap();
        assert_eq!(shown.waiting.unwrap().is_declined, is_declined, "{from}");
        does(&plane, OLOF, from, Deed::Reconsider).await.unwrap();
    }
    does(&plane, OLOF, SECOND, Deed::Update).await.unwrap();
    // What is delegated from now on is of that version, too.
    let late = group(SECOND, "late");
    end_as(&plane, OTTO, &Scope::Subscription(SECOND)).await.unwrap();
    delegate_at(&plane, OTTO, &late).await;
    let may = |action| {
        let question = Question::any(action, late.clone());
        plane.index().check(ADA, &question, samples::now()).is_allowed()
    };
    assert_eq!((may(Action::GROUPS_WRITE), may(Action::GROUPS_READ)), (false, true));
}

#[tokio::test]
async fn what_is_ended_and_withdrawn_in_one_subscription_is_no_longer_decided_for() {
    let plane = covered().await;
    let second = Scope::Subscription(SECOND);
    assert!(matches!(end_as(&plane, ODA, &second).await, Err(Error::Denied(_))));
    end_as(&plane, OTTO, &second).await.unwrap();
    assert_eq!(rights(&plane), [(true, true), (true, true), (false, false)]);
    // The definition still stands for the acceptance.
    assert!(covers_more(&does(&plane, ODA, SUBSCRIPTION, Deed::Update).await));
    let id = definition(SECOND);
    let within = Scope::Resource(id.as_resource().clone());
    let context = |who| testkit::context(who, &Action::DEFINITIONS_DELETE, within.clone());
    let refused = withdraw(&plane, &context(ODA), id.clone()).await;
    assert!(matches!(refused, Err(Error::Denied(_))), "{refused:?}");
    assert_eq!(withdraw(&plane, &context(OTTO), id).await.unwrap(), Withdrawn::Removed);
    does(&plane, ODA, SUBSCRIPTION, Deed::Update).await.unwrap();
    assert_eq!(rights(&plane), [(false, true), (false, true), (false, false)]);
    // And who has nothing of it any more decides nothing about it.
    let refused = does(&plane, OTTO, SECOND, Deed::Decline).await;
    assert!(matches!(refused, Err(Error::Delegation(_))), "{refused:?}");
}
