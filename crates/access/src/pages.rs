//! A list with numbered places whose copies share what they have in common.
//!
//! A snapshot of the index is a copy; a change copies the one page it touches and the folder that
//! the page lies in. A number is found without a hash: through the folder to the page.

use std::{array, iter, sync::Arc};

/// Copying a page of lines of 64 bytes takes some hundred nanoseconds.
const PAGE: usize = 32;
/// Of a million entries, folders and the list of folders are about equally long.
const FOLDER: usize = 128;

/// The number of nothing.
pub(crate) const NOTHING: u32 = u32::MAX;

type Page<T> = Arc<[T; PAGE]>;
/// As long as ever from the beginning, so that nothing lies between it and its pages.
type Folder<T> = Arc<[Option<Page<T>>; FOLDER]>;

/// What stands at each number; the default value where nothing was put.
#[derive(Clone)]
pub(crate) struct Pages<T> {
    folders: Arc<[Folder<T>]>,
}

impl<T> Default for Pages<T> {
    fn default() -> Self {
        Self { folders: Arc::new([]) }
    }
}

impl<T: Clone + Default> Pages<T> {
    pub(crate) fn get(&self, number: u32) -> Option<&T> {
        let place = place(number);
        let folder = self.folders.get(place / (PAGE * FOLDER))?;
        folder.get(place / PAGE % FOLDER)?.as_ref()?.get(place % PAGE)
    }

    /// What stands there, to be changed; none beyond what was made room for.
    pub(crate) fn get_mut(&mut self, number: u32) -> Option<&mut T> {
        let place = place(number);
        let folder = Arc::make_mut(&mut self.folders).get_mut(place / (PAGE * FOLDER))?;
        let page = Arc::make_mut(folder).get_mut(place / PAGE % FOLDER)?.as_mut()?;
        Arc::make_mut(page).get_mut(place % PAGE)
    }

    /// Puts something at a number, and makes room for it first.
    pub(crate) fn put(&mut self, number: u32, value: T) {
        if number == NOTHING {
            return;
        }
        if self.get(number).is_none() {
            self.make_room(place(number));
        }
        if let Some(slot) = self.get_mut(number) {
            *slot = value;
        }
    }

    fn make_room(&mut self, place: usize) {
        let at = place / (PAGE * FOLDER);
        if at >= self.folders.len() {
            let empty = || Arc::new([const { None }; FOLDER]);
            let more = iter::repeat_with(empty).take(at + 1 - self.folders.len());
            self.folders = self.folders.iter().cloned().chain(more).collect();
        }
        let folder = Arc::make_mut(&mut self.folders).get_mut(at).map(Arc::make_mut);
        if let Some(page) = folder.and_then(|folder| folder.get_mut(place / PAGE % FOLDER)) {
            page.get_or_insert_with(|| Arc::new(array::from_fn(|_| T::default())));
        }
    }
}

/// Something that, once it is gone, can say which place is free next.
pub(crate) trait Vacant: Clone + Default {
    fn vacant(next: u32) -> Self;
    fn next(&self) -> u32;
}

/// Numbers are given out and taken back: what is gone makes room for what comes next.
#[derive(Clone)]
pub(crate) struct Stock<T> {
    pages: Pages<T>,
    /// The free place that is given out next, which names the one after it.
    free: u32,
    /// How many numbers were ever given out.
    length: u32,
}

impl<T> Default for Stock<T> {
    fn default() -> Self {
        Self { pages: Pages::default(), free: NOTHING, length: 0 }
    }
}

impl<T: Vacant> Stock<T> {
    pub(crate) fn get(&self, number: u32) -> Option<&T> {
        self.pages.get(number)
    }

    pub(crate) fn get_mut(&mut self, number: u32) -> Option<&mut T> {
        self.pages.get_mut(number)
    }

    /// Keeps it under a number that nothing else has now.
    pub(crate) fn add(&mut self, value: T) -> u32 {
        let number = if self.free == NOTHING {
            self.length += 1;
            self.length - 1
        } else {
            let next = self.pages.get(self.free).map_or(NOTHING, T::next);
            std::mem::replace(&mut self.free, next)
        };
        self.pages.put(number, value);
        number
    }

    /// Forgets what has that number.
    pub(crate) fn remove(&mut self, number: u32) {
        self.pages.put(number, T::vacant(self.free));
        self.free = number;
    }
}

fn place(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    impl Vacant for u32 {
        fn vacant(next: u32) -> Self {
            next
        }

        fn next(&self) -> u32 {
            *self
        }
    }

    #[test]
    fn numbers_are_used_again_and_copies_stay_as_they_were() {
        let (mut stock, mut plain) = (Stock::default(), BTreeMap::new());
        let mut before = Vec::new();
        for n in 0..20_000_u32 {
            if n % 3 == 2 {
                let (number, _) = plain.pop_first().unwrap();
                stock.remove(number);
            } else {
                let number = stock.add(n);
                assert_eq!(plain.insert(number, n), None, "nothing else has it");
            }
            if n % 4_999 == 0 {
                before.push((stock.clone(), plain.clone()));
            }
        }
        assert!(stock.length < 7_000, "{} numbers for {}", stock.length, plain.len());
        before.push((stock, plain));
        for (stock, plain) in before {
            assert!(plain.iter().all(|(number, value)| stock.get(*number) == Some(value)));
        }
    }

    #[test]
    fn pages_and_folders_end_where_the_next_begin() {
        let mut pages = Pages::default();
        let (page, folder) = (32_u32, 32 * 128_u32);
        for number in [0, page - 1, page, folder - 1, folder, folder + page] {
            pages.put(number, number + 1);
        }
        for number in [0, page - 1, page, folder - 1, folder, folder + page] {
            assert_eq!(pages.get(number), Some(&(number + 1)));
        }
        assert_eq!(pages.get(page + 1), Some(&0), "what nobody put");
        assert_eq!(pages.get(2 * page), None, "a page that nobody needed");
        assert_eq!(pages.get(2 * folder), None, "no room was made");
        assert_eq!(pages.get(NOTHING), None);
        pages.put(NOTHING, 1);
        assert_eq!(pages.get_mut(NOTHING), None);
    }
}
