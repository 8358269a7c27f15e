use model::{action::Action, samples};
use uuid::Uuid;

use super::*;

fn activity() -> Activity {
    Activity {
        id: EventId::new(Uuid::from_u128(1)),
        at: samples::now(),
        began: None,
        log: Log::Subscription(samples::SUBSCRIPTION),
        caller: Some(samples::caller(samples::ADA)),
        action: Action::ASSIGNMENTS_WRITE,
        scope: samples::resource_group("app"),
        outcome: Outcome::Succeeded,
        status_code: 201,
        correlation: samples::correlation(),
        operation: EventId::new(Uuid::from_u128(2)),
        method: "PUT".to_owned(),
        client_request: Some("c".to_owned()),
        client_address: Some("127.0.0.1".to_owned()),
        description: String::new(),
        message: None,
        defects: Vec::new(),
    }
}

fn shown(activity: Activity) -> Value {
    json!(EventData::new(activity, samples::CUSTOMER))
}

#[test]
fn a_write_is_shown_as_azure_monitor_shows_it() {
    let scope = "/subscriptions/00000000-0000-0000-0000-000000000005/resourceGroups/app";
    let expected = json!({
        "authorization": { "action": "Microsoft.ManagedServices/registrationAssignments/write", "scope": scope },
        "caller": "00000000-0000-0000-0000-00000000000a@example",
        "channels": "Operation",
        "claims": {
            "appid": "00000000-0000-0000-0000-000000000a99",
            "http://schemas.microsoft.com/claims/authnmethodsreferences": "pwd",
            "http://schemas.microsoft.com/identity/claims/objectidentifier": "00000000-0000-0000-0000-00000000000a",
            "http://schemas.microsoft.com/identity/claims/tenantid": "00000000-0000-0000-0000-00000000000f",
            "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name": "00000000-0000-0000-0000-00000000000a@example",
            "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn": "00000000-0000-0000-0000-00000000000a@example",
        },
        "correlationId": "00000000-0000-0000-0000-0000000000c0",
        "description": "",
        "eventDataId": "00000000-0000-0000-0000-000000000001",
        "eventName": { "value": "EndRequest", "localizedValue": "End request" },
        "category": { "value": "Administrative", "localizedValue": "Administrative" },
        "httpRequest": { "clientRequestId": "c", "clientIpAddress": "127.0.0.1", "method": "PUT" },
        "id": format!("{scope}/events/00000000-0000-0000-0000-000000000001/ticks/639028224000000000"),
        "level": "Informational",
        "resourceGroupName": "app",
        "resourceProviderName": { "value": "Microsoft.ManagedServices", "localizedValue": "Microsoft.ManagedServices" },
        "resourceId": scope,
        "resourceType": {
            "value": "Microsoft.ManagedServices/registrationAssignments",
            "localizedValue": "Microsoft.ManagedServices/registrationAssignments",
        },
        "operationId": "00000000-0000-0000-0000-000000000002",
        "operationName": {
            "value": "Microsoft.ManagedServices/registrationAssignments/write",
            "localizedValue": "Add Managed Services Registration Assignment",
        },
        "properties": {
            "entity": scope,
            "eventCategory": "Administrative",
            "hierarchy": "00000000-0000-0000-0000-00000000000c/00000000-0000-0000-0000-000000000005",
            "serviceRequestId": "00000000-0000-0000-0000-000000000001",
            "statusCode": "Created",
        },
        "status": { "value": "Succeeded", "localizedValue": "Succeeded" },
        "subStatus": { "value": "Created", "localizedValue": "Created (HTTP Status Code: 201)" },
        "eventTimestamp": "2026-01-01T00:00:00.0000000Z",
        "submissionTimestamp": "2026-01-01T00:00:00.0000000Z",
        "subscriptionId": "00000000-0000-0000-0000-000000000005",
        "tenantId": "00000000-0000-0000-0000-00000000000c",
        "relatedEvents": [],
    });
    assert_eq!(shown(activity()), expected);
}

#[test]
fn a_refusal_carries_its_error_and_is_an_end() {
    let failed = Activity {
        outcome: Outcome::Failed,
        status_code: 403,
        message: Some("AuthorizationFailed: The client may not.".to_owned()),
        ..activity()
    };
    let shown = shown(failed);
    assert_eq!(shown["level"], "Error");
    assert_eq!(shown["eventName"]["value"], "EndRequest");
    assert_eq!(shown["subStatus"]["value"], "Forbidden");
    let message = shown["properties"]["statusMessage"].as_str().unwrap();
    let error: Value = serde_json::from_str(message).unwrap();
    assert_eq!(error["error"]["code"], "AuthorizationFailed");
    assert_eq!(error["error"]["message"], "The client may not.");
}

#[test]
fn a_delegation_in_the_managing_tenants_log_has_what_the_published_script_looks_for() {
    let delegated = Activity {
        log: Log::Tenant(samples::PROVIDER),
        scope: Scope::Tenant(samples::PROVIDER),
        action: Action::known("Microsoft.Resources/tenants/register/action"),
        description: "{\"subscriptionId\":\"s\"}".to_owned(),
        caller: None,
        ..activity()
    };
    let shown = shown(delegated);
    assert_eq!(shown["operationName"]["value"], "Microsoft.Resources/tenants/register/action");
    assert_eq!(shown["eventName"]["value"], "EndRequest");
    assert_eq!(shown["resourceType"]["value"], "Microsoft.Resources/tenants");
    assert_eq!(shown["description"], "{\"subscriptionId\":\"s\"}");
    assert_eq!(shown.get("caller"), None);
    assert!(shown["id"].as_str().unwrap().starts_with("/events/"), "{shown}");
}

#[test]
fn a_copied_defect_is_a_warning_that_says_what_and_where_it_is_documented() {
    let defects = vec![Defect::TakenAlong, Defect::LockPassed];
    let marked = shown(Activity { defects, ..activity() });
    assert_eq!(marked["level"], "Warning");
    let properties = &marked["properties"];
    assert_eq!(properties["copiedDefect"], "DelegationTakenAlong,LockPassedByManagingTenant");
    for it in [Defect::TakenAlong, Defect::LockPassed] {
        let said = |name: &str| properties[name].as_str().unwrap().to_owned();
        assert!(said("copiedDefectMessage").contains(it.sentence()), "{properties}");
        assert!(said("copiedDefectSource").contains(it.documented()), "{properties}");
    }
    assert_eq!(properties["statusCode"], "Created", "{properties}");
    assert_eq!(shown(activity())["properties"].get("copiedDefect"), None);
}

#[test]
fn a_start_has_no_status_code_yet() {
    let shown = shown(Activity { outcome: Outcome::Started, status_code: 0, ..activity() });
    assert_eq!(shown["eventName"]["value"], "BeginRequest");
    assert_eq!(shown["subStatus"]["value"], "");
    assert_eq!(shown["properties"].get("statusCode"), None);
}

#[test]
fn a_client_gets_the_members_that_it_selects() {
    let event = EventData::new(activity(), samples::CUSTOMER);
    let some = selected(&event, &["Caller".to_owned(), "level".to_owned()]);
    let names: Vec<&String> = some.as_object().unwrap().keys().collect();
    assert_eq!(names, ["caller", "level"]);
    assert!(selected(&event, &[]).as_object().unwrap().len() > 20);
}

#[test]
fn what_a_policy_says_is_of_its_own_category_and_names_the_policies() {
    let said = "[{\"policyAssignmentId\":\"/a\"}]";
    let action = Action::known("microsoft.authorization/policies/audit/action");
    let shown = shown(Activity { action, description: said.to_owned(), ..activity() });
    assert_eq!(
        (&shown["category"]["value"], &shown["level"]),
        (&json!("Policy"), &json!("Warning"))
    );
    assert_eq!(shown["properties"]["policies"], said);
    assert_eq!(shown["properties"]["eventCategory"], "Policy");
    assert_eq!(shown["description"], "");
    assert_eq!(shown["resourceType"]["value"], "microsoft.authorization/policies");
}
