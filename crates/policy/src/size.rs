//! How much a policy may say. Every write of a delegation is judged by all policies around it, so
//! each of them keeps to a size that is judged at once. Far above any real policy, and looked at
//! when one is written only: what is stored already is read whatever its size, lest it be taken
//! for one that is not there.

use serde_json::{Map, Value};

use crate::{
    definition::{Definition, member},
    kind::Kind,
    refused::Refused,
};

/// Of the properties as they are written.
const BYTES_MAX: usize = 128 * 1_024;
/// A set names up to a thousand definitions, by ids.
const SET_BYTES_MAX: usize = 512 * 1_024;
/// Of one list, wherever it stands: in a rule, in a parameter, in a value.
const ELEMENTS_MAX: usize = 1_000;
/// Of one rule.
const TESTS_MAX: usize = 1_000;

/// Refuses properties that are too long, or hold a list that is.
pub fn check(kind: Kind, properties: &Map<String, Value>) -> Result<(), Refused> {
    let most = match kind {
        Kind::Set => SET_BYTES_MAX,
        Kind::Definition | Kind::Assignment | Kind::Exemption | Kind::Remediation => BYTES_MAX,
    };
    for (name, value) in properties {
        if has_long_list(value) {
            let reason = format!("a list in it holds more than {ELEMENTS_MAX} elements");
            return Err(member(kind, name, &reason));
        }
    }
    let length = serde_json::to_string(properties).map_or(usize::MAX, |text| text.len());
    if length > most {
        return Err(member(kind, "properties", &format!("they are longer than {most} bytes")));
    }
    Ok(())
}

/// Refuses a definition whose rule makes too many tests.
pub fn check_tests(definition: &Definition) -> Result<(), Refused> {
    let tests = definition.condition.as_ref().map_or(0, |it| it.tests().len());
    if tests > TESTS_MAX {
        return Err(Refused::Rule(format!("it makes more than {TESTS_MAX} tests")));
    }
    Ok(())
}

fn has_long_list(value: &Value) -> bool {
    match value {
        Value::Array(all) => all.len() > ELEMENTS_MAX || all.iter().any(has_long_list),
        Value::Object(members) => members.values().any(has_long_list),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use ids::resource::ResourceId;
    use model::samples;
    use serde_json::json;

    use super::*;

    fn checked(kind: Kind, properties: &Value) -> Result<(), Refused> {
        check(kind, properties.as_object().unwrap())
    }

    #[test]
    fn a_list_has_at_most_a_thousand_elements_wherever_it_stands() {
        for (length, fits) in [(1_000, true), (1_001, false)] {
            let list = vec!["x"; length];
            for properties in [
                json!({ "parameters": { "p": { "value": list } } }),
                json!({ "parameters": { "p": { "defaultValue": list, "allowedValues": [list] } } }),
                json!({ "policyRule": { "if": { "field": "type", "in": list } } }),
            ] {
                for kind in Kind::ALL {
                    assert_eq!(checked(kind, &properties).is_ok(), fits, "{kind:?} {length}");
                }
            }
        }
    }

    #[test]
    fn properties_have_a_length_that_sets_may_exceed() {
        let long = json!({ "description": "x".repeat(BYTES_MAX) });
        for kind in Kind::ALL {
            assert_eq!(checked(kind, &long).is_ok(), kind == Kind::Set, "{kind:?}");
        }
        assert!(checked(Kind::Set, &json!({ "x": "x".repeat(SET_BYTES_MAX) })).is_err());
    }

    #[test]
    fn a_rule_makes_at_most_a_thousand_tests() {
        let path = format!("{}/providers/{}/p", samples::whole(), Kind::Definition.name());
        let id = ResourceId::parse(&path, samples::CUSTOMER).unwrap();
        for (last, fits) in [(500, true), (501, false)] {
            let test = json!({ "field": "type", "equals": "x" });
            let (one, other) = (vec![test.clone(); 500], vec![test; last]);
            let condition = json!({ "allOf": [{ "anyOf": one }, { "not": { "anyOf": other } }] });
            let rule = json!({ "policyRule": { "if": condition, "then": { "effect": "deny" } } });
            let definition = Definition::read(&id, rule.as_object().unwrap()).unwrap();
            assert_eq!(check_tests(&definition).is_ok(), fits, "{last}");
        }
    }
}
