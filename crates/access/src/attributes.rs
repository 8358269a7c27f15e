//! Which attributes a condition may name
//! (<https://learn.microsoft.com/azure/role-based-access-control/conditions-authorization-actions-attributes>).
//!
//! Of role assignments, of who asks and of where they ask from, Azure lists them all. Of what providers
//! keep, each has its own, and only the provider is looked at: one that none of Azure's roles is about has
//! nothing that a role could depend on.

use std::{collections::BTreeSet, sync::OnceLock};

use condition::{
    attribute::{Attribute, Source},
    condition::Condition,
};
use model::role::Permission;

use crate::{catalogue::Catalogue, conditional::ASSIGNMENTS};

/// What is known of a role assignment that is written or deleted.
const OF_ASSIGNMENTS: [&str; 3] = ["RoleDefinitionId", "PrincipalId", "PrincipalType"];
/// Custom security attributes.
const OF_PRINCIPALS: &str = "Microsoft.Directory/CustomSecurityAttributes/Id";
const OF_ENVIRONMENTS: [&str; 4] = [
    "isPrivateLink",
    "Microsoft.Network/privateEndpoints",
    "Microsoft.Network/virtualNetworks/subnets",
    "UtcNow",
];

/// Whether there is such an attribute.
pub fn is_known(attribute: &Attribute) -> bool {
    let path = attribute.path();
    match attribute.source() {
        Source::Principal => path.eq_ignore_ascii_case(OF_PRINCIPALS) && attribute.name().is_some(),
        Source::Environment => {
            let is_one = |it: &&str| path.eq_ignore_ascii_case(it);
            attribute.name().is_none() && OF_ENVIRONMENTS.iter().any(is_one)
        }
        Source::Request | Source::Resource if path.eq_ignore_ascii_case(ASSIGNMENTS) => {
            let name = attribute.name().unwrap_or_default();
            OF_ASSIGNMENTS.iter().any(|it| it.eq_ignore_ascii_case(name))
        }
        Source::Request | Source::Resource => {
            let provider = path.split('/').next().unwrap_or_default().to_ascii_lowercase();
            let Named { providers, attributes } = named();
            providers.contains(&provider) || attributes.iter().any(|it| it.means(attribute))
        }
    }
}

/// What Azure's own roles name.
struct Named {
    /// In lower case.
    providers: BTreeSet<String>,
    attributes: Vec<Attribute>,
}

fn named() -> &'static Named {
    static NAMED: OnceLock<Named> = OnceLock::new();
    NAMED.get_or_init(|| {
        let catalogue = Catalogue::builtin();
        let permissions = || catalogue.roles().flat_map(|role| &role.permissions);
        let conditions = permissions().filter_map(|it| it.condition.as_deref());
        let conditions = conditions.filter_map(|text| Condition::parse(text).ok());
        let attributes = conditions
            .flat_map(|it| it.attributes().into_iter().cloned().collect::<Vec<_>>())
            .collect();
        Named { providers: permissions().flat_map(providers).collect(), attributes }
    })
}

/// The providers of all actions that a permission object names.
fn providers(permission: &Permission) -> impl Iterator<Item = String> {
    let actions = permission.actions.iter().chain(&permission.data_actions);
    let first = |action: &String| action.trim().split('/').next().map(str::to_ascii_lowercase);
    actions.filter_map(first).filter(|it| it.contains('.') && !it.contains('*'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(text: &str) -> bool {
        Condition::parse_of(&format!("Exists {text}"), is_known).is_ok()
    }

    #[test]
    fn an_attribute_is_one_that_azure_lists_or_of_a_provider_that_its_roles_are_about() {
        for attribute in [
            "@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId]",
            "@Resource[microsoft.authorization/ROLEASSIGNMENTS:principaltype]",
            "@Resource[Microsoft.Storage/storageAccounts/blobServices/containers/blobs:path]",
            "@Resource[Microsoft.Storage/storageAccounts/blobServices/containers/blobs/tags:Project<$key_case_sensitive$>]",
            "@Request[Microsoft.Storage/storageAccounts/blobServices/containers/blobs/tags&$keys$&]",
            "@Principal[Microsoft.Directory/CustomSecurityAttributes/Id:Engineering_Project]",
            "@Environment[isPrivateLink]",
            "@Environment[utcnow]",
            "@Environment[Microsoft.Network/privateEndpoints]",
            "@Resource[HasObotoken]",
        ] {
            assert!(known(attribute), "{attribute}");
        }
        for attribute in [
            "@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionID2]",
            "@Request[Microsoft.Authorization/roleAssignments]",
            "@Resource[Microsoft.Storrage/storageAccounts:name]",
            "@Resource[x]",
            "@Request[HasObotoken]",
            "@Principal[Microsoft.Directory/CustomSecurityAttributes/Id]",
            "@Principal[Microsoft.Storage/storageAccounts:name]",
            "@Environment[UtcNow:x]",
            "@Environment[Weather]",
        ] {
            assert!(!known(attribute), "{attribute}");
        }
    }

    #[test]
    fn all_that_azures_own_roles_depend_on_is_known() {
        let catalogue = Catalogue::builtin();
        let all = catalogue.roles().flat_map(|role| &role.permissions);
        let conditions: Vec<&str> = all.filter_map(|it| it.condition.as_deref()).collect();
        assert!(conditions.len() > 20, "{}", conditions.len());
        for text in conditions {
            Condition::parse_of(text, is_known).unwrap();
        }
    }
}
