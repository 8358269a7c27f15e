//! Where new grants count only later, `check` and its kin say what the chronicle says.

use access::{catalogue::Catalogue, index::Index, late::Lag};
use ids::{
    clock::{Random, Revision, TestRandom},
    guid::{EventId, SubscriptionId},
};
use jiff::{SignedDuration, Timestamp};
use model::{
    action::Action,
    change::Change,
    event::{Actor, Event},
    samples,
};
use oracle::chronicle::Chronicle;
use proptest::{collection::vec, prelude::*};
use uuid::Uuid;

use super::{
    ROLES, everyone, same, subscriptions,
    world::{self, Draw, World},
};

/// A world begins with so much, and only then things happen one after the other.
const BEGINNING: usize = 50;

fn seconds(count: i64) -> SignedDuration {
    SignedDuration::from_secs(count)
}

fn event(at: Timestamp, change: &Change) -> Event {
    Event {
        id: EventId::new(Uuid::nil()),
        at,
        actor: Actor::Caller(samples::caller(samples::OLOF)),
        action: Action::GROUPS_READ,
        scope: samples::whole(),
        tenants: Vec::new(),
        correlation: samples::correlation(),
        change: change.clone(),
    }
}

/// Both sides of what happened, with those gaps between, and when the last of it did.
fn both(world: &World, gaps: &[i64], length: SignedDuration) -> (Index, Chronicle, Timestamp) {
    let mut at = samples::now();
    let (mut index, mut chronicle) =
        (Index::new(Catalogue::builtin()), Chronicle::new(ROLES.clone()));
    for (n, change) in world.changes.iter().enumerate() {
        let gap = match n {
            0..BEGINNING => 0,
            BEGINNING => 100,
            _ => gaps[n % gaps.len()],
        };
        at += seconds(gap);
        let revision = Revision(u64::try_from(n).unwrap() + 1);
        index = index.after_lagging(&[event(at, change)], revision, Lag { at, length });
        chronicle.happen(at, change);
    }
    (index, chronicle, at)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn with_a_lag_counts_what_was_granted_before_and_not_revoked_since(
        draws in vec(any::<Draw>(), 0..60),
        gaps in vec(0_i64..4, 7),
        length in 0_i64..40,
        wait in 0_i64..20,
        questions in vec(any::<Draw>(), 12),
    ) {
        let world = World::of(&draws);
        let (index, chronicle, last) = both(&world, &gaps, seconds(length));
        let now = last + seconds(wait);
        let (counting, all) = (chronicle.at(now, seconds(length)), chronicle.latest());
        for draw in questions {
            let (who, question) = world.question(draw);
            let fast = index.check(who, &question, now);
            let slow = counting.ask(who, &question);
            prop_assert!(same(&fast, &slow), "{who} {question:?}\n{fast:?}\n{slow:?}");
            let denied = fast.is_allowed() && !all.ask(who, &question).is_allowed();
            prop_assert!(!denied, "what takes access never lags: {who} {question:?}");
            let explained = index.explain(who, &question, now);
            prop_assert_eq!(&explained.verdict, &fast, "{:?}", explained);
            prop_assert_eq!(index.who_can(&question, now), counting.who_can(&question));
            let later = now + seconds(length);
            prop_assert!(same(&index.check(who, &question, later), &all.ask(who, &question)));
        }
        for who in everyone() {
            let mut seen: Vec<SubscriptionId> = subscriptions().collect();
            seen.retain(|id| counting.sees(who, *id));
            prop_assert_eq!(index.subscriptions_of(who, now), seen, "{}", who);
            for scope in world::scopes().iter().step_by(5) {
                let fast = index.what_can(who, scope, now);
                let slow = counting.what_can(who, scope);
                prop_assert_eq!(fast.len(), slow.len(), "{} {:?}", who, scope);
            }
        }
    }
}

/// A lag that decides nothing would prove nothing.
#[test]
fn a_lag_decides_often_enough() {
    let random = TestRandom::seeded(11);
    let draw = || {
        let mut draw: Draw = [0; 8];
        random.fill(&mut draw);
        draw
    };
    let (mut asked, mut decided) = (0_u32, 0_u32);
    for _ in 0..120 {
        let draws: Vec<Draw> = std::iter::repeat_with(draw).take(40).collect();
        let world = World::of(&draws);
        let (index, chronicle, last) = both(&world, &[1, 2], seconds(20));
        for _ in 0..12 {
            let (who, question) = world.question(draw());
            asked += 1;
            let plain = chronicle.latest().ask(who, &question).is_allowed();
            decided += u32::from(index.check(who, &question, last).is_allowed() != plain);
        }
    }
    assert!(decided * 50 >= asked, "{decided} of {asked}");
}
