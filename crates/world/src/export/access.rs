//! Custom roles, who holds which role, what is denied and what is locked.

use ids::guid::TenantId;
use model::role::{Denied, DenyAssignment, LockLevel, Permission, RoleAssignment, RoleDefinition};
use serde_json::Value as Json;

use super::{Entry, Scribe, facts::OfTenant};

impl Scribe<'_> {
    pub(super) fn role_definitions(&mut self, tenant: TenantId, of: &OfTenant<'_>) -> Vec<Json> {
        let said = of.roles.iter().filter_map(|it| self.role_definition(tenant, it));
        said.collect()
    }

    fn role_definition(&mut self, tenant: TenantId, it: &RoleDefinition) -> Option<Json> {
        if self.names.own_role(tenant, it.id).is_none() {
            self.note(format!(
                "the role `{}` ({}) is left out: its name is another's",
                it.name, it.id
            ));
            return None;
        }
        let mut scopes = Vec::new();
        for scope in &it.assignable_scopes {
            match self.names.scope(scope) {
                Some(name) => scopes.push(name),
                None => self.note(format!(
                    "the role `{}` loses the assignable scope `{scope}`, which is not in this world",
                    it.name
                )),
            }
        }
        if scopes.is_empty() {
            self.note(format!("the role `{}` is left out: it can be assigned nowhere", it.name));
            return None;
        }
        let entry = Entry::default()
            .set("name", it.name.clone())
            .set("id", it.id.to_string())
            .unless("description", &it.description, "");
        Some(allowing(entry, &it.permissions).list("assignableScopes", scopes).into())
    }

    pub(super) fn role_assignments(&mut self, tenant: TenantId, of: &OfTenant<'_>) -> Vec<Json> {
        let said = of.assignments.iter().filter_map(|it| self.role_assignment(tenant, it));
        said.collect()
    }

    fn role_assignment(&mut self, tenant: TenantId, it: &RoleAssignment) -> Option<Json> {
        let what = format!("the role assignment `{}`", it.id);
        let principal = self.refer(it.principal, &what)?;
        let role = self.names.role(tenant, it.role, self.roles);
        let role = self.known(role, &what, &format!("the role `{}`", it.role))?;
        let scope = self.names.scope(it.id.scope());
        let scope = self.known(scope, &what, "its scope")?;
        let entry = Entry::default()
            .set("principal", principal)
            .set("role", role)
            .set("scope", scope)
            .set("id", it.id.name().to_string())
            .some("description", it.description.clone())
            .some("condition", it.condition.clone())
            .some("conditionVersion", it.condition_version.clone())
            .some(
                "delegatedManagedIdentity",
                it.delegated_managed_identity.as_ref().map(ToString::to_string),
            )
            .some("madeBy", it.made_by.map(|maker| self.names.tenant(maker)));
        Some(entry.into())
    }

    pub(super) fn denials(&mut self, of: &OfTenant<'_>) -> Vec<Json> {
        of.denials.iter().filter_map(|it| self.denial(it)).collect()
    }

    /// Whole or not at all: with fewer principals it would deny less, with fewer spared more.
    fn denial(&mut self, it: &DenyAssignment) -> Option<Json> {
        let what = format!("the deny assignment `{}`", it.id);
        let principals: Json = match &it.principals {
            Denied::Everyone => "everyone".into(),
            Denied::These(these) => {
                let named = these.iter().map(|who| self.refer(*who, &what));
                named.collect::<Option<Vec<_>>>()?.into()
            }
        };
        let exclude = it.exclude.iter().map(|who| self.refer(*who, &what));
        let exclude = exclude.collect::<Option<Vec<_>>>()?;
        let scope = self.names.scope(it.id.scope());
        let scope = self.known(scope, &what, "its scope")?;
        let entry = Entry::default()
            .set("name", it.name.clone())
            .set("id", it.id.name().to_string())
            .unless("description", &it.description, "")
            .set("scope", scope);
        let entry =
            allowing(entry, &it.permissions).set("principals", principals).list("exclude", exclude);
        let below = it.does_not_apply_to_child_scopes.then_some(true);
        let protected = it.is_system_protected.then_some(true);
        Some(
            entry
                .some("doesNotApplyToChildScopes", below)
                .some("systemProtected", protected)
                .into(),
        )
    }

    pub(super) fn locks(&mut self, of: &OfTenant<'_>) -> Vec<Json> {
        let said = of.locks.iter().filter_map(|it| {
            let scope = self.names.scope(it.id.scope());
            let scope = self.known(scope, &format!("the lock `{}`", it.id), "its scope")?;
            let level = match it.level {
                LockLevel::CanNotDelete => "CanNotDelete",
                LockLevel::ReadOnly => "ReadOnly",
            };
            let entry = Entry::default()
                .set("name", it.id.name().to_string())
                .set("level", level)
                .set("scope", scope)
                .some("notes", it.notes.clone());
            Some(entry.into())
        });
        said.collect()
    }

    /// What was found of something; what hangs on it is left out with a note where nothing was.
    pub(super) fn known(
        &mut self,
        found: Option<String>,
        what: &str,
        missing: &str,
    ) -> Option<String> {
        if found.is_none() {
            self.note(format!("{what} is left out: {missing} is not in this world"));
        }
        found
    }
}

/// What is allowed, or denied: the one permission object's lists, or all of them.
fn allowing(entry: Entry, permissions: &[Permission]) -> Entry {
    match permissions {
        [one] if one.condition.is_none() && one.condition_version.is_none() => lists(entry, one),
        many => {
            let many = many.iter().map(|it| {
                lists(Entry::default(), it)
                    .some("condition", it.condition.clone())
                    .some("conditionVersion", it.condition_version.clone())
            });
            entry.set("permissions", many.map(Json::from).collect::<Vec<_>>())
        }
    }
}

fn lists(entry: Entry, it: &Permission) -> Entry {
    entry
        .list("actions", it.actions.iter().cloned())
        .list("notActions", it.not_actions.iter().cloned())
        .list("dataActions", it.data_actions.iter().cloned())
        .list("notDataActions", it.not_data_actions.iter().cloned())
}
