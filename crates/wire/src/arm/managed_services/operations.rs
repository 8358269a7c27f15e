//! What the provider can be asked for, as it tells itself.

use serde::Serialize;

/// The list of operations.
#[derive(Debug, Serialize)]
pub struct OperationList {
    pub value: Vec<Operation>,
}

/// One operation.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Operation {
    pub name: String,
    pub display: Display,
}

/// An operation in words for people.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Display {
    pub provider: &'static str,
    pub resource: &'static str,
    pub operation: String,
    pub description: String,
}

const DEFINITION: &str = "Managed Services Registration Definition";
const ASSIGNMENT: &str = "Managed Services Registration Assignment";
const MARKETPLACE: &str = "Managed Services Marketplace Registration Definition";

/// Below the namespace: the name, its resource and what it does.
const OPERATIONS: [(&str, &str, &str); 11] = [
    ("register/action", "Managed Services", "Register for Managed Services"),
    ("unregister/action", "Managed Services", "Unregister from Managed Services"),
    (
        "marketplaceRegistrationDefinitions/read",
        MARKETPLACE,
        "List Managed Services Marketplace Registration Definitions",
    ),
    ("operations/read", "Managed Services Operation", "List Managed Services Operations"),
    (
        "operationStatuses/read",
        "Managed Services Operation Status",
        "Read Managed Services Operation Status",
    ),
    ("registrationAssignments/read", ASSIGNMENT, "List Managed Services Registration Assignments"),
    ("registrationAssignments/write", ASSIGNMENT, "Add Managed Services Registration Assignment"),
    (
        "registrationAssignments/delete",
        ASSIGNMENT,
        "Remove Managed Services Registration Assignment",
    ),
    ("registrationDefinitions/read", DEFINITION, "List Managed Services Registration Definitions"),
    (
        "registrationDefinitions/write",
        DEFINITION,
        "Add or Modify Managed Services Registration Definition",
    ),
    (
        "registrationDefinitions/delete",
        DEFINITION,
        "Remove Managed Services Registration Definition",
    ),
];

/// Everything the provider can be asked for.
pub fn operations() -> OperationList {
    let value = OPERATIONS.iter().map(|&(name, resource, operation)| Operation {
        name: format!("Microsoft.ManagedServices/{name}"),
        display: Display {
            provider: "Microsoft Managed Services",
            resource,
            operation: operation.to_owned(),
            description: format!("{operation}."),
        },
    });
    OperationList { value: value.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_reads_as_azures_example() {
        let read = operations()
            .value
            .into_iter()
            .find(|it| it.name == "Microsoft.ManagedServices/registrationDefinitions/read");
        assert_eq!(
            serde_json::to_string(&read).unwrap(),
            r#"{"name":"Microsoft.ManagedServices/registrationDefinitions/read","display":{"provider":"Microsoft Managed Services","resource":"Managed Services Registration Definition","operation":"List Managed Services Registration Definitions","description":"List Managed Services Registration Definitions."}}"#
        );
    }
}
