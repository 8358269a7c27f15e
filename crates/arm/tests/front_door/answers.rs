//! Small things that clients read in answers: texts, codes, null links, lists of places.

use model::samples::{CUSTOMER, OLOF};
use serde_json::{Value, json};

use super::kit::{NORA, SUBSCRIPTION, ask, code, done, get, header, plane, text};

#[tokio::test]
async fn a_refusal_says_whose_it_is() {
    let plane = plane(Vec::new()).await;
    let group = "{s}/resourceGroups/rg1";
    let lock = "PUT {s}/resourceGroups/rg1/providers/Microsoft.Authorization/locks/l?api-version=2016-09-01";
    done(&plane, OLOF, lock, json!({ "properties": { "level": "CanNotDelete" } })).await;
    let cases = [
        (NORA, format!("GET {group}?api-version=2021-04-01"), 403, "gateway"),
        (OLOF, format!("DELETE {group}?api-version=2021-04-01"), 409, "gateway"),
        (OLOF, "GET {s}/resourceGroups/none?api-version=2021-04-01".to_owned(), 404, "gateway"),
        (
            OLOF,
            format!(
                "GET {group}/providers/Microsoft.Storage/storageAccounts/a?api-version=2023-01-01"
            ),
            404,
            "service",
        ),
    ];
    for (who, line, status, cause) in cases {
        let answer = ask(&plane, who, &line, Value::Null).await;
        let said = (answer.status, header(&answer, "x-ms-failure-cause"));
        assert_eq!(said, (status, Some(cause)), "{line}: {answer:?}");
    }
}

#[tokio::test]
async fn a_malformed_subscription_and_an_unknown_version_are_told_in_arms_words() {
    let plane = plane(Vec::new()).await;
    let answer =
        ask(&plane, OLOF, "GET /subscriptions/mine?api-version=2022-12-01", Value::Null).await;
    assert_eq!(code(&answer), (400, "InvalidSubscriptionId"));
    assert_eq!(
        text(&answer),
        "The provided subscription identifier 'mine' is malformed or invalid."
    );
    let deployment = "GET {s}/providers/Microsoft.Resources/deployments/d?api-version=1999-01-01";
    let answer = ask(&plane, OLOF, deployment, Value::Null).await;
    assert_eq!(code(&answer), (400, "InvalidApiVersionParameter"));
    let account = "GET {s}/resourceGroups/rg1/providers/Microsoft.Storage/storageAccounts/a?api-version=1999-01-01";
    let answer = ask(&plane, OLOF, account, Value::Null).await;
    assert_eq!(code(&answer), (400, "NoRegisteredProviderFound"));
    assert!(
        text(&answer).contains("The supported locations are 'Australia Central, "),
        "{answer:?}"
    );
}

#[tokio::test]
async fn tenants_and_subscriptions_link_to_null_and_old_tenants_are_bare() {
    let plane = plane(Vec::new()).await;
    for list in ["/tenants", "/subscriptions"] {
        let listed = get(&plane, OLOF, &format!("{list}?api-version=2022-12-01")).await;
        assert_eq!(listed.as_object().unwrap().get("nextLink"), Some(&Value::Null), "{list}");
    }
    let old = get(&plane, OLOF, "/tenants?api-version=2016-06-01").await;
    assert_eq!(
        old["value"],
        json!([{ "id": format!("/tenants/{CUSTOMER}"), "tenantId": CUSTOMER }])
    );
    let new = get(&plane, OLOF, "/tenants?api-version=2020-01-01").await;
    assert_eq!(new["value"][0]["tenantCategory"], "Home");
}

#[tokio::test]
async fn every_provider_lists_its_operations() {
    let plane = plane(Vec::new()).await;
    for (namespace, version, operation) in [
        ("Microsoft.Storage", "2023-01-01", "Microsoft.Storage/storageAccounts/listKeys/action"),
        ("microsoft.quantum", "2023-11-13-preview", "Microsoft.Quantum/register/action"),
        (
            "Microsoft.ManagedServices",
            "2022-10-01",
            "Microsoft.ManagedServices/registrationAssignments/write",
        ),
    ] {
        let line = format!("/providers/{namespace}/operations?api-version={version}");
        let listed = get(&plane, NORA, &line).await;
        let mut names = listed["value"].as_array().unwrap().iter().map(|it| &it["name"]);
        let is = |name: &Value| name.as_str().unwrap().eq_ignore_ascii_case(operation);
        assert!(names.any(is), "{namespace}");
    }
}

#[tokio::test]
async fn places_are_azures_and_no_others() {
    let plane = plane(Vec::new()).await;
    let listed = get(&plane, OLOF, "{s}/locations?api-version=2022-12-01").await;
    let found = listed["value"].as_array().unwrap();
    let west = found.iter().find(|it| it["name"] == "westeurope").unwrap();
    let metadata = &west["metadata"];
    assert_eq!((&metadata["latitude"], &metadata["longitude"]), (&json!("52.3667"), &json!("4.9")));
    let pair = format!("{SUBSCRIPTION}/locations/northeurope");
    assert_eq!(metadata["pairedRegion"], json!([{ "name": "northeurope", "id": pair }]));
    let group = "PUT {s}/resourceGroups/new?api-version=2021-04-01";
    let account = "PUT {s}/resourceGroups/rg1/providers/Microsoft.Storage/storageAccounts/a?api-version=2023-01-01";
    for (line, location, expected) in [
        (group, "mars", "LocationNotAvailableForResourceGroup"),
        (group, "global", "LocationNotAvailableForResourceGroup"),
        (account, "mars", "LocationNotAvailableForResourceType"),
    ] {
        let answer = ask(&plane, OLOF, line, json!({ "location": location })).await;
        assert_eq!(code(&answer), (400, expected), "{line} {location}");
    }
    for (line, location) in [(group, "Spain Central"), (account, "global")] {
        let answer = ask(&plane, OLOF, line, json!({ "location": location })).await;
        assert_eq!(answer.status, 201, "{line} {location}: {answer:?}");
    }
}

/// As Azure: 202 while it goes on, then the answer; the group itself is gone at once.
#[tokio::test]
async fn the_removal_of_a_group_goes_on_for_as_long_as_is_simulated() {
    let mut plane = plane(Vec::new()).await;
    plane.simulated.operations = jiff::SignedDuration::from_secs(15);
    let line = "DELETE {s}/resourceGroups/rg1?api-version=2021-04-01";
    let asked = ask(&plane, OLOF, line, Value::Null).await;
    assert_eq!((asked.status, &asked.body), (202, &None));
    let origin = testkit::origins().arm;
    let poll = header(&asked, "Location").unwrap().replacen(&origin, "GET ", 1);
    let running = ask(&plane, OLOF, &poll, Value::Null).await;
    assert_eq!((running.status, &running.body), (202, &None));
    assert_eq!(header(&running, "Location"), header(&asked, "Location"));
    let there = "HEAD {s}/resourceGroups/rg1?api-version=2021-04-01";
    assert_eq!(ask(&plane, OLOF, there, Value::Null).await.status, 404);
    plane.simulated.operations = jiff::SignedDuration::ZERO;
    let ended = model::change::Noun::ResourceGroup(testkit::group("rg1"));
    testkit::put(&plane, vec![ended]).await;
    let again = ask(&plane, OLOF, line, Value::Null).await;
    let poll = header(&again, "Location").unwrap().replacen(&origin, "GET ", 1);
    assert_eq!(ask(&plane, OLOF, &poll, Value::Null).await.status, 200);
}
