//! Who exists, and which groups lend them rights.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, VecDeque},
    iter,
    sync::Arc,
};

use ids::guid::{ObjectId, Principal, RoleId};
use model::{
    directory::{GroupKind, Membership, ServicePrincipal, ServicePrincipalKind, User, UserKind},
    directory_role::DirectoryRoleAssignment,
    market::account::{AccountMember, AccountRole},
    ownership::{Owned, Ownership},
};
use serde::{Deserialize, Serialize};

use crate::{
    dump::pairs,
    map::{Map, Set},
};

/// So many security groups may lend their rights to one principal, through nesting: about as many
/// as fit into a Windows access token, and far more than anyone sees through.
pub const GROUPS_MAX: usize = 1_024;

/// What access knows of a principal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrincipalFacts {
    pub kind: PrincipalKind,
    /// A group is always enabled.
    pub enabled: bool,
}

/// What a principal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PrincipalKind {
    User,
    /// Who signs in with an account of another tenant, and is worth what that account is worth.
    Guest {
        home: Principal,
    },
    Group(GroupKind),
    Application,
    ManagedIdentity,
}

impl PrincipalFacts {
    pub(crate) fn is_guest(&self) -> bool {
        matches!(self.kind, PrincipalKind::Guest { .. })
    }

    /// Whether it is a person who is at home where it stands, and let in there.
    fn is_home(&self) -> bool {
        self.enabled && self.kind == PrincipalKind::User
    }
}

impl From<&User> for PrincipalFacts {
    fn from(user: &User) -> Self {
        let kind = match user.kind {
            UserKind::Member => PrincipalKind::User,
            UserKind::Guest { home } => PrincipalKind::Guest { home },
        };
        Self { kind, enabled: user.enabled }
    }
}

impl From<&ServicePrincipal> for PrincipalFacts {
    fn from(it: &ServicePrincipal) -> Self {
        let kind = match it.kind {
            ServicePrincipalKind::Application => PrincipalKind::Application,
            ServicePrincipalKind::ManagedIdentity { .. } => PrincipalKind::ManagedIdentity,
        };
        Self { kind, enabled: it.enabled }
    }
}

/// All principals, and the security groups above each.
#[derive(Clone, Default)]
pub(crate) struct Directory {
    pub(crate) principals: Map<Principal, PrincipalFacts>,
    /// The groups that a principal is a direct member of, of either kind.
    above: Map<Principal, BTreeSet<ObjectId>>,
    members: Map<Principal, Set<ObjectId>>,
    /// The security groups whose rights a principal shares, through nesting; sorted. Absent
    /// where there are none.
    closures: Map<Principal, Arc<[Principal]>>,
    /// The directory roles that a principal holds. Groups lend none.
    roles: Map<Principal, BTreeSet<RoleId>>,
    /// What of its tenant's directory a principal owns. Groups own nothing.
    owned: Map<Principal, BTreeSet<Owned>>,
    /// What a principal is in its tenant's publisher account.
    accounts: Map<Principal, AccountRole>,
}

impl Directory {
    /// What is known of a principal that can ask for something itself, at this moment: groups
    /// cannot, and a guest can as long as the account at home is let in.
    pub(crate) fn acting(&self, who: Principal) -> Option<PrincipalFacts> {
        let facts = self.admitted(who)?;
        let acts = match facts.kind {
            PrincipalKind::Guest { home } => {
                self.principals.get(&home).is_some_and(PrincipalFacts::is_home)
            }
            PrincipalKind::User
            | PrincipalKind::Application
            | PrincipalKind::ManagedIdentity
            | PrincipalKind::Group(_) => true,
        };
        acts.then_some(facts)
    }

    /// The same as far as the principal's own tenant knows: what became of a guest's account is
    /// for its home to tell.
    pub(crate) fn admitted(&self, who: Principal) -> Option<PrincipalFacts> {
        let is_group = |facts: &PrincipalFacts| matches!(facts.kind, PrincipalKind::Group(_));
        self.principals.get(&who).copied().filter(|facts| facts.enabled && !is_group(facts))
    }

    /// The security groups whose rights a principal shares; sorted.
    pub(crate) fn groups_of(&self, who: Principal) -> &[Principal] {
        self.closures.get(&who).map_or(&[], |groups| groups)
    }

    pub(crate) fn put(&mut self, who: Principal, facts: PrincipalFacts) {
        let before = self.principals.get(&who).copied();
        self.principals.insert(&who, facts);
        if before.map(|it| it.kind) != Some(facts.kind) {
            self.recompute(who);
        }
    }

    pub(crate) fn remove(&mut self, who: Principal) {
        self.principals.remove(&who);
        self.recompute(who);
    }

    pub(crate) fn join(&mut self, membership: &Membership) {
        let Membership { group, member } = *membership;
        self.members.change(&group, |slot| slot.get_or_insert_default().insert(&member, ()));
        let member = membership.who();
        self.above.change(&member, |slot| slot.get_or_insert_default().insert(group.object));
        self.recompute(member);
    }

    pub(crate) fn part(&mut self, membership: &Membership) {
        let Membership { group, member } = *membership;
        self.members.change(&group, |slot| {
            slot.take_if(|members| {
                members.remove(&member);
                members.is_empty()
            });
        });
        let member = membership.who();
        self.above.change(&member, |slot| {
            slot.take_if(|groups| groups.remove(&group.object) && groups.is_empty());
        });
        self.recompute(member);
    }

    pub(crate) fn give(&mut self, it: &DirectoryRoleAssignment) {
        self.roles.change(&it.principal, |slot| slot.get_or_insert_default().insert(it.role));
    }

    pub(crate) fn take(&mut self, it: &DirectoryRoleAssignment) {
        self.roles.change(&it.principal, |slot| {
            slot.take_if(|roles| roles.remove(&it.role) && roles.is_empty());
        });
    }

    pub(crate) fn own(&mut self, it: &Ownership) {
        self.owned.change(&it.who(), |slot| slot.get_or_insert_default().insert(it.owned));
    }

    pub(crate) fn disown(&mut self, it: &Ownership) {
        self.owned.change(&it.who(), |slot| {
            slot.take_if(|all| all.remove(&it.owned) && all.is_empty());
        });
    }

    /// What a principal owns.
    pub(crate) fn owned_by(&self, who: Principal) -> impl Iterator<Item = Owned> {
        self.owned.get(&who).into_iter().flatten().copied()
    }

    /// Who owns what, in a fixed order.
    pub(crate) fn ownerships(&self) -> Vec<Ownership> {
        let all = self.owned.iter().flat_map(|(who, all)| {
            all.iter().map(|owned| Ownership { owned: *owned, owner: who.object })
        });
        all.collect::<BTreeSet<_>>().into_iter().collect()
    }

    pub(crate) fn enlist(&mut self, it: &AccountMember) {
        self.accounts.insert(&it.principal, it.role);
    }

    pub(crate) fn dismiss(&mut self, it: &AccountMember) {
        self.accounts.remove(&it.principal);
    }

    /// What a principal is in its tenant's publisher account.
    pub(crate) fn account_role_of(&self, who: Principal) -> Option<AccountRole> {
        self.accounts.get(&who).copied()
    }

    /// Who is what in which publisher account, in a fixed order.
    pub(crate) fn account_members(&self) -> Vec<AccountMember> {
        let all: BTreeMap<Principal, AccountRole> =
            self.accounts.iter().map(|(who, role)| (*who, *role)).collect();
        all.into_iter().map(|(principal, role)| AccountMember { principal, role }).collect()
    }

    /// The directory roles that a principal holds.
    pub(crate) fn roles_of(&self, who: Principal) -> impl Iterator<Item = RoleId> {
        self.roles.get(&who).into_iter().flatten().copied()
    }

    /// Who holds which directory role, in a fixed order.
    pub(crate) fn held(&self) -> Vec<DirectoryRoleAssignment> {
        let all = self.roles.iter().flat_map(|(who, roles)| roles.iter().map(|role| (*who, *role)));
        let all: BTreeSet<(Principal, RoleId)> = all.collect();
        all.into_iter()
            .map(|(principal, role)| DirectoryRoleAssignment { principal, role })
            .collect()
    }

    /// Somebody at or below that one who shares the rights of too many groups.
    pub(crate) fn overgrown(&self, changed: Principal) -> Option<Principal> {
        let too_many = |who: &Principal| self.groups_of(*who).len() > GROUPS_MAX;
        self.below(changed).into_iter().find(too_many)
    }

    /// Everyone in these groups, through nested security groups, and the groups themselves.
    pub(crate) fn below(&self, who: Principal) -> BTreeSet<Principal> {
        let mut found = BTreeSet::from([who]);
        let mut open = vec![who];
        while let Some(group) = open.pop() {
            let members = self.members.get(&group).into_iter().flat_map(Set::keys);
            for &object in members {
                let member = Principal { tenant: group.tenant, object };
                if found.insert(member) {
                    open.push(member);
                }
            }
        }
        found
    }

    /// The shortest way from somebody through nested security groups to one of them, that one
    /// included; nothing where it is no group of theirs.
    pub(crate) fn way_up(&self, who: Principal, group: Principal) -> Vec<Principal> {
        let mut below: HashMap<Principal, Principal> = HashMap::new();
        let mut open = VecDeque::from([who]);
        while let Some(at) = open.pop_front().filter(|_| !below.contains_key(&group)) {
            for &object in self.above.get(&at).into_iter().flatten() {
                let next = Principal { tenant: at.tenant, object };
                if next != who && self.is_security_group(next) && !below.contains_key(&next) {
                    below.insert(next, at);
                    open.push_back(next);
                }
            }
        }
        let step = |at: &Principal| below.get(at).copied().filter(|it| *it != who);
        let first = below.contains_key(&group).then_some(group);
        let mut way: Vec<Principal> = iter::successors(first, step).collect();
        way.reverse();
        way
    }

    /// Whether that membership is there.
    pub(crate) fn is_member(&self, it: &Membership) -> bool {
        self.above.get(&it.who()).is_some_and(|groups| groups.contains(&it.group.object))
    }

    /// Whether memberships that count lead from somebody through security groups to that one.
    pub(crate) fn leads(
        &self,
        who: Principal,
        group: Principal,
        counts: impl Fn(Principal, ObjectId) -> bool,
    ) -> bool {
        let (mut found, mut open) = (BTreeSet::from([who]), vec![who]);
        while let Some(at) = open.pop().filter(|_| !found.contains(&group)) {
            for &object in self.above.get(&at).into_iter().flatten() {
                let next = Principal { tenant: at.tenant, object };
                let is_way = self.is_security_group(next) && counts(next, at.object);
                if is_way && found.insert(next) {
                    open.push(next);
                }
            }
        }
        found.contains(&group)
    }

    pub(crate) fn memberships(&self) -> impl Iterator<Item = Membership> {
        self.above.iter().flat_map(|(who, groups)| {
            groups.iter().map(|&object| Membership {
                group: Principal { tenant: who.tenant, object },
                member: who.object,
            })
        })
    }

    /// Each membership, as both ends know it: for the dump.
    pub(crate) fn edges(&self) -> impl Iterator<Item = (&Principal, &ObjectId)> {
        let down = pairs(&self.members).map(|(group, (member, ()))| (group, member));
        down.chain(self.above.iter().flat_map(|(who, all)| all.iter().map(move |it| (who, it))))
    }

    pub(crate) fn closures(&self) -> impl Iterator<Item = (&Principal, &Arc<[Principal]>)> {
        self.closures.iter()
    }

    /// A changed edge or kind changes what everyone below it shares, and nobody else.
    fn recompute(&mut self, changed: Principal) {
        for who in self.below(changed) {
            let groups = self.closure(who);
            if groups.is_empty() && !self.closures.contains(&who) {
                continue;
            }
            let groups = (!groups.is_empty()).then(|| groups.into_iter().collect());
            self.closures.change(&who, |slot| *slot = groups);
        }
    }

    /// Rights flow along security groups only; a cycle ends where it began.
    fn closure(&self, who: Principal) -> BTreeSet<Principal> {
        let mut found = BTreeSet::new();
        let mut open = vec![who];
        while let Some(at) = open.pop() {
            for &object in self.above.get(&at).into_iter().flatten() {
                let group = Principal { tenant: at.tenant, object };
                if self.is_security_group(group) && found.insert(group) {
                    open.push(group);
                }
            }
        }
        found
    }

    /// Who is directly in which of the security groups at or below that one, as far as the groups'
    /// rights flow; in order, and so many at most.
    pub(crate) fn memberships_below(&self, group: Principal, limit: usize) -> Vec<Membership> {
        let (mut found, mut seen) = (Vec::new(), BTreeSet::from([group]));
        let mut open = VecDeque::from([group]);
        while let Some(at) = open.pop_front().filter(|_| found.len() < limit) {
            let is_lending = self.is_security_group(at);
            let members = self.members.get(&at).filter(|_| is_lending);
            let members: BTreeSet<ObjectId> =
                members.into_iter().flat_map(Set::keys).copied().collect();
            for member in members {
                let below = Principal { tenant: at.tenant, object: member };
                found.push(Membership { group: at, member });
                if seen.insert(below) {
                    open.push_back(below);
                }
            }
        }
        found.truncate(limit);
        found
    }

    /// The memberships that lead from somebody to their security groups; in order.
    pub(crate) fn memberships_above(&self, who: Principal) -> Vec<Membership> {
        let around = std::iter::once(&who).chain(self.groups_of(who));
        let up = around.flat_map(|at| {
            let groups = self.above.get(at).into_iter().flatten();
            groups.map(|&object| Membership {
                group: Principal { tenant: at.tenant, object },
                member: at.object,
            })
        });
        up.filter(|it| self.is_security_group(it.group)).collect()
    }

    fn is_security_group(&self, who: Principal) -> bool {
        let security = PrincipalKind::Group(GroupKind::Security);
        self.principals.get(&who).is_some_and(|facts| facts.kind == security)
    }
}
