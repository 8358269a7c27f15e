//! A list with numbered places whose copies share what they have in common.
//!
//! A snapshot of the index is a copy; a change copies the one page it touches, and the folder and the
//! shelf that the page lies in. A number is found without a hash: through the shelf to the page.

use std::{array, iter, sync::Arc};

/// Copying a page of lines of 64 bytes takes some hundred nanoseconds.
const PAGE: usize = 32;
/// Whoever copies a folder touches each page in it, and of many pages most are far away: few.
const FOLDER: usize = 16;
/// Folders are fewer, and nearer.
const SHELF: usize = 64;

/// The number of nothing.
pub(crate) const NOTHING: u32 = u32::MAX;

/// As long as ever from the beginning, so that nothing lies between it and what is in it.
type Page<T, const SIZE: usize> = Arc<[T; SIZE]>;
type Folder<T, const SIZE: usize> = Arc<[Option<Page<T, SIZE>>; FOLDER]>;
type Shelf<T, const SIZE: usize> = Arc<[Option<Folder<T, SIZE>>; SHELF]>;

/// What stands at each number; the default value where nothing was put.
#[derive(Clone)]
pub(crate) struct Pages<T, const SIZE: usize = PAGE> {
    shelves: Arc<[Shelf<T, SIZE>]>,
}

impl<T, const SIZE: usize> Default for Pages<T, SIZE> {
    fn default() -> Self {
        Self { shelves: Arc::new([]) }
    }
}

impl<T: Clone + Default, const SIZE: usize> Pages<T, SIZE> {
    const FOLDER: usize = SIZE * FOLDER;
    const SHELF: usize = Self::FOLDER * SHELF;

    pub(crate) fn get(&self, number: u32) -> Option<&T> {
        let place = place(number);
        let shelf = self.shelves.get(place / Self::SHELF)?;
        let folder = shelf.get(place / Self::FOLDER % SHELF)?.as_ref()?;
        folder.get(place / SIZE % FOLDER)?.as_ref()?.get(place % SIZE)
    }

    /// What stands there, to be changed; none beyond what was made room for.
    pub(crate) fn get_mut(&mut self, number: u32) -> Option<&mut T> {
        let place = place(number);
        let shelf = Arc::make_mut(&mut self.shelves).get_mut(place / Self::SHELF)?;
        let folder = Arc::make_mut(shelf).get_mut(place / Self::FOLDER % SHELF)?.as_mut()?;
        let page = Arc::make_mut(folder).get_mut(place / SIZE % FOLDER)?.as_mut()?;
        Arc::make_mut(page).get_mut(place % SIZE)
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
        let at = place / Self::SHELF;
        if at >= self.shelves.len() {
            let empty = || Arc::new([const { None }; SHELF]);
            let more = iter::repeat_with(empty).take(at + 1 - self.shelves.len());
            self.shelves = self.shelves.iter().cloned().chain(more).collect();
        }
        let shelf = Arc::make_mut(&mut self.shelves).get_mut(at).map(Arc::make_mut);
        let folder = shelf.and_then(|shelf| shelf.get_mut(place / Self::FOLDER % SHELF));
        let folder = folder.map(|it| it.get_or_insert_with(|| Arc::new([const { None }; FOLDER])));
        let page = folder.and_then(|it| Arc::make_mut(it).get_mut(place / SIZE % FOLDER));
        if let Some(page) = page {
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
pub(crate) struct Stock<T, const SIZE: usize = PAGE> {
    pages: Pages<T, SIZE>,
    /// The free place that is given out next, which names the one after it.
    free: u32,
    /// How many numbers were ever given out.
    length: u32,
}

impl<T, const SIZE: usize> Default for Stock<T, SIZE> {
    fn default() -> Self {
        Self { pages: Pages::default(), free: NOTHING, length: 0 }
    }
}

impl<T: Vacant, const SIZE: usize> Stock<T, SIZE> {
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
        let (mut stock, mut plain) = (Stock::<u32>::default(), BTreeMap::new());
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
    fn pages_folders_and_shelves_end_where_the_next_begin() {
        let mut pages = Pages::<u32>::default();
        let (page, folder, shelf) = (32_u32, 32 * 16_u32, 32 * 16 * 64_u32);
        let all = [0, page - 1, page, folder - 1, folder, shelf - 1, shelf, shelf + page];
        for number in all {
            pages.put(number, number + 1);
        }
        for number in all {
            assert_eq!(pages.get(number), Some(&(number + 1)));
        }
        assert_eq!(pages.get(page + 1), Some(&0), "what nobody put");
        assert_eq!(pages.get(2 * page), None, "a page that nobody needed");
        assert_eq!(pages.get(2 * folder), None, "a folder that nobody needed");
        assert_eq!(pages.get(2 * shelf), None, "no room was made");
        assert_eq!(pages.get(NOTHING), None);
        pages.put(NOTHING, 1);
        assert_eq!(pages.get_mut(NOTHING), None);
    }
}
