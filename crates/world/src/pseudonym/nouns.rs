//! Each noun under other names. Every field is named, so that a new one is thought of.

use model::{
    activation::policy::ActivationPolicy,
    change::Noun,
    delegation::{
        Approver, Assignment, Authorization, Definition, EligibleAuthorization, JustInTimePolicy,
    },
    directory::{
        Application, Group, Membership, Profile, ServicePrincipal, ServicePrincipalKind, Tenant,
        User, UserKind,
    },
    directory_role::DirectoryRoleAssignment,
    ownership::{Owned, Ownership},
    resource::{Identity, Resource, SystemData},
    role::{Denied, DenyAssignment, Lock, Permission, RoleAssignment, RoleDefinition},
    tree::{ManagementGroup, Registration, ResourceGroup, Subscription, Tags},
};
use serde_json::{Map, Value as Json};

use super::Veil;

/// What stands for a condition: one that is not known must not grant more than it did.
const CONDITION: &str = "withheld";
/// Members of a resource's envelope that say what it is, each with what its texts are called: for
/// types of an operator's own, anybody's words stand there.
const KEPT: [(&str, &str); 3] = [("kind", "kind"), ("sku", "sku"), ("zones", "zone")];
/// What a sku says of itself.
const SKU: [&str; 6] = ["name", "tier", "size", "family", "capacity", "model"];
/// The longest text of digits alone that says nothing: a zone, a number of machines.
const DIGITS_MAX: usize = 3;

impl Veil<'_> {
    /// The noun under other names; none where it is not for others at all.
    pub(super) fn noun(&mut self, noun: &Noun) -> Option<Noun> {
        Some(match noun {
            Noun::Settings(it) => Noun::Settings(it.clone()),
            Noun::Tenant(it) => Noun::Tenant(self.own_tenant(it)),
            Noun::User(it) => Noun::User(self.user(it)),
            Noun::DirectoryRoleAssignment(DirectoryRoleAssignment { principal, role }) => {
                // Directory roles are everybody's, too.
                let (principal, role) = (self.principal(*principal), *role);
                Noun::DirectoryRoleAssignment(DirectoryRoleAssignment { principal, role })
            }
            Noun::Ownership(Ownership { owned, owner }) => {
                let (owned, owner) = (self.owned(*owned), self.object(*owner));
                Noun::Ownership(Ownership { owned, owner })
            }
            Noun::Group(Group { principal, display_name: _, kind, .. }) => {
                let display_name = self.numbered("group", principal.object.raw());
                let principal = self.principal(*principal);
                let (description, mail_nickname) = (None, None);
                let kind = *kind;
                Noun::Group(Group { principal, display_name, kind, description, mail_nickname })
            }
            Noun::Membership(Membership { group, member }) => {
                let (group, member) = (self.principal(*group), self.object(*member));
                Noun::Membership(Membership { group, member })
            }
            Noun::Application(it) => Noun::Application(self.application(it)),
            Noun::ServicePrincipal(it) => Noun::ServicePrincipal(self.service_principal(it)?),
            Noun::ManagementGroup(it) => Noun::ManagementGroup(self.management_group(it)?),
            Noun::Subscription(it) => Noun::Subscription(self.own_subscription(it)?),
            Noun::Registration(Registration { subscription, namespace, registered }) => {
                let subscription = self.subscription(*subscription);
                let (namespace, registered) = (namespace.clone(), *registered);
                Noun::Registration(Registration { subscription, namespace, registered })
            }
            Noun::ResourceGroup(it) => Noun::ResourceGroup(self.resource_group(it)?),
            Noun::Resource(it) => Noun::Resource(self.own_resource(it)?),
            Noun::RoleDefinition(it) => Noun::RoleDefinition(self.role_definition(it)?),
            Noun::RoleAssignment(it) => Noun::RoleAssignment(self.role_assignment(it)?),
            Noun::DenyAssignment(it) => Noun::DenyAssignment(self.deny_assignment(it)?),
            Noun::Lock(Lock { id, level, notes: _ }) => {
                let id = self.resource(id)?.try_into().ok()?;
                Noun::Lock(Lock { id, level: *level, notes: None })
            }
            Noun::Definition(it) => Noun::Definition(self.definition(it)?),
            Noun::Assignment(it) => Noun::Assignment(self.assignment(it)?),
            Noun::ActivationPolicy(it) => Noun::ActivationPolicy(self.activation_policy(it)?),
            Noun::SigningKey(_)
            | Noun::Credential(_)
            | Noun::Activation(_)
            | Noun::EligibleAssignment(_)
            | Noun::Deployment(_)
            | Noun::Market(_) => return None,
        })
    }

    fn owned(&mut self, it: Owned) -> Owned {
        match it {
            Owned::Group(who) => Owned::Group(self.principal(who)),
            Owned::Application(tenant, app) => {
                Owned::Application(self.tenant(tenant), self.app(app))
            }
            Owned::ServicePrincipal(who) => Owned::ServicePrincipal(self.principal(who)),
        }
    }

    fn own_tenant(&mut self, it: &Tenant) -> Tenant {
        let Tenant { id, display_name: _, domain, country } = it;
        let name = self.name("tenant", domain);
        Tenant {
            id: self.tenant(*id),
            domain: format!("{name}.example"),
            display_name: name,
            country: country.clone(),
        }
    }

    fn user(&mut self, it: &User) -> User {
        let User { principal, user_principal_name, display_name: _, enabled, kind, profile: _ } =
            it;
        let name = self.name("user", &format!("{} {user_principal_name}", principal.tenant));
        let (_, domain) = user_principal_name.rsplit_once('@').unwrap_or_default();
        let domain = self.name("tenant", domain);
        let (enabled, kind) = (*enabled, self.kind(kind));
        let user_principal_name = match kind {
            UserKind::Member => format!("{name}@{domain}.example"),
            UserKind::Guest { .. } => format!("{name}#EXT#@{domain}.example"),
        };
        let principal = self.principal(*principal);
        let profile = Profile::default();
        User { principal, user_principal_name, display_name: name, enabled, kind, profile }
    }

    fn kind(&mut self, kind: &UserKind) -> UserKind {
        match kind {
            UserKind::Member => UserKind::Member,
            UserKind::Guest { home } => UserKind::Guest { home: self.principal(*home) },
        }
    }

    fn application(&mut self, it: &Application) -> Application {
        let Application { tenant, app, object, .. } = it;
        let display_name = self.numbered("app", app.raw());
        let (tenant, app) = (self.tenant(*tenant), self.app(*app));
        Application::new(tenant, app, self.object(*object), display_name)
    }

    fn service_principal(&mut self, it: &ServicePrincipal) -> Option<ServicePrincipal> {
        let ServicePrincipal { principal, app, display_name: _, enabled, kind } = it;
        let (display_name, kind) = match kind {
            ServicePrincipalKind::Application => {
                (self.numbered("app", app.raw()), ServicePrincipalKind::Application)
            }
            ServicePrincipalKind::ManagedIdentity { resource } => {
                let resource = self.resource(resource)?;
                let name = resource.name().to_string();
                (name, ServicePrincipalKind::ManagedIdentity { resource })
            }
        };
        let (principal, app) = (self.principal(*principal), self.app(*app));
        Some(ServicePrincipal { principal, app, display_name, enabled: *enabled, kind })
    }

    fn management_group(&mut self, it: &ManagementGroup) -> Option<ManagementGroup> {
        let ManagementGroup { tenant, name, display_name: _, parent } = it;
        let name = self.word("management-group", name)?;
        let parent = match parent {
            Some(parent) => Some(self.word("management-group", parent)?),
            None => None,
        };
        let (tenant, display_name) = (self.tenant(*tenant), name.to_string());
        Some(ManagementGroup { tenant, name, display_name, parent })
    }

    fn own_subscription(&mut self, it: &Subscription) -> Option<Subscription> {
        let Subscription { id, tenant, display_name: _, state, parent, tags: _, .. } = it;
        let parent = match parent {
            Some(parent) => Some(self.word("management-group", parent)?),
            None => None,
        };
        Some(Subscription {
            id: self.subscription(*id),
            tenant: self.tenant(*tenant),
            display_name: self.numbered("subscription", id.raw()),
            state: *state,
            parent,
            tags: Tags::new(),
            registered_by_default: it.registered_by_default,
        })
    }

    fn resource_group(&mut self, it: &ResourceGroup) -> Option<ResourceGroup> {
        let ResourceGroup { subscription, name, location, tags: _, managed_by: _, system_data } =
            it;
        Some(ResourceGroup {
            subscription: self.subscription(*subscription),
            name: self.group(name)?,
            location: location.clone(),
            tags: Tags::new(),
            managed_by: None,
            system_data: nobodys(system_data),
        })
    }

    fn own_resource(&mut self, it: &Resource) -> Option<Resource> {
        let Resource { id, location, tags: _, identity, envelope, properties: _, system_data } = it;
        let identity = match identity {
            Some(identity) => Some(self.identity(identity)?),
            None => None,
        };
        let kept = KEPT.iter().filter_map(|(key, called)| {
            Some(((*key).to_owned(), self.veiled(called, envelope.get(*key)?)))
        });
        let envelope = kept.collect();
        Some(Resource {
            id: self.resource(id)?,
            location: location.clone(),
            tags: Tags::new(),
            identity,
            envelope,
            properties: Map::new(),
            system_data: nobodys(system_data),
        })
    }

    /// The same shape with other words.
    fn veiled(&mut self, called: &'static str, value: &Json) -> Json {
        match value {
            Json::Null | Json::Bool(_) | Json::Number(_) => value.clone(),
            Json::String(text) => {
                let says_nothing =
                    text.len() <= DIGITS_MAX && text.bytes().all(|it| it.is_ascii_digit());
                Json::String(if says_nothing { text.clone() } else { self.name(called, text) })
            }
            Json::Array(all) => all.iter().map(|it| self.veiled(called, it)).collect(),
            Json::Object(all) => {
                let kept = all.iter().filter(|(key, _)| SKU.contains(&key.as_str()));
                kept.map(|(key, it)| (key.clone(), self.veiled(called, it))).collect()
            }
        }
    }

    fn identity(&mut self, it: &Identity) -> Option<Identity> {
        let Identity { system_assigned, user_assigned } = it;
        let user_assigned = user_assigned.iter().map(|id| self.resource(id));
        let user_assigned = user_assigned.collect::<Option<Vec<_>>>()?;
        let system_assigned = system_assigned.map(|object| self.object(object));
        Some(Identity { system_assigned, user_assigned })
    }

    fn role_definition(&mut self, it: &RoleDefinition) -> Option<RoleDefinition> {
        let RoleDefinition {
            id,
            tenant,
            name: _,
            description: _,
            permissions,
            assignable_scopes,
            written: _,
        } = it;
        let scopes = assignable_scopes.iter().map(|scope| self.scope(scope));
        Some(RoleDefinition {
            assignable_scopes: scopes.collect::<Option<Vec<_>>>()?,
            name: self.numbered("role", id.raw()),
            id: self.role(*id),
            tenant: tenant.map(|tenant| self.tenant(tenant)),
            description: String::new(),
            permissions: permissions.iter().map(permission).collect(),
            written: None,
        })
    }

    fn role_assignment(&mut self, it: &RoleAssignment) -> Option<RoleAssignment> {
        let identity = match &it.delegated_managed_identity {
            Some(id) => Some(self.resource(id)?),
            None => None,
        };
        Some(RoleAssignment {
            id: self.resource(&it.id)?.try_into().ok()?,
            principal: self.principal(it.principal),
            principal_type: it.principal_type,
            role: self.role(it.role),
            description: None,
            condition: it.condition.as_ref().map(|_| CONDITION.to_owned()),
            condition_version: it.condition_version.clone(),
            delegated_managed_identity: identity,
            made_by: it.made_by.map(|tenant| self.tenant(tenant)),
            created_by: None,
            created_on: it.created_on,
            updated_by: None,
            updated_on: it.updated_on,
        })
    }

    fn deny_assignment(&mut self, it: &DenyAssignment) -> Option<DenyAssignment> {
        let principals = match &it.principals {
            Denied::Everyone => Denied::Everyone,
            Denied::These(all) => {
                Denied::These(all.iter().map(|who| self.principal(*who)).collect())
            }
        };
        Some(DenyAssignment {
            id: self.resource(&it.id)?.try_into().ok()?,
            name: self.name("deny", &it.id.key()),
            description: String::new(),
            permissions: it.permissions.iter().map(permission).collect(),
            principals,
            exclude: it.exclude.iter().map(|who| self.principal(*who)).collect(),
            does_not_apply_to_child_scopes: it.does_not_apply_to_child_scopes,
            is_system_protected: it.is_system_protected,
        })
    }

    fn definition(&mut self, it: &Definition) -> Option<Definition> {
        let Definition { id, managed_by, name, description: _, .. } = it;
        let authorizations = it.authorizations.iter().map(|own| self.authorization(own)).collect();
        let eligible = it.eligible.iter().map(|own| self.eligible(own)).collect();
        Some(Definition {
            id: self.resource(id)?.try_into().ok()?,
            managed_by: self.tenant(*managed_by),
            name: name.as_ref().map(|name| self.name("offer", name)),
            description: None,
            authorizations,
            eligible,
            accepted: None, // offers are left out
            system_data: nobodys(&it.system_data),
        })
    }

    fn authorization(&mut self, it: &Authorization) -> Authorization {
        let Authorization { principal, role, display_name: _, delegated_roles } = it;
        let (principal, role) = (self.object(*principal), self.role(*role));
        let listed = delegated_roles.as_ref();
        let delegated_roles = listed.map(|all| all.iter().map(|id| self.role(*id)).collect());
        Authorization { principal, role, display_name: None, delegated_roles }
    }

    fn eligible(&mut self, it: &EligibleAuthorization) -> EligibleAuthorization {
        let EligibleAuthorization { principal, role, display_name: _, policy } = it;
        let (principal, role) = (self.object(*principal), self.role(*role));
        let policy = policy.as_ref().map(|policy| self.policy(policy));
        EligibleAuthorization { principal, role, display_name: None, policy }
    }

    fn policy(&mut self, it: &JustInTimePolicy) -> JustInTimePolicy {
        let JustInTimePolicy { multi_factor, minutes_max, approvers } = it;
        let (multi_factor, minutes_max) = (*multi_factor, *minutes_max);
        let approvers = self.approvers(approvers);
        JustInTimePolicy { approvers, multi_factor, minutes_max }
    }

    fn approvers(&mut self, all: &[Approver]) -> Vec<Approver> {
        let veiled = all.iter().map(|Approver { principal, display_name: _ }| Approver {
            principal: self.object(*principal),
            display_name: None,
        });
        veiled.collect()
    }

    fn activation_policy(&mut self, it: &ActivationPolicy) -> Option<ActivationPolicy> {
        let ActivationPolicy { id, role, minutes_max, asks, approvers, system_data } = it;
        let (scope, role) = (self.scope(id.scope())?, self.role(*role));
        Some(ActivationPolicy {
            id: ActivationPolicy::id_at(scope, role).ok()?,
            role,
            minutes_max: *minutes_max,
            asks: asks.clone(),
            approvers: self.approvers(approvers),
            system_data: nobodys(system_data),
        })
    }

    fn assignment(&mut self, it: &Assignment) -> Option<Assignment> {
        let Assignment { id, definition, managed_by, period, system_data, .. } = it;
        let definition = self.resource(definition)?;
        Some(Assignment {
            id: self.resource(id)?.try_into().ok()?,
            definition_as_sent: definition.to_string(),
            definition: definition.try_into().ok()?,
            managed_by: self.tenant(*managed_by),
            partner: None,
            period: *period,
            system_data: nobodys(system_data),
        })
    }
}

fn permission(it: &Permission) -> Permission {
    Permission { condition: it.condition.as_ref().map(|_| CONDITION.to_owned()), ..it.clone() }
}

/// Who made it is nobody's business.
fn nobodys(it: &SystemData) -> SystemData {
    SystemData { created_by: String::new(), last_modified_by: String::new(), ..it.clone() }
}
