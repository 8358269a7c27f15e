//! Registration assignments.

use delegation::{assign::Request, visible::Parties};
use ids::{
    guid::TenantId,
    resource::{AssignmentId, DefinitionId, ResourceId},
};
use jiff::Timestamp;
use model::{
    delegation::{Assignment, Definition},
    deployment::ProvisioningState,
    period::OpenPeriod,
};
use serde::Serialize;
use uuid::Uuid;

use super::{
    definition::{DefinitionBody, Place},
    generation::Generation,
};
use crate::arm::{
    content::{BadContent, Content, Field, Fields},
    just_in_time::schedule::{self, End, Schedule, ScheduleBody},
    resource::SystemDataBody,
};

/// Reads the body of a `PUT`.
pub fn read(id: AssignmentId, body: &[u8], generation: Generation) -> Result<Request, BadContent> {
    let content = Content::parse(body)?;
    let properties = content.fields()?.get("properties")?.fields()?;
    let field = properties.get("registrationDefinitionId")?;
    Ok(Request {
        id,
        definition: definition(&field)?,
        definition_as_sent: field.text()?.to_owned(),
        period: period(&properties)?,
        dialect: generation.dialect(),
    })
}

fn definition(field: &Field<'_>) -> Result<DefinitionId, BadContent> {
    // A definition is never at a tenant, so that it does not matter whose `/` this were.
    let nobody = TenantId::new(Uuid::nil());
    let id = ResourceId::parse(field.text()?, nobody).and_then(DefinitionId::try_from);
    id.map_err(|_| field.refused("must be the resource id of a registration definition"))
}

/// When the delegation is to count: Fyr's own, in the form of Privileged Identity Management. What
/// is sent again must mean the same again, so that a length needs a start; without one, it counts
/// from ever.
fn period(properties: &Fields<'_>) -> Result<Option<OpenPeriod>, BadContent> {
    let Some(schedule) = schedule::read(properties)? else { return Ok(None) };
    let field = properties.get("scheduleInfo")?;
    let start = match (schedule.start, schedule.end) {
        (Some(start), _) => start,
        (None, End::After(_)) => {
            return Err(field.refused("must have a startDateTime beside a duration"));
        }
        (None, End::Unsaid | End::Never | End::At(_)) => EVER,
    };
    let period = OpenPeriod::new(start, schedule.until(start));
    period.map(Some).ok_or_else(|| field.refused("must end after it starts"))
}

/// The start of what has always counted.
const EVER: Timestamp = Timestamp::UNIX_EPOCH;

fn shown(period: OpenPeriod) -> ScheduleBody {
    let start = Some(period.from()).filter(|from| *from != EVER);
    Schedule { start, end: period.until().map_or(End::Never, End::At) }.into()
}

/// An assignment as ARM shows it.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AssignmentBody {
    properties: AssignmentProperties,
    id: String,
    r#type: &'static str,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    system_data: Option<SystemDataBody>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct AssignmentProperties {
    registration_definition_id: String,
    provisioning_state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    schedule_info: Option<ScheduleBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    registration_definition: Option<Box<DefinitionBody>>,
}

impl AssignmentBody {
    /// The assignment, with its definition if that was asked for.
    pub fn new(
        assignment: Assignment,
        expanded: Option<(Definition, Parties)>,
        state: ProvisioningState,
        generation: Generation,
    ) -> Self {
        let Assignment { id, definition_as_sent, period, system_data, .. } = assignment;
        let embed = |(definition, parties)| {
            let state = ProvisioningState::Succeeded;
            let body =
                DefinitionBody::placed(Place::Embedded, definition, parties, state, generation);
            Box::new(body)
        };
        let properties = AssignmentProperties {
            registration_definition_id: definition_as_sent,
            provisioning_state: state.as_str(),
            schedule_info: period.map(shown),
            registration_definition: expanded.map(embed),
        };
        Self {
            properties,
            id: id.to_string(),
            r#type: AssignmentId::KIND,
            name: id.name().to_string(),
            system_data: generation.shows_system_data().then(|| system_data.into()),
        }
    }
}

#[cfg(test)]
mod tests;
