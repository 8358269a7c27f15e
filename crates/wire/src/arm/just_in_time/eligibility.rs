//! `roleEligibilityScheduleRequests`: what a tenant lets its own people activate, as it is asked for.

use ids::guid::ObjectId;
use jiff::Timestamp;
use model::role::PrincipalType;
use serde::Serialize;
use uuid::Uuid;

use super::{
    ExpandedBody, Held,
    request::{Ask, Status, TicketInfo},
    schedule::{Schedule, ScheduleBody},
    time,
};

/// What kind of thing it is, as Azure spells it in bodies.
const KIND: &str = "Microsoft.Authorization/RoleEligibilityScheduleRequests";

/// A request with all that is shown of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub name: Uuid,
    pub held: Held,
    pub ask: Ask,
    pub status: Status,
    /// The schedule that it made or changed.
    pub target: Uuid,
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
    name: Uuid,
    id: String,
    r#type: &'static str,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Properties {
    target_role_eligibility_schedule_id: Uuid,
    target_role_eligibility_schedule_instance_id: Option<Uuid>,
    scope: String,
    role_definition_id: String,
    principal_id: ObjectId,
    principal_type: PrincipalType,
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
        let Shown { name, held, ask, status, target, .. } = shown;
        let id = format!("{}/providers/{KIND}/{name}", held.scope);
        let properties = Properties {
            target_role_eligibility_schedule_id: target,
            target_role_eligibility_schedule_instance_id: Some(target),
            expanded: ExpandedBody::new(&held),
            scope: held.scope,
            role_definition_id: held.role_definition_id,
            principal_id: held.principal,
            principal_type: held.principal_type,
            request_type: ask,
            status,
            approval_id: None,
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
