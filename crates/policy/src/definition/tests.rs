use model::samples;
use serde_json::json;

use super::*;

fn id() -> ResourceId {
    let path = format!("{}/providers/{}/p", samples::whole(), Kind::Definition.name());
    ResourceId::parse(&path, samples::CUSTOMER).unwrap()
}

fn read(properties: &Value) -> Result<Definition, Refused> {
    Definition::read(&id(), properties.as_object().unwrap())
}

fn rule(condition: &Value, effect: &str) -> Value {
    json!({ "policyRule": { "if": condition, "then": { "effect": effect } } })
}

fn any() -> Value {
    json!({ "field": "type", "equals": "x" })
}

#[test]
fn a_rule_has_a_condition_and_one_of_azures_effects() {
    for bad in [
        json!({}),
        json!({ "policyRule": "x" }),
        json!({ "policyRule": { "if": any() } }),
        json!({ "policyRule": { "then": { "effect": "deny" } } }),
        rule(&any(), "destroy"),
        rule(&any(), "[concat('de', 'ny')]"),
        rule(&json!({ "allOf": [] }), "deny"),
    ] {
        assert!(matches!(read(&bad), Err(Refused::Rule(_))), "{bad}: {:?}", read(&bad));
    }
    assert!(read(&rule(&any(), "Deny")).is_ok());
    assert!(read(&rule(&any(), "deployIfNotExists")).is_ok());
}

#[test]
fn a_rule_names_only_parameters_that_the_definition_declares() {
    for bad in [
        rule(&json!({ "field": "type", "equals": "[parameters('t')]" }), "deny"),
        rule(&any(), "[parameters('effect')]"),
    ] {
        assert!(matches!(read(&bad), Err(Refused::UndefinedInRule { .. })), "{bad}");
    }
}

#[test]
fn what_fyr_cannot_evaluate_is_read_with_the_reason() {
    let there =
        rule(&json!({ "field": "Microsoft.Storage/storageAccounts/x", "exists": true }), "deny");
    assert!(read(&there).unwrap().condition.unwrap_err().contains("storageAccounts/x"));
}

#[test]
fn members_are_what_azure_takes() {
    for (name, value) in [
        ("displayName", json!(3)),
        ("displayName", json!("n".repeat(4_097))),
        ("description", json!("n".repeat(4_097))),
        ("metadata", json!("x")),
        ("mode", json!("Some")),
        ("parameters", json!([])),
    ] {
        let mut sent = rule(&any(), "deny");
        sent.as_object_mut().unwrap().insert(name.to_owned(), value);
        assert!(matches!(read(&sent), Err(Refused::Member { .. })), "{sent}");
    }
    let settled = settled(rule(&any(), "deny").as_object().unwrap().clone());
    assert_eq!((&settled["policyType"], &settled["mode"]), (&json!("Custom"), &json!("Indexed")));
}

#[test]
fn a_change_keeps_what_assignments_already_say() {
    let declared = |all: Value| Declarations::read(Some(&all)).unwrap();
    let before = declared(json!({ "a": { "type": "String" } }));
    let check = |after: Value| check_update(Kind::Definition, &before, &declared(after));
    assert!(check(json!({ "A": { "type": "string" } })).is_ok());
    let with_default =
        json!({ "a": { "type": "String" }, "b": { "type": "String", "defaultValue": "x" } });
    assert!(check(with_default).is_ok());
    for bad in [
        json!({}),
        json!({ "a": { "type": "Array" } }),
        json!({ "a": { "type": "String" }, "b": { "type": "String" } }),
    ] {
        assert!(check(bad.clone()).is_err(), "{bad}");
    }
}
