//! Many at once: G1 to G3 of the design, and that nothing is lost between two units.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use access::verdict::Verdict;
use ids::resource::ResourceId;
use model::{change::Noun, question::Question, resource::Resource, samples};

use super::kit::{self, Kit};
use crate::{engine::Engine, error::StoreError, records::ranges, snapshot::Loaded, store::Store};

type E = Arc<dyn Engine>;

const ACCOUNTS: u64 = 5;
const AMOUNT: u64 = 100;

/// Moves one coin, if both accounts stand as they were read.
async fn transfer(kit: &Kit, from: u64, to: u64) -> Result<(), StoreError> {
    let mut unit = kit.begin();
    let account = |n: u64| kit::resource("app", &format!("account{n}"), 0).id;
    let giver: Resource = unit.find(&account(from)).await?.unwrap();
    let taker: Resource = unit.find(&account(to)).await?.unwrap();
    let name = |it: &Resource| it.id.name().as_str().to_owned();
    let less = kit::resource("app", &name(&giver), kit::amount(&giver).saturating_sub(1));
    let more = kit::resource("app", &name(&taker), kit::amount(&taker) + 1);
    kit::write(kit, &mut unit, less).await?;
    kit::write(kit, &mut unit, more).await?;
    unit.commit().await.map(|_| ())
}

pub async fn money_is_neither_made_nor_lost_by_concurrent_units(engine: E) {
    let kit = Arc::new(Kit::new(engine).await);
    let account = |n| Noun::Resource(kit::resource("app", &format!("account{n}"), AMOUNT));
    kit.put_all((0..ACCOUNTS).map(account).collect()).await;
    let conflicts = Arc::new(AtomicU64::new(0));
    let work = |task: u64| {
        let (kit, conflicts) = (Arc::clone(&kit), Arc::clone(&conflicts));
        tokio::spawn(async move {
            for n in 0..15 {
                let from = (task + n) % ACCOUNTS;
                let to = (from + 1 + n % (ACCOUNTS - 1)) % ACCOUNTS;
                while let Err(error) = transfer(&kit, from, to).await {
                    assert!(matches!(error, StoreError::Conflict), "{error}");
                    conflicts.fetch_add(1, Ordering::Relaxed);
                }
            }
        })
    };
    let tasks: Vec<_> = (0..8).map(work).collect();
    // Whoever lists all accounts in one snapshot sees the whole sum, at any time.
    for _ in 0..50 {
        assert_eq!(sum(&kit.store).await, ACCOUNTS * AMOUNT);
    }
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(sum(&kit.store).await, ACCOUNTS * AMOUNT);
    assert!(conflicts.load(Ordering::Relaxed) > 0, "they never met: the test tests nothing");
}

async fn sum(store: &Store) -> u64 {
    let range = ranges::resources_of_group(samples::SUBSCRIPTION, &"app".parse().unwrap());
    let loaded = store
        .load(async |snapshot| {
            snapshot.list::<Resource>(&range, crate::snapshot::Page::first()).await
        })
        .await
        .unwrap();
    let judged: Result<u64, StoreError> =
        loaded.open(store, |_, rows| Ok(rows.items.iter().map(kit::amount).sum())).await;
    judged.unwrap()
}

/// The owner takes Ada's role away, and only then writes a secret. Whoever reads as Ada never
/// gets the secret (G2) and gets nothing once the owner knows of the revocation (G1); whatever
/// she writes stands in the journal before the revocation (G3).
pub async fn no_read_is_released_and_no_write_commits_after_a_revocation(engine: E) {
    let kit = Arc::new(Kit::new(engine).await);
    let guest = samples::principal(samples::CUSTOMER, 0xBAD);
    kit.put(Noun::User(samples::user(guest, "bad"))).await;
    for round in 0..15_u64 {
        kit.put_all(vec![kit::owner(guest), Noun::Resource(kit::resource("app", "s", 0))]).await;
        let (revoked, done) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
        let reader = |_| {
            let (kit, revoked, done) = (Arc::clone(&kit), Arc::clone(&revoked), Arc::clone(&done));
            tokio::spawn(async move {
                while !done.load(Ordering::SeqCst) {
                    let late = revoked.load(Ordering::SeqCst);
                    if let Some(secret) = read_as(&kit.store, guest).await {
                        assert!(!late, "allowed after the revocation was acknowledged");
                        assert_eq!(secret, 0, "released what was written after the revocation");
                    }
                    tokio::task::yield_now().await;
                }
            })
        };
        let writer = {
            let (kit, done) = (Arc::clone(&kit), Arc::clone(&done));
            tokio::spawn(async move {
                let mut n = 0;
                while !done.load(Ordering::SeqCst) {
                    n += 1;
                    write_as(&kit, guest, round * 1_000_000 + n).await;
                    tokio::task::yield_now().await;
                }
            })
        };
        let readers: Vec<_> = (0..3).map(reader).collect();
        tokio::task::yield_now().await;
        let at = kit.remove(kit::owner(guest)).await;
        revoked.store(true, Ordering::SeqCst);
        kit.put(Noun::Resource(kit::resource("app", "s", 42))).await;
        for _ in 0..5 {
            assert_eq!(read_as(&kit.store, guest).await, None);
        }
        done.store(true, Ordering::SeqCst);
        for task in readers.into_iter().chain([writer]) {
            task.await.unwrap();
        }
        let after = kit.store.journal(at, 10_000).await.unwrap();
        let by_guest = |event: &model::event::Event| match &event.actor {
            model::event::Actor::Caller(caller) => caller.principal == guest,
            model::event::Actor::System(_) => false,
        };
        assert!(!after.iter().any(|entry| by_guest(&entry.event)), "written after the revocation");
    }
}

/// What one who asks in both ways gets to see.
async fn read_as(store: &Store, who: ids::guid::Principal) -> Option<u64> {
    let alone = read_by(store, who, async |store, id| store.find::<Resource>(id).await).await;
    let in_a_snapshot = read_by(store, who, async |store, id| {
        store.load(async |snapshot| snapshot.find::<Resource>(id).await).await
    });
    alone.max(in_a_snapshot.await)
}

async fn read_by(
    store: &Store,
    who: ids::guid::Principal,
    load: impl AsyncFnOnce(&Store, &ResourceId) -> Result<Loaded<Option<Resource>>, StoreError>,
) -> Option<u64> {
    let id = kit::resource("app", "s", 0).id;
    let question = Question::any(
        model::action::Action::named("My.Bank/accounts/read"),
        ids::scope::Scope::Resource(id.clone()),
    );
    // A first look, as at the front door, by an index that may be old by the time of the data.
    if !matches!(store.index().check(who, &question, store.now()), Verdict::Allowed(_)) {
        return None;
    }
    let loaded = load(store, &id).await.unwrap();
    let judge = |index: &access::index::Index, row: Option<Resource>| {
        let verdict = index.check(who, &question, store.now());
        Ok(row.filter(|_| matches!(verdict, Verdict::Allowed(_))))
    };
    let row: Result<Option<Resource>, StoreError> = loaded.open(store, judge).await;
    row.unwrap().as_ref().map(kit::amount)
}

async fn write_as(kit: &Kit, who: ids::guid::Principal, n: u64) {
    let resource = kit::resource("app", &format!("w{n}"), n);
    let mut unit = kit.begin();
    unit.find::<Resource>(&resource.id).await.unwrap();
    let change = model::change::Change::Put(Noun::Resource(resource));
    let caller = samples::caller(who);
    let index = kit.store.index();
    let Ok(permit) = access::permit::authorize(&index, &caller, change.requires(), unit.now())
    else {
        return;
    };
    unit.apply(permit, change).unwrap();
    // Time for the revocation to come between the permit and the commit.
    tokio::task::yield_now().await;
    let outcome = unit.commit().await;
    assert!(matches!(outcome, Ok(_) | Err(StoreError::Denied(_))), "{outcome:?}");
}

pub async fn a_caller_who_hangs_up_changes_nothing(engine: E) {
    let kit = Kit::new(engine).await;
    for n in 0..30 {
        let unit = kit::writing(&kit, &format!("r{n}")).await;
        let task = tokio::spawn(unit.commit());
        tokio::task::yield_now().await;
        task.abort();
    }
    // Committed or not: rows, journal and index tell the same.
    kit::writing(&kit, "last").await.commit().await.unwrap();
    let (events, rows) = kit.trace().await;
    let by_olof = events.iter().filter(|it| matches!(it.actor, model::event::Actor::Caller(_)));
    assert_eq!(by_olof.count(), rows.len());
    assert_eq!(kit.store.index().revision(), kit.store.head().revision);
    assert_eq!(kit.reopened().await.store.index().dump(), kit.store.index().dump());
}
