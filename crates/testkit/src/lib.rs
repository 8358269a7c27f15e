//! Whole planes in memory, for the tests of the crates that work on one.
//!
//! Knows no product code that is not tested elsewhere, and nothing of HTTP. Start with
//! [`plane`]: a small world of a customer and a provider; a test adds what it is about.
#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    clippy::indexing_slicing,
    reason = "test code"
)]

pub mod people;
pub mod shop;
pub mod watched;

use std::sync::Arc;

use access::{catalogue::Catalogue, permit::Permit};
use identity::secret::MasterKey;
use ids::{
    clock::{Clock, Random, Revision, TestClock, TestRandom},
    guid::Principal,
    resource::ResourceId,
    scope::Scope,
};
use jiff::SignedDuration;
use model::{
    action::Action,
    change::{Change, Noun},
    event::{Event, SystemReason},
    question::Question,
    resource::Resource,
    samples,
    settings::{Profile, Settings},
    tree::{ResourceGroup, Tags},
};
use operations::{
    context::Context,
    plane::{Origins, Plane, Simulated},
    seal::Seal,
    sign_in::seeds::SeedSeal,
};
use serde_json::Map;
use store::{engine::Engine, memory::Memory, store::Store, unit::Cause};

/// Contoso with an owner and a subscription, Fabrikam with an engineer in a group; nothing
/// delegated. In the azure profile.
pub fn world() -> Vec<Noun> {
    vec![
        Noun::Settings(Settings { profile: Profile::Azure, ..Settings::default() }),
        Noun::Tenant(samples::tenant(samples::CUSTOMER, "contoso")),
        Noun::Tenant(samples::tenant(samples::PROVIDER, "fabrikam")),
        Noun::User(samples::user(samples::OLOF, "olof")),
        Noun::User(samples::user(samples::ADA, "ada")),
        Noun::Group(samples::group(samples::TIER1, "tier1")),
        Noun::Membership(samples::membership(samples::TIER1, samples::ADA)),
        Noun::Subscription(samples::subscription(samples::SUBSCRIPTION, samples::CUSTOMER)),
        Noun::RoleAssignment(samples::role_assignment(
            samples::whole(),
            samples::OLOF,
            samples::OWNER,
        )),
    ]
}

/// A plane of that world, and what is added to it, on a clock that stands still.
pub async fn plane(more: Vec<Noun>) -> Plane {
    let plane = empty().await;
    put(&plane, world().into_iter().chain(more).collect()).await;
    plane
}

/// A plane where nothing is yet, on a clock that stands still.
pub async fn empty() -> Plane {
    empty_by(Arc::new(TestClock::default())).await
}

/// A plane where nothing is yet, on a clock that the test moves.
pub async fn empty_by(clock: Arc<dyn Clock>) -> Plane {
    lagging(Arc::default(), clock, SignedDuration::ZERO).await
}

/// A plane over that engine, where what a caller grants counts only so much later.
pub async fn lagging(engine: Arc<Memory>, clock: Arc<dyn Clock>, lag: SignedDuration) -> Plane {
    over(engine, clock, Arc::new(TestRandom::default()), lag).await
}

/// A plane over any engine, on that clock, with that randomness.
pub async fn over(
    engine: Arc<dyn Engine>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    lag: SignedDuration,
) -> Plane {
    let (now, chance) = (Arc::clone(&clock), Arc::clone(&random));
    let store = Store::open_lagging(engine, Catalogue::builtin(), now, chance, lag).await.unwrap();
    let (simulated, seal) = (Simulated::default(), Seal::new(&[7; 32]));
    Plane { store, clock, random, origins: origins(), simulated, seal, seeds: seeds(), taken: None }
}

/// What seals the seeds of second factors in tests.
pub fn seeds() -> SeedSeal {
    SeedSeal::new(&MasterKey::new([7; 32]))
}

/// A resource group of Contoso's.
pub fn group(name: &str) -> ResourceGroup {
    ResourceGroup {
        subscription: samples::SUBSCRIPTION,
        name: name.parse().unwrap(),
        location: "westeurope".to_owned(),
        tags: Tags::new(),
        managed_by: None,
        system_data: samples::system_data(),
    }
}

/// A bare resource of Contoso's.
pub fn resource(id: ResourceId) -> Resource {
    Resource {
        id,
        location: None,
        tags: Tags::new(),
        identity: None,
        envelope: Map::new(),
        properties: Map::new(),
        system_data: samples::system_data(),
    }
}

/// Where a test's plane says it is.
pub fn origins() -> Origins {
    let at = |port: u16| format!("https://localhost:{port}");
    Origins { arm: at(8443), login: at(8443), graph: at(8444), portal: at(8445) }
}

/// Puts nouns as a world file does.
pub async fn put(plane: &Plane, nouns: Vec<Noun>) {
    apply(plane, nouns.into_iter().map(Change::Put).collect()).await;
}

/// Makes changes as a world file, a first start and a job do.
pub async fn apply(plane: &Plane, changes: Vec<Change>) {
    let mut unit = plane.store.begin(Cause { correlation: samples::correlation() });
    for change in changes {
        unit.look(&change).await.unwrap();
        let permit = Permit::system(SystemReason::WorldApply, &change)
            .or_else(|| Permit::system(SystemReason::Bootstrap, &change))
            .or_else(|| Permit::system(SystemReason::JobProgress, &change));
        let permit = permit.unwrap();
        unit.apply(permit, change).unwrap();
    }
    unit.commit().await.unwrap();
}

/// A request of that principal for an action at a scope.
pub fn context(who: Principal, action: &Action, scope: Scope) -> Context {
    Context {
        caller: samples::caller(who),
        auxiliary: Vec::new(),
        question: Question::any(action.clone(), scope),
        correlation: samples::correlation(),
        method: "PUT",
        client_request: None,
        client_address: None,
        started: samples::now(),
    }
}

/// All events so far.
pub async fn events(plane: &Plane) -> Vec<Event> {
    let entries = plane.store.journal(Revision(0), 10_000).await.unwrap();
    entries.into_iter().map(|entry| entry.event).collect()
}
