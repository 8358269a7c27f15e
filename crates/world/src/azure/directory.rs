//! Who there is: as `az ad` lists them, and whom a role assignment only names.

use ids::guid::{AppId, ObjectId, Principal, TenantId};
use model::{
    change::Noun,
    directory::{
        Application, Group, GroupKind, Profile, ServicePrincipal, ServicePrincipalKind, User,
        UserKind,
    },
    role::PrincipalType,
};
use serde_json::Value as Json;

use super::{
    collect::Collected,
    item::{Item, Kind},
};

impl Collected {
    /// One row of `az ad user|group|sp list`: of the tenant that was signed in to.
    pub(super) fn directory(&mut self, item: &Item) {
        let kind = match item.kind {
            Kind::User => PrincipalType::User,
            Kind::Group => PrincipalType::Group,
            Kind::ServicePrincipal => PrincipalType::ServicePrincipal,
            Kind::Account
            | Kind::ResourceGroup
            | Kind::Definition
            | Kind::Assignment
            | Kind::RoleAssignment
            | Kind::RoleDefinition => return,
        };
        let (Some(tenant), Some(object)) = (self.own, item.id::<ObjectId>("id")) else {
            return self.note(item, "somebody without an id is left out");
        };
        let named = Named {
            who: Principal { tenant, object },
            display_name: item.text("displayName").unwrap_or("somebody").to_owned(),
            sign_in_name: item.text("userPrincipalName").map(str::to_owned),
            app: item.id("appId"),
            enabled: item.flag("accountEnabled").unwrap_or(true),
            carries_rights: item.flag("securityEnabled").unwrap_or(true),
        };
        self.person(kind, named);
    }

    /// Whom a role assignment is for, made by what it says where nobody has listed them.
    pub(super) fn named(
        &mut self,
        item: &Item,
        tenant: TenantId,
        object: ObjectId,
        kind: PrincipalType,
    ) {
        if self.knows(tenant, object) {
            return;
        }
        let name = item.text("principalName");
        let named = Named {
            who: Principal { tenant, object },
            display_name: name.map_or_else(|| object.to_string(), str::to_owned),
            sign_in_name: name.filter(|name| is_sign_in_name(name)).map(str::to_owned),
            app: name.and_then(|name| name.parse().ok()),
            enabled: true,
            carries_rights: true,
        };
        let what = match kind {
            PrincipalType::User => "a user",
            PrincipalType::Group | PrincipalType::ForeignGroup => "a group",
            PrincipalType::ServicePrincipal => "an application",
        };
        self.note(item, &format!("nobody lists `{object}`: made as {what}"));
        self.person(kind, named);
    }

    fn person(&mut self, kind: PrincipalType, it: Named) {
        let nouns = match kind {
            PrincipalType::User => vec![self.user(it)],
            PrincipalType::Group | PrincipalType::ForeignGroup => vec![group(it)],
            PrincipalType::ServicePrincipal => self.application(it),
        };
        let who = nouns.iter().find_map(principal);
        if let Some(who) = who {
            self.people.entry(who).or_insert(nouns);
        }
    }

    fn user(&self, it: Named) -> Noun {
        let domain = self.tenants.get(&it.who.tenant).map_or("example", |own| own.domain.as_str());
        let by_id = || format!("{}@{domain}", it.who.object);
        let valid = it.sign_in_name.filter(|name| is_sign_in_name(name));
        Noun::User(User {
            principal: it.who,
            user_principal_name: valid.unwrap_or_else(by_id),
            display_name: it.display_name,
            enabled: it.enabled,
            kind: UserKind::Member,
            profile: Profile::default(),
        })
    }

    /// An application is registered where it was found: nobody can tell where else it might be.
    fn application(&mut self, it: Named) -> Vec<Noun> {
        let Named { who, display_name, app, enabled, .. } = it;
        let fresh = app.filter(|app| self.applications.insert(*app));
        let app = fresh.unwrap_or_else(|| AppId::new(who.object.raw()));
        self.applications.insert(app);
        let kind = ServicePrincipalKind::Application;
        let registered = display_name.clone();
        vec![
            Noun::Application(Application::new(who.tenant, app, who.object, registered)),
            Noun::ServicePrincipal(ServicePrincipal {
                principal: who,
                app,
                display_name,
                enabled,
                kind,
            }),
        ]
    }
}

/// What is told of somebody.
struct Named {
    who: Principal,
    display_name: String,
    sign_in_name: Option<String>,
    app: Option<AppId>,
    enabled: bool,
    carries_rights: bool,
}

fn group(it: Named) -> Noun {
    let kind = if it.carries_rights { GroupKind::Security } else { GroupKind::Microsoft365 };
    let (description, mail_nickname) = (None, None);
    let Named { who: principal, display_name, .. } = it;
    Noun::Group(Group { principal, display_name, kind, description, mail_nickname })
}

fn principal(noun: &Noun) -> Option<Principal> {
    if let Noun::User(it) = noun {
        Some(it.principal)
    } else if let Noun::Group(it) = noun {
        Some(it.principal)
    } else if let Noun::ServicePrincipal(it) = noun {
        Some(it.principal)
    } else {
        None
    }
}

fn is_sign_in_name(text: &str) -> bool {
    let parts = text.split_once('@').is_some_and(|(before, after)| {
        !before.is_empty() && !after.is_empty() && !after.contains('@')
    });
    parts && text.len() <= 256 && !text.chars().any(|c| c.is_whitespace() || c.is_control())
}

/// What kind of principal a text names.
pub(super) fn principal_type(value: Option<&Json>) -> PrincipalType {
    match value.and_then(Json::as_str) {
        Some("Group") => PrincipalType::Group,
        Some("ServicePrincipal") => PrincipalType::ServicePrincipal,
        Some(_) | None => PrincipalType::User,
    }
}
