//! What names somebody, found from who is named: from the grantee to the customers, from the
//! customer to the sheets that name the grantee there, from the sheet to the places where it is
//! given.
//!
//! In order, so that whoever wants to know what somebody has of one customer's, or what comes behind
//! some subscription, looks at nothing else. A sheet serves many places, and names its grantees
//! once for each customer.

use ids::guid::SubscriptionId;

use crate::{
    line::{Mark, Pair},
    ordered::Ordered,
};

/// The slot under which those sheets are found that cannot say whom they name: everyone of the
/// tenant may be meant.
const ANYONE: u16 = u16::MAX;

/// A grantee, and a sheet that names it somewhere in a home tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Naming {
    /// The grantee's tenant.
    tenant: u32,
    slot: u16,
    home: u32,
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

/// Which sheet is given where, and whom it names there.
#[derive(Clone, Default)]
pub(crate) struct Postings {
    namings: Ordered<Naming>,
    places: Ordered<Posting>,
}

impl Postings {
    /// Notes that a pair stands there, whose sheet has these marks.
    pub(crate) fn post(&mut self, pair: Pair, marks: &[Mark], spot: Spot) {
        if !self.is_given_in(pair.sheet, spot.home) {
            for slot in slots(marks) {
                self.namings.insert(naming(pair, slot, spot.home));
            }
        }
        self.places.insert(spot.of(pair.sheet));
    }

    /// Takes that back.
    pub(crate) fn unpost(&mut self, pair: Pair, marks: &[Mark], spot: Spot) {
        self.places.remove(&spot.of(pair.sheet));
        if !self.is_given_in(pair.sheet, spot.home) {
            for slot in slots(marks) {
                self.namings.remove(&naming(pair, slot, spot.home));
            }
        }
    }

    fn is_given_in(&self, sheet: u32, home: u32) -> bool {
        let first = self.places.first(|it| (it.sheet, it.home) < (sheet, home));
        first.is_some_and(|it| (it.sheet, it.home) == (sheet, home))
    }

    /// All that names one of a tenant's slots, and what may name anyone: one maybe several times.
    pub(crate) fn all(&self, tenant: u32, slots: &[u16]) -> impl Iterator<Item = Posting> {
        let slots = slots.iter().copied().chain([ANYONE]);
        slots.flat_map(move |slot| {
            let namings = self.namings.from(move |it| (it.tenant, it.slot) < (tenant, slot));
            let of_slot = namings.take_while(move |it| (it.tenant, it.slot) == (tenant, slot));
            of_slot.flat_map(|it| self.given(it.sheet, it.home))
        })
    }

    /// The sheets that name one of a tenant's slots in that home; sorted.
    pub(crate) fn sheets_in(&self, home: u32, tenant: u32, slots: &[u16]) -> Vec<u32> {
        let slots = slots.iter().copied().chain([ANYONE]);
        let mut sheets: Vec<u32> = slots
            .flat_map(|slot| {
                let place = (tenant, slot, home);
                let key = |it: &Naming| (it.tenant, it.slot, it.home);
                let namings = self.namings.from(move |it| key(it) < place);
                namings.take_while(move |it| key(it) == place).map(|it| it.sheet)
            })
            .collect();
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

fn naming(Pair { tenant, sheet }: Pair, slot: u16, home: u32) -> Naming {
    Naming { tenant, slot, home, sheet }
}

fn slots(marks: &[Mark]) -> impl Iterator<Item = u16> {
    let anyone = marks.is_empty().then_some(ANYONE);
    marks.iter().map(|mark| mark.slot).chain(anyone)
}
