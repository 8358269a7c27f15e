//! Custom roles, who holds which role, what is denied and what is locked.

use std::collections::BTreeMap;

use document::{
    fault::{did_you_mean, quoted},
    place::Word,
};
use ids::{
    guid::{ObjectId, Principal, RoleId, TenantId},
    name::Name,
    resource::{DenyAssignmentId, LockId, ResourceId, RoleAssignmentId},
    scope::Scope,
};
use model::{
    change::Noun,
    directory_role,
    role::{self, Denied},
};
use uuid::Uuid;

use crate::{
    declared::{DenyAssignment, DirectoryRole, Lock, RoleAssignment, RoleDefinition, Tenant},
    names::derived,
    resolve::{Scene, places::Places, taken::Taken},
};

mod policy;

/// The tenant whose grants are being read.
struct Court<'p> {
    nth: usize,
    tenant: TenantId,
    places: &'p Places,
    custom: BTreeMap<String, RoleId>,
    taken: Taken,
}

impl Scene<'_, '_> {
    pub(super) fn access(&mut self, nth: usize, declared: &Tenant, places: &Places) {
        let Some(members) = self.directory.tenant(nth) else { return };
        let (tenant, name) = (members.id, members.name().to_owned());
        let (custom, taken) = (BTreeMap::new(), Taken::default());
        let mut court = Court { nth, tenant, places, custom, taken };
        for held in &declared.directory_roles {
            self.directory_role(held, &mut court);
        }
        for role in &declared.role_definitions {
            self.role_definition(role, &name, &mut court);
        }
        for assignment in &declared.role_assignments {
            self.role_assignment(assignment, &mut court);
        }
        for deny in &declared.deny_assignments {
            self.deny_assignment(deny, &mut court);
        }
        for lock in &declared.locks {
            self.lock(lock, &mut court);
        }
        for policy in &declared.activation_policies {
            self.activation_policy(policy, &mut court);
        }
    }

    /// Groups lend no directory roles: whoever manages a group would give them away.
    fn directory_role(&mut self, declared: &DirectoryRole, court: &mut Court<'_>) {
        let who = self.directory.find(court.nth, &declared.principal, self.faults);
        let role = directory_role::named(&declared.role.it);
        if role.is_none() && !declared.role.it.is_empty() {
            let names = directory_role::ALL.iter().map(|role| role.name);
            let advice = did_you_mean(&declared.role.it, names);
            let message = format!("there is no directory role {}", quoted(&declared.role.it));
            self.faults.advise(declared.role.at, message, advice);
        }
        let (Some(who), Some(role)) = (who, role) else { return };
        if who.kind() == role::PrincipalType::Group {
            self.faults.add(declared.principal.at, "a group holds no directory role");
            return;
        }
        let (principal, role) = (who.principal, role.id);
        court.taken.word("directory role", &role.to_string(), &declared.principal, self.faults);
        let held = directory_role::DirectoryRoleAssignment { principal, role };
        self.declare(declared.principal.at, Noun::DirectoryRoleAssignment(held));
    }

    fn role_definition(&mut self, declared: &RoleDefinition, tenant: &str, court: &mut Court<'_>) {
        let derive = || derived("role", &[tenant, &declared.name.it]);
        let id = declared.id.unwrap_or_else(|| RoleId::new(derive()));
        court.taken.word("role", "", &declared.name, self.faults);
        if self.roles.find(&declared.name.it).is_some()
            || self.roles.find(&id.to_string()).is_some()
        {
            let message = format!("{} is a built-in role", quoted(&declared.name.it));
            self.faults.add(declared.name.at, message);
        }
        for name in [declared.name.it.to_lowercase(), id.to_string()] {
            court.custom.insert(name, id);
        }
        let scopes = declared.assignable_scopes.iter();
        let mut assignable_scopes: Vec<Scope> =
            scopes.filter_map(|word| court.places.find(court.tenant, word, self.faults)).collect();
        if declared.assignable_scopes.is_empty() {
            assignable_scopes.push(Scope::Tenant(court.tenant));
        }
        self.declare(
            declared.name.at,
            Noun::RoleDefinition(role::RoleDefinition {
                id,
                tenant: Some(court.tenant),
                name: declared.name.it.clone(),
                description: declared.description.clone(),
                permissions: declared.permissions.clone(),
                assignable_scopes,
                written: None,
            }),
        );
    }

    fn role_assignment(&mut self, declared: &RoleAssignment, court: &mut Court<'_>) {
        let who = self.directory.find(court.nth, &declared.principal, self.faults);
        let role = self.role(&declared.role, court);
        let scope = court.places.find(court.tenant, &declared.scope, self.faults);
        let (Some(who), Some(role), Some(scope)) = (who, role, scope) else { return };
        let (identity, made_by) = self.on_behalf(declared, court);
        let (key, object) = (scope.key(), who.principal.object.to_string());
        let derive = || derived("role assignment", &[&key, &object, &role.to_string()]);
        let name = declared.id.unwrap_or_else(derive);
        let Some(id) = guid_name(name).and_then(|it| RoleAssignmentId::at(scope, it).ok()) else {
            return;
        };
        let key = format!("{key} {object} {role}");
        court.taken.word("role assignment", &key, &declared.principal, self.faults);
        court.taken.id("role assignment", name, declared.principal.at, self.faults);
        self.declare(
            declared.principal.at,
            Noun::RoleAssignment(role::RoleAssignment {
                id,
                principal: who.principal,
                principal_type: who.kind(),
                role,
                description: declared.description.clone(),
                condition: declared.condition.clone(),
                condition_version: declared.condition_version.clone(),
                delegated_managed_identity: identity,
                made_by,
                created_by: None,
                created_on: self.now,
                updated_by: None,
                updated_on: self.now,
            }),
        );
    }

    /// What a managing tenant says of an assignment that it made.
    fn on_behalf(
        &mut self,
        declared: &RoleAssignment,
        court: &Court<'_>,
    ) -> (Option<ResourceId>, Option<TenantId>) {
        let identity = declared.delegated_managed_identity.as_ref().and_then(|word| {
            let parsed = ResourceId::parse(&word.it, court.tenant);
            if let Err(error) = &parsed {
                let message = format!("{} is no resource's id: {error}", quoted(&word.it));
                self.faults.add(word.at, message);
            }
            parsed.ok()
        });
        let made_by = declared.made_by.as_ref();
        let made_by = made_by.and_then(|word| self.directory.tenant_called(word, self.faults));
        (identity, made_by.map(|(_, tenant)| tenant))
    }

    fn role(&mut self, word: &Word, court: &Court<'_>) -> Option<RoleId> {
        if word.it.is_empty() {
            return None; // its absence is a fault already
        }
        let custom = court.custom.get(&word.it.to_lowercase()).copied();
        let found = custom.or_else(|| self.roles.find(&word.it));
        if found.is_none() {
            let names = court.custom.keys().map(String::as_str).chain(self.roles.names());
            let advice = did_you_mean(&word.it, names);
            self.faults.advise(word.at, format!("there is no role {}", quoted(&word.it)), advice);
        }
        found
    }

    fn deny_assignment(&mut self, declared: &DenyAssignment, court: &mut Court<'_>) {
        let principals = self.principals(&declared.principals, court);
        let exclude = self.principals(&declared.exclude, court);
        let Some(scope) = court.places.find(court.tenant, &declared.scope, self.faults) else {
            return;
        };
        let key = scope.key();
        let derive = || derived("deny assignment", &[&key, &declared.name.it]);
        let name = declared.id.unwrap_or_else(derive);
        court.taken.word("deny assignment", &key, &declared.name, self.faults);
        let Some(id) = guid_name(name).and_then(|it| DenyAssignmentId::at(scope, it).ok()) else {
            return;
        };
        let everyone = declared.principals.is_empty();
        self.declare(
            declared.name.at,
            Noun::DenyAssignment(role::DenyAssignment {
                id,
                name: declared.name.it.clone(),
                description: declared.description.clone(),
                permissions: declared.permissions.clone(),
                principals: if everyone { Denied::Everyone } else { Denied::These(principals) },
                exclude,
                does_not_apply_to_child_scopes: declared.does_not_apply_to_child_scopes,
                is_system_protected: declared.is_system_protected,
            }),
        );
    }

    fn principals(&mut self, words: &[Word], court: &Court<'_>) -> Vec<Principal> {
        let found = words.iter().filter_map(|it| self.directory.find(court.nth, it, self.faults));
        found.map(|member| member.principal).collect()
    }

    fn lock(&mut self, declared: &Lock, court: &mut Court<'_>) {
        let scope = court.places.find(court.tenant, &declared.scope, self.faults);
        let (Some(scope), Some(name)) = (scope, declared.name.clone()) else { return };
        let word = Word { at: declared.at, it: name.to_string() };
        court.taken.word("lock", &scope.key(), &word, self.faults);
        let Ok(id) = LockId::at(scope, name) else { return };
        let notes = declared.notes.clone();
        self.declare(declared.at, Noun::Lock(role::Lock { id, level: declared.level, notes }));
    }
}

pub(super) fn guid_name(id: Uuid) -> Option<Name> {
    ObjectId::new(id).to_string().parse().ok()
}
