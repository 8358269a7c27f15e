//! A hash map whose copies share what they have in common.
//!
//! A snapshot of the index is a copy; a change copies the one shard it touches. Not a radix of
//! lines yet, as the design has it: a shard of a million entries holds about a thousand.

use std::{
    hash::{BuildHasher, Hash},
    sync::Arc,
};

use foldhash::fast::RandomState;
use hashbrown::HashTable;

/// Copying this many entries takes about as long as copying the list of shards.
const SHARD_ENTRIES: usize = 64;
/// Copying the list of shards stays at some microseconds.
const SHARDS_MAX: usize = 1024;

type Shard<K, V> = HashTable<(K, V)>;

#[derive(Clone)]
pub(crate) struct Map<K, V> {
    shards: Arc<Vec<Arc<Shard<K, V>>>>,
    hasher: RandomState,
    length: usize,
}

/// A set whose copies share what they have in common.
pub(crate) type Set<K> = Map<K, ()>;

impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        let shards = Arc::new(vec![Arc::new(HashTable::new())]);
        Self { shards, hasher: RandomState::default(), length: 0 }
    }
}

impl<K: Clone + Eq + Hash, V: Clone> Map<K, V> {
    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        if self.length == 0 {
            return None;
        }
        let hash = self.hasher.hash_one(key);
        let shard = self.shards.get(place(hash, self.shards.len()))?;
        shard.find(hash, |(k, _)| k == key).map(|(_, value)| value)
    }

    pub(crate) fn contains(&self, key: &K) -> bool {
        self.get(key).is_some()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.shards.iter().flat_map(|shard| shard.iter()).map(|(key, value)| (key, value))
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
        let shards = Arc::make_mut(&mut self.shards);
        let place = place(hash, shards.len());
        let Some(shard) = shards.get_mut(place) else { return edit(&mut None) };
        let shard = Arc::make_mut(shard);
        let found = shard.find_entry(hash, |(k, _)| k == key).ok();
        let mut value = found.map(|entry| entry.remove().0.1);
        self.length -= usize::from(value.is_some());
        let result = edit(&mut value);
        if let Some(value) = value {
            self.length += 1;
            shard.insert_unique(hash, (key.clone(), value), |(k, _)| self.hasher.hash_one(k));
        }
        if self.length > shards.len() * SHARD_ENTRIES && shards.len() < SHARDS_MAX {
            self.grow();
        }
        result
    }

    fn grow(&mut self) {
        let count = self.shards.len() * 2;
        let mut shards = vec![HashTable::new(); count];
        for (key, value) in self.iter() {
            let hash = self.hasher.hash_one(key);
            if let Some(shard) = shards.get_mut(place(hash, count)) {
                let entry = (key.clone(), value.clone());
                shard.insert_unique(hash, entry, |(k, _)| self.hasher.hash_one(k));
            }
        }
        self.shards = Arc::new(shards.into_iter().map(Arc::new).collect());
    }
}

/// Which of a power of two of shards: by bits that the tables themselves look at last.
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
