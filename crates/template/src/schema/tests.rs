#![expect(clippy::needless_pass_by_value, reason = "cases are written in place")]

use serde_json::json;

use super::*;
use crate::{
    context::{Context, Scope},
    document::Template,
    parameters::{Fresh, bind},
    refused::Refused as TemplateRefused,
};

/// A template with these definitions and the parameter `p` of this type.
fn template(definitions: Value, declared: Value) -> Result<Template, Refused> {
    Template::parse(&json!({ "$schema": "x/deploymentTemplate.json#", "contentVersion": "1.0.0.0",
        "languageVersion": "2.0", "definitions": definitions, "parameters": { "p": declared },
        "resources": {}, "outputs": { "o": { "type": "int", "value": 1 } } }))
}

fn bound(definitions: Value, declared: Value, value: Value) -> Result<(), TemplateRefused> {
    let template = template(definitions, declared).unwrap();
    let fresh = Fresh { now: jiff::Timestamp::UNIX_EPOCH, new_guid: &|| uuid::Uuid::from_u128(7) };
    let supplied = json!({ "p": { "value": value } });
    bind(&template, &supplied, &Context::at(Scope::Tenant), fresh).map(drop)
}

#[track_caller]
fn fits(declared: Value, value: Value) {
    assert_eq!(bound(definitions(), declared, value), Ok(()));
}

#[track_caller]
fn refused(declared: Value, value: Value, expected: &str) {
    let message = bound(definitions(), declared, value).unwrap_err().to_string();
    assert!(message.contains(expected), "{message}");
}

fn definitions() -> Value {
    json!({
        "name": { "type": "string", "minLength": 2 },
        "person": { "type": "object", "properties": {
            "name": { "$ref": "#/definitions/name" },
            "age": { "type": "int", "minValue": 0, "nullable": true },
            "friends": { "type": "array", "items": { "$ref": "#/definitions/person" },
                "nullable": true },
        }, "additionalProperties": false },
        "alias": { "$ref": "#/definitions/person" },
        "maybe": { "$ref": "#/definitions/name", "nullable": true },
        "pet": { "type": "object", "discriminator": { "propertyName": "kind", "mapping": {
            "cat": { "type": "object", "properties": { "kind": { "type": "string" },
                "lives": { "type": "int" } }, "additionalProperties": false },
            "dog": { "$ref": "#/definitions/dog" },
        } } },
        "dog": { "type": "object", "properties": { "kind": { "type": "string" } },
            "additionalProperties": { "type": "bool" } },
        "pair": { "type": "array", "prefixItems": [{ "type": "string" }, { "type": "int" }],
            "items": false },
        "secret": { "type": "object", "properties": { "key": { "type": "securestring" } } },
    })
}

fn of(name: &str) -> Value {
    json!({ "$ref": format!("#/definitions/{name}") })
}

#[test]
fn a_value_fits_the_type_that_its_reference_leads_to() {
    fits(of("name"), json!("ada"));
    fits(of("alias"), json!({ "name": "ada", "age": 36, "friends": [{ "NAME": "bo" }] }));
    fits(of("maybe"), json!(null));
    fits(of("pet"), json!({ "kind": "cat", "lives": 9 }));
    fits(of("pet"), json!({ "kind": "dog", "barks": true }));
    fits(of("pair"), json!(["a", 1]));
    fits(json!({ "type": "array", "items": of("name"), "maxLength": 1 }), json!(["ada"]));
    fits(json!({ "type": "object", "properties": {} }), json!({ "whatever": 1 }));
}

#[test]
fn what_does_not_fit_is_refused_with_the_place_in_the_value() {
    refused(of("name"), json!("a"), "parameter 'p' is not valid. Length of the value should be");
    refused(of("alias"), json!({ "age": 1 }), "parameter 'p' is not valid. It must have 'name'");
    refused(of("alias"), json!({ "name": null }), "It must have 'name'");
    refused(
        of("alias"),
        json!({ "name": "ada", "friends": [{ "name": "bo" }, { "name": 1 }] }),
        "parameter 'p.friends[1].name' is not valid. Expected a value of type 'String, Uri', but \
         received a value of type 'Integer'.",
    );
    refused(of("alias"), json!({ "name": "ada", "age": -1 }), "'p.age' is not valid. The value");
    refused(of("alias"), json!({ "name": "ada", "x": 1 }), "It must not have 'x'");
    refused(of("pet"), json!({ "kind": "cat" }), "It must have 'lives'");
    refused(of("pet"), json!({ "kind": "cow" }), "Its 'kind' must be one of 'cat,dog'");
    refused(of("pet"), json!({}), "Its 'kind' must be one of 'cat,dog'");
    refused(of("pet"), json!({ "kind": "dog", "barks": 1 }), "'p.barks' is not valid");
    refused(of("pair"), json!(["a"]), "It must have '1'");
    refused(of("pair"), json!(["a", 1, 2]), "It must not have '2'");
    refused(of("pair"), json!([1, 1]), "parameter 'p[0]' is not valid");
    let narrowed = json!({ "$ref": "#/definitions/name", "allowedValues": ["ada", "bo"] });
    refused(narrowed, json!("cy"), "not part of the allowed value(s): 'ada,bo'");
}

#[test]
fn a_type_that_is_none_is_refused_before_any_value_is_looked_at() {
    let circle = json!({ "a": of("b"), "b": of("a") });
    let cases = [
        (circle, of("a"), "leads to no definition"),
        (json!({}), of("a"), "parameter 'p' has a type reference that leads to no definition"),
        (json!({}), json!({ "$ref": "https://a.example/x" }), "leads to no definition"),
        (json!({ "a": { "type": "date" } }), of("a"), "definition 'a' has an invalid type 'date'"),
        (json!({ "a": 1 }), of("a"), "'a' must be of type 'Object'"),
        (
            json!({}),
            json!({ "type": "object", "properties": { "x": { "type": "date" } } }),
            "parameter 'p' has an invalid type 'date'",
        ),
        (json!({}), json!({ "type": "array", "items": {} }), "has an invalid type ''"),
    ];
    for (definitions, declared, expected) in cases {
        let message = template(definitions, declared).unwrap_err().to_string();
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn a_secret_inside_of_a_type_hides_the_whole_value() {
    let template = template(definitions(), of("secret")).unwrap();
    assert!(template.parameters[0].is_secret());
    let parameters = crate::parameters::Parameters(vec![("p".to_owned(), json!({ "key": "k" }))]);
    assert_eq!(parameters.shown(&template), json!({ "p": { "type": "Object" } }));
    let wrong = json!({ "type": "object", "properties": {
        "key": { "type": "securestring", "allowedValues": ["a"] },
        "also": { "type": "string", "allowedValues": ["a"] } } });
    for value in
        [json!({ "key": "hunter2", "also": "a" }), json!({ "key": "a", "also": "hunter2" })]
    {
        let refused = bound(json!({}), wrong.clone(), value).unwrap_err().to_string();
        assert!(refused.contains("allowed value(s)") && !refused.contains("hunter2"), "{refused}");
    }
}

/// A definition of many members that nobody reads, asked for each of many elements; and a long
/// list of allowed values, for a long value.
#[test]
fn a_type_that_is_dear_to_check_is_checked_within_the_bounds() {
    let junk: Object = (0..20_000).map(|n| (format!("x{n}"), json!(1))).collect();
    let mut dear = junk;
    dear.insert("type".to_owned(), json!("int"));
    let array = json!({ "type": "array", "items": of("dear") });
    let many = Value::from(vec![1; 20_000]);
    let refused = bound(json!({ "dear": dear }), array, many.clone()).unwrap_err().to_string();
    assert!(refused.contains("exceeds a limit"), "{refused}");
    let allowed: Vec<i64> = (1..=100_000).collect();
    let declared = json!({ "type": "array", "allowedValues": allowed });
    fits(declared, Value::from(vec![100_000; 100_000]));
}

#[test]
fn the_language_version_says_how_resources_are_written() {
    let parse = |version: Value, resources: Value| {
        let document = json!({ "$schema": "x/deploymentTemplate.json", "contentVersion": "1",
            "languageVersion": version, "resources": resources });
        Template::parse(&document).map(drop).map_err(|refused| refused.to_string())
    };
    assert_eq!(parse(json!("2.0"), json!({})), Ok(()));
    assert_eq!(parse(json!("2.1-experimental"), json!({})), Ok(()));
    assert_eq!(parse(json!("1.0"), json!([])), Ok(()));
    assert!(parse(json!("2.0"), json!([])).unwrap_err().contains("of type 'Object'"));
    assert!(parse(json!(null), json!({})).unwrap_err().contains("of type 'Array'"));
    assert!(parse(json!("3.0"), json!({})).unwrap_err().contains("version '3.0'"));
}
