//! Resource providers: which types they have, whether a subscription uses them, and which
//! operations they name (ARM contract, §2.4).

use serde::Serialize;

/// A provider as ARM shows it, in a subscription or, without a state, of the tenant.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProviderBody {
    pub id: String,
    pub namespace: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration_state: Option<RegistrationState>,
    pub registration_policy: RegistrationPolicy,
    pub provider_authorization_consent_state: &'static str,
    pub resource_types: Vec<ResourceTypeBody>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum RegistrationState {
    NotRegistered,
    Registered,
    Unregistered,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum RegistrationPolicy {
    RegistrationRequired,
    RegistrationFree,
}

/// One type of a provider.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ResourceTypeBody {
    pub resource_type: String,
    pub locations: Vec<&'static str>,
    pub api_versions: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_api_version: Option<&'static str>,
    pub capabilities: &'static str,
}

/// `GET /providers/Microsoft.Authorization/providerOperations/{namespace}` (2022-04-01).
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProviderOperationsBody {
    pub id: String,
    pub name: String,
    pub r#type: &'static str,
    pub display_name: String,
    pub resource_types: Vec<TypeOperations>,
    pub operations: Vec<OperationBody>,
}

/// The operations on one type.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TypeOperations {
    pub name: String,
    pub display_name: String,
    pub operations: Vec<OperationBody>,
}

/// One operation. Fyr knows the names; it has no texts of its own for them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OperationBody {
    pub name: String,
    pub display_name: String,
    pub description: String,
    pub is_data_action: bool,
}

/// `GET /providers/{namespace}/operations`, one item.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListedOperation {
    pub name: String,
    pub is_data_action: bool,
    pub display: OperationDisplay,
    pub origin: &'static str,
}

/// How a portal names an operation.
#[derive(Debug, Serialize)]
pub struct OperationDisplay {
    pub provider: String,
    pub resource: String,
    pub operation: String,
    pub description: String,
}

impl ListedOperation {
    /// An operation, named without its namespace.
    pub fn new(namespace: &str, name: &str, is_data_action: bool) -> Self {
        Self {
            name: format!("{namespace}/{name}"),
            is_data_action,
            display: OperationDisplay {
                provider: namespace.to_owned(),
                resource: type_of(name).unwrap_or_default().to_owned(),
                operation: name.to_owned(),
                description: String::new(),
            },
            origin: "user,system",
        }
    }
}

impl ProviderOperationsBody {
    /// A provider with the operations on itself and on its types. `operations` are names
    /// without the namespace, and whether each is a data action.
    pub fn new<'a>(namespace: &str, operations: impl IntoIterator<Item = (&'a str, bool)>) -> Self {
        let (mut own, mut types) = (Vec::new(), Vec::<TypeOperations>::new());
        for (name, is_data_action) in operations {
            let operation = OperationBody {
                name: format!("{namespace}/{name}"),
                display_name: name.to_owned(),
                description: String::new(),
                is_data_action,
            };
            let Some(kind) = type_of(name) else {
                own.push(operation);
                continue;
            };
            match types.iter_mut().find(|it| it.name.eq_ignore_ascii_case(kind)) {
                Some(found) => found.operations.push(operation),
                None => types.push(TypeOperations {
                    name: kind.to_owned(),
                    display_name: kind.to_owned(),
                    operations: vec![operation],
                }),
            }
        }
        Self {
            id: format!("/providers/Microsoft.Authorization/providerOperations/{namespace}"),
            name: namespace.to_owned(),
            r#type: "Microsoft.Authorization/providerOperations",
            display_name: namespace.to_owned(),
            resource_types: types,
            operations: own,
        }
    }
}

/// The type that an operation is on: what stands before the verb, and before an action's name.
fn type_of(name: &str) -> Option<&str> {
    let (before, verb) = name.rsplit_once('/')?;
    if verb.eq_ignore_ascii_case("action") {
        return before.rsplit_once('/').map(|(kind, _)| kind);
    }
    Some(before)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn operations_stand_with_their_types() {
        let known = [
            ("register/action", false),
            ("storageAccounts/read", false),
            ("storageAccounts/listKeys/action", false),
            ("storageAccounts/blobServices/containers/blobs/read", true),
        ];
        let body = serde_json::to_value(ProviderOperationsBody::new("Microsoft.Storage", known));
        let body = body.unwrap();
        assert_eq!(body["operations"][0]["name"], "Microsoft.Storage/register/action");
        assert_eq!(body["operations"].as_array().unwrap().len(), 1);
        let types: Vec<(&str, usize)> = body["resourceTypes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| (it["name"].as_str().unwrap(), it["operations"].as_array().unwrap().len()))
            .collect();
        let expected =
            [("storageAccounts", 2), ("storageAccounts/blobServices/containers/blobs", 1)];
        assert_eq!(types, expected);
        assert_eq!(body["resourceTypes"][1]["operations"][0]["isDataAction"], true);
    }

    #[test]
    fn a_provider_is_shown_as_arm_shows_it() {
        let body = ProviderBody {
            id: "/subscriptions/s/providers/Microsoft.ManagedServices".to_owned(),
            namespace: "Microsoft.ManagedServices".to_owned(),
            registration_state: Some(RegistrationState::Registered),
            registration_policy: RegistrationPolicy::RegistrationRequired,
            provider_authorization_consent_state: "NotRequired",
            resource_types: vec![ResourceTypeBody {
                resource_type: "registrationDefinitions".to_owned(),
                locations: Vec::new(),
                api_versions: vec!["2022-10-01"],
                default_api_version: Some("2022-10-01"),
                capabilities: "None",
            }],
        };
        let expected = json!({
            "id": "/subscriptions/s/providers/Microsoft.ManagedServices",
            "namespace": "Microsoft.ManagedServices",
            "registrationState": "Registered",
            "registrationPolicy": "RegistrationRequired",
            "providerAuthorizationConsentState": "NotRequired",
            "resourceTypes": [{
                "resourceType": "registrationDefinitions",
                "locations": [],
                "apiVersions": ["2022-10-01"],
                "defaultApiVersion": "2022-10-01",
                "capabilities": "None",
            }],
        });
        assert_eq!(serde_json::to_value(body).unwrap(), expected);
    }
}
