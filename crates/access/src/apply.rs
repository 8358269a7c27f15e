//! How each change alters the index.

use std::sync::Arc;

use ids::{
    guid::Principal,
    resource::{AssignmentId, DefinitionId},
    scope::Scope,
};
use model::{
    change::{Change, Noun},
    delegation::Assignment,
    market::MarketNoun,
    role::{DenyAssignment, Lock, RoleAssignment, RoleDefinition},
    settings::Settings,
};

use crate::{
    anchor::{Anchor, Deny, Grant, Manifest, More, Pair},
    delegation::{Called, Delegation, Told},
    directory::{PrincipalFacts, PrincipalKind},
    index::Index,
    role::Role,
};

impl Index {
    pub(crate) fn apply(&mut self, change: &Change) {
        match change {
            Change::Put(noun) => self.put(noun),
            Change::Remove(noun) => self.remove(noun),
            Change::Leave(assignment) => self.unassign(assignment),
            Change::Alter(altered) => self.put(altered.noun()),
        }
    }

    fn put(&mut self, noun: &Noun) {
        match noun {
            Noun::Settings(it) => self.settings = it.clone(),
            Noun::Tenant(it) => self.tree.tenants.insert(&it.id, ()),
            Noun::User(it) => self.introduce(it.principal, it.into()),
            Noun::ServicePrincipal(it) => self.introduce(it.principal, it.into()),
            Noun::Group(it) => {
                let facts = PrincipalFacts { kind: PrincipalKind::Group(it.kind), enabled: true };
                self.introduce(it.principal, facts);
            }
            Noun::Membership(it) => {
                self.directory.join(it);
                self.readmit(it.who());
            }
            Noun::DirectoryRoleAssignment(it) => self.directory.give(it),
            Noun::Ownership(it) => self.directory.own(it),
            Noun::Market(MarketNoun::AccountMember(it)) => self.directory.enlist(it),
            Noun::ManagementGroup(it) => {
                self.tree.put_group(it);
                self.regroup(&it.scope());
            }
            Noun::Subscription(it) => {
                let before = self.home(&Scope::Subscription(it.id));
                self.tree.put_subscription(it);
                self.resettle(it.id, before);
            }
            Noun::RoleDefinition(it) => self.put_role(it),
            Noun::RoleAssignment(it) => self.grant(it),
            Noun::DenyAssignment(it) => {
                self.deny(it);
                self.reline(it.id.scope());
            }
            Noun::Lock(it) => {
                self.lock(it);
                self.reline(it.id.scope());
            }
            Noun::Definition(it) => self.define(&it.id, Some(Manifest::from(it))),
            Noun::Assignment(it) => self.assign(it),
            Noun::Activation(it) => self.activate(it),
            Noun::ActivationPolicy(it) => {
                self.demand(it.into());
                self.reline(it.id.scope());
            }
            Noun::EligibleAssignment(it) => self.entitle(it),
            Noun::SigningKey(_)
            | Noun::Application(_)
            | Noun::Credential(_)
            | Noun::Registration(_)
            | Noun::ResourceGroup(_)
            | Noun::Resource(_)
            | Noun::Deployment(_)
            | Noun::Market(_) => (), // no access facts (`concerns`)
        }
    }

    fn remove(&mut self, noun: &Noun) {
        match noun {
            Noun::Settings(_) => self.settings = Settings::default(),
            Noun::Tenant(it) => self.tree.tenants.remove(&it.id),
            Noun::User(it) => self.forget_principal(it.principal),
            Noun::ServicePrincipal(it) => self.forget_principal(it.principal),
            Noun::Group(it) => self.forget_principal(it.principal),
            Noun::Membership(it) => {
                self.directory.part(it);
                self.readmit(it.who());
            }
            Noun::DirectoryRoleAssignment(it) => self.directory.take(it),
            Noun::Ownership(it) => self.directory.disown(it),
            Noun::Market(MarketNoun::AccountMember(it)) => self.directory.dismiss(it),
            Noun::ManagementGroup(it) => {
                self.tree.remove_group(&it.scope());
                self.regroup(&it.scope());
            }
            Noun::Subscription(it) => {
                let before = self.home(&Scope::Subscription(it.id));
                self.tree.remove_subscription(it.id);
                self.resettle(it.id, before);
            }
            Noun::RoleDefinition(it) => {
                it.tenant.iter().for_each(|&tenant| self.roles.remove(&(tenant, it.id)));
            }
            Noun::RoleAssignment(it) => self.revoke(it),
            Noun::DenyAssignment(it) => {
                self.at(it.id.scope(), |anchor| {
                    anchor
                        .change_more(|more| more.denies.retain(|deny| deny.assignment.id != it.id));
                });
            }
            Noun::Lock(it) => {
                self.at(it.id.scope(), |anchor| {
                    anchor.change_more(|more| more.locks.retain(|lock| lock.id != it.id));
                });
            }
            Noun::Definition(it) => self.define(&it.id, None),
            Noun::Assignment(it) => self.unassign(it),
            Noun::Activation(it) => self.deactivate(&it.id),
            Noun::ActivationPolicy(it) => self.waive(&it.id),
            Noun::EligibleAssignment(it) => self.disentitle(&it.id),
            Noun::SigningKey(_)
            | Noun::Application(_)
            | Noun::Credential(_)
            | Noun::Registration(_)
            | Noun::ResourceGroup(_)
            | Noun::Resource(_)
            | Noun::Deployment(_)
            | Noun::Market(_) => (), // no access facts (`concerns`)
        }
    }

    fn introduce(&mut self, who: Principal, facts: PrincipalFacts) {
        self.directory.put(who, facts);
        self.readmit(who);
    }

    fn forget_principal(&mut self, who: Principal) {
        self.directory.remove(who);
        self.readmit(who);
    }

    /// A role without a tenant would be a built-in one; those come with the catalogue.
    pub(crate) fn put_role(&mut self, role: &RoleDefinition) {
        if let Some(tenant) = role.tenant {
            self.roles.insert(&(tenant, role.id), Arc::new(Role::new(role.clone())));
        }
    }

    fn grant(&mut self, assignment: &RoleAssignment) {
        self.take_grant(assignment);
        self.add_grant(Grant::from(assignment));
        self.reline(assignment.id.scope());
    }

    fn revoke(&mut self, assignment: &RoleAssignment) {
        self.take_grant(assignment);
        self.reline(assignment.id.scope());
    }

    /// Adds a grant that is not there yet.
    pub(crate) fn add_grant(&mut self, grant: Grant) {
        let scope = grant.id.scope().clone();
        self.stand(&scope, |anchor| {
            anchor.change_grants(|grants| {
                let place = grants.partition_point(|other| *other < grant);
                grants.reserve_exact(1);
                grants.insert(place, grant);
            });
        });
    }

    /// Looks for the id alone: its principal may be another than the change says.
    fn take_grant(&mut self, assignment: &RoleAssignment) {
        self.stand(assignment.id.scope(), |anchor| {
            anchor.change_grants(|grants| grants.retain(|it| it.id != assignment.id));
        });
    }

    pub(crate) fn deny(&mut self, assignment: &DenyAssignment) {
        self.stand(assignment.id.scope(), |anchor| {
            anchor.change_more(|More { denies, .. }| {
                denies.retain(|deny| deny.assignment.id != assignment.id);
                let place = denies.partition_point(|it| it.assignment.id < assignment.id);
                denies.insert(place, Arc::new(Deny::from(assignment)));
            });
        });
    }

    pub(crate) fn lock(&mut self, lock: &Lock) {
        self.stand(lock.id.scope(), |anchor| {
            anchor.change_more(|More { locks, .. }| {
                locks.retain(|other| other.id != lock.id);
                let place = locks.partition_point(|other| other.id < lock.id);
                locks.insert(place, lock.clone());
            });
        });
    }

    /// Changes access for all assignments of the definition at once, and brings back what they
    /// had lost.
    fn define(&mut self, id: &DefinitionId, manifest: Option<Manifest>) {
        let manifest = self.say(id, manifest);
        for assignment in self.assigned(id) {
            let manifest = manifest.clone();
            self.redelegate(&assignment, |_, slot| {
                if let Some(delegation) = slot {
                    delegation.define(manifest);
                }
            });
            self.reline(assignment.scope());
            self.lapse(&assignment);
        }
    }

    fn assign(&mut self, assignment: &Assignment) {
        self.forget(&assignment.id);
        let mut told = Told::from(assignment);
        if let Some(known) = self.spelled(&told.definition) {
            told.definition = known;
        }
        self.delegate(told);
        self.reline(assignment.id.scope());
        self.lapse(&assignment.id);
    }

    /// Adds a delegation that is not there yet.
    pub(crate) fn delegate(&mut self, told: Told) {
        let (id, definition) = (told.id.clone(), told.definition.clone());
        let manifest = self.manifest_of(&definition).cloned();
        let is_astray = self.redelegate(&id, |at, slot| {
            let delegation = Delegation::new(told, manifest, at);
            let is_astray = delegation.definition_elsewhere(at).is_some();
            *slot = Some(delegation);
            is_astray
        });
        if is_astray {
            self.definitions.name_astray(&definition, id);
        } else {
            self.hand_over(&definition);
        }
    }

    fn unassign(&mut self, assignment: &Assignment) {
        let gone = self.forget(&assignment.id);
        self.reline(assignment.id.scope());
        self.lapse(&assignment.id);
        if let Some(gone) = gone.filter(|_| self.is_azure()) {
            self.take_along(assignment.id.scope(), &gone);
        }
    }

    fn forget(&mut self, id: &AssignmentId) -> Option<Delegation> {
        let gone = self.redelegate(id, |_, slot| slot.take())?;
        if let Some(definition) = gone.definition_elsewhere(id.scope()) {
            self.definitions.forget_astray(definition, id);
        } else {
            self.take_back(id.scope(), &gone);
        }
        Some(gone)
    }

    /// Azure keeps one grant per (scope, principal, role) and counts no references: removing a
    /// delegation takes away what like delegations of the same managing tenant gave
    /// (<https://learn.microsoft.com/azure/lighthouse/how-to/update-delegation>). They get it
    /// back when they, or their definitions, are put again.
    fn take_along(&mut self, scope: &Scope, gone: &Delegation) {
        let taken = gone.given();
        let like = |it: &Delegation| it.managed_by() == gone.managed_by();
        let is_alone = |anchor: &Anchor| !anchor.delegations.iter().any(like);
        if self.anchors.get(scope).is_none_or(|anchor| is_alone(anchor)) {
            return;
        }
        self.at(scope, |anchor| {
            for other in anchor.delegations.iter_mut().filter(|it| like(it)) {
                let said = other.manifest().into_iter().flat_map(Manifest::pairs);
                let shared: Vec<Pair> = said.filter(|pair| taken.contains(pair)).collect();
                other.lose(shared.into_iter());
            }
        });
    }

    /// Changes one delegation.
    fn redelegate<T>(
        &mut self,
        id: &AssignmentId,
        edit: impl FnOnce(&Scope, &mut Option<Delegation>) -> T,
    ) -> T {
        let called = Called::new(id.name());
        self.stand(id.scope(), |anchor| {
            let Anchor { scope, delegations, .. } = anchor;
            let place = delegations.partition_point(|it| it.called() < called);
            let is_there = delegations.get(place).is_some_and(|it| it.called() == called);
            let mut slot = is_there.then(|| delegations.remove(place)).flatten();
            let result = edit(scope, &mut slot);
            if let Some(delegation) = slot {
                delegations.insert(place, delegation);
            }
            result
        })
    }

    /// Changes what stands at a scope, and what is derived of it.
    pub(crate) fn at<T>(&mut self, scope: &Scope, edit: impl FnOnce(&mut Anchor) -> T) -> T {
        let result = self.stand(scope, edit);
        self.reline(scope);
        result
    }

    /// Changes what stands at a scope, whose line is to be written anew; a scope that carries
    /// nothing is no anchor.
    pub(crate) fn stand<T>(&mut self, scope: &Scope, edit: impl FnOnce(&mut Anchor) -> T) -> T {
        self.anchors.change(scope, |slot| {
            let mut anchor = slot.take().unwrap_or_else(|| Arc::new(Anchor::at(scope.clone())));
            let changed = Arc::make_mut(&mut anchor);
            let result = edit(changed);
            *slot = (!anchor.is_empty()).then_some(anchor);
            result
        })
    }
}
