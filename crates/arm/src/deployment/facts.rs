//! What a template may learn of the place it is deployed to: `subscription()` and its kin.

use ids::scope::Scope;
use operations::{context::Context, plane::Plane};
use serde_json::{Value, json};
use template::context;
use wire::arm::scopes::{GroupBody, SubscriptionBody};

use crate::failure::Failure;

/// The facts of a scope, as the caller may see them.
pub(crate) async fn of(
    plane: &Plane,
    context: &Context,
    scope: &Scope,
    deployment: Value,
) -> Result<context::Context, Failure> {
    let within = place(scope).ok_or(operations::deployments::Refused::Scope);
    let mut facts = context::Context::at(within.map_err(operations::error::Error::from)?);
    facts.deployment = deployment;
    facts.environment = environment(plane);
    facts.deployer = Some(deployer(context));
    let home = scope.tenant().or_else(|| plane.index().home(scope));
    let home = home.unwrap_or(context.caller.principal.tenant);
    facts.tenant = json!({
        "id": format!("/tenants/{home}"),
        "tenantId": home,
        "countryCode": Value::Null,
        "displayName": Value::Null,
    });
    if let Some(id) = scope.subscription() {
        let shown = operations::subscriptions::get(plane, context, id).await?;
        facts.subscription = Some(json!(SubscriptionBody::new(shown.subscription, shown.managing)));
    }
    if let Scope::ResourceGroup(id, name) = scope {
        let group = operations::groups::read::get(plane, context, (*id, name.clone())).await?;
        facts.resource_group = Some(json!(GroupBody::from(group)));
    }
    if let Scope::ManagementGroup(_, name) = scope {
        facts.management_group = Some(json!({
            "id": scope.to_string(),
            "type": "/providers/Microsoft.Management/managementGroups",
            "name": name.to_string(),
        }));
    }
    Ok(facts)
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

/// `environment()`, with the names that templates use.
fn environment(plane: &Plane) -> Value {
    let origins = &plane.origins;
    let with_slash = |origin: &str| format!("{origin}/");
    json!({
        "name": "AzureCloud",
        "graph": with_slash(&origins.graph),
        "graphAudience": with_slash(&origins.graph),
        "portal": origins.portal,
        "resourceManager": with_slash(&origins.arm),
        "authentication": {
            "loginEndpoint": with_slash(&origins.login),
            "audiences": [with_slash(&origins.arm)],
            "tenant": "common",
            "identityProvider": "AAD",
        },
        "suffixes": {
            "acrLoginServer": ".azurecr.io",
            "keyvaultDns": ".vault.azure.net",
            "sqlServerHostname": ".database.windows.net",
            "storage": "core.windows.net",
        },
    })
}
