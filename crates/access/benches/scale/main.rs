//! What a check costs at a hundred, ten thousand and a million delegations.
//!
//! ```console
//! cargo bench -p access --bench scale                      # 100 and 10,000
//! cargo bench -p access --bench scale -- 1000000           # as many as said
//! ```
//!
//! Grants and refusals apart; with the numbers in hand (`ids in`) and from the names (`names in`).
//! The reference of each world is one look-up in a map of as many entries. What a machine does not
//! vary is the number of instructions:
//!
//! ```console
//! valgrind --tool=callgrind --collect-atstart=no --toggle-collect='*Index>::may' \
//!     target/release/deps/scale-* --count allowed 10000
//! ```
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark"
)]

mod world;

use std::{collections::HashMap, env, fs, hint::black_box, time::Instant};

use access::{
    catalogue::Catalogue,
    handle::{Operation, Place, Who},
    index::Index,
};
use ids::{clock::Revision, guid::Principal};
use model::{
    action::Action,
    change::{Change, Noun},
    question::Question,
    samples,
};
use world::{Draws, PEOPLE, World, person};

/// So many different questions of each kind.
const QUESTIONS: usize = 1 << 15;
const ROUNDS: usize = 4;

/// What those who manage others' resources do.
const ACTIONS: [&str; 16] = [
    "Microsoft.Compute/virtualMachines/read",
    "Microsoft.Compute/virtualMachines/write",
    "Microsoft.Compute/virtualMachines/start/action",
    "Microsoft.Compute/virtualMachines/restart/action",
    "Microsoft.Storage/storageAccounts/read",
    "Microsoft.Storage/storageAccounts/write",
    "Microsoft.Storage/storageAccounts/listKeys/action",
    "Microsoft.Network/virtualNetworks/subnets/write",
    "Microsoft.Network/networkSecurityGroups/read",
    "Microsoft.Insights/alertRules/write",
    "Microsoft.OperationalInsights/workspaces/search/action",
    "Microsoft.RecoveryServices/Vaults/backupPolicies/write",
    "Microsoft.Support/supportTickets/write",
    "Microsoft.Resources/subscriptions/resourceGroups/read",
    "Microsoft.Resources/deployments/write",
    "Microsoft.Authorization/roleAssignments/write",
];

/// A question, with names and with numbers.
struct Asked {
    who: Principal,
    question: Question,
    numbers: (Who, Operation, Place),
}

fn main() {
    let words: Vec<String> = env::args().skip(1).filter(|word| word != "--bench").collect();
    let sizes: Vec<usize> = words.iter().filter_map(|word| word.parse().ok()).collect();
    if words.first().is_some_and(|word| word == "--count") {
        count(words.iter().any(|word| word == "allowed"), sizes[0]);
    } else if sizes.is_empty() {
        [100, 10_000].into_iter().for_each(measure);
    } else {
        sizes.into_iter().for_each(measure);
    }
}

/// Asks and does nothing else that is counted.
fn count(is_allowed: bool, size: usize) {
    let world = World::of(size);
    let index = Index::new(Catalogue::builtin()).after(&world.changes, Revision(1));
    let asked = questions(&world, &index, is_allowed);
    let times = |of: &dyn Fn(&Asked) -> bool| asked.iter().filter(|it| of(it)).count();
    println!("{} of {}", times(&|it| by_numbers(&index, it)), asked.len());
    println!("{} of {}", times(&|it| by_names(&index, it)), asked.len());
}

fn measure(size: usize) {
    let world = World::of(size);
    let before = resident_bytes();
    let begun = Instant::now();
    let index = Index::new(Catalogue::builtin()).after(&world.changes, Revision(1));
    let seconds = begun.elapsed().as_secs_f64();
    let bytes = resident_bytes().saturating_sub(before) / size as u64;
    println!("{size} delegations: built in {seconds:.2} s, {bytes} bytes each");
    println!("  {:<24}{}", "one changes", change(&world, &index));
    println!("  {:<24}{}", "reference: one look-up", reference(size));
    for (name, is_allowed) in [("allowed", true), ("refused", false)] {
        let asked = questions(&world, &index, is_allowed);
        println!(
            "  {:<24}{}",
            format!("{name}, ids in"),
            figures(&asked, |it| by_numbers(&index, it))
        );
        println!(
            "  {:<24}{}",
            format!("{name}, names in"),
            figures(&asked, |it| by_names(&index, it))
        );
    }
}

fn by_numbers(index: &Index, asked: &Asked) -> bool {
    let (who, operation, place) = &asked.numbers;
    index.may(who, operation, place, samples::now())
}

fn by_names(index: &Index, asked: &Asked) -> bool {
    index.check(asked.who, &asked.question, samples::now()).is_allowed()
}

/// Questions about delegations, all of which have that answer.
fn questions(world: &World, index: &Index, is_allowed: bool) -> Vec<Asked> {
    let draws = Draws::new(7);
    let operations: Vec<Operation> =
        ACTIONS.map(|name| index.operation(Action::known(name))).into();
    let ask = || {
        let delegated = &world.delegated[draws.below(world.delegated.len())];
        let (who, place) = (person(delegated.provider, draws.below(PEOPLE)), &delegated.scope);
        let action = draws.below(ACTIONS.len());
        let question = Question::any(Action::known(ACTIONS[action]), place.clone());
        let operation = operations[action].clone();
        let numbers = (index.who(who), operation, index.place(place.clone()));
        Asked { who, question, numbers }
    };
    let all = std::iter::repeat_with(ask);
    all.filter(|it| by_names(index, it) == is_allowed).take(QUESTIONS).collect()
}

/// The mean of many in a row, and the spread of each alone.
fn figures<T>(all: &[T], ask: impl Fn(&T) -> bool) -> String {
    let begun = Instant::now();
    for _ in 0..ROUNDS {
        for it in all {
            black_box(ask(it));
        }
    }
    let mean = begun.elapsed().as_nanos() as f64 / (ROUNDS * all.len()) as f64;
    let timed = |work: &dyn Fn(&T)| {
        let time = |it| {
            let begun = Instant::now();
            work(it);
            begun.elapsed().as_nanos() as u64
        };
        let mut times: Vec<u64> = all.iter().map(time).collect();
        times.sort_unstable();
        times
    };
    let clock = timed(&|_| ())[all.len() / 2];
    let times = timed(&|it| {
        black_box(ask(it));
    });
    let at = |share: usize| times[times.len() * share / 100].saturating_sub(clock);
    format!("mean {mean:.0} ns, p50 {} ns, p99 {} ns", at(50), at(99))
}

fn reference(size: usize) -> String {
    let map: HashMap<u128, u128> = (0..size as u128).map(|n| (n << 64, n)).collect();
    let draws = Draws::new(3);
    let keys: Vec<u128> = (0..QUESTIONS).map(|_| (draws.below(size) as u128) << 64).collect();
    figures(&keys, |key| map.contains_key(key))
}

/// Delegations end one after the other, each a commit of its own.
fn change(world: &World, index: &Index) -> String {
    let end = |change: &Change| match change {
        Change::Put(noun @ Noun::Assignment(_)) => Some(Change::Remove(noun.clone())),
        Change::Put(_) | Change::Remove(_) | Change::Leave(_) | Change::Alter(_) => None,
    };
    let ends: Vec<Change> = world.changes.iter().filter_map(end).step_by(7).take(200).collect();
    let begun = Instant::now();
    let mut now = index.clone();
    for end in &ends {
        now = black_box(now.after(std::slice::from_ref(end), Revision(2)));
    }
    format!("mean {:.1} µs", begun.elapsed().as_micros() as f64 / ends.len() as f64)
}

/// What the process has of the machine's memory; nothing where it cannot be told.
fn resident_bytes() -> u64 {
    let text = fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = text.split(' ').nth(1).and_then(|it| it.parse::<u64>().ok());
    pages.unwrap_or_default() * 4096
}
