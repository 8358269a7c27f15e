//! Tenants, and who is in them.

use ids::guid::Principal;
use model::{
    directory::{
        Application, Group, GroupKind, Profile, Redirects, ServicePrincipal, Tenant, User, UserKind,
    },
    directory_role,
    ownership::Owned,
};
use serde_json::Value as Json;

use super::{Entry, Scribe, facts::OfTenant};

impl Scribe<'_> {
    pub(super) fn tenant(&mut self, (tenant, of): (&Tenant, &OfTenant<'_>)) -> Json {
        let name = self.names.tenant(tenant.id);
        let (members, guests): (Vec<_>, Vec<_>) =
            of.users.iter().partition(|it| it.kind == UserKind::Member);
        let users: Vec<Json> = members.into_iter().map(|it| self.user(it, tenant)).collect();
        let guests: Vec<Json> = guests.into_iter().filter_map(|it| self.guest(it)).collect();
        let groups: Vec<Json> = of.groups.iter().map(|it| self.group(it, of)).collect();
        let apps = self.apps(tenant, of);
        self.unsaid(tenant, of);
        let subscriptions: Vec<Json> =
            of.subscriptions.iter().map(|it| self.subscription(it)).collect();
        let entry = Entry::default()
            .set("name", name.clone())
            .unless("displayName", &tenant.display_name, &name)
            .set("domain", tenant.domain.clone())
            .set("id", tenant.id.to_string())
            .set("country", tenant.country.clone())
            .list("users", users)
            .list("guests", guests)
            .list("groups", groups)
            .list("apps", apps)
            .list(
                "managementGroups",
                of.management_groups.iter().map(|it| Self::management_group(it)),
            )
            .list("subscriptions", subscriptions)
            .list("resources", self.outside(&of.resources))
            .list("directoryRoles", self.directory_roles(of))
            .list("roleDefinitions", self.role_definitions(tenant.id, of))
            .list("roleAssignments", self.role_assignments(tenant.id, of))
            .list("denyAssignments", self.denials(of))
            .list("locks", self.locks(of))
            .list("delegations", self.delegations(of))
            .list("activationPolicies", self.activation_policies(tenant.id, of));
        entry.into()
    }

    fn user(&self, user: &User, tenant: &Tenant) -> Json {
        let name = self.names.principal(user.principal).unwrap_or_default();
        let by_name = format!("{}@{}", name.to_lowercase().replace(' ', "."), tenant.domain);
        let entry = Entry::default()
            .set("name", name)
            .unless("signInName", &user.user_principal_name, &by_name)
            .unless("displayName", &user.display_name, name)
            .set("id", user.principal.object.to_string());
        disabled(entry, user.enabled).into()
    }

    fn guest(&mut self, guest: &User) -> Option<Json> {
        let UserKind::Guest { home } = &guest.kind else { return None };
        let Some(name) = self.names.principal(*home) else {
            self.note(format!(
                "the guest `{}` is left out: the account `{home}` is not in this world",
                guest.user_principal_name
            ));
            return None;
        };
        let entry = Entry::default()
            .set("user", format!("{}/{name}", self.names.tenant(home.tenant)))
            .set("signInName", guest.user_principal_name.clone())
            .set("displayName", guest.display_name.clone())
            .set("id", guest.principal.object.to_string());
        Some(disabled(entry, guest.enabled).into())
    }

    fn group(&mut self, group: &Group, of: &OfTenant<'_>) -> Json {
        let name = self.names.principal(group.principal).unwrap_or_default().to_owned();
        let kind = match group.kind {
            GroupKind::Security => None,
            GroupKind::Microsoft365 => Some("microsoft365"),
        };
        let members = of.memberships.get(&group.principal).into_iter().flatten();
        let members: Vec<String> = members
            .filter_map(|it| self.refer(it.who(), &format!("a member of the group `{name}`")))
            .collect();
        Entry::default()
            .set("name", name.clone())
            .unless("displayName", &group.display_name, &name)
            .set("id", group.principal.object.to_string())
            .some("kind", kind)
            .list("members", members)
            .list("owners", self.owners(Owned::Group(group.principal), &name, of))
            .into()
    }

    /// The tenant's applications, and what it has of others'.
    fn apps(&mut self, tenant: &Tenant, of: &OfTenant<'_>) -> Vec<Json> {
        let principal = |app| of.service_principals.iter().find(|it| it.app == app).copied();
        let own = of.applications.iter().map(|it| self.app(it, principal(it.app), of));
        let mut apps: Vec<Json> = own.collect();
        let is_own = |it: &&&ServicePrincipal| of.applications.iter().any(|own| own.app == it.app);
        for it in of.service_principals.iter().filter(|it| !is_own(it)) {
            match self.names.foreign(it.app, tenant.id) {
                Some(name) => {
                    let owners = self.owners(Owned::ServicePrincipal(it.principal), &name, of);
                    apps.push(foreign(&name, it, owners));
                }
                None => self.note(format!(
                    "the service principal `{}` ({}) is left out: no tenant of this world \
                     registers its application",
                    it.display_name, it.principal
                )),
            }
        }
        apps
    }

    fn app(
        &mut self,
        app: &Application,
        principal: Option<&ServicePrincipal>,
        of: &OfTenant<'_>,
    ) -> Json {
        let name = self.names.application(app).to_owned();
        let entry = Entry::default()
            .set("name", name.clone())
            .unless("displayName", &app.display_name, &name)
            .set("appId", app.app.to_string())
            .some("redirectUris", redirects(&app.redirects))
            .some("signInAudience", self.names.audience(app))
            .list("owners", self.owners(Owned::Application(app.tenant, app.app), &name, of));
        let Some(principal) = principal else {
            let entry = entry.set("objectId", app.object.to_string());
            return entry.set("servicePrincipal", false).into();
        };
        let object = principal.principal.object;
        let registration = (object != app.object).then(|| app.object.to_string());
        let entry =
            entry.set("objectId", object.to_string()).some("applicationObjectId", registration);
        let owners = self.owners(Owned::ServicePrincipal(principal.principal), &name, of);
        disabled(entry.list("servicePrincipalOwners", owners), principal.enabled).into()
    }

    /// How to refer to those who own something of that name.
    fn owners(&mut self, owned: Owned, name: &str, of: &OfTenant<'_>) -> Vec<String> {
        let owners = of.owners.get(&owned).into_iter().flatten();
        owners.filter_map(|it| self.refer(it.who(), &format!("an owner of `{name}`"))).collect()
    }

    fn directory_roles(&mut self, of: &OfTenant<'_>) -> Vec<Json> {
        let held = of.directory_roles.iter().filter_map(|it| {
            let role = directory_role::ALL.iter().find(|role| role.id == it.role)?;
            let principal = self.refer(it.principal, &format!("a holder of {}", role.name))?;
            Some(Entry::default().set("principal", principal).set("role", role.name).into())
        });
        held.collect()
    }

    /// What a directory knows and no file says, of which access knows nothing.
    fn unsaid(&mut self, tenant: &Tenant, of: &OfTenant<'_>) {
        let says_more = |it: &Application| {
            let bare = Application::new(it.tenant, it.app, it.object, it.display_name.clone());
            *it != Application { redirects: it.redirects.clone(), audience: it.audience, ..bare }
        };
        let people = of.users.iter().any(|it| it.profile != Profile::default());
        let groups =
            of.groups.iter().any(|it| it.description.is_some() || it.mail_nickname.is_some());
        if people || groups || of.applications.iter().any(|it| says_more(it)) {
            self.note(format!(
                "what else the directory of `{}` says of people, groups and registrations is left out",
                tenant.domain
            ));
        }
    }

    /// How to refer to somebody, who is left out with a note where the file does not have them.
    pub(super) fn refer(&mut self, who: Principal, what: &str) -> Option<String> {
        let found = self.names.reference(who).map(str::to_owned);
        if found.is_none() {
            self.note(format!("{what} is left out: nobody of this world has the id `{who}`"));
        }
        found
    }

    pub(super) fn note(&mut self, note: String) {
        self.notes.push(note);
    }
}

fn redirects(it: &Redirects) -> Option<Entry> {
    (*it != Redirects::default()).then(|| {
        Entry::default()
            .list("web", it.web.iter().cloned())
            .list("spa", it.spa.iter().cloned())
            .list("publicClient", it.public.iter().cloned())
    })
}

fn foreign(name: &str, it: &ServicePrincipal, owners: Vec<String>) -> Json {
    let own = name.rsplit('/').next().unwrap_or_default();
    let entry = Entry::default()
        .set("app", name)
        .unless("displayName", &it.display_name, own)
        .set("objectId", it.principal.object.to_string())
        .list("servicePrincipalOwners", owners);
    disabled(entry, it.enabled).into()
}

fn disabled(entry: Entry, enabled: bool) -> Entry {
    if enabled { entry } else { entry.set("enabled", false) }
}
