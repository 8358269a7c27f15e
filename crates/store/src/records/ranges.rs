//! The lists that records stand in. Each range is of one kind of record, and in the order that
//! its index sorts by.

use ids::{
    guid::{AppId, ApprovalId, Principal, RoleId, SubscriptionId, TenantId},
    name::{GroupName, Name},
    resource::{ActivationId, DefinitionId, ResourceId, ResourceType},
    scope::Scope,
};
use model::{directory::Holder, ownership::Owned};

use super::{holder, index, owned, owner};
use crate::key::{Range, Tuple};

pub mod market;

fn of(index: &'static str, first: impl std::fmt::Display) -> Range {
    Range::under(index, Tuple::new().text(first))
}

fn at_or_below(index: &'static str, scope: &Scope) -> Range {
    Range::under(index, Tuple::new().path(&scope.stored()))
}

/// Keys that sign tokens, the one that became active first in front.
pub fn signing_keys() -> Range {
    Range::under(index::SIGNING_KEYS, Tuple::new())
}

/// All tenants.
pub fn tenants() -> Range {
    Range::under(index::TENANTS, Tuple::new())
}

/// The tenant of that domain: at most one.
pub fn tenant_by_domain(domain: &str) -> Range {
    of(index::DOMAINS, domain)
}

/// The user of that sign-in name in a tenant: at most one.
pub fn users_by_name(tenant: TenantId, user_principal_name: &str) -> Range {
    Range::under(index::USER_NAMES, Tuple::new().text(tenant).text(user_principal_name))
}

/// A tenant's users, guests too, by sign-in name.
pub fn users_of_tenant(tenant: TenantId) -> Range {
    of(index::USER_NAMES, tenant)
}

/// Who that person is as a guest elsewhere.
pub fn guests_of(home: Principal) -> Range {
    Range::under(index::GUESTS, Tuple::new().text(home.tenant).text(home.object))
}

/// A tenant's groups by name.
pub fn groups_of_tenant(tenant: TenantId) -> Range {
    of(index::GROUPS, tenant)
}

/// The groups of that name in a tenant.
pub fn groups_by_name(tenant: TenantId, name: &str) -> Range {
    Range::under(index::GROUPS, Tuple::new().text(tenant).text(name))
}

/// Who is directly in a group.
pub fn memberships_of_group(group: Principal) -> Range {
    Range::under(index::MEMBERS, Tuple::new().text(group.tenant).text(group.object))
}

/// The groups that a principal is directly in.
pub fn memberships_of_member(member: Principal) -> Range {
    Range::under(index::MEMBERSHIPS, Tuple::new().text(member.tenant).text(member.object))
}

/// A tenant's applications by name.
pub fn applications_of_tenant(tenant: TenantId) -> Range {
    of(index::APPLICATIONS, tenant)
}

/// The registration of that application, in whichever tenant.
pub fn applications_by_app(app: AppId) -> Range {
    of(index::APPLICATION_IDS, app)
}

/// The applications of a tenant that are called so as APIs: at most one since names are judged.
pub fn applications_by_uri(tenant: TenantId, uri: &str) -> Range {
    Range::under(index::APPLICATION_URIS, Tuple::new().text(tenant).text(uri))
}

/// The application whose object that is.
pub fn applications_by_object(application: Principal) -> Range {
    let tuple = Tuple::new().text(application.tenant).text(application.object);
    Range::under(index::APPLICATION_OBJECTS, tuple)
}

/// A tenant's service principals, by application.
pub fn service_principals_of_tenant(tenant: TenantId) -> Range {
    of(index::SERVICE_PRINCIPALS, tenant)
}

/// What an application is as a principal of a tenant: at most one.
pub fn service_principals_by_app(tenant: TenantId, app: AppId) -> Range {
    Range::under(index::SERVICE_PRINCIPALS, Tuple::new().text(tenant).text(app))
}

/// The managed identity that came with a resource: at most one.
pub fn identity_of_resource(resource: &ResourceId) -> Range {
    of(index::IDENTITIES, resource.key())
}

/// The secrets of a user or an application.
pub fn credentials_of(whose: Holder) -> Range {
    of(index::CREDENTIALS, holder(&whose))
}

/// The directory roles that a principal holds.
pub fn directory_roles_of(principal: Principal) -> Range {
    let tuple = Tuple::new().text(principal.tenant).text(principal.object);
    Range::under(index::DIRECTORY_ROLES_OF, tuple)
}

/// Who holds a directory role in a tenant.
pub fn directory_role_holders(tenant: TenantId, role: RoleId) -> Range {
    Range::under(index::DIRECTORY_ROLE_HOLDERS, Tuple::new().text(tenant).text(role))
}

/// All directory roles that are held in a tenant, by role.
pub fn directory_roles_of_tenant(tenant: TenantId) -> Range {
    of(index::DIRECTORY_ROLE_HOLDERS, tenant)
}

/// Who owns something.
pub fn owners_of(thing: Owned) -> Range {
    of(index::OWNERS, owned(&thing))
}

/// What somebody owns.
pub fn owned_by(owner: Principal) -> Range {
    Range::under(index::OWNED, Tuple::new().text(owner.tenant).text(owner.object))
}

/// All that is owned in a tenant, by owner.
pub fn ownerships_of_tenant(tenant: TenantId) -> Range {
    of(index::OWNED, tenant)
}

/// A tenant's management groups by name.
pub fn management_groups_of(tenant: TenantId) -> Range {
    of(index::MANAGEMENT_GROUPS, tenant)
}

/// The subscriptions at home in a tenant.
pub fn subscriptions_of_tenant(tenant: TenantId) -> Range {
    of(index::SUBSCRIPTIONS, tenant)
}

/// All subscriptions.
pub fn subscriptions() -> Range {
    Range::under(index::SUBSCRIPTIONS, Tuple::new())
}

/// Which providers a subscription said something about.
pub fn registrations_of(subscription: SubscriptionId) -> Range {
    of(index::REGISTRATIONS, subscription)
}

/// A subscription's resource groups by name.
pub fn groups_of_subscription(subscription: SubscriptionId) -> Range {
    of(index::RESOURCE_GROUPS, subscription)
}

/// What is in a resource group, by type, then name.
pub fn resources_of_group(subscription: SubscriptionId, group: &GroupName) -> Range {
    Range::under(index::RESOURCES_OF_GROUP, Tuple::new().text(subscription).text(group))
}

/// A resource group's resources of one type.
pub fn resources_of_group_and_type(
    subscription: SubscriptionId,
    group: &GroupName,
    kind: &ResourceType,
) -> Range {
    let tuple = Tuple::new().text(subscription).text(group).text(kind);
    Range::under(index::RESOURCES_OF_GROUP, tuple)
}

/// What is in a subscription, by type, then whole name.
pub fn resources_of_subscription(subscription: SubscriptionId) -> Range {
    of(index::RESOURCES_OF_SUBSCRIPTION, subscription)
}

/// A subscription's resources of one type.
pub fn resources_of_subscription_and_type(
    subscription: SubscriptionId,
    kind: &ResourceType,
) -> Range {
    Range::under(index::RESOURCES_OF_SUBSCRIPTION, Tuple::new().text(subscription).text(kind))
}

/// The resources in a scope, children and extensions too; of a resource, what hangs on it and
/// not itself. By id: a management group's subscriptions are not in it.
pub fn resources_below(scope: &Scope) -> Range {
    Range::beyond(index::RESOURCES, Tuple::new().path(&scope.stored()))
}

/// The resources of a type that stand at exactly that scope, and their children.
pub fn resources_at(scope: &Scope, kind: &ResourceType) -> Range {
    let path = format!("{}/providers/{kind}", scope.stored());
    Range::under(index::RESOURCES, Tuple::new().path(&path))
}

/// A tenant's custom roles by name.
pub fn roles_of_tenant(tenant: TenantId) -> Range {
    of(index::ROLES, owner(Some(tenant)))
}

/// The roles of that name among a tenant's own; letters without regard to case.
pub fn roles_by_name(tenant: TenantId, name: &str) -> Range {
    Range::under(index::ROLES, Tuple::new().text(owner(Some(tenant))).text(name))
}

/// The assignments of a role in a tenant. Those from before there was this list may be missing.
pub fn role_assignments_by_role(tenant: TenantId, role: RoleId) -> Range {
    Range::under(index::ROLE_ASSIGNMENTS_BY_ROLE, Tuple::new().text(tenant).text(role))
}

/// Role assignments at a scope and below it, by id: below a tenant are its management groups,
/// and not its subscriptions.
pub fn role_assignments_below(scope: &Scope) -> Range {
    at_or_below(index::ROLE_ASSIGNMENTS, scope)
}

/// All role assignments of a tenant.
pub fn role_assignments_of_tenant(tenant: TenantId) -> Range {
    Range::under(index::ROLE_ASSIGNMENTS_NAMED, Tuple::new().text(tenant))
}

/// The role assignments that name a principal.
pub fn role_assignments_of(principal: Principal) -> Range {
    let tuple = Tuple::new().text(principal.tenant).text(principal.object);
    Range::under(index::ROLE_ASSIGNMENTS_OF, tuple)
}

/// The role assignments of that name in a tenant, wherever they stand and whomever they name.
pub fn role_assignments_named(tenant: TenantId, name: &Name) -> Range {
    Range::under(index::ROLE_ASSIGNMENTS_NAMED, Tuple::new().text(tenant).text(name))
}

/// Deny assignments at a scope and below it, by id.
pub fn deny_assignments_below(scope: &Scope) -> Range {
    at_or_below(index::DENY_ASSIGNMENTS, scope)
}

/// Locks at a scope and below it, by id.
pub fn locks_below(scope: &Scope) -> Range {
    at_or_below(index::LOCKS, scope)
}

/// What providers offer a subscription.
pub fn definitions_of_subscription(subscription: SubscriptionId) -> Range {
    at_or_below(index::DEFINITIONS, &Scope::Subscription(subscription))
}

/// What a provider offers, by subscription.
pub fn definitions_of_managing_tenant(tenant: TenantId) -> Range {
    of(index::DEFINITIONS_OF_MANAGER, tenant)
}

/// The delegations of a subscription, its resource groups' too.
pub fn assignments_of_subscription(subscription: SubscriptionId) -> Range {
    at_or_below(index::ASSIGNMENTS, &Scope::Subscription(subscription))
}

/// Where a definition has been accepted.
pub fn assignments_of_definition(definition: &DefinitionId) -> Range {
    of(index::ASSIGNMENTS_OF_DEFINITION, definition.key())
}

/// What a provider manages, by subscription.
pub fn assignments_of_managing_tenant(tenant: TenantId) -> Range {
    of(index::ASSIGNMENTS_OF_MANAGER, tenant)
}

/// What was asked for just in time at a scope and below it, by id.
pub fn activations_below(scope: &Scope) -> Range {
    at_or_below(index::ACTIVATIONS, scope)
}

/// What a principal asked for just in time, wherever.
pub fn activations_of(who: Principal) -> Range {
    Range::under(index::ACTIVATIONS_OF, Tuple::new().text(who.tenant).text(who.object))
}

/// What a principal asked for just in time at exactly that scope.
pub fn activations_of_at(who: Principal, scope: &Scope) -> Range {
    let path = format!("{}/providers/{}", scope.stored(), ActivationId::KIND);
    let tuple = Tuple::new().text(who.tenant).text(who.object).path(&path);
    Range::under(index::ACTIVATIONS_OF, tuple)
}

/// What waits, or waited, for that approval: at most one.
pub fn activations_by_approval(approval: ApprovalId) -> Range {
    of(index::ACTIVATIONS_BY_APPROVAL, approval)
}

/// What somebody of a tenant may have to decide about, the managing one or the customer.
pub fn activations_waiting_for(tenant: TenantId) -> Range {
    of(index::ACTIVATIONS_WAITING, tenant)
}

/// What a customer asks for before roles are active, at a scope and below it.
pub fn activation_policies_below(scope: &Scope) -> Range {
    at_or_below(index::ACTIVATION_POLICIES, scope)
}

/// What a tenant's own people may activate at a scope and below it, by id.
pub fn eligible_assignments_below(scope: &Scope) -> Range {
    at_or_below(index::ELIGIBLE_ASSIGNMENTS, scope)
}

/// What a principal may activate of its own tenant's, wherever.
pub fn eligible_assignments_of(who: Principal) -> Range {
    Range::under(index::ELIGIBLE_ASSIGNMENTS_OF, Tuple::new().text(who.tenant).text(who.object))
}

/// The deployments at exactly that scope, by name.
pub fn deployments_at(scope: &Scope) -> Range {
    of(index::DEPLOYMENTS, scope.key())
}
