//! What a decision costs at a hundred, ten thousand and a million delegations, and what it costs those
//! whom engineers would take otherwise.
//!
//! ```console
//! cargo run --release                         # all of it: some ten minutes, and some twelve gigabytes
//! cargo run --release -- 100 10000            # only these sizes
//! cargo run --release --no-default-features   # Fyr alone, which builds quickly
//! ```
//!
//! Grants and refusals apart; with what was looked up beforehand in hand (`ids in`) and from the names
//! (`names in`). The reference of each world is one look-up in a map of as many entries. What a machine
//! does not vary is the number of instructions: they are counted by `valgrind`, where that is
//! installed, in runs of this program that count one thing each:
//!
//! ```console
//! target/release/access-bench --count allowed 10000     # or refused, change, build
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
mod instructions;
mod memory;
mod plot;
mod world;

use std::{collections::HashMap, env, path::Path};

use access::index::Index;

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

/// Sizes of which instructions are counted: that machine is fifty times as slow.
const COUNTED_MAX: usize = 10_000;

fn main() {
    let words: Vec<String> = env::args().skip(1).collect();
    let sizes: Vec<usize> = words.iter().filter_map(|word| word.parse().ok()).collect();
    if words.first().is_some_and(|word| word == "--count") {
        return count(&words[1], sizes[0]);
    }
    let sizes = if sizes.is_empty() { vec![100, 10_000, 1_000_000] } else { sizes };
    let mut all = Vec::new();
    for size in &sizes {
        let world = World::of(*size);
        println!("{size} delegations");
        println!("  {:<38}{}", "reference: one look-up", reference(*size));
        all.extend(measured(world));
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/plots");
    plot::write(&folder, &all).unwrap();
    println!("plots: docs/plots");
    sizes.into_iter().filter(|size| *size <= COUNTED_MAX).for_each(instructions::print);
}

/// All engines, each as far as it can hold the world.
fn measured(world: World) -> Vec<Measured> {
    let (index, costs) = fyr::build(&world);
    let asked = [true, false].map(|is_allowed| questions(&world, &index, is_allowed));
    let fyr = fyr(&world, &index, costs, &asked);
    print(&fyr);
    drop(index);
    let mut all = vec![fyr];
    all.extend(peers(world, &asked));
    all
}

#[cfg(not(feature = "peers"))]
fn peers(_: World, _: &[Vec<Asked>; 2]) -> Vec<Measured> {
    Vec::new()
}

#[cfg(feature = "peers")]
fn peers(world: World, asked: &[Vec<Asked>; 2]) -> Vec<Measured> {
    let facts = facts::Facts::of(&world);
    drop(world);
    let asked = asked.each_ref().map(Vec::as_slice);
    let cedar = cedar::measure(&facts, asked);
    print(&cedar);
    let casbin = casbin::measure(&facts, asked);
    casbin.iter().for_each(print);
    std::iter::once(cedar).chain(casbin).collect()
}

/// Asks, changes or builds, so that nothing else need be counted; how often.
fn count(what: &str, size: usize) {
    let world = World::of(size);
    let texts = fyr::texts(&world);
    let index = fyr::restored(texts.iter());
    let times = if what == "change" {
        fyr::change(&world, &index);
        fyr::ENDS.min(size)
    } else if what == "build" {
        size
    } else {
        let asked = questions(&world, &index, what == "allowed");
        let yes = |of: fn(&Index, &Asked) -> bool| asked.iter().filter(|it| of(&index, it)).count();
        assert_eq!(yes(fyr::by_numbers), yes(fyr::by_names));
        asked.len()
    };
    println!("{times}");
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
        "  {engine:<38}built in {:.2} s, {} bytes a delegation, one ends in {} µs",
        costs.build_seconds,
        costs.bytes_each,
        costs.change_micros.map_or("-".to_owned(), |it| format!("{it:.1}")),
    );
    for (kind, figures) in answers {
        println!("  {:<38}{figures}", format!("{engine}: {}", kind.name()));
    }
}
