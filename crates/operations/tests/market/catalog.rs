//! What the storefront reads to say what is private.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use access::catalogue::Catalogue;
use async_trait::async_trait;
use ids::{
    clock::{Clock, Random, Revision, TestClock, TestRandom},
    guid::SubscriptionId,
    scope::Scope,
};
use model::{
    action::Action,
    change::Noun,
    market::{
        MarketNoun,
        account::Publisher,
        offer::{Audience, Audienced, Edition, Stage},
    },
    samples::{self, OLOF, PROVIDER, SUBSCRIPTION, market},
};
use operations::{
    catalog::{self, Visitor, Wanted},
    page::page,
    plane::{Plane, Simulated},
    seal::Seal,
};
use store::{
    engine::{Batch, Engine, Found, Head, JournalRow, Row, UnitId, View},
    error::StoreError,
    key::{Cursor, Key, Range},
    memory::Memory,
    store::Store,
};

const LIVE: Stage = Stage::Published(ids::offer::Slot::Live);

/// Counts the audiences that are read.
#[derive(Default)]
struct Counting {
    inner: Memory,
    audiences: Arc<AtomicUsize>,
}

struct CountingView {
    inner: Box<dyn View>,
    audiences: Arc<AtomicUsize>,
}

impl CountingView {
    fn note<'a>(&self, keys: impl Iterator<Item = &'a Key>) {
        let read = keys.filter(|key| key.as_str().starts_with("audience:")).count();
        self.audiences.fetch_add(read, Ordering::SeqCst);
    }
}

#[async_trait]
impl View for CountingView {
    fn head(&self) -> Head {
        self.inner.head()
    }

    async fn get(&self, key: &Key) -> Result<Option<Row>, StoreError> {
        self.note([key].into_iter());
        self.inner.get(key).await
    }

    async fn scan(
        &self,
        range: &Range,
        after: Option<&Cursor>,
        limit: usize,
    ) -> Result<Vec<Found>, StoreError> {
        let found = self.inner.scan(range, after, limit).await?;
        self.note(found.iter().map(|it| &it.key));
        Ok(found)
    }

    async fn count(&self, range: &Range, enough: usize) -> Result<usize, StoreError> {
        self.inner.count(range, enough).await
    }
}

#[async_trait]
impl Engine for Counting {
    async fn snapshot(&self) -> Result<Box<dyn View>, StoreError> {
        let (inner, audiences) = (self.inner.snapshot().await?, Arc::clone(&self.audiences));
        Ok(Box::new(CountingView { inner, audiences }))
    }

    async fn get(&self, key: &Key) -> Result<Option<Row>, StoreError> {
        self.inner.get(key).await
    }

    async fn commit(&self, batches: Vec<Batch>, head: Head) -> Result<(), StoreError> {
        self.inner.commit(batches, head).await
    }

    async fn journal(
        &self,
        after: (Revision, u32),
        limit: usize,
    ) -> Result<Vec<JournalRow>, StoreError> {
        self.inner.journal(after, limit).await
    }

    async fn committed(&self, unit: UnitId) -> Result<Option<Revision>, StoreError> {
        self.inner.committed(unit).await
    }

    async fn backup(&self, to: &Path) -> Result<(), StoreError> {
        self.inner.backup(to).await
    }
}

/// Thirty live offers with one private plan: the second and the last are for Contoso's
/// subscription, the others for many, and none of them it.
fn offers() -> Vec<Noun> {
    let offers = (0..30).flat_map(|n| {
        let offer = ids::offer::OfferId {
            name: format!("ops-{n:02}").parse().unwrap(),
            ..market::offer_id()
        };
        let sample = market::audience(LIVE);
        let Audienced::Plan(plan, _) = sample.of else { panic!("{sample:?}") };
        let plan = ids::offer::PlanId { offer: offer.clone(), ..plan };
        let strangers = (0..50).map(|n| model::market::form::AudienceEntry {
            subscription: SubscriptionId::new(uuid::Uuid::from_u128(0xFFFF + n)),
            description: String::new(),
        });
        let entries = if n == 1 || n == 29 { sample.entries } else { strangers.collect() };
        let audience = Audience { of: Audienced::Plan(plan, LIVE), tenant: PROVIDER, entries };
        let edition = Edition { offer, ..market::edition(LIVE) };
        [MarketNoun::Edition(edition), MarketNoun::Audience(audience)].map(Noun::Market)
    });
    let publisher = Publisher {
        id: market::publisher(),
        tenant: PROVIDER,
        display_name: "Fabrikam".to_owned(),
        created: samples::now(),
    };
    offers.chain([Noun::Market(MarketNoun::Publisher(publisher))]).collect()
}

async fn storefront() -> (Plane, Arc<AtomicUsize>) {
    let clock: Arc<dyn Clock> = Arc::new(TestClock::default());
    let random: Arc<dyn Random> = Arc::new(TestRandom::default());
    let engine = Counting::default();
    let audiences = Arc::clone(&engine.audiences);
    let (now, chance) = (Arc::clone(&clock), Arc::clone(&random));
    let store = Store::open(Arc::new(engine), Catalogue::builtin(), now, chance).await.unwrap();
    let (simulated, seal) = (Simulated::default(), Seal::new(&[7; 32]));
    let origins = testkit::origins();
    let plane = Plane { store, clock, random, origins, simulated, seal, taken: None };
    testkit::put(&plane, testkit::world().into_iter().chain(offers()).collect()).await;
    audiences.store(0, Ordering::SeqCst);
    (plane, audiences)
}

#[tokio::test]
async fn a_private_plan_shows_where_its_audience_is_and_no_audience_is_read_for_it() {
    let (plane, audiences) = storefront().await;
    let scope = Scope::Subscription(SUBSCRIPTION);
    let olof = testkit::context(OLOF, &Action::SUBSCRIPTIONS_READ, scope);
    let visitor = Visitor::In(&olof, SUBSCRIPTION);
    let (mut names, mut after) = (Vec::new(), None);
    for size in [1, 1] {
        let wanted = Wanted::default();
        let found = catalog::list(&plane, visitor, &wanted, page(after, Some(size))).await.unwrap();
        names.extend(found.items.iter().map(|it| it.edition.offer.name.to_string()));
        after = found.next;
    }
    assert_eq!(names, ["ops-01", "ops-29"]);
    assert_eq!(after, None, "what is not theirs fills no page and promises none");
    for (visitor, private) in [(visitor, 2), (Visitor::Anyone, 0)] {
        let wanted = Wanted { is_private: true, ..Wanted::default() };
        let found = catalog::list(&plane, visitor, &wanted, page(None, None)).await.unwrap();
        assert_eq!((found.items.len(), found.next), (private, None), "private products alone");
    }
    let anyone = page(None, None);
    let anyone = catalog::list(&plane, Visitor::Anyone, &Wanted::default(), anyone).await.unwrap();
    assert_eq!((anyone.items.len(), anyone.next), (0, None));
    for (n, is_theirs) in [(1, true), (2, false)] {
        let name = format!("ops-{n:02}").parse().unwrap();
        let offer = ids::offer::OfferId { name, ..market::offer_id() };
        let found = catalog::get(&plane, visitor, &offer).await.unwrap();
        assert_eq!(found.is_some(), is_theirs, "{offer}");
    }
    assert_eq!(audiences.load(Ordering::SeqCst), 0);
}
