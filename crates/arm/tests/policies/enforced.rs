//! What policies refuse and note, at which scope, and how that is told.

use jiff::Timestamp;
use model::{
    activity::{Activity, Level, Log, Outcome},
    samples::{self, ADA, CUSTOMER, OLOF, PROVIDER},
    settings::Profile,
};
use operations::plane::Plane;
use serde_json::{Value, json};
use store::{
    activity::{ActivityFilter, ActivityQuery},
    snapshot::Page,
};

use super::kit::{
    ALLOW, AUDIT, CORP, GUID, IVO, LAB, SUBSCRIPTION, accept, allowing, ask, assigning, assignment,
    definition, denying, done, kept, onboard, plane, refuses,
};

const DISALLOWED: &str = "RequestDisallowedByPolicy";

async fn put(plane: &Plane, path: &str, body: Value) {
    done(plane, OLOF, &format!("PUT {path}"), body).await;
}

/// What the subscription's log holds.
async fn log(plane: &Plane) -> Vec<Activity> {
    plane.store.sweep().await.unwrap();
    let query = ActivityQuery {
        log: Log::Subscription(samples::SUBSCRIPTION),
        from: Timestamp::UNIX_EPOCH,
        to: plane.store.now(),
        filter: ActivityFilter::default(),
    };
    plane.store.activity(&query, Page::first()).await.unwrap().items
}

async fn states(plane: &Plane, who: ids::guid::Principal, scope: &str) -> Value {
    let line =
        format!("POST {scope}/providers/Microsoft.PolicyInsights/policyStates/latest/queryResults");
    done(plane, who, &line, Value::Null).await
}

#[tokio::test]
async fn azures_list_of_managing_tenants_lets_the_listed_in_and_refuses_all_others() {
    for profile in [Profile::Azure, Profile::Strict] {
        let plane = plane(profile).await;
        put(
            &plane,
            &assignment("{s}", "allow"),
            allowing(&json!([CUSTOMER]), &json!({ "displayName": "Ours only" })),
        )
        .await;
        let events = testkit::events(&plane).await.len();
        let refused = onboard(&plane, OLOF).await;
        refuses(&refused, 403, DISALLOWED);
        assert_eq!(testkit::events(&plane).await.len(), events, "a refusal leaves no event");
        put(
            &plane,
            &assignment("{s}", "allow"),
            allowing(&json!([CUSTOMER, PROVIDER]), &json!({})),
        )
        .await;
        assert_eq!(onboard(&plane, OLOF).await.status, 201);
    }
}

#[tokio::test]
async fn a_refusal_names_the_policy_and_the_tests_as_azure_does() {
    let plane = plane(Profile::Azure).await;
    put(
        &plane,
        &assignment(CORP, "allow"),
        allowing(&json!(["x"]), &json!({ "displayName": "Ours" })),
    )
    .await;
    let refused = onboard(&plane, IVO).await;
    let cause = refused.headers.iter().find(|(name, _)| *name == "x-ms-failure-cause");
    assert_eq!(cause.unwrap().1, "gateway");
    let error = &refused.body.as_ref().unwrap()["error"];
    assert_eq!((&error["code"], &error["target"]), (&json!(DISALLOWED), &json!(GUID)));
    let at = assignment(CORP, "allow");
    let identifiers = json!([{
        "policyAssignment": { "name": "Ours", "id": at },
        "policyDefinition": {
            "name": "Allow managing tenant ids to onboard through Azure Lighthouse",
            "id": ALLOW,
            "version": "1.0.1",
        },
    }]);
    let text =
        format!("Resource '{GUID}' was disallowed by policy. Policy identifiers: '{identifiers}'.");
    assert_eq!(error["message"], text);
    let info = &error["additionalInfo"][0];
    assert_eq!(info["type"], "PolicyViolation");
    assert_eq!(info["info"]["policyAssignmentScope"], CORP);
    assert_eq!(info["info"]["policyDefinitionEffect"], "deny");
    assert_eq!(
        info["info"]["policyAssignmentParameters"]["listOfAllowedTenants"]["value"],
        json!(["x"])
    );
    let tests = info["info"]["evaluationDetails"]["evaluatedExpressions"].as_array().unwrap();
    assert_eq!(tests.len(), 2, "{info}");
    assert_eq!(tests[0]["expressionValue"], "Microsoft.ManagedServices/registrationDefinitions");
    assert_eq!((&tests[1]["result"], &tests[1]["operator"]), (&json!("False"), &json!("In")));
}

#[tokio::test]
async fn a_refusal_stands_in_the_log_as_the_failed_write_and_as_the_policys_word() {
    let plane = plane(Profile::Azure).await;
    put(&plane, &assignment("{s}", "allow"), allowing(&json!([]), &json!({}))).await;
    refuses(&onboard(&plane, OLOF).await, 403, DISALLOWED);
    let failed: Vec<Activity> =
        log(&plane).await.into_iter().filter(|it| it.outcome == Outcome::Failed).collect();
    assert_eq!(failed.len(), 2, "{failed:?}");
    let (told, write): (Vec<_>, Vec<_>) = failed.iter().partition(|it| it.is_of_policy());
    assert_eq!(told[0].action.as_str(), "Microsoft.Authorization/policies/deny/action");
    assert!(told[0].description.contains(ALLOW), "{told:?}");
    assert!(write[0].message.as_deref().unwrap().starts_with(DISALLOWED), "{write:?}");
}

#[tokio::test]
async fn a_policy_of_a_group_holds_below_it_and_a_subscription_that_moves_comes_under_others() {
    let plane = plane(Profile::Azure).await;
    put(&plane, &assignment(LAB, "allow"), allowing(&json!([]), &json!({}))).await;
    assert_eq!(onboard(&plane, OLOF).await.status, 201);
    let id = SUBSCRIPTION.trim_start_matches("/subscriptions/");
    put(&plane, &format!("{LAB}/subscriptions/{id}"), Value::Null).await;
    refuses(&onboard(&plane, OLOF).await, 403, DISALLOWED);
    put(&plane, &format!("{CORP}/subscriptions/{id}"), Value::Null).await;
    assert_eq!(onboard(&plane, OLOF).await.status, 200);
}

#[tokio::test]
async fn a_policy_of_the_root_group_holds_in_the_whole_tenant() {
    let plane = plane(Profile::Azure).await;
    let root = format!("/providers/Microsoft.Management/managementGroups/{CUSTOMER}");
    put(&plane, &assignment(&root, "allow"), allowing(&json!([]), &json!({}))).await;
    refuses(&onboard(&plane, OLOF).await, 403, DISALLOWED);
    let listed = done(
        &plane,
        IVO,
        "GET {s}/providers/Microsoft.Authorization/policyAssignments",
        Value::Null,
    )
    .await;
    assert_eq!(listed["value"][0]["id"], assignment(&root, "allow"));
}

#[tokio::test]
async fn a_policy_leaves_out_what_it_says_and_nothing_while_it_is_not_enforced() {
    let plane = plane(Profile::Azure).await;
    let at = assignment(CORP, "allow");
    for (more, denied) in [
        (json!({}), true),
        (json!({ "notScopes": [SUBSCRIPTION] }), false),
        (json!({ "notScopes": [format!("{SUBSCRIPTION}/resourceGroups/app")] }), true),
        (json!({ "enforcementMode": "DoNotEnforce" }), false),
        (json!({ "enforcementMode": "Default" }), true),
    ] {
        put(&plane, &at, allowing(&json!([]), &more)).await;
        let answer = onboard(&plane, OLOF).await;
        assert_eq!(answer.status == 403, denied, "{more}: {answer:?}");
    }
    done(&plane, OLOF, &format!("DELETE {at}"), Value::Null).await;
    assert_eq!(onboard(&plane, OLOF).await.status, 200);
}

#[tokio::test]
async fn an_exemption_holds_until_it_ends_and_takes_leave_at_the_assignment() {
    let plane = plane(Profile::Azure).await;
    let at = assignment(CORP, "allow");
    put(&plane, &at, allowing(&json!([]), &json!({}))).await;
    let line = "PUT {s}/providers/Microsoft.Authorization/policyExemptions/e";
    let exempt = |end: &str| json!({ "properties": { "policyAssignmentId": at, "exemptionCategory": "Waiver", "expiresOn": end } });
    // Who owns the subscription does not undo what the group above says.
    refuses(
        &ask(&plane, IVO, line, exempt("2099-01-01T00:00:00Z")).await,
        403,
        "LinkedAuthorizationFailed",
    );
    refuses(&onboard(&plane, OLOF).await, 403, DISALLOWED);
    for (end, denied) in [("2099-01-01T00:00:00Z", false), ("2025-01-01T00:00:00Z", true)] {
        done(&plane, OLOF, line, exempt(end)).await;
        assert_eq!(onboard(&plane, OLOF).await.status == 403, denied, "{end}");
    }
}

#[tokio::test]
async fn a_policy_of_ones_own_is_enforced_by_the_same_words() {
    let plane = plane(Profile::Azure).await;
    put(&plane, &definition("{s}", "no-fabrikam"), denying(&PROVIDER.to_string())).await;
    put(
        &plane,
        &assignment("{s}", "no"),
        assigning(&definition(SUBSCRIPTION, "no-fabrikam"), &json!({})),
    )
    .await;
    refuses(&onboard(&plane, OLOF).await, 403, DISALLOWED);
    put(&plane, &definition("{s}", "no-fabrikam"), denying("somebody else")).await;
    assert_eq!(onboard(&plane, OLOF).await.status, 201);
}

#[tokio::test]
async fn what_takes_too_long_to_judge_refuses_the_write_whenever_it_was_written() {
    let plane = plane(Profile::Azure).await;
    let test = json!({ "value": "y", "notIn": "[parameters('tenants')]" });
    let long = json!({
        "mode": "All",
        "parameters": { "tenants": { "type": "Array" } },
        "policyRule": { "if": { "allOf": vec![test; 5_000] }, "then": { "effect": "audit" } },
    });
    let given = json!({ "parameters": { "tenants": { "value": vec!["x"; 100_000] } } });
    let (of, at) = (definition(SUBSCRIPTION, "long"), assignment(SUBSCRIPTION, "a"));
    let told = assigning(&of, &given);
    testkit::put(&plane, vec![kept(&of, &long), kept(&at, &told["properties"])]).await;
    refuses(&onboard(&plane, OLOF).await, 400, "PolicyEvaluationLimitExceeded");
    done(&plane, OLOF, &format!("DELETE {at}"), Value::Null).await;
    assert_eq!(onboard(&plane, OLOF).await.status, 201);
}

#[tokio::test]
async fn what_hangs_below_an_assignment_neither_blocks_nor_hides_the_next_one() {
    let plane = plane(Profile::Azure).await;
    put(&plane, &assignment("{s}", "a"), assigning(AUDIT, &json!({}))).await;
    let below = |n: usize| {
        let path = format!("{}/providers/My.Bank/accounts/n{n}", assignment(SUBSCRIPTION, "a"));
        kept(&path, &json!({}))
    };
    testkit::put(&plane, (0..2_100).map(below).collect()).await;
    assert_eq!(onboard(&plane, OLOF).await.status, 201);
    put(&plane, &assignment("{s}", "b"), allowing(&json!([]), &json!({}))).await;
    refuses(&onboard(&plane, OLOF).await, 403, DISALLOWED);
}

#[tokio::test]
async fn a_set_refuses_by_each_of_its_definitions() {
    let plane = plane(Profile::Azure).await;
    let set = "{s}/providers/Microsoft.Authorization/policySetDefinitions/lighthouse";
    put(&plane, set, json!({ "properties": {
        "parameters": { "tenants": { "type": "Array" } },
        "policyDefinitions": [
            { "policyDefinitionId": AUDIT },
            { "policyDefinitionId": ALLOW, "policyDefinitionReferenceId": "allow",
              "parameters": { "listOfAllowedTenants": { "value": "[parameters('tenants')]" } } },
        ],
    }})).await;
    let set = set.replace("{s}", SUBSCRIPTION);
    let with = |tenants: Value| {
        assigning(&set, &json!({ "parameters": { "tenants": { "value": tenants } } }))
    };
    put(&plane, &assignment("{s}", "a"), with(json!([]))).await;
    let refused = onboard(&plane, OLOF).await;
    refuses(&refused, 403, DISALLOWED);
    let info = refused.body.unwrap()["error"]["additionalInfo"][0]["info"].take();
    assert_eq!(info["policyDefinitionReferenceId"], "allow");
    assert_eq!(info["policySetDefinitionId"], set);
    put(&plane, &assignment("{s}", "a"), with(json!([PROVIDER]))).await;
    assert_eq!(onboard(&plane, OLOF).await.status, 201);
}

#[tokio::test]
async fn an_audited_delegation_happens_is_noted_and_does_not_comply() {
    let plane = plane(Profile::Azure).await;
    put(&plane, &assignment(CORP, "audit"), assigning(AUDIT, &json!({}))).await;
    assert_eq!(onboard(&plane, OLOF).await.status, 201);
    assert_eq!(states(&plane, OLOF, "{s}").await["@odata.count"], 0);
    assert_eq!(accept(&plane, "{s}/resourceGroups/app").await.status, 201);
    let noted: Vec<Activity> =
        log(&plane).await.into_iter().filter(Activity::is_of_policy).collect();
    assert_eq!(noted.len(), 1, "{noted:?}");
    assert_eq!((noted[0].level(), noted[0].outcome), (Level::Warning, Outcome::Succeeded));
    assert!(noted[0].description.contains(AUDIT));
    for (scope, count) in [("{s}", 1), ("{s}/resourceGroups/app", 1), (CORP, 1), (LAB, 0)] {
        let found = states(&plane, OLOF, scope).await;
        assert_eq!(found["@odata.count"], count, "{scope}: {found}");
    }
    let state = states(&plane, OLOF, "{s}").await["value"][0].take();
    assert_eq!(state["complianceState"], "NonCompliant");
    assert_eq!(state["policyAssignmentId"], assignment(CORP, "audit"));
    let line = "POST {s}/providers/Microsoft.PolicyInsights/policyStates/latest/summarize";
    let summary = done(&plane, OLOF, line, Value::Null).await;
    assert_eq!(summary["value"][0]["results"]["nonCompliantResources"], 1);
}

#[tokio::test]
async fn what_does_not_comply_is_no_managing_tenants_to_read() {
    let plane = plane(Profile::Azure).await;
    put(&plane, &assignment("{s}", "audit"), assigning(AUDIT, &json!({}))).await;
    assert_eq!(onboard(&plane, OLOF).await.status, 201);
    assert_eq!(accept(&plane, "{s}").await.status, 201);
    assert_eq!(states(&plane, OLOF, "{s}").await["@odata.count"], 1);
    assert_eq!(states(&plane, ADA, "{s}").await["@odata.count"], 0);
}

#[tokio::test]
async fn what_a_policy_notes_of_a_delegation_no_managing_tenant_hears() {
    for profile in [Profile::Azure, Profile::Strict] {
        let plane = plane(profile).await;
        put(&plane, &assignment("{s}", "audit"), assigning(AUDIT, &json!({}))).await;
        assert_eq!(onboard(&plane, OLOF).await.status, 201);
        assert_eq!(accept(&plane, "{s}").await.status, 201);
        let log = "GET {s}/providers/Microsoft.Insights/eventtypes/management/values";
        let since = plane.store.now() - jiff::SignedDuration::from_hours(1);
        let line = format!("{log}?eventTimestamp ge '{since}'");
        for (who, heard) in [(OLOF, true), (ADA, false)] {
            let told = done(&plane, who, &line, Value::Null).await.to_string();
            let assigned = "registrationAssignments/write";
            assert_eq!(told.contains(assigned), heard || profile == Profile::Azure, "{told}");
            assert_eq!(told.contains("policies/audit/action"), heard, "{profile:?} {who}");
        }
    }
}
