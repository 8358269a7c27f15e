//! Readers ask without a pause while somebody writes: each answer is the book's for the revision
//! that it is told by, and that is none before what was acknowledged when it was asked for.

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::task::{JoinHandle, yield_now};

use super::*;

const READERS: u64 = 3;
const CHANGES: usize = 40;

/// What somebody heard.
struct Heard {
    /// What was acknowledged when it was asked for.
    before: Revision,
    /// By which it was told.
    by: Revision,
    asked: Question,
    who: Vec<Principal>,
    /// Whether each of these may by themselves.
    alone: Vec<(Principal, bool)>,
}

struct Race {
    store: Arc<Store>,
    heard: Mutex<Vec<Heard>>,
    is_over: AtomicBool,
}

fn hear(past: &Past, before: Revision, asked: Question) -> Heard {
    let who = past.index.who_can(&asked, past.now);
    let may = |it: Principal| (it, past.index.check(it, &asked, past.now).is_allowed());
    let alone = [ADA, OLOF, NORA].map(may).to_vec();
    Heard { before, by: past.index.revision(), asked, who, alone }
}

async fn read(race: Arc<Race>, seed: u64) {
    let random = TestRandom::seeded(seed);
    while !race.is_over.load(Ordering::Relaxed) {
        let mut draw = [0; 4];
        random.fill(&mut draw);
        let [action, place, when, how] = draw;
        let asked = Question {
            action: pick(&[Action::GROUPS_READ, WRITE, Action::ROLE_ASSIGNMENTS_WRITE], action),
            scope: pick(&[samples::whole(), group(), Scope::Tenant(CUSTOMER)], place),
            via: Via::Any,
        };
        let before = race.store.head().revision;
        let heard = if how % 4 == 0 {
            let at = Revision(before.0 * u64::from(when) / 255);
            let past = race.store.past(Point::Revision(at)).await.unwrap();
            assert_eq!(past.index.revision(), at, "the past that was asked for");
            hear(&past, at, asked)
        } else {
            let index = race.store.facts().await.unwrap();
            hear(&Past { index, now: race.store.now() }, before, asked)
        };
        race.heard.lock().unwrap().push(heard);
        yield_now().await;
    }
}

/// Until so much was heard that some of it was asked for since, or one of them has failed.
async fn heard_of(race: &Race, readers: &[JoinHandle<()>]) {
    let count = || race.heard.lock().unwrap().len();
    let enough = count() + usize::try_from(READERS).unwrap() + 1;
    while count() < enough && !readers.iter().any(JoinHandle::is_finished) {
        yield_now().await;
    }
}

async fn race(seed: u64) -> (Kit, Arc<Race>) {
    let kit = Kit::new(Arc::new(Memory::default())).await;
    kit.put_all(vec![
        Noun::User(samples::user(NORA, "nora")),
        Noun::Group(samples::group(TIER2, "tier2")),
    ])
    .await;
    let store = Arc::clone(&kit.store);
    let race = Arc::new(Race { store, heard: Mutex::default(), is_over: AtomicBool::new(false) });
    let readers: Vec<_> =
        (0..READERS).map(|n| tokio::spawn(read(Arc::clone(&race), 100 * seed + n))).collect();
    let random = TestRandom::seeded(seed);
    for _ in 0..CHANGES {
        let mut draw = [0; 5];
        random.fill(&mut draw);
        let [kind, a, b, c, goes] = draw;
        happen(&kit, noun([kind, a, b, c]), goes % 3 == 0).await;
        heard_of(&race, &readers).await;
    }
    race.is_over.store(true, Ordering::Relaxed);
    for reader in readers {
        reader.await.unwrap();
    }
    (kit, race)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_asks_while_others_write_hears_what_was_so_at_the_revision_that_it_is_told_by() {
    for seed in 1..=3 {
        let (kit, race) = race(seed).await;
        let heard = std::mem::take(&mut *race.heard.lock().unwrap());
        let named: BTreeSet<Revision> = heard.iter().map(|it| it.by).collect();
        assert!(named.len() > CHANGES / 2, "{named:?}");
        let mut books = Vec::new();
        for revision in 0..=kit.store.head().revision.0 {
            books.push(book(&kit, Revision(revision)).await);
        }
        let (mut yes, all) = (0, heard.len());
        for Heard { before, by, asked, who, alone } in heard {
            assert!(by >= before, "asked for at {before}, told by {by}");
            let book = &books[usize::try_from(by.0).unwrap()];
            assert_eq!(who, book.who_can(&asked), "{by} {asked:?}");
            yes += usize::from(!who.is_empty());
            for (it, may) in alone {
                assert_eq!(may, book.ask(it, &asked).is_allowed(), "{by} {it} {asked:?}");
            }
        }
        assert!(yes * 10 > all, "{yes} of {all} were about something that somebody may");
    }
}
