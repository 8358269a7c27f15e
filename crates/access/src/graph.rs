//! Who reaches what, and through which chain: the grants that give something, and the memberships
//! by which groups lend them.
//!
//! A grant is told by what it gives to whoever it names. What stands against somebody there is not
//! part of it: that is asked of `check`.

use std::collections::{BTreeMap, BTreeSet};

use ids::{
    guid::{Principal, RoleId, TenantId},
    resource::{AssignmentId, DefinitionId, RoleAssignmentId},
    scope::Scope,
};
use jiff::Timestamp;
use model::directory::Membership;

use crate::{
    anchor::Anchor,
    index::Index,
    offer::{Offer, Source, Subject},
};

pub use crate::within::{Delegate, Holder};

/// Grants, and who shares in them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graph {
    /// In the order of their scopes, ids and grantees.
    pub grants: Vec<Reaching>,
    /// Who is directly in which group; in order, each once.
    pub memberships: Vec<Membership>,
    /// Whether there are more than were asked for.
    pub is_cut: bool,
}

/// One grant that gives something to whoever it names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reaching {
    pub scope: Scope,
    pub by: Giving,
    pub grantee: Principal,
    pub role: RoleId,
    /// Whether any of it stands under a condition.
    pub is_conditional: bool,
}

/// What gives it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Giving {
    Assignment(RoleAssignmentId),
    Delegation { assignment: AssignmentId, definition: DefinitionId },
}

/// What is wanted of the grants at some place.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// Only grants that name somebody of that tenant; all, where none is given.
    pub grantees_of: Option<TenantId>,
    /// Only the groups of that tenant are looked into; all, where none is given.
    pub members_of: Option<TenantId>,
    /// So many grants, and so many memberships.
    pub limit: usize,
}

impl Index {
    /// What is granted at the scope, around it and below it.
    /// Only what is to be told counts towards the limit.
    pub fn graph_of(
        &self,
        scope: &Scope,
        wanted: Wanted,
        tells: impl Fn(&Reaching) -> bool,
        now: Timestamp,
    ) -> Graph {
        let Wanted { grantees_of, members_of, limit } = wanted;
        let mut scopes = self.known_below(scope);
        scopes.extend(self.lineage(scope));
        let mut graph = Graph::default();
        for scope in &scopes {
            let Some(anchor) = self.anchors.get(scope) else { continue };
            let named: BTreeSet<Principal> = anchor.principals().collect();
            let meant = named.into_iter().filter(|it| grantees_of.is_none_or(|of| it.tenant == of));
            for grantee in meant {
                let subject = Subject::unseen(grantee, now, self.waiting(now));
                let reaching = self.reaching(subject, scope, anchor).into_iter();
                graph.grants.extend(reaching.filter(&tells));
            }
            if graph.grants.len() > limit {
                break;
            }
        }
        let whose = |it: &Principal| members_of.is_none_or(|of| it.tenant == of);
        let grantees: BTreeSet<Principal> =
            graph.grants.iter().map(|it| it.grantee).filter(whose).collect();
        let mut all = BTreeSet::new();
        for grantee in grantees {
            let below = self.directory.memberships_below(grantee, limit.saturating_add(1));
            all.extend(below.into_iter().map(|it| (it.group, it.member)));
            if all.len() > limit {
                break;
            }
        }
        let membership = |(group, member)| Membership { group, member };
        graph.memberships = all.into_iter().map(membership).collect();
        graph.ordered(limit)
    }

    /// What reaches the principal, wherever it stands, as far as its own tenant knows; nothing
    /// where it can ask for nothing. Only what is to be told counts towards the limit.
    pub fn graph_from(
        &self,
        who: Principal,
        limit: usize,
        tells: impl Fn(&Reaching) -> bool,
        now: Timestamp,
    ) -> Graph {
        let Some(subject) = self.local_subject(who, now) else { return Graph::default() };
        let mut graph = Graph::default();
        for scope in self.posted(subject) {
            let Some(anchor) = self.anchors.get(&scope) else { continue };
            graph.grants.extend(self.reaching(subject, &scope, anchor).into_iter().filter(&tells));
            if graph.grants.len() > limit {
                break;
            }
        }
        graph.memberships = self.directory.memberships_above(who);
        graph.shared().ordered(limit)
    }

    fn reaching<'a>(
        &'a self,
        subject: Subject<'a>,
        scope: &Scope,
        anchor: &'a Anchor,
    ) -> Vec<Reaching> {
        let Some(home) = self.home(scope) else { return Vec::new() };
        let offers = self.offers(subject, home, anchor);
        offers.filter_map(|it| told(&it, scope)).collect()
    }
}

impl Graph {
    /// In order, each once, and no more than that.
    fn ordered(mut self, limit: usize) -> Self {
        self.grants.sort();
        self.grants.dedup();
        self.is_cut = self.grants.len() > limit || self.memberships.len() > limit;
        self.grants.truncate(limit);
        self.memberships.truncate(limit);
        self
    }

    /// Everyone who is in the group, through nested groups too, and those groups; in order.
    pub fn members_of(&self, group: Principal) -> BTreeSet<Principal> {
        let (mut found, mut open) = (BTreeSet::new(), vec![group]);
        while let Some(at) = open.pop() {
            for it in self.memberships.iter().filter(|it| it.group == at) {
                if found.insert(it.who()) {
                    open.push(it.who());
                }
            }
        }
        found
    }

    /// Only the memberships by which its grants are shared.
    fn shared(mut self) -> Self {
        let mut above: BTreeMap<Principal, Vec<Principal>> = BTreeMap::new();
        for it in &self.memberships {
            above.entry(it.group).or_default().push(it.who());
        }
        let mut open: Vec<Principal> = self.grants.iter().map(|it| it.grantee).collect();
        let mut lending: BTreeSet<Principal> = open.iter().copied().collect();
        while let Some(at) = open.pop() {
            for member in above.get(&at).into_iter().flatten() {
                if lending.insert(*member) {
                    open.push(*member);
                }
            }
        }
        self.memberships.retain(|it| lending.contains(&it.group));
        self
    }
}

fn told(offer: &Offer<'_>, scope: &Scope) -> Option<Reaching> {
    let permissions = offer.permissions();
    if permissions.iter().all(|it| it.actions.is_empty() && it.data_actions.is_empty()) {
        return None;
    }
    let by = match offer.source {
        Source::Direct(id) => Giving::Assignment(id.clone()),
        Source::Delegated(at, it) => {
            Giving::Delegation { assignment: it.id(at), definition: it.definition(at) }
        }
        // What is held for a while comes of what stands; who holds it now is asked of `check`.
        Source::Activated(_)
        | Source::OwnActivated(_)
        | Source::Eligible(..)
        | Source::Entitled(_)
        | Source::Party(_)
        | Source::Directory(_)
        | Source::Owner(_)
        | Source::Account(_) => return None,
    };
    let is_conditional = permissions.iter().any(|it| it.condition.is_some());
    Some(Reaching {
        scope: scope.clone(),
        by,
        grantee: offer.grantee,
        role: offer.role,
        is_conditional,
    })
}
