//! What a template may learn of the place it is deployed to: `subscription()` and its kin.

use ids::{guid::TenantId, scope::Scope};
use model::tree::ManagementGroup;
use operations::{
    context::Context,
    management_groups,
    plane::{Origins, Plane},
};
use serde_json::{Value, json};
use template::context;
use wire::{
    arm::{
        management_groups::{GroupBody as ManagementGroupBody, ParentBody},
        scopes::{GroupBody, SubscriptionBody},
    },
    cloud::Cloud,
};

use crate::{failure::Failure, handlers::providers::body_of_tenant, types::types};

/// The facts of a scope, as the caller may see them.
pub(crate) async fn of(
    plane: &Plane,
    context: &Context,
    scope: &Scope,
    deployment: Value,
) -> Result<context::Context, Failure> {
    let within = place(scope).ok_or(operations::deployments::Refused::Scope);
    let mut facts = context::Context::at(within.map_err(operations::error::Error::from)?);
    facts.catalogue = catalogue(plane, &deployment);
    facts.deployment = deployment;
    let Origins { arm, login, graph, portal } = &plane.origins;
    facts.environment = Cloud { arm, login, graph, portal }.environment();
    facts.deployer = Some(deployer(context));
    let home = scope.tenant().or_else(|| plane.index().home(scope));
    let home = home.unwrap_or(context.caller.principal.tenant);
    facts.tenant = tenant(plane, context, home).await?;
    if let Some(id) = scope.subscription() {
        let shown = operations::subscriptions::get(plane, context, id).await?;
        facts.subscription = Some(json!(SubscriptionBody::new(shown.subscription, shown.managing)));
    }
    if let Scope::ResourceGroup(id, name) = scope {
        let group = operations::groups::read::get(plane, context, (*id, name.clone())).await?;
        facts.resource_group = Some(json!(GroupBody::from(group)));
    }
    if let Scope::ManagementGroup(tenant, name) = scope {
        let id = (*tenant, name.clone());
        let shown = management_groups::read::get(plane, context, id, None).await?;
        facts.management_group = Some(management_group(shown.group));
    }
    Ok(facts)
}

/// What the platform has for everyone, as far as the template or its parameters speak of it.
fn catalogue(plane: &Plane, deployment: &Value) -> context::Catalogue {
    let mut catalogue = context::Catalogue::default();
    if context::mentions(deployment, "roleDefinitions") {
        let index = plane.index();
        let roles = index.catalogue().roles().map(|role| (role.name.clone(), role.id.raw()));
        catalogue.roles = roles.collect();
    }
    if context::mentions(deployment, "providers") {
        let words = context::words(deployment);
        let meant = types().namespaces().filter(|it| words.contains(&it.name.to_ascii_lowercase()));
        catalogue.providers = meant.map(|it| json!(body_of_tenant(it))).collect();
    }
    catalogue
}

/// `tenant()`. What a tenant is called is told to its own people; a provider that deploys to a
/// customer was granted a subscription, not that.
async fn tenant(plane: &Plane, context: &Context, home: TenantId) -> Result<Value, Failure> {
    let own = home == context.caller.principal.tenant;
    let known = if own { operations::tenants::own(plane, context).await? } else { None };
    Ok(json!({
        "id": format!("/tenants/{home}"),
        "tenantId": home,
        "countryCode": known.as_ref().map(|it| &it.country),
        "displayName": known.as_ref().map(|it| &it.display_name),
    }))
}

/// `managementGroup()`, whose type templates see with its path.
fn management_group(group: ManagementGroup) -> Value {
    let parent = group.parent.as_ref().map(|it| ParentBody::new(group.tenant, Some(it), None));
    let mut shown = json!(ManagementGroupBody::whole(group, parent, None));
    if let Some(members) = shown.as_object_mut() {
        let kind = "/providers/Microsoft.Management/managementGroups";
        members.insert("type".to_owned(), kind.into());
    }
    shown
}

fn place(scope: &Scope) -> Option<context::Scope> {
    Some(match scope {
        Scope::Tenant(_) => context::Scope::Tenant,
        Scope::ManagementGroup(_, name) => {
            context::Scope::ManagementGroup { name: name.to_string() }
        }
        Scope::Subscription(id) => context::Scope::Subscription { subscription: id.to_string() },
        Scope::ResourceGroup(id, name) => {
            context::Scope::ResourceGroup { subscription: id.to_string(), name: name.to_string() }
        }
        Scope::Resource(_) => return None,
    })
}

fn deployer(context: &Context) -> Value {
    let caller = &context.caller;
    json!({
        "objectId": caller.principal.object,
        "tenantId": caller.principal.tenant,
        "userPrincipalName": caller.name,
    })
}
