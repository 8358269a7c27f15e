//! Bodies as clients send them, and as they are shown.

use jiff::SignedDuration;
use model::samples::{self, ADA, CONTRIBUTOR};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    approval::{self, ApprovalBody, Progress, Review, Reviewed, Stage, StagePatch},
    children::{self, Kinds},
    eligibility,
    instance::{Item, ItemBody, List, Origin},
    policy::{self, ApproverPut, Enabled, PolicyAssignmentBody, PolicyBody, Rules},
    request::{self, Ask, RequestBody, Status, TicketInfo},
    schedule::{End, Schedule},
    *,
};

const SCOPE: &str = "/subscriptions/11111111-1111-4111-8111-111111111111";
const NAME: Uuid = Uuid::from_u128(0xA);
const OTHER: Uuid = Uuid::from_u128(0xB);

fn role_id() -> String {
    format!("{SCOPE}/providers/Microsoft.Authorization/roleDefinitions/{CONTRIBUTOR}")
}

fn asked(change: impl Fn(&mut Value)) -> Vec<u8> {
    let mut body = json!({
        "principalId": ADA.object,
        "roleDefinitionId": role_id(),
        "requestType": "SelfActivate",
        "linkedRoleEligibilityScheduleId": NAME,
        "justification": "patch night",
        "ticketInfo": { "ticketNumber": "1", "ticketSystem": "x" },
        "scheduleInfo": {
            "startDateTime": "2026-01-01T00:00:00Z",
            "expiration": { "type": "AfterDuration", "endDateTime": null, "duration": "PT4H" },
        },
    });
    change(&mut body);
    json!({ "properties": body }).to_string().into_bytes()
}

#[test]
fn a_request_is_read_as_clients_send_it() {
    let read = request::read(&asked(|_| {})).unwrap();
    assert_eq!((read.principal, read.role, read.ask), (ADA.object, CONTRIBUTOR, Ask::SelfActivate));
    assert_eq!(
        (read.eligibility, read.justification.as_deref()),
        (Some(NAME), Some("patch night"))
    );
    assert_eq!(read.ticket.unwrap().ticket_number.as_deref(), Some("1"));
    let start = "2026-01-01T00:00:00Z".parse().unwrap();
    let four = SignedDuration::from_hours(4);
    assert_eq!(read.schedule, Some(Schedule { start: Some(start), end: End::After(four) }));
    let bare = request::read(&asked(|it| {
        for name in
            ["justification", "ticketInfo", "scheduleInfo", "linkedRoleEligibilityScheduleId"]
        {
            it[name] = Value::Null;
        }
    }));
    let bare = bare.unwrap();
    assert_eq!(
        (bare.eligibility, bare.justification, bare.ticket, bare.schedule),
        (None, None, None, None)
    );
    let whole =
        format!("{SCOPE}/providers/Microsoft.Authorization/RoleEligibilitySchedules/{NAME}");
    let linked = asked(|it| it["linkedRoleEligibilityScheduleId"] = json!(whole));
    assert_eq!(request::read(&linked).unwrap().eligibility, Some(NAME));
    let silent =
        asked(|it| it["ticketInfo"] = json!({ "ticketNumber": " ", "ticketSystem": null }));
    assert_eq!(request::read(&silent).unwrap().ticket, None, "an empty ticket is none");
}

/// What makes a good body a bad one.
type Spoiling = Box<dyn Fn(&mut Value)>;

#[test]
fn a_request_that_is_wrong_is_refused_with_what_is_wrong() {
    let expiration =
        |it: Value| move |body: &mut Value| body["scheduleInfo"]["expiration"] = it.clone();
    let cases: [(Spoiling, &str); 13] = [
        (Box::new(|it| it["principalId"] = json!("ada")), "principalId"),
        (Box::new(|it| it["principalId"] = Value::Null), "principalId"),
        (Box::new(|it| it["roleDefinitionId"] = json!(CONTRIBUTOR)), "roleDefinitionId"),
        (Box::new(|it| it["requestType"] = json!("SelfDestroy")), "requestType"),
        (Box::new(|it| it["justification"] = json!("x".repeat(1001))), "justification"),
        (Box::new(|it| it["justification"] = json!("for \u{202e}ytiruces")), "justification"),
        (Box::new(|it| it["justification"] = json!("a\u{7}b")), "justification"),
        (Box::new(|it| it["scheduleInfo"]["startDateTime"] = json!("now")), "startDateTime"),
        (Box::new(expiration(json!({ "type": "AfterDuration" }))), "duration"),
        (
            Box::new(expiration(json!({ "type": "AfterDuration", "duration": "8 hours" }))),
            "duration",
        ),
        (
            Box::new(expiration(json!({
                "type": "NoExpiration", "duration": "PT8H"
            }))),
            "duration",
        ),
        (
            Box::new(expiration(json!({
                "type": "AfterDateTime", "duration": "PT8H", "endDateTime": "2026-01-01T00:00:00Z"
            }))),
            "duration",
        ),
        (Box::new(expiration(json!({ "type": "Sometime" }))), "expiration.type"),
    ];
    for (change, name) in cases {
        let refused = request::read(&asked(change)).unwrap_err().to_string();
        assert!(refused.contains(name), "{name}: {refused}");
    }
}

fn held() -> Held {
    Held {
        scope: SCOPE.to_owned(),
        role: CONTRIBUTOR,
        role_definition_id: role_id(),
        principal: ADA.object,
        principal_type: PrincipalType::User,
        expanded: Expanded {
            scope: ("contoso-prod".to_owned(), "subscription".to_owned()),
            role: "Contributor".to_owned(),
            is_custom: false,
            principal: None,
        },
    }
}

#[test]
fn a_request_is_shown_as_azure_shows_it() {
    let id =
        format!("{SCOPE}/providers/Microsoft.Authorization/RoleAssignmentScheduleRequests/{NAME}");
    let shown = request::Shown {
        id: id.clone(),
        name: NAME.to_string(),
        held: held(),
        ask: Ask::SelfActivate,
        status: Status::PendingApproval,
        eligibility: OTHER,
        target: None,
        approval: Some(NAME),
        schedule: Schedule {
            start: Some(samples::now()),
            end: End::After(SignedDuration::from_hours(8)),
        },
        justification: None,
        ticket: TicketInfo::default(),
        requestor: ADA.object,
        created: samples::now(),
    };
    let at = time(samples::now());
    let body = serde_json::to_value(RequestBody::from(shown)).unwrap();
    assert_eq!(
        body,
        json!({
            "properties": {
                "targetRoleAssignmentScheduleId": null,
                "targetRoleAssignmentScheduleInstanceId": null,
                "linkedRoleEligibilityScheduleId": OTHER,
                "scope": SCOPE,
                "roleDefinitionId": role_id(),
                "principalId": ADA.object,
                "principalType": "User",
                "requestType": "SelfActivate",
                "status": "PendingApproval",
                "approvalId": format!("/providers/Microsoft.Authorization/roleAssignmentApprovals/{NAME}"),
                "scheduleInfo": {
                    "startDateTime": at,
                    "expiration": { "type": "AfterDuration", "endDateTime": null, "duration": "PT8H" },
                },
                "ticketInfo": { "ticketNumber": null, "ticketSystem": null },
                "justification": null,
                "requestorId": ADA.object,
                "createdOn": at,
                "condition": null,
                "conditionVersion": null,
                "expandedProperties": {
                    "scope": { "id": SCOPE, "displayName": "contoso-prod", "type": "subscription" },
                    "roleDefinition": {
                        "id": role_id(), "displayName": "Contributor", "type": "BuiltInRole",
                    },
                },
            },
            "name": NAME.to_string(),
            "id": id,
            "type": "Microsoft.Authorization/RoleAssignmentScheduleRequests",
        })
    );
}

#[test]
fn what_a_tenant_lets_its_people_activate_is_shown_as_azure_shows_it() {
    let shown = eligibility::Shown {
        name: NAME,
        held: held(),
        ask: Ask::AdminAssign,
        status: Status::Provisioned,
        target: OTHER,
        schedule: Schedule { start: Some(samples::now()), end: End::Never },
        justification: Some("on call".to_owned()),
        ticket: TicketInfo::default(),
        requestor: ADA.object,
        created: samples::now(),
    };
    let body = serde_json::to_value(eligibility::RequestBody::from(shown)).unwrap();
    let kind = "Microsoft.Authorization/RoleEligibilityScheduleRequests";
    assert_eq!(body["id"], format!("{SCOPE}/providers/{kind}/{NAME}"));
    assert_eq!((&body["type"], &body["name"]), (&json!(kind), &json!(NAME)));
    let it = &body["properties"];
    assert_eq!(it["targetRoleEligibilityScheduleId"], json!(OTHER));
    assert_eq!((&it["requestType"], &it["status"]), (&json!("AdminAssign"), &json!("Provisioned")));
    assert_eq!(it["scheduleInfo"]["expiration"]["type"], "NoExpiration");
    assert_eq!((&it["justification"], &it["approvalId"]), (&json!("on call"), &Value::Null));
    let target = |name: &str| request::read(&asked(|it| it[name] = json!(OTHER))).unwrap().target;
    assert_eq!(target("targetRoleEligibilityScheduleId"), Some(OTHER));
    assert_eq!(target("targetRoleAssignmentScheduleId"), Some(OTHER));
    assert_eq!(target("x"), None);
}

#[test]
fn children_are_asked_for_by_their_kind() {
    let (whole, group) =
        ("Microsoft.Resources/subscriptions", "microsoft.resources/resourceGroups");
    let kinds = |subscriptions, groups| Ok(Kinds { subscriptions, groups });
    let eq = |kind: &str| format!("resourceType eq '{kind}'");
    assert_eq!(children::read(&eq(whole)), kinds(true, false));
    assert_eq!(children::read(&eq(group)), kinds(false, true));
    let inner = eq("Microsoft.Resources/subscriptions/resourceGroups");
    assert_eq!(children::read(&inner), kinds(false, true));
    assert_eq!(children::read(&format!("{} or {}", eq(whole), eq(group))), Ok(Kinds::ALL));
    for bad in
        [eq("Microsoft.Compute/virtualMachines"), "atScope()".to_owned(), "name eq 'x'".to_owned()]
    {
        assert!(matches!(children::read(&bad), Err(filter::Refused::Unsupported(_))), "{bad}");
    }
}

#[test]
fn an_item_of_each_list_leads_to_what_it_came_of() {
    let item = |of| Item {
        name: NAME,
        held: held(),
        membership: Membership::Direct,
        status: Status::Provisioned,
        start: samples::now(),
        end: None,
        created: samples::now(),
        of,
    };
    let active = Origin::Activation { request: "/request".to_owned(), eligibility: OTHER };
    let (delegated, own) =
        (Origin::Eligibility { request: None }, Origin::Eligibility { request: Some(OTHER) });
    let cases = [
        (List::EligibilitySchedules, delegated.clone(), vec![]),
        (List::EligibilityInstances, delegated, vec!["roleEligibilityScheduleId"]),
        (List::EligibilitySchedules, own.clone(), vec!["roleEligibilityScheduleRequestId"]),
        (List::EligibilityInstances, own, vec!["roleEligibilityScheduleId"]),
        (
            List::AssignmentSchedules,
            active.clone(),
            vec![
                "linkedRoleEligibilityScheduleId",
                "assignmentType",
                "roleAssignmentScheduleRequestId",
            ],
        ),
        (
            List::AssignmentInstances,
            active,
            vec![
                "linkedRoleEligibilityScheduleId",
                "linkedRoleEligibilityScheduleInstanceId",
                "assignmentType",
                "roleAssignmentScheduleId",
            ],
        ),
    ];
    let standing = Origin::Assignment { id: "/assignment".to_owned() };
    let standing = [
        (List::AssignmentSchedules, standing.clone(), vec!["assignmentType"]),
        (
            List::AssignmentInstances,
            standing,
            vec!["assignmentType", "roleAssignmentScheduleId", "originRoleAssignmentId"],
        ),
    ];
    let links = [
        "linkedRoleEligibilityScheduleId",
        "linkedRoleEligibilityScheduleInstanceId",
        "assignmentType",
        "roleEligibilityScheduleId",
        "roleEligibilityScheduleRequestId",
        "roleAssignmentScheduleId",
        "roleAssignmentScheduleRequestId",
        "originRoleAssignmentId",
    ];
    for (list, of, expected) in cases.into_iter().chain(standing) {
        let body = serde_json::to_value(ItemBody::new(item(of), list)).unwrap();
        let properties = body["properties"].as_object().unwrap();
        let found: Vec<&str> =
            links.into_iter().filter(|name| properties.contains_key(*name)).collect();
        assert_eq!(found, expected, "{list:?}");
        assert_eq!(body["properties"]["memberType"], "Direct");
        assert!(body["id"].as_str().unwrap().starts_with(SCOPE), "{body}");
    }
}

#[test]
fn a_decision_is_read_bare_or_below_properties() {
    let said = StagePatch { review: Review::Approve, justification: Some("go".to_owned()) };
    for body in [
        json!({ "reviewResult": "Approve", "justification": "go" }),
        json!({ "properties": { "reviewResult": "approve", "justification": "go" } }),
    ] {
        assert_eq!(approval::read(body.to_string().as_bytes()), Ok(said.clone()), "{body}");
    }
    let silent = approval::read(br#"{"reviewResult":"Deny","justification":" "}"#).unwrap();
    assert_eq!(silent, StagePatch { review: Review::Deny, justification: None });
    for bad in ["{}", r#"{"reviewResult":"NotReviewed"}"#, r#"{"reviewResult":1}"#, "[]"] {
        assert!(approval::read(bad.as_bytes()).is_err(), "{bad}");
    }
}

#[test]
fn an_approval_shows_each_side_and_who_decided_as_far_as_the_caller_may_know() {
    let reviewed = Reviewed {
        review: Review::Deny,
        by: ADA.object,
        name: None,
        at: samples::now(),
        justification: None,
    };
    let stage = |n: u128, is_mine, progress| Stage {
        id: Uuid::from_u128(n),
        name: "Provider".to_owned(),
        is_mine,
        progress,
    };
    let stages = vec![
        stage(1, true, Progress::Open),
        stage(2, false, Progress::Reviewed(reviewed)),
        stage(3, false, Progress::Over),
    ];
    let body = serde_json::to_value(ApprovalBody::new(NAME, stages)).unwrap();
    let of = |n: usize, name: &str| body["properties"]["stages"][n]["properties"][name].clone();
    let found: Vec<Value> = (0..3).map(|n| of(n, "status")).collect();
    assert_eq!(found, ["InProgress", "Completed", "Completed"]);
    assert_eq!((of(0, "assignedToMe"), of(1, "reviewResult")), (json!(true), json!("Deny")));
    let by = json!({ "principalId": ADA.object, "principalType": "user" });
    assert_eq!((of(0, "reviewedBy"), of(1, "reviewedBy")), (Value::Null, by));
}

fn rules() -> Rules {
    Rules {
        longest: Some(SignedDuration::from_hours(2)),
        enabled: [Enabled::Justification, Enabled::MultiFactorAuthentication].into(),
        approvers: vec![ApproverPut { id: ADA.object, is_group: true, description: None }],
    }
}

fn policy(rules: Rules) -> policy::Shown {
    policy::Shown {
        id: format!("{SCOPE}/providers/Microsoft.Authorization/roleManagementPolicies/{NAME}"),
        name: NAME.to_string(),
        scope: SCOPE.to_owned(),
        is_default: false,
        rules,
        modified: None,
    }
}

#[test]
fn what_a_policy_shows_is_read_back_as_it_was() {
    let shown = |rules| serde_json::to_value(PolicyBody::from(policy(rules))).unwrap();
    for (before, after) in [(Rules::default(), rules()), (rules(), Rules::default())] {
        let patch = policy::read(shown(after.clone()).to_string().as_bytes()).unwrap();
        assert_eq!(patch.applied(before), after);
    }
    let silent = policy::read(br#"{"properties":{"rules":[]}}"#).unwrap();
    assert_eq!(silent.applied(rules()), rules(), "what is left out stays");
}

#[test]
fn a_reason_that_approvers_want_to_hear_is_asked_of_everybody() {
    let rule = json!({ "id": "Approval_EndUser_Assignment", "setting": {
        "isApprovalRequired": false, "isRequestorJustificationRequired": true } });
    let body = json!({ "properties": { "rules": [rule] } }).to_string();
    let after = policy::read(body.as_bytes()).unwrap().applied(Rules::default());
    assert_eq!(after.enabled, [Enabled::Justification].into());
}

#[test]
fn a_rule_that_is_not_kept_is_refused_rather_than_passed_over() {
    let stage = json!({ "primaryApprovers": [{ "id": ADA.object, "userType": "User" }] });
    let approval = |required: bool, stages: Value| {
        json!({ "id": "Approval_EndUser_Assignment",
            "setting": { "isApprovalRequired": required, "approvalStages": stages } })
    };
    let but = |name: &str, value: Value| {
        let mut stage = stage.clone();
        stage[name] = value;
        approval(true, json!([stage]))
    };
    for rule in [
        json!({ "id": "Enablement_Admin_Assignment", "enabledRules": ["Justification"] }),
        json!({ "id": "Enablement_EndUser_Assignment" }),
        json!({ "id": "Expiration_EndUser_Assignment", "maximumDuration": "PT1H0.5S" }),
        json!({ "id": "Approval_EndUser_Assignment", "setting": { "approvalStages": [stage] } }),
        but("isApproverJustificationRequired", json!(true)),
        but("approvalStageTimeOutInDays", json!(3)),
        but("isEscalationEnabled", json!(true)),
        json!({ "id": "Expiration_Admin_Eligibility", "maximumDuration": "P1D" }),
        json!({ "id": "Notification_Admin_Admin_Eligibility" }),
        json!({ "id": "Expiration_EndUser_Assignment", "isExpirationRequired": true }),
        json!({ "id": "Expiration_EndUser_Assignment", "maximumDuration": "1 day" }),
        json!({ "id": "Enablement_EndUser_Assignment", "enabledRules": ["Luck"] }),
        json!({ "id": "AuthenticationContext_EndUser_Assignment", "isEnabled": true, "claimValue": "c1" }),
        approval(true, json!([])),
        approval(true, json!([{ "primaryApprovers": [] }])),
        approval(true, json!([stage, stage])),
        approval(
            true,
            json!([{ "primaryApprovers": [{ "id": ADA.object, "userType": "Robot" }] }]),
        ),
    ] {
        let body = json!({ "properties": { "rules": [rule] } }).to_string();
        assert!(policy::read(body.as_bytes()).is_err(), "{body}");
    }
    let none = json!({ "properties": { "rules": [approval(false, Value::Null)] } }).to_string();
    assert_eq!(policy::read(none.as_bytes()).unwrap().approvers, Some(Vec::new()));
}

#[test]
fn a_policy_is_tied_to_its_role_by_both_names() {
    let tie = PolicyAssignmentBody::new(policy(rules()), CONTRIBUTOR, role_id());
    let body = serde_json::to_value(tie).unwrap();
    assert_eq!(body["name"], format!("{NAME}_{CONTRIBUTOR}"));
    assert_eq!(body["properties"]["roleDefinitionId"], role_id());
    assert!(body["properties"]["policyId"].as_str().unwrap().ends_with(&NAME.to_string()));
}
