//! `roleAssignmentScheduleRequests`: what is asked for, and what became of it.

use ids::{
    guid::{ObjectId, RoleId, TenantId},
    resource::ResourceId,
};
use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::{
    ExpandedBody, Held,
    schedule::{self, Schedule, ScheduleBody},
    text, time,
};
use crate::arm::content::{BadContent, Content, Field};

/// What kind of thing it is, as Azure spells it in bodies.
const KIND: &str = "Microsoft.Authorization/RoleAssignmentScheduleRequests";

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Ask {
    AdminAssign,
    AdminRemove,
    AdminUpdate,
    AdminExtend,
    AdminRenew,
    SelfActivate,
    SelfDeactivate,
    SelfExtend,
    SelfRenew,
}

impl Ask {
    /// Every kind, by its name.
    const ALL: [(&'static str, Self); 9] = [
        ("AdminAssign", Self::AdminAssign),
        ("AdminRemove", Self::AdminRemove),
        ("AdminUpdate", Self::AdminUpdate),
        ("AdminExtend", Self::AdminExtend),
        ("AdminRenew", Self::AdminRenew),
        ("SelfActivate", Self::SelfActivate),
        ("SelfDeactivate", Self::SelfDeactivate),
        ("SelfExtend", Self::SelfExtend),
        ("SelfRenew", Self::SelfRenew),
    ];
}

/// The case that it is for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TicketInfo {
    pub ticket_number: Option<String>,
    pub ticket_system: Option<String>,
}

/// `PUT …/roleAssignmentScheduleRequests/{name}`, the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestPut {
    pub principal: ObjectId,
    pub role: RoleId,
    pub ask: Ask,
    /// Which eligibility is meant.
    pub eligibility: Option<Uuid>,
    /// Which schedule is to change.
    pub target: Option<Uuid>,
    pub schedule: Option<Schedule>,
    pub justification: Option<String>,
    pub ticket: Option<TicketInfo>,
    pub condition: Option<String>,
}

/// Reads the body of a `PUT`.
pub fn read(body: &[u8]) -> Result<RequestPut, BadContent> {
    let content = Content::parse(body)?;
    let it = content.fields()?.get("properties")?.fields()?;
    Ok(RequestPut {
        principal: it.get("principalId")?.guid()?,
        role: role(&it.get("roleDefinitionId")?)?,
        ask: ask(&it.get("requestType")?)?,
        eligibility: it.find("linkedRoleEligibilityScheduleId").map(|it| last(&it)).transpose()?,
        target: ["targetRoleEligibilityScheduleId", "targetRoleAssignmentScheduleId"]
            .into_iter()
            .find_map(|name| it.find(name))
            .map(|it| last(&it))
            .transpose()?,
        schedule: schedule::read(&it)?,
        justification: text(&it, "justification")?,
        ticket: it
            .find("ticketInfo")
            .map(ticket)
            .transpose()?
            .filter(|it| *it != TicketInfo::default()),
        condition: text(&it, "condition")?,
    })
}

fn ask(field: &Field<'_>) -> Result<Ask, BadContent> {
    let text = field.text()?;
    let found = Ask::ALL.iter().find(|(name, _)| name.eq_ignore_ascii_case(text));
    let names = || Ask::ALL.map(|(name, _)| format!("'{name}'")).join(", ");
    found.map(|(_, ask)| *ask).ok_or_else(|| field.refused(format!("must be one of {}", names())))
}

/// The GUID, or the GUID at the end of the id, whichever clients send.
fn last(field: &Field<'_>) -> Result<Uuid, BadContent> {
    let name = field.text()?.rsplit('/').next().unwrap_or_default();
    name.parse().map_err(|_| field.refused("must be a valid Guid"))
}

fn role(field: &Field<'_>) -> Result<RoleId, BadContent> {
    const KIND: &str = "Microsoft.Authorization/roleDefinitions";
    let parsed = ResourceId::parse(field.text()?, TenantId::new(Uuid::nil())).ok();
    let id = parsed.filter(|id| id.is_a(KIND));
    let role = id.and_then(|id| id.name().as_str().parse().ok());
    role.ok_or_else(|| field.refused("must be the resource id of a role definition"))
}

fn ticket(field: Field<'_>) -> Result<TicketInfo, BadContent> {
    let it = field.fields()?;
    Ok(TicketInfo {
        ticket_number: text(&it, "ticketNumber")?,
        ticket_system: text(&it, "ticketSystem")?,
    })
}

/// What has become of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Status {
    /// Somebody has still to decide.
    PendingApproval,
    /// It counts from a moment on that is ahead.
    ScheduleCreated,
    /// It counts, or counted to its end.
    Provisioned,
    Denied,
    Canceled,
    /// It was given back.
    Revoked,
    /// Nobody has decided in time.
    TimedOut,
}

/// A request with all that is shown of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub id: String,
    pub name: String,
    pub held: Held,
    pub ask: Ask,
    pub status: Status,
    pub eligibility: Uuid,
    /// The schedule that came of it, if one did.
    pub target: Option<Uuid>,
    pub approval: Option<Uuid>,
    pub schedule: Schedule,
    pub justification: Option<String>,
    pub ticket: TicketInfo,
    pub requestor: ObjectId,
    pub created: Timestamp,
}

/// A request as ARM shows it.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct RequestBody {
    properties: Properties,
    name: String,
    id: String,
    r#type: &'static str,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Properties {
    target_role_assignment_schedule_id: Option<Uuid>,
    target_role_assignment_schedule_instance_id: Option<Uuid>,
    linked_role_eligibility_schedule_id: Uuid,
    scope: String,
    role_definition_id: String,
    principal_id: ObjectId,
    principal_type: model::role::PrincipalType,
    request_type: Ask,
    status: Status,
    approval_id: Option<String>,
    schedule_info: ScheduleBody,
    ticket_info: TicketInfo,
    justification: Option<String>,
    requestor_id: ObjectId,
    created_on: String,
    condition: Option<String>,
    condition_version: Option<String>,
    #[serde(rename = "expandedProperties")]
    expanded: ExpandedBody,
}

impl From<Shown> for RequestBody {
    fn from(shown: Shown) -> Self {
        let Shown { id, name, held, ask, status, eligibility, target, approval, .. } = shown;
        let properties = Properties {
            target_role_assignment_schedule_id: target,
            target_role_assignment_schedule_instance_id: target,
            linked_role_eligibility_schedule_id: eligibility,
            expanded: ExpandedBody::new(&held),
            scope: held.scope,
            role_definition_id: held.role_definition_id,
            principal_id: held.principal,
            principal_type: held.principal_type,
            request_type: ask,
            status,
            approval_id: approval.map(super::approval::id),
            schedule_info: shown.schedule.into(),
            ticket_info: shown.ticket,
            justification: shown.justification,
            requestor_id: shown.requestor,
            created_on: time(shown.created),
            condition: None,
            condition_version: None,
        };
        Self { properties, name, id, r#type: KIND }
    }
}
