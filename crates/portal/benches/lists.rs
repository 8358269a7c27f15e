//! What the first page of a provider's lists costs where very much is delegated to it, beside one
//! where little is: the whole way of a request, in process, over the store in memory.
//!
//! Run with `cargo bench -p portal`.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a benchmark, with the tests' own browser"
)]

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use ids::{
    clock::TestClock,
    guid::{SubscriptionId, TenantId},
    scope::Scope,
};
use model::{
    change::Noun,
    samples::{self, ADA, assignment, definition},
};
use uuid::Uuid;

#[path = "../tests/portal/kit.rs"]
#[expect(dead_code, reason = "what the tests need of it is more")]
mod kit;

use kit::{Browser, over, person};

const LITTLE: u128 = 100;
const MUCH: u128 = 100_000;
/// A customer has so many subscriptions, which lie far apart among those of others.
const OF_A_CUSTOMER: u128 = 10;
const ROUNDS: usize = 60;
/// So many are made together.
const TOGETHER: usize = 20_000;

/// Each customer's subscriptions, each delegated to Fabrikam as a whole.
fn delegated(count: u128) -> impl Iterator<Item = Noun> {
    let customers = count / OF_A_CUSTOMER;
    let tenant = move |n: u128| TenantId::new(Uuid::from_u128(0xC_0000_0000 + n % customers));
    let tenants = (0..customers).map(move |n| Noun::Tenant(samples::tenant(tenant(n), "customer")));
    let one = move |n: u128| {
        let id = SubscriptionId::new(Uuid::from_u128(0x5_0000_0000 + n));
        [
            Noun::Subscription(samples::subscription(id, tenant(n))),
            Noun::Definition(definition(id)),
            Noun::Assignment(assignment(Scope::Subscription(id))),
        ]
    };
    tenants.chain((0..count).flat_map(one))
}

/// How long each page takes, at the median.
async fn measured(browser: &Browser<'_>, path: &str) -> Duration {
    let mut all = Vec::new();
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        let page = browser.open(path).await;
        all.push(begun.elapsed());
        assert_eq!(page.status, 200, "{}", page.text);
        assert!(page.text.matches("<tr").count() > 10, "a page of many: {}", page.text);
    }
    all.sort();
    all[ROUNDS / 2]
}

async fn portal(count: u128) -> kit::Kit {
    let clock = Arc::new(TestClock::default());
    let plane = testkit::empty_by(Arc::<TestClock>::clone(&clock)).await;
    let world = testkit::world().into_iter().chain(person(ADA, "ada", "fabrikam"));
    let mut nouns = world.chain(delegated(count));
    loop {
        let some: Vec<Noun> = nouns.by_ref().take(TOGETHER).collect();
        if some.is_empty() {
            return over(plane, clock).await;
        }
        testkit::put(&plane, some).await;
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (few, many) = (portal(LITTLE).await, portal(MUCH).await);
    let ada = "ada@fabrikam.example";
    let (few, many) = (few.signed_in(ada).await, many.signed_in(ada).await);
    for path in ["/customers", "/customers/delegations"] {
        let little = measured(&few, path).await;
        let much = measured(&many, path).await;
        let ratio = much.as_secs_f64() / little.as_secs_f64();
        println!("{path:<24} {LITTLE}: {little:>9.1?}   {MUCH}: {much:>9.1?}   {ratio:.2} times");
    }
}
