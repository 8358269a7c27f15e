use std::collections::BTreeSet;

use serde_json::json;

use super::*;
use crate::{
    context::{Context, NothingYet, Scope},
    document::Template,
    evaluate::Place,
};

mod misused;
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
const ABSENT: [(&str, &str); 0] = [];

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
fn zones_are_picked_where_there_are_some() {
    let s = format!("'{SUBSCRIPTION}'");
    check(&[
        // What the documentation shows.
        ("pickZones('Microsoft.Compute', 'virtualMachines', 'westus2')", json!(["1"])),
        ("pickZones('Microsoft.Compute', 'virtualMachines', 'westus')", json!([])),
        ("pickZones('Microsoft.Cdn', 'profiles', 'westus2')", json!([])),
        ("pickZones('microsoft.compute', 'VIRTUALMACHINES', 'West US 2', 2, 1)", json!(["2", "3"])),
    ]);
    check(&[
        (&format!("toPhysicalZone({s}, 'westus2', '1')"), json!("westus2-az1")),
        (&format!("toLogicalZone({s}, 'westus2', 'westus2-az3')"), json!("3")),
        (
            &format!("toPhysicalZones({s}, 'westus2', createArray('1', '2'))"),
            json!(["westus2-az1", "westus2-az2"]),
        ),
        (&format!("toLogicalZones({s}, 'westus2', createArray())"), json!([])),
    ]);
    refused(&[
        ("pickZones('Microsoft.Compute', 'virtualMachines', 'westus2', 4)", "within the region's"),
        (
            "pickZones('Microsoft.Compute', 'virtualMachines', 'westus2', 1, 3)",
            "within the region's",
        ),
        (&format!("toPhysicalZone({s}, 'westus', '1')"), "'westus' has no availability zones"),
        (&format!("toPhysicalZone({s}, 'westus2', '4')"), "no logical zone '4'"),
        (&format!("toLogicalZone({s}, 'westus2', 'eastus-az1')"), "no physical zone 'eastus-az1'"),
        ("toPhysicalZone('s', 'westus2', '1')", "the id of a subscription"),
    ]);
}

#[test]
fn the_platforms_roles_and_providers_are_found_by_name() {
    let id = uuid::Uuid::from_u128(7);
    let kind = json!({ "resourceType": "t", "locations": [], "apiVersions": ["2020-01-01"] });
    let provider = json!({ "namespace": "N.S", "resourceTypes": [kind] });
    let catalogue = crate::context::Catalogue {
        roles: [("Reader".to_owned(), id)].into(),
        providers: vec![provider.clone()],
    };
    let context = Context { catalogue, ..Context::at(group()) };
    let document = json!({ "$schema": "x/deploymentTemplate.json", "contentVersion": "1.0.0.0",
        "resources": [] });
    let template = Template::parse(&document).unwrap();
    let evaluator = Evaluator::new(&template, &context, &NothingYet);
    let told = |text: &str| {
        let value = evaluator.text(text, &Frame::new(Place::Head));
        value.map(|held| held.value().clone()).map_err(|stopped| stopped.to_string())
    };
    let path = format!("/providers/Microsoft.Authorization/roleDefinitions/{id}");
    let role = json!({ "id": path, "roleDefinitionId": id });
    assert_eq!(told("roleDefinitions('reader')"), Ok(role));
    assert_eq!(told("providers('n.s')"), Ok(provider));
    assert_eq!(told("providers('n.s', 'T').apiVersions[0]"), Ok(json!("2020-01-01")));
    assert!(told("roleDefinitions('writer')").unwrap_err().contains("'writer' is not found"));
    assert!(told("providers('n.x')").unwrap_err().contains("'n.x' is not found"));
    assert!(told("providers('n.s', 'x')").unwrap_err().contains("'n.s/x' is not found"));
}

#[test]
fn text_is_ordered_as_the_documentation_shows() {
    check(&[
        ("greater('A', 'a')", json!(true)),
        ("greaterOrEquals('A', 'a')", json!(true)),
        ("less('A', 'a')", json!(false)),
        ("lessOrEquals('A', 'a')", json!(false)),
        ("less('a', 'B')", json!(true)),
        ("less('B', 'c')", json!(true)),
        ("less('_', '1')", json!(true)),
        ("less('1', 'a')", json!(true)),
        ("less('a', 'aB')", json!(true)),
        ("lessOrEquals('ab', 'ab')", json!(true)),
        (
            "sort(createArray('b', 'C', 'a'), lambda('x', 'y', less(lambdaVariables('x'), lambdaVariables('y'))))",
            json!(["a", "b", "C"]),
        ),
    ]);
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
