//! `check`, `explain`, `who_can`, `what_can`, `scopes_of` and the oracle give one answer.
#![expect(
    clippy::indexing_slicing,
    clippy::manual_is_multiple_of,
    clippy::many_single_char_names,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "test code, and draws of eight nameless numbers"
)]

mod graph;
mod in_time;
mod lagging;
mod laws;
mod length;
mod world;

use std::{collections::BTreeSet, sync::LazyLock};

use access::{
    catalogue::Catalogue,
    checkpoint::Fact,
    delegators::Standing,
    index::Index,
    verdict::{NotOwner, Refusal, Through, Verdict},
};
use ids::{
    clock::{Random, Revision, TestRandom},
    guid::{Principal, SubscriptionId},
    scope::Scope,
};
use length::worlds;
use model::{
    action::Action,
    change::{Noun, delegation_rule},
    question::{Question, Via},
    role::RoleDefinition,
    samples,
};
use oracle::book::{Answer, Oracle, Rule};
use proptest::{collection::vec, prelude::*};
use world::{Draw, World};

/// The roles that worlds use: the oracle looks through a list.
static ROLES: LazyLock<Vec<RoleDefinition>> = LazyLock::new(|| {
    let catalogue = Catalogue::builtin();
    world::roles().into_iter().filter_map(|id| catalogue.role(id).cloned()).collect()
});

fn oracle(world: &World) -> Oracle {
    let mut oracle = Oracle::new(ROLES.clone());
    world.changes.iter().for_each(|change| oracle.happen(change));
    oracle
}

/// Each change is a commit of its own.
fn grown(world: &World) -> Index {
    let nothing = Index::new(Catalogue::builtin());
    let commits = (1..).map(Revision).zip(&world.changes);
    commits.fold(nothing, |index, (revision, change)| {
        index.after(std::slice::from_ref(change), revision)
    })
}

/// Whether the two answers are the same, and the fast one names something that the slow one
/// found, too.
fn same(fast: &Verdict, slow: &Answer) -> bool {
    match (fast, slow) {
        (Verdict::Allowed(allowed), Answer::Allowed(through)) => {
            let id = match &allowed.through {
                Through::Assignment(id) => id.key(),
                Through::Delegation(id) => id.key(),
                Through::Eligibility(basis) => basis.key(),
                Through::Activation(id) | Through::Party(id) => id.key(),
                Through::Directory(_)
                | Through::Owner(_)
                | Through::Account(_)
                | Through::System(_) => return false,
            };
            through.contains(&id)
        }
        (Verdict::Refused(refusal), slow) => match (refusal, slow) {
            (Refusal::NoGrant, Answer::NoGrant)
            | (Refusal::NotOwner(NotOwner::ForeignTenant), Answer::ForeignTenant)
            | (Refusal::NotOwner(NotOwner::Guest), Answer::Guest)
            | (Refusal::NotOwner(NotOwner::NoGrant), Answer::NotHolder) => true,
            (Refusal::Denied { id, .. }, Answer::Denied(denies)) => denies.contains(&id.key()),
            (Refusal::Locked { locks }, Answer::Locked(scopes)) => {
                let locks: BTreeSet<String> = locks.iter().map(Scope::key).collect();
                locks == scopes.iter().cloned().collect()
            }
            _ => false,
        },
        _ => false,
    }
}

/// The scopes that a world knows of.
fn known(world: &World) -> BTreeSet<Scope> {
    let of = |noun: &Noun| match noun {
        Noun::ManagementGroup(it) => Some(it.scope()),
        Noun::Subscription(it) => Some(Scope::Subscription(it.id)),
        Noun::RoleAssignment(it) => Some(it.id.scope().clone()),
        Noun::DenyAssignment(it) => Some(it.id.scope().clone()),
        Noun::Lock(it) => Some(it.id.scope().clone()),
        Noun::Assignment(it) => Some(it.id.scope().clone()),
        _ => None,
    };
    world::TENANTS.map(Scope::Tenant).into_iter().chain(world.live.iter().filter_map(of)).collect()
}

/// Each scope by the first of those that it forms a ring of management groups with.
fn named(oracle: &Oracle, known: &[Scope], scopes: Vec<Scope>) -> BTreeSet<Scope> {
    let is_ring = |a: &Scope, b: &Scope| oracle.contains(a, b) && oracle.contains(b, a);
    let first =
        |scope: Scope| known.iter().find(|at| is_ring(at, &scope)).cloned().unwrap_or(scope);
    scopes.into_iter().map(first).collect()
}

fn everyone() -> impl Iterator<Item = Principal> {
    let of = |tenant| (1..=6).map(move |n| samples::principal(tenant, n));
    world::TENANTS.into_iter().flat_map(of)
}

fn subscriptions() -> impl Iterator<Item = SubscriptionId> {
    world::scopes().into_iter().filter_map(|scope| match scope {
        Scope::Subscription(id) => Some(id),
        _ => None,
    })
}

/// What somebody sees, looked for in one tenant after the other.
fn customer_by_customer(index: &Index, who: Principal) -> Vec<SubscriptionId> {
    let mut found = BTreeSet::new();
    for home in world::TENANTS {
        let next = |after, limit| index.candidates_in(home, who, after, limit, samples::now());
        let all = next(None, 100);
        let pairs = std::iter::successors(Some(next(None, 2)), |last| {
            last.last().map(|last| next(Some(*last), 2))
        });
        assert_eq!(pairs.flatten().collect::<Vec<_>>(), all);
        assert!(all.is_sorted(), "{all:?}");
        let is_there = |id: &SubscriptionId| index.home(&Scope::Subscription(*id)) == Some(home);
        assert!(all.iter().all(is_there), "{all:?}");
        found.extend(all.into_iter().filter(|id| index.can_see(who, *id, samples::now())));
    }
    found.into_iter().collect()
}

/// Whether the index that grew change by change is the one made of all of them at once, and the one
/// made of its own facts as they are kept.
fn is_the_same_however_made(world: &World) -> Result<(), TestCaseError> {
    let rebuilt = Index::new(Catalogue::builtin()).after(&world.changes, Revision(9));
    let grown = grown(world);
    prop_assert_eq!(rebuilt.dump(), grown.dump());
    let facts = grown.facts();
    let kept = serde_json::to_string(&facts).unwrap();
    let read: Vec<Fact> = serde_json::from_str(&kept).unwrap();
    prop_assert_eq!(&read, &facts);
    let (revision, access) = (grown.revision(), grown.access_revision());
    let restored = Index::restore(Catalogue::builtin(), read, revision, access);
    prop_assert_eq!(restored.dump(), grown.dump());
    prop_assert_eq!((restored.revision(), restored.access_revision()), (revision, access));
    prop_assert_eq!(restored.facts(), facts);
    Ok(())
}

proptest! {
    #![proptest_config(worlds(192))]

    #[test]
    fn every_question_has_one_answer(
        draws in vec(any::<Draw>(), 0..60),
        questions in vec(any::<Draw>(), 24),
    ) {
        let world = World::of(&draws);
        let (index, oracle) = (grown(&world), oracle(&world));
        let half = &world.changes[..world.changes.len() / 2];
        let earlier = Index::new(Catalogue::builtin()).after(half, Revision(1));
        for draw in questions {
            let (who, question) = world.question(draw);
            let fast = index.check(who, &question, samples::now());
            if question.via == Via::Any {
                for of in [&index, &earlier] {
                    let place = of.place(question.scope.clone());
                    let operation = of.operation(question.action.clone());
                    let may = index.may(&of.who(who), &operation, &place, samples::now());
                    prop_assert_eq!(may, fast.is_allowed(), "{} {:?}", who, question);
                }
            }
            let slow = oracle.ask(who, &question);
            prop_assert!(same(&fast, &slow), "{who} {question:?}\n{fast:?}\n{slow:?}");
            let explained = index.explain(who, &question, samples::now());
            prop_assert_eq!(&explained.verdict, &fast, "{:?}", explained);
            let can = index.who_can(&question, samples::now());
            prop_assert_eq!(can, oracle.who_can(&question), "{:?}", question);
        }
    }

    #[test]
    fn what_where_and_which_agree_with_the_book(draws in vec(any::<Draw>(), 0..60)) {
        let world = World::of(&draws);
        let (index, oracle) = (grown(&world), oracle(&world));
        let known: Vec<Scope> = known(&world).into_iter().collect();
        let delete = Action::known("Microsoft.Storage/storageAccounts/delete");
        for who in everyone() {
            for action in [&Action::SUBSCRIPTIONS_READ, &delete] {
                let fast = index.scopes_of(who, action, samples::now());
                let slow = oracle.outermost(who, action, &known);
                let (fast, slow) = (named(&oracle, &known, fast), named(&oracle, &known, slow));
                prop_assert_eq!(fast, slow, "{} {}", who, action);
            }
            for scope in world::scopes().iter().step_by(3) {
                let fast = index.what_can(who, scope, samples::now());
                let slow = oracle.what_can(who, scope);
                prop_assert_eq!(fast.len(), slow.len(), "{} {:?}", who, scope);
                prop_assert!(slow.iter().all(|it| fast.contains(it)), "{} {:?}", who, scope);
            }
            let mut seen: Vec<SubscriptionId> = subscriptions().collect();
            seen.retain(|id| oracle.sees(who, *id));
            prop_assert_eq!(index.subscriptions_of(who, samples::now()), &seen[..], "{}", who);
            prop_assert_eq!(customer_by_customer(&index, who), seen, "{}", who);
        }
    }

    #[test]
    fn who_can_delegate_is_whoever_the_rule_lets_and_guests_who_hold_as_much(
        draws in vec(any::<Draw>(), 0..60),
    ) {
        let world = World::of(&draws);
        let (index, oracle) = (grown(&world), oracle(&world));
        // Nothing is told of a guest's account at home.
        let local = oracle.without(Rule::GuestsHome);
        let blind = local.without(Rule::Guests);
        let holds = |book: &Oracle, who, id| {
            let rule = delegation_rule(&Scope::Subscription(id));
            rule.iter().all(|asked| book.ask(who, asked).is_allowed())
        };
        for id in subscriptions() {
            let slow: Vec<(Principal, Standing)> = everyone()
                .collect::<BTreeSet<_>>()
                .into_iter()
                .filter(|who| holds(&blind, *who, id))
                .map(|who| {
                    let may = holds(&local, who, id);
                    (who, if may { Standing::May } else { Standing::Guest })
                })
                .collect();
            let all = index.who_can_delegate(id, None, 100, samples::now());
            let fast: Vec<_> = all.found.iter().map(|it| (it.who, it.standing)).collect();
            prop_assert_eq!(fast, slow);
            prop_assert_eq!(all.next, None);
            for it in &all.found {
                let given: usize = it.paths.iter().map(|path| path.actions.len()).sum();
                prop_assert_eq!(given, 3);
                for path in &it.paths {
                    for action in &path.actions {
                        let (action, scope) = (action.clone(), Scope::Subscription(id));
                        let asked = Question { action, scope, via: Via::Ownership };
                        let through = blind.ask(it.who, &asked);
                        let grant = &path.grant;
                        let named = matches!(&through, Answer::Allowed(all) if all.contains(&grant.key()));
                        prop_assert!(named, "{path:?} {through:?}");
                        prop_assert_eq!(grant.scope(), &path.scope);
                    }
                    let mut below = it.who;
                    for group in &path.groups {
                        let is_member = index.groups_of(below).contains(group);
                        prop_assert!(is_member, "{path:?}");
                        below = *group;
                    }
                }
            }
            let (mut paged, mut after) = (Vec::new(), None);
            loop {
                let page = index.who_can_delegate(id, after, 2, samples::now());
                paged.extend(page.found);
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            prop_assert_eq!(paged, all.found);
        }
    }

    #[test]
    fn the_index_rebuilt_is_the_index_grown(draws in vec(any::<Draw>(), 0..60)) {
        is_the_same_however_made(&World::of(&draws))?;
    }

    #[test]
    fn an_old_snapshot_answers_as_it_did(draws in vec(any::<Draw>(), 2..60)) {
        let (before, all) = (World::of(&draws[..draws.len() / 2]), World::of(&draws));
        let old = grown(&before);
        let dump = old.dump();
        let later = &all.changes[before.changes.len()..];
        let new = old.after(later, Revision(999));
        prop_assert_eq!(old.dump(), dump);
        prop_assert_eq!(new.dump(), grown(&all).dump());
    }
}

/// A test of answers that are all no, or that no rule had a part in, would prove nothing.
#[test]
fn generated_questions_are_allowed_often_enough_and_every_rule_decides_some() {
    let random = TestRandom::seeded(7);
    let draw = || {
        let mut draw: Draw = [0; 8];
        random.fill(&mut draw);
        draw
    };
    let (mut asked, mut allowed, mut decided) = (0_u32, 0_u32, [0_u32; Rule::ALL.len()]);
    for _ in 0..250 {
        let draws: Vec<Draw> = std::iter::repeat_with(draw).take(40).collect();
        let world = World::of(&draws);
        let oracle = oracle(&world);
        let without = Rule::ALL.map(|rule| oracle.without(rule));
        for _ in 0..12 {
            let (who, question) = world.question(draw());
            let answer = oracle.ask(who, &question);
            asked += 1;
            allowed += u32::from(answer.is_allowed());
            for (count, other) in decided.iter_mut().zip(&without) {
                *count += u32::from(other.ask(who, &question) != answer);
            }
        }
    }
    let share = |count: u32| f64::from(count) * 100.0 / f64::from(asked);
    let shares: Vec<String> = Rule::ALL
        .iter()
        .zip(decided)
        .map(|(rule, n)| format!("{rule:?} {:.1}", share(n)))
        .collect();
    assert!(share(allowed) >= 30.0, "allowed {:.1} %: {shares:?}", share(allowed));
    assert!(decided.iter().all(|count| share(*count) >= 1.0), "{:.1} {shares:?}", share(allowed));
}
