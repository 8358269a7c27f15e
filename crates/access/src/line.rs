//! What a check probes: a cache line for each place that counts, for each principal that asks, and
//! for what is given there to whom.
//!
//! All of it is derived from the facts; nothing is known here alone. Where a line cannot say it
//! all, it says so, and the check walks over the facts themselves.

use std::sync::Arc;

use crate::pages::{NOTHING, Vacant};

/// So many pairs stand in the line itself.
const PAIRS: usize = 4;
/// So many marks stand in a sheet itself.
const MARKS: usize = 8;
/// So many grantees of a tenant have a bit in each asker's line.
const BITS: u16 = 256;

/// The role of an authorization of User Access Administrator: support requests, and what only
/// other questions than that for any grant ask for.
pub(crate) const USER_ACCESS: u16 = u16::MAX;
/// A role that has no bit in the rows of operations, or a grant under a condition or in a period.
pub(crate) const OTHER_ROLE: u16 = u16::MAX - 1;

/// What a line says besides its pairs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Flags(u8);

impl Flags {
    /// Some deny assignment stands there.
    pub(crate) const DENY: Self = Self(1);
    /// Some lock stands there.
    pub(crate) const LOCK: Self = Self(2);
    /// The pairs do not say all that the facts say.
    pub(crate) const UNSURE: Self = Self(4);
    /// The first pair is of role assignments; all others are of delegations, in their order.
    pub(crate) const DIRECT: Self = Self(8);
    /// The line is there for its own sake, not only for what lies further in.
    pub(crate) const KEPT: Self = Self(16);

    pub(crate) fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// What members of a tenant are given at a place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Pair {
    /// The tenant's number, which is that of its line.
    pub(crate) tenant: u32,
    pub(crate) sheet: u32,
}

/// A place: a tenant, a management group, a subscription, or what carries something further in.
#[derive(Clone, Debug)]
#[repr(align(64))]
pub(crate) struct Line {
    /// What it lies in; nothing around a tenant.
    pub(crate) parent: u32,
    /// How many lines lie directly in it.
    pub(crate) children: u32,
    /// The number of the tenant that it is at home in, as long as any pair stands there.
    pub(crate) home: u32,
    pub(crate) flags: Flags,
    inline: u8,
    pairs: [Pair; PAIRS],
    rest: Option<Arc<[Pair]>>,
}

impl Default for Line {
    fn default() -> Self {
        Self::within(NOTHING)
    }
}

impl Line {
    pub(crate) fn within(parent: u32) -> Self {
        let (flags, pairs) = (Flags::default(), [Pair::default(); PAIRS]);
        Self { parent, children: 0, home: NOTHING, flags, inline: 0, pairs, rest: None }
    }

    pub(crate) fn pairs(&self) -> impl Iterator<Item = Pair> {
        let (inline, rest) = self.parts();
        inline.iter().chain(rest).copied()
    }

    /// The pairs of the line itself, and those kept aside: two plain lists, for who is in a hurry.
    pub(crate) fn parts(&self) -> (&[Pair], &[Pair]) {
        let inline = self.pairs.get(..self.inline.into()).unwrap_or_default();
        (inline, self.rest.as_deref().unwrap_or_default())
    }

    pub(crate) fn write(&mut self, home: u32, flags: Flags, pairs: &[Pair]) {
        (self.home, self.flags) = (home, flags);
        (self.inline, self.rest) = laid_out(&mut self.pairs, pairs);
    }
}

impl Vacant for Line {
    fn vacant(next: u32) -> Self {
        Self::within(next)
    }

    fn next(&self) -> u32 {
        self.parent
    }
}

/// A grantee of a tenant, and what it is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Mark {
    pub(crate) slot: u16,
    pub(crate) role: u16,
}

/// Who is given what: the same sheet serves all places where the same is given.
#[derive(Clone, Debug, Default)]
#[repr(align(64))]
pub(crate) struct Sheet {
    /// How many pairs name it; of a free sheet, the next one.
    pub(crate) uses: u32,
    inline: u8,
    marks: [Mark; MARKS],
    rest: Option<Arc<[Mark]>>,
}

impl Sheet {
    /// A sheet that one pair names.
    pub(crate) fn new(marks: &[Mark]) -> Self {
        let mut sheet = Self { uses: 1, ..Self::default() };
        (sheet.inline, sheet.rest) = laid_out(&mut sheet.marks, marks);
        sheet
    }

    pub(crate) fn marks(&self) -> impl Iterator<Item = Mark> {
        let (inline, rest) = self.parts();
        inline.iter().chain(rest).copied()
    }

    /// The marks of the sheet itself, and those kept aside.
    pub(crate) fn parts(&self) -> (&[Mark], &[Mark]) {
        let inline = self.marks.get(..self.inline.into()).unwrap_or_default();
        (inline, self.rest.as_deref().unwrap_or_default())
    }
}

impl Vacant for Sheet {
    fn vacant(next: u32) -> Self {
        Self { uses: next, ..Self::default() }
    }

    fn next(&self) -> u32 {
        self.uses
    }
}

/// Puts as many as there is room for in the line, and the others aside.
fn laid_out<T: Copy + Default, const N: usize>(
    room: &mut [T; N],
    all: &[T],
) -> (u8, Option<Arc<[T]>>) {
    let inline = all.len().min(N);
    *room = [T::default(); N];
    room.iter_mut().zip(all).for_each(|(slot, it)| *slot = *it);
    let rest = all.get(inline..).filter(|rest| !rest.is_empty());
    (u8::try_from(inline).unwrap_or(u8::MAX), rest.map(Arc::from))
}

/// Someone who may ask: which grantees of the tenant mean them.
#[derive(Clone, Debug, Default)]
#[repr(align(64))]
pub(crate) struct Asker {
    /// The number of the tenant; of a free line, the next one.
    pub(crate) tenant: u32,
    /// Whether nobody else's facts are needed to know that they are let in.
    pub(crate) is_let_in: bool,
    bits: [u64; 4],
    /// The slots that have no bit, sorted.
    rest: Option<Arc<[u16]>>,
}

impl Asker {
    pub(crate) fn new(tenant: u32, is_let_in: bool, slots: impl Iterator<Item = u16>) -> Self {
        let mut asker = Self { tenant, is_let_in, ..Self::default() };
        let mut rest: Vec<u16> = slots.filter(|slot| !asker.mark(*slot)).collect();
        rest.sort_unstable();
        asker.rest = (!rest.is_empty()).then(|| rest.into());
        asker
    }

    /// Sets the slot's bit, if it has one.
    fn mark(&mut self, slot: u16) -> bool {
        match self.bits.get_mut(usize::from(slot >> 6)) {
            Some(word) => {
                *word |= 1 << (slot & 63);
                true
            }
            None => false,
        }
    }

    /// Whether what is given to that grantee is given to this one.
    pub(crate) fn is(&self, slot: u16) -> bool {
        if slot < BITS {
            let word = self.bits.get(usize::from(slot >> 6)).copied().unwrap_or_default();
            return word >> (slot & 63) & 1 == 1;
        }
        self.rest.as_ref().is_some_and(|rest| rest.binary_search(&slot).is_ok())
    }

    /// All slots that mean this one.
    pub(crate) fn slots(&self) -> impl Iterator<Item = u16> {
        let bits = (0..BITS).filter(|slot| self.is(*slot));
        bits.chain(self.rest.iter().flat_map(|rest| rest.iter().copied()))
    }
}

impl Vacant for Asker {
    fn vacant(next: u32) -> Self {
        Self { tenant: next, ..Self::default() }
    }

    fn next(&self) -> u32 {
        self.tenant
    }
}

#[cfg(test)]
mod tests {
    use std::mem::size_of;

    use super::*;

    #[test]
    fn each_fits_a_cache_line() {
        assert_eq!((size_of::<Line>(), size_of::<Sheet>(), size_of::<Asker>()), (64, 64, 64));
    }

    #[test]
    fn what_finds_no_room_in_a_line_is_kept_aside() {
        for count in 0..=12_u16 {
            let pairs: Vec<Pair> =
                (0..count.into()).map(|n| Pair { tenant: n, sheet: n }).collect();
            let mut line = Line::within(7);
            line.write(1, Flags::DENY, &pairs);
            assert_eq!(line.pairs().collect::<Vec<_>>(), pairs);
            line.write(1, Flags::default(), &[]);
            assert_eq!(line.pairs().count(), 0, "and gone again");
            let marks: Vec<Mark> = (0..count).map(|n| Mark { slot: n, role: n }).collect();
            assert_eq!(Sheet::new(&marks).marks().collect::<Vec<_>>(), marks);
        }
    }

    #[test]
    fn beyond_256_grantees_an_asker_still_knows_its_own() {
        let own = [0, 63, 64, 255, 256, 257, 1_000, 65_534];
        let asker = Asker::new(1, true, own.into_iter().rev());
        for slot in 0..=u16::MAX {
            assert_eq!(asker.is(slot), own.contains(&slot), "{slot}");
        }
        assert_eq!(asker.slots().collect::<Vec<_>>(), own);
    }
}
