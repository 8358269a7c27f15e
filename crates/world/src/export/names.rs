//! What everything is called in the file. Things there have ids and show names, which need not be
//! unique; in a file a name is how others refer to it.

use std::collections::{BTreeMap, BTreeSet};

use ids::{
    guid::{AppId, ObjectId, Principal, RoleId, SubscriptionId, TenantId},
    scope::Scope,
};
use model::directory::{Application, Audience, User, UserKind};

use super::facts::{Facts, OfTenant};
use crate::world::Roles;

/// Names by id.
#[derive(Default)]
pub(crate) struct Names {
    tenants: BTreeMap<TenantId, String>,
    principals: BTreeMap<Principal, Called>,
    applications: BTreeMap<AppId, (TenantId, String)>,
    /// Applications that another tenant has than the one that registers them.
    abroad: BTreeSet<AppId>,
    subscriptions: BTreeMap<SubscriptionId, String>,
    scopes: BTreeSet<String>,
    /// Names of a tenant's own roles that mean no built-in one and one of its own only.
    roles: BTreeMap<(TenantId, RoleId), String>,
    own_roles: BTreeSet<(TenantId, RoleId)>,
}

/// One principal's name.
struct Called {
    name: String,
    /// How others refer to it: by name where that is no other's, else by id.
    reference: String,
}

/// Names that are given away, letters without regard to case.
#[derive(Default)]
struct Taken(BTreeSet<String>);

impl Taken {
    /// The name, or one like it that is free.
    fn take(&mut self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        let mut nth = 1_usize;
        while !self.0.insert(name.to_lowercase()) {
            nth += 1;
            name = format!("{wanted}-{nth}");
        }
        name
    }
}

impl Names {
    pub(super) fn of(facts: &Facts<'_>, roles: &dyn Roles) -> Self {
        let mut names = Self::default();
        // One application may be known in several tenants, under one name.
        let (mut tenants, mut applications) = (Taken::default(), Taken::default());
        for (tenant, of) in facts.tenants() {
            let label = tenant.domain.split('.').next().unwrap_or_default();
            names.tenants.insert(tenant.id, tenants.take(&fit(label, "tenant")));
            for it in &of.applications {
                let name = applications.take(&fit(&it.display_name, "app"));
                names.applications.insert(it.app, (it.tenant, name));
            }
        }
        for (tenant, of) in facts.tenants() {
            let has = of.service_principals.iter().map(|it| it.app);
            let foreign = has.filter(|app| names.foreign(*app, tenant.id).is_some());
            let foreign = foreign.collect::<Vec<_>>();
            names.abroad.extend(foreign);
            names.places(tenant.id, facts, of);
            names.directory(of);
            names.custom(tenant.id, of, roles);
        }
        for (_, of) in facts.tenants() {
            names.references(facts, of);
        }
        names
    }

    pub(super) fn tenant(&self, id: TenantId) -> String {
        self.tenants.get(&id).cloned().unwrap_or_else(|| id.to_string())
    }

    pub(super) fn principal(&self, who: Principal) -> Option<&str> {
        self.principals.get(&who).map(|it| it.name.as_str())
    }

    /// How to refer to somebody of that tenant; none where the file does not declare them.
    pub(super) fn reference(&self, who: Principal) -> Option<&str> {
        self.principals.get(&who).map(|it| it.reference.as_str())
    }

    pub(super) fn application(&self, it: &Application) -> &str {
        self.applications.get(&it.app).map_or("", |(_, name)| name)
    }

    /// `tenant/name` of an application that another tenant registers.
    pub(super) fn foreign(&self, app: AppId, here: TenantId) -> Option<String> {
        let (home, name) = self.applications.get(&app).filter(|(home, _)| *home != here)?;
        Some(format!("{}/{name}", self.tenants.get(home)?))
    }

    /// Whom an application is for, where the file has to say it.
    pub(super) fn audience(&self, it: &Application) -> Option<&'static str> {
        match (it.audience, self.abroad.contains(&it.app)) {
            (Audience::Home, true) => Some("AzureADMyOrg"),
            (Audience::Organizations, false) => Some("AzureADMultipleOrgs"),
            (Audience::Home, false) | (Audience::Organizations, true) => None,
        }
    }

    pub(super) fn subscription(&self, id: SubscriptionId) -> &str {
        self.subscriptions.get(&id).map_or("", String::as_str)
    }

    /// How to refer to a scope; none where the file does not declare it.
    pub(super) fn scope(&self, scope: &Scope) -> Option<String> {
        if !matches!(scope, Scope::Tenant(_)) && !self.scopes.contains(&scope.key()) {
            return None;
        }
        Some(match scope {
            Scope::Subscription(id) => self.subscription(*id).to_owned(),
            Scope::ResourceGroup(id, name) => {
                format!("{}/{}", self.subscription(*id), name.as_str())
            }
            Scope::ManagementGroup(_, name) => name.to_string(),
            Scope::Tenant(_) | Scope::Resource(_) => scope.to_string(),
        })
    }

    /// How to refer to a role in a tenant; none where it is neither built in nor the tenant's.
    pub(super) fn role(&self, tenant: TenantId, id: RoleId, roles: &dyn Roles) -> Option<String> {
        if self.own_roles.contains(&(tenant, id)) {
            let name = self.roles.get(&(tenant, id)).cloned();
            return Some(name.unwrap_or_else(|| id.to_string()));
        }
        let built_in = Self::built_in(id, roles)?;
        let shadowed = self
            .roles
            .iter()
            .any(|((whose, _), name)| *whose == tenant && name.eq_ignore_ascii_case(&built_in));
        Some(if shadowed { id.to_string() } else { built_in })
    }

    /// The name of one of the tenant's own roles, unless another role has it, too.
    pub(super) fn own_role(&self, tenant: TenantId, id: RoleId) -> Option<&str> {
        self.roles.get(&(tenant, id)).map(String::as_str)
    }

    /// How to refer to a built-in role where no other is meant.
    pub(crate) fn built_in(id: RoleId, roles: &dyn Roles) -> Option<String> {
        let name = &roles.definition(id)?.name;
        Some(if roles.find(name) == Some(id) { name.clone() } else { id.to_string() })
    }

    fn places(&mut self, tenant: TenantId, facts: &Facts<'_>, of: &OfTenant<'_>) {
        let mut taken = Taken::default();
        for group in &of.management_groups {
            taken.0.insert(group.name.to_string().to_lowercase());
            self.scopes.insert(Scope::ManagementGroup(tenant, group.name.clone()).key());
        }
        for it in &of.subscriptions {
            let name = taken.take(&fit(&it.display_name, "subscription"));
            self.subscriptions.insert(it.id, name);
            self.scopes.insert(Scope::Subscription(it.id).key());
            let Some(inside) = facts.subscription(it.id) else { continue };
            self.scopes.extend(inside.groups.iter().map(|group| group.scope().key()));
            self.scopes.extend(inside.resources.iter().map(|resource| resource.id.key()));
        }
        self.scopes.extend(of.resources.iter().map(|resource| resource.id.key()));
    }

    fn directory(&mut self, of: &OfTenant<'_>) {
        let (mut users, mut groups) = (Taken::default(), Taken::default());
        for it in of.users.iter().filter(|it| it.kind == UserKind::Member) {
            self.call(it.principal, users.take(&before_at(it)));
        }
        for it in &of.groups {
            self.call(it.principal, groups.take(&fit(&it.display_name, "group")));
        }
        for it in &of.service_principals {
            if let Some((_, name)) = self.applications.get(&it.app) {
                self.call(it.principal, name.clone());
            }
        }
    }

    fn call(&mut self, who: Principal, name: String) {
        self.principals.insert(who, Called { reference: name.clone(), name });
    }

    /// Whoever shares a name with others goes by its id; so do guests, whose names are those of
    /// their accounts at home, and identities, whose names are their resources'.
    fn references(&mut self, facts: &Facts<'_>, of: &OfTenant<'_>) {
        let (mut own, mut guests) = (Vec::new(), Vec::new());
        for it in &of.users {
            match it.kind {
                UserKind::Member => own.push(it.principal),
                UserKind::Guest { home } => guests.push((it.principal, home)),
            }
        }
        own.extend(of.groups.iter().map(|it| it.principal));
        own.extend(of.service_principals.iter().map(|it| it.principal));
        let homes = guests.iter().map(|(_, home)| *home);
        let mut times: BTreeMap<String, usize> = BTreeMap::new();
        for name in own.iter().copied().chain(homes).filter_map(|who| self.principal(who)) {
            *times.entry(name.to_lowercase()).or_default() += 1;
        }
        for who in own {
            if let Some(called) = self.principals.get_mut(&who)
                && times.get(&called.name.to_lowercase()) != Some(&1)
            {
                called.reference = who.object.to_string();
            }
        }
        guests.retain(|(_, home)| self.principals.contains_key(home));
        let inside = of.subscriptions.iter().filter_map(|it| facts.subscription(it.id));
        let resources = inside.flat_map(|it| &it.resources);
        let identities = resources.filter_map(|it| facts.identity(it)).map(|it| it.principal);
        for who in guests.into_iter().map(|(guest, _)| guest).chain(identities) {
            self.call(who, who.object.to_string());
        }
    }

    fn custom(&mut self, tenant: TenantId, of: &OfTenant<'_>, roles: &dyn Roles) {
        let mut taken = Taken::default();
        for it in &of.roles {
            self.own_roles.insert((tenant, it.id));
            if taken.0.insert(it.name.to_lowercase()) && roles.find(&it.name).is_none() {
                self.roles.insert((tenant, it.id), it.name.clone());
            }
        }
    }
}

fn before_at(user: &User) -> String {
    let name = user.user_principal_name.split('@').next().unwrap_or_default();
    fit(name, "user")
}

/// The name as a file can have it: letters that every section takes, and nothing that reads as an
/// id or as a path.
fn fit(name: &str, otherwise: &str) -> String {
    let legal = |c: char| c.is_alphanumeric() || "._- '+".contains(c);
    let name: String = name.chars().map(|c| if legal(c) { c } else { '-' }).collect();
    let name = name.trim();
    if name.is_empty() || name.parse::<ObjectId>().is_ok() {
        return otherwise.to_owned();
    }
    name.to_owned()
}
