//! What a check costs at ten thousand delegations, and what the index costs besides.
//!
//! `cargo bench -p access`. The reference is one look-up in a hash map of as many entries.
#![expect(clippy::unwrap_used, reason = "a benchmark")]

use std::{collections::HashMap, hint::black_box};

use access::{catalogue::Catalogue, index::Index};
use criterion::{Criterion, criterion_group, criterion_main};
use ids::{
    clock::Revision,
    guid::{SubscriptionId, TenantId},
    resource::{AssignmentId, DefinitionId},
    scope::Scope,
};
use model::{
    action::Action,
    change::{Change, Noun},
    delegation::{Assignment, Definition},
    question::Question,
    samples::{self, ADA, CONTRIBUTOR, OLOF, OWNER, TIER1},
};
use uuid::Uuid;

const CUSTOMERS: u128 = 10_000;

fn subscription(n: u128) -> SubscriptionId {
    SubscriptionId::new(Uuid::from_u128(0x1000 + n))
}

/// One customer: a subscription of its own tenant, delegated to Fabrikam's Tier 1.
fn customer(n: u128) -> Vec<Change> {
    let whole = Scope::Subscription(subscription(n));
    let sample = samples::definition(samples::SUBSCRIPTION);
    let id = DefinitionId::at(whole.clone(), sample.id.name().clone()).unwrap();
    let authorizations = vec![
        samples::authorization(TIER1, CONTRIBUTOR),
        samples::authorization(TIER1, samples::DELETE_ROLE),
        samples::authorization(samples::principal(samples::PROVIDER, 0x72), samples::READER),
    ];
    let definition = Definition { id: id.clone(), authorizations, ..sample };
    let assignment = Assignment {
        id: AssignmentId::at(whole.clone(), id.name().clone()).unwrap(),
        definition: id,
        ..samples::assignment(samples::whole())
    };
    let home = TenantId::new(Uuid::from_u128(0x9000 + n));
    let owner = samples::principal(home, 0xA);
    [
        Noun::Subscription(samples::subscription(subscription(n), home)),
        Noun::User(samples::user(owner, "owner")),
        Noun::RoleAssignment(samples::role_assignment(whole, owner, OWNER)),
        Noun::Definition(definition),
        Noun::Assignment(assignment),
    ]
    .map(Change::Put)
    .into()
}

fn world(customers: u128) -> Index {
    let people = [
        Noun::User(samples::user(ADA, "ada")),
        Noun::User(samples::user(OLOF, "olof")),
        Noun::Group(samples::group(TIER1, "tier1")),
        Noun::Membership(samples::membership(TIER1, ADA)),
    ];
    let changes: Vec<Change> =
        people.map(Change::Put).into_iter().chain((0..customers).flat_map(customer)).collect();
    Index::new(Catalogue::builtin()).after(&changes, Revision(1))
}

fn questions(customers: u128, action: &'static str, path: &str) -> Vec<Question> {
    let scope = |n| {
        let whole = Scope::Subscription(subscription(n * 7919 % customers));
        Scope::parse(&format!("{whole}{path}"), samples::CUSTOMER).unwrap()
    };
    (0..1024_u128).map(|n| Question::any(Action::known(action), scope(n))).collect()
}

/// The mean over questions about many customers, at a few delegations and at many.
fn checks(c: &mut Criterion) {
    let account = "/resourceGroups/app/providers/Microsoft.Storage/storageAccounts/data";
    let (allowed, refused) =
        ("Microsoft.Storage/storageAccounts/write", "Microsoft.Authorization/locks/write");
    let cases = [
        ("allowed, at a subscription", allowed, ""),
        ("refused, at a subscription", refused, ""),
        ("allowed, at a resource", allowed, account),
        ("refused, at a resource", refused, account),
    ];
    for customers in [CUSTOMERS / 100, CUSTOMERS] {
        let index = world(customers);
        for (name, action, path) in cases {
            let questions = questions(customers, action, path);
            let may = |it| index.check(ADA, it, samples::now()).is_allowed();
            assert!(questions.iter().all(|it| may(it) == (action == allowed)), "{name}");
            let mut next = questions.iter().cycle();
            c.bench_function(&format!("check: {name}, of {customers}"), |b| {
                b.iter(|| index.check(ADA, black_box(next.next().unwrap()), samples::now()));
            });
        }
    }
    let map: HashMap<u128, u128> = (0..CUSTOMERS).map(|n| (n, n)).collect();
    let mut n = 0;
    c.bench_function("reference: one look-up in a map", |b| {
        b.iter(|| {
            n = (n + 7919) % CUSTOMERS;
            black_box(map.get(&n))
        });
    });
}

fn changes_and_lists(c: &mut Criterion) {
    let index = world(CUSTOMERS);
    let end = Change::Remove(customer(5).into_iter().next_back().map(noun).unwrap());
    c.bench_function("after: one delegation ends", |b| {
        b.iter(|| index.after(std::slice::from_ref(&end), Revision(2)));
    });
    c.bench_function("subscriptions_of: all customers", |b| {
        b.iter(|| index.subscriptions_of(ADA, samples::now()).len());
    });
}

fn noun(change: Change) -> Noun {
    match change {
        Change::Put(noun) | Change::Remove(noun) => noun,
        Change::Leave(assignment) => Noun::Assignment(assignment),
        Change::Alter(altered) => altered.noun().clone(),
    }
}

fn catalogue(c: &mut Criterion) {
    let roles = include_bytes!("../data/builtin-roles.json");
    c.bench_function("catalogue: read", |b| b.iter(|| Catalogue::parse(roles, "").unwrap()));
}

criterion_group!(all, checks, changes_and_lists, catalogue);
criterion_main!(all);
