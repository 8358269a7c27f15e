//! The place that the samples are deployed to, and values for what they ask.

use std::{fs, path::Path};

use serde_json::{Map, Value, json};
use template::{
    context::{Catalogue, Context, Scope, mentions},
    document::{Parameter, Target, Template},
    lenient,
    parameters::Fresh,
    preview::{Asked, Preview, Surroundings, Wrong, preview},
};
use uuid::{Uuid, uuid};

pub(crate) const SUBSCRIPTION: &str = "11111111-1111-4111-8111-111111111111";
const TENANT: &str = "99999999-9999-4999-8999-999999999999";
const GUID: &str = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa";

/// What the parameters that have no default are given where no parameter file does.
fn value(parameter: &Parameter, raw: &Value) -> Value {
    if let Some(first) = raw["allowedValues"].as_array().and_then(|allowed| allowed.first()) {
        return first.clone();
    }
    let name = parameter.name.as_str();
    match parameter.kind.name() {
        "Int" => json!(2),
        "Bool" => json!(true),
        "Array" if name == "authorizations" || name.ends_with("Authorizations") => {
            json!([{ "principalId": GUID, "principalIdDisplayName": "Tier 1",
                "roleDefinitionId": "acdd72a7-3385-48ef-bd42-f606fba81ae7" }])
        }
        "Array" if name == "resourceGroups" => json!([{ "rgName": "one" }, { "rgName": "two" }]),
        "Array" => json!(["a", "b"]),
        "Object" | "SecureObject" => json!({}),
        _ => text(name).into(),
    }
}

fn text(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    let ends = |end: &str| lower.ends_with(end);
    let resource = |kind: &str| {
        format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/rg1/providers/{kind}/sample")
    };
    match lower.as_str() {
        "actiongroupid" => resource("Microsoft.Insights/actionGroups"),
        "loganalytics" | "loganalyticsresourceid" => {
            resource("Microsoft.OperationalInsights/workspaces")
        }
        "resourceid" => resource("Microsoft.Compute/virtualMachines"),
        "roledefinitionid" => "b24988ac-6180-42a0-ab88-20f7382dd24c".to_owned(),
        "managedbytenantid" | "customertenantid" => TENANT.to_owned(),
        "remotesub" | "remotesubscription" => "22222222-2222-4222-8222-222222222222".to_owned(),
        _ if ends("location") || ends("region") => "westeurope".to_owned(),
        _ if ends("id") || ends("guid") => GUID.to_owned(),
        "storageprefix" => "sample".to_owned(),
        _ => format!("my{name}"),
    }
}

/// The parameter file beside the template, if there is one, with its blanks filled in.
fn supplied(path: &Path, template: &Template, document: &Value) -> Value {
    let mut all = Map::new();
    for parameter in &template.parameters {
        if parameter.default.is_none() {
            let raw = &document["parameters"][&parameter.name];
            all.insert(parameter.name.clone(), json!({ "value": value(parameter, raw) }));
        }
    }
    if let Some(file) = beside(path) {
        let file = lenient::read(&fs::read_to_string(file).unwrap()).unwrap();
        for (name, given) in file["parameters"].as_object().unwrap() {
            let blank = given["value"].as_str().is_some_and(|text| text.starts_with('<'));
            if !blank {
                all.insert(name.clone(), given.clone());
            }
        }
    }
    Value::Object(all)
}

/// Some files are called a little differently from what they belong to.
fn beside(path: &Path) -> Option<std::path::PathBuf> {
    let stem = path.file_stem()?.to_str()?;
    let stem = match stem {
        "multi-rg" => "multiple-rg",
        "deployLighthouseIfNotExistManagementGroup" => "deployLighthouseIfNotExistsManagementGroup",
        "enforceAzureMonitoredSubsription" => "enforceAzureMonitoredSubscription",
        other => other,
    };
    Some(path.with_file_name(format!("{stem}.parameters.json"))).filter(|path| path.exists())
}

fn scope(target: Target) -> Scope {
    let subscription = SUBSCRIPTION.to_owned();
    match target {
        Target::ResourceGroup => Scope::ResourceGroup { subscription, name: "rg1".to_owned() },
        Target::Subscription => Scope::Subscription { subscription },
        Target::ManagementGroup => Scope::ManagementGroup { name: "mg1".to_owned() },
        Target::Tenant => Scope::Tenant,
    }
}

fn facts(scope: &Scope, mut deployment: Value) -> Context {
    let mut context = Context::at(scope.clone());
    if !matches!(scope, Scope::ResourceGroup { .. }) {
        deployment["location"] = json!("westeurope");
    }
    // As if it had been deployed from where it was published.
    deployment["properties"]["templateLink"] =
        json!({ "uri": "https://samples.example/folder/azuredeploy.json" });
    if mentions(&deployment, "roleDefinitions") {
        let id = uuid!("acdd72a7-3385-48ef-bd42-f606fba81ae7");
        context.catalogue =
            Catalogue { roles: [("Reader".to_owned(), id)].into(), ..Default::default() };
    }
    context.deployment = deployment;
    context.environment = json!({ "name": "AzureCloud",
        "resourceManager": "https://management.azure.com/" });
    context.tenant = json!({ "id": format!("/tenants/{TENANT}"), "tenantId": TENANT });
    context.subscription = scope.subscription().map(|id| {
        json!({ "id": format!("/subscriptions/{id}"), "subscriptionId": id, "tenantId": TENANT,
            "displayName": "sample", "managedByTenants": [] })
    });
    if let Scope::ResourceGroup { name, .. } = scope {
        context.resource_group = Some(json!({ "id": scope.id(), "name": name,
            "location": "westeurope", "tags": {}, "type": "Microsoft.Resources/resourceGroups",
            "properties": { "provisioningState": "Succeeded" } }));
    }
    if let Scope::ManagementGroup { name } = scope {
        context.management_group = Some(json!({ "id": scope.id(), "name": name,
            "properties": { "tenantId": TENANT, "displayName": name } }));
    }
    context
}

/// The deployment of a sample; `None` where the file is no template.
pub(crate) fn asked(path: &Path) -> Option<Result<Asked, Wrong>> {
    let text = fs::read_to_string(path).unwrap();
    let document = lenient::read(&text).ok()?;
    let template = match Template::parse(&document) {
        Ok(template) => template,
        Err(_) if document.get("resources").is_none() => return None,
        Err(refused) => {
            return Some(Err(Wrong { refused: Box::new(refused.into()), inside: Vec::new() }));
        }
    };
    let (parameters, scope) = (supplied(path, &template, &document), scope(template.target));
    Some(Ok(Asked { name: "sample".to_owned(), scope, document, parameters }))
}

/// What it would deploy.
pub(crate) fn laid_out(asked: &Asked) -> Result<Preview, Wrong> {
    let now = "2026-03-05T17:53:18Z".parse().unwrap();
    let fresh = Fresh { now, new_guid: &|| Uuid::from_u128(7) };
    preview(asked, &Surroundings { fresh, facts: &facts })
}
