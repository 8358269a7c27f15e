//! What the first page of a list costs, where there is little and where there is much.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use ids::{
    clock::{TestClock, TestRandom},
    guid::{Principal, SubscriptionId, TenantId},
    scope::Scope,
};
use jiff::SignedDuration;
use model::{
    action::Action,
    change::Noun,
    delegation::Assignment,
    samples::{
        self, ADA, CUSTOMER, OLOF, OWNER, SUBSCRIPTION, assignment, definition, resource_group,
        role_assignment,
    },
};
use operations::{
    context::Context,
    delegation::{
        customers, managed,
        received::{self, Wanted},
    },
    page::page,
    plane::Plane,
};
use store::{key::Key, memory::Memory};
use testkit::watched::{Watch, Watched};
use uuid::Uuid;

/// How many rows were read.
#[derive(Default)]
struct Rows(AtomicUsize);

impl Watch for Rows {
    fn read(&self, _key: &Key) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// Of fifty customers as many subscriptions in turn; the first is Contoso, and all that is its is
/// Olof's.
fn delegated(count: u128) -> Vec<Noun> {
    let one = |n: u128| {
        let tenant = TenantId::new(Uuid::from_u128(0xC_0000 + n % 50));
        let tenant = if n.is_multiple_of(50) { CUSTOMER } else { tenant };
        let id = SubscriptionId::new(Uuid::from_u128(0x10_0000 + n));
        let scope = Scope::Subscription(id);
        let own = role_assignment(scope.clone(), OLOF, OWNER);
        [
            Noun::Tenant(samples::tenant(tenant, "customer")),
            Noun::Subscription(samples::subscription(id, tenant)),
            Noun::RoleAssignment(own),
            Noun::Definition(definition(id)),
            Noun::Assignment(assignment(scope)),
        ]
    };
    // And one definition for very many groups.
    let group = |n: u128| Noun::Assignment(group_assignment(n));
    let offer = [Noun::Definition(definition(SUBSCRIPTION))];
    offer.into_iter().chain((0..count).flat_map(one)).chain((0..count).map(group)).collect()
}

fn group_assignment(n: u128) -> Assignment {
    assignment(resource_group(&format!("app{n}")))
}

async fn counted(count: u128) -> (Plane, Arc<Rows>) {
    let rows = Arc::<Rows>::default();
    let engine = Watched::new(Arc::new(Memory::default()), Arc::clone(&rows));
    let (clock, random) = (Arc::new(TestClock::default()), Arc::new(TestRandom::default()));
    let plane = testkit::over(engine, clock, random, SignedDuration::ZERO).await;
    testkit::put(&plane, testkit::world().into_iter().chain(delegated(count)).collect()).await;
    (plane, rows)
}

fn context(who: Principal) -> Context {
    testkit::context(who, &Action::SUBSCRIPTIONS_READ, Scope::Tenant(who.tenant))
}

/// How many rows the first page of each list reads.
async fn costs(count: u128) -> [(&'static str, usize); 4] {
    let (plane, rows) = counted(count).await;
    let (ada, olof) = (context(ADA), context(OLOF));
    let spent = || rows.0.swap(0, Ordering::SeqCst);
    let first = || page(None, Some(50));
    let wanted = || Wanted { limit: 50, ..Wanted::default() };
    spent();
    let found = customers::list(&plane, &ada, &managed::Filter::default(), first()).await.unwrap();
    assert!(!found.items.is_empty());
    let customers = spent();
    let found = managed::list(&plane, &ada, &managed::Filter::default(), first()).await.unwrap();
    assert_eq!((found.items.len(), found.next.is_some()), (50, true));
    let delegations = spent();
    let found = received::delegations::list(&plane, &olof, wanted()).await.unwrap();
    assert_eq!(found.items.len(), 50);
    let received = spent();
    let found = received::offers::list(&plane, &olof, wanted()).await.unwrap();
    assert!(found.items.len() > 2);
    [
        ("customers", customers),
        ("delegations", delegations),
        ("received delegations", received),
        ("received offers", spent()),
    ]
}

#[tokio::test]
async fn a_first_page_reads_no_more_where_there_is_ten_times_as_much() {
    for ((list, few), (_, many)) in costs(120).await.into_iter().zip(costs(1_200).await) {
        assert!(many <= 2 * few, "{list}: {few} rows of few, {many} of many");
    }
}
