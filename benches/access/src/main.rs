//! What a decision costs at a hundred, ten thousand and a million delegations, and what it costs those
//! whom engineers would take otherwise.
//!
//! ```console
//! cargo run --release                         # 100 and 10,000, all engines, and the plots
//! cargo run --release -- 1000000              # as many as said; a million takes some gigabytes
//! cargo run --release --no-default-features   # Fyr alone, which builds quickly
//! ```
//!
//! Grants and refusals apart; with what was looked up beforehand in hand (`ids in`) and from the names
//! (`names in`). The reference of each world is one look-up in a map of as many entries. What a machine
//! does not vary is the number of instructions:
//!
//! ```console
//! valgrind --tool=callgrind --collect-atstart=no --toggle-collect='*Index>::may' \
//!     target/release/access-bench --count allowed 10000
//! valgrind --tool=callgrind --collect-atstart=no --toggle-collect='*fyr::change' \
//!     target/release/access-bench --count change 10000
//! ```

mod ask;
#[cfg(feature = "peers")]
mod casbin;
#[cfg(feature = "peers")]
mod cedar;
mod engine;
#[cfg(feature = "peers")]
mod facts;
mod figures;
mod fyr;
mod memory;
mod plot;
mod world;

use std::{collections::HashMap, env, path::Path};

use access::{catalogue::Catalogue, index::Index};
use ids::clock::Revision;

use crate::{
    ask::{Asked, questions},
    engine::{Costs, Kind, Measured},
    figures::Figures,
    memory::Counting,
    world::{Draws, World},
};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// So many look-ups of the reference.
const LOOKUPS: usize = 1 << 15;

fn main() {
    let words: Vec<String> = env::args().skip(1).collect();
    let sizes: Vec<usize> = words.iter().filter_map(|word| word.parse().ok()).collect();
    if words.first().is_some_and(|word| word == "--count") {
        return count(&words[1], sizes[0]);
    }
    let sizes = if sizes.is_empty() { vec![100, 10_000] } else { sizes };
    let mut all = Vec::new();
    for size in sizes {
        let world = World::of(size);
        println!("{size} delegations");
        println!("  {:<36}{}", "reference: one look-up", reference(size));
        all.extend(measured(&world));
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/plots");
    plot::write(&folder, &all).unwrap();
    println!("plots: {}", folder.display());
}

/// All engines, each as far as it can hold the world.
fn measured(world: &World) -> Vec<Measured> {
    let (index, costs) = fyr::build(world);
    let asked = [true, false].map(|is_allowed| questions(world, &index, is_allowed));
    let fyr = fyr(world, &index, costs, &asked);
    print(&fyr);
    let mut all = vec![fyr];
    all.extend(peers(world, &asked));
    all
}

#[cfg(not(feature = "peers"))]
fn peers(_: &World, _: &[Vec<Asked>; 2]) -> Vec<Measured> {
    Vec::new()
}

#[cfg(feature = "peers")]
fn peers(world: &World, asked: &[Vec<Asked>; 2]) -> Vec<Measured> {
    let facts = facts::Facts::of(world);
    let asked = asked.each_ref().map(Vec::as_slice);
    let cedar = cedar::measure(&facts, asked);
    print(&cedar);
    let casbin = casbin::measure(&facts, asked);
    casbin.iter().for_each(print);
    std::iter::once(cedar).chain(casbin).collect()
}

/// Asks, or changes, and does nothing else that is counted.
fn count(what: &str, size: usize) {
    let world = World::of(size);
    let index = Index::new(Catalogue::builtin()).after(&world.changes, Revision(1));
    if what == "change" {
        println!("{:.1} µs", fyr::change(&world, &index));
        return;
    }
    let asked = questions(&world, &index, what == "allowed");
    let times = |of: &dyn Fn(&Asked) -> bool| asked.iter().filter(|it| of(it)).count();
    println!("{} of {}", times(&|it| fyr::by_numbers(&index, it)), asked.len());
    println!("{} of {}", times(&|it| fyr::by_names(&index, it)), asked.len());
}

fn fyr(world: &World, index: &Index, costs: Costs, asked: &[Vec<Asked>; 2]) -> Measured {
    let figures = |kind: Kind| {
        let all = &asked[usize::from(!kind.is_allowed)];
        if kind.ids_in {
            Figures::of(all, |it| fyr::by_numbers(index, it))
        } else {
            Figures::of(all, |it| fyr::by_names(index, it))
        }
    };
    let answers = Kind::ALL.map(|kind| (kind, figures(kind))).into();
    Measured { engine: "fyr", delegations: world.delegated.len(), costs, answers }
}

fn reference(size: usize) -> Figures {
    let map: HashMap<u128, u128> = (0..size as u128).map(|n| (n << 64, n)).collect();
    let draws = Draws::new(3);
    let keys: Vec<u128> = (0..LOOKUPS).map(|_| (draws.below(size) as u128) << 64).collect();
    Figures::of(&keys, |key| map.contains_key(key))
}

fn print(measured: &Measured) {
    let Measured { engine, costs, answers, .. } = measured;
    println!(
        "  {engine:<36}built in {:.2} s, {} bytes a delegation, one ends in {} µs",
        costs.build_seconds,
        costs.bytes_each,
        costs.change_micros.map_or("-".to_owned(), |it| format!("{it:.1}")),
    );
    for (kind, figures) in answers {
        println!("  {:<36}{figures}", format!("{engine}: {}", kind.name()));
    }
}
