//! A client that deploys templates as `az` does.

use std::{fs, path::PathBuf};

use arm::{
    deployment, front_door,
    request::{ArmRequest, ArmResponse, Method, Preconditions, Query},
};
use ids::guid::Principal;
use model::{action::Action, question::Question, samples};
use operations::plane::Plane;
use serde_json::{Value, json};

pub(crate) const SUBSCRIPTION: &str = "/subscriptions/00000000-0000-0000-0000-000000000005";

/// `PUT /path?api-version` (2022-09-01 where none is named) by that principal.
pub(crate) async fn ask(plane: &Plane, who: Principal, line: &str, body: &str) -> ArmResponse {
    let (verb, rest) = line.split_once(' ').unwrap();
    let (path, version) = rest.split_once('?').unwrap_or((rest, "2022-09-01"));
    let request = ArmRequest {
        method: Method::parse(verb).unwrap(),
        path: path.to_owned(),
        query: Query(vec![("api-version".to_owned(), version.to_owned())]),
        caller: Ok(samples::caller(who)),
        auxiliary: Vec::new(),
        correlation: samples::correlation(),
        client_request: None,
        client_address: None,
        preconditions: Preconditions::default(),
        arrived: plane.store.now(),
    };
    let body = body.as_bytes().to_vec();
    front_door::answer(plane, request, async { Ok(body) }).await
}

pub(crate) fn code(response: &ArmResponse) -> String {
    let body = response.body.clone().unwrap_or_default();
    body["error"]["code"].as_str().unwrap_or_default().to_owned()
}

/// A file of the stock Lighthouse samples.
pub(crate) fn sample(path: &str) -> String {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/samples/lighthouse");
    fs::read_to_string(root.join("templates/delegated-resource-management").join(path)).unwrap()
}

/// The body that `az deployment sub create` sends: the template verbatim behind an unquoted key.
pub(crate) fn az(template: &str, parameters: &Value) -> String {
    format!(
        "{{\"location\":\"westeurope\",\"properties\":{{\"parameters\":{parameters},\
         \"mode\":\"Incremental\", template:{template}}}}}"
    )
}

/// A template of these resources, as text.
pub(crate) fn template(resources: &Value) -> String {
    json!({
        "$schema": "https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "resources": resources,
    })
    .to_string()
}

pub(crate) fn group(name: &str, after: &[&str]) -> Value {
    json!({
        "type": "Microsoft.Resources/resourceGroups",
        "apiVersion": "2022-09-01",
        "name": name,
        "location": "westeurope",
        "dependsOn": after,
    })
}

pub(crate) fn path(name: &str) -> String {
    format!("{SUBSCRIPTION}/providers/Microsoft.Resources/deployments/{name}")
}

/// Deploys at the subscription and lets it run to its end: the first answer, and the record.
pub(crate) async fn deploy(plane: &Plane, who: Principal, body: &str) -> (ArmResponse, Value) {
    let put = ask(plane, who, &format!("PUT {}", path("d")), body).await;
    deployment::drain(plane).await.unwrap();
    (put, get(plane, &path("d")).await)
}

/// The path of a deployment to the group `app`.
pub(crate) fn in_group(name: &str) -> String {
    format!("{SUBSCRIPTION}/resourceGroups/app/providers/Microsoft.Resources/deployments/{name}")
}

/// The body of a deployment to a resource group.
pub(crate) fn to_group(mode: &str, resources: &Value) -> String {
    let schema = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#";
    let template =
        json!({ "$schema": schema, "contentVersion": "1.0.0.0", "resources": resources });
    json!({ "properties": { "mode": mode, "template": template } }).to_string()
}

pub(crate) fn storage(name: &str) -> Value {
    json!({
        "type": "Microsoft.Storage/storageAccounts",
        "apiVersion": "2022-09-01",
        "name": name,
        "location": "westeurope",
    })
}

/// The storage account of that name in the group `app`.
pub(crate) fn stored(name: &str) -> String {
    format!("{SUBSCRIPTION}/resourceGroups/app/providers/Microsoft.Storage/storageAccounts/{name}")
}

/// Deploys to the group `app` and lets it run to its end: the first answer, and the record.
pub(crate) async fn deploy_to_group(
    plane: &Plane,
    who: Principal,
    body: &str,
) -> (ArmResponse, Value) {
    let put = ask(plane, who, &format!("PUT {}", in_group("d")), body).await;
    deployment::drain(plane).await.unwrap();
    (put, get(plane, &in_group("d")).await)
}

/// Whether the owner finds something there.
pub(crate) async fn is_there(plane: &Plane, path: &str) -> bool {
    ask(plane, samples::OLOF, &format!("GET {path}"), "").await.status == 200
}

/// What Contoso's owner reads there.
pub(crate) async fn get(plane: &Plane, path: &str) -> Value {
    let read = ask(plane, samples::OLOF, &format!("GET {path}"), "").await;
    read.body.unwrap_or_default()
}

/// Whether the principal may do that in the subscription, or in a group of it.
pub(crate) fn may(
    plane: &Plane,
    who: Principal,
    action: &'static str,
    group: Option<&str>,
) -> bool {
    let scope = group.map_or_else(samples::whole, samples::resource_group);
    let question = Question::any(Action::known(action), scope);
    let verdict = plane.index().check(who, &question, plane.store.now());
    matches!(verdict, access::verdict::Verdict::Allowed(_))
}
