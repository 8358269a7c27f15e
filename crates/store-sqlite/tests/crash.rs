//! Killed at any moment, the store has lost nothing that it acknowledged, holds nothing half
//! done, and starts again. The test runs itself as the process that is killed.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "test code")]

use std::{
    collections::BTreeMap,
    env, fs,
    io::{BufRead, BufReader, Write, stdout},
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
};

use ids::clock::{Random, Revision, TestRandom};
use model::{
    change::{Change, Noun},
    resource::Resource,
    samples,
};
use store::{
    conformance::kit::{self, Kit},
    record::Record,
    records::ranges,
};
use store_sqlite::engine::Sqlite;

/// Where the child finds its folder; nobody else sets it.
const FOLDER: &str = "FYR_CRASH_FOLDER";
const ROUNDS: u64 = 200;
/// A new folder after so many rounds, so that replaying stays quick.
const ROUNDS_PER_FOLDER: u64 = 25;
const CUTS_PER_ROUND: u64 = 2;
/// What the random moments are drawn from; a failure names the round.
const SEED: u64 = 0xF7A5_0001;
const TASKS: u64 = 6;

/// One acknowledged unit, as the child tells it.
#[derive(Clone, Copy, Debug)]
struct Acknowledged {
    revision: Revision,
    task: u64,
    n: u64,
    /// How long the log was when the answer was there.
    log: u64,
}

/// The killed process: pairs of rows that must always be equal, as fast as it can.
#[test]
fn child() {
    let Some(folder) = env::var_os(FOLDER) else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    runtime.block_on(write_for_ever(Path::new(&folder)));
}

async fn write_for_ever(folder: &Path) {
    let engine = Sqlite::open(folder).unwrap();
    let seed = u64::from(std::process::id()) << 32;
    let kit = Arc::new(Kit::seeded(engine, seed).await.unwrap());
    if kit.store.head().revision == Revision(0) {
        kit.put_all(kit::world()).await;
    }
    let log = folder.join("fyr.db-wal");
    let work = |task| {
        let (kit, log) = (Arc::clone(&kit), log.clone());
        tokio::spawn(async move {
            let [a, _] = pair(task, 0);
            let before: Option<Resource> = kit.begin().find(&a.id).await.unwrap();
            let first = before.as_ref().map_or(0, kit::amount);
            for n in first + 1.. {
                let mut unit = kit.begin();
                for resource in pair(task, n) {
                    kit::put(&mut unit, Noun::Resource(resource)).await;
                }
                let revision = unit.commit().await.unwrap();
                let length = fs::metadata(&log).unwrap().len();
                let line = format!("ack {} {task} {n} {length}\n", revision.0);
                stdout().lock().write_all(line.as_bytes()).unwrap();
            }
        })
    };
    let tasks: Vec<_> = (0..TASKS).map(work).collect();
    for task in tasks {
        task.await.unwrap();
    }
}

fn pair(task: u64, n: u64) -> [Resource; 2] {
    ["a", "b"].map(|side| kit::resource("app", &format!("{side}{task}"), n))
}

fn spawn(folder: &Path) -> Child {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "child", "--nocapture"]).env(FOLDER, folder);
    command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
}

/// Lets the child run for so many answers and a little longer, then kills it. Everything it
/// had written to the pipe counts.
fn run_and_kill(folder: &Path, answers: u64, longer: u64) -> Vec<Acknowledged> {
    let mut child = spawn(folder);
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut acknowledged = Vec::new();
    while u64::try_from(acknowledged.len()).unwrap() < answers {
        let line = lines.next().expect("the child ended by itself").unwrap();
        acknowledged.extend(parse(&line));
    }
    (0..longer).for_each(|_| std::thread::yield_now());
    child.kill().unwrap();
    child.wait().unwrap();
    // The last line may be cut off.
    acknowledged.extend(lines.map_while(Result::ok).filter_map(|line| parse(&line)));
    acknowledged
}

fn parse(line: &str) -> Option<Acknowledged> {
    let numbers: Vec<u64> =
        line.strip_prefix("ack ")?.split(' ').map_while(|word| word.parse().ok()).collect();
    let [revision, task, n, log] = numbers.try_into().ok()?;
    Some(Acknowledged { revision: Revision(revision), task, n, log })
}

/// Opens the folder again; everything in it must belong together. Answers the last revision.
async fn check(folder: &Path, seed: u64, must: &[Acknowledged]) -> Revision {
    let kit = Kit::seeded(Sqlite::open(folder).unwrap(), seed).await.unwrap();
    let journal = kit.store.journal(Revision(0), usize::MAX).await.unwrap();
    let head = kit.store.head().revision;
    assert_eq!(journal.last().map_or(Revision(0), |entry| entry.revision), head);

    let mut rows: BTreeMap<String, Resource> = BTreeMap::new();
    let mut written: BTreeMap<(Revision, String), u64> = BTreeMap::new();
    for entry in journal {
        if let Change::Put(Noun::Resource(it)) = entry.event.change {
            let name = it.id.name().as_str().to_owned();
            written.insert((entry.revision, name.clone()), kit::amount(&it));
            rows.insert(name, it);
        }
    }
    for it in must {
        for side in ["a", "b"] {
            let found = written.get(&(it.revision, format!("{side}{}", it.task)));
            assert_eq!(found, Some(&it.n), "{it:?} was lost");
        }
    }
    let expected: Vec<Resource> = rows.into_values().collect();
    for range in [
        ranges::resources_of_subscription(samples::SUBSCRIPTION),
        ranges::resources_of_group(samples::SUBSCRIPTION, &"app".parse().unwrap()),
        ranges::resources_below(&samples::whole()),
    ] {
        let listed: Vec<Resource> = kit.begin().list(&range).await.unwrap();
        assert_eq!(listed, expected, "rows, lists and journal say the same");
    }
    for task in 0..TASKS {
        let mut unit = kit.begin();
        let mut amounts = Vec::new();
        for it in pair(task, 0) {
            let row: Option<Resource> = unit.find(&it.id()).await.unwrap();
            amounts.push(row.as_ref().map(kit::amount));
        }
        assert_eq!(amounts[0], amounts[1], "a unit was done by half");
    }
    // And it goes on working.
    kit.put(Noun::ResourceGroup(kit::resource_group("alive"))).await;
    kit.close().await;
    head
}

/// A copy of the folder whose log ends at that length.
fn cut(folder: &Path, length: u64) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    for file in ["fyr.db", "fyr.db-wal"] {
        fs::copy(folder.join(file), copy.path().join(file)).unwrap();
    }
    let log = fs::OpenOptions::new().write(true).open(copy.path().join("fyr.db-wal")).unwrap();
    log.set_len(length).unwrap();
    copy
}

#[tokio::test]
async fn killed_at_any_moment_it_loses_nothing_acknowledged_and_leaves_nothing_half_done() {
    let random = TestRandom::seeded(SEED);
    let below = |bound: u64| {
        let mut bytes = [0; 8];
        random.fill(&mut bytes);
        u64::from_le_bytes(bytes) % bound
    };
    let mut folder = tempfile::tempdir().unwrap();
    let mut cuts_that_lost = 0_u64;
    for round in 0..ROUNDS {
        if round % ROUNDS_PER_FOLDER == 0 {
            folder = tempfile::tempdir().unwrap();
        }
        let round_seed = (round + 1) << 20;
        eprintln!("round {round} of seed {SEED:#x}");
        let acknowledged = run_and_kill(folder.path(), below(12), below(400));
        if let Ok(log) = fs::metadata(folder.path().join("fyr.db-wal")) {
            for n in 0..CUTS_PER_ROUND {
                let length = below(log.len() + 1);
                let copy = cut(folder.path(), length);
                let kept: Vec<_> =
                    acknowledged.iter().copied().filter(|it| it.log <= length).collect();
                let head = check(copy.path(), round_seed + 1 + n, &kept).await;
                cuts_that_lost += u64::from(acknowledged.iter().any(|it| it.revision > head));
            }
        }
        check(folder.path(), round_seed, &acknowledged).await;
    }
    assert!(cuts_that_lost > 0, "no cut ever took anything away: they cut nothing");
}
