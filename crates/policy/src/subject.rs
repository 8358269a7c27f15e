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

    /// A thing of a delegation as a request describes it; nothing for what is of another type.
    pub fn read(id: &ResourceId, body: &Value) -> Option<Self> {
        let said = |alias: Alias| {
            let pointer = format!("/{}", alias.path().replace('.', "/"));
            body.pointer(&pointer).and_then(Value::as_str).map(str::to_owned)
        };
        let offers = id.is_a(DefinitionId::KIND);
        let of = |alias: Alias, there: bool| if there { said(alias) } else { None };
        is_type(&id.kind().to_string()).then(|| Self {
            id: id.clone(),
            managed_by: of(Alias::ManagedBy, offers),
            offer_name: of(Alias::OfferName, offers),
            definition: of(Alias::Definition, !offers),
        })
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

#[cfg(test)]
mod tests {
    use model::samples;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_thing_is_the_same_whether_it_is_described_or_made() {
        let it = samples::definition(samples::SUBSCRIPTION);
        let body = json!({ "properties": {
            "managedByTenantId": it.managed_by,
            "registrationDefinitionName": it.name,
        }});
        let made = Subject::definition(&it.id, it.managed_by, it.name.as_deref());
        assert_eq!(Subject::read(it.id.as_resource(), &body), Some(made));
        let it = samples::assignment(samples::whole());
        let body =
            json!({ "properties": { "registrationDefinitionId": it.definition.to_string() } });
        let made = Subject::assignment(&it.id, &it.definition);
        assert_eq!(Subject::read(it.id.as_resource(), &body), Some(made));
        let lock = format!("{}/providers/Microsoft.Authorization/locks/l", samples::whole());
        let lock = ResourceId::parse(&lock, samples::CUSTOMER).unwrap();
        assert_eq!(Subject::read(&lock, &body), None);
    }
}
