//! The same decision asked the other way round: who, what, where.
//!
//! Each finds candidates from what stands there, and leaves the answer to `check`.

use std::{collections::BTreeSet, iter, sync::Arc};

use ids::{
    guid::{Principal, RoleId, SubscriptionId, TenantId},
    scope::Scope,
};
use jiff::Timestamp;
use model::{
    action::Action,
    question::{Plane, Question},
    role::Permission,
};

use crate::{
    anchor::Anchor,
    index::Index,
    offer::{Subject, place_of},
};

impl Index {
    /// Everyone who can ask and would be allowed; sorted.
    pub fn who_can(&self, question: &Question, now: Timestamp) -> Vec<Principal> {
        let may = |who: &Principal| self.check(*who, question, now).is_allowed();
        match question.via.plane() {
            Plane::Directory | Plane::Activation(_) => {
                let all: BTreeSet<Principal> = self.directory.principals.keys().copied().collect();
                all.into_iter().filter(may).collect()
            }
            Plane::Control | Plane::Data => {
                self.meant_around(place_of(question), |_| true).into_iter().filter(may).collect()
            }
        }
    }

    /// Everyone whom a grant at the scope or around it names, through groups too, of those grantees
    /// that are meant.
    pub(crate) fn meant_around(
        &self,
        scope: &Scope,
        is_meant: impl Fn(&Principal) -> bool,
    ) -> BTreeSet<Principal> {
        let around = self.lineage(scope);
        let anchors = around.iter().filter_map(|scope| self.anchors.get(scope));
        let named: BTreeSet<Principal> = anchors
            .flat_map(|anchor| {
                anchor.principals().chain(anchor.activations().iter().map(|it| it.who))
            })
            .collect();
        let named = named.into_iter().filter(is_meant);
        named.flat_map(|principal| self.directory.below(principal)).collect()
    }

    /// The permission objects that the principal holds at the scope, each once, innermost
    /// grants first. Denies and locks are not in it, as in Azure's permissions API.
    pub fn what_can(&self, who: Principal, scope: &Scope, now: Timestamp) -> Vec<Permission> {
        self.what_can_as(self.subject(who, now), scope)
    }

    /// The same with who asks already known; none if nobody who can.
    pub(crate) fn what_can_as(
        &self,
        subject: Option<Subject<'_>>,
        scope: &Scope,
    ) -> Vec<Permission> {
        let (Some(home), Some(subject)) = (self.tree.home(scope), subject) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for at in self.tree.lineage(scope.clone(), home) {
            let anchor = self.anchors.get(&at);
            let offers = anchor.iter().flat_map(|anchor| self.offers(subject, home.tenant, anchor));
            for permission in offers.flat_map(|it| it.permissions()) {
                if !found.contains(&permission) {
                    found.push(permission);
                }
            }
        }
        found
    }

    /// The outermost scopes, of those that the index knows, where the principal is allowed the
    /// action; sorted.
    pub fn scopes_of(&self, who: Principal, action: &Action, now: Timestamp) -> Vec<Scope> {
        let may = |scope: &Scope| {
            let question = Question::any(action.clone(), scope.clone());
            self.check(who, &question, now).is_allowed()
        };
        self.scopes_where(self.subject(who, now), may)
    }

    /// The outermost scopes where that holds, of those at which something names the one who asks
    /// and those below where a deny assignment ends.
    pub(crate) fn scopes_where(
        &self,
        subject: Option<Subject<'_>>,
        may: impl Fn(&Scope) -> bool,
    ) -> Vec<Scope> {
        let mut allowed = BTreeSet::new();
        let mut open: Vec<Scope> = subject.map_or_else(Vec::new, |it| self.posted(it));
        while let Some(scope) = open.pop() {
            if may(&scope) {
                allowed.insert(scope);
            } else if self.has_shallow_deny(&scope) {
                // The refusal may end right below.
                open.extend(self.known_below(&scope).into_iter().filter(|at| *at != scope));
            }
        }
        let is_outermost = |scope: &&Scope| {
            let mut around = self.lineage(scope).into_iter().skip(1);
            // In a ring of management groups nobody is the outer one.
            !around.any(|at| allowed.contains(&at) && !self.lineage(&at).contains(scope))
        };
        allowed.iter().filter(is_outermost).cloned().collect()
    }

    /// The scopes at which somebody of that tenant holds that role of the tenant's own, or may
    /// activate it; sorted.
    pub fn scopes_of_role(&self, tenant: TenantId, role: RoleId) -> Vec<Scope> {
        let holds = |anchor: &Anchor| {
            anchor.grants.iter().any(|grant| grant.role == role)
                || anchor.entitlements().iter().any(|it| it.role == role)
        };
        let all = self.anchors_below(&Scope::Tenant(tenant)).into_iter();
        all.filter(|(_, anchor)| holds(anchor)).map(|(scope, _)| scope).collect()
    }

    /// Whether the principal holds any grant at, above or below the subscription: whether it
    /// sees it in a list.
    pub fn can_see(&self, who: Principal, id: SubscriptionId, now: Timestamp) -> bool {
        let Some(subject) = self.subject(who, now) else { return false };
        let whole = Scope::Subscription(id);
        let around = self.lineage(&whole);
        let is_near = !around.is_empty();
        is_near
            && (around.iter().any(|scope| self.holds_at(subject, scope))
                || self.anchors.within(&whole).any(|scope| self.holds_at(subject, &scope)))
    }

    /// Whether anything at exactly this scope grants that one something.
    fn holds_at(&self, subject: Subject<'_>, scope: &Scope) -> bool {
        let (Some(home), Some(anchor)) = (self.home(scope), self.anchors.get(scope)) else {
            return false;
        };
        let mut offers = self.offers(subject, home, anchor);
        offers.any(|it| it.is_something())
    }

    fn has_shallow_deny(&self, scope: &Scope) -> bool {
        self.anchors.get(scope).is_some_and(|anchor| {
            anchor.denies().iter().any(|deny| deny.assignment.does_not_apply_to_child_scopes)
        })
    }

    /// The scopes in this one that the index knows, itself included: management groups,
    /// subscriptions, and what carries something.
    pub(crate) fn known_below(&self, scope: &Scope) -> BTreeSet<Scope> {
        if let Some(id) = scope.subscription() {
            let whole = Scope::Subscription(id);
            let inner = self.anchors.within(&whole).filter(|inner| scope.contains(inner));
            return iter::once(scope.clone()).chain(inner).collect();
        }
        let tree = self.tree.below(scope);
        let whole = scope.tenant().map(Scope::Tenant);
        let outside = whole.iter().flat_map(|whole| self.anchors.within(whole));
        let is_within = |inner: &Scope| self.lineage(inner).contains(scope);
        let outside: Vec<Scope> = outside.filter(is_within).collect();
        let inside: Vec<Scope> = tree.iter().flat_map(|at| self.anchors.within(at)).collect();
        tree.into_iter().chain(inside).chain(outside).collect()
    }

    /// What stands in this scope, itself included; sorted by scope.
    pub(crate) fn anchors_below(&self, scope: &Scope) -> Vec<(Scope, &Arc<Anchor>)> {
        let known = self.known_below(scope);
        known.into_iter().filter_map(|at| self.anchors.get(&at).map(|it| (at, it))).collect()
    }
}
