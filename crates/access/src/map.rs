//! A hash map whose copies share what they have in common.
//!
//! A snapshot of the index is a copy; a change copies the one shard it touches, and the two lists
//! that lead to it. Each entry keeps its hash: what grows moves entries, and hashing a long name
//! again costs more than all the rest of it.

use std::{
    hash::{BuildHasher, Hash},
    sync::Arc,
};

use foldhash::fast::RandomState;
use hashbrown::HashTable;

/// Copying this many entries takes about as long as copying the two lists.
const SHARD_ENTRIES: usize = 64;
/// So many shards are listed together.
const FOLDER_SHARDS: usize = 64;
/// Copying the list of folders stays at some microseconds.
const SHARDS_MAX: usize = FOLDER_SHARDS * 1024;

#[derive(Clone)]
struct Entry<K, V> {
    hash: u64,
    key: K,
    value: V,
}

type Shard<K, V> = HashTable<Entry<K, V>>;
type Folder<K, V> = Arc<Vec<Arc<Shard<K, V>>>>;

/// Most maps are small: they stand within others, one for each key.
#[derive(Clone)]
enum Shards<K, V> {
    One(Arc<Shard<K, V>>),
    Many(Arc<Vec<Folder<K, V>>>),
}

#[derive(Clone)]
pub(crate) struct Map<K, V> {
    all: Shards<K, V>,
    hasher: RandomState,
    length: usize,
    /// How many there are: a power of two.
    shards: usize,
}

/// A set whose copies share what they have in common.
pub(crate) type Set<K> = Map<K, ()>;

impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        let all = Shards::One(Arc::new(HashTable::new()));
        Self { all, hasher: RandomState::default(), length: 0, shards: 1 }
    }
}

impl<K: Clone + Eq + Hash, V: Clone> Map<K, V> {
    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        if self.length == 0 {
            return None;
        }
        let hash = self.hasher.hash_one(key);
        let shard = match &self.all {
            Shards::One(shard) => shard,
            Shards::Many(folders) => {
                let place = place(hash, self.shards);
                folders.get(place / FOLDER_SHARDS)?.get(place % FOLDER_SHARDS)?
            }
        };
        shard.find(hash, |entry| entry.key == *key).map(|entry| &entry.value)
    }

    pub(crate) fn contains(&self, key: &K) -> bool {
        self.get(key).is_some()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.entries().map(|entry| (&entry.key, &entry.value))
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
        let shard = match &mut self.all {
            Shards::One(shard) => Some(shard),
            Shards::Many(folders) => {
                let place = place(hash, self.shards);
                let folder = Arc::make_mut(folders).get_mut(place / FOLDER_SHARDS);
                folder.and_then(|it| Arc::make_mut(it).get_mut(place % FOLDER_SHARDS))
            }
        };
        let Some(shard) = shard else { return edit(&mut None) };
        let shard = Arc::make_mut(shard);
        let found = shard.find_entry(hash, |entry| entry.key == *key).ok();
        let mut value = found.map(|entry| entry.remove().0.value);
        self.length -= usize::from(value.is_some());
        let result = edit(&mut value);
        if let Some(value) = value {
            self.length += 1;
            let entry = Entry { hash, key: key.clone(), value };
            shard.insert_unique(hash, entry, |entry| entry.hash);
        }
        if self.length > self.shards * SHARD_ENTRIES && self.shards < SHARDS_MAX {
            self.grow();
        }
        result
    }

    fn entries(&self) -> impl Iterator<Item = &Entry<K, V>> {
        let (one, many) = match &self.all {
            Shards::One(shard) => (Some(shard), None),
            Shards::Many(folders) => (None, Some(folders)),
        };
        let many = many.into_iter().flat_map(|folders| folders.iter()).flat_map(|it| it.iter());
        one.into_iter().chain(many).flat_map(|shard| shard.iter())
    }

    fn grow(&mut self) {
        let count = self.shards * 2;
        let mut shards = vec![Shard::new(); count];
        for entry in self.entries() {
            if let Some(shard) = shards.get_mut(place(entry.hash, count)) {
                shard.insert_unique(entry.hash, entry.clone(), |entry| entry.hash);
            }
        }
        let shards: Vec<_> = shards.into_iter().map(Arc::new).collect();
        let folders = shards.chunks(FOLDER_SHARDS).map(|folder| Arc::new(folder.to_vec()));
        self.all = Shards::Many(Arc::new(folders.collect()));
        self.shards = count;
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
