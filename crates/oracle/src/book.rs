//! The decision itself, in the documentation's order.

use std::collections::BTreeSet;

use ids::{
    guid::{ObjectId, Principal, RoleId, SubscriptionId, TenantId},
    resource::AssignmentId,
    scope::Scope,
};
use jiff::Timestamp;
use model::{
    action::Action,
    change::Noun,
    directory::{OPERATORS, UserKind},
    question::{Plane, Question, Via},
    role::{Denied, DenyAssignment, LockLevel, Permission, RoleDefinition},
    settings::Profile,
};

use crate::{conditions::bars, grants::named};

/// A rule that can be left out, to see what depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    TenantOfObject,
    Enabled,
    NestedGroups,
    GroupKinds,
    HomeTenant,
    ManagementGroups,
    SegmentBorders,
    Conditions,
    NotActions,
    Delegations,
    OwnTenant,
    DelegableRoles,
    UserAccess,
    AssignableRoles,
    Lost,
    Denies,
    DenyExclusions,
    ChildScopes,
    Locks,
    LockVerbs,
    LocksThemselves,
    LocksAndProfiles,
    Ownership,
    Guests,
    GuestsHome,
    DeleteRole,
    DataActions,
    Direct,
    Platform,
}

impl Rule {
    pub const ALL: [Self; 29] = [
        Self::TenantOfObject,
        Self::Enabled,
        Self::NestedGroups,
        Self::GroupKinds,
        Self::HomeTenant,
        Self::ManagementGroups,
        Self::SegmentBorders,
        Self::Conditions,
        Self::NotActions,
        Self::Delegations,
        Self::OwnTenant,
        Self::DelegableRoles,
        Self::UserAccess,
        Self::AssignableRoles,
        Self::Lost,
        Self::Denies,
        Self::DenyExclusions,
        Self::ChildScopes,
        Self::Locks,
        Self::LockVerbs,
        Self::LocksThemselves,
        Self::LocksAndProfiles,
        Self::Ownership,
        Self::Guests,
        Self::GuestsHome,
        Self::DeleteRole,
        Self::DataActions,
        Self::Direct,
        Self::Platform,
    ];
}

/// An answer, with everything that may stand behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The ids of all grants that allow it.
    Allowed(Vec<String>),
    NoGrant,
    ForeignTenant,
    Guest,
    NotHolder,
    /// The ids of all deny assignments that stand against it.
    Denied(Vec<String>),
    /// The keys of all scopes whose locks bar it.
    Locked(Vec<String>),
}

impl Answer {
    pub fn is_allowed(&self) -> bool {
        matches!(self, Self::Allowed(_))
    }
}

/// All that has happened, and the built-in roles.
#[derive(Clone, Debug)]
pub struct Oracle {
    pub(crate) facts: Vec<Noun>,
    pub(crate) lost: Vec<(AssignmentId, ObjectId, RoleId)>,
    pub(crate) builtin: Vec<RoleDefinition>,
    /// The parts of grants that do not count yet.
    pub(crate) late: BTreeSet<String>,
    /// When it is asked.
    pub(crate) now: Option<Timestamp>,
    without: Vec<Rule>,
}

impl Oracle {
    pub fn new(builtin: Vec<RoleDefinition>) -> Self {
        let (facts, lost, late) = (Vec::new(), Vec::new(), BTreeSet::new());
        Self { facts, lost, builtin, late, now: None, without: Vec::new() }
    }

    /// The same facts by a book without that rule.
    #[must_use]
    pub fn without(&self, rule: Rule) -> Self {
        let mut book = self.clone();
        book.without.push(rule);
        book
    }

    pub(crate) fn minds(&self, rule: Rule) -> bool {
        !self.without.contains(&rule)
    }

    /// The platform's leave is held in the operators' own tenant, wherever the thing is.
    fn placed(&self, question: &Question) -> Question {
        let mut placed = question.clone();
        if question.via == Via::Platform && self.minds(Rule::Platform) {
            placed.scope = Scope::Tenant(OPERATORS);
        }
        placed
    }

    /// May this principal do this?
    pub fn ask(&self, who: Principal, question: &Question) -> Answer {
        if matches!(question.via.plane(), Plane::Activation(_)) {
            return self.party(who, question);
        }
        let question = &self.placed(question);
        let owning = question.via == Via::Ownership && self.minds(Rule::Ownership);
        let home = self.home(&question.scope);
        if owning && home != Some(who.tenant) {
            return Answer::ForeignTenant;
        }
        if owning
            && self.minds(Rule::Guests)
            && self.can_act(who)
            && self.is_guest(who)
            && !self.settings().guest_delegation
        {
            return Answer::Guest;
        }
        let grants = match home {
            Some(home) if self.can_act(who) => self.granting(who, question, home),
            _ => Vec::new(),
        };
        if grants.is_empty() {
            return if owning { Answer::NotHolder } else { Answer::NoGrant };
        }
        let denies = self.denying(who, question);
        if !denies.is_empty() {
            return Answer::Denied(denies);
        }
        let delegated = home != Some(who.tenant);
        let unbound = delegated
            && self.settings().profile == Profile::Azure
            && self.minds(Rule::LocksAndProfiles);
        let locks = self.locking(question);
        let data = question.via == Via::Data && self.minds(Rule::DataActions);
        if !locks.is_empty() && !unbound && !owning && !data {
            return Answer::Locked(locks);
        }
        Answer::Allowed(grants)
    }

    /// Everyone who may.
    pub fn who_can(&self, question: &Question) -> Vec<Principal> {
        let mut all = self.principals();
        all.sort();
        all.retain(|who| self.ask(*who, question).is_allowed());
        all
    }

    /// Of these scopes, the ones where the principal may and around which it may not.
    pub fn outermost(&self, who: Principal, action: &Action, scopes: &[Scope]) -> Vec<Scope> {
        let may = |scope: &Scope| {
            self.ask(who, &Question::any(action.clone(), scope.clone())).is_allowed()
        };
        let allowed: Vec<&Scope> = scopes.iter().filter(|scope| may(scope)).collect();
        let is_outermost = |scope: &&&Scope| {
            let is_around =
                |outer: &Scope| self.contains(outer, scope) && !self.contains(scope, outer);
            !allowed.iter().any(|outer| is_around(outer))
        };
        allowed.iter().filter(is_outermost).map(|scope| (*scope).clone()).collect()
    }

    /// Whether the principal sees the subscription in a list.
    pub fn sees(&self, who: Principal, id: SubscriptionId) -> bool {
        let whole = Scope::Subscription(id);
        let Some(home) = self.home(&whole) else { return false };
        let near = |scope: &Scope| self.contains(scope, &whole) || self.contains(&whole, scope);
        self.can_act(who)
            && self.held(who, home).iter().any(|held| near(&held.scope) && self.shows(held))
    }

    fn denying(&self, who: Principal, question: &Question) -> Vec<String> {
        let (names, counting) = (self.names_of(who), self.counting_names_of(who));
        let is_listed =
            |names: &[Principal], list: &[Principal]| list.iter().any(|it| names.contains(it));
        let is_against = |it: &&DenyAssignment| {
            let here = self.contains(it.id.scope(), &question.scope);
            let exactly = it.id.scope().key() == question.scope.key();
            let reaches =
                exactly || !it.does_not_apply_to_child_scopes || !self.minds(Rule::ChildScopes);
            let aimed = match &it.principals {
                Denied::Everyone => true,
                Denied::These(list) => is_listed(&names, list),
            };
            let spared = self.minds(Rule::DenyExclusions) && is_listed(&counting, &it.exclude);
            let minds = self.minds(Rule::Conditions);
            let holds = |it: &Permission| {
                !minds || it.condition.as_ref().is_none_or(|it| bars(it, question))
            };
            let fits = it
                .permissions
                .iter()
                .any(|it| holds(it) && named(&self.part(it, question), question.action.as_str()));
            here && reaches && aimed && !spared && fits
        };
        let denies = self.facts.iter().filter_map(|fact| match fact {
            Noun::DenyAssignment(it) if self.minds(Rule::Denies) => Some(it),
            _ => None,
        });
        denies.filter(is_against).map(|it| it.id.key()).collect()
    }

    fn locking(&self, question: &Question) -> Vec<String> {
        let action = question.action.as_str().to_lowercase();
        let on_locks = action.starts_with("microsoft.authorization/locks/");
        if !self.minds(Rule::Locks) || (on_locks && self.minds(Rule::LocksThemselves)) {
            return Vec::new();
        }
        let mut scopes: Vec<String> = Vec::new();
        for fact in &self.facts {
            let Noun::Lock(lock) = fact else { continue };
            let bars = match lock.level {
                LockLevel::CanNotDelete => action.ends_with("/delete"),
                LockLevel::ReadOnly => !action.ends_with("/read"),
            };
            let bars = bars || (!self.minds(Rule::LockVerbs) && !action.ends_with("/read"));
            if bars && self.contains(lock.id.scope(), &question.scope) {
                scopes.push(lock.id.scope().key());
            }
        }
        scopes.sort();
        scopes.dedup();
        scopes
    }

    /// Whether the one scope is the other, or around it.
    pub fn contains(&self, outer: &Scope, inner: &Scope) -> bool {
        let (outer, within) = (outer.key(), inner.key());
        let by_id = if self.minds(Rule::SegmentBorders) {
            format!("{within}/").starts_with(&format!("{outer}/"))
        } else {
            within.starts_with(&outer)
        };
        by_id || self.tree_around(inner).contains(&outer)
    }

    /// The management groups around a scope, and its tenant.
    fn tree_around(&self, scope: &Scope) -> Vec<String> {
        let Some(tenant) = self.home(scope) else { return Vec::new() };
        let root = scope.lineage().last();
        let mut parent = self.facts.iter().find_map(|fact| match (fact, &root) {
            (Noun::Subscription(it), Some(Scope::Subscription(id))) if it.id == *id => {
                it.parent.clone()
            }
            (Noun::ManagementGroup(it), Some(root)) if it.scope() == *root => it.parent.clone(),
            _ => None,
        });
        let mut found = Vec::new();
        while let Some(name) = parent.take().filter(|_| self.minds(Rule::ManagementGroups)) {
            let key = Scope::ManagementGroup(tenant, name).key();
            for fact in &self.facts {
                let Noun::ManagementGroup(it) = fact else { continue };
                if it.scope().key() == key && !found.contains(&key) {
                    parent.clone_from(&it.parent);
                    found.push(key.clone());
                }
            }
        }
        found.push(Scope::Tenant(tenant).key());
        found
    }

    pub(crate) fn home(&self, scope: &Scope) -> Option<TenantId> {
        let Some(id) = scope.subscription() else { return scope.tenant() };
        self.facts.iter().find_map(|fact| match fact {
            Noun::Subscription(it) if it.id == id => Some(it.tenant),
            _ => None,
        })
    }

    pub(crate) fn can_act(&self, who: Principal) -> bool {
        self.facts.iter().any(|fact| match fact {
            Noun::User(it) => {
                it.principal == who
                    && (it.enabled || !self.minds(Rule::Enabled))
                    && self.is_welcome_at_home(&it.kind)
            }
            Noun::ServicePrincipal(it) => {
                it.principal == who && (it.enabled || !self.minds(Rule::Enabled))
            }
            _ => false,
        })
    }

    /// A guest is as good as the account that it signs in with.
    fn is_welcome_at_home(&self, kind: &UserKind) -> bool {
        let UserKind::Guest { home } = kind else { return true };
        !self.minds(Rule::GuestsHome)
            || self.facts.iter().any(|fact| match fact {
                Noun::User(it) => {
                    it.principal == *home && it.enabled && it.kind == UserKind::Member
                }
                _ => false,
            })
    }

    fn is_guest(&self, who: Principal) -> bool {
        self.facts.iter().any(|fact| match fact {
            Noun::User(it) => it.principal == who && it.kind != UserKind::Member,
            _ => false,
        })
    }
}
