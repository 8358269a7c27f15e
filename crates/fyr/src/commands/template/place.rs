//! The place that a template is assumed to be deployed to, where no server says what it is.

use serde_json::{Value, json};
use template::{
    context::{Context, Scope},
    document::Target,
};
use wire::cloud::Cloud;

use crate::cli::{Place, ScopeName};

/// Azure's own addresses, since no Fyr is asked for its own.
const CLOUD: Cloud<'static> = Cloud {
    arm: "https://management.azure.com",
    login: "https://login.microsoftonline.com",
    graph: "https://graph.windows.net",
    portal: "https://portal.azure.com",
};

/// The scope that was asked for, or the one that the template's schema means.
pub(super) fn scope(wanted: &Place, target: Target) -> Scope {
    let by_schema = match target {
        Target::ResourceGroup => ScopeName::Group,
        Target::Subscription => ScopeName::Sub,
        Target::ManagementGroup => ScopeName::Mg,
        Target::Tenant => ScopeName::Tenant,
    };
    let subscription = wanted.subscription.to_string();
    match wanted.scope.unwrap_or(by_schema) {
        ScopeName::Group => {
            Scope::ResourceGroup { subscription, name: wanted.resource_group.clone() }
        }
        ScopeName::Sub => Scope::Subscription { subscription },
        ScopeName::Mg => Scope::ManagementGroup { name: wanted.management_group.clone() },
        ScopeName::Tenant => Scope::Tenant,
    }
}

/// What a template hears of a scope: names are ids, and nobody manages anything.
pub(super) fn facts(wanted: &Place, scope: &Scope, mut deployment: Value) -> Context {
    let in_group = matches!(scope, Scope::ResourceGroup { .. });
    if let (false, Some(about)) = (in_group, deployment.as_object_mut()) {
        about.insert("location".to_owned(), wanted.location.clone().into());
    }
    let tenant = wanted.tenant;
    let mut context = Context::at(scope.clone());
    context.deployment = deployment;
    context.environment = CLOUD.environment();
    context.tenant = json!({ "id": format!("/tenants/{tenant}"), "tenantId": tenant,
        "countryCode": "US", "displayName": tenant });
    context.deployer = Some(json!({ "objectId": uuid::Uuid::nil(), "tenantId": tenant,
        "userPrincipalName": "nobody" }));
    context.subscription = scope.subscription().map(|id| subscription(wanted, id));
    if let Scope::ResourceGroup { name, .. } = scope {
        context.resource_group = Some(json!({ "id": scope.id(), "name": name,
            "type": "Microsoft.Resources/resourceGroups", "location": wanted.location,
            "tags": {}, "properties": { "provisioningState": "Succeeded" } }));
    }
    if let Scope::ManagementGroup { name } = scope {
        context.management_group = Some(json!({ "id": scope.id(), "name": name,
            "type": "/providers/Microsoft.Management/managementGroups",
            "properties": { "displayName": name, "tenantId": tenant, "details": {} } }));
    }
    context
}

fn subscription(wanted: &Place, id: &str) -> Value {
    json!({ "id": format!("/subscriptions/{id}"), "subscriptionId": id,
        "tenantId": wanted.tenant, "displayName": id, "state": "Enabled",
        "authorizationSource": "RoleBased", "managedByTenants": [], "tags": {} })
}
