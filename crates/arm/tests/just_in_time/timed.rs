//! What begins or ends by time: delegations, activations of templates, and what waits for its start.

use super::*;

#[tokio::test]
async fn a_delegation_that_is_to_end_ends_and_one_that_is_to_begin_waits() {
    let kit = Kit::open(free()).await;
    let services = format!("{SUBSCRIPTION}/providers/Microsoft.ManagedServices");
    let assignment = format!("{services}/registrationAssignments/{GUID}");
    let now = kit.plane.store.now();
    let at = |minutes| (now + SignedDuration::from_mins(minutes)).to_string();
    let body = json!({ "properties": {
        "registrationDefinitionId": format!("{services}/registrationDefinitions/{GUID}"),
        "scheduleInfo": {
            "startDateTime": at(60),
            "expiration": { "type": "AfterDateTime", "endDateTime": at(120) },
        },
    }});
    let put = kit.as_(OLOF, Method::Put, &assignment, LIGHTHOUSE, body).await;
    assert_eq!(put.status, 200, "{put:?}");
    let shown = kit.as_(OLOF, Method::Get, &assignment, LIGHTHOUSE, Value::Null).await;
    assert_eq!(
        property(&shown, "scheduleInfo")["expiration"]["type"],
        "AfterDateTime",
        "{shown:?}"
    );
    let path = authorization("roleDefinitions");
    let reads = async || kit.as_(ADA, Method::Get, &path, "2022-04-01", Value::Null).await.status;
    let eligible = authorization("roleEligibilitySchedules?$filter=asTarget()");
    for (wait, is_in_force) in [(0, false), (59, false), (1, true), (59, true), (1, false)] {
        kit.wait(wait);
        assert_eq!(reads().await == 200, is_in_force, "after {wait} more");
        assert_eq!(kit.names(ADA, &eligible).await.len(), usize::from(is_in_force));
    }
}

/// A template asks as whoever deploys it, and for nobody else.
#[tokio::test]
async fn a_template_activates_for_whoever_deploys_it() {
    let kit = Kit::open_with(free(), CONTRIBUTOR, READER).await;
    let template = |principal: Principal| {
        json!({ "location": "westeurope", "properties": { "mode": "Incremental", "template": {
            "$schema": "https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#",
            "contentVersion": "1.0.0.0",
            "resources": [{
                "type": "Microsoft.Authorization/roleAssignmentScheduleRequests",
                "apiVersion": PIM,
                "name": FIRST,
                "properties": {
                    "principalId": principal.object,
                    "roleDefinitionId": role(READER),
                    "requestType": "SelfActivate",
                },
            }],
        }}})
    };
    let path =
        |name: &str| format!("{SUBSCRIPTION}/providers/Microsoft.Resources/deployments/{name}");
    for (name, principal, expected) in [("no", BO, "Failed"), ("yes", ADA, "Succeeded")] {
        let put = kit.as_(ADA, Method::Put, &path(name), "2022-09-01", template(principal)).await;
        assert!(put.status < 300, "{put:?}");
        arm::deployment::drain(&kit.plane).await.unwrap();
        let done = kit.as_(ADA, Method::Get, &path(name), "2022-09-01", Value::Null).await;
        assert_eq!(property(&done, "provisioningState"), expected, "{name}: {done:?}");
    }
    assert_eq!(property(&kit.get(ADA, &request(FIRST)).await, "status"), "Provisioned");
}

#[tokio::test]
async fn what_waits_for_its_start_says_so_and_counts_from_then() {
    let kit = Kit::open(free()).await;
    let start = (kit.plane.store.now() + SignedDuration::from_mins(30)).to_string();
    let later = json!({ "scheduleInfo": {
        "startDateTime": start,
        "expiration": { "type": "AfterDuration", "duration": "PT1H" },
    } });
    let made = kit.activates(FIRST, later).await;
    assert_eq!(property(&made, "status"), "ScheduleCreated", "{made:?}");
    let (schedules, instances) = ("roleAssignmentSchedules", "roleAssignmentScheduleInstances");
    for (wait, holds) in [(0, false), (29, false), (1, true), (59, true), (1, false)] {
        kit.wait(wait);
        assert_eq!(kit.works().await, holds, "after {wait} more");
        let now = kit.names(ADA, &authorization(instances)).await;
        assert_eq!(now.len(), usize::from(holds));
    }
    assert_eq!(kit.names(ADA, &authorization(schedules)).await, [""; 0], "it is over");
}
