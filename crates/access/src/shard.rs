//! Some entries, found by their hash: a part of a map.
//!
//! A byte of each hash stands in front, so that almost only the entry that is looked for is looked
//! at. What has no room there, which is rare, is looked through.

/// So many entries have a byte in front.
const TAGS: usize = 32;
const ONES: u64 = 0x0101_0101_0101_0101;
const TOPS: u64 = ONES << 7;

#[derive(Clone)]
pub(crate) struct Shard<K, V> {
    /// Eight tags each, the first one lowest; zero where there is no entry.
    tags: [u64; TAGS / 8],
    entries: Vec<(K, V)>,
}

impl<K, V> Default for Shard<K, V> {
    fn default() -> Self {
        Self { tags: [0; TAGS / 8], entries: Vec::new() }
    }
}

impl<K: Eq, V> Shard<K, V> {
    pub(crate) fn entries(&self) -> impl Iterator<Item = &(K, V)> {
        self.entries.iter()
    }

    pub(crate) fn get(&self, hash: u64, key: &K) -> Option<&(K, V)> {
        self.entries.get(self.place(hash, key)?)
    }

    fn place(&self, hash: u64, key: &K) -> Option<usize> {
        let sought = u64::from(tag(hash)) * ONES;
        let is_at = |place: usize| self.entries.get(place).is_some_and(|(it, _)| it == key);
        for (n, word) in self.tags.iter().enumerate() {
            let differing = word ^ sought;
            // The top bit of each byte that does not differ, and of some above one that does not.
            let mut same = differing.wrapping_sub(ONES) & !differing & TOPS;
            while same != 0 {
                let place = n * 8 + (same.trailing_zeros() / 8) as usize;
                if is_at(place) {
                    return Some(place);
                }
                same &= same - 1;
            }
            if word >> 56 == 0 {
                return None;
            }
        }
        (TAGS..self.entries.len()).find(|place| is_at(*place))
    }

    /// Takes an entry out; what it holds. `hash_of` tells the hash of another key.
    pub(crate) fn take(&mut self, hash: u64, key: &K, hash_of: impl Fn(&K) -> u64) -> Option<V> {
        let place = self.place(hash, key)?;
        let (_, value) = self.entries.swap_remove(place);
        // The last one came in its place.
        let last = self.entries.len();
        let moved = match self.tags.get(last / 8) {
            Some(word) => (word >> (last % 8 * 8)).to_le_bytes()[0],
            None => self.entries.get(place).map_or(0, |(key, _)| tag(hash_of(key))),
        };
        self.put_tag(last, 0);
        if place < last {
            self.put_tag(place, moved);
        }
        Some(value)
    }

    /// Adds an entry whose key is not there yet.
    pub(crate) fn add(&mut self, hash: u64, entry: (K, V)) {
        self.put_tag(self.entries.len(), tag(hash));
        self.entries.reserve_exact(1);
        self.entries.push(entry);
    }

    fn put_tag(&mut self, place: usize, tag: u8) {
        if let Some(word) = self.tags.get_mut(place / 8) {
            let shift = place % 8 * 8;
            *word = *word & !(0xFF << shift) | u64::from(tag) << shift;
        }
    }
}

/// Never zero.
fn tag(hash: u64) -> u8 {
    hash.to_le_bytes()[0].max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A hash of which many tags are the same.
    fn hash(key: u32) -> u64 {
        u64::from(key % 7) << 4
    }

    #[test]
    fn it_holds_what_was_added_until_that_is_taken_out_also_where_bytes_are_the_same_or_short() {
        for count in [1, 7, 8, 9, 31, 32, 33, 70] {
            let mut shard = Shard::default();
            (0..count).for_each(|key| shard.add(hash(key), (key, key + 1)));
            for gone in 0..count {
                // From both ends, and some in between.
                let key = gone * 13 % count;
                let there = shard.get(hash(key), &key).map(|it| it.1);
                assert_eq!(shard.take(hash(key), &key, |key| hash(*key)), there);
                assert_eq!(shard.get(hash(key), &key), None);
                let left: Vec<u32> = shard.entries().map(|it| it.0).collect();
                for key in left {
                    assert_eq!(shard.get(hash(key), &key), Some(&(key, key + 1)));
                }
            }
            (0..count).for_each(|key| assert_eq!(shard.get(hash(key), &key), None));
        }
    }
}
