//! What the difference of two versions says, and what the one decision answers in the worlds that
//! the two make: groups in groups, several roles for one, roles that nobody can delegate.

use std::{cell::Cell, collections::BTreeSet, iter, sync::OnceLock};

use access::{catalogue::Catalogue, index::Index};
use ids::{
    clock::Revision,
    guid::{RoleId, SubscriptionId},
    scope::Scope,
};
use market::{
    difference::{Difference, difference},
    rights::{Effective, Rights},
};
use model::{
    action::Action,
    change::{Change, Noun},
    delegation::{Authorization, Definition, EligibleAuthorization, JustInTimePolicy, MultiFactor},
    market::manifest::Manifest,
    question::{Question, Via},
    role::{Permission, RoleDefinition},
    samples::{
        self, CONTRIBUTOR, CUSTOMER, DELETE_ROLE, NEIGHBOUR, OWNER, PROVIDER, READER, SUBSCRIPTION,
        USER_ACCESS_ADMINISTRATOR, object,
    },
};
use operations::offers::effective::effective;
use proptest::{
    collection, option,
    prelude::*,
    sample::{self, select},
    test_runner::TestRunner,
};
use uuid::Uuid;

use super::kit::NORTHWIND;

const PEOPLE: [u128; 3] = [1, 2, 3];
const GROUPS: [u128; 3] = [11, 12, 13];
/// A role of Fabrikam's own and of each customer's, which says everything.
const CUSTOM: RoleId = RoleId::new(Uuid::from_u128(0xC057));
/// A role that nobody has.
const UNKNOWN: RoleId = RoleId::new(Uuid::from_u128(0xBAD));
/// Log Analytics Contributor: it has data actions, and is not delegated.
const LOGS: RoleId = RoleId::new(Uuid::from_u128(0x92aa_f0da_9dab_42b6_94a3_d43c_e8d1_6293));
/// What delegations treat apart: all operations of these are asked for.
const APART: [&str; 3] =
    ["microsoft.authorization/", "microsoft.managedservices/", "microsoft.support/"];
/// So many operations are asked for beside those that the roles begin and end at.
const SAMPLED: usize = 40;
const CASES: u32 = 48;

/// Fabrikam's groups, two versions of its plan, and some operations.
#[derive(Clone, Debug)]
struct Case {
    /// Groups, and who is in them.
    members: Vec<(u128, u128)>,
    before: Manifest,
    after: Manifest,
    sampled: Vec<sample::Index>,
}

fn any_object() -> impl Strategy<Value = u128> {
    select([PEOPLE, GROUPS, GROUPS].concat())
}

/// Those that decide something of their own, and any of Azure's.
fn any_role() -> impl Strategy<Value = RoleId> {
    let known = vec![
        OWNER,
        CONTRIBUTOR,
        CONTRIBUTOR,
        READER,
        USER_ACCESS_ADMINISTRATOR,
        DELETE_ROLE,
        DELETE_ROLE,
        CUSTOM,
        UNKNOWN,
        LOGS,
    ];
    let mut all: Vec<RoleId> = Catalogue::builtin().roles().map(|it| it.id).collect();
    all.sort();
    prop_oneof![3 => select(known), 2 => select(all)]
}

fn any_authorization() -> impl Strategy<Value = Authorization> {
    let listed = || prop_oneof![select(vec![CONTRIBUTOR, READER]), any_role()];
    let plain = (any_role(), option::of(collection::vec(listed(), 0..3)));
    let giving = (Just(USER_ACCESS_ADMINISTRATOR), collection::vec(listed(), 1..4).prop_map(Some));
    let role = prop_oneof![3 => plain, 1 => giving];
    (any_object(), role).prop_map(|(who, (role, delegated_roles))| Authorization {
        principal: object(who),
        role,
        display_name: None,
        delegated_roles,
    })
}

fn any_eligible() -> impl Strategy<Value = EligibleAuthorization> {
    let policy = option::of(select(vec![30, 480])).prop_map(|minutes| {
        minutes.map(|minutes_max| JustInTimePolicy {
            multi_factor: MultiFactor::Azure,
            minutes_max,
            approvers: Vec::new(),
        })
    });
    (any_object(), any_role(), policy).prop_map(|(who, role, policy)| EligibleAuthorization {
        principal: object(who),
        role,
        display_name: None,
        policy,
    })
}

fn any_manifest() -> impl Strategy<Value = Manifest> {
    let always = collection::vec(any_authorization(), 1..6);
    (always, collection::vec(any_eligible(), 0..3))
        .prop_map(|(authorizations, eligible)| manifest(authorizations, eligible))
}

fn manifest(authorizations: Vec<Authorization>, eligible: Vec<EligibleAuthorization>) -> Manifest {
    Manifest { tenant: PROVIDER, authorizations, eligible }
}

/// The second version is like the first, but for some of it; or it is quite another.
fn any_case() -> impl Strategy<Value = Case> {
    let members =
        collection::vec((select(GROUPS.to_vec()), select([PEOPLE, GROUPS].concat())), 0..9);
    let sampled = collection::vec(any::<sample::Index>(), SAMPLED);
    (members, any_manifest(), any_manifest(), 0_usize..4, sampled).prop_map(
        |(members, before, mut after, kept, sampled)| {
            after.authorizations.extend(before.authorizations.iter().take(kept).cloned());
            Case { members, before, after, sampled }
        },
    )
}

/// All operations that are known, in lower case and in order.
fn operations() -> &'static [String] {
    static OPERATIONS: OnceLock<Vec<String>> = OnceLock::new();
    OPERATIONS.get_or_init(|| {
        let lower = |name: String| name.to_ascii_lowercase();
        let all: BTreeSet<String> =
            arm::known_operations::actions().into_iter().map(lower).collect();
        all.into_iter().collect()
    })
}

/// Whether a pattern of a role is about the operation. Both are in lower case.
fn is_about(pattern: &str, name: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else { return pattern == name };
    let goes_on = |tail: &str| {
        let anywhere =
            || (0..=tail.len()).any(|n| tail.get(n..).is_some_and(|it| is_about(rest, it)));
        if rest.contains('*') { anywhere() } else { tail.ends_with(rest) }
    };
    name.strip_prefix(head).is_some_and(goes_on)
}

/// The first operation that the pattern is about, the last, and their neighbours that it is not.
fn edges(pattern: &str) -> Vec<&'static str> {
    let (pattern, all) = (pattern.to_ascii_lowercase(), operations());
    let head = pattern.split('*').next().unwrap();
    let start = all.partition_point(|it| it.as_str() < head);
    let within = all[start..].iter().take_while(|it| it.starts_with(head)).enumerate();
    let about: Vec<usize> =
        within.filter(|(_, it)| is_about(&pattern, it)).map(|(n, _)| start + n).collect();
    let (Some(first), Some(last)) = (about.first(), about.last()) else { return Vec::new() };
    let places = [first.saturating_sub(1), *first, *last, last + 1];
    places.iter().filter_map(|n| all.get(*n)).map(String::as_str).collect()
}

/// What is asked: operations, and which roles can be given.
struct Asked {
    operations: Vec<&'static str>,
    roles: BTreeSet<RoleId>,
}

impl Asked {
    fn of(case: &Case) -> Self {
        let always = [&case.before, &case.after].map(|it| &it.authorizations);
        let always = || always.into_iter().flatten();
        let eligible = [&case.before, &case.after].map(|it| &it.eligible);
        let named: BTreeSet<RoleId> = always()
            .map(|it| it.role)
            .chain(eligible.into_iter().flatten().map(|it| it.role))
            .collect();
        let catalogue = Catalogue::builtin();
        let roles = named.into_iter().filter_map(|id| catalogue.role(id));
        let patterns = roles
            .flat_map(|it| &it.permissions)
            .flat_map(|it| it.actions.iter().chain(&it.not_actions));
        let apart = operations()
            .iter()
            .map(String::as_str)
            .filter(|name| APART.iter().any(|it| name.starts_with(it)));
        let sampled = case.sampled.iter().map(|it| it.get(operations()).as_str());
        let operations: BTreeSet<&'static str> =
            patterns.flat_map(|it| edges(it)).chain(apart).chain(sampled).collect();
        let listed = always().flat_map(|it| it.delegated_roles.iter().flatten().copied());
        Self { operations: operations.into_iter().collect(), roles: listed.collect() }
    }
}

/// Whose rights somebody shares: their own, and those of the groups around them.
fn names(case: &Case, who: u128) -> BTreeSet<u128> {
    let mut names = BTreeSet::from([who]);
    loop {
        let around = case.members.iter().filter(|(_, member)| names.contains(member));
        let more: BTreeSet<u128> = around.map(|(group, _)| *group).collect();
        if more.is_subset(&names) {
            return names;
        }
        names.extend(more);
    }
}

/// Fabrikam's directory, and the customers' subscriptions.
fn around(case: &Case) -> Vec<Change> {
    let who = |n| samples::principal(PROVIDER, n);
    let people = PEOPLE.map(|n| Noun::User(samples::user(who(n), &format!("user{n}"))));
    let groups = GROUPS.map(|n| Noun::Group(samples::group(who(n), &format!("group{n}"))));
    let inside = case
        .members
        .iter()
        .map(|(group, member)| Noun::Membership(samples::membership(who(*group), who(*member))));
    let custom = [PROVIDER, CUSTOMER, NORTHWIND].map(|tenant| {
        let everything = Permission { actions: vec!["*".to_owned()], ..Permission::default() };
        Noun::RoleDefinition(RoleDefinition {
            id: CUSTOM,
            tenant: Some(tenant),
            permissions: vec![everything],
            ..samples::custom_role(samples::whole())
        })
    });
    let customers = [(SUBSCRIPTION, CUSTOMER), (NEIGHBOUR, NORTHWIND)]
        .map(|(id, tenant)| Noun::Subscription(samples::subscription(id, tenant)));
    let nouns = people.into_iter().chain(groups).chain(inside).chain(custom).chain(customers);
    nouns.map(Change::Put).collect()
}

/// That this manifest is in force in the subscription.
fn accepted(at: SubscriptionId, manifest: &Manifest) -> Change {
    Change::Put(Noun::Definition(Definition {
        authorizations: manifest.authorizations.clone(),
        eligible: manifest.eligible.clone(),
        ..samples::definition(at)
    }))
}

fn delegated(at: SubscriptionId) -> Change {
    Change::Put(Noun::Assignment(samples::assignment(Scope::Subscription(at))))
}

/// Both customers' worlds, where each has that manifest.
fn world(case: &Case, ours: &Manifest, theirs: &Manifest) -> Index {
    let manifests = [(SUBSCRIPTION, ours), (NEIGHBOUR, theirs)];
    let taken = manifests.into_iter().flat_map(|(at, it)| [accepted(at, it), delegated(at)]);
    let changes: Vec<Change> = around(case).into_iter().chain(taken).collect();
    Index::new(Catalogue::builtin()).after(&changes, Revision(1))
}

/// What somebody can do in the subscription, asked one by one.
fn rights(index: &Index, who: u128, at: SubscriptionId, asked: &Asked) -> Rights<'static> {
    let may = |action: Action, scope: Scope, via: Via| {
        let question = Question { action, scope, via };
        index.check(samples::principal(PROVIDER, who), &question, samples::now()).is_allowed()
    };
    let inside = || Scope::ResourceGroup(at, "app".parse().unwrap());
    let assignment = samples::assignment(Scope::Subscription(at)).id;
    let can_do = |name: &&&'static str| may(Action::named(**name), inside(), Via::Any);
    let can_give = |role: &&RoleId| {
        may(Action::ROLE_ASSIGNMENTS_WRITE, inside(), Via::Assigning((**role).into()))
    };
    Rights {
        operations: asked.operations.iter().filter(can_do).copied().collect(),
        gives: asked.roles.iter().filter(can_give).copied().collect(),
        leaves: may(
            Action::ASSIGNMENTS_DELETE,
            Scope::Resource(assignment.as_resource().clone()),
            Via::DeleteRole,
        ),
    }
}

fn always(effective: &Effective<'static>, who: u128) -> Rights<'static> {
    let held = effective.held_by(samples::principal(PROVIDER, who));
    held.map(|it| it.always.clone()).unwrap_or_default()
}

fn sum(all: impl Iterator<Item = Rights<'static>>) -> Rights<'static> {
    all.fold(Rights::default(), |sum, it| sum.with(&it))
}

/// What was, with what the difference says of somebody.
fn applied(before: &Effective<'static>, found: &Difference<'static>, who: u128) -> Rights<'static> {
    let change = found.changes.get(&samples::principal(PROVIDER, who)).cloned().unwrap_or_default();
    always(before, who).with(&change.gained).without(&change.lost)
}

/// How often something was so: what never is proves nothing.
#[derive(Default)]
struct Seen {
    asked: Cell<usize>,
    allowed: Cell<usize>,
    gained: Cell<usize>,
    lost: Cell<usize>,
    gives: Cell<usize>,
    leaves: Cell<usize>,
    by_group: Cell<usize>,
    activated: Cell<usize>,
}

fn add(to: &Cell<usize>, more: usize) {
    to.set(to.get() + more);
}

impl Seen {
    fn note(&self, case: &Case, who: u128, asked: &Asked, rights: &Rights<'_>) {
        add(&self.asked, asked.operations.len());
        add(&self.allowed, rights.operations.len());
        add(&self.gives, rights.gives.len());
        add(&self.leaves, usize::from(rights.leaves));
        let is_named = |it: &Authorization| it.principal == object(who);
        let is_by_group = !case.after.authorizations.iter().any(is_named) && !rights.is_empty();
        add(&self.by_group, usize::from(is_by_group));
    }
}

fn holds(case: &Case, seen: &Seen) {
    let asked = Asked::of(case);
    let before = effective(&case.before, &asked.operations).unwrap();
    let after = effective(&case.after, &asked.operations).unwrap();
    let found = difference(&before, &after);
    add(&seen.gained, found.changes.values().filter(|it| !it.gained.is_empty()).count());
    add(&seen.lost, found.changes.values().filter(|it| !it.lost.is_empty()).count());

    let old = world(case, &case.before, &case.before);
    let updated = old.after(&[accepted(SUBSCRIPTION, &case.after)], Revision(2));
    let fresh = world(case, &case.after, &case.after);
    for who in PEOPLE {
        let names = names(case, who);
        let was = sum(names.iter().map(|it| always(&before, *it)));
        let is = sum(names.iter().map(|it| applied(&before, &found, *it)));
        assert_eq!(rights(&old, who, SUBSCRIPTION, &asked), was, "{who} before");
        assert_eq!(rights(&updated, who, SUBSCRIPTION, &asked), is, "{who} after");
        // The neighbour has not accepted it; and who begins with it has the same as who came to it.
        assert_eq!(rights(&updated, who, NEIGHBOUR, &asked), was, "{who} at the neighbour's");
        assert_eq!(rights(&fresh, who, NEIGHBOUR, &asked), is, "{who} where it is the first");
        seen.note(case, who, &asked, &is);
    }
    for it in &case.after.eligible {
        add(&seen.activated, activating(case, &after, it, &asked));
    }
}

/// What somebody has while that role is active is what activating it is said to give. Answers for
/// how many it was something.
fn activating(
    case: &Case,
    after: &Effective<'static>,
    it: &EligibleAuthorization,
    asked: &Asked,
) -> usize {
    let active = Authorization {
        principal: it.principal,
        role: it.role,
        display_name: None,
        delegated_roles: None,
    };
    let always_and = iter::once(active).chain(case.after.authorizations.iter().cloned()).collect();
    let index = world(case, &manifest(always_and, Vec::new()), &case.after);
    let said = &after.held[&it.principal].activated[&it.role].rights;
    let reaches = |who: &u128| names(case, *who).iter().any(|name| object(*name) == it.principal);
    let reached: Vec<u128> = PEOPLE.into_iter().filter(reaches).collect();
    for who in &reached {
        let without = sum(names(case, *who).iter().map(|name| always(after, *name)));
        assert_eq!(rights(&index, *who, SUBSCRIPTION, asked), without.with(said), "{who} active");
    }
    if said.is_empty() { 0 } else { reached.len() }
}

#[test]
fn a_difference_applied_to_what_was_possible_gives_what_the_one_decision_then_answers() {
    let seen = Seen::default();
    let mut runner = TestRunner::new(ProptestConfig::with_cases(CASES));
    let result = runner.run(&any_case(), |case| {
        holds(&case, &seen);
        Ok(())
    });
    result.unwrap();
    let times = |it: &Cell<usize>| it.get();
    assert!(times(&seen.allowed) * 20 > times(&seen.asked), "too little is allowed");
    for (what, many) in [
        ("gained", &seen.gained),
        ("lost", &seen.lost),
        ("gives", &seen.gives),
        ("leaves", &seen.leaves),
        ("by group", &seen.by_group),
        ("activated", &seen.activated),
    ] {
        assert!(times(many) > 0, "never {what}");
    }
}
