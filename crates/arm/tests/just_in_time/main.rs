//! Roles just in time through the front door: the whole story, and who has no part in it.
#![expect(clippy::panic, clippy::unwrap_used, clippy::indexing_slicing, reason = "test code")]

mod own;
mod timed;

use std::sync::Arc;

use arm::{
    front_door,
    request::{ArmRequest, ArmResponse, Method, Preconditions, Query},
};
use ids::{
    clock::TestClock,
    guid::{Principal, RoleId},
};
use jiff::SignedDuration;
use model::{
    change::Noun,
    event::Caller,
    samples::{self, ADA, CONTRIBUTOR, CUSTOMER, OLOF, PROVIDER, READER, TIER1},
};
use operations::plane::Plane;
use serde_json::{Value, json};

const SUBSCRIPTION: &str = "/subscriptions/00000000-0000-0000-0000-000000000005";
const LIGHTHOUSE: &str = "2022-10-01";
const PIM: &str = "2020-10-01";
const APPROVALS: &str = "2021-01-01-preview";
const GUID: &str = "0000ac71-0000-4000-8000-000000000001";
/// Approves for the provider.
const BO: Principal = samples::principal(PROVIDER, 0xB0);
/// Approves for the customer.
const CARL: Principal = samples::principal(CUSTOMER, 0xCA);
/// Somebody of the provider's, and somebody of the customer's, without any part in it.
const EVE: Principal = samples::principal(PROVIDER, 0xE7E);
const RUT: Principal = samples::principal(CUSTOMER, 0x42);

struct Kit {
    plane: Plane,
    clock: Arc<TestClock>,
}

fn authorization(path: &str) -> String {
    format!("{SUBSCRIPTION}/providers/Microsoft.Authorization/{path}")
}

fn request(name: &str) -> String {
    authorization(&format!("roleAssignmentScheduleRequests/{name}"))
}

fn role(id: impl std::fmt::Display) -> String {
    authorization(&format!("roleDefinitions/{id}"))
}

/// Somebody who has shown a password, or a code beside it.
fn signed_in(who: Principal, methods: &[&str]) -> Caller {
    let methods = methods.iter().map(|it| (*it).to_owned()).collect();
    Caller { methods, signed_in: Some(samples::now()), ..samples::caller(who) }
}

impl Kit {
    /// The provider's engineers read, and are eligible to contribute, for four hours at most.
    async fn open(policy: Value) -> Self {
        Self::open_with(policy, READER, CONTRIBUTOR).await
    }

    async fn open_with(policy: Value, standing: RoleId, eligible: RoleId) -> Self {
        let clock = Arc::new(TestClock::default());
        let plane = testkit::empty_by(Arc::<TestClock>::clone(&clock)).await;
        let people = [(BO, "bo"), (CARL, "carl"), (EVE, "eve"), (RUT, "rut")];
        let people = people.map(|(who, name)| Noun::User(samples::user(who, name)));
        let world = testkit::world().into_iter().chain(people);
        let member = Noun::Membership(samples::membership(TIER1, ADA));
        testkit::put(&plane, world.chain([member]).collect()).await;
        let kit = Self { plane, clock };
        let services = format!("{SUBSCRIPTION}/providers/Microsoft.ManagedServices");
        let definition = format!("{services}/registrationDefinitions/{GUID}");
        let body = json!({ "properties": {
            "registrationDefinitionName": "Fabrikam Ops",
            "managedByTenantId": PROVIDER,
            "authorizations": [{ "principalId": TIER1.object, "roleDefinitionId": standing }],
            "eligibleAuthorizations": [{
                "principalId": TIER1.object,
                "roleDefinitionId": eligible,
                "justInTimeAccessPolicy": policy,
            }],
        }});
        let assigned = json!({ "properties": { "registrationDefinitionId": definition } });
        let assignment = format!("{services}/registrationAssignments/{GUID}");
        for (path, body) in [(definition, body), (assignment, assigned)] {
            let answer = kit.as_(OLOF, Method::Put, &path, LIGHTHOUSE, body).await;
            assert!(answer.status < 300, "{answer:?}");
        }
        kit
    }

    fn wait(&self, minutes: i64) {
        self.clock.advance(SignedDuration::from_mins(minutes));
    }

    async fn send(
        &self,
        caller: Caller,
        method: Method,
        (path, version): (&str, &str),
        body: Value,
    ) -> ArmResponse {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let filter = query.strip_prefix("$filter=").map(|it| ("$filter".to_owned(), it.to_owned()));
        let version = ("api-version".to_owned(), version.to_owned());
        let request = ArmRequest {
            method,
            path: path.to_owned(),
            query: Query([version].into_iter().chain(filter).collect()),
            caller: Ok(caller),
            auxiliary: Vec::new(),
            correlation: samples::correlation(),
            client_request: None,
            client_address: None,
            preconditions: Preconditions::default(),
            arrived: self.plane.store.now(),
        };
        let body = if body.is_null() { String::new() } else { body.to_string() };
        front_door::answer(&self.plane, request, async { Ok(body.into_bytes()) }).await
    }

    async fn as_(
        &self,
        who: Principal,
        method: Method,
        path: &str,
        version: &str,
        body: Value,
    ) -> ArmResponse {
        self.send(signed_in(who, &["pwd"]), method, (path, version), body).await
    }

    async fn get(&self, who: Principal, path: &str) -> ArmResponse {
        let version = if path.contains("Approvals") { APPROVALS } else { PIM };
        self.as_(who, Method::Get, path, version, Value::Null).await
    }

    /// The names in a list.
    async fn names(&self, who: Principal, path: &str) -> Vec<String> {
        let answer = self.get(who, path).await;
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        let items = answer.body.unwrap()["value"].as_array().unwrap().clone();
        items.iter().map(|it| it["name"].as_str().unwrap().to_owned()).collect()
    }

    /// Ada asks, having shown a code.
    async fn activates(&self, name: &str, change: Value) -> ArmResponse {
        let caller = signed_in(ADA, &["pwd", "mfa", "otp"]);
        self.send(caller, Method::Put, (&request(name), PIM), asked(&change)).await
    }

    /// Whether Ada may write at this moment.
    async fn works(&self) -> bool {
        let path = format!("{SUBSCRIPTION}/resourceGroups/made");
        let body = json!({ "location": "westeurope" });
        match self.as_(ADA, Method::Put, &path, "2022-09-01", body).await.status {
            200 | 201 => true,
            403 => false,
            other => panic!("{other}"),
        }
    }

    async fn stages(&self, who: Principal, approval: &str) -> Vec<Value> {
        let found = self.get(who, approval).await;
        assert_eq!(found.status, 200, "{found:?}");
        found.body.unwrap()["properties"]["stages"].as_array().unwrap().clone()
    }

    async fn says(&self, who: Principal, stage: &Value, word: &str) -> ArmResponse {
        let path = stage["id"].as_str().unwrap();
        let body = json!({ "properties": { "reviewResult": word, "justification": "seen" } });
        self.as_(who, Method::Patch, path, APPROVALS, body).await
    }
}

fn asked(change: &Value) -> Value {
    let mut body = json!({
        "principalId": ADA.object,
        "roleDefinitionId": role(CONTRIBUTOR),
        "requestType": "SelfActivate",
        "justification": "patch night",
        "scheduleInfo": { "expiration": { "type": "AfterDuration", "duration": "PT2H" } },
    });
    for (name, value) in change.as_object().unwrap() {
        body[name] = value.clone();
    }
    json!({ "properties": body })
}

fn code(answer: &ArmResponse) -> String {
    answer.body.clone().unwrap_or_default()["error"]["code"].as_str().unwrap_or_default().to_owned()
}

fn property(answer: &ArmResponse, name: &str) -> Value {
    answer.body.clone().unwrap_or_default()["properties"][name].clone()
}

const FIRST: &str = "0000ac71-0000-4000-8000-0000000000a1";
const SECOND: &str = "0000ac71-0000-4000-8000-0000000000a2";

fn approved_by_bo() -> Value {
    json!({
        "multiFactorAuthProvider": "Azure",
        "maximumActivationDuration": "PT4H",
        "managedByTenantApprovers": [{ "principalId": BO.object }],
    })
}

fn free() -> Value {
    json!({ "multiFactorAuthProvider": "None", "maximumActivationDuration": "PT4H" })
}

#[tokio::test]
async fn a_role_is_asked_for_approved_held_and_over() {
    let kit = Kit::open(approved_by_bo()).await;
    let eligible =
        kit.names(ADA, &authorization("roleEligibilityScheduleInstances?$filter=asTarget()")).await;
    assert_eq!(eligible.len(), 1);
    assert!(!kit.works().await);

    let bare = kit.as_(ADA, Method::Put, &request(FIRST), PIM, asked(&json!({}))).await;
    assert_eq!(
        (bare.status, code(&bare).as_str()),
        (400, "RoleAssignmentRequestPolicyValidationFailed")
    );
    let message = bare.body.unwrap()["error"]["message"].as_str().unwrap().to_owned();
    assert_eq!(message, "The following policy rules failed: [\"MfaRule\"]");

    let made =
        kit.activates(FIRST, json!({ "linkedRoleEligibilityScheduleId": eligible[0] })).await;
    assert_eq!(
        (made.status, property(&made, "status")),
        (201, json!("PendingApproval")),
        "{made:?}"
    );
    assert!(!kit.works().await);
    let approval = property(&made, "approvalId").as_str().unwrap().to_owned();

    let waiting =
        "/providers/Microsoft.Authorization/roleAssignmentScheduleRequests?$filter=asApprover()";
    assert_eq!(kit.names(BO, waiting).await, [FIRST]);
    let stages = kit.stages(BO, &approval).await;
    assert_eq!((stages.len(), &stages[0]["properties"]["assignedToMe"]), (1, &json!(true)));
    let own = kit.says(ADA, &stages[0], "Approve").await;
    assert_eq!(own.status, 403, "nobody approves their own: {own:?}");
    let said = kit.says(BO, &stages[0], "Approve").await;
    assert_eq!((said.status, property(&said, "reviewResult")), (200, json!("Approve")), "{said:?}");

    assert!(kit.works().await);
    let found = kit.get(ADA, &request(FIRST)).await;
    assert_eq!(property(&found, "status"), "Provisioned");
    for list in ["roleAssignmentSchedules", "roleAssignmentScheduleInstances"] {
        let path = authorization(&format!("{list}?$filter=asTarget()"));
        assert_eq!(kit.names(ADA, &path).await, [FIRST], "{list}");
        let one = kit.get(ADA, &authorization(&format!("{list}/{FIRST}"))).await;
        assert_eq!(property(&one, "assignmentType"), "Activated", "{one:?}");
    }
    let again = kit.activates(SECOND, json!({})).await;
    assert_eq!(code(&again), "RoleAssignmentExists");

    kit.wait(119);
    assert!(kit.works().await);
    kit.wait(1);
    assert!(!kit.works().await, "nobody has to end it");
    let path = authorization("roleAssignmentScheduleInstances");
    assert_eq!(kit.names(ADA, &path).await, [""; 0]);
}

#[tokio::test]
async fn what_is_held_is_given_back_and_what_waits_is_taken_back() {
    let kit = Kit::open(free()).await;
    let made = kit.activates(FIRST, json!({})).await;
    assert_eq!((made.status, property(&made, "status")), (201, json!("Provisioned")), "{made:?}");
    assert!(kit.works().await);
    let back = kit.activates(SECOND, json!({ "requestType": "SelfDeactivate" })).await;
    assert_eq!((back.status, property(&back, "status")), (201, json!("Revoked")), "{back:?}");
    assert_eq!(property(&back, "requestType"), "SelfDeactivate");
    assert!(!kit.works().await);
    let gone = kit.activates(SECOND, json!({ "requestType": "SelfDeactivate" })).await;
    assert_eq!((gone.status, code(&gone).as_str()), (400, "RoleAssignmentDoesNotExist"));

    let kit = Kit::open(approved_by_bo()).await;
    kit.activates(FIRST, json!({})).await;
    let cancel = format!("{}/cancel", request(FIRST));
    for who in [EVE, RUT] {
        let answer = kit.as_(who, Method::Post, &cancel, PIM, Value::Null).await;
        assert_eq!(answer.status, 404, "{answer:?}");
    }
    assert_eq!(kit.as_(ADA, Method::Post, &cancel, PIM, Value::Null).await.status, 200);
    assert_eq!(property(&kit.get(ADA, &request(FIRST)).await, "status"), "Canceled");
}

#[tokio::test]
async fn a_customer_asks_for_its_own_approval_and_each_side_sees_its_own_people() {
    let kit = Kit::open(approved_by_bo()).await;
    let policy = authorization(&format!("roleManagementPolicies/{CONTRIBUTOR}"));
    let rules = |hours: &str| {
        json!({ "properties": { "rules": [
            { "id": "Expiration_EndUser_Assignment", "isExpirationRequired": true, "maximumDuration": hours },
            { "id": "Approval_EndUser_Assignment", "setting": {
                "isApprovalRequired": true,
                "approvalStages": [{ "primaryApprovers": [{ "id": CARL.object, "userType": "User" }] }],
            } },
        ] } })
    };
    let before = kit.get(OLOF, &policy).await;
    assert_eq!(property(&before, "isOrganizationDefault"), true, "{before:?}");
    for who in [ADA, RUT] {
        let answer = kit.as_(who, Method::Patch, &policy, PIM, rules("PT1H")).await;
        assert_eq!(answer.status, 403, "{answer:?}");
        assert_eq!(kit.get(who, &policy).await.status, 403);
    }
    let put = kit.as_(OLOF, Method::Patch, &policy, PIM, rules("PT1H")).await;
    assert_eq!(
        (put.status, property(&put, "isOrganizationDefault")),
        (200, json!(false)),
        "{put:?}"
    );
    let ties = authorization(&format!(
        "roleManagementPolicyAssignments?$filter=roleDefinitionId eq '{}'",
        role(CONTRIBUTOR)
    ));
    assert_eq!(kit.names(OLOF, &ties).await, [format!("{CONTRIBUTOR}_{CONTRIBUTOR}")]);

    let long = kit.activates(FIRST, json!({})).await;
    assert_eq!(
        code(&long),
        "RoleAssignmentRequestPolicyValidationFailed",
        "two hours are too many"
    );
    let hour = json!({ "scheduleInfo": { "expiration": { "type": "AfterDuration", "duration": "PT1H" } } });
    let made = kit.activates(FIRST, hour).await;
    let approval = property(&made, "approvalId").as_str().unwrap().to_owned();
    let stages = kit.stages(CARL, &approval).await;
    let mine: Vec<&Value> = stages.iter().map(|it| &it["properties"]["assignedToMe"]).collect();
    assert_eq!(mine, [&json!(false), &json!(true)]);
    assert_eq!(kit.says(CARL, &stages[0], "Approve").await.status, 403, "the other side's");
    assert_eq!(kit.says(BO, &stages[0], "Approve").await.status, 200);
    assert!(!kit.works().await, "one side is not enough");
    let told = kit.stages(CARL, &approval).await;
    let by = &told[0]["properties"]["reviewedBy"];
    assert_eq!(
        by,
        &json!({ "principalId": BO.object, "principalType": "user" }),
        "no name of theirs"
    );
    assert_eq!(kit.says(CARL, &stages[1], "Approve").await.status, 200);
    assert!(kit.works().await);
}

#[tokio::test]
async fn whoever_has_no_part_in_it_hears_of_it_as_of_what_is_not_there() {
    let kit = Kit::open(approved_by_bo()).await;
    let made = kit.activates(FIRST, json!({})).await;
    let approval = property(&made, "approvalId").as_str().unwrap().to_owned();
    let stage = kit.stages(BO, &approval).await[0].clone();
    let unknown = format!("/providers/Microsoft.Authorization/roleAssignmentApprovals/{GUID}");
    for who in [EVE, RUT] {
        let (there, nowhere) =
            (kit.get(who, &request(FIRST)).await, kit.get(who, &request(SECOND)).await);
        assert_eq!((there.status, code(&there)), (404, code(&nowhere)));
        let (there, nowhere) = (kit.get(who, &approval).await, kit.get(who, &unknown).await);
        assert_eq!((there.status, code(&there)), (404, code(&nowhere)));
        assert_eq!(kit.says(who, &stage, "Approve").await.status, 404);
        for list in ["roleAssignmentScheduleRequests", "roleEligibilitySchedules"] {
            assert_eq!(kit.names(who, &authorization(list)).await, [""; 0], "{list}");
        }
        let asked = kit
            .as_(
                who,
                Method::Put,
                &request(SECOND),
                PIM,
                asked(&json!({ "principalId": who.object })),
            )
            .await;
        assert_eq!((asked.status, code(&asked).as_str()), (403, "AuthorizationFailed"));
    }
    // The customer's owner reads who asks for what at its scopes.
    assert_eq!(kit.names(OLOF, &authorization("roleAssignmentScheduleRequests")).await, [FIRST]);
    assert_eq!(kit.names(OLOF, &authorization("roleEligibilitySchedules")).await.len(), 1);
}

#[tokio::test]
async fn what_is_not_done_is_refused_by_its_name() {
    let kit = Kit::open(free()).await;
    for (change, expected) in [
        (json!({ "requestType": "AdminAssign" }), "InvalidRequestContent"),
        (json!({ "requestType": "SelfExtend" }), "InvalidRequestContent"),
        (json!({ "condition": "true" }), "InvalidRequestContent"),
        (json!({ "principalId": BO.object }), "RoleAssignmentRequestPolicyValidationFailed"),
        (
            json!({ "scheduleInfo": { "expiration": { "type": "NoExpiration" } } }),
            "RoleAssignmentRequestPolicyValidationFailed",
        ),
        (
            json!({ "linkedRoleEligibilityScheduleId": GUID }),
            "RoleAssignmentRequestPolicyValidationFailed",
        ),
    ] {
        let answer = kit.activates(FIRST, change.clone()).await;
        assert_eq!(
            (answer.status, code(&answer).as_str()),
            (400, expected),
            "{change}: {answer:?}"
        );
    }
    for filter in ["asOwner()", "asTarget() and asApprover()", "status eq 'Provisioned'"] {
        let path = authorization(&format!("roleAssignmentScheduleRequests?$filter={filter}"));
        assert_eq!(code(&kit.get(ADA, &path).await), "InvalidQueryParameter", "{filter}");
    }
    assert!(!kit.works().await);
}
