//! The evaluator against one that reads the JSON as it stands, over small generated rules.

use model::samples;
use proptest::prelude::{Just, Strategy, prop_oneof, proptest};
use serde_json::json;

use super::*;
use crate::{condition::Alias, parameters::Declarations};

const FIELDS: [&str; 5] = ["type", "name", "location", "tags.team", Alias::ManagedBy.name()];
const WORDS: [&str; 4] = [
    "Microsoft.ManagedServices/registrationDefinitions",
    "00000000-0000-0000-0000-00000000000F",
    "x",
    "",
];

fn subject() -> Subject {
    let it = samples::definition(samples::SUBSCRIPTION);
    Subject::definition(&it.id, it.managed_by, it.name.as_deref())
}

/// What a field holds, told anew.
fn held(field: &str) -> Option<String> {
    let it = samples::definition(samples::SUBSCRIPTION);
    match FIELDS.iter().position(|name| *name == field) {
        Some(0) => Some(WORDS[0].to_owned()),
        Some(1) => Some(it.id.name().to_string()),
        Some(4) => Some(it.managed_by.to_string()),
        _ => None,
    }
}

/// What a rule's value stands for: the one parameter is the managing tenant's id.
fn meant(value: &Value) -> Value {
    match value {
        Value::String(text) if text == "[parameters('p')]" => json!(WORDS[1]),
        Value::Array(all) => all.iter().map(meant).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
            value.clone()
        }
    }
}

fn alike(one: Option<&str>, other: &Value) -> bool {
    one.zip(other.as_str()).is_some_and(|(one, other)| one.eq_ignore_ascii_case(other))
}

/// The oracle: by the words of the documentation, on the JSON itself.
fn naive(rule: &Value, held: &dyn Fn(&str) -> Option<String>) -> bool {
    if let Some(all) = rule.get("allOf") {
        return !all.as_array().unwrap().iter().any(|it| !naive(it, held));
    }
    if let Some(any) = rule.get("anyOf") {
        return any.as_array().unwrap().iter().any(|it| naive(it, held));
    }
    if let Some(not) = rule.get("not") {
        return !naive(not, held);
    }
    let of = match rule.get("field") {
        Some(field) => held(field.as_str().unwrap()),
        None => meant(&rule["value"]).as_str().map(str::to_owned),
    };
    let members = rule.as_object().unwrap();
    let (operator, target) =
        members.iter().find(|(key, _)| !["field", "value"].contains(&key.as_str())).unwrap();
    let target = meant(target);
    let one_of = || target.as_array().unwrap().iter().any(|it| alike(of.as_deref(), it));
    match operator.as_str() {
        "equals" => alike(of.as_deref(), &target),
        "notEquals" => !alike(of.as_deref(), &target),
        "in" => one_of(),
        "notIn" => !one_of(),
        "exists" => (target == json!("true")) == of.is_some(),
        other => panic!("{other}"),
    }
}

fn word() -> impl Strategy<Value = Value> {
    prop_oneof![(0..WORDS.len()).prop_map(|at| json!(WORDS[at])), Just(json!("[parameters('p')]")),]
}

fn test() -> impl Strategy<Value = Value> {
    let of = prop_oneof![
        4 => (0..FIELDS.len()).prop_map(|at| ("field", json!(FIELDS[at]))),
        1 => word().prop_map(|word| ("value", word)),
    ];
    let by = prop_oneof![
        word().prop_map(|word| ("equals", word)),
        word().prop_map(|word| ("notEquals", word)),
        proptest::collection::vec(word(), 0..3).prop_map(|all| ("in", json!(all))),
        proptest::collection::vec(word(), 0..3).prop_map(|all| ("notIn", json!(all))),
        proptest::bool::ANY.prop_map(|there| ("exists", json!(there.to_string()))),
    ];
    (of, by).prop_map(|((of, what), (by, target))| json!({ of: what, by: target }))
}

fn rule() -> impl Strategy<Value = Value> {
    test().prop_recursive(4, 24, 3, |inner| {
        let some = proptest::collection::vec(inner.clone(), 1..4);
        prop_oneof![
            some.clone().prop_map(|all| json!({ "allOf": all })),
            some.prop_map(|any| json!({ "anyOf": any })),
            inner.prop_map(|it| json!({ "not": it })),
        ]
    })
}

proptest! {
    #[test]
    fn the_evaluator_agrees_with_one_that_reads_the_rule_as_it_stands(rule in rule()) {
        let declared = json!({ "p": { "type": "String", "defaultValue": WORDS[1] } });
        let values = Declarations::read(Some(&declared)).unwrap().take(&serde_json::Map::new());
        let condition = Condition::read(&rule).unwrap();
        let mut budget = Budget::of_write();
        let (met, tested) = evaluate(&condition, &subject(), &values, &mut budget).unwrap();
        assert_eq!(met, naive(&rule, &held), "{rule}");
        assert!(!tested.is_empty());
    }

    /// What keeps to delegations is met by nothing else, whatever that is called and holds.
    #[test]
    fn what_keeps_to_delegations_is_met_by_no_other_type(
        rule in rule(),
        others in proptest::collection::vec(proptest::option::of(0..WORDS.len()), FIELDS.len()),
    ) {
        let other = |field: &str| match FIELDS.iter().position(|name| *name == field) {
            Some(0) => Some("Microsoft.Storage/storageAccounts".to_owned()),
            Some(4) | None => None,
            Some(at) => others[at].map(|word| WORDS[word].to_owned()),
        };
        if Condition::read(&rule).unwrap().keeps_to_delegations() {
            assert!(!naive(&rule, &other), "{rule}");
        }
    }
}
