//! A small world, and sentences about it.

use std::sync::Arc;

use access::{
    catalogue::Catalogue,
    permit::{Permit, authorize},
};
use ids::{
    clock::{Revision, TestClock, TestRandom},
    guid::{EventId, Principal, SubscriptionId},
    scope::Scope,
};
use model::{
    action::Action,
    activity::{Activity, Log, Outcome},
    change::{Change, Noun},
    delegation::Assignment,
    event::{Actor, Event, SystemReason},
    resource::Resource,
    samples,
    settings::Settings,
    tree::ResourceGroup,
};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::{
    engine::Engine,
    error::StoreError,
    jobs::{Job, JobId},
    store::Store,
    unit::{Cause, Unit},
};

pub const CAUSE: Cause =
    Cause { correlation: ids::guid::CorrelationId::new(Uuid::from_u128(0xC0)) };

/// A store over the engine, with the clock to move.
pub struct Kit {
    pub engine: Arc<dyn Engine>,
    pub store: Arc<Store>,
    pub clock: Arc<TestClock>,
}

impl Kit {
    /// A store as the engine is.
    pub async fn bare(engine: Arc<dyn Engine>) -> Self {
        Self::seeded(engine, 1).await.unwrap()
    }

    /// A store as the engine is, with random numbers that no other seed brings.
    pub async fn seeded(engine: Arc<dyn Engine>, seed: u64) -> Result<Self, StoreError> {
        let clock = Arc::new(TestClock::default());
        let store = open(&engine, &clock, seed).await?;
        Ok(Self { engine, store, clock })
    }

    /// Contoso with its owner Olof and its subscription; Fabrikam with Ada in Tier 1.
    pub async fn new(engine: Arc<dyn Engine>) -> Self {
        let kit = Self::bare(engine).await;
        kit.put_all(world()).await;
        kit
    }

    /// Lets go of the engine.
    pub async fn close(self) {
        self.store.shutdown().await;
    }

    /// The same rows again, as after a restart.
    pub async fn reopened(&self) -> Self {
        let (engine, clock) = (Arc::clone(&self.engine), Arc::clone(&self.clock));
        let store = open(&engine, &clock, 2).await.unwrap();
        Self { engine, store, clock }
    }

    pub fn begin(&self) -> Unit {
        self.store.begin(CAUSE)
    }

    /// Puts all of it in one unit.
    pub async fn put_all(&self, nouns: Vec<Noun>) -> Revision {
        let mut unit = self.begin();
        for noun in nouns {
            put(&mut unit, noun).await;
        }
        unit.commit().await.unwrap()
    }

    pub async fn put(&self, noun: Noun) -> Revision {
        self.put_all(vec![noun]).await
    }

    pub async fn remove(&self, noun: Noun) -> Revision {
        let mut unit = self.begin();
        remove(&mut unit, noun).await;
        unit.commit().await.unwrap()
    }

    /// All events, and one row of interest.
    pub async fn trace(&self) -> (Vec<Event>, Vec<Resource>) {
        let journal = self.store.journal(Revision(0), 10_000).await.unwrap();
        let range = crate::records::ranges::resources_of_subscription(samples::SUBSCRIPTION);
        let rows = self.begin().list(&range).await.unwrap();
        (journal.into_iter().map(|entry| entry.event).collect(), rows)
    }
}

async fn open(
    engine: &Arc<dyn Engine>,
    clock: &Arc<TestClock>,
    seed: u64,
) -> Result<Arc<Store>, StoreError> {
    let (engine, clock) = (Arc::clone(engine), Arc::clone(clock));
    Store::open(engine, Catalogue::builtin(), clock, Arc::new(TestRandom::seeded(seed))).await
}

pub fn world() -> Vec<Noun> {
    use samples::{ADA, CUSTOMER, OLOF, PROVIDER, SUBSCRIPTION, TIER1};
    vec![
        Noun::Settings(Settings::default()),
        Noun::Tenant(samples::tenant(CUSTOMER, "contoso")),
        Noun::Tenant(samples::tenant(PROVIDER, "fabrikam")),
        Noun::User(samples::user(OLOF, "olof")),
        Noun::User(samples::user(ADA, "ada")),
        Noun::Group(samples::group(TIER1, "tier1")),
        Noun::Membership(samples::membership(TIER1, ADA)),
        Noun::Subscription(samples::subscription(SUBSCRIPTION, CUSTOMER)),
        owner(OLOF),
    ]
}

/// That the principal owns the subscription.
pub fn owner(principal: Principal) -> Noun {
    Noun::RoleAssignment(samples::role_assignment(samples::whole(), principal, samples::OWNER))
}

/// Reads what is needed, and puts the noun by the system's own leave.
pub async fn put(unit: &mut Unit, noun: Noun) {
    look_noun(unit, &noun).await;
    let change = Change::Put(noun);
    unit.apply(system(&change), change).unwrap();
}

pub async fn remove(unit: &mut Unit, noun: Noun) {
    look_noun(unit, &noun).await;
    let change = Change::Remove(noun);
    unit.apply(system(&change), change).unwrap();
}

/// The system's own leave, by whichever reason covers the change.
fn system(change: &Change) -> Permit {
    SystemReason::ALL.into_iter().find_map(|reason| Permit::system(reason, change)).unwrap()
}

/// Reads the row of a noun, so that it may be written.
pub async fn look_noun(unit: &mut Unit, noun: &Noun) {
    use crate::record::Record;
    async fn look<R: Record>(unit: &mut Unit, record: &R) {
        unit.find::<R>(&record.id()).await.unwrap();
    }
    crate::records::with_noun!(noun, it => look(unit, it).await);
}

/// A resource of Contoso's, holding a number.
pub fn resource(group: &str, name: &str, amount: u64) -> Resource {
    let id = format!("{}/providers/My.Bank/accounts/{name}", samples::resource_group(group));
    Resource {
        id: ids::resource::ResourceId::parse(&id, samples::CUSTOMER).unwrap(),
        location: None,
        tags: model::tree::Tags::new(),
        identity: None,
        envelope: Map::new(),
        properties: [("amount".to_owned(), json!(amount))].into_iter().collect(),
        system_data: samples::system_data(),
    }
}

pub fn amount(resource: &Resource) -> u64 {
    resource.properties["amount"].as_u64().unwrap()
}

pub fn resource_group(name: &str) -> ResourceGroup {
    ResourceGroup {
        subscription: samples::SUBSCRIPTION,
        name: name.parse().unwrap(),
        location: "westeurope".to_owned(),
        tags: model::tree::Tags::new(),
        managed_by: None,
        system_data: samples::system_data(),
    }
}

/// A unit in which Olof writes a resource by his own leave; not committed yet.
pub async fn writing(kit: &Kit, name: &str) -> Unit {
    let mut unit = kit.begin();
    write(kit, &mut unit, resource("app", name, 1)).await.unwrap();
    unit
}

/// Olof writes the resource, if he may.
pub async fn write(kit: &Kit, unit: &mut Unit, resource: Resource) -> Result<(), StoreError> {
    unit.find::<Resource>(&resource.id).await?;
    let change = Change::Put(Noun::Resource(resource));
    let caller = samples::caller(samples::OLOF);
    let permit = authorize(&kit.store.index(), &caller, change.requires(), unit.now())?;
    unit.apply(permit, change)
}

pub fn assignment(scope: Scope) -> Assignment {
    samples::assignment(scope)
}

pub fn subscription(n: u128) -> SubscriptionId {
    SubscriptionId::new(Uuid::from_u128(n))
}

pub fn job(n: u128, kit: &Kit) -> Job {
    Job {
        id: JobId(Uuid::from_u128(n)),
        kind: "count".to_owned(),
        actor: Actor::Caller(samples::caller(samples::OLOF)),
        correlation: samples::correlation(),
        due: kit.store.now(),
        state: Value::Null,
    }
}

/// A record of the subscription's log.
pub fn activity(n: u128, kit: &Kit) -> Activity {
    Activity {
        id: EventId::new(Uuid::from_u128(n)),
        at: kit.store.now(),
        began: None,
        log: Log::Subscription(samples::SUBSCRIPTION),
        caller: Some(samples::caller(samples::OLOF)),
        action: Action::named("My.Bank/accounts/write"),
        scope: Scope::Resource(resource("app", "a", 0).id),
        outcome: Outcome::Failed,
        status_code: 403,
        correlation: samples::correlation(),
        operation: EventId::new(Uuid::from_u128(n)),
        method: "PUT".to_owned(),
        client_request: None,
        client_address: None,
        description: String::new(),
        message: None,
        defects: Vec::new(),
    }
}
