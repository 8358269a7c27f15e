//! What has which number, and what the numbers stand for in a check.
//!
//! Places, tenants and askers have lines; a grantee is a principal that some grant names, and has
//! a slot among those of its tenant. What is not there any more gives its number back.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use ids::{
    guid::{Principal, SubscriptionId, TenantId},
    scope::Scope,
};

use crate::{
    line::{Asker, Line, Mark, Pair, Sheet},
    map::Map,
    pages::{NOTHING, Pages, Stock},
    postings::{Postings, Spot, slots},
};

/// Slots are given out up to this one; a tenant with more grantees is checked without.
const SLOTS_MAX: u16 = u16::MAX - 1;

/// How many editions there were in this process. Numbers mean something in one edition only, and
/// copies of an index may go on each in its own way.
static EDITIONS: AtomicU64 = AtomicU64::new(0);

/// A principal that some grant names.
#[derive(Clone, Copy)]
struct Grantee {
    slot: u16,
    /// How many marks of sheets mean it.
    uses: u32,
}

/// A tenant's line, and what is free of its slots.
#[derive(Clone, Default)]
struct Slots {
    line: u32,
    next: u16,
    free: Vec<u16>,
}

#[derive(Clone, Default)]
pub(crate) struct Numbers {
    edition: u64,
    pub(crate) lines: Stock<Line>,
    /// The number of the anchor at the place of a line, and one more; zero where nothing stands.
    stands: Pages<u32>,
    sheets: Stock<Sheet>,
    askers: Stock<Asker>,
    /// A tenant's number is that of its line. It is never given back.
    tenants: Map<TenantId, Slots>,
    subscriptions: Map<SubscriptionId, u32>,
    /// Management groups, resource groups and resources.
    places: Map<Scope, u32>,
    principals: Map<Principal, u32>,
    grantees: Map<Principal, Grantee>,
    /// Whose a slot of a tenant is.
    holders: Map<(u32, u16), Principal>,
    written: Map<(u32, Arc<[Mark]>), u32>,
    /// From who is named to the places.
    pub(crate) postings: Postings,
}

impl Numbers {
    pub(crate) fn edition(&self) -> u64 {
        self.edition
    }

    /// From now on the numbers are others than in any index before.
    pub(crate) fn renew(&mut self) {
        self.edition = EDITIONS.fetch_add(1, Ordering::Relaxed) + 1;
    }

    /// The number of the anchor at the place of a line.
    pub(crate) fn anchor_at(&self, line: u32) -> Option<u32> {
        self.stands.get(line)?.checked_sub(1)
    }

    /// Notes which anchor stands at the place of a line.
    pub(crate) fn stand(&mut self, line: u32, anchor: Option<u32>) {
        let number = anchor.map_or(0, |number| number.saturating_add(1));
        if self.stands.get(line).copied().unwrap_or_default() != number {
            self.stands.put(line, number);
        }
    }

    /// The line of exactly that scope.
    pub(crate) fn line_of(&self, scope: &Scope) -> Option<u32> {
        match scope {
            Scope::Tenant(id) => self.tenants.get(id).map(|slots| slots.line),
            Scope::Subscription(id) => self.subscriptions.get(id).copied(),
            Scope::ManagementGroup(..) | Scope::ResourceGroup(..) | Scope::Resource(_) => {
                self.places.get(scope).copied()
            }
        }
    }

    /// The line of the scope, or of the innermost one around it that has any: what stands
    /// there and further out is all that can stand for or against what is asked at the scope.
    pub(crate) fn nearest(&self, scope: &Scope) -> Option<u32> {
        let Some(id) = scope.subscription() else {
            let own = scope.lineage().find_map(|at| self.line_of(&at));
            return own.or_else(|| self.line_of(&Scope::Tenant(scope.tenant()?)));
        };
        let whole = *self.subscriptions.get(&id)?;
        if self.is_leaf(whole) || matches!(scope, Scope::Subscription(_)) {
            return Some(whole);
        }
        let Some(name) = scope.resource_group() else {
            let inner = scope.lineage().find_map(|at| self.places.get(&at).copied());
            return Some(inner.unwrap_or(whole));
        };
        let group = self.places.get(&Scope::ResourceGroup(id, name.clone())).copied();
        let Some(group) = group else { return Some(whole) };
        if self.is_leaf(group) {
            return Some(group);
        }
        scope.lineage().find_map(|at| self.places.get(&at).copied())
    }

    fn is_leaf(&self, line: u32) -> bool {
        self.lines.get(line).is_none_or(|line| line.children == 0)
    }

    /// Gives a scope a line that lies in another.
    pub(crate) fn settle(&mut self, scope: &Scope, parent: u32) -> u32 {
        let number = self.lines.add(Line::within(parent));
        if let Some(around) = self.lines.get_mut(parent) {
            around.children += 1;
        }
        match scope {
            Scope::Tenant(id) => {
                self.tenants.insert(id, Slots { line: number, ..Slots::default() });
            }
            Scope::Subscription(id) => self.subscriptions.insert(id, number),
            Scope::ManagementGroup(..) | Scope::ResourceGroup(..) | Scope::Resource(_) => {
                self.places.insert(scope, number);
            }
        }
        number
    }

    /// Takes a scope's line away, which nothing lies in; what it lay in.
    pub(crate) fn clear(&mut self, scope: &Scope) -> Option<u32> {
        let number = self.line_of(scope)?;
        match scope {
            Scope::Tenant(_) => return None,
            Scope::Subscription(id) => self.subscriptions.remove(id),
            Scope::ManagementGroup(..) | Scope::ResourceGroup(..) | Scope::Resource(_) => {
                self.places.remove(scope);
            }
        }
        let parent = self.lines.get(number).map(|line| line.parent);
        self.lines.remove(number);
        self.leave(parent?);
        parent
    }

    /// Moves a line into another; what it lay in.
    pub(crate) fn relocate(&mut self, line: u32, parent: u32) -> Option<u32> {
        let here = self.lines.get_mut(line)?;
        let before = std::mem::replace(&mut here.parent, parent);
        if let Some(around) = self.lines.get_mut(parent) {
            around.children += 1;
        }
        self.leave(before);
        Some(before)
    }

    fn leave(&mut self, parent: u32) {
        if let Some(around) = self.lines.get_mut(parent) {
            around.children = around.children.saturating_sub(1);
        }
    }

    /// The tenant's number; the line comes with it.
    pub(crate) fn tenant(&mut self, id: TenantId) -> u32 {
        let known = self.tenants.get(&id).map(|slots| slots.line);
        known.unwrap_or_else(|| self.settle(&Scope::Tenant(id), NOTHING))
    }

    pub(crate) fn asker(&self, who: Principal) -> Option<(u32, &Asker)> {
        let number = *self.principals.get(&who)?;
        Some((number, self.askers.get(number)?))
    }

    pub(crate) fn asker_at(&self, number: u32) -> Option<&Asker> {
        self.askers.get(number)
    }

    pub(crate) fn slot(&self, who: Principal) -> Option<u16> {
        self.grantees.get(&who).map(|it| it.slot)
    }

    /// Writes down who asks, and whom a grant may name to mean this one.
    pub(crate) fn admit(
        &mut self,
        who: Principal,
        is_let_in: bool,
        names: impl Iterator<Item = Principal>,
    ) {
        let tenant = self.tenant(who.tenant);
        let slots = names.filter_map(|name| self.slot(name));
        let asker = Asker::new(tenant, is_let_in, slots);
        let known = self.principals.get(&who).copied();
        if let Some(line) = known.and_then(|number| self.askers.get_mut(number)) {
            *line = asker;
        } else {
            let number = self.askers.add(asker);
            self.principals.insert(&who, number);
        }
    }

    /// Forgets somebody who cannot ask any more.
    pub(crate) fn dismiss(&mut self, who: Principal) {
        if let Some(number) = self.principals.change(&who, Option::take) {
            self.askers.remove(number);
        }
    }

    /// A slot for a grantee that has none yet; none where its tenant has no more.
    pub(crate) fn enlist(&mut self, who: Principal) -> Option<u16> {
        let tenant = self.tenant(who.tenant);
        let slot = self.tenants.change(&who.tenant, |slots| {
            let slots = slots.as_mut()?;
            slots.free.pop().or_else(|| {
                let slot = slots.next;
                slots.next = slot.checked_add(1).filter(|_| slot < SLOTS_MAX)?;
                Some(slot)
            })
        })?;
        self.grantees.insert(&who, Grantee { slot, uses: 0 });
        self.holders.insert(&(tenant, slot), who);
        Some(slot)
    }

    pub(crate) fn sheet(&self, number: u32) -> Option<&Sheet> {
        self.sheets.get(number)
    }

    /// Whether a sheet names one of these slots of its tenant, or may name anyone.
    pub(crate) fn is_named_by(&self, sheet: u32, slots: &[u16]) -> bool {
        self.sheets.get(sheet).is_some_and(|sheet| {
            let mut marks = sheet.marks().peekable();
            marks.peek().is_none() || marks.any(|mark| slots.contains(&mark.slot))
        })
    }

    /// A pair for what is given to members of a tenant, but cannot be told by marks.
    pub(crate) fn untold(&mut self, tenant: u32, held: &mut Vec<Pair>) -> Pair {
        self.shared(tenant, Vec::new(), held)
    }

    /// A pair for what is given to members of a tenant; the sheet is shared with all that give
    /// the same. Where that is nothing, it has no number. `held` are pairs to be released: one of
    /// those is taken, if it says the same.
    pub(crate) fn pair(&mut self, tenant: u32, marks: Vec<Mark>, held: &mut Vec<Pair>) -> Pair {
        if marks.is_empty() {
            return Pair { tenant, sheet: NOTHING };
        }
        self.shared(tenant, marks, held)
    }

    fn shared(&mut self, tenant: u32, mut marks: Vec<Mark>, held: &mut Vec<Pair>) -> Pair {
        marks.sort_unstable();
        marks.dedup();
        let key = (tenant, Arc::from(marks));
        if let Some(&sheet) = self.written.get(&key) {
            let pair = Pair { tenant, sheet };
            if let Some(place) = held.iter().position(|it| *it == pair) {
                held.swap_remove(place);
            } else if let Some(known) = self.sheets.get_mut(sheet) {
                known.uses += 1;
            }
            return pair;
        }
        let sheet = self.sheets.add(Sheet::new(&key.1));
        self.written.insert(&key, sheet);
        for mark in &*key.1 {
            if let Some(&who) = self.holders.get(&(tenant, mark.slot)) {
                self.grantees.change(&who, |it| it.as_mut().map(|it| it.uses += 1));
            }
        }
        Pair { tenant, sheet }
    }

    /// Notes where the pair stands.
    pub(crate) fn post(&mut self, pair: Pair, spot: Spot) {
        if let Some(sheet) = self.sheets.get(pair.sheet) {
            self.postings.post(pair, sheet.marks(), spot);
        }
    }

    /// Notes where all pairs stand, instead of what was noted before.
    pub(crate) fn post_all(&mut self) {
        let all = self.names().filter_map(|(scope, number)| {
            let line = self.lines.get(number)?;
            let subscription = scope.subscription();
            let spot = Spot { home: line.home, subscription, line: number };
            Some(line.pairs().map(move |pair| (pair, spot)))
        });
        let given = all.flatten().filter(|(pair, _)| self.sheets.get(pair.sheet).is_some());
        self.postings = Postings::of(given, |sheet| {
            let marks = self.sheets.get(sheet).into_iter().flat_map(Sheet::marks);
            slots(marks).collect()
        });
    }

    /// Takes that back; before the pair is let go of.
    pub(crate) fn unpost(&mut self, pair: Pair, spot: Spot) {
        if let Some(sheet) = self.sheets.get(pair.sheet) {
            self.postings.unpost(pair, sheet.marks(), spot);
        }
    }

    /// Lets go of a pair; the grantees that nothing names any more have no slot from now on.
    pub(crate) fn release(&mut self, pair: Pair) -> Vec<Principal> {
        let Some(sheet) = self.sheets.get_mut(pair.sheet) else { return Vec::new() };
        sheet.uses -= 1;
        if sheet.uses > 0 {
            return Vec::new();
        }
        let marks: Vec<Mark> = sheet.marks().collect();
        self.sheets.remove(pair.sheet);
        let gone = marks.iter().filter_map(|mark| self.unmark(pair.tenant, mark.slot)).collect();
        self.written.remove(&(pair.tenant, Arc::from(marks)));
        gone
    }

    fn unmark(&mut self, tenant: u32, slot: u16) -> Option<Principal> {
        let who = *self.holders.get(&(tenant, slot))?;
        let is_gone = self.grantees.change(&who, |grantee| {
            let left = grantee.as_mut().map(|it| {
                it.uses -= 1;
                it.uses
            });
            grantee.take_if(|_| left == Some(0)).is_some()
        });
        if !is_gone {
            return None;
        }
        self.holders.remove(&(tenant, slot));
        self.tenants.change(&who.tenant, |slots| slots.as_mut().map(|it| it.free.push(slot)));
        Some(who)
    }

    /// Lines with the keys of their scopes, without the numbers: for the dump.
    pub(crate) fn names(&self) -> impl Iterator<Item = (Scope, u32)> {
        let tenants = self.tenants.iter().map(|(id, slots)| (Scope::Tenant(*id), slots.line));
        let wholes = self.subscriptions.iter().map(|(id, line)| (Scope::Subscription(*id), *line));
        let places = self.places.iter().map(|(scope, line)| (scope.clone(), *line));
        tenants.chain(wholes).chain(places)
    }

    pub(crate) fn grantees(&self) -> impl Iterator<Item = (&Principal, u32)> {
        self.grantees.iter().map(|(who, it)| (who, it.uses))
    }

    pub(crate) fn askers(&self) -> impl Iterator<Item = (&Principal, &Asker)> {
        self.principals.iter().filter_map(|(who, line)| Some((who, self.askers.get(*line)?)))
    }

    pub(crate) fn holder(&self, tenant: u32, slot: u16) -> Option<Principal> {
        self.holders.get(&(tenant, slot)).copied()
    }
}
