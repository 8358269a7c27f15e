//! Every noun as a record: under which id it is kept, and which lists it stands in. The ranges
//! that read those lists are in [`ranges`].

use ids::{
    guid::{AppId, ObjectId, Principal, RoleId, SubscriptionId, TenantId},
    name::{GroupName, Name},
    resource::{
        ActivationId, ActivationPolicyId, AssignmentId, DefinitionId, DenyAssignmentId,
        DeploymentId, EligibleAssignmentId, LockId, ResourceId, RoleAssignmentId,
    },
};
use model::{
    activation::{Activation, State, eligible::EligibleAssignment, policy::ActivationPolicy},
    delegation::{Assignment, Definition},
    deployment::Deployment,
    directory::{
        Application, Credential, Group, Holder, Membership, ServicePrincipal, ServicePrincipalKind,
        SigningKey, Tenant, User, UserKind,
    },
    directory_role::DirectoryRoleAssignment,
    ownership::{Owned, Ownership},
    resource::Resource,
    role::{DenyAssignment, Lock, RoleAssignment, RoleDefinition},
    settings::Settings,
    tree::{ManagementGroup, Registration, ResourceGroup, Subscription},
};
use uuid::Uuid;

pub use self::effect::key;
#[cfg(any(test, feature = "conformance"))]
pub(crate) use self::effect::with_noun;
pub(crate) use self::effect::{effect, key_of};
use crate::{
    key::{Entry, Key, Tuple},
    record::Record,
};

mod effect;
pub(crate) mod index;
pub mod ranges;

/// Declares how a noun is kept: its kind, its id, the text of its key, its entries.
macro_rules! record {
    (
        $noun:ty, $kind:literal, $id:ty,
        |$it:ident| $of:expr,
        |$name:ident| $key:expr,
        $entries:expr $(,)?
    ) => {
        impl Record for $noun {
            const KIND: &'static str = $kind;
            type Id = $id;

            fn id(&self) -> $id {
                let $it = self;
                $of
            }

            fn key($name: &$id) -> Key {
                Key::folded($kind, $key.as_ref())
            }

            fn entries(&self) -> Vec<Entry> {
                let entries: fn(&Self) -> Vec<Entry> = $entries;
                entries(self)
            }
        }
    };
}

mod market;

fn entry(index: &'static str, tuple: Tuple) -> Entry {
    Entry::new(index, tuple)
}

fn whole(id: &ResourceId) -> Tuple {
    Tuple::new().path(&id.stored())
}

record!(Settings, "settings", (), |_it| (), |_id| "", |_| Vec::new());

record!(SigningKey, "signingKey", String, |it| it.id.clone(), |id| id.clone(), |it| vec![entry(
    index::SIGNING_KEYS,
    Tuple::new().time(it.active_from).text(&it.id)
),]);

record!(Tenant, "tenant", TenantId, |it| it.id, |id| id.to_string(), |it| vec![
    entry(index::TENANTS, Tuple::new().text(it.id)),
    entry(index::DOMAINS, Tuple::new().text(&it.domain)),
]);

record!(User, "user", Principal, |it| it.principal, |id| id.to_string(), |it| {
    let name = Tuple::new().text(it.principal.tenant).text(&it.user_principal_name);
    let mut entries = vec![entry(index::USER_NAMES, name)];
    if let UserKind::Guest { home } = it.kind {
        let tuple = Tuple::new().text(home.tenant).text(home.object).text(it.principal.tenant);
        entries.push(entry(index::GUESTS, tuple));
    }
    entries
});

record!(Group, "group", Principal, |it| it.principal, |id| id.to_string(), |it| vec![entry(
    index::GROUPS,
    Tuple::new().text(it.principal.tenant).text(&it.display_name),
)]);

record!(
    Membership,
    "membership",
    (Principal, ObjectId),
    |it| (it.group, it.member),
    |id| format!("{}/{}", id.0, id.1),
    |it| {
        let group = Tuple::new().text(it.group.tenant).text(it.group.object).text(it.member);
        let member = Tuple::new().text(it.group.tenant).text(it.member).text(it.group.object);
        vec![entry(index::MEMBERS, group), entry(index::MEMBERSHIPS, member)]
    },
);

record!(
    Application,
    "application",
    (TenantId, AppId),
    |it| (it.tenant, it.app),
    |id| format!("{}/{}", id.0, id.1),
    |it| {
        let uri =
            |uri: &String| entry(index::APPLICATION_URIS, Tuple::new().text(it.tenant).text(uri));
        let uris = it.identifier_uris.iter().map(uri);
        let own = [
            entry(index::APPLICATIONS, Tuple::new().text(it.tenant).text(&it.display_name)),
            entry(index::APPLICATION_IDS, Tuple::new().text(it.app)),
            entry(index::APPLICATION_OBJECTS, Tuple::new().text(it.tenant).text(it.object)),
        ];
        own.into_iter().chain(uris).collect()
    },
);

record!(
    ServicePrincipal,
    "servicePrincipal",
    Principal,
    |it| it.principal,
    |id| id.to_string(),
    |it| {
        let app = Tuple::new().text(it.principal.tenant).text(it.app);
        let mut entries = vec![entry(index::SERVICE_PRINCIPALS, app)];
        if let ServicePrincipalKind::ManagedIdentity { resource } = &it.kind {
            entries.push(entry(index::IDENTITIES, Tuple::new().text(resource.key())));
        }
        entries
    },
);

fn holder(it: &Holder) -> String {
    match it {
        Holder::User(principal) => format!("user/{principal}"),
        Holder::Application(tenant, app) => format!("application/{tenant}/{app}"),
    }
}

record!(
    Credential,
    "credential",
    (Holder, Uuid),
    |it| (it.holder, it.key),
    |id| format!("{}/{}", holder(&id.0), id.1),
    |it| vec![entry(index::CREDENTIALS, Tuple::new().text(holder(&it.holder)).text(it.key))],
);

record!(
    DirectoryRoleAssignment,
    "directoryRole",
    (Principal, RoleId),
    |it| (it.principal, it.role),
    |id| format!("{}/{}", id.0, id.1),
    |it| {
        let Principal { tenant, object } = it.principal;
        vec![
            entry(index::DIRECTORY_ROLES_OF, Tuple::new().text(tenant).text(object).text(it.role)),
            entry(
                index::DIRECTORY_ROLE_HOLDERS,
                Tuple::new().text(tenant).text(it.role).text(object),
            ),
        ]
    },
);

fn owned(it: &Owned) -> String {
    let kind = it.kind().noun();
    match it {
        Owned::Group(who) | Owned::ServicePrincipal(who) => format!("{kind}/{who}"),
        Owned::Application(tenant, app) => format!("{kind}/{tenant}/{app}"),
    }
}

record!(
    Ownership,
    "ownership",
    (Owned, ObjectId),
    |it| (it.owned, it.owner),
    |id| format!("{}/{}", owned(&id.0), id.1),
    |it| {
        let thing = owned(&it.owned);
        let owner = Tuple::new().text(it.owned.tenant()).text(it.owner).text(&thing);
        vec![
            entry(index::OWNERS, Tuple::new().text(&thing).text(it.owner)),
            entry(index::OWNED, owner),
        ]
    },
);

record!(
    ManagementGroup,
    "managementGroup",
    (TenantId, Name),
    |it| (it.tenant, it.name.clone()),
    |id| format!("{}/{}", id.0, id.1),
    |it| vec![entry(index::MANAGEMENT_GROUPS, Tuple::new().text(it.tenant).text(&it.name))],
);

record!(Subscription, "subscription", SubscriptionId, |it| it.id, |id| id.to_string(), |it| vec![
    entry(index::SUBSCRIPTIONS, Tuple::new().text(it.tenant).text(it.id))
],);

record!(
    Registration,
    "registration",
    (SubscriptionId, Name),
    |it| (it.subscription, it.namespace.clone()),
    |id| format!("{}/{}", id.0, id.1),
    |it| vec![entry(index::REGISTRATIONS, Tuple::new().text(it.subscription).text(&it.namespace),)],
);

record!(
    ResourceGroup,
    "resourceGroup",
    (SubscriptionId, GroupName),
    |it| (it.subscription, it.name.clone()),
    |id| format!("{}/{}", id.0, id.1),
    |it| vec![entry(index::RESOURCE_GROUPS, Tuple::new().text(it.subscription).text(&it.name))],
);

record!(Resource, "resource", ResourceId, |it| it.id.clone(), |id| id.stored(), |it| {
    let mut entries = vec![entry(index::RESOURCES, whole(&it.id))];
    let kind = it.id.kind();
    if let Some(subscription) = it.id.scope().subscription() {
        let tuple = Tuple::new().text(subscription);
        if let Some(group) = it.id.scope().resource_group() {
            let tuple = tuple.clone().text(group).text(&kind).path(&it.id.stored());
            entries.push(entry(index::RESOURCES_OF_GROUP, tuple));
        }
        let tuple = tuple.text(&kind).path(&it.id.stored());
        entries.push(entry(index::RESOURCES_OF_SUBSCRIPTION, tuple));
    }
    entries
});

/// The tenant of a custom role; none for a built-in one.
fn owner(tenant: Option<TenantId>) -> String {
    tenant.map_or_else(|| "builtin".to_owned(), |id| id.to_string())
}

record!(
    RoleDefinition,
    "role",
    (Option<TenantId>, RoleId),
    |it| (it.tenant, it.id),
    |id| format!("{}/{}", owner(id.0), id.1),
    |it| vec![entry(index::ROLES, Tuple::new().text(owner(it.tenant)).text(&it.name))],
);

record!(
    RoleAssignment,
    "roleAssignment",
    RoleAssignmentId,
    |it| it.id.clone(),
    |id| id.stored(),
    |it| {
        let principal = Tuple::new().text(it.principal.tenant).text(it.principal.object);
        // A principal is of the tenant that the scope is at home in.
        let name = Tuple::new().text(it.principal.tenant).text(it.id.name());
        let role = Tuple::new().text(it.principal.tenant).text(it.role);
        vec![
            entry(index::ROLE_ASSIGNMENTS, whole(&it.id)),
            entry(index::ROLE_ASSIGNMENTS_OF, principal.path(&it.id.stored())),
            entry(index::ROLE_ASSIGNMENTS_NAMED, name.path(&it.id.stored())),
            entry(index::ROLE_ASSIGNMENTS_BY_ROLE, role.path(&it.id.stored())),
        ]
    },
);

record!(
    DenyAssignment,
    "denyAssignment",
    DenyAssignmentId,
    |it| it.id.clone(),
    |id| id.stored(),
    |it| vec![entry(index::DENY_ASSIGNMENTS, whole(&it.id))],
);

record!(Lock, "lock", LockId, |it| it.id.clone(), |id| id.stored(), |it| vec![entry(
    index::LOCKS,
    whole(&it.id)
)]);

record!(Definition, "definition", DefinitionId, |it| it.id.clone(), |id| id.stored(), |it| {
    let manager = Tuple::new().text(it.managed_by).path(&it.id.stored());
    let own =
        [entry(index::DEFINITIONS, whole(&it.id)), entry(index::DEFINITIONS_OF_MANAGER, manager)];
    let accepted = it.accepted.as_ref().map(|accepted| market::standing_for(accepted, it));
    own.into_iter().chain(accepted).collect()
});

record!(Assignment, "assignment", AssignmentId, |it| it.id.clone(), |id| id.stored(), |it| vec![
    entry(index::ASSIGNMENTS, whole(&it.id)),
    entry(
        index::ASSIGNMENTS_OF_DEFINITION,
        Tuple::new().text(it.definition.key()).path(&it.id.stored()),
    ),
    entry(index::ASSIGNMENTS_OF_MANAGER, Tuple::new().text(it.managed_by).path(&it.id.stored()),),
],);

record!(Activation, "activation", ActivationId, |it| it.id.clone(), |id| id.stored(), |it| {
    let who = Tuple::new().text(it.who.tenant).text(it.who.object).path(&it.id.stored());
    let mut entries = vec![
        entry(index::ACTIVATIONS, whole(&it.id)),
        entry(index::ACTIVATIONS_OF, who),
        entry(index::ACTIVATIONS_BY_APPROVAL, Tuple::new().text(it.approval())),
    ];
    if let State::Waiting(_) = it.state {
        let deciding = |tenant: TenantId| Tuple::new().text(tenant).path(&it.id.stored());
        let both = [it.who.tenant, it.customer].map(deciding);
        entries.extend(both.map(|tuple| entry(index::ACTIVATIONS_WAITING, tuple)));
    }
    entries
});

record!(
    ActivationPolicy,
    "activationPolicy",
    ActivationPolicyId,
    |it| it.id.clone(),
    |id| id.stored(),
    |it| vec![entry(index::ACTIVATION_POLICIES, whole(&it.id))],
);

record!(
    EligibleAssignment,
    "eligibleAssignment",
    EligibleAssignmentId,
    |it| it.id.clone(),
    |id| id.stored(),
    |it| {
        let who = it.principal;
        let of = Tuple::new().text(who.tenant).text(who.object).path(&it.id.stored());
        vec![
            entry(index::ELIGIBLE_ASSIGNMENTS, whole(&it.id)),
            entry(index::ELIGIBLE_ASSIGNMENTS_OF, of),
        ]
    },
);

record!(Deployment, "deployment", DeploymentId, |it| it.id.clone(), |id| id.stored(), |it| vec![
    entry(index::DEPLOYMENTS, Tuple::new().text(it.id.scope().key()).text(it.id.name()),)
],);

#[cfg(test)]
mod tests;
