//! What somebody may activate, and what is activated: schedules, and their instances.

use ids::guid::ObjectId;
use jiff::Timestamp;
use model::role::PrincipalType;
use serde::Serialize;
use uuid::Uuid;

use super::{ExpandedBody, Held, Membership, request::Status, time};

/// Which of the four lists an item stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    EligibilitySchedules,
    EligibilityInstances,
    AssignmentSchedules,
    AssignmentInstances,
}

impl List {
    /// As Azure spells it in bodies.
    fn kind(self) -> &'static str {
        match self {
            Self::EligibilitySchedules => "RoleEligibilitySchedules",
            Self::EligibilityInstances => "RoleEligibilityScheduleInstances",
            Self::AssignmentSchedules => "RoleAssignmentSchedules",
            Self::AssignmentInstances => "RoleAssignmentScheduleInstances",
        }
    }
}

/// One item with all that is shown of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub name: Uuid,
    pub held: Held,
    pub membership: Membership,
    pub status: Status,
    pub start: Timestamp,
    pub end: Option<Timestamp>,
    pub created: Timestamp,
    /// What it came of.
    pub of: Origin,
}

/// What an item came of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It may be activated; of a tenant's own, that request has made it.
    Eligibility { request: Option<Uuid> },
    /// It was activated by that request, from that eligibility.
    Activation { request: String, eligibility: Uuid },
    /// It is held without being activated, by that role assignment.
    Assignment { id: String },
}

/// An item as ARM shows it.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct ItemBody {
    properties: Properties,
    name: Uuid,
    id: String,
    r#type: String,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Properties {
    #[serde(skip_serializing_if = "Option::is_none")]
    linked_role_eligibility_schedule_id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    linked_role_eligibility_schedule_instance_id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    assignment_type: Option<&'static str>,
    scope: String,
    role_definition_id: String,
    principal_id: ObjectId,
    principal_type: PrincipalType,
    status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    role_eligibility_schedule_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role_eligibility_schedule_request_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role_assignment_schedule_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role_assignment_schedule_request_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin_role_assignment_id: Option<String>,
    start_date_time: String,
    end_date_time: Option<String>,
    member_type: Membership,
    created_on: String,
    condition: Option<String>,
    condition_version: Option<String>,
    #[serde(rename = "expandedProperties")]
    expanded: ExpandedBody,
}

/// What an item leads to.
#[derive(Default)]
struct Links {
    eligibility: Option<Uuid>,
    assignment_type: Option<&'static str>,
    /// The request that made it eligible.
    made_by: Option<String>,
    /// The request that activated it.
    request: Option<String>,
    assignment: Option<String>,
}

impl Links {
    fn of(of: Origin, scope: &str) -> Self {
        const REQUESTS: &str = "Microsoft.Authorization/RoleEligibilityScheduleRequests";
        match of {
            Origin::Eligibility { request } => {
                let made_by = request.map(|it| format!("{scope}/providers/{REQUESTS}/{it}"));
                Self { made_by, ..Self::default() }
            }
            Origin::Activation { request, eligibility } => Self {
                eligibility: Some(eligibility),
                assignment_type: Some("Activated"),
                request: Some(request),
                ..Self::default()
            },
            Origin::Assignment { id } => {
                Self { assignment_type: Some("Assigned"), assignment: Some(id), ..Self::default() }
            }
        }
    }
}

impl ItemBody {
    /// The item as that list shows it. A schedule and its only instance share their name.
    pub fn new(item: Item, list: List) -> Self {
        let Item { name, held, membership, status, start, end, created, of } = item;
        let id =
            |kind: &str| format!("{}/providers/Microsoft.Authorization/{kind}/{name}", held.scope);
        let links = Links::of(of, &held.scope);
        let is = |wanted: List| (list == wanted).then_some(());
        let properties = Properties {
            linked_role_eligibility_schedule_id: links.eligibility,
            linked_role_eligibility_schedule_instance_id: is(List::AssignmentInstances)
                .and(links.eligibility),
            assignment_type: links.assignment_type,
            role_eligibility_schedule_id: is(List::EligibilityInstances)
                .map(|()| id(List::EligibilitySchedules.kind())),
            role_eligibility_schedule_request_id: is(List::EligibilitySchedules).and(links.made_by),
            role_assignment_schedule_id: is(List::AssignmentInstances)
                .map(|()| id(List::AssignmentSchedules.kind())),
            role_assignment_schedule_request_id: is(List::AssignmentSchedules).and(links.request),
            origin_role_assignment_id: is(List::AssignmentInstances).and(links.assignment),
            expanded: ExpandedBody::new(&held),
            scope: held.scope.clone(),
            role_definition_id: held.role_definition_id.clone(),
            principal_id: held.principal,
            principal_type: held.principal_type,
            status,
            start_date_time: time(start),
            end_date_time: end.map(time),
            member_type: membership,
            created_on: time(created),
            condition: None,
            condition_version: None,
        };
        let r#type = format!("Microsoft.Authorization/{}", list.kind());
        Self { properties, name, id: id(list.kind()), r#type }
    }
}
