//! A list of which there is mostly nothing or one: that one lies in the list itself.

use std::{
    ops::{Deref, DerefMut},
    slice,
};

#[derive(Clone, Debug, Default)]
pub(crate) enum Few<T> {
    #[default]
    Nothing,
    One(T),
    Several(Box<[T]>),
}

impl<T> Few<T> {
    pub(crate) fn insert(&mut self, place: usize, value: T) {
        *self = match std::mem::take(self) {
            Self::Nothing => Self::One(value),
            few @ (Self::One(_) | Self::Several(_)) => {
                let mut all = few.into_vec();
                all.reserve_exact(1);
                all.insert(place, value);
                Self::Several(all.into())
            }
        };
    }

    pub(crate) fn remove(&mut self, place: usize) -> Option<T> {
        let mut all = std::mem::take(self).into_vec();
        let gone = (place < all.len()).then(|| all.remove(place));
        *self = match all.pop() {
            None => Self::Nothing,
            Some(last) if all.is_empty() => Self::One(last),
            Some(last) => {
                all.push(last);
                Self::Several(all.into())
            }
        };
        gone
    }

    fn into_vec(self) -> Vec<T> {
        match self {
            Self::Nothing => Vec::new(),
            Self::One(only) => vec![only],
            Self::Several(all) => all.into(),
        }
    }
}

impl<T> Deref for Few<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        match self {
            Self::Nothing => &[],
            Self::One(only) => slice::from_ref(only),
            Self::Several(all) => all,
        }
    }
}

impl<T> DerefMut for Few<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        match self {
            Self::Nothing => &mut [],
            Self::One(only) => slice::from_mut(only),
            Self::Several(all) => all,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_a_list_however_many_there_are() {
        let (mut few, mut plain) = (Few::default(), Vec::new());
        for (n, grows) in [true, true, true, false, true, true].repeat(4).into_iter().enumerate() {
            let place = n * 7 % (plain.len() + 1);
            if grows {
                few.insert(place, n);
                plain.insert(place, n);
            } else {
                let there = (place < plain.len()).then(|| plain.remove(place));
                assert_eq!(few.remove(place), there);
            }
            assert_eq!(*few, *plain);
        }
        while !plain.is_empty() {
            assert_eq!(few.remove(0), Some(plain.remove(0)));
            few.iter_mut().chain(&mut plain).for_each(|it| *it += 1);
            assert_eq!(*few, *plain);
        }
        assert!(matches!(few, Few::Nothing));
    }
}
