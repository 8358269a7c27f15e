//! What the rules about manifests are told of roles.

use std::collections::{BTreeMap, BTreeSet};

use access::catalogue::Catalogue;
use delegation::delegable::{Roles, Why, delegable};
use ids::{guid::RoleId, scope::BadId};
use market::{
    lint::manifest::{RoleFacts, Special},
    rights::Rights,
    secrets,
};
use model::{
    delegation::Authorization,
    market::manifest::Manifest,
    role::{DELETE_ROLE, OWNER, Permission, RoleDefinition, USER_ACCESS_ADMINISTRATOR},
};

use super::effective::effective;

/// Of each built-in role that the manifest names.
pub fn role_facts(
    manifest: &Manifest,
    operations: &[&str],
) -> Result<BTreeMap<RoleId, RoleFacts>, BadId> {
    let catalogue = Catalogue::builtin();
    let roles: Roles<'_> =
        named(manifest).into_iter().filter_map(|id| Some((id, catalogue.role(id)?))).collect();
    let facts = |role: &RoleDefinition| Ok((role.id, about(role, &roles, manifest, operations)?));
    roles.values().map(|role| facts(role)).collect()
}

/// The built-in roles that may be given always, by name: what a publisher chooses from. User Access
/// Administrator is among them, which may be given with a list of roles only.
pub fn offered() -> Vec<(RoleId, String)> {
    let catalogue = Catalogue::builtin();
    let all: Roles<'_> = catalogue.roles().map(|role| (role.id, role)).collect();
    let is_offered = |id: RoleId| id == USER_ACCESS_ADMINISTRATOR || delegable(id, &all).is_ok();
    let offered = all.values().filter(|role| is_offered(role.id));
    let mut offered: Vec<_> = offered.map(|role| (role.id, role.name.clone())).collect();
    offered.sort_by(|(_, one), (_, other)| one.cmp(other));
    offered
}

/// The roles that a manifest gives, or lets somebody give.
pub fn named(manifest: &Manifest) -> BTreeSet<RoleId> {
    let given = manifest.authorizations.iter().flat_map(|it| it.delegated_roles.iter().flatten());
    let held = manifest.authorizations.iter().map(|it| it.role);
    held.chain(given.copied()).chain(manifest.eligible.iter().map(|it| it.role)).collect()
}

fn about(
    role: &RoleDefinition,
    roles: &Roles<'_>,
    manifest: &Manifest,
    operations: &[&str],
) -> Result<RoleFacts, BadId> {
    let rights = delegated(role.id, manifest, operations)?;
    let is_data = |it: &Permission| !it.data_actions.is_empty();
    Ok(RoleFacts {
        name: role.name.clone(),
        delegable: delegable(role.id, roles).map_err(|why| told(why).to_owned()),
        special: special(role.id),
        reads: rights.operations.iter().any(|it| reads(it)),
        writes: rights.operations.iter().any(|it| !reads(it)),
        reveals: rights
            .operations
            .iter()
            .find(|it| secrets::reveals(it))
            .map(|it| (*it).to_owned()),
        reaches_data: role.permissions.iter().any(is_data),
    })
}

/// Whether it only looks. Some providers spell it with a capital letter.
pub(super) fn reads(operation: &str) -> bool {
    operation.rsplit('/').next().is_some_and(|verb| verb.eq_ignore_ascii_case("read"))
}

/// What the role alone gives to somebody.
pub(super) fn delegated<'a>(
    role: RoleId,
    manifest: &Manifest,
    operations: &[&'a str],
) -> Result<Rights<'a>, BadId> {
    let Some(principal) = manifest.principals().first().copied() else {
        return Ok(Rights::default());
    };
    let only = Authorization { principal, role, display_name: None, delegated_roles: None };
    let alone =
        Manifest { tenant: manifest.tenant, authorizations: vec![only], eligible: Vec::new() };
    let mut found = effective(&alone, operations)?;
    Ok(found.held.remove(&principal).map(|it| it.always).unwrap_or_default())
}

fn special(role: RoleId) -> Option<Special> {
    if role == OWNER {
        Some(Special::Owner)
    } else if role == USER_ACCESS_ADMINISTRATOR {
        Some(Special::UserAccessAdministrator)
    } else {
        (role == DELETE_ROLE).then_some(Special::DeleteRole)
    }
}

fn told(why: Why) -> &'static str {
    match why {
        Why::NotBuiltIn => "it is no built-in role",
        Why::Owner => "Owner is never delegated",
        Why::DataActions => "it has data actions",
        Why::RestrictedActions => "it gives access away, or lifts what guards it",
        Why::UserAccessAdministrator => "it is delegated only with roles that it may give",
    }
}

#[cfg(test)]
mod tests {
    use model::samples::{CONTRIBUTOR, OWNER, PROVIDER, READER, USER_ACCESS_ADMINISTRATOR, object};

    use uuid::Uuid;

    use super::*;

    #[test]
    fn what_is_offered_may_be_delegated_and_nothing_else_is_offered() {
        let offered = offered();
        assert!(offered.is_sorted_by(|(_, one), (_, other)| one <= other));
        let has = |id: RoleId| offered.iter().any(|(it, _)| *it == id);
        for id in [READER, CONTRIBUTOR, DELETE_ROLE, USER_ACCESS_ADMINISTRATOR] {
            assert!(has(id), "{id}");
        }
        let blobs: RoleId = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1".parse().unwrap();
        assert!(!has(OWNER) && !has(blobs), "neither Owner nor what reaches data");
    }

    #[test]
    fn what_is_told_of_a_role_is_what_its_delegation_gives() {
        let blobs: RoleId = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1".parse().unwrap();
        let given = |role, listed: &[RoleId]| Authorization {
            principal: object(1),
            role,
            display_name: None,
            delegated_roles: Some(listed.to_vec()),
        };
        let unknown = RoleId::new(Uuid::from_u128(0xBAD));
        let manifest = Manifest {
            tenant: PROVIDER,
            authorizations: vec![
                given(READER, &[]),
                given(DELETE_ROLE, &[]),
                given(USER_ACCESS_ADMINISTRATOR, &[CONTRIBUTOR, OWNER, blobs, unknown]),
            ],
            eligible: Vec::new(),
        };
        let operations = [
            "Microsoft.Storage/storageAccounts/read",
            "Microsoft.Storage/storageAccounts/listKeys/action",
            "Microsoft.ManagedServices/registrationAssignments/delete",
            "Microsoft.Attestation/attestationProviders/Read",
        ];
        let facts = role_facts(&manifest, &operations).unwrap();
        assert_eq!(facts.len(), 6, "an unknown role is not among them");
        let reader = &facts[&READER];
        assert!(reader.reads && !reader.writes && reader.delegable.is_ok());
        let contributor = &facts[&CONTRIBUTOR];
        assert!(contributor.writes && contributor.reveals.as_deref() == Some(operations[1]));
        assert!(facts[&blobs].reaches_data && facts[&blobs].delegable.is_err());
        assert_eq!(facts[&DELETE_ROLE].special, Some(Special::DeleteRole));
        let owner = &facts[&OWNER];
        assert!(owner.delegable.is_err() && !owner.reads, "a delegation of it gives nothing");
    }
}
