#![expect(clippy::needless_pass_by_value, reason = "cases are written in place")]

use serde_json::json;

use super::*;
use crate::context::Scope;

fn template(parameters: Value) -> Template {
    let document = json!({ "$schema": "x/deploymentTemplate.json#", "contentVersion": "1.0.0.0",
        "parameters": parameters, "resources": [] });
    Template::parse(&document).unwrap()
}

fn bound(parameters: Value, supplied: &Value) -> Result<Parameters, TemplateRefused> {
    let fresh =
        Fresh { now: "2024-02-03T04:05:06Z".parse().unwrap(), new_guid: &|| Uuid::from_u128(7) };
    bind(&template(parameters), supplied, &Context::at(Scope::Tenant), fresh)
}

#[track_caller]
fn check(declared: Value, supplied: Value, expected: Value) {
    let bound = bound(json!({ "p": declared }), &json!({ "P": { "value": supplied } }));
    assert_eq!(bound.unwrap().get("p"), Some(&expected));
}

#[track_caller]
fn refused(declared: Value, supplied: Value, expected: &str) {
    let bound = bound(json!({ "p": declared }), &json!({ "p": supplied }));
    assert_eq!(
        bound.unwrap_err().to_string(),
        format!("Deployment template validation failed: '{expected}'.")
    );
}

const SEE: &str = "Please see https://aka.ms/arm-create-parameter-file for usage details.";
const INVALID: &str = "The provided value for the template parameter 'p' is not valid.";

#[test]
fn supplied_values_are_literal() {
    check(json!({ "type": "string" }), json!("[parameters('p')]"), json!("[parameters('p')]"));
    check(json!({ "type": "SecureString" }), json!("[[x]"), json!("[[x]"));
    check(json!({ "type": "int", "minValue": 1, "maxValue": 3 }), json!(3), json!(3));
    check(json!({ "type": "array", "minLength": 1 }), json!([1]), json!([1]));
    check(json!({ "type": "object" }), json!({ "a": null }), json!({ "a": null }));
    check(json!({ "type": "bool", "defaultValue": true }), json!(false), json!(false));
    check(json!({ "type": "string", "nullable": true }), json!(null), json!(null));
}

#[test]
fn defaults_are_expressions_and_may_be_fresh() {
    let declared = json!({
        "b": { "type": "string", "defaultValue": "[concat(parameters('a'), '!')]" },
        "a": { "type": "string", "defaultValue": "[utcNow('yyyy-MM-dd')]" },
        "id": { "type": "string", "defaultValue": "[newGuid()]" },
        "now": { "type": "string", "defaultValue": "[utcNow()]" },
    });
    let bound = bound(declared, &json!(null)).unwrap();
    assert_eq!(bound.get("b"), Some(&json!("2024-02-03!")));
    assert_eq!(bound.get("now"), Some(&json!("20240203T040506Z")));
    assert_eq!(bound.get("id"), Some(&json!(Uuid::from_u128(7).to_string())));
}

#[test]
fn wrong_values_are_refused_in_arms_words() {
    let value = |value: Value| json!({ "value": value });
    refused(
        json!({ "type": "string" }),
        json!(null),
        &format!("The value for the template parameter 'p' is not provided. {SEE}"),
    );
    refused(
        json!({ "type": "bool" }),
        value(json!("true")),
        &format!(
            "{INVALID} Expected a value of type 'Boolean', but received a value of type 'String'. \
             {SEE}"
        ),
    );
    refused(
        json!({ "type": "string", "allowedValues": ["a", "b"] }),
        value(json!("badSKU")),
        "The provided value 'badSKU' for the template parameter 'p' is not valid. The parameter \
         value is not part of the allowed value(s): 'a,b'.",
    );
    refused(
        json!({ "type": "string", "minLength": 3 }),
        value(json!("ab")),
        &format!("{INVALID} Length of the value should be greater than or equal to '3'. {SEE}"),
    );
    refused(
        json!({ "type": "int", "maxValue": 3 }),
        value(json!(4)),
        &format!("{INVALID} The value should be less than or equal to '3'. {SEE}"),
    );
    let vault = json!({ "reference": { "keyVault": { "id": "/x" }, "secretName": "s" } });
    let bound = bound(json!({ "p": { "type": "securestring" } }), &json!({ "p": vault }));
    assert_eq!(bound.unwrap_err().code(), "KeyVaultParameterReferenceSecretRetrieveFailed");
}

#[test]
fn a_value_that_is_given_in_a_form_nobody_hears_is_refused_and_not_replaced_by_the_default() {
    let declared = json!({ "p": { "type": "string", "defaultValue": "d" } });
    for member in ["expresion", "vaule"] {
        let refused = bound(declared.clone(), &json!({ "p": { member: "[x]" } })).unwrap_err();
        let expected = format!("the property '{member}' is not supported");
        assert!(refused.to_string().contains(&expected), "{refused}");
    }
    let described = json!({ "p": { "Value": "v", "metadata": { "description": "x" } } });
    assert_eq!(bound(declared, &described).unwrap().get("p"), Some(&json!("v")));
}

#[test]
fn a_wrong_secret_is_not_repeated() {
    let declared = json!({ "p": { "type": "securestring", "allowedValues": ["a"] } });
    let refused = bound(declared, &json!({ "p": { "value": "hunter2" } })).unwrap_err();
    assert!(!refused.to_string().contains("hunter2"));
}

#[test]
fn unknown_parameters_are_named() {
    let refused = bound(json!({ "a": { "type": "int" } }), &json!({ "x": { "value": 1 } }));
    assert_eq!(
        refused.unwrap_err().to_string(),
        "Deployment template validation failed: 'The template parameters 'x' in the parameters \
         file are not valid; they are not present in the original template and can therefore not \
         be provided at deployment time. The only supported parameters for this template are 'a'. \
         Please see https://aka.ms/arm-pass-parameter-values for usage details.'."
    );
}

#[test]
fn a_place_is_shown_where_it_is_known() {
    let refused = bound(json!({ "p": { "type": "int" } }), &json!({})).unwrap_err();
    assert_eq!(refused.path(), Some(vec!["parameters".to_owned(), "p".to_owned()]));
    let position = crate::lenient::Position { line: 1, column: 1184 };
    assert_eq!(
        refused.message(Some(position)),
        format!(
            "Deployment template validation failed: 'The value for the template parameter 'p' at \
             line '1' and column '1184' is not provided. {SEE}'."
        )
    );
}

#[test]
fn secure_values_are_not_shown() {
    let declared = json!({ "s": { "type": "secureString" }, "i": { "type": "INT" } });
    let template = template(declared.clone());
    let supplied = json!({ "s": { "value": "x" }, "i": { "value": 1 } });
    let bound = bound(declared, &supplied).unwrap();
    let expected = json!({ "s": { "type": "SecureString" }, "i": { "type": "Int", "value": 1 } });
    assert_eq!(bound.shown(&template), expected);
}

#[test]
fn defaults_that_need_each_other_are_refused() {
    let declared = json!({
        "a": { "type": "int", "defaultValue": "[parameters('b')]" },
        "b": { "type": "int", "defaultValue": "[parameters('a')]" },
    });
    let refused = bound(declared, &json!({})).unwrap_err().to_string();
    assert!(refused.contains("Circular dependency detected on 'a'"), "{refused}");
}

#[test]
fn the_requests_own_expression_sees_what_the_request_brought_and_nothing_else() {
    let declared =
        template(json!({ "p": { "type": "object" }, "q": { "type": "int", "defaultValue": 1 } }));
    let inputs = json!({ "fooValue": { "value": "baz" } });
    let context = Context { external_inputs: inputs, ..Context::at(Scope::Tenant) };
    let bound = |expression: &str| {
        let fresh = Fresh { now: Timestamp::UNIX_EPOCH, new_guid: &|| Uuid::from_u128(7) };
        let supplied = json!({ "p": { "expression": expression } });
        bind(&declared, &supplied, &context, fresh).map_err(|refused| refused.to_string())
    };
    let parameters = bound("[createObject('foo', externalInputs('FOOVALUE'))]").unwrap();
    assert_eq!(parameters.get("p"), Some(&json!({ "foo": "baz" })));
    for (expression, expected) in [
        ("[externalInputs('x')]", "The external input 'x' is not found."),
        ("[parameters('q')]", "'parameters' is not expected"),
        ("[variables('q')]", "'variables' is not expected"),
        ("[newGuid()]", "'newGuid' is not expected"),
        ("[reference('q')]", "'reference' is not expected"),
    ] {
        let refused = bound(expression).unwrap_err();
        assert!(refused.contains(expected), "{refused}");
    }
    let inside = template(
        json!({ "p": { "type": "string", "defaultValue": "[externalInputs('fooValue')]" } }),
    );
    let fresh = Fresh { now: Timestamp::UNIX_EPOCH, new_guid: &|| Uuid::from_u128(7) };
    let refused = bind(&inside, &json!({}), &context, fresh).unwrap_err().to_string();
    assert!(refused.contains("'externalInputs' is not expected"), "{refused}");
}
