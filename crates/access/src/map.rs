//! A hash map whose copies share what they have in common.
//!
//! A snapshot of the index is a copy; a change copies the one shard it touches, and the lists on the
//! way to it. All of them are short: whoever copies a list touches the count of each thing in it, and
//! in a large map those are far from the processor. A shard has room for what is in it and no more.

use std::{
    hash::{BuildHasher, Hash},
    iter,
    sync::Arc,
};

use foldhash::fast::RandomState;

use crate::shard::Shard;

/// Fewer would take more memory, more would take longer to copy.
const SHARD_ENTRIES: usize = 16;
/// So many bits of a place choose among what is listed together.
const LIST_BITS: u32 = 4;
const LIST: usize = 1 << LIST_BITS;

/// Most maps are small: they stand within others, one for each key.
#[derive(Clone)]
enum Shards<K, V> {
    One(Arc<Shard<K, V>>),
    /// All of these are equally high.
    Several(Arc<[Shards<K, V>]>),
}

#[derive(Clone)]
pub(crate) struct Map<K, V> {
    all: Shards<K, V>,
    hasher: RandomState,
    length: usize,
    /// How many there are: a power of two.
    shards: usize,
    /// By how many bits a place is shifted at the root.
    shift: u32,
}

/// A set whose copies share what they have in common.
pub(crate) type Set<K> = Map<K, ()>;

impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        let all = Shards::One(Arc::default());
        Self { all, hasher: RandomState::default(), length: 0, shards: 1, shift: 0 }
    }
}

impl<K: Clone + Eq + Hash, V: Clone> Map<K, V> {
    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        self.entry(key).map(|(_, value)| value)
    }

    /// The equal key that is in it.
    pub(crate) fn key(&self, key: &K) -> Option<&K> {
        self.entry(key).map(|(key, _)| key)
    }

    fn entry(&self, key: &K) -> Option<&(K, V)> {
        if self.length == 0 {
            return None;
        }
        let hash = self.hasher.hash_one(key);
        let mut way = self.way(hash);
        let mut at = &self.all;
        loop {
            match at {
                Shards::One(shard) => return shard.get(hash, key),
                Shards::Several(all) => at = all.get(way.next())?,
            }
        }
    }

    pub(crate) fn contains(&self, key: &K) -> bool {
        self.get(key).is_some()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.entries().map(|(key, value)| (key, value))
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &K> {
        self.iter().map(|(key, _)| key)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.length == 0
    }

    pub(crate) fn insert(&mut self, key: &K, value: V) {
        self.change(key, |slot| *slot = Some(value));
    }

    pub(crate) fn remove(&mut self, key: &K) {
        self.change(key, |slot| *slot = None);
    }

    /// Takes the entry out, lets it be changed, and puts back what is left.
    pub(crate) fn change<T>(&mut self, key: &K, edit: impl FnOnce(&mut Option<V>) -> T) -> T {
        let hash = self.hasher.hash_one(key);
        let way = self.way(hash);
        let Some(shard) = self.all.shard_mut(way) else { return edit(&mut None) };
        let mut value = shard.take(hash, key, |key| self.hasher.hash_one(key));
        self.length -= usize::from(value.is_some());
        let result = edit(&mut value);
        if let Some(value) = value {
            self.length += 1;
            shard.add(hash, (key.clone(), value));
        }
        if self.length > self.shards * SHARD_ENTRIES {
            self.grow();
        }
        result
    }

    fn way(&self, hash: u64) -> Way {
        Way { place: place(hash, self.shards), shift: self.shift }
    }

    fn entries(&self) -> impl Iterator<Item = &(K, V)> {
        let mut open = vec![&self.all];
        let shards = iter::from_fn(move || {
            loop {
                match open.pop()? {
                    Shards::One(shard) => return Some(shard),
                    Shards::Several(all) => open.extend(all.iter()),
                }
            }
        });
        shards.flat_map(|shard| shard.entries())
    }

    fn grow(&mut self) {
        let count = self.shards * 2;
        let mut shards = vec![Shard::default(); count];
        for entry in self.entries() {
            let hash = self.hasher.hash_one(&entry.0);
            if let Some(shard) = shards.get_mut(place(hash, count)) {
                shard.add(hash, entry.clone());
            }
        }
        let mut level: Vec<_> =
            shards.into_iter().map(|shard| Shards::One(Arc::new(shard))).collect();
        while level.len() > 1 {
            level = level.chunks(LIST).map(|list| Shards::Several(list.into())).collect();
        }
        if let Some(all) = level.pop() {
            (self.all, self.shards) = (all, count);
            self.shift = (count.ilog2() - 1) / LIST_BITS * LIST_BITS;
        }
    }
}

impl<K: Clone, V: Clone> Shards<K, V> {
    fn shard_mut(&mut self, mut way: Way) -> Option<&mut Shard<K, V>> {
        let mut at = self;
        loop {
            match at {
                Self::One(shard) => return Some(Arc::make_mut(shard)),
                Self::Several(all) => at = Arc::make_mut(all).get_mut(way.next())?,
            }
        }
    }
}

/// The way from the root to a shard.
struct Way {
    place: usize,
    /// By how many bits the place is shifted at the next list.
    shift: u32,
}

impl Way {
    /// Where to go on in the next list; there is none behind the last.
    fn next(&mut self) -> usize {
        let here = self.place.wrapping_shr(self.shift) & (LIST - 1);
        self.shift = self.shift.wrapping_sub(LIST_BITS);
        here
    }
}

/// Which of a power of two of shards: by other bits than those that tell what is in one apart.
fn place(hash: u64, shards: usize) -> usize {
    (usize::try_from(hash >> 32).unwrap_or_default()) & (shards - 1)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn sorted(map: &Map<u32, u32>) -> BTreeMap<u32, u32> {
        map.iter().map(|(k, v)| (*k, *v)).collect()
    }

    #[test]
    fn it_holds_what_a_plain_map_holds_and_copies_stay_as_they_were() {
        let (mut map, mut plain) = (Map::default(), BTreeMap::new());
        let mut before = Vec::new();
        for n in 0..20_000_u32 {
            let key = n.wrapping_mul(2_654_435_761) % 5_000;
            if n % 3 == 0 {
                map.remove(&key);
                plain.remove(&key);
            } else {
                map.insert(&key, n);
                plain.insert(key, n);
            }
            if n % 4_999 == 0 {
                before.push((map.clone(), plain.clone()));
            }
        }
        before.push((map, plain));
        for (map, plain) in before {
            assert_eq!(sorted(&map), plain);
            assert_eq!(map.is_empty(), plain.is_empty());
            for key in 0..5_000 {
                assert_eq!(map.get(&key), plain.get(&key));
            }
        }
    }
}
