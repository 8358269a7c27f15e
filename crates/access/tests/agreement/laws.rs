//! What holds of any two worlds: what takes access gives nobody any, and what others do among
//! themselves changes nothing.

use access::{catalogue::Catalogue, index::Index};
use ids::{
    clock::Revision,
    guid::Principal,
    resource::{DenyAssignmentId, LockId},
};
use model::{
    change::{Change, Noun},
    question::Question,
    role::{DenyAssignment, Lock},
    samples,
};
use proptest::{collection::vec, prelude::*};

use super::{
    everyone, grown,
    in_time::{self, in_time},
    length::worlds,
    world::{self, Draw, World, named},
};

/// What takes access, of what is there and by what may come.
fn takings(live: &[Noun], draws: &[Draw]) -> Vec<Change> {
    let ending = live.iter().flat_map(|noun| match noun {
        Noun::Assignment(it) => vec![Change::Remove(noun.clone()), Change::Leave(it.clone())],
        Noun::RoleAssignment(_) | Noun::Activation(_) => vec![Change::Remove(noun.clone())],
        _ => Vec::new(),
    });
    let coming = draws.iter().flat_map(|draw| {
        let [a, b, c, d, e, f, ..] = *draw;
        let (deny, lock) = (world::denied([a, b, c, d, e, f]), world::locked(a, b, c));
        // Beside those that are there: in the place of another it might take less.
        let (place, other) = (deny.id.scope().clone(), lock.id.scope().clone());
        let deny = DenyAssignment { id: DenyAssignmentId::at(place, named(90)).unwrap(), ..deny };
        let lock = Lock { id: LockId::at(other, named(91)).unwrap(), ..lock };
        [Change::Put(Noun::DenyAssignment(deny)), Change::Put(Noun::Lock(lock))]
    });
    ending.chain(coming).collect()
}

/// Of some of the questions, so that it takes no longer than the others.
fn widens_nothing(
    before: &Index,
    taking: &Change,
    asked: &[(Principal, Question)],
    now: jiff::Timestamp,
) -> Result<(), TestCaseError> {
    let after = before.after(std::slice::from_ref(taking), Revision(1_000));
    for (who, question) in asked {
        let was = before.check(*who, question, now).is_allowed();
        let is = after.check(*who, question, now).is_allowed();
        prop_assert!(was || !is, "{taking:?}\ngives {who} {question:?}");
        let (earlier, later) = (before.who_can(question, now), after.who_can(question, now));
        let is_new = later.iter().find(|it| !earlier.contains(it));
        prop_assert_eq!(is_new, None, "{:?}\n{:?}", taking, question);
    }
    Ok(())
}

/// The same among others: in tenants and subscriptions of their own, where everybody and
/// everything has the id that it has here.
fn elsewhere(world: &World) -> Vec<Change> {
    let mut text = serde_json::to_string(&world.changes).unwrap();
    let tenants = world::TENANTS.map(|it| it.to_string());
    let subscriptions = (0..3).map(|n| world::subscription(n).to_string());
    for (n, id) in tenants.into_iter().chain(subscriptions).enumerate() {
        text = text.replace(&id, &format!("e15e0000-0000-4000-8000-00000000000{n}"));
    }
    let mut all: Vec<Change> = serde_json::from_str(&text).unwrap();
    // Of a plane there is one, and so of its settings.
    all.retain(|it| !matches!(it, Change::Put(Noun::Settings(_))));
    all
}

/// Both in one plane, now a change of the one and now one of the other.
fn both(world: &World, other: &[Change]) -> Index {
    let mut others = other.iter();
    let mixed = world.changes.iter().flat_map(|it| std::iter::once(it).chain(others.next()));
    let mut mixed: Vec<Change> = mixed.cloned().collect();
    mixed.extend(others.cloned());
    let nothing = Index::new(Catalogue::builtin());
    (1..).map(Revision).zip(&mixed).fold(nothing, |index, (revision, change)| {
        index.after(std::slice::from_ref(change), revision)
    })
}

proptest! {
    #![proptest_config(worlds(48))]

    #[test]
    fn what_takes_access_gives_nobody_any(
        draws in vec(any::<Draw>(), 0..60),
        takes in vec(any::<Draw>(), 4),
        questions in vec(any::<Draw>(), 12),
    ) {
        let world = World::of(&draws);
        let index = grown(&world);
        let asked: Vec<(Principal, Question)> =
            questions.iter().map(|draw| world.question(*draw)).collect();
        for taking in takings(&world.live, &takes) {
            widens_nothing(&index, &taking, &asked, samples::now())?;
        }
    }

    #[test]
    fn what_takes_access_for_a_while_gives_nobody_any(
        draws in vec(any::<Draw>(), 0..20),
        last in vec(any::<Draw>(), 0..30),
        at in any::<u8>(),
        takes in vec(any::<Draw>(), 2),
        questions in vec(any::<Draw>(), 12),
    ) {
        let (world, live) = in_time(&draws, &last);
        let (index, now) = (grown(&world), in_time::moment(at));
        let asked: Vec<(Principal, Question)> =
            questions.iter().map(|draw| in_time::question(&live, *draw)).collect();
        for taking in takings(&live, &takes) {
            widens_nothing(&index, &taking, &asked, now)?;
        }
    }

    #[test]
    fn what_others_do_among_themselves_changes_nothing(
        draws in vec(any::<Draw>(), 0..60),
        theirs in vec(any::<Draw>(), 0..60),
        questions in vec(any::<Draw>(), 16),
    ) {
        let (world, other) = (World::of(&draws), World::of(&theirs));
        let last = Revision(1_000);
        let alone = grown(&world).after(&[], last);
        let among = both(&world, &elsewhere(&other)).after(&[], last);
        let now = samples::now();
        for draw in questions {
            let (who, question) = world.question(draw);
            prop_assert_eq!(
                alone.explain(who, &question, now),
                among.explain(who, &question, now),
                "{} {:?}", who, question
            );
            prop_assert_eq!(alone.who_can(&question, now), among.who_can(&question, now));
        }
        for who in everyone() {
            prop_assert_eq!(alone.subscriptions_of(who, now), among.subscriptions_of(who, now));
            let all = |_: &access::graph::Reaching| true;
            prop_assert_eq!(
                alone.graph_from(who, 10_000, all, now),
                among.graph_from(who, 10_000, all, now)
            );
            for scope in world::scopes().iter().step_by(4) {
                prop_assert_eq!(alone.what_can(who, scope, now), among.what_can(who, scope, now));
            }
        }
    }
}
