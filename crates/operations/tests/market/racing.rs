//! A new version goes live while a customer accepts one, in every order that there is: what is
//! accepted is one of the versions, whole.

use std::sync::{Arc, Mutex};

use delegation::{refused::Refused, take};
use ids::{clock::Revision, offer::Slot, scope::Scope};
use model::{
    change::{Change, Noun},
    market::{MarketNoun, offer::Stage, submission::SubmissionId},
    samples::{self, CUSTOMER, NEIGHBOUR, OLOF, OWNER, SUBSCRIPTION, market as sample},
};
use operations::{acceptance::terms, error::Error, plane::Plane};

use super::{
    between::{Deed, Scene},
    customers::{
        Act, SECOND, act, at, context, delegated, given, in_force, northwind, publish, rights,
        scene, versions,
    },
    kit::{previewed, saved},
};

/// More reads than any of these operations makes: a test that does not end says nothing.
const READS_MAX: usize = 1_000;

/// How often it went one way, and the other.
#[derive(Debug, Default)]
struct Orders {
    taken: usize,
    refused: usize,
}

/// When something happened last, in the order of commits.
async fn last(plane: &Plane, is_it: impl Fn(&Change) -> bool) -> Option<Revision> {
    let entries = plane.store.journal(Revision(0), 10_000).await.unwrap();
    entries.iter().rfind(|it| is_it(&it.event.change)).map(|it| it.revision)
}

fn is_live(it: &Change) -> bool {
    let Change::Put(Noun::Market(MarketNoun::Edition(it))) = it else { return false };
    it.stage == Stage::Published(Slot::Live)
}

fn is_accepted(it: &Change) -> bool {
    matches!(it, Change::Put(Noun::Market(MarketNoun::Acceptance(_))))
}

/// After the publication: Contoso has a version, whole, which was the newest when it was accepted;
/// and Northwind, who comes now, has the same as Contoso once both have the newest.
async fn compared(plane: &Plane, is_taken: bool, before: Option<usize>, asked: usize) {
    let has = in_force(plane, CUSTOMER).await;
    assert_eq!(has, if is_taken { Some(asked) } else { before });
    if is_taken {
        assert!(last(plane, is_accepted).await < last(plane, is_live).await, "it came too late");
    }
    if before.is_some() {
        let has = given(has.unwrap());
        assert_eq!([SUBSCRIPTION, SECOND].map(|at| rights(plane, at)), [has, has]);
    }
    let (tenant, nora) = northwind();
    let newest = before.map_or(1, |it| it + 2);
    act(plane, nora, Act::Accept(NEIGHBOUR, Some(newest))).await.unwrap();
    delegated(plane, nora, NEIGHBOUR).await;
    assert_eq!(in_force(plane, tenant).await, Some(newest));
    let (own, next) = (has.is_some(), SUBSCRIPTION);
    let come = if own { Act::Update(next, newest) } else { Act::Accept(next, Some(newest)) };
    act(plane, OLOF, come).await.unwrap();
    delegated(plane, OLOF, SUBSCRIPTION).await;
    assert_eq!(in_force(plane, CUSTOMER).await, Some(newest));
    assert_eq!(rights(plane, SUBSCRIPTION), rights(plane, NEIGHBOUR));
}

/// What the customer has before, and asks for: the newest version as it looks then.
async fn prepared(what: Act) -> (Scene, SubmissionId, Option<usize>) {
    match what {
        Act::Accept(..) => {
            let (scene, preview) = scene(1).await;
            (scene, preview, None)
        }
        Act::Take(subscription, _) => {
            let (scene, preview) = scene(1).await;
            let context = context(OLOF, subscription);
            terms::sign(&scene.plane, &context, &at(subscription), None).await.unwrap();
            (scene, preview, None)
        }
        Act::Update(..) | Act::Decline(..) | Act::Cancel(_) => {
            let (scene, preview) = scene(1).await;
            let plane = &*scene.plane;
            act(plane, OLOF, Act::Accept(SUBSCRIPTION, Some(0))).await.unwrap();
            act(plane, OLOF, Act::Accept(SECOND, None)).await.unwrap();
            for at in [SUBSCRIPTION, SECOND] {
                delegated(plane, OLOF, at).await;
            }
            publish(plane, preview).await;
            saved(plane, &versions(3)).await.unwrap();
            let preview = previewed(plane).await;
            (scene, preview, Some(0))
        }
    }
}

const ACTS: [(Act, usize); 3] = [
    (Act::Accept(SUBSCRIPTION, Some(0)), 0),
    (Act::Take(SUBSCRIPTION, 0), 0),
    (Act::Update(SUBSCRIPTION, 1), 1),
];

#[tokio::test]
async fn a_version_that_goes_live_between_any_two_reads_of_an_acceptance_is_in_it_whole_or_not() {
    for (what, asked) in ACTS {
        let mut orders = Orders::default();
        let (first, preview, before) = prepared(what).await;
        for after in 0..READS_MAX {
            let scene = first.again().await;
            let plane = Arc::clone(&scene.plane);
            let deed: Deed = Box::pin(async move { publish(&plane, preview).await });
            let acting = Box::pin(act(&scene.plane, OLOF, what));
            let (outcome, is_between) = scene.interrupt(after, deed, acting).await;
            if !is_between {
                assert!(outcome.is_ok(), "{what:?}, undisturbed: {outcome:?}");
                break;
            }
            *(if outcome.is_ok() { &mut orders.taken } else { &mut orders.refused }) += 1;
            compared(&scene.plane, outcome.is_ok(), before, asked).await;
        }
        assert!(orders.refused > 1, "{what:?}: {orders:?}");
    }
}

#[tokio::test]
async fn an_acceptance_that_comes_between_any_two_reads_of_a_publication_is_of_one_version() {
    for (what, asked) in ACTS {
        let mut orders = Orders::default();
        let (first, preview, before) = prepared(what).await;
        for after in 0..READS_MAX {
            let scene = first.again().await;
            let (plane, heard) = (Arc::clone(&scene.plane), Arc::new(Mutex::new(None)));
            let hears = Arc::clone(&heard);
            let deed: Deed = Box::pin(async move {
                let outcome = act(&plane, OLOF, what).await;
                *hears.lock().unwrap() = Some(outcome.is_ok());
            });
            let publishing = Box::pin(publish(&scene.plane, preview));
            let ((), is_between) = scene.interrupt(after, deed, publishing).await;
            if !is_between {
                break;
            }
            let is_taken = heard.lock().unwrap().unwrap();
            *(if is_taken { &mut orders.taken } else { &mut orders.refused }) += 1;
            compared(&scene.plane, is_taken, before, asked).await;
        }
        assert!(orders.taken > 1, "{what:?}: {orders:?}");
    }
}

/// What holds for all subscriptions takes leave in each at the moment when it is committed.
#[tokio::test]
async fn whoever_loses_one_subscription_between_any_two_reads_decides_for_none() {
    let owner = || {
        let scope = Scope::Subscription(SECOND);
        Noun::RoleAssignment(samples::role_assignment(scope, OLOF, OWNER))
    };
    let is_lost = |it: &Change| *it == Change::Remove(owner());
    for what in
        [Act::Update(SUBSCRIPTION, 1), Act::Decline(SUBSCRIPTION, 1), Act::Cancel(SUBSCRIPTION)]
    {
        let mut orders = Orders::default();
        let (first, _, _) = prepared(what).await;
        for after in 0..READS_MAX {
            let scene = first.again().await;
            let plane = Arc::clone(&scene.plane);
            let before = last(&plane, is_accepted).await;
            let gone = vec![Change::Remove(owner())];
            let deed: Deed = Box::pin(async move { testkit::apply(&plane, gone).await });
            let acting = Box::pin(act(&scene.plane, OLOF, what));
            let (outcome, is_between) = scene.interrupt(after, deed, acting).await;
            if !is_between {
                break;
            }
            let decided = last(&scene.plane, is_accepted).await;
            if outcome.is_ok() {
                orders.taken += 1;
                assert!(before < decided && decided < last(&scene.plane, is_lost).await);
            } else {
                orders.refused += 1;
                let Err(Error::Delegation(Refused::Take(why))) = outcome else {
                    panic!("{outcome:?}")
                };
                assert_eq!(why, take::Refused::CoversMore(sample::plan_id()));
                assert_eq!(decided, before);
                assert_eq!(in_force(&scene.plane, CUSTOMER).await, Some(0));
            }
        }
        assert!(orders.refused > 1, "{what:?}: {orders:?}");
    }
}

/// The same customer accepts the plan in one more subscription, and a newer version of it.
#[tokio::test]
async fn what_is_accepted_in_one_more_subscription_follows_an_update_that_comes_in_between() {
    let (first, preview) = scene(1).await;
    act(&first.plane, OLOF, Act::Accept(SUBSCRIPTION, Some(0))).await.unwrap();
    publish(&first.plane, preview).await;
    for after in 0..READS_MAX {
        let scene = first.again().await;
        let plane = Arc::clone(&scene.plane);
        let deed: Deed = Box::pin(async move {
            act(&plane, OLOF, Act::Update(SUBSCRIPTION, 1)).await.unwrap();
        });
        let accepting = Box::pin(act(&scene.plane, OLOF, Act::Accept(SECOND, None)));
        let (outcome, is_between) = scene.interrupt(after, deed, accepting).await;
        outcome.unwrap();
        assert_eq!(in_force(&scene.plane, CUSTOMER).await, Some(usize::from(is_between)));
        if !is_between {
            return;
        }
    }
    panic!("it never ends");
}
