//! An action with the roles that name it, as bits.
//!
//! Which of the built-in roles name an action never changes, so it is found out once for each
//! action that is asked for. Only so many are remembered, and none by a name that somebody outside
//! has made up ([`Action::foreign`]): whoever asks for what does not exist fills no memory, and takes
//! no room from what does. What is not remembered is matched as text each time.

use std::{
    collections::HashSet,
    hash::BuildHasher,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use foldhash::fast::RandomState;
use model::action::{Action, Verb};

use crate::{
    line::{Flags, USER_ACCESS},
    pattern::Folded,
};

/// All that a delegated User Access Administrator may do besides giving roles.
pub(crate) const SUPPORT: &[u8] = b"microsoft.support/";

/// Roles beyond so many have no bit; there are 928.
pub(crate) const ROLES_MAX: u16 = 1024;
const WORDS: usize = 16;
/// A room for so many actions: several times those that anyone uses.
const ROOM: usize = 16_384;
/// The same for what is done to data, of which there is less.
const DATA_ROOM: usize = 4_096;
/// Longer names are not remembered; real ones have at most about 120 bytes.
const NAME_BYTES_MAX: usize = 160;
/// So many places are looked at before an action counts as one without room.
const WINDOW: usize = 8;

/// The roles that name an action.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Row([u64; WORDS]);

impl Row {
    pub(crate) fn of(roles: impl Iterator<Item = u16>) -> Self {
        let mut row = Self::default();
        for role in roles {
            if let Some(word) = row.0.get_mut(usize::from(role >> 6)) {
                *word |= 1 << (role & 63);
            }
        }
        row
    }

    pub(crate) fn has(&self, role: u16) -> bool {
        let word = self.0.get(usize::from(role >> 6)).copied().unwrap_or_default();
        word >> (role & 63) & 1 == 1
    }
}

/// What an action is to the built-in roles.
#[derive(Clone, Debug)]
pub(crate) struct Class {
    row: Arc<Row>,
    is_support: bool,
    /// Whether it is done to data, which nobody gets by a delegation.
    pub(crate) is_data: bool,
    /// What at a place may stand against it.
    pub(crate) bars: Flags,
}

impl Class {
    fn new(action: &Action, folded: &Folded, row: Arc<Row>, is_data: bool) -> Self {
        // Locks hold no data.
        let passes_locks = is_data || action.verb().eq_ignore_ascii_case(Verb::Read.as_str());
        let bars = if passes_locks { Flags::DENY } else { Flags::DENY.with(Flags::LOCK) };
        let is_support = !is_data && folded.bytes().starts_with(SUPPORT);
        Self { row, is_support, is_data, bars }
    }

    /// Whether the role, as a mark names it, gives it to whoever asks for any grant.
    pub(crate) fn is_given_by(&self, role: u16) -> bool {
        if role == USER_ACCESS { self.is_support } else { self.row.has(role) }
    }
}

#[derive(Debug)]
struct Known {
    name: Box<[u8]>,
    class: Class,
}

/// The actions that were asked for.
pub(crate) struct Classes {
    places: Box<[OnceLock<Box<Known>>]>,
    /// The different rows: there are far fewer than actions.
    rows: Mutex<HashSet<Arc<Row>>>,
    hasher: RandomState,
    is_data: bool,
}

impl Classes {
    pub(crate) fn of_control() -> Self {
        Self::new(ROOM, false)
    }

    pub(crate) fn of_data() -> Self {
        Self::new(DATA_ROOM, true)
    }

    fn new(room: usize, is_data: bool) -> Self {
        let places = std::iter::repeat_with(OnceLock::new).take(room).collect();
        Self { places, rows: Mutex::default(), hasher: RandomState::default(), is_data }
    }

    /// What the action is, where it is known already.
    pub(crate) fn find(&self, folded: &Folded) -> Option<&Class> {
        let name = folded.bytes();
        let mut known = self.window(name).map_while(OnceLock::get);
        known.find(|it| *it.name == *name).map(|it| &it.class)
    }

    /// What the action is; `find` tells where it is not known yet. None where there is no room.
    pub(crate) fn get(
        &self,
        action: &Action,
        folded: &Folded,
        find: impl FnOnce() -> Row,
    ) -> Option<&Class> {
        let (name, mut find) = (folded.bytes(), Some(find));
        if name.len() > NAME_BYTES_MAX {
            return None;
        }
        for place in self.window(name) {
            let known = match (place.get(), find.take()) {
                (Some(known), still) => {
                    find = still;
                    known
                }
                (None, Some(find)) => place.get_or_init(|| {
                    let class = Class::new(action, folded, self.shared(find()), self.is_data);
                    Box::new(Known { name: name.into(), class })
                }),
                // Another took the place for an action of its own: this time there is none.
                (None, None) => return None,
            };
            if *known.name == *name {
                return Some(&known.class);
            }
        }
        None
    }

    /// Where an action of that name may be kept, the likeliest place first.
    fn window(&self, name: &[u8]) -> impl Iterator<Item = &OnceLock<Box<Known>>> {
        let hash = usize::try_from(self.hasher.hash_one(name) >> 32).unwrap_or_default();
        (0..WINDOW).filter_map(move |step| self.places.get((hash + step) % self.places.len()))
    }

    fn shared(&self, row: Row) -> Arc<Row> {
        // A row is put whole or not at all, whatever becomes of who puts it.
        let mut rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = rows.get(&row) {
            return Arc::clone(known);
        }
        let row = Arc::new(row);
        rows.insert(Arc::clone(&row));
        row
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class<'a>(classes: &'a Classes, name: &str, roles: &[u16]) -> Option<&'a Class> {
        let action = Action::named(name);
        classes.get(&action, &Folded::new(name), || Row::of(roles.iter().copied()))
    }

    #[test]
    fn an_action_is_found_out_once_whatever_its_case() {
        let classes = Classes::of_control();
        let first = class(&classes, "A.B/c/write", &[0, 63, 64, 1_023]).unwrap();
        for role in 0..=u16::MAX {
            assert_eq!(first.is_given_by(role), [0, 63, 64, 1_023].contains(&role), "{role}");
        }
        let again = class(&classes, "a.b/C/WRITE", &[5]).unwrap();
        assert!(!again.is_given_by(5) && again.is_given_by(63));
        let like = class(&classes, "a.b/d/read", &[0, 63, 64, 1_023]).unwrap();
        assert!(Arc::ptr_eq(&first.row, &like.row), "one row for both");
        assert!(first.bars.has(Flags::LOCK) && !like.bars.has(Flags::LOCK));
        assert!(like.bars.has(Flags::DENY));
    }

    #[test]
    fn user_access_gives_support_requests_alone() {
        let classes = Classes::of_control();
        let support = class(&classes, "Microsoft.Support/supportTickets/write", &[]).unwrap();
        assert!(support.is_given_by(USER_ACCESS));
        let other = class(&classes, "Microsoft.Supports/x/write", &[1]).unwrap();
        assert!(!other.is_given_by(USER_ACCESS));
    }

    #[test]
    fn what_is_done_to_data_is_given_by_its_roles_alone_and_no_lock_bars_it() {
        let classes = Classes::of_data();
        for name in ["Microsoft.Support/x/write", "Microsoft.Storage/x/write"] {
            let found = class(&classes, name, &[7]).unwrap();
            assert!(found.is_data && found.is_given_by(7) && !found.is_given_by(USER_ACCESS));
            assert!(found.bars.has(Flags::DENY) && !found.bars.has(Flags::LOCK));
        }
    }

    #[test]
    fn looking_for_an_action_remembers_none() {
        let classes = Classes::of_control();
        assert!(classes.find(&Folded::new("a/read")).is_none());
        assert!(classes.places.iter().all(|place| place.get().is_none()));
        class(&classes, "a/read", &[1]).unwrap();
        assert!(classes.find(&Folded::new("A/Read")).unwrap().is_given_by(1));
    }

    #[test]
    fn what_finds_no_room_is_not_remembered_and_disturbs_nobody() {
        let classes = Classes::of_control();
        let known = class(&classes, "a/read", &[1]).unwrap().clone();
        let all = 0..40_000;
        let left_out = all.filter(|n| class(&classes, &format!("a/{n}"), &[2]).is_none()).count();
        assert!(left_out >= 40_000 - ROOM, "{left_out}");
        assert_eq!(class(&classes, "a/read", &[3]).unwrap().row, known.row);
        let classes = Classes::of_control();
        assert!(class(&classes, &"a".repeat(NAME_BYTES_MAX), &[1]).is_some());
        assert!(class(&classes, &"a".repeat(NAME_BYTES_MAX + 1), &[1]).is_none(), "too long");
    }
}
