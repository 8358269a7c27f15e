//! Fyr itself: the index, built from the changes that make the world.

use std::{hint::black_box, time::Instant};

use access::{catalogue::Catalogue, index::Index};
use ids::clock::Revision;
use model::{
    change::{Change, Noun},
    samples,
};

use crate::{ask::Asked, engine::Costs, memory::held, world::World};

/// So many delegations end, each in a commit of its own.
pub(crate) const ENDS: usize = 200;

/// The index, made as at a start: from the facts of a checkpoint, as text.
pub(crate) fn build(world: &World) -> (Index, Costs) {
    let texts = texts(world);
    let is_delegation =
        |text: &str| text.starts_with("{\"definition\"") || text.starts_with("{\"delegation\"");
    let before = held();
    let bare = restored(texts.iter().filter(|text| !is_delegation(text)));
    let without = held().saturating_sub(before);
    drop(bare);
    let (begun, before) = (Instant::now(), held());
    let index = restored(texts.iter());
    let build_seconds = begun.elapsed().as_secs_f64();
    let with = held().saturating_sub(before);
    let bytes_each = with.saturating_sub(without) / world.delegated.len();
    let change_micros = Some(change(world, &index));
    (index, Costs { build_seconds, bytes_each, change_micros })
}

/// The facts of a world, as a checkpoint keeps them.
pub(crate) fn texts(world: &World) -> Vec<String> {
    let grown = Index::new(Catalogue::builtin()).after(&world.changes, Revision(1));
    let facts = grown.facts();
    drop(grown);
    facts.into_iter().map(|fact| serde_json::to_string(&fact).unwrap()).collect()
}

/// The index of these facts.
#[inline(never)]
pub(crate) fn restored<'a>(texts: impl Iterator<Item = &'a String>) -> Index {
    let facts = texts.map(|text| serde_json::from_str(text).unwrap());
    Index::restore(Catalogue::builtin(), facts, Revision(1), Revision(1))
}

pub(crate) fn by_numbers(index: &Index, asked: &Asked) -> bool {
    let (who, operation, place) = &asked.numbers;
    index.may(who, operation, place, samples::now())
}

pub(crate) fn by_names(index: &Index, asked: &Asked) -> bool {
    index.allows(asked.who, &asked.question, samples::now())
}

/// Delegations far from each other end, one after the other: the median.
pub(crate) fn change(world: &World, index: &Index) -> f64 {
    let end = |change: &Change| match change {
        Change::Put(noun @ Noun::Assignment(_)) => Some(Change::Remove(noun.clone())),
        Change::Put(_) | Change::Remove(_) | Change::Leave(_) | Change::Alter(_) => None,
    };
    let all: Vec<Change> = world.changes.iter().filter_map(end).collect();
    let step = (all.len() / ENDS).max(1);
    let ends: Vec<&Change> = all.iter().step_by(step).take(ENDS).collect();
    let mut times = ended(index, &ends);
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// What each end takes, in microseconds, what becomes of the index before among it.
#[inline(never)]
fn ended(index: &Index, ends: &[&Change]) -> Vec<f64> {
    let mut now = index.clone();
    let time = |end: &&Change| {
        let begun = Instant::now();
        now = black_box(now.after(std::slice::from_ref(*end), Revision(3)));
        begun.elapsed().as_secs_f64() * 1e6
    };
    ends.iter().map(time).collect()
}
