//! Every row that writes leaves an event and a record of the activity log; refused, no event.

use arm::{
    deployment,
    request::{ArmResponse, Method},
    route::{Judge, Level, Route, Target},
    routes,
};
use ids::{
    guid::{CorrelationId, Principal},
    resource::ActivationId,
};
use jiff::Timestamp;
use model::{
    activation::{Activation, Side},
    activity::{Activity, Log, Outcome},
    question::Via,
    samples::{self, ADA, CONTRIBUTOR, OLOF, PROVIDER, READER, TIER1},
};
use operations::plane::Plane;
use serde_json::{Value, json};
use store::{
    activity::{ActivityFilter, ActivityQuery},
    snapshot::Page,
};
use uuid::Uuid;

use super::kit::{
    GUID, OPERATOR, STRANGER, SUBSCRIPTION, code, is_everybodys, path, send, versions, world,
};

/// Actions that are sent by POST and change nothing. What is posted to a list asks for it.
const READS: &[&str] =
    &["validate", "whatIf", "exportTemplate", "queryResults", "summarize", "validateMoveResources"];

const POLICIES: &str = "Microsoft.Authorization/policyDefinitions";
const REQUESTS: &str = "Microsoft.Authorization/roleAssignmentScheduleRequests";
const ELIGIBILITY: &str = "Microsoft.Authorization/roleEligibilityScheduleRequests";
const STAGES: &str = "Microsoft.Authorization/roleAssignmentApprovals/stages";

/// A valid write to a row, and what makes the ground for it.
struct Case {
    ground: Vec<Step>,
    path: String,
    body: Value,
}

/// Something done before: method, path, api-version, body.
type Step = (Method, String, &'static str, Value);

/// The rows that write.
fn writes() -> impl Iterator<Item = &'static Route> {
    routes::all().filter(|route| {
        let only_asks = if let Target::ItemAction(_, it) = route.target {
            READS.contains(&it)
        } else if let Target::Words(_, words) = route.target {
            words.last().is_some_and(|it| READS.contains(it))
        } else {
            matches!(route.target, Target::List(_))
        };
        !route.method.reads() && !only_asks
    })
}

/// Who may write there: the customer's owner, or who runs the installation; what is activated,
/// whoever is eligible.
fn writer(route: &Route, path: &str) -> Principal {
    match route.judge {
        Judge::Each(_) if path.contains("/roleAssignmentScheduleRequests/") => ADA,
        Judge::Action(_, Via::Platform) => OPERATOR,
        Judge::Action(..) | Judge::Each(_) | Judge::Starter => OLOF,
    }
}

/// What a thing of that type is made of, and what must be there before.
fn body(kind: &str) -> (Vec<Step>, Value) {
    let definition = path(Target::Item("Microsoft.ManagedServices/registrationDefinitions"));
    let offer = json!({ "properties": {
        "registrationDefinitionName": "Fabrikam Ops",
        "managedByTenantId": PROVIDER,
        "authorizations": [{ "principalId": TIER1.object, "roleDefinitionId": CONTRIBUTOR }],
    }});
    let role = format!("/providers/Microsoft.Authorization/roleDefinitions/{READER}");
    let policy = json!({ "properties": {
        "policyDefinitionId": format!("/providers/{POLICIES}/76bed37b-484f-430f-a009-fd7592dff818"),
    }});
    let assigned = path(Target::Item("Microsoft.Authorization/policyAssignments"));
    let of_assignment = json!({ "properties": {
        "policyAssignmentId": assigned, "exemptionCategory": "Waiver",
    }});
    match kind {
        POLICIES => (
            Vec::new(),
            json!({ "properties": { "policyRule": {
                "if": { "field": "name", "equals": "x" }, "then": { "effect": "audit" },
            }}}),
        ),
        "Microsoft.Authorization/policySetDefinitions" => {
            (Vec::new(), json!({ "properties": { "policyDefinitions": [policy["properties"]] } }))
        }
        "Microsoft.Authorization/policyAssignments" => (Vec::new(), policy),
        "Microsoft.Authorization/policyExemptions" | "Microsoft.PolicyInsights/remediations" => {
            (vec![(Method::Put, assigned, "2022-06-01", policy)], of_assignment)
        }
        "Microsoft.Authorization/locks" => {
            (Vec::new(), json!({ "properties": { "level": "CanNotDelete" } }))
        }
        "Microsoft.Authorization/roleAssignments" => (
            Vec::new(),
            json!({ "properties": { "principalId": STRANGER.object, "roleDefinitionId": role } }),
        ),
        "Microsoft.Authorization/denyAssignments" => (
            Vec::new(),
            json!({ "properties": {
                "denyAssignmentName": "covered",
                "permissions": [{ "actions": ["*/delete"] }],
                "principals": [{ "id": Uuid::nil(), "type": "SystemDefined" }],
            } }),
        ),
        "Microsoft.Authorization/roleDefinitions" => (
            Vec::new(),
            json!({ "properties": {
                "roleName": "Covered",
                "permissions": [{ "actions": ["*/read"] }],
                "assignableScopes": [SUBSCRIPTION],
            } }),
        ),
        "Microsoft.ManagedServices/registrationDefinitions" => (Vec::new(), offer),
        "Microsoft.ManagedServices/registrationAssignments" => (
            vec![(Method::Put, definition.clone(), "2022-10-01", offer)],
            json!({ "properties": { "registrationDefinitionId": definition } }),
        ),
        "Fyr.Marketplace/acceptances" => {
            let plan = json!({ "version": "1.0.0" });
            (Vec::new(), json!({ "properties": { "acceptTerms": true, "plan": plan } }))
        }
        "Microsoft.MarketplaceOrdering/offerTypes/publishers/offers/plans/agreements" => {
            (vec![cancelled()], json!({ "properties": { "accepted": true } }))
        }
        "Microsoft.ManagementPartner/partners" => (Vec::new(), Value::Null),
        "Microsoft.Resources/tags" => {
            (Vec::new(), json!({ "properties": { "tags": { "covered": "so" } } }))
        }
        "Microsoft.Resources/deployments" => (Vec::new(), deployment_of_a_group()),
        _ => (Vec::new(), json!({ "location": "westeurope" })),
    }
}

/// The terms are not agreed to, whoever agreed before.
fn cancelled() -> Step {
    let agreement = path(Target::Item("Microsoft.MarketplaceOrdering/agreements/offers/plans"));
    (Method::Post, format!("{agreement}/cancel"), "2021-01-01", Value::Null)
}

/// What is done to terms and to what is accepted, each on ground where it changes something.
fn of_market(target: Target, path: &str) -> Option<Case> {
    let Target::ItemAction(kind, action) = target else { return None };
    let other = |action: &str| {
        let path = format!("{}/{action}", path.rsplit_once('/').unwrap().0);
        vec![(Method::Post, path, "2021-01-01", Value::Null)]
    };
    let ground = match (kind, action) {
        ("Microsoft.MarketplaceOrdering/agreements/offers/plans", "sign") => other("cancel"),
        ("Microsoft.MarketplaceOrdering/agreements/offers/plans", _) => other("sign"),
        ("Fyr.Marketplace/acceptances", _) => {
            let body = json!({ "version": "1.1.0" });
            return Some(Case { ground: Vec::new(), path: path.to_owned(), body });
        }
        _ => return None,
    };
    Some(Case { ground, path: path.to_owned(), body: Value::Null })
}

/// What is asked for just in time, by whoever a delegation makes eligible; and what the customer's
/// owner demands before, and decides.
fn just_in_time(target: Target, path: &str) -> Option<Case> {
    const PIM: &str = "2020-10-01";
    let of = |kind: &str, name: &dyn std::fmt::Display| {
        format!("{SUBSCRIPTION}/providers/Microsoft.Authorization/{kind}/{name}")
    };
    let request = of("roleAssignmentScheduleRequests", &GUID);
    let role = of("roleDefinitions", &CONTRIBUTOR);
    let asked = json!({ "properties": {
        "principalId": ADA.object, "roleDefinitionId": role, "requestType": "SelfActivate",
    }});
    let (policy, demanded) = (of("roleManagementPolicies", &CONTRIBUTOR), demanded());
    let delegated = delegated();
    let waiting = || {
        let demands = (Method::Patch, policy.clone(), PIM, demanded.clone());
        let asks = (Method::Put, request.clone(), PIM, asked.clone());
        delegated.iter().cloned().chain([demands, asks]).collect()
    };
    let (Target::Item(kind) | Target::ItemAction(kind, _)) = target else { return None };
    let is_action = target != Target::Item(kind);
    Some(match kind {
        REQUESTS if target == Target::ItemAction(kind, "validate") => {
            Case { ground: delegated, path: path.to_owned(), body: asked }
        }
        REQUESTS if is_action => {
            Case { ground: waiting(), path: path.to_owned(), body: Value::Null }
        }
        REQUESTS => Case { ground: delegated, path: request, body: asked },
        ELIGIBILITY => {
            let (entitled, body) = entitled(&role);
            let path = if is_action { path.to_owned() } else { entitled.clone() };
            if target == Target::ItemAction(kind, "cancel") {
                let ahead = (Method::Put, entitled, PIM, body);
                Case { ground: vec![ahead], path, body: Value::Null }
            } else {
                Case { ground: Vec::new(), path, body }
            }
        }
        "Microsoft.Authorization/roleManagementPolicies" => {
            Case { ground: Vec::new(), path: policy, body: demanded }
        }
        STAGES => {
            let id = ActivationId::at(samples::whole(), GUID.parse().unwrap()).unwrap();
            let it = Activation { id, ..samples::activation(samples::whole()) };
            let stage = it.stage(Side::Customer);
            let path = of("roleAssignmentApprovals", &it.approval()) + &format!("/stages/{stage}");
            Case { ground: waiting(), path, body: json!({ "reviewResult": "Approve" }) }
        }
        _ => return None,
    })
}

/// The customer's owner lets himself activate something later.
fn entitled(role: &str) -> (String, Value) {
    let path = path(Target::Item(ELIGIBILITY));
    let body = json!({ "properties": {
        "principalId": OLOF.object, "roleDefinitionId": role, "requestType": "AdminAssign",
        "scheduleInfo": { "startDateTime": "2126-01-01T00:00:00Z" },
    } });
    (path, body)
}

/// The customer's owner has to agree.
fn demanded() -> Value {
    json!({ "properties": { "rules": [{
        "id": "Approval_EndUser_Assignment",
        "setting": {
            "isApprovalRequired": true,
            "approvalStages": [{ "primaryApprovers": [{ "id": OLOF.object, "userType": "User" }] }],
        },
    }] } })
}

/// Ada is eligible to contribute.
fn delegated() -> Vec<Step> {
    let definition = path(Target::Item("Microsoft.ManagedServices/registrationDefinitions"));
    let assignment = path(Target::Item("Microsoft.ManagedServices/registrationAssignments"));
    let offer = json!({ "properties": {
        "registrationDefinitionName": "Fabrikam Ops",
        "managedByTenantId": PROVIDER,
        "authorizations": [{ "principalId": ADA.object, "roleDefinitionId": READER }],
        "eligibleAuthorizations": [{ "principalId": ADA.object, "roleDefinitionId": CONTRIBUTOR }],
    }});
    let assigned = json!({ "properties": { "registrationDefinitionId": definition } });
    vec![
        (Method::Put, definition, "2022-10-01", offer),
        (Method::Put, assignment, "2022-10-01", assigned),
    ]
}

fn deployment_of_a_group() -> Value {
    json!({ "location": "westeurope", "properties": { "mode": "Incremental", "template": {
        "$schema": "https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "resources": [{
            "type": "Microsoft.Resources/resourceGroups",
            "apiVersion": "2022-09-01",
            "name": "made",
            "location": "westeurope",
        }],
    }}})
}

/// What the customer's owner sends to the row; nothing for a row that this page does not know.
fn case(route: &'static Route, version: &'static str) -> Option<Case> {
    let path = path(route.target);
    if let Some(case) = of_market(route.target, &path).or_else(|| just_in_time(route.target, &path))
    {
        return Some(case);
    }
    let made = |kind: &str, path: &str| {
        let (mut ground, body) = body(kind);
        ground.push((Method::Put, path.to_owned(), version, body));
        ground
    };
    let (kind, holder) = match route.target {
        Target::Item(kind) => (kind, path.clone()),
        Target::ItemAction(kind, action) => (kind, path.strip_suffix(action)?.to_owned()),
        Target::AnyItem | Target::Words(Level::ManagementGroup, _) => ("", path.clone()),
        Target::AnyAction => ("", path.rsplit_once('/')?.0.to_owned()),
        Target::Scope(Level::ManagementGroup) => ("", path.replace("/mg", "/covered")),
        Target::Scope(_) => ("", format!("{SUBSCRIPTION}/resourceGroups/covered")),
        Target::ProviderAction(_, action) => {
            let opposite = if action == "register" { "unregister" } else { "register" };
            let other = format!("{}/{opposite}", path.rsplit_once('/')?.0);
            let ground = vec![(Method::Post, other, version, Value::Null)];
            return Some(Case { ground, path, body: Value::Null });
        }
        Target::OwnAction(..) => {
            return Some(Case { ground: Vec::new(), path, body: Value::Null });
        }
        Target::Words(Level::ResourceGroup, ["moveResources"]) => return moving(path, version),
        Target::Words(..) | Target::Provider(_) | Target::List(_) | Target::AnyList => return None,
    };
    let path = if let Target::Scope(_) = route.target { holder.clone() } else { path };
    if kind == "Microsoft.PolicyInsights/policyStates" {
        return Some(Case { ground: Vec::new(), path, body: Value::Null }); // kept by nobody
    }
    match route.method {
        Method::Put => {
            let (ground, body) = body(kind);
            Some(Case { ground, path, body })
        }
        Method::Patch => {
            let tags = json!({ "covered": "yes" });
            let body = json!({
                "tags": tags,
                "operation": "Merge",
                "properties": { "tags": tags },
                "displayName": "covered again",
            });
            Some(Case { ground: made(kind, &holder), path, body })
        }
        Method::Delete | Method::Post => {
            Some(Case { ground: made(kind, &holder), path, body: Value::Null })
        }
        Method::Get | Method::Head => None,
    }
}

/// An account goes to a group that is made for it.
fn moving(path: String, version: &'static str) -> Option<Case> {
    let target = format!("{SUBSCRIPTION}/resourceGroups/to-{version}");
    let account =
        format!("{}/providers/Microsoft.Storage/storageAccounts/covered", path.rsplit_once('/')?.0);
    let here = json!({ "location": "westeurope" });
    let body = json!({ "resources": [account], "targetResourceGroup": target });
    let ground = vec![
        (Method::Put, target, version, here.clone()),
        (Method::Put, account, "2023-01-01", here),
    ];
    Some(Case { ground, path, body })
}

/// The plane and the number of the next request, which is its correlation id.
struct Client {
    plane: Plane,
    sent: u128,
}

impl Client {
    async fn send(
        &mut self,
        who: Principal,
        (method, path, version): (Method, &str, &str),
        body: &Value,
    ) -> (CorrelationId, ArmResponse) {
        self.sent += 1;
        let correlation = CorrelationId::new(Uuid::from_u128(0xC0_0000 + self.sent));
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let caller = Ok(samples::caller(who));
        let answer = send(&self.plane, (method, path, version), caller, correlation, &body).await;
        (correlation, answer)
    }

    /// Deployments run to their end, unless the row is about one that runs.
    async fn lay(&mut self, route: &Route, ground: &[Step]) {
        for (method, path, version, body) in ground {
            let line = (*method, path.as_str(), *version);
            let is_asked = path.contains("/roleAssignmentScheduleRequests/");
            let who = if is_asked { ADA } else { writer(route, "") };
            let (_, answer) = self.send(who, line, body).await;
            assert!(answer.status < 300, "{} {path}: {answer:?}", method.as_str());
        }
        if !matches!(route.target, Target::ItemAction(_, "cancel")) {
            deployment::drain(&self.plane).await.unwrap();
        }
    }

    async fn events(&self, correlation: CorrelationId) -> usize {
        let all = testkit::events(&self.plane).await;
        all.iter().filter(|event| event.correlation == correlation).count()
    }

    async fn activity(&self, correlation: CorrelationId) -> Vec<Activity> {
        self.plane.store.sweep().await.unwrap();
        let mut found = Vec::new();
        for log in [Log::Subscription(samples::SUBSCRIPTION), Log::Tenant(samples::CUSTOMER)] {
            let mut query = ActivityQuery {
                log,
                from: Timestamp::UNIX_EPOCH,
                to: self.plane.store.now(),
                filter: ActivityFilter::default(),
            };
            query.filter.correlation = Some(correlation);
            found.extend(self.plane.store.activity(&query, Page::first()).await.unwrap().items);
        }
        found
    }
}

/// Whether what it makes has no row of its own to go by.
fn is_for_good(target: Target) -> bool {
    const KINDS: [&str; 4] =
        [REQUESTS, ELIGIBILITY, STAGES, "Microsoft.Authorization/roleManagementPolicies"];
    let kind =
        if let Target::Item(kind) | Target::ItemAction(kind, _) = target { kind } else { "" };
    matches!(target, Target::OwnAction(..)) || KINDS.contains(&kind)
}

#[tokio::test]
async fn every_row_that_writes_leaves_an_event_and_a_record_of_the_activity_log() {
    let happen = |route: &&Route| route.target != Target::AnyAction;
    for route in writes().filter(happen) {
        let mut client = Client { plane: world().await, sent: 0 };
        for version in versions(route) {
            let place = format!("{} {:?} {version}", route.method.as_str(), route.target);
            let case = case(route, version).unwrap_or_else(|| panic!("no valid request: {place}"));
            if is_for_good(route.target) {
                client.plane = world().await;
            }
            client.lay(route, &case.ground).await;

            let line = (route.method, case.path.as_str(), version);
            let (correlation, answer) =
                client.send(writer(route, &case.path), line, &case.body).await;

            assert!((200..300).contains(&answer.status), "{place}: {answer:?}");
            assert!(client.events(correlation).await > 0, "no event: {place}");
            let records = client.activity(correlation).await;
            let ended = |it: &Activity| it.outcome == Outcome::Succeeded;
            assert!(records.iter().any(ended), "{place}: {records:?}");
            // The next version begins where this one began.
            deployment::drain(&client.plane).await.unwrap();
            if routes::all().any(|it| (it.method, it.target) == (Method::Delete, route.target)) {
                let line = (Method::Delete, case.path.as_str(), version);
                client.send(writer(route, &case.path), line, &Value::Null).await;
            }
        }
    }
}

#[tokio::test]
async fn every_write_that_is_refused_leaves_a_failed_record_and_no_event() {
    for route in writes().filter(|route| !is_everybodys(route)) {
        // A plane for each: of many refusals of one principal the later are only counted.
        let mut client = Client { plane: world().await, sent: 0 };
        for version in versions(route).into_iter().take(5) {
            let path = path(route.target);
            let place = format!("{} {path} {version}", route.method.as_str());
            let line = (route.method, path.as_str(), version);
            let (correlation, answer) = client.send(STRANGER, line, &json!({})).await;
            // Of what nobody may know of but those who have a part in it, there is nothing.
            let (status, told) = if route.target == Target::ItemAction(REQUESTS, "cancel") {
                (404, "RoleAssignmentScheduleRequestNotFound")
            } else if route.target == Target::Item(STAGES) {
                (404, "RoleAssignmentApprovalNotFound")
            } else {
                (403, "AuthorizationFailed")
            };
            assert_eq!(answer.status, status, "{place}: {answer:?}");
            assert_eq!(client.events(correlation).await, 0, "{place}");
            let records = client.activity(correlation).await;
            let [record] = records.as_slice() else { panic!("{place}: {records:?}") };
            assert_eq!((record.outcome, record.status_code), (Outcome::Failed, status), "{place}");
            let text = record.message.as_deref().unwrap_or_default();
            assert!(text.starts_with(told), "{place}: {text}");
        }
    }
}

#[tokio::test]
async fn an_action_of_a_kept_resource_is_not_run_and_says_so() {
    for route in writes().filter(|route| route.target == Target::AnyAction) {
        let mut client = Client { plane: world().await, sent: 0 };
        for version in versions(route) {
            let case = case(route, version).unwrap();
            let line = (route.method, case.path.as_str(), version);
            let (_, absent) = client.send(OLOF, line, &Value::Null).await;
            assert_eq!((absent.status, code(&absent).as_str()), (404, "ResourceNotFound"));
            client.lay(route, &case.ground).await;
            let (correlation, answer) = client.send(OLOF, line, &Value::Null).await;
            let told = (answer.status, code(&answer));
            assert_eq!(told, (400, "OperationNotSupported".to_owned()), "{answer:?}");
            assert_eq!(client.events(correlation).await, 0);
            let holder = case.path.rsplit_once('/').unwrap().0;
            client.send(OLOF, (Method::Delete, holder, version), &Value::Null).await;
        }
    }
}

#[tokio::test]
async fn actions_that_only_ask_leave_no_event() {
    let asks = routes::all()
        .filter(|route| matches!(route.target, Target::ItemAction(_, it) if READS.contains(&it)));
    for route in asks {
        let mut client = Client { plane: world().await, sent: 0 };
        let is_asked = matches!(route.target, Target::ItemAction(REQUESTS, _));
        assert!(is_asked || matches!(route.judge, Judge::Action(..)), "{:?}", route.target);
        for version in versions(route) {
            let case = case(route, version).unwrap();
            client.lay(route, &case.ground).await;
            let line = (route.method, case.path.as_str(), version);
            let body = if case.body.is_null() { deployment_of_a_group() } else { case.body };
            let who = writer(route, &case.path);
            let (correlation, answer) = client.send(who, line, &body).await;
            assert!([200, 202].contains(&answer.status), "{answer:?}");
            assert_eq!(client.events(correlation).await, 0, "{:?}", route.target);
        }
    }
}
