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

/// Every function that the ARM contract names (section 4.4); any name that begins with `list` is
/// one more.
const CONTRACT: &str = "
    base64 base64ToJson base64ToString concat contains dataUri dataUriToString empty endsWith
    startsWith first format guid indexOf lastIndexOf join json last length newGuid utcNow padLeft
    replace skip split string substring take toLower toUpper trim uniqueString uri uriComponent
    uriComponentToString like parseUri buildUri
    array createArray createObject coalesce intersection union shallowMerge items objectKeys
    mapValues distinct flatten range min max groupBy toObject map filter reduce sort tryGet
    tryIndexFromEnd indexFromEnd lambda lambdaVariables
    if and or not bool true false null equals less lessOrEquals greater greaterOrEquals
    add sub mul div mod int float copyIndex
    dateTimeAdd dateTimeFromEpoch dateTimeToEpoch
    parseCidr cidrSubnet cidrHost
    parameters variables deployment environment deployer subscription resourceGroup
    managementGroup tenant roleDefinitions externalInputs fail
    reference references resourceId subscriptionResourceId tenantResourceId
    managementGroupResourceId extensionResourceId providers pickZones toLogicalZone
    toLogicalZones toPhysicalZone toPhysicalZones resourceInfo";

/// What there is not, and why. May only shrink.
const ABSENT: [(&str, &str); 9] = [
    ("roleDefinitions", "a template does not see the role data yet"),
    ("externalInputs", "the contract names it and says no more"),
    ("resourceInfo", "the contract names it and says no more"),
    ("providers", "deprecated; GET …/providers answers the same"),
    ("pickZones", "Fyr has no zones"),
    ("toLogicalZone", "Fyr has no zones"),
    ("toLogicalZones", "Fyr has no zones"),
    ("toPhysicalZone", "Fyr has no zones"),
    ("toPhysicalZones", "Fyr has no zones"),
];

#[test]
fn every_function_of_the_contract_is_there_or_is_missed_by_name() {
    let known: BTreeSet<String> = names().map(str::to_ascii_lowercase).collect();
    let missing: BTreeSet<&str> = CONTRACT
        .split_whitespace()
        .filter(|name| !known.contains(&name.to_ascii_lowercase()))
        .collect();
    assert_eq!(missing, ABSENT.iter().map(|(name, _)| *name).collect());
}

#[test]
fn a_uri_is_taken_apart_and_put_together() {
    let parts = json!({ "scheme": "https", "host": "a.example", "port": 8443, "path": "/x/y",
        "query": "?q=1" });
    let bare = json!({ "scheme": "http", "host": "[::1]", "path": "/", "query": "" });
    check(&[
        ("parseUri('HTTPS://u:p@A.example:8443/x/y?q=1#f')", parts),
        ("parseUri('http://[::1]')", bare),
        (
            "buildUri(parseUri('https://a.example:8443/x/y?q=1'))",
            "https://a.example:8443/x/y?q=1".into(),
        ),
        (
            "buildUri(createObject('scheme','https','host','a','path','x','query','q=1'))",
            "https://a/x?q=1".into(),
        ),
    ]);
    refused(&[
        ("parseUri('a/b')", "not an absolute URI"),
        ("parseUri('https://a:x/')", "not an absolute URI"),
        ("buildUri(createObject('host','a'))", "needs a 'scheme'"),
        ("buildUri(createObject('scheme','s','host','a','port',70000))", "'port'"),
    ]);
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
