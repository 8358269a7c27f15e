use std::collections::BTreeSet;

use serde_json::json;

use super::*;
use crate::{
    context::{Context, NothingYet, Scope},
    document::Template,
    evaluate::Place,
};

mod vectors;

const SUBSCRIPTION: &str = "11111111-1111-4111-8111-111111111111";

fn at(scope: Scope, text: &str) -> Result<Value, String> {
    let document = json!({ "$schema": "x/deploymentTemplate.json", "contentVersion": "1.0.0.0",
        "resources": [] });
    let template = Template::parse(&document).unwrap();
    let context = Context::at(scope);
    let evaluator = Evaluator::new(&template, &context, &NothingYet);
    let value = evaluator.text(text, &Frame::new(Place::Output));
    value.map(|held| held.value().clone()).map_err(|stopped| stopped.to_string())
}

fn group() -> Scope {
    Scope::ResourceGroup { subscription: SUBSCRIPTION.to_owned(), name: "rg1".to_owned() }
}

#[track_caller]
fn check(cases: &[(&str, Value)]) {
    for (text, expected) in cases {
        assert_eq!(at(group(), text).as_ref(), Ok(expected), "{text}");
    }
}

#[track_caller]
fn refused(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        let message = at(group(), text).expect_err(text);
        assert!(message.contains(expected), "{text}: {message}");
    }
}

#[test]
fn names_are_unique_and_none_is_taken_for_a_list() {
    let all: Vec<String> = names().map(str::to_ascii_lowercase).collect();
    let unique: BTreeSet<&String> = all.iter().collect();
    assert_eq!(unique.len(), all.len());
    assert!(!all.iter().any(|name| name.starts_with("list")));
}

#[test]
fn every_function_refuses_the_wrong_number_of_arguments() {
    let all = FAMILIES.iter().flat_map(|family| family.iter());
    for function in all {
        let name = function.name;
        let few = function.arguments_min.checked_sub(1);
        let many = function.arguments_max.checked_add(1);
        for count in [few, many].into_iter().flatten() {
            let text = format!("{name}({})", vec!["1"; count].join(","));
            let message = at(group(), &text).expect_err(&text);
            assert!(message.contains("argument(s) while"), "{text}: {message}");
        }
    }
}

#[test]
fn every_function_survives_every_short_list_of_arguments() {
    let values = [
        "''",
        "'a'",
        "'/'",
        "-1",
        "0",
        "3",
        "null()",
        "true()",
        "createArray()",
        "createArray(1, 'a')",
        "createObject()",
        "createObject('a', 1)",
        "lambda('x', 'x')",
    ];
    let mut lists = vec![String::new()];
    for first in values {
        lists.push(first.to_owned());
        for second in values {
            lists.push(format!("{first},{second}"));
            lists.extend(values.map(|third| format!("{first},{second},{third}")));
        }
    }
    for name in names() {
        for list in &lists {
            let _ = at(group(), &format!("{name}({list})"));
        }
    }
}
