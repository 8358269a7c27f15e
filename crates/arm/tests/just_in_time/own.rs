//! A tenant's own people: who lets them, how they activate, and what clients look up around it.

use model::settings::{Profile, Settings};

use super::*;

const ELIGIBLE: &str = "0000ac71-0000-4000-8000-0000000000e1";

fn entitled(name: &str) -> String {
    authorization(&format!("roleEligibilityScheduleRequests/{name}"))
}

fn wanted(change: &Value) -> Value {
    let mut body = json!({
        "principalId": RUT.object,
        "roleDefinitionId": role(CONTRIBUTOR),
        "requestType": "AdminAssign",
        "justification": "on call",
        "scheduleInfo": {
            "startDateTime": samples::now(),
            "expiration": { "type": "AfterDuration", "duration": "P30D" },
        },
    });
    for (name, value) in change.as_object().unwrap() {
        body[name] = value.clone();
    }
    json!({ "properties": body })
}

impl Kit {
    async fn entitles(&self, who: Principal, name: &str, change: Value) -> ArmResponse {
        self.as_(who, Method::Put, &entitled(name), PIM, wanted(&change)).await
    }

    async fn own_activates(&self, name: &str, change: Value) -> ArmResponse {
        let mut body = asked(&json!({ "principalId": RUT.object }));
        for (name, value) in change.as_object().unwrap() {
            body["properties"][name] = value.clone();
        }
        self.as_(RUT, Method::Put, &request(name), PIM, body).await
    }

    async fn rut_works(&self) -> bool {
        let path = format!("{SUBSCRIPTION}/resourceGroups/made");
        let body = json!({ "location": "westeurope" });
        self.as_(RUT, Method::Put, &path, "2022-09-01", body).await.status < 300
    }
}

#[tokio::test]
async fn an_owner_lets_somebody_of_its_own_activate_and_takes_it_away() {
    let kit = Kit::open(free()).await;
    for who in [ADA, RUT, EVE] {
        let answer = kit.entitles(who, ELIGIBLE, json!({})).await;
        assert_eq!((answer.status, code(&answer).as_str()), (403, "AuthorizationFailed"), "{who}");
    }
    let made = kit.entitles(OLOF, ELIGIBLE, json!({})).await;
    assert_eq!((made.status, property(&made, "status")), (201, json!("Provisioned")), "{made:?}");
    assert_eq!(property(&made, "targetRoleEligibilityScheduleId"), ELIGIBLE);
    let again = kit.entitles(OLOF, SECOND, json!({})).await;
    assert_eq!((again.status, code(&again).as_str()), (400, "RoleAssignmentExists"));
    for list in ["roleEligibilitySchedules", "roleEligibilityScheduleInstances"] {
        let mine = authorization(&format!("{list}?$filter=asTarget()"));
        assert_eq!(kit.names(RUT, &mine).await, [ELIGIBLE], "{list}");
        let all = kit.names(OLOF, &authorization(list)).await;
        assert_eq!(all.len(), 2, "beside that of the delegation: {all:?}");
        let one = kit.get(RUT, &authorization(&format!("{list}/{ELIGIBLE}"))).await;
        assert_eq!((one.status, property(&one, "memberType")), (200, json!("Direct")), "{one:?}");
        let theirs = authorization(&format!("{list}?$filter=asTarget()"));
        assert_eq!(kit.names(ADA, &theirs).await.len(), 1, "{list}");
    }
    assert!(!kit.rut_works().await);
    let linked = json!({ "linkedRoleEligibilityScheduleId": ELIGIBLE });
    let held = kit.own_activates(FIRST, linked).await;
    assert_eq!((held.status, property(&held, "status")), (201, json!("Provisioned")), "{held:?}");
    assert_eq!(property(&held, "linkedRoleEligibilityScheduleId"), ELIGIBLE);
    assert!(kit.rut_works().await);
    let removed = kit.entitles(OLOF, SECOND, json!({ "requestType": "AdminRemove" })).await;
    assert_eq!((removed.status, property(&removed, "status")), (201, json!("Revoked")));
    assert!(!kit.rut_works().await);
    let found = kit.get(OLOF, &entitled(ELIGIBLE)).await;
    assert_eq!((found.status, property(&found, "status")), (200, json!("Revoked")), "{found:?}");
    let list = authorization("roleEligibilityScheduleRequests?$filter=asRequestor()");
    assert_eq!(kit.names(OLOF, &list).await, [ELIGIBLE, SECOND]);
    assert_eq!(kit.names(ADA, &list).await, [""; 0]);
    assert_eq!(kit.get(ADA, &entitled(ELIGIBLE)).await.status, 404);
}

#[tokio::test]
async fn whoever_may_activate_something_is_heard_where_others_who_hold_nothing_are_strangers() {
    let kit = Kit::open(free()).await;
    let settings = Settings { profile: Profile::Strict, ..kit.plane.index().settings().clone() };
    testkit::put(&kit.plane, vec![Noun::Settings(settings)]).await;
    for who in [RUT, EVE] {
        let body = asked(&json!({ "principalId": who.object }));
        let answer = kit.as_(who, Method::Put, &request(FIRST), PIM, body).await;
        assert_eq!((answer.status, code(&answer).as_str()), (404, "SubscriptionNotFound"), "{who}");
    }
    let made = kit.entitles(OLOF, ELIGIBLE, json!({})).await;
    assert_eq!(made.status, 201, "{made:?}");
    let held = kit.own_activates(FIRST, json!({})).await;
    assert_eq!((held.status, property(&held, "status")), (201, json!("Provisioned")), "{held:?}");
    assert!(kit.rut_works().await);
}

#[tokio::test]
async fn what_is_held_without_asking_stands_in_the_lists_beside_what_is_activated() {
    let kit = Kit::open(free()).await;
    kit.activates(FIRST, json!({})).await;
    for list in ["roleAssignmentSchedules", "roleAssignmentScheduleInstances"] {
        let path = authorization(list);
        let answer = kit.get(OLOF, &path).await;
        let items = answer.body.unwrap()["value"].as_array().unwrap().clone();
        let told = |it: &Value| {
            let it = &it["properties"];
            (it["principalId"].clone(), it["assignmentType"].clone())
        };
        let found: Vec<(Value, Value)> = items.iter().map(told).collect();
        let expected =
            [(json!(ADA.object), json!("Activated")), (json!(OLOF.object), json!("Assigned"))];
        assert_eq!(found, expected, "{list}");
        let mine = kit.names(OLOF, &format!("{path}?$filter=asTarget()")).await;
        assert_eq!(mine.len(), 1, "{list}");
        let one = kit.get(OLOF, &format!("{path}/{}", mine[0])).await;
        assert_eq!(property(&one, "assignmentType"), "Assigned", "{one:?}");
        assert_eq!(kit.names(RUT, &path).await, [""; 0], "{list}");
        assert_eq!(kit.names(ADA, &path).await, [FIRST], "Olof's is not hers to know: {list}");
        let home = format!("/providers/Microsoft.Authorization/{list}");
        assert_eq!(kit.names(OLOF, &home).await, mine, "wherever it is: {list}");
    }
}

#[tokio::test]
async fn what_is_tried_by_validate_leaves_nothing_and_what_is_ahead_is_cancelled() {
    let kit = Kit::open(free()).await;
    let path = format!("{}/validate", entitled(ELIGIBLE));
    let tried = kit.as_(OLOF, Method::Post, &path, PIM, wanted(&json!({}))).await;
    assert_eq!(
        (tried.status, property(&tried, "status")),
        (200, json!("Provisioned")),
        "{tried:?}"
    );
    assert_eq!(kit.get(OLOF, &entitled(ELIGIBLE)).await.status, 404);
    let denied = kit.as_(RUT, Method::Post, &path, PIM, wanted(&json!({}))).await;
    assert_eq!(denied.status, 403);

    let later = json!({ "scheduleInfo": { "startDateTime": "2126-01-01T00:00:00Z" } });
    let made = kit.entitles(OLOF, ELIGIBLE, later).await;
    assert_eq!((made.status, property(&made, "status")), (201, json!("ScheduleCreated")));
    let schedules = authorization("roleEligibilitySchedules?$filter=atScope()");
    assert!(kit.names(OLOF, &schedules).await.contains(&ELIGIBLE.to_owned()));
    let instances = authorization("roleEligibilityScheduleInstances?$filter=atScope()");
    assert!(!kit.names(OLOF, &instances).await.contains(&ELIGIBLE.to_owned()));
    let cancel = format!("{}/cancel", entitled(ELIGIBLE));
    assert_eq!(kit.as_(OLOF, Method::Post, &cancel, PIM, Value::Null).await.status, 200);
    assert_eq!(property(&kit.get(OLOF, &entitled(ELIGIBLE)).await, "status"), "Canceled");

    let path = format!("{}/validate", request(FIRST));
    let tried = kit.as_(ADA, Method::Post, &path, PIM, asked(&json!({}))).await;
    assert_eq!(
        (tried.status, property(&tried, "status")),
        (200, json!("Provisioned")),
        "{tried:?}"
    );
    assert_eq!(kit.get(ADA, &request(FIRST)).await.status, 404);
    assert!(!kit.works().await);
    let long = json!({ "scheduleInfo": { "expiration": { "type": "NoExpiration" } } });
    let refused = kit.as_(ADA, Method::Post, &path, PIM, asked(&long)).await;
    assert_eq!(code(&refused), "RoleAssignmentRequestPolicyValidationFailed");
}

#[tokio::test]
async fn a_request_that_is_not_an_administrators_or_names_nobody_is_refused_by_its_name() {
    let kit = Kit::open(free()).await;
    let principal = json!({ "principalId": ADA.object });
    for (change, status, expected) in [
        (json!({ "requestType": "SelfActivate" }), 400, "InvalidRequestContent"),
        (json!({ "requestType": "SelfExtend" }), 400, "InvalidRequestContent"),
        (json!({ "condition": "true" }), 400, "InvalidRequestContent"),
        (json!({ "requestType": "AdminRemove" }), 400, "RoleAssignmentDoesNotExist"),
        (json!({ "principalId": samples::object(0xDEAD) }), 400, "PrincipalNotFound"),
        (json!({ "requestType": "AdminUpdate" }), 400, "RoleAssignmentDoesNotExist"),
    ] {
        let answer = kit.entitles(OLOF, ELIGIBLE, change.clone()).await;
        assert_eq!((answer.status, code(&answer).as_str()), (status, expected), "{change}");
    }
    let alias = kit.entitles(OLOF, ELIGIBLE, principal).await;
    assert!(alias.status == 201, "Ada's object id is Olof's in his own tenant: {alias:?}");
}

#[tokio::test]
async fn clients_find_where_they_may_activate_and_the_policy_of_a_role() {
    let kit = Kit::open(free()).await;
    let group = format!("{SUBSCRIPTION}/resourceGroups/app");
    let body = json!({ "location": "westeurope" });
    kit.as_(OLOF, Method::Put, &group, "2022-09-01", body).await;
    let children = authorization("eligibleChildResources");
    assert!(kit.names(ADA, &children).await.contains(&"app".to_owned()), "all of it is hers");
    assert_eq!(kit.names(RUT, &children).await, [""; 0]);
    let own = format!("{group}/providers/Microsoft.Authorization");
    let path = format!("{own}/roleEligibilityScheduleRequests/{ELIGIBLE}");
    let made = kit.as_(OLOF, Method::Put, &path, PIM, wanted(&json!({}))).await;
    assert_eq!(made.status, 201, "{made:?}");
    assert_eq!(kit.names(RUT, &children).await, ["app"]);
    let filtered =
        format!("{children}?$filter=resourceType eq 'Microsoft.Resources/subscriptions'");
    assert_eq!(kit.names(RUT, &filtered).await, [""; 0]);
    let home = "/providers/Microsoft.Authorization/eligibleChildResources";
    assert_eq!(kit.names(RUT, home).await, ["app"], "wherever it is");

    let tie = |name: &str| authorization(&format!("roleManagementPolicyAssignments/{name}"));
    let found = kit.get(OLOF, &tie(&format!("{CONTRIBUTOR}_{CONTRIBUTOR}"))).await;
    assert_eq!(found.status, 200, "{found:?}");
    assert_eq!(property(&found, "effectiveRules").as_array().unwrap().len(), 8);
    for missing in [format!("{READER}_{CONTRIBUTOR}"), CONTRIBUTOR.to_string(), "x_x".to_owned()] {
        assert_eq!(kit.get(OLOF, &tie(&missing)).await.status, 404, "{missing}");
    }
    assert_eq!(kit.get(RUT, &tie(&format!("{CONTRIBUTOR}_{CONTRIBUTOR}"))).await.status, 403);
}
