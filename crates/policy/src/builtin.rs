//! Azure's own definitions of the category *Lighthouse*: at every tenant, and nobody's to change.
//!
//! `data/*.json` is Azure/azure-policy (MIT), unchanged.

use std::sync::OnceLock;

use ids::{resource::ResourceId, scope::Scope};
use serde_json::{Map, Value};

use crate::kind::Kind;

const SOURCES: [&str; 2] = [
    include_str!("../data/AllowCertainManagingTenantIds_Deny.json"),
    include_str!("../data/Delegations_Audit.json"),
];

/// One of Azure's own definitions.
#[derive(Clone, Debug, PartialEq)]
pub struct BuiltIn {
    /// A GUID, which its id ends with.
    pub name: String,
    pub properties: Map<String, Value>,
}

/// All of them.
pub fn all() -> &'static [BuiltIn] {
    static ALL: OnceLock<Vec<BuiltIn>> = OnceLock::new();
    ALL.get_or_init(|| SOURCES.into_iter().map(read).collect())
}

/// The properties of that one.
pub fn find(id: &ResourceId) -> Option<&'static Map<String, Value>> {
    let is_one = matches!(id.scope(), Scope::Tenant(_)) && id.is_a(Kind::Definition.name());
    let found = all().iter().filter(|_| is_one).find(|it| id.name().is(&it.name));
    found.map(|it| &it.properties)
}

#[expect(clippy::expect_used, reason = "the data is part of the program; a test reads it")]
fn read(source: &str) -> BuiltIn {
    let whole: Value = serde_json::from_str(source).expect("the data is JSON");
    let member = |name: &str| whole.get(name).cloned().unwrap_or_default();
    let name = member("name").as_str().unwrap_or_default().to_owned();
    let properties = match member("properties") {
        Value::Object(properties) => properties,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Map::new()
        }
    };
    BuiltIn { name, properties }
}

#[cfg(test)]
mod tests {
    use model::samples;

    use super::*;
    use crate::{definition::Definition, enforcement::Enforcement};

    #[test]
    fn azures_own_definitions_are_found_at_every_tenant_and_enforced_whole() {
        for it in all() {
            let path = format!("/providers/{}/{}", Kind::Definition.name(), it.name.to_uppercase());
            for tenant in [samples::CUSTOMER, samples::PROVIDER] {
                let id = ResourceId::parse(&path, tenant).unwrap();
                assert_eq!(find(&id), Some(&it.properties));
                let definition = Definition::read(&id, &it.properties).unwrap();
                assert_eq!(Enforcement::of(&definition, None), Enforcement::Whole);
            }
            let below = format!("{}{path}", samples::whole());
            assert_eq!(find(&ResourceId::parse(&below, samples::CUSTOMER).unwrap()), None);
        }
        assert_eq!(all().len(), 2);
    }
}
