//! A set in order whose copies share what they have in common.
//!
//! A snapshot of the index is a copy; a change copies the few nodes on the way from the root to the
//! one leaf it touches, however much there is.

use std::{mem, slice, sync::Arc};

/// Copying so many keys takes some hundred nanoseconds.
const LEAF_KEYS: usize = 32;
/// Copying a node touches the count of each branch, which may be far from the processor: few.
const BRANCHES: usize = 16;

#[derive(Clone)]
struct Branch<K> {
    /// No key in the node is smaller.
    least: K,
    node: Arc<Node<K>>,
}

/// None is empty but the root.
#[derive(Clone)]
enum Node<K> {
    Leaf(Vec<K>),
    Fork(Vec<Branch<K>>),
}

#[derive(Clone)]
pub(crate) struct Ordered<K> {
    root: Arc<Node<K>>,
}

impl<K> Default for Ordered<K> {
    fn default() -> Self {
        Self { root: Arc::new(Node::Leaf(Vec::new())) }
    }
}

impl<K: Clone + Ord> FromIterator<K> for Ordered<K> {
    /// All nodes are full, but for the last of each level.
    fn from_iter<I: IntoIterator<Item = K>>(keys: I) -> Self {
        let mut keys: Vec<K> = keys.into_iter().collect();
        keys.sort_unstable();
        keys.dedup();
        let branch =
            |node: Node<K>| Some(Branch { least: node.least()?.clone(), node: Arc::new(node) });
        let leaves = keys.chunks(LEAF_KEYS).map(|keys| Node::Leaf(keys.to_vec()));
        let mut level: Vec<Branch<K>> = leaves.filter_map(branch).collect();
        while level.len() > 1 {
            let forks = level.chunks(BRANCHES).map(|all| Node::Fork(all.to_vec()));
            level = forks.filter_map(branch).collect();
        }
        level.pop().map_or_else(Self::default, |it| Self { root: it.node })
    }
}

impl<K: Clone + Ord> Ordered<K> {
    /// The first key that is not before the place in question.
    pub(crate) fn first(&self, is_before: impl Fn(&K) -> bool) -> Option<&K> {
        #[cfg(test)]
        let is_before = tests::noted(is_before);
        self.root.first(&is_before)
    }

    /// All keys that are not before the place in question, in order.
    pub(crate) fn from(&self, is_before: impl Fn(&K) -> bool) -> impl Iterator<Item = &K> {
        #[cfg(test)]
        let is_before = tests::noted(is_before);
        let mut keys = Keys { leaf: [].iter(), ahead: Vec::new() };
        keys.go(&self.root, &is_before);
        keys
    }

    pub(crate) fn insert(&mut self, key: K) {
        let root = Arc::make_mut(&mut self.root);
        let Some(behind) = root.insert(key) else { return };
        let former = mem::replace(root, Node::Leaf(Vec::new()));
        if let Some(least) = former.least().cloned() {
            let before = Branch { least, node: Arc::new(former) };
            *root = Node::Fork(vec![before, behind]);
        }
    }

    pub(crate) fn remove(&mut self, key: &K) {
        let root = Arc::make_mut(&mut self.root);
        root.remove(key);
        while let Node::Fork(branches) = root {
            if branches.len() > 1 {
                return;
            }
            let only = branches.pop().map(|branch| Arc::unwrap_or_clone(branch.node));
            *root = only.unwrap_or_else(|| Node::Leaf(Vec::new()));
        }
    }
}

/// The rest of a leaf, and of each fork above it.
struct Keys<'a, K> {
    leaf: slice::Iter<'a, K>,
    ahead: Vec<slice::Iter<'a, Branch<K>>>,
}

impl<'a, K> Keys<'a, K> {
    /// Goes to the first key of a node that is not before the place in question.
    fn go(&mut self, node: &'a Node<K>, is_before: &impl Fn(&K) -> bool) {
        match node {
            Node::Leaf(keys) => {
                let first = keys.partition_point(is_before);
                self.leaf = keys.get(first..).unwrap_or_default().iter();
            }
            Node::Fork(branches) => {
                let behind = branches.partition_point(|branch| is_before(&branch.least));
                let mut rest = branches.get(behind.saturating_sub(1)..).unwrap_or_default().iter();
                let first = rest.next();
                self.ahead.push(rest);
                if let Some(branch) = first {
                    self.go(&branch.node, is_before);
                }
            }
        }
    }
}

impl<'a, K> Iterator for Keys<'a, K> {
    type Item = &'a K;

    fn next(&mut self) -> Option<&'a K> {
        loop {
            if let Some(key) = self.leaf.next() {
                return Some(key);
            }
            match self.ahead.last_mut()?.next() {
                Some(branch) => self.go(&branch.node, &|_| false),
                None => {
                    self.ahead.pop();
                }
            }
        }
    }
}

impl<K: Clone + Ord> Node<K> {
    fn first(&self, is_before: &impl Fn(&K) -> bool) -> Option<&K> {
        match self {
            Self::Leaf(keys) => keys.get(keys.partition_point(is_before)),
            Self::Fork(branches) => {
                let behind = branches.partition_point(|branch| is_before(&branch.least));
                let mut near = branches.iter().skip(behind.saturating_sub(1)).take(2);
                near.find_map(|branch| branch.node.first(is_before))
            }
        }
    }

    fn least(&self) -> Option<&K> {
        match self {
            Self::Leaf(keys) => keys.first(),
            Self::Fork(branches) => branches.first().map(|branch| &branch.least),
        }
    }

    /// Puts the key in its place; what had to be split off, which comes right behind.
    fn insert(&mut self, key: K) -> Option<Branch<K>> {
        let behind = match self {
            Self::Leaf(keys) => {
                let place = keys.binary_search(&key).err()?;
                put(keys, place, key);
                // What comes in order fills its leaves.
                let middle = if place + 1 == keys.len() { place } else { keys.len() / 2 };
                Self::Leaf(split(keys, LEAF_KEYS, middle)?)
            }
            Self::Fork(branches) => {
                let place = branch_of(branches, &key);
                let branch = branches.get_mut(place)?;
                if key < branch.least {
                    branch.least = key.clone();
                }
                let behind = Arc::make_mut(&mut branch.node).insert(key)?;
                put(branches, place + 1, behind);
                let middle = branches.len() / 2;
                Self::Fork(split(branches, BRANCHES, middle)?)
            }
        };
        Some(Branch { least: behind.least()?.clone(), node: Arc::new(behind) })
    }

    fn remove(&mut self, key: &K) {
        match self {
            Self::Leaf(keys) => {
                if let Ok(place) = keys.binary_search(key) {
                    keys.remove(place);
                }
            }
            Self::Fork(branches) => {
                let place = branch_of(branches, key);
                let Some(branch) = branches.get_mut(place) else { return };
                Arc::make_mut(&mut branch.node).remove(key);
                if branch.node.is_empty() {
                    branches.remove(place);
                } else {
                    join(branches, place);
                    join(branches, place.saturating_sub(1));
                }
            }
        }
    }

    fn is_empty(&self) -> bool {
        match self {
            Self::Leaf(keys) => keys.is_empty(),
            Self::Fork(branches) => branches.is_empty(),
        }
    }

    /// Whether this and what comes right behind are together at most half of what one holds.
    fn has_room_for(&self, next: &Self) -> bool {
        match (self, next) {
            (Self::Leaf(keys), Self::Leaf(more)) => keys.len() + more.len() <= LEAF_KEYS / 2,
            (Self::Fork(branches), Self::Fork(more)) => branches.len() + more.len() <= BRANCHES / 2,
            (Self::Leaf(_), Self::Fork(_)) | (Self::Fork(_), Self::Leaf(_)) => false,
        }
    }

    /// Takes in what comes right behind.
    fn absorb(&mut self, next: &Self) {
        match (self, next) {
            (Self::Leaf(keys), Self::Leaf(more)) => keys.extend(more.iter().cloned()),
            (Self::Fork(branches), Self::Fork(more)) => branches.extend(more.iter().cloned()),
            (Self::Leaf(_), Self::Fork(_)) | (Self::Fork(_), Self::Leaf(_)) => {}
        }
    }
}

/// Which branch has the key, or would have it.
fn branch_of<K: Ord>(branches: &[Branch<K>], key: &K) -> usize {
    branches.partition_point(|branch| branch.least <= *key).saturating_sub(1)
}

/// Lets a branch take in the next, if they are few together.
fn join<K: Clone + Ord>(branches: &mut Vec<Branch<K>>, place: usize) {
    let Some([branch, next]) = branches.get_mut(place..).and_then(<[_]>::first_chunk_mut) else {
        return;
    };
    // Only then is anything copied for it.
    if branch.node.has_room_for(&next.node) {
        Arc::make_mut(&mut branch.node).absorb(&next.node);
        branches.remove(place + 1);
    }
}

/// Makes room for one and no more, since most nodes stay as they are for long.
fn put<T>(list: &mut Vec<T>, place: usize, value: T) {
    list.reserve_exact(1);
    list.insert(place, value);
}

/// What is behind the middle, if there is more than the list may hold.
fn split<T>(list: &mut Vec<T>, most: usize, middle: usize) -> Option<Vec<T>> {
    let behind = (list.len() > most).then(|| list.split_off(middle))?;
    list.shrink_to_fit();
    Some(behind)
}

#[cfg(test)]
pub(crate) use tests::probed;

#[cfg(test)]
mod tests {
    use std::{cell::Cell, collections::BTreeSet};

    use super::*;

    /// How many places were looked for, and how many keys were looked at for it.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub(crate) struct Probed {
        pub(crate) places: usize,
        pub(crate) keys: usize,
    }

    thread_local! {
        static PROBED: Cell<Probed> = Cell::default();
    }

    /// What the work looks for and at.
    pub(crate) fn probed(work: impl FnOnce()) -> Probed {
        PROBED.take();
        work();
        PROBED.take()
    }

    pub(super) fn noted<K>(is_before: impl Fn(&K) -> bool) -> impl Fn(&K) -> bool {
        let note = |places, keys| {
            let it = PROBED.get();
            PROBED.set(Probed { places: it.places + places, keys: it.keys + keys });
        };
        note(1, 0);
        move |key| {
            note(0, 1);
            is_before(key)
        }
    }

    fn keys(set: &Ordered<u32>) -> Vec<u32> {
        set.from(|_| false).copied().collect()
    }

    #[test]
    fn it_holds_what_a_plain_set_holds_and_copies_stay_as_they_were() {
        let (mut set, mut plain) = (Ordered::default(), BTreeSet::new());
        let mut before = Vec::new();
        // It grows, mostly in order and then at random, and shrinks to nothing.
        for n in 0..30_000_u32 {
            let key = match n {
                0..3_000 => n * 2,
                _ => n.wrapping_mul(2_654_435_761) % 8_000,
            };
            if n % 5 < n / 7_500 {
                set.remove(&key);
                plain.remove(&key);
            } else {
                set.insert(key);
                plain.insert(key);
            }
            if n % 2_999 == 0 {
                before.push((set.clone(), plain.clone()));
            }
        }
        for key in 0..8_000 {
            set.remove(&key);
        }
        assert!(keys(&set).is_empty());
        for (set, plain) in before {
            assert_eq!(keys(&set), plain.iter().copied().collect::<Vec<_>>());
            for from in (0..8_001).step_by(7) {
                let first = set.first(|key| *key < from);
                assert_eq!(first, plain.range(from..).next(), "{from}");
            }
        }
    }

    #[test]
    fn what_is_made_at_once_is_what_grows_and_goes_on_as_that_does() {
        for count in [0, 1, 31, 32, 33, 512, 513, 8_193] {
            let mut set: Ordered<u32> = (0..count).rev().chain(0..count).map(|n| n * 2).collect();
            assert_eq!(keys(&set), (0..count).map(|n| n * 2).collect::<Vec<_>>());
            (0..count).for_each(|n| set.insert(n * 2 + 1));
            assert_eq!(keys(&set), (0..count * 2).collect::<Vec<_>>());
            (0..count * 2).for_each(|key| set.remove(&key));
            assert!(keys(&set).is_empty());
        }
    }

    #[test]
    fn what_is_left_of_much_lies_close_together() {
        fn nodes(node: &Node<u32>) -> usize {
            match node {
                Node::Leaf(_) => 1,
                Node::Fork(all) => 1 + all.iter().map(|it| nodes(&it.node)).sum::<usize>(),
            }
        }
        let mut set = Ordered::default();
        (0..10_000).for_each(|key| set.insert(key));
        assert!(nodes(&set.root) < 400, "{}", nodes(&set.root));
        (0..10_000).filter(|key| key % 100 > 0).for_each(|key| set.remove(&key));
        assert_eq!(keys(&set).len(), 100);
        assert!(nodes(&set.root) < 40, "{}", nodes(&set.root));
    }
}
