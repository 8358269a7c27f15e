#![expect(clippy::needless_pass_by_value, reason = "cases are written in place")]

use serde_json::json;
use uuid::Uuid;

use super::*;

fn shown(document: Value, parameters: Value) -> Result<Value, Wrong> {
    let asked =
        Asked { name: "d".to_owned(), scope: group("rg1"), document: whole(document), parameters };
    let fresh = Fresh { now: jiff::Timestamp::UNIX_EPOCH, new_guid: &|| Uuid::from_u128(7) };
    let facts = |scope: &Scope, deployment| Context { deployment, ..Context::at(scope.clone()) };
    preview(&asked, &Surroundings { fresh, facts: &facts }).map(|preview| json!(preview))
}

fn group(name: &str) -> Scope {
    Scope::ResourceGroup { subscription: "s".to_owned(), name: name.to_owned() }
}

fn whole(parts: Value) -> Value {
    let mut document = json!({ "$schema": "x/deploymentTemplate.json", "contentVersion": "1",
        "resources": [] });
    let Value::Object(parts) = parts else { panic!("parts are an object") };
    document.as_object_mut().unwrap().extend(parts);
    document
}

fn nested(name: &str, template: Value) -> Value {
    json!({ "type": "Microsoft.Resources/deployments", "apiVersion": "2021-04-01", "name": name,
        "resourceGroup": "rg2", "properties": { "mode": "Incremental", "template": template,
            "expressionEvaluationOptions": { "scope": "inner" } } })
}

#[test]
fn what_waits_is_told_with_what_it_waits_for() {
    let resources = json!([
        { "type": "N.S/t", "apiVersion": "1", "name": "a" },
        { "type": "N.S/t", "apiVersion": "1", "name": "b",
            "properties": { "k": "[reference('a').k]" } },
    ]);
    let outputs = json!({ "now": { "type": "int", "value": 1 },
        "later": { "type": "string", "value": "[reference('b').k]" } });
    let shown = shown(json!({ "resources": resources, "outputs": outputs }), json!(null)).unwrap();
    let id = |name: &str| format!("/subscriptions/s/resourceGroups/rg1/providers/N.S/t/{name}");
    let later = json!({ "id": id("b"), "type": "N.S/t", "apiVersion": "1",
        "dependsOn": [id("a")], "waitsFor": id("a") });
    assert_eq!(shown["resources"][1], later);
    let outputs = json!({ "now": { "type": "Int", "value": 1 },
        "later": { "waitsFor": id("b") } });
    assert_eq!(shown["outputs"], outputs);
}

#[test]
fn what_is_nested_is_shown_in_its_place_and_once() {
    let child = whole(json!({ "resources": [{ "type": "N.S/t", "apiVersion": "1", "name":
        "[deployment().name]" }] }));
    let shown = shown(json!({ "resources": [nested("inner", child)] }), json!(null)).unwrap();
    let parent = &shown["resources"][0];
    assert!(parent["body"]["properties"].get("template").is_none());
    let id = "/subscriptions/s/resourceGroups/rg2/providers/N.S/t/inner";
    assert_eq!(parent["nested"]["resources"][0]["id"], id);
}

#[test]
fn a_nested_template_that_is_wrong_is_found_in_the_text() {
    let child = json!({ "resources": [] });
    let wrong = shown(json!({ "resources": [nested("inner", child)] }), json!(null)).unwrap_err();
    assert_eq!(wrong.inside, ["resources", "0", "properties", "template"]);
}

#[test]
fn values_of_secure_parameters_are_shown_nowhere() {
    let parameters = json!({ "p": { "type": "securestring" }, "o": { "type": "secureObject" } });
    let outputs = json!({ "o": { "type": "object", "value": "[parameters('o')]" },
        "p": { "type": "string", "value": "[concat('<', parameters('p'), '>')]" } });
    let resource = json!({ "type": "N.S/t", "apiVersion": "1", "name": "a",
        "properties": { "p": "[parameters('p')]" } });
    let document = json!({ "parameters": parameters, "outputs": outputs, "resources": [resource] });
    let supplied = json!({ "p": { "value": "hunter2" }, "o": { "value": { "k": ["hunter2!"] } } });
    let shown = shown(document, supplied).unwrap();
    assert!(!shown.to_string().contains("hunter2"), "{shown}");
    assert_eq!(shown["outputs"]["p"]["value"], "<********>");
}

#[test]
fn no_more_templates_are_looked_into_than_the_bound_says() {
    let mut inner = nested("[concat('b', copyIndex())]", whole(json!({})));
    inner["copy"] = json!({ "name": "l", "count": PREVIEWED_TEMPLATES_MAX + 1 });
    let shown = shown(json!({ "resources": [inner] }), json!(null)).unwrap();
    let looked = shown["resources"].as_array().unwrap().iter();
    let looked = looked.filter(|resource| resource.get("nested").is_some()).count();
    assert_eq!(looked, PREVIEWED_TEMPLATES_MAX);
}
