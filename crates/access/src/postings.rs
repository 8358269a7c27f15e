//! What names somebody, found from who is named: from the grantee to the sheets that name it, from
//! the sheet to the places where it is given; and from a customer to the sheets that are given there.
//!
//! In order, so that whoever wants to know what somebody has of one customer's, or what comes behind
//! some subscription, looks at nothing else. A sheet serves many places, and names its grantees
//! once for all of them.

use ids::guid::SubscriptionId;

use crate::{
    line::{Mark, Pair},
    ordered::Ordered,
};

/// The slot under which those sheets are found that cannot say whom they name: everyone of the
/// tenant may be meant.
const ANYONE: u16 = u16::MAX;

/// A grantee, and a sheet that names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Naming {
    /// The grantee's tenant.
    tenant: u32,
    slot: u16,
    sheet: u32,
}

/// Whose place it is, whose people are given something there, and by which sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Taken {
    home: u32,
    tenant: u32,
    sheet: u32,
}

/// A place where a sheet is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Posting {
    sheet: u32,
    /// Whose the place is.
    home: u32,
    pub(crate) subscription: Option<SubscriptionId>,
    pub(crate) line: u32,
}

/// Where a line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    pub(crate) home: u32,
    pub(crate) subscription: Option<SubscriptionId>,
    pub(crate) line: u32,
}

impl Spot {
    fn of(self, sheet: u32) -> Posting {
        let Self { home, subscription, line } = self;
        Posting { sheet, home, subscription, line }
    }
}

/// Which sheet is given where, and whom it names.
#[derive(Clone, Default)]
pub(crate) struct Postings {
    namings: Ordered<Naming>,
    taken: Ordered<Taken>,
    places: Ordered<Posting>,
    /// While much is derived, nothing is noted by itself: then all is, at once.
    is_held: bool,
}

impl Postings {
    /// All that is given; `slots_of` tells whom a sheet names.
    pub(crate) fn of(
        given: impl Iterator<Item = (Pair, Spot)>,
        slots_of: impl Fn(u32) -> Vec<u16>,
    ) -> Self {
        let (mut taken, mut places) = (Vec::new(), Vec::new());
        for (Pair { tenant, sheet }, spot) in given {
            taken.push(Taken { home: spot.home, tenant, sheet });
            places.push(spot.of(sheet));
        }
        let mut sheets: Vec<(u32, u32)> = taken.iter().map(|it| (it.tenant, it.sheet)).collect();
        sheets.sort_unstable();
        sheets.dedup();
        let namings = sheets.into_iter().flat_map(|(tenant, sheet)| {
            let slots = slots_of(sheet).into_iter();
            slots.map(move |slot| Naming { tenant, slot, sheet })
        });
        let namings = namings.collect();
        let (taken, places) = (taken.into_iter().collect(), places.into_iter().collect());
        Self { namings, taken, places, is_held: false }
    }

    pub(crate) fn hold(&mut self) {
        self.is_held = true;
    }

    pub(crate) fn are_held(&self) -> bool {
        self.is_held
    }

    /// Notes that a pair stands there, whose sheet has these marks.
    pub(crate) fn post(&mut self, pair: Pair, marks: impl Iterator<Item = Mark>, spot: Spot) {
        if self.is_held {
            return;
        }
        let Pair { tenant, sheet } = pair;
        if !self.is_given_in(sheet, spot.home) {
            self.taken.insert(Taken { home: spot.home, tenant, sheet });
            if !self.is_given(sheet) {
                slots(marks).for_each(|slot| self.namings.insert(Naming { tenant, slot, sheet }));
            }
        }
        self.places.insert(spot.of(sheet));
    }

    /// Takes that back.
    pub(crate) fn unpost(&mut self, pair: Pair, marks: impl Iterator<Item = Mark>, spot: Spot) {
        let Pair { tenant, sheet } = pair;
        self.places.remove(&spot.of(sheet));
        if !self.is_given_in(sheet, spot.home) {
            self.taken.remove(&Taken { home: spot.home, tenant, sheet });
            if !self.is_given(sheet) {
                slots(marks).for_each(|slot| self.namings.remove(&Naming { tenant, slot, sheet }));
            }
        }
    }

    fn is_given(&self, sheet: u32) -> bool {
        self.places.first(|it| it.sheet < sheet).is_some_and(|it| it.sheet == sheet)
    }

    fn is_given_in(&self, sheet: u32, home: u32) -> bool {
        let first = self.places.first(|it| (it.sheet, it.home) < (sheet, home));
        first.is_some_and(|it| (it.sheet, it.home) == (sheet, home))
    }

    /// The sheets that name one of a tenant's slots, and those that may name anyone: one maybe
    /// several times.
    fn naming(&self, tenant: u32, slots: &[u16]) -> impl Iterator<Item = u32> {
        let slots = slots.iter().copied().chain([ANYONE]);
        slots.flat_map(move |slot| {
            let namings = self.namings.from(move |it| (it.tenant, it.slot) < (tenant, slot));
            let of_slot = namings.take_while(move |it| (it.tenant, it.slot) == (tenant, slot));
            of_slot.map(|it| it.sheet)
        })
    }

    /// All that names one of a tenant's slots, and what may name anyone: one maybe several times.
    pub(crate) fn all(&self, tenant: u32, slots: &[u16]) -> impl Iterator<Item = Posting> {
        self.naming(tenant, slots).flat_map(|sheet| {
            let places = self.places.from(move |it| it.sheet < sheet);
            places.take_while(move |it| it.sheet == sheet).copied()
        })
    }

    /// The sheets that are given in that home and name one of a tenant's slots, or may name anyone
    /// of it; sorted. `names` tells of a sheet whether it is one of those.
    ///
    /// Of another tenant's plans a home has taken a few; of what it gives its own people there may be
    /// much, and little of it is somebody's.
    pub(crate) fn sheets_in(
        &self,
        home: u32,
        tenant: u32,
        slots: &[u16],
        names: impl Fn(u32) -> bool,
    ) -> Vec<u32> {
        let mut sheets: Vec<u32> = if home == tenant {
            self.naming(tenant, slots).filter(|sheet| self.is_given_in(*sheet, home)).collect()
        } else {
            let taken = self.taken.from(move |it| (it.home, it.tenant) < (home, tenant));
            let of_tenant = taken.take_while(move |it| (it.home, it.tenant) == (home, tenant));
            of_tenant.map(|it| it.sheet).filter(|sheet| names(*sheet)).collect()
        };
        sheets.sort_unstable();
        sheets.dedup();
        sheets
    }

    /// The first subscription of that home behind another in which one of the sheets is given. What
    /// is given in no subscription comes before all of them.
    pub(crate) fn next_in(
        &self,
        home: u32,
        sheets: &[u32],
        after: Option<SubscriptionId>,
    ) -> Option<SubscriptionId> {
        let key = |it: &Posting| (it.sheet, it.home, it.subscription);
        let next = |&sheet: &u32| {
            let found = self.places.first(|it| key(it) <= (sheet, home, after))?;
            found.subscription.filter(|_| (found.sheet, found.home) == (sheet, home))
        };
        sheets.iter().filter_map(next).min()
    }

    /// Where a sheet is given in a home outside of its subscriptions.
    pub(crate) fn around(&self, home: u32, sheet: u32) -> impl Iterator<Item = Posting> {
        self.given(sheet, home).take_while(|it| it.subscription.is_none())
    }

    /// The places of a home where a sheet is given.
    fn given(&self, sheet: u32, home: u32) -> impl Iterator<Item = Posting> {
        let places = self.places.from(move |it| (it.sheet, it.home) < (sheet, home));
        places.take_while(move |it| (it.sheet, it.home) == (sheet, home)).copied()
    }
}

/// The slots under which a sheet is found.
pub(crate) fn slots(marks: impl Iterator<Item = Mark>) -> impl Iterator<Item = u16> {
    let mut slots = marks.map(|mark| mark.slot).peekable();
    let anyone = slots.peek().is_none().then_some(ANYONE);
    slots.chain(anyone)
}
