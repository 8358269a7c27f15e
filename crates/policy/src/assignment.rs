//! Policy assignments: where a definition or a set holds, and what it is told there.

use ids::{guid::TenantId, resource::ResourceId, scope::Scope};
use serde_json::{Map, Value};

use crate::{
    definition::{Texts, member, text},
    kind::Kind,
    refused::Refused,
};

/// Azure's bound.
const NOT_SCOPES_MAX: usize = 400;
/// What narrows or changes an assignment in ways that Fyr does not evaluate.
const UNREAD: [&str; 2] = ["resourceSelectors", "overrides"];

/// A policy assignment.
#[derive(Clone, Debug, PartialEq)]
pub struct Assignment {
    pub id: ResourceId,
    pub display_name: Option<String>,
    /// The definition or the set that it assigns.
    pub of: ResourceId,
    /// `{name: {value}}`.
    pub given: Map<String, Value>,
    /// Places in its scope where it does not hold.
    pub not_scopes: Vec<Scope>,
    /// Whether effects take place. What does not meet the policy is told of in any case.
    pub is_enforced: bool,
    /// What of it Fyr does not evaluate.
    pub unread: Option<String>,
}

impl Assignment {
    /// Reads the properties of an assignment. `home` is the tenant that its ids are read in.
    pub fn read(
        id: &ResourceId,
        properties: &Map<String, Value>,
        home: TenantId,
    ) -> Result<Self, Refused> {
        let Texts { display_name, version: _ } = Texts::read(Kind::Assignment, properties)?;
        let given = match properties.get("parameters") {
            None | Some(Value::Null) => Map::new(),
            Some(Value::Object(given)) => given.clone(),
            Some(_) => return Err(wrong("parameters", "it is no object")),
        };
        let holds = |name: &&&str| properties.get(**name).is_some_and(|it| !is_empty(it));
        let unread = UNREAD.iter().find(holds).map(|name| format!("`{name}`"));
        let (is_enforced, mode) = is_enforced(properties)?;
        Ok(Self {
            id: id.clone(),
            display_name,
            of: assigned(properties, home)?,
            given,
            not_scopes: not_scopes(properties, home)?,
            is_enforced,
            unread: unread.or(mode),
        })
    }

    /// Whether it holds for what lies in all these scopes.
    pub fn covers(&self, lineage: &[Scope]) -> bool {
        lineage.contains(self.id.scope())
            && !self.not_scopes.iter().any(|scope| lineage.contains(scope))
    }
}

/// The properties as they are kept: with what Azure fills in.
#[must_use]
pub fn settled(id: &ResourceId, mut properties: Map<String, Value>) -> Map<String, Value> {
    properties.insert("scope".to_owned(), id.scope().to_string().into());
    properties.entry("enforcementMode").or_insert_with(|| "Default".into());
    properties
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}

fn wrong(name: &str, reason: &str) -> Refused {
    member(Kind::Assignment, name, reason)
}

fn assigned(properties: &Map<String, Value>, home: TenantId) -> Result<ResourceId, Refused> {
    let said = properties.get("policyDefinitionId").and_then(Value::as_str);
    let id = said.and_then(|text| ResourceId::parse(text, home).ok());
    let is_one = |id: &ResourceId| matches!(Kind::of(id), Some(Kind::Definition | Kind::Set));
    id.filter(is_one)
        .ok_or_else(|| wrong("policyDefinitionId", "it is the id of no definition and no set"))
}

fn not_scopes(properties: &Map<String, Value>, home: TenantId) -> Result<Vec<Scope>, Refused> {
    let bad = || wrong("notScopes", "it is no list of at most 400 scopes");
    let listed = match properties.get("notScopes") {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(listed)) if listed.len() <= NOT_SCOPES_MAX => listed,
        Some(_) => return Err(bad()),
    };
    let one = |it: &Value| it.as_str().and_then(|text| Scope::parse(text, home).ok());
    listed.iter().map(|it| one(it).ok_or_else(bad)).collect()
}

/// Whether effects take place; or that it depends on what Fyr does not evaluate.
fn is_enforced(properties: &Map<String, Value>) -> Result<(bool, Option<String>), Refused> {
    let said = text(Kind::Assignment, properties, ("enforcementMode", 64))?;
    match said.unwrap_or_else(|| "Default".to_owned()).to_ascii_lowercase().as_str() {
        "default" => Ok((true, None)),
        "donotenforce" => Ok((false, None)),
        "enroll" => Ok((false, Some("the enforcement mode `Enroll`".to_owned()))),
        _ => Err(wrong("enforcementMode", "it is none of `Default`, `DoNotEnforce` and `Enroll`")),
    }
}

#[cfg(test)]
mod tests {
    use model::samples;
    use serde_json::json;

    use super::*;

    fn read(more: &Value) -> Result<Assignment, Refused> {
        let whole = samples::whole();
        let path = format!("{whole}/providers/{}/a", Kind::Assignment.name());
        let id = ResourceId::parse(&path, samples::CUSTOMER).unwrap();
        let of = format!("{whole}/providers/{}/p", Kind::Definition.name());
        let mut properties = json!({ "policyDefinitionId": of }).as_object().unwrap().clone();
        properties.extend(more.as_object().unwrap().clone());
        Assignment::read(&id, &properties, samples::CUSTOMER)
    }

    #[test]
    fn an_assignment_holds_at_its_scope_and_below_but_for_what_it_leaves_out() {
        let it =
            read(&json!({ "notScopes": [samples::resource_group("app").to_string()] })).unwrap();
        let (whole, app) = (samples::whole(), samples::resource_group("app"));
        let other = samples::resource_group("apps");
        assert!(it.covers(&[other, whole.clone()]));
        assert!(!it.covers(&[app.clone(), whole]));
        assert!(!it.covers(&[Scope::Subscription(samples::NEIGHBOUR)]));
    }

    #[test]
    fn members_are_what_azure_takes() {
        for bad in [
            json!({ "policyDefinitionId": null }),
            json!({ "policyDefinitionId": samples::whole().to_string() }),
            json!({ "parameters": [] }),
            json!({ "notScopes": "x" }),
            json!({ "notScopes": ["x y"] }),
            json!({ "enforcementMode": "Perhaps" }),
        ] {
            assert!(read(&bad).is_err(), "{bad}");
        }
        let it = read(&json!({ "enforcementMode": "DoNotEnforce", "overrides": [{}] })).unwrap();
        assert!(!it.is_enforced);
        assert_eq!(it.unread.as_deref(), Some("`overrides`"));
        assert_eq!(read(&json!({ "resourceSelectors": [] })).unwrap().unread, None);
        assert!(read(&json!({ "enforcementMode": "Enroll" })).unwrap().unread.is_some());
    }
}
