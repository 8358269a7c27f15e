//! Registration assignments.

use delegation::{assign::Request, visible::Parties};
use ids::{
    guid::TenantId,
    resource::{AssignmentId, DefinitionId, ResourceId},
};
use model::{
    delegation::{Assignment, Definition},
    deployment::ProvisioningState,
};
use serde::Serialize;
use uuid::Uuid;

use super::{
    definition::{DefinitionBody, Place},
    generation::Generation,
};
use crate::arm::{
    content::{BadContent, Content, Field},
    resource::SystemDataBody,
};

/// Reads the body of a `PUT`.
pub fn read(id: AssignmentId, body: &[u8], generation: Generation) -> Result<Request, BadContent> {
    let content = Content::parse(body)?;
    let field = content.fields()?.get("properties")?.fields()?.get("registrationDefinitionId")?;
    Ok(Request {
        id,
        definition: definition(&field)?,
        definition_as_sent: field.text()?.to_owned(),
        period: None,
        dialect: generation.dialect(),
    })
}

fn definition(field: &Field<'_>) -> Result<DefinitionId, BadContent> {
    // A definition is never at a tenant, so that it does not matter whose `/` this were.
    let nobody = TenantId::new(Uuid::nil());
    let id = ResourceId::parse(field.text()?, nobody).and_then(DefinitionId::try_from);
    id.map_err(|_| field.refused("must be the resource id of a registration definition"))
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
        let Assignment { id, definition_as_sent, system_data, .. } = assignment;
        let embed = |(definition, parties)| {
            let state = ProvisioningState::Succeeded;
            let body =
                DefinitionBody::placed(Place::Embedded, definition, parties, state, generation);
            Box::new(body)
        };
        let properties = AssignmentProperties {
            registration_definition_id: definition_as_sent,
            provisioning_state: state.as_str(),
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
