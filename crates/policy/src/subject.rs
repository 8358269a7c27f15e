//! What is judged: a definition or an assignment of a delegation, as it is to be written.

use ids::{
    guid::TenantId,
    resource::{AssignmentId, DefinitionId, ResourceId},
};
use serde_json::Value;

use crate::condition::{Alias, Field};

/// The fields of what is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    id: ResourceId,
    managed_by: Option<String>,
    offer_name: Option<String>,
    definition: Option<String>,
}

/// Whether that is a type whose things are judged.
pub fn is_type(text: &str) -> bool {
    [DefinitionId::KIND, AssignmentId::KIND].iter().any(|it| it.eq_ignore_ascii_case(text))
}

impl Subject {
    /// A registration definition.
    pub fn definition(id: &DefinitionId, managed_by: TenantId, name: Option<&str>) -> Self {
        Self {
            id: id.as_resource().clone(),
            managed_by: Some(managed_by.to_string()),
            offer_name: name.map(str::to_owned),
            definition: None,
        }
    }

    /// A registration assignment.
    pub fn assignment(id: &AssignmentId, definition: &DefinitionId) -> Self {
        Self {
            id: id.as_resource().clone(),
            managed_by: None,
            offer_name: None,
            definition: Some(definition.to_string()),
        }
    }

    /// Which thing it is.
    pub fn id(&self) -> &ResourceId {
        &self.id
    }

    /// What the field holds; null, where it is not there. Neither type has tags or a location.
    pub fn field(&self, field: &Field) -> Value {
        match field {
            Field::Type => self.id.kind().to_string().into(),
            Field::Name | Field::FullName => self.id.name().as_str().into(),
            Field::Id => self.id.to_string().into(),
            Field::Kind | Field::Location | Field::Tags | Field::Tag(_) => Value::Null,
            Field::Alias(Alias::ManagedBy) => text(self.managed_by.as_deref()),
            Field::Alias(Alias::OfferName) => text(self.offer_name.as_deref()),
            Field::Alias(Alias::Definition) => text(self.definition.as_deref()),
        }
    }
}

fn text(value: Option<&str>) -> Value {
    value.map_or(Value::Null, Value::from)
}
