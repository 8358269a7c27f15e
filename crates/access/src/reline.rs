//! How the lines follow the facts: what changed is derived anew, and nothing else.
//!
//! A line is there for each management group and subscription, for each scope that carries
//! something, and for the resource groups and resources that such a scope lies in. So whatever
//! carries something is found by asking for the scope and what lies around it, and a walk goes
//! from line to line.

use ids::{
    guid::{Principal, SubscriptionId, TenantId},
    scope::Scope,
};

use crate::{
    anchor::{Anchor, Entry},
    delegation::Delegation,
    directory::{PrincipalFacts, PrincipalKind},
    index::Index,
    line::{Flags, Line, Mark, OTHER_ROLE, Pair, USER_ACCESS},
    postings::Spot,
    role::Delegated,
};

/// What a line says, and whose it is.
#[derive(Default, PartialEq, Eq)]
struct Written {
    home: u32,
    flags: Flags,
    pairs: Vec<Pair>,
}

impl Index {
    /// Derives all that is not there yet, of facts that are.
    pub(crate) fn derive(&mut self) {
        self.numbers.postings.hold();
        let tree = self.tree.clone();
        for (id, _) in tree.subscriptions.iter() {
            self.reline(&Scope::Subscription(*id));
        }
        let anchors = self.anchors.clone();
        let is_other = |scope: &Scope| !matches!(scope, Scope::Subscription(_)) || !tree.has(scope);
        for anchor in anchors.iter().filter(|anchor| is_other(&anchor.scope)) {
            self.reline(&anchor.scope);
        }
        self.numbers.post_all();
        let principals = self.directory.principals.clone();
        principals.keys().for_each(|who| self.admit(*who));
    }

    /// Somebody is another than before, or in other groups, and so is whoever is in that group.
    pub(crate) fn readmit(&mut self, changed: Principal) {
        if !self.numbers.postings.are_held() {
            self.directory.below(changed).into_iter().for_each(|who| self.admit(who));
        }
    }

    fn admit(&mut self, who: Principal) {
        match self.directory.principals.get(&who).filter(|facts| can_ask(facts)) {
            Some(facts) => {
                let is_let_in = facts.enabled && !facts.is_guest();
                let groups = self.directory.groups_of(who);
                let names = std::iter::once(who).chain(groups.iter().copied());
                self.numbers.admit(who, is_let_in, names);
            }
            None => self.numbers.dismiss(who),
        }
    }

    /// A subscription has come, gone or moved; `before` is its home until then.
    pub(crate) fn resettle(&mut self, id: SubscriptionId, before: Option<TenantId>) {
        let whole = Scope::Subscription(id);
        self.reline(&whole);
        self.relink(&whole);
        if before != self.home(&whole) {
            let inner: Vec<Scope> = self.anchors.within(&whole).collect();
            for scope in &inner {
                self.reline(scope);
            }
        }
    }

    /// A management group has come, gone or moved, and what lies in it with it.
    pub(crate) fn regroup(&mut self, scope: &Scope) {
        self.reline(scope);
        self.relink(scope);
        let inner: Vec<Scope> = self.tree.children_of(scope).cloned().collect();
        for child in &inner {
            self.relink(child);
        }
        self.prune(scope);
    }

    /// Writes the line of a scope anew.
    pub(crate) fn reline(&mut self, scope: &Scope) {
        let anchor = self.anchors.get(scope).cloned();
        let home = self.tree.home(scope).map(|home| home.tenant);
        let counts = anchor.is_some() || self.tree.has(scope);
        let Some(home) = home.filter(|_| counts) else {
            if let Some(line) = self.numbers.line_of(scope) {
                let held = self.pairs_of(line);
                self.write_line(line, scope, &Written::default(), held);
                self.numbers.stand(line, None);
                self.prune(scope);
            }
            return;
        };
        let Some(line) = self.settled(scope) else { return };
        let mut held = self.pairs_of(line);
        let (flags, pairs) = match &anchor {
            Some(anchor) => self.said(home, anchor, &mut held),
            None => (Flags::default(), Vec::new()),
        };
        let home = self.numbers.tenant(home);
        let written = Written { home, flags: flags.with(Flags::KEPT), pairs };
        self.write_line(line, scope, &written, held);
        self.numbers.stand(line, self.anchors.number(scope));
    }

    fn pairs_of(&self, line: u32) -> Vec<Pair> {
        self.numbers.lines.get(line).into_iter().flat_map(Line::pairs).collect()
    }

    /// `held` are those of the pairs before that are to be let go of.
    fn write_line(&mut self, number: u32, scope: &Scope, new: &Written, held: Vec<Pair>) {
        let Some(line) = self.numbers.lines.get(number) else { return };
        let old = Written { home: line.home, flags: line.flags, pairs: line.pairs().collect() };
        if old != *new
            && let Some(line) = self.numbers.lines.get_mut(number)
        {
            line.write(new.home, new.flags, &new.pairs);
        }
        let spot = |home: u32| Spot { home, subscription: scope.subscription(), line: number };
        let is_in =
            |it: &Written, home: u32, pair: &Pair| it.home == home && it.pairs.contains(pair);
        for pair in old.pairs.iter().filter(|pair| !is_in(new, old.home, pair)) {
            self.numbers.unpost(*pair, spot(old.home));
        }
        for pair in new.pairs.iter().filter(|pair| !is_in(&old, new.home, pair)) {
            self.numbers.post(*pair, spot(new.home));
        }
        for pair in held {
            for gone in self.numbers.release(pair) {
                self.readmit(gone);
            }
        }
    }

    /// Moves a line to what its scope lies in now.
    fn relink(&mut self, scope: &Scope) {
        let Some(line) = self.numbers.line_of(scope) else { return };
        let Some(parent) = self.line_around(scope) else { return };
        if self.numbers.lines.get(line).is_some_and(|line| line.parent != parent) {
            self.numbers.relocate(line, parent);
        }
    }

    /// Takes away a line that nothing needs any more, and those that were there for its sake.
    fn prune(&mut self, scope: &Scope) {
        for at in scope.lineage() {
            let line = self.numbers.line_of(&at).and_then(|line| self.numbers.lines.get(line));
            let is_needed = line.is_none_or(|it| it.flags.has(Flags::KEPT) || it.children > 0);
            if is_needed || self.numbers.clear(&at).is_none() {
                return;
            }
        }
    }

    /// The line of a scope, made where there is none, with those around it.
    fn settled(&mut self, scope: &Scope) -> Option<u32> {
        if let Scope::Tenant(id) = scope {
            return Some(self.numbers.tenant(*id));
        }
        if let Some(line) = self.numbers.line_of(scope) {
            return Some(line);
        }
        let parent = self.line_around(scope)?;
        Some(self.numbers.settle(scope, parent))
    }

    fn line_around(&mut self, scope: &Scope) -> Option<u32> {
        let home = self.tree.home(scope)?;
        let around = self.tree.around(scope, home).filter(|around| around != scope);
        self.settled(&around.unwrap_or(Scope::Tenant(home.tenant)))
    }

    /// What a line says of what stands at its scope.
    fn said(
        &mut self,
        home: TenantId,
        anchor: &Anchor,
        held: &mut Vec<Pair>,
    ) -> (Flags, Vec<Pair>) {
        let mut flags = Flags::default();
        let mut note = |is_so: bool, flag| {
            if is_so {
                flags = flags.with(flag);
            }
        };
        note(!anchor.denies().is_empty(), Flags::DENY);
        note(!anchor.locks().is_empty(), Flags::LOCK);
        note(anchor.delegations.iter().any(|it| !it.lost().is_empty()), Flags::UNSURE);
        let mut pairs = Vec::new();
        let direct = self.marks_of_grants(home, anchor);
        note(direct.is_none(), Flags::UNSURE);
        if direct.as_ref().is_none_or(|direct| !direct.is_empty()) {
            note(true, Flags::DIRECT);
            pairs.push(self.pair(home, direct, held));
        }
        for delegation in anchor.delegations.iter() {
            let marks = self.marks_of_delegation(home, &anchor.scope, delegation);
            note(marks.is_none(), Flags::UNSURE);
            pairs.push(self.pair(delegation.managed_by(), marks, held));
        }
        // Whether one counts, the clock says, and no line: whoever has one is sent on to the facts.
        for activated in anchor.activations() {
            let marks = self.marks(&[(activated.who, OTHER_ROLE)]);
            note(marks.is_none(), Flags::UNSURE);
            pairs.push(self.pair(activated.who.tenant, marks, held));
        }
        (flags, pairs)
    }

    fn pair(&mut self, tenant: TenantId, marks: Option<Vec<Mark>>, held: &mut Vec<Pair>) -> Pair {
        let tenant = self.numbers.tenant(tenant);
        match marks {
            Some(marks) => self.numbers.pair(tenant, marks, held),
            None => self.numbers.untold(tenant, held),
        }
    }

    /// What role assignments give to members of the home tenant; none where a slot is missing.
    fn marks_of_grants(&mut self, home: TenantId, anchor: &Anchor) -> Option<Vec<Mark>> {
        let counting = anchor.grants.iter().filter(|it| it.principal.tenant == home);
        let counting: Vec<(Principal, u16)> = counting
            .filter(|it| !it.is_unreadable())
            .map(|it| {
                let plain = self.catalogue.get(it.role).filter(|_| !it.conditional);
                (it.principal, plain.and_then(|role| role.number).unwrap_or(OTHER_ROLE))
            })
            .collect();
        self.marks(&counting)
    }

    fn marks_of_delegation(
        &mut self,
        home: TenantId,
        at: &Scope,
        it: &Delegation,
    ) -> Option<Vec<Mark>> {
        let Some(manifest) = it.manifest() else { return Some(Vec::new()) };
        if it.managed_by() == home || !it.is_sound(at) {
            return Some(Vec::new());
        }
        let tenant = it.managed_by();
        let role = |entry: &Entry| {
            let role = self.catalogue.get(entry.role)?;
            match role.delegated() {
                Delegated::Nothing => None,
                Delegated::UserAccess | Delegated::Actions if it.period().is_some() => {
                    Some(OTHER_ROLE)
                }
                Delegated::UserAccess => Some(USER_ACCESS),
                Delegated::Actions => Some(role.number.unwrap_or(OTHER_ROLE)),
            }
        };
        let counting: Vec<(Principal, u16)> = manifest
            .entries()
            .iter()
            .filter_map(|entry| Some((Principal { tenant, object: entry.object }, role(entry)?)))
            .collect();
        self.marks(&counting)
    }

    /// Either all of them have slots then, or none gets one.
    fn marks(&mut self, given: &[(Principal, u16)]) -> Option<Vec<Mark>> {
        let mut marks = Vec::with_capacity(given.len());
        let mut is_whole = true;
        for &(who, role) in given {
            let slot = self.numbers.slot(who).or_else(|| {
                let slot = self.numbers.enlist(who)?;
                self.readmit(who);
                Some(slot)
            });
            match slot {
                Some(slot) => marks.push(Mark { slot, role }),
                None => is_whole = false,
            }
        }
        is_whole.then_some(marks)
    }
}

fn can_ask(facts: &PrincipalFacts) -> bool {
    match facts.kind {
        PrincipalKind::Group(_) => false,
        PrincipalKind::User
        | PrincipalKind::Guest { .. }
        | PrincipalKind::Application
        | PrincipalKind::ManagedIdentity => true,
    }
}
