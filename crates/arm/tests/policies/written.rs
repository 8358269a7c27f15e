//! What of Azure Policy is kept, shown, refused and removed, and for whom.

use model::{
    change::Noun,
    samples::{self, ADA, CUSTOMER, OLOF, READER},
    settings::Profile,
};
use serde_json::{Value, json};

use super::kit::{
    ALLOW, AUDIT, CORP, IVO, LAB, NORA, SUBSCRIPTION, allowing, ask, assigning, assignment,
    definition, denying, done, plane, refuses,
};

fn names(listed: &Value) -> Vec<&str> {
    listed["value"].as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap()).collect()
}

fn warning(answer: &arm::request::ArmResponse) -> Option<&str> {
    let found = answer.headers.iter().find(|(name, _)| *name == "Warning");
    found.map(|(_, value)| value.as_str())
}

#[tokio::test]
async fn azures_own_definitions_are_everybodys_to_read_and_nobodys_to_change() {
    let plane = plane(Profile::Azure).await;
    let shown = done(&plane, NORA, &format!("GET {ALLOW}"), Value::Null).await;
    assert_eq!(
        (&shown["id"], &shown["properties"]["policyType"]),
        (&json!(ALLOW), &json!("BuiltIn"))
    );
    let all =
        done(&plane, NORA, "GET /providers/Microsoft.Authorization/policyDefinitions", Value::Null)
            .await;
    assert_eq!(names(&all).len(), 2);
    // As az looks a name up: first among Azure's own, then in the subscription.
    let unknown = ask(
        &plane,
        NORA,
        "GET /providers/Microsoft.Authorization/policyDefinitions/pd1",
        Value::Null,
    )
    .await;
    refuses(&unknown, 404, "PolicyDefinitionNotFound");
    refuses(
        &ask(&plane, OLOF, &format!("PUT {ALLOW}"), denying("x")).await,
        400,
        "InvalidPolicyScope",
    );
    refuses(
        &ask(&plane, OLOF, &format!("DELETE {ALLOW}"), Value::Null).await,
        400,
        "InvalidPolicyScope",
    );
    refuses(
        &ask(&plane, IVO, &format!("DELETE {ALLOW}"), Value::Null).await,
        403,
        "AuthorizationFailed",
    );
}

#[tokio::test]
async fn a_definition_is_made_shown_listed_and_removed() {
    let plane = plane(Profile::Azure).await;
    let path = definition("{s}", "mine");
    let line = |verb: &str| format!("{verb} {path}");
    refuses(&ask(&plane, OLOF, &line("GET"), Value::Null).await, 404, "PolicyDefinitionNotFound");
    assert_eq!(ask(&plane, OLOF, &line("PUT"), denying("x")).await.status, 201);
    assert_eq!(ask(&plane, OLOF, &line("PUT"), denying("x")).await.status, 201, "as Azure answers");
    let shown = done(&plane, OLOF, &line("GET"), Value::Null).await;
    assert_eq!(shown["properties"]["policyType"], "Custom");
    assert_eq!(shown["properties"].get("provisioningState"), None);
    let list = "GET {s}/providers/Microsoft.Authorization/policyDefinitions";
    for (filter, count) in [
        ("", 3),
        ("atExactScope()", 1),
        ("policyType eq 'Custom'", 1),
        ("policyType eq 'BuiltIn'", 2),
    ] {
        let listed = done(&plane, OLOF, &format!("{list}?{filter}"), Value::Null).await;
        assert_eq!(names(&listed).len(), count, "{filter}: {listed}");
    }
    refuses(
        &ask(&plane, OLOF, &format!("{list}?name eq 'x'"), Value::Null).await,
        400,
        "InvalidQueryParameter",
    );
    let hidden = done(&plane, NORA, list, Value::Null).await;
    assert_eq!(names(&hidden).len(), 2, "a stranger sees Azure's own alone");
    assert_eq!(ask(&plane, OLOF, &line("DELETE"), Value::Null).await.status, 200);
    assert_eq!(ask(&plane, OLOF, &line("DELETE"), Value::Null).await.status, 204);
}

#[tokio::test]
async fn what_azure_refuses_is_refused_with_the_reason() {
    let plane = plane(Profile::Azure).await;
    done(&plane, OLOF, &format!("PUT {}", definition(LAB, "lab")), denying("x")).await;
    let there = |scope: &str, name: &str| definition(&scope.replace("{s}", SUBSCRIPTION), name);
    let group = "{s}/resourceGroups/app";
    let at = assignment("{s}", "a");
    for (path, body, status, code) in [
        (definition("{s}", &"n".repeat(65)), denying("x"), 400, "InvalidResourceName"),
        (definition(group, "a"), denying("x"), 400, "InvalidPolicyScope"),
        (definition("{s}", "a"), json!({ "properties": {} }), 400, "InvalidPolicyRule"),
        (at.clone(), json!({ "properties": {} }), 400, "InvalidRequestContent"),
        (at.clone(), assigning(&there("{s}", "none"), &json!({})), 404, "PolicyDefinitionNotFound"),
        (
            at.clone(),
            assigning(&there(LAB, "lab"), &json!({})),
            400,
            "InvalidCreatePolicyAssignmentRequest",
        ),
        (at.clone(), assigning(ALLOW, &json!({})), 400, "MissingPolicyParameter"),
        (at.clone(), allowing(&json!("x"), &json!({})), 400, "InvalidPolicyParameterValue"),
        (
            at.clone(),
            assigning(AUDIT, &json!({ "parameters": { "x": { "value": 1 } } })),
            400,
            "UndefinedPolicyParameter",
        ),
        (
            "{s}/providers/Microsoft.Authorization/policyExemptions/e".to_owned(),
            json!({ "properties": { "policyAssignmentId": assignment(SUBSCRIPTION, "none"), "exemptionCategory": "Waiver" } }),
            404,
            "PolicyAssignmentNotFound",
        ),
        (
            "{s}/providers/Microsoft.PolicyInsights/remediations/r".to_owned(),
            json!({ "properties": { "policyAssignmentId": assignment(SUBSCRIPTION, "none") } }),
            404,
            "PolicyAssignmentNotFound",
        ),
        (
            "{s}/providers/Microsoft.Authorization/policySetDefinitions/s".to_owned(),
            json!({ "properties": { "policyDefinitions": [{ "policyDefinitionId": ALLOW }] } }),
            400,
            "MissingPolicyParameter",
        ),
    ] {
        refuses(&ask(&plane, OLOF, &format!("PUT {path}"), body).await, status, code);
    }
}

#[tokio::test]
async fn what_is_too_large_to_judge_is_not_written() {
    let plane = plane(Profile::Azure).await;
    let ruled = |condition: Value| json!({ "properties": { "mode": "All", "policyRule": { "if": condition, "then": { "effect": "deny" } } } });
    let test = json!({ "field": "type", "equals": "x" });
    let one = json!({ "anyOf": vec![test; 501] });
    let (list, at) = (vec!["x"; 1_001], assignment("{s}", "a"));
    let described = |body: Value| {
        let mut body = body;
        body["properties"]["description"] = "x".repeat(4_000).into();
        body["properties"]["metadata"] = json!({ "x": "x".repeat(128 * 1_024) });
        body
    };
    for (path, body, code) in [
        (definition("{s}", "a"), ruled(json!({ "allOf": [one, one] })), "InvalidPolicyRule"),
        (
            definition("{s}", "a"),
            ruled(json!({ "field": "type", "notIn": list })),
            "InvalidRequestContent",
        ),
        (definition("{s}", "a"), described(denying("x")), "InvalidRequestContent"),
        (at.clone(), allowing(&json!(list), &json!({})), "InvalidRequestContent"),
        (at, described(allowing(&json!(["x"]), &json!({}))), "InvalidRequestContent"),
    ] {
        refuses(&ask(&plane, OLOF, &format!("PUT {path}"), body).await, 400, code);
    }
}

#[tokio::test]
async fn a_definition_in_use_stays_until_nothing_names_it() {
    let plane = plane(Profile::Azure).await;
    let mine = definition(CORP, "mine");
    let set = format!("{CORP}/providers/Microsoft.Authorization/policySetDefinitions/set");
    let (by_set, group) = (assignment("{s}", "b"), assignment("{s}/resourceGroups/app", "a"));
    done(&plane, OLOF, &format!("PUT {mine}"), denying("x")).await;
    let members =
        json!({ "properties": { "policyDefinitions": [{ "policyDefinitionId": mine }] } });
    done(&plane, OLOF, &format!("PUT {set}"), members).await;
    done(&plane, OLOF, &format!("PUT {group}"), assigning(&mine, &json!({}))).await;
    done(&plane, OLOF, &format!("PUT {by_set}"), assigning(&set, &json!({}))).await;
    let remove = async |path: &str| ask(&plane, OLOF, &format!("DELETE {path}"), Value::Null).await;
    let used = remove(&mine).await;
    refuses(&used, 400, "InvalidDeletePolicyDefinitionRequest");
    let text = used.body.unwrap()["error"]["message"].to_string();
    assert!(text.contains("resourceGroups/app"), "{text}");
    refuses(&remove(&set).await, 400, "InvalidDeletePolicySetDefinitionRequest");
    // Nor does it go once the subscription stands elsewhere.
    let id = SUBSCRIPTION.trim_start_matches("/subscriptions/");
    done(&plane, OLOF, &format!("PUT {LAB}/subscriptions/{id}"), Value::Null).await;
    refuses(&remove(&set).await, 400, "InvalidDeletePolicySetDefinitionRequest");
    done(&plane, OLOF, &format!("PUT {CORP}/subscriptions/{id}"), Value::Null).await;
    assert_eq!(remove(&group).await.body.unwrap()["name"], "a", "what there was is shown");
    refuses(&remove(&mine).await, 400, "InvalidDeletePolicyDefinitionRequest");
    for path in [&by_set, &set, &mine] {
        assert_eq!(remove(path).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn a_definition_goes_however_many_assignments_name_others_and_stays_for_the_last_of_them() {
    let plane = plane(Profile::Azure).await;
    let [mine, other] = ["mine", "other"].map(|name| definition("{s}", name));
    for line in [&mine, &other] {
        done(&plane, OLOF, &format!("PUT {line}"), denying("x")).await;
    }
    let named = |n: usize, of: &str| {
        let path = assignment("{s}", &format!("a{n:05}")).replace("{s}", SUBSCRIPTION);
        let id = ids::resource::ResourceId::parse(&path, CUSTOMER).unwrap();
        let mut it = testkit::resource(id);
        let of = of.replace("{s}", SUBSCRIPTION);
        it.properties.insert("policyDefinitionId".to_owned(), of.into());
        Noun::Resource(it)
    };
    testkit::put(&plane, (0..2_100).map(|n| named(n, &other)).collect()).await;
    let remove = async |path: &str| ask(&plane, OLOF, &format!("DELETE {path}"), Value::Null).await;
    testkit::put(&plane, vec![named(9_999, &mine)]).await;
    refuses(&remove(&mine).await, 400, "InvalidDeletePolicyDefinitionRequest");
    testkit::put(&plane, vec![named(9_999, &other)]).await;
    assert_eq!(remove(&mine).await.status, 200);
}

#[tokio::test]
async fn a_change_breaks_no_assignment() {
    let plane = plane(Profile::Azure).await;
    let line = format!("PUT {}", definition("{s}", "mine"));
    done(&plane, OLOF, &line, denying("x")).await;
    let mut more = denying("x");
    more["properties"]["parameters"] = json!({ "p": { "type": "String" } });
    refuses(&ask(&plane, OLOF, &line, more.clone()).await, 400, "InvalidPolicyParameterUpdate");
    more["properties"]["parameters"]["p"]["defaultValue"] = "x".into();
    done(&plane, OLOF, &line, more).await;
}

#[tokio::test]
async fn an_assignments_identity_is_a_principal_that_comes_and_goes_with_it() {
    let plane = plane(Profile::Azure).await;
    let line = |verb: &str| format!("{verb} {}", assignment("{s}", "a"));
    let mut body = assigning(AUDIT, &json!({}));
    body["identity"] = json!({ "type": "SystemAssigned" });
    body["location"] = "westeurope".into();
    let made = done(&plane, OLOF, &line("PUT"), body).await;
    let object: ids::guid::ObjectId =
        made["identity"]["principalId"].as_str().unwrap().parse().unwrap();
    let who = ids::guid::Principal { tenant: samples::CUSTOMER, object };
    assert!(plane.index().can_act(who));
    assert_eq!(made["properties"]["enforcementMode"], "Default");
    assert_eq!(made["properties"]["scope"], SUBSCRIPTION);
    let patch = json!({ "properties": { "displayName": "Renamed" } });
    let patched = done(&plane, OLOF, &line("PATCH"), patch).await;
    assert_eq!(patched["properties"]["displayName"], "Renamed");
    assert_eq!(patched["identity"], made["identity"]);
    let bad = json!({ "properties": { "policyDefinitionId": "x" } });
    refuses(&ask(&plane, OLOF, &line("PATCH"), bad).await, 400, "InvalidRequestContent");
    done(&plane, OLOF, &line("DELETE"), Value::Null).await;
    assert!(!plane.index().can_act(who));
}

#[tokio::test]
async fn a_policy_that_is_not_enforced_whole_says_so_wherever_it_is_written() {
    let plane = plane(Profile::Azure).await;
    let rule = |condition: Value, effect: &str| json!({ "properties": { "mode": "All", "policyRule": { "if": condition, "then": { "effect": effect } } } });
    let storage = json!({ "field": "type", "equals": "Microsoft.Storage/storageAccounts" });
    let alias = json!({ "field": "Microsoft.Storage/storageAccounts/sku.name", "equals": "\"é" });
    for (body, told) in [
        (denying("x"), None),
        (rule(storage.clone(), "deny"), Some("Microsoft.ManagedServices only")),
        (rule(storage, "deployIfNotExists"), Some("kept and not enforced")),
        (rule(alias, "deny"), Some("sku.name")),
    ] {
        let path = definition("{s}", "mine");
        let at = format!("PUT {}", assignment("{s}", "a"));
        let made = ask(&plane, OLOF, &format!("PUT {path}"), body).await;
        let assigned =
            ask(&plane, OLOF, &at, assigning(&path.replace("{s}", SUBSCRIPTION), &json!({}))).await;
        for answer in [made, assigned] {
            assert_eq!(answer.status, 201, "{answer:?}");
            match told {
                None => assert_eq!(warning(&answer), None),
                Some(told) => {
                    let said = warning(&answer).unwrap();
                    assert!(said.starts_with("299 fyr \"") && said.contains(told), "{said}");
                    assert!(said.is_ascii() && said.matches('"').count() == 2, "{said}");
                }
            }
        }
    }
}

#[tokio::test]
async fn what_stands_above_is_for_the_tenants_own_people_and_no_provider() {
    let plane = plane(Profile::Azure).await;
    let mine = definition(CORP, "mine");
    done(&plane, OLOF, &format!("PUT {mine}"), denying("x")).await;
    done(&plane, OLOF, &format!("PUT {}", assignment(CORP, "above")), assigning(&mine, &json!({})))
        .await;
    // Fabrikam's engineers manage policies in the subscription.
    let delegation = samples::definition(samples::SUBSCRIPTION);
    let writer: ids::guid::RoleId = "36243c78-bf99-498c-9df9-86d9f8d28608".parse().unwrap();
    let authorizations = [READER, writer].map(|role| samples::authorization(samples::TIER1, role));
    let delegation =
        model::delegation::Definition { authorizations: authorizations.into(), ..delegation };
    let nouns =
        vec![Noun::Definition(delegation), Noun::Assignment(samples::assignment(samples::whole()))];
    testkit::put(&plane, nouns).await;
    let list = |kind: &str| format!("GET {{s}}/providers/Microsoft.Authorization/{kind}");
    for (who, seen) in [(OLOF, true), (IVO, true), (ADA, false)] {
        let listed = done(&plane, who, &list("policyAssignments"), Value::Null).await;
        assert_eq!(names(&listed).contains(&"above"), seen, "{who:?} {listed}");
        let listed = done(&plane, who, &list("policyDefinitions"), Value::Null).await;
        assert_eq!(names(&listed).contains(&"mine"), seen, "{who:?} {listed}");
        let put = format!("PUT {}", assignment("{s}", "a"));
        let real = ask(&plane, who, &put, assigning(&mine, &json!({}))).await;
        let none = ask(&plane, who, &put, assigning(&definition(CORP, "none"), &json!({}))).await;
        refuses(&none, 404, "PolicyDefinitionNotFound");
        assert_eq!(real.status, if seen { 201 } else { 404 }, "{who:?} {real:?}");
    }
    // What they may read they may assign.
    let put = format!("PUT {}", assignment("{s}", "theirs"));
    assert_eq!(ask(&plane, ADA, &put, assigning(AUDIT, &json!({}))).await.status, 201);
}

#[tokio::test]
async fn a_remediation_is_kept_and_says_that_nothing_is_remediated() {
    let plane = plane(Profile::Azure).await;
    let of = assignment(SUBSCRIPTION, "a");
    done(&plane, OLOF, &format!("PUT {of}"), assigning(AUDIT, &json!({}))).await;
    let line = "PUT {s}/providers/Microsoft.PolicyInsights/remediations/r";
    let body = json!({ "properties": { "policyAssignmentId": of } });
    let made = ask(&plane, OLOF, line, body).await;
    assert_eq!(made.status, 201);
    assert!(warning(&made).unwrap().contains("nothing is remediated"));
    let shown = done(&plane, OLOF, &line.replace("PUT", "GET"), Value::Null).await;
    assert_eq!(shown["properties"]["provisioningState"], "Succeeded");
    assert_eq!(shown["properties"]["deploymentStatus"]["totalDeployments"], 0);
}
