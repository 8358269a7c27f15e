//! Locks (`Microsoft.Authorization/locks`; ARM contract, §1.10).

use model::role::{Lock, LockLevel};
use serde::{Deserialize, Serialize};

/// `PUT …/locks/{name}`, the request.
#[derive(Debug, Deserialize)]
#[serde(expecting = "an object")]
pub struct LockPut {
    pub properties: LockPutProperties,
}

/// What a lock is to be. Azure's `owners` is accepted and left out, as Azure does itself.
#[derive(Debug, Deserialize)]
#[serde(expecting = "an object")]
pub struct LockPutProperties {
    pub level: LockLevel,
    pub notes: Option<String>,
}

/// A lock as ARM shows it.
#[derive(Debug, Serialize)]
pub struct LockBody {
    pub properties: LockProperties,
    pub id: String,
    pub r#type: &'static str,
    pub name: String,
}

#[derive(Debug, Serialize)]
pub struct LockProperties {
    pub level: LockLevel,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
}

impl From<Lock> for LockBody {
    fn from(lock: Lock) -> Self {
        let Lock { id, level, notes } = lock;
        let (name, r#type) = (id.name().to_string(), "Microsoft.Authorization/locks");
        Self { properties: LockProperties { level, notes }, id: id.to_string(), r#type, name }
    }
}

#[cfg(test)]
mod tests {
    use ids::resource::LockId;
    use model::samples::whole;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_lock_comes_and_goes_in_one_shape() {
        let sent = json!({ "properties": { "level": "ReadOnly", "notes": "audit", "owners": [] } });
        let LockPut { properties } = serde_json::from_value(sent).unwrap();
        let id = LockId::at(whole(), "l1".parse().unwrap()).unwrap();
        let lock = Lock { id, level: properties.level, notes: properties.notes };
        let sub = "/subscriptions/00000000-0000-0000-0000-000000000005";
        let expected = json!({
            "properties": { "level": "ReadOnly", "notes": "audit" },
            "id": format!("{sub}/providers/Microsoft.Authorization/locks/l1"),
            "type": "Microsoft.Authorization/locks",
            "name": "l1",
        });
        assert_eq!(serde_json::to_value(LockBody::from(lock)).unwrap(), expected);
    }

    #[test]
    fn another_level_is_none() {
        let sent = json!({ "properties": { "level": "NotSpecified" } });
        assert!(serde_json::from_value::<LockPut>(sent).is_err());
    }
}
