//! The graph of who reaches what is what the book says that each of them holds; and what a tenant
//! hears of its own people is what the book says without a look at where guests are at home.

use std::collections::{BTreeMap, BTreeSet};

use access::{
    graph::{Giving, Graph, Reaching, Wanted},
    index::Index,
};
use ids::{guid::Principal, scope::Scope};
use model::{question::Question, samples};
use oracle::book::Rule;
use proptest::{collection::vec, prelude::*};

use super::{
    everyone, grown,
    length::worlds,
    oracle,
    world::{self, Draw, World},
};

const ALL: Wanted = Wanted { grantees_of: None, members_of: None, limit: 10_000 };

type Line = (String, String, String);

fn line(it: &Reaching) -> Line {
    let id = match &it.by {
        Giving::Assignment(id) => id.key(),
        Giving::Delegation { assignment, .. } => assignment.key(),
    };
    (id, it.role.to_string(), it.scope.key())
}

/// What the graph shows somebody to hold, by its own edges alone.
fn walked(graph: &Graph, who: Principal) -> BTreeSet<Line> {
    let mut names = BTreeSet::from([who]);
    loop {
        let more = graph.memberships.iter().filter(|it| names.contains(&it.who()));
        let more: Vec<Principal> = more.map(|it| it.group).collect();
        let known = names.len();
        names.extend(more);
        if names.len() == known {
            break;
        }
    }
    graph.grants.iter().filter(|it| names.contains(&it.grantee)).map(line).collect()
}

fn is_admitted(index: &Index, who: Principal) -> bool {
    use access::index::PrincipalKind;
    let facts = index.principal(who);
    facts.is_some_and(|it| it.enabled && !matches!(it.kind, PrincipalKind::Group(_)))
}

proptest! {
    #![proptest_config(worlds(64))]

    #[test]
    fn a_graph_shows_exactly_what_each_holds(draws in vec(any::<Draw>(), 0..60)) {
        let world = World::of(&draws);
        let (index, book) = (grown(&world), oracle(&world));
        let now = samples::now();
        let graphs: BTreeMap<Scope, Graph> = world::scopes()
            .into_iter()
            .map(|scope| { let graph = index.graph_of(&scope, ALL, |_| true, now); (scope, graph) })
            .collect();
        for who in everyone() {
            let held = book.reach(who);
            let from = index.graph_from(who, 10_000, |_| true, now);
            prop_assert!(!from.is_cut);
            if is_admitted(&index, who) {
                prop_assert_eq!(walked(&from, who), held.clone(), "{}", who);
                prop_assert_eq!(from.grants.iter().map(line).collect::<BTreeSet<_>>(), held.clone());
            } else {
                prop_assert_eq!(&from, &Graph::default());
            }
            for (scope, graph) in &graphs {
                let near = |at: &str| {
                    let around = index.lineage(scope).iter().any(|it| it.key() == *at);
                    around || index.places_below(scope).iter().any(|it| {
                        *at == it.key() || at.starts_with(&format!("{}/", it.key()))
                    })
                };
                let expected: BTreeSet<Line> =
                    held.iter().filter(|(_, _, at)| near(at)).cloned().collect();
                prop_assert_eq!(walked(graph, who), expected, "{} {}", who, scope);
            }
        }
    }

    #[test]
    fn a_tenant_hears_of_its_own_what_it_knows_itself(
        draws in vec(any::<Draw>(), 0..60),
        questions in vec(any::<Draw>(), 8),
    ) {
        let world = World::of(&draws);
        let (index, now) = (grown(&world), samples::now());
        let local = oracle(&world).without(Rule::GuestsHome);
        for draw in questions {
            let (who, question) = world.question(draw);
            let fast = index.check_within(who, &question, now);
            prop_assert_eq!(fast.is_allowed(), local.ask(who, &question).is_allowed());
            let placed = Question::any(question.action.clone(), question.scope.clone());
            for tenant in world::TENANTS {
                let (holders, is_cut) = index.who_can_within(&placed, tenant, 100, now);
                prop_assert!(!is_cut);
                let fast: Vec<Principal> = holders.iter().map(|it| it.who).collect();
                let mut slow = local.who_can(&placed);
                slow.retain(|it| it.tenant == tenant);
                prop_assert_eq!(fast, slow, "{:?}", placed);
                let (first, more) = index.who_can_within(&placed, tenant, 1, now);
                prop_assert_eq!(more, holders.len() > 1);
                prop_assert_eq!(first.first(), holders.first());
                for it in &holders {
                    let last = it.groups.last().copied().unwrap_or(it.who);
                    prop_assert_eq!(last, it.grant.grantee);
                }
            }
            // Whoever may by a delegation is meant by what is told of it.
            let delegates = index.delegates_who_can(&placed, now);
            let home = index.home(&placed.scope);
            for who in local.who_can(&placed).into_iter().filter(|it| Some(it.tenant) != home) {
                let names: Vec<Principal> =
                    index.groups_of(who).into_iter().chain([who]).collect();
                let is_meant = delegates.iter().any(|it| names.contains(&it.grantee));
                prop_assert!(is_meant, "{} {:?}", who, placed);
            }
        }
    }
}

#[test]
fn what_is_cut_says_so_and_keeps_its_order() {
    let draws: Vec<Draw> = (0..40).map(|n| [7 + n % 20, 5, n, n, n, 1, n, n]).collect();
    let index = grown(&World::of(&draws));
    let root = Scope::Tenant(samples::CUSTOMER);
    let whole = index.graph_of(&root, ALL, |_| true, samples::now());
    assert!(whole.grants.len() > 3 && whole.memberships.len() > 1, "{whole:?}");
    assert!(whole.grants.is_sorted() && !whole.is_cut);
    let cut = index.graph_of(&root, Wanted { limit: 2, ..ALL }, |_| true, samples::now());
    assert!(cut.is_cut && cut.grants.len() == 2 && cut.grants.is_sorted());
    assert!(cut.memberships.len() <= 2);
    // What is not told of neither hides what is nor tells that there is more.
    let first = whole.grants.last().unwrap().clone();
    let only = Wanted { limit: whole.memberships.len(), ..ALL };
    let kept = index.graph_of(&root, only, |it| *it == first, samples::now());
    assert_eq!((&kept.grants[..], kept.is_cut), (&[first.clone()][..], false));
    let lends = |group: Principal| {
        let graph = Graph { grants: Vec::new(), ..whole.clone() };
        group == first.grantee
            || !walked(&graph, group).is_empty()
            || kept.memberships.iter().any(|it| it.who() == group)
    };
    assert!(kept.memberships.iter().all(|it| lends(it.group)), "{kept:?}");
}
