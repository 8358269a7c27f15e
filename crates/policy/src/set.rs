//! Policy set definitions (initiatives): several definitions, assigned together.

use ids::{guid::TenantId, resource::ResourceId};
use serde_json::{Map, Value};

use crate::{
    condition::Term,
    definition::{Texts, declarations, member},
    kind::Kind,
    parameters::{Declarations, Values},
    refused::Refused,
};

/// Azure's bound.
const MEMBERS_MAX: usize = 1_000;

/// A policy set definition.
#[derive(Clone, Debug, PartialEq)]
pub struct Set {
    pub id: ResourceId,
    pub display_name: Option<String>,
    pub version: Option<String>,
    pub parameters: Declarations,
    pub members: Vec<Member>,
}

/// One definition of a set.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    pub definition: ResourceId,
    /// What exemptions and answers call it.
    pub reference: String,
    /// `{name: {value}}`; values may name parameters of the set.
    given: Map<String, Value>,
}

impl Set {
    /// Reads the properties of a set. `home` is the tenant that its ids are read in.
    pub fn read(
        id: &ResourceId,
        properties: &Map<String, Value>,
        home: TenantId,
    ) -> Result<Self, Refused> {
        let texts = Texts::read(Kind::Set, properties)?;
        let parameters = declarations(Kind::Set, properties)?;
        let listed = properties.get("policyDefinitions").and_then(Value::as_array);
        let wrong = |reason: &str| member(Kind::Set, "policyDefinitions", reason);
        let listed = listed.filter(|it| !it.is_empty());
        let listed = listed.ok_or_else(|| wrong("it is no list of definitions"))?;
        if listed.len() > MEMBERS_MAX {
            return Err(wrong("it holds more than 1000 definitions"));
        }
        let mut members: Vec<Member> = Vec::with_capacity(listed.len());
        for said in listed {
            let one = Member::read(said, home)?;
            if members.iter().any(|it| it.reference.eq_ignore_ascii_case(&one.reference)) {
                return Err(wrong("a policyDefinitionReferenceId is there twice"));
            }
            members.push(one);
        }
        let Texts { display_name, version } = texts;
        let set = Self { id: id.clone(), display_name, version, parameters, members };
        set.names_only_what_it_declares()?;
        Ok(set)
    }

    fn names_only_what_it_declares(&self) -> Result<(), Refused> {
        let values =
            self.members.iter().flat_map(|it| it.given.values()).filter_map(|it| it.get("value"));
        for value in values {
            if let Ok(Term::Parameter(parameter)) = Term::read(value)
                && self.parameters.get(&parameter).is_none()
            {
                return Err(Refused::UndefinedInRule { policy: self.id.name().clone(), parameter });
            }
        }
        Ok(())
    }
}

/// The properties as they are kept: each definition with a name of its own in the set.
#[must_use]
pub fn settled(mut properties: Map<String, Value>) -> Map<String, Value> {
    properties.insert("policyType".to_owned(), "Custom".into());
    let listed = properties.get_mut("policyDefinitions").and_then(Value::as_array_mut);
    for said in listed.into_iter().flatten() {
        let name = reference(said);
        if let Some(members) = said.as_object_mut() {
            members.insert("policyDefinitionReferenceId".to_owned(), name.into());
        }
    }
    properties
}

/// The name that the member was given, or that of its definition.
fn reference(said: &Value) -> String {
    let text = |name: &str| said.get(name).and_then(Value::as_str).filter(|it| !it.is_empty());
    let of_definition =
        || text("policyDefinitionId").and_then(|id| id.trim_end_matches('/').rsplit('/').next());
    let name = text("policyDefinitionReferenceId").or_else(of_definition);
    name.unwrap_or_default().to_owned()
}

impl Member {
    fn read(said: &Value, home: TenantId) -> Result<Self, Refused> {
        let wrong = |reason: &str| member(Kind::Set, "policyDefinitions", reason);
        let id = said.get("policyDefinitionId").and_then(Value::as_str);
        let id = id.and_then(|id| ResourceId::parse(id, home).ok());
        let definition = id.filter(|id| Kind::of(id) == Some(Kind::Definition));
        let definition =
            definition.ok_or_else(|| wrong("a policyDefinitionId is that of no definition"))?;
        let given = match said.get("parameters") {
            None | Some(Value::Null) => Map::new(),
            Some(Value::Object(given)) => given.clone(),
            Some(_) => return Err(wrong("the parameters of a definition are no object")),
        };
        Ok(Self { definition, reference: reference(said), given })
    }

    /// What it tells its definition, as it stands.
    pub fn given(&self) -> &Map<String, Value> {
        &self.given
    }

    /// The same, once the set's own parameters are known.
    pub fn told(&self, of_set: &Values) -> Map<String, Value> {
        let tell = |said: &Value| {
            let mut said = said.clone();
            if let Some(value) = said.get_mut("value") {
                let known = Term::read(value).map(|term| term.value(of_set).into_owned());
                *value = known.unwrap_or_else(|_| value.clone());
            }
            said
        };
        self.given.iter().map(|(name, said)| (name.clone(), tell(said))).collect()
    }

    /// What in it Fyr does not evaluate.
    pub fn unread(&self) -> Option<String> {
        let values = self.given.values().filter_map(|said| said.get("value"));
        let open =
            values.filter_map(Value::as_str).find(|text| Term::read(&(*text).into()).is_err());
        open.map(|text| format!("the expression `{}`", text.chars().take(120).collect::<String>()))
    }
}

/// Whether a value stands for a parameter of the set, and fits any type until that is known.
pub fn is_open(value: &Value) -> bool {
    matches!(Term::read(value), Ok(Term::Parameter(_)) | Err(_)) && value.is_string()
}

#[cfg(test)]
mod tests {
    use model::samples;
    use serde_json::json;

    use super::*;

    fn read(properties: &Value) -> Result<Set, Refused> {
        let path = format!("{}/providers/{}/s", samples::whole(), Kind::Set.name());
        let id = ResourceId::parse(&path, samples::CUSTOMER).unwrap();
        Set::read(&id, properties.as_object().unwrap(), samples::CUSTOMER)
    }

    fn definition(name: &str) -> String {
        format!("{}/providers/{}/{name}", samples::whole(), Kind::Definition.name())
    }

    #[test]
    fn a_set_is_a_list_of_definitions_each_with_a_name_of_its_own() {
        let one = json!({ "policyDefinitionId": definition("a") });
        let whole = json!({ "policyDefinitions": [one, { "policyDefinitionId": definition("b"), "policyDefinitionReferenceId": "B" }] });
        let names: Vec<String> =
            read(&whole).unwrap().members.into_iter().map(|it| it.reference).collect();
        assert_eq!(names, ["a", "B"]);
        let kept = settled(whole.as_object().unwrap().clone());
        assert_eq!(kept["policyDefinitions"][0]["policyDefinitionReferenceId"], "a");
        for bad in [
            json!({}),
            json!({ "policyDefinitions": [] }),
            json!({ "policyDefinitions": [{}] }),
            json!({ "policyDefinitions": [one, one] }),
            json!({ "policyDefinitions": [{ "policyDefinitionId": samples::whole().to_string() }] }),
            json!({ "policyDefinitions": [{ "policyDefinitionId": definition("a"), "parameters": 3 }] }),
            json!({ "policyDefinitions": [{
                "policyDefinitionId": definition("a"),
                "parameters": { "x": { "value": "[parameters('undeclared')]" } },
            }]}),
        ] {
            assert!(read(&bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_member_is_told_what_the_set_is_told() {
        let set = read(&json!({
            "parameters": { "tenants": { "type": "Array" } },
            "policyDefinitions": [{
                "policyDefinitionId": definition("a"),
                "parameters": { "list": { "value": "[parameters('tenants')]" }, "x": { "value": "y" } },
            }],
        }))
        .unwrap();
        let given = json!({ "tenants": { "value": ["t"] } });
        let values = set.parameters.bind(given.as_object().unwrap()).unwrap();
        let told = set.members[0].told(&values);
        assert_eq!(told["list"]["value"], json!(["t"]));
        assert_eq!(told["x"]["value"], "y");
        assert!(is_open(&set.members[0].given()["list"]["value"]));
        assert!(!is_open(&json!("y")) && !is_open(&json!(["y"])));
        assert_eq!(set.members[0].unread(), None);
    }
}
