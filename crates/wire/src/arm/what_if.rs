//! What a deployment would change, as ARM tells it (ARM contract, section 4.9).

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use template::delta::{self, What};

/// `properties.whatIfSettings` of the request.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct Settings {
    #[serde(default)]
    pub result_format: Format,
}

/// How much is told of each resource.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum Format {
    #[default]
    FullResourcePayloads,
    ResourceIdOnly,
}

/// The whole answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WhatIfBody {
    pub status: Cow<'static, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub properties: Option<WhatIfProperties>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Value>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WhatIfProperties {
    pub correlation_id: String,
    pub changes: Vec<ChangeBody>,
}

/// What happens to one resource.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChangeBody {
    pub resource_id: String,
    pub change_type: ChangeType,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Map<String, Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Map<String, Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delta: Option<Vec<PropertyBody>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ChangeType {
    Create,
    Delete,
    /// It is there and the template says nothing of it.
    Ignore,
    /// It is written, and what comes of it is not told.
    Deploy,
    NoChange,
    Modify,
}

/// What happens to one property.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PropertyBody {
    pub path: String,
    pub property_change_type: PropertyChangeType,
    pub before: Option<Value>,
    pub after: Option<Value>,
    pub children: Option<Vec<Self>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PropertyChangeType {
    Create,
    Delete,
    Modify,
    Array,
}

impl WhatIfBody {
    /// The deployment would do this.
    pub fn succeeded(correlation_id: String, changes: Vec<ChangeBody>) -> Self {
        let properties = Some(WhatIfProperties { correlation_id, changes });
        Self { status: Cow::Borrowed("Succeeded"), properties, error: None }
    }

    /// The deployment would fail, for these reasons.
    pub fn failed(name: &str, correlation_id: &str, details: &Value) -> Self {
        let message = format!(
            "The template deployment '{name}' is not valid according to the validation procedure. The tracking id is '{correlation_id}'. See inner errors for details."
        );
        let error =
            json!({ "code": "InvalidTemplateDeployment", "message": message, "details": details });
        Self { status: Cow::Borrowed("Failed"), properties: None, error: Some(error) }
    }

    /// An answer, as it was told before.
    pub fn read(answer: &Value) -> Result<Self, serde_json::Error> {
        Self::deserialize(answer)
    }

    /// What happens to each resource; nothing where the deployment would fail.
    pub fn changes(&self) -> &[ChangeBody] {
        self.properties.as_ref().map_or(&[], |it| &it.changes)
    }
}

/// A resource as it is, or as it would be.
#[derive(Clone, Debug, PartialEq)]
pub enum Sight {
    There(Map<String, Value>),
    Absent,
    /// The caller may not read it, or not whether it is there.
    Hidden,
}

impl ChangeBody {
    /// What becomes of a resource that the deployment writes or deletes.
    pub fn between(resource_id: String, before: Sight, after: Sight) -> Self {
        let mut change = Self::bare(resource_id, ChangeType::Deploy);
        match (before, after) {
            (Sight::Absent, Sight::There(after)) => {
                change.change_type = ChangeType::Create;
                change.after = Some(after);
            }
            (Sight::There(before), Sight::Absent) => {
                change.change_type = ChangeType::Delete;
                change.before = Some(before);
            }
            (Sight::There(before), Sight::There(after)) => {
                let delta: Vec<_> = told(delta::delta(&before, &after));
                let same = delta.is_empty();
                change.change_type = if same { ChangeType::NoChange } else { ChangeType::Modify };
                change.delta = Some(delta);
                (change.before, change.after) = (Some(before), Some(after));
            }
            (Sight::Absent, Sight::Absent) | (Sight::Hidden, _) | (_, Sight::Hidden) => {}
        }
        change
    }

    /// A resource that stays as it is.
    pub fn ignored(resource_id: String, is: Map<String, Value>) -> Self {
        let mut change = Self::bare(resource_id, ChangeType::Ignore);
        (change.before, change.after) = (Some(is.clone()), Some(is));
        change
    }

    /// That something happens to a resource, and no more.
    pub fn bare(resource_id: String, change_type: ChangeType) -> Self {
        Self { resource_id, change_type, before: None, after: None, delta: None }
    }
}

fn told(delta: Vec<delta::Change>) -> Vec<PropertyBody> {
    delta.into_iter().map(PropertyBody::from).collect()
}

impl From<delta::Change> for PropertyBody {
    fn from(change: delta::Change) -> Self {
        use PropertyChangeType::{Array, Create, Delete, Modify};
        let (property_change_type, before, after, children) = match change.what {
            What::Create(after) => (Create, None, Some(after), None),
            What::Delete(before) => (Delete, Some(before), None, None),
            What::Modify { before, after } => (Modify, Some(before), Some(after), None),
            What::Inside(children) => (Modify, None, None, Some(told(children))),
            What::Array(children) => (Array, None, None, Some(told(children))),
        };
        Self { path: change.path, property_change_type, before, after, children }
    }
}

/// What only the server says of a resource, and says anew each time it is written or made.
const SAID: [&str; 2] = ["etag", "systemData"];
/// The same of its properties.
const SAID_OF_PROPERTIES: [&str; 5] =
    ["provisioningState", "createdOn", "createdBy", "updatedOn", "updatedBy"];
/// Who an identity acts as is drawn when it is made.
const SAID_OF_IDENTITIES: [&str; 3] = ["tenantId", "principalId", "clientId"];

/// A resource as answers show it, without what no template says.
pub fn snapshot(body: &Map<String, Value>, api_version: &str) -> Map<String, Value> {
    let mut shown = Map::new();
    shown.insert("apiVersion".to_owned(), api_version.into());
    shown.extend(body.iter().map(|(name, value)| (name.clone(), value.clone())));
    shown.retain(|name, _| !SAID.contains(&name.as_str()));
    let kind = body.get("type").and_then(Value::as_str).unwrap_or_default();
    let is_identity = kind.eq_ignore_ascii_case("Microsoft.ManagedIdentity/userAssignedIdentities");
    if let Some(properties) = object(&mut shown, "properties") {
        properties.retain(|name, _| !SAID_OF_PROPERTIES.contains(&name.as_str()));
        properties.retain(|name, _| !(is_identity && SAID_OF_IDENTITIES.contains(&name.as_str())));
        if properties.is_empty() {
            shown.remove("properties");
        }
    }
    if let Some(identity) = object(&mut shown, "identity") {
        identity.retain(|name, _| !SAID_OF_IDENTITIES.contains(&name.as_str()));
        for (_, used) in object(identity, "userAssignedIdentities").into_iter().flatten() {
            *used = json!({});
        }
    }
    shown
}

fn object<'a>(
    within: &'a mut Map<String, Value>,
    name: &str,
) -> Option<&'a mut Map<String, Value>> {
    within.get_mut(name).and_then(Value::as_object_mut)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(value: &Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn what_is_not_seen_is_told_as_deployed_and_nothing_of_it() {
        let there = || Sight::There(map(&json!({ "id": "a" })));
        for (before, after, expected) in [
            (Sight::Absent, there(), ChangeType::Create),
            (there(), there(), ChangeType::NoChange),
            (there(), Sight::There(map(&json!({ "id": "b" }))), ChangeType::Modify),
            (there(), Sight::Absent, ChangeType::Delete),
            (Sight::Absent, Sight::Absent, ChangeType::Deploy),
            (Sight::Hidden, there(), ChangeType::Deploy),
            (there(), Sight::Hidden, ChangeType::Deploy),
        ] {
            let change = ChangeBody::between("a".to_owned(), before, after);
            assert_eq!(change.change_type, expected);
            let told = change.before.is_some() || change.after.is_some();
            assert_eq!(told, expected != ChangeType::Deploy);
        }
    }

    #[test]
    fn an_answer_is_read_as_it_was_told() {
        let [before, after] =
            ["a", "b"].map(|it| Sight::There(map(&json!({ "id": it, "x": [1] }))));
        let changes = vec![
            ChangeBody::between("i".to_owned(), before, after),
            ChangeBody::bare("j".to_owned(), ChangeType::Deploy),
        ];
        for told in [
            WhatIfBody::succeeded("c".to_owned(), changes),
            WhatIfBody::failed("n", "c", &json!([])),
        ] {
            assert_eq!(WhatIfBody::read(&json!(told)).unwrap(), told);
        }
    }

    #[test]
    fn a_snapshot_holds_nothing_that_the_server_says_by_itself() {
        let body = json!({
            "id": "i", "name": "n", "type": "N.S/things", "systemData": {}, "etag": "e",
            "identity": { "type": "SystemAssigned, UserAssigned", "principalId": "p",
                "userAssignedIdentities": { "u": { "principalId": "q" } } },
            "properties": { "provisioningState": "Succeeded", "tenantId": "t" },
        });
        assert_eq!(
            Value::Object(snapshot(&map(&body), "2020-01-01")),
            json!({
                "apiVersion": "2020-01-01", "id": "i", "name": "n", "type": "N.S/things",
                "identity": { "type": "SystemAssigned, UserAssigned",
                    "userAssignedIdentities": { "u": {} } },
                "properties": { "tenantId": "t" },
            })
        );
        let group = json!({ "id": "i", "properties": { "provisioningState": "Succeeded" } });
        assert_eq!(
            Value::Object(snapshot(&map(&group), "v")),
            json!({ "apiVersion": "v", "id": "i" })
        );
    }
}
