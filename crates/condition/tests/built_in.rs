//! The conditions that Azure's own roles carry, and those that its documentation shows the form of.
#![expect(clippy::unwrap_used, reason = "test code")]

use condition::{
    attribute::{Attribute, Source},
    condition::Condition,
    facts::{Facts, Known},
    value::Value,
};
use serde_json::Value as Json;
use uuid::Uuid;

const ROLES: &str = include_str!("../../access/data/builtin-roles.json");

fn conditions() -> Vec<(String, String)> {
    let roles: Json = serde_json::from_str(ROLES).unwrap();
    let mut found = Vec::new();
    for role in roles.as_array().unwrap() {
        let permissions = role["permissions"].as_array().into_iter().flatten();
        for condition in permissions.filter_map(|it| it["condition"].as_str()) {
            found.push((role["roleName"].as_str().unwrap().to_owned(), condition.to_owned()));
        }
    }
    found
}

#[test]
fn every_condition_of_a_built_in_role_is_read_and_written_down_the_same() {
    let all = conditions();
    let mut roles: Vec<&str> = all.iter().map(|(role, _)| role.as_str()).collect();
    roles.dedup();
    assert_eq!((all.len(), roles.len()), (31, 29));
    for (role, text) in all {
        let read = Condition::parse(&text).unwrap_or_else(|refused| panic!("{role}: {refused}"));
        let written = read.to_string();
        assert_eq!(Condition::parse(&written).as_ref(), Ok(&read), "{role}: {written}");
        assert_eq!(Condition::parse(&written).unwrap().to_string(), written, "{role}");
    }
}

/// Facts of a role assignment that is written or deleted.
fn assigning(action: &'static str, source: Source, role: &str, kind: &str) -> Facts<'static> {
    let of = |name| Attribute::new(source, "Microsoft.Authorization/roleAssignments", name);
    Facts::new(action)
        .with(of("RoleDefinitionId"), Known::Is(vec![Value::Guid(role.parse::<Uuid>().unwrap())]))
        .with(of("PrincipalType"), Known::Is(vec![Value::Text(kind.to_owned())]))
}

const WRITE: &str = "Microsoft.Authorization/roleAssignments/write";
const DELETE: &str = "Microsoft.Authorization/roleAssignments/delete";
const KEY_VAULT_READER: &str = "21090545-7ca7-4776-b22c-e363652d74d2";
const OWNER: &str = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";

#[track_caller]
fn check(role: &str, facts: &Facts<'_>, expected: bool) {
    let (_, text) = conditions().into_iter().find(|(name, _)| name == role).unwrap();
    let condition = Condition::parse(&text).unwrap();
    assert_eq!(condition.holds(facts), expected, "{role}: {facts:?}");
}

#[test]
fn a_key_vault_data_access_administrator_gives_and_takes_the_roles_of_key_vaults_only() {
    let role = "Key Vault Data Access Administrator";
    let facts = |action, source, role| assigning(action, source, role, "User");
    check(role, &facts(WRITE, Source::Request, KEY_VAULT_READER), true);
    check(role, &facts(WRITE, Source::Request, OWNER), false);
    check(role, &facts(WRITE, Source::Resource, KEY_VAULT_READER), false);
    check(role, &facts(DELETE, Source::Resource, KEY_VAULT_READER), true);
    check(role, &facts(DELETE, Source::Resource, OWNER), false);
    check(role, &facts(DELETE, Source::Request, KEY_VAULT_READER), false);
    check(role, &Facts::new("Microsoft.KeyVault/vaults/read"), true);
    check(role, &Facts::new(WRITE), false);
}

#[test]
fn a_file_sync_administrator_gives_roles_to_service_principals_only() {
    let role = "Azure File Sync Administrator";
    let listed = "c12c1c16-33a1-487b-954d-41c89c60f349";
    check(role, &assigning(WRITE, Source::Request, listed, "ServicePrincipal"), true);
    check(role, &assigning(WRITE, Source::Request, listed, "serviceprincipal"), true);
    check(role, &assigning(WRITE, Source::Request, listed, "User"), false);
}

#[test]
fn a_condition_on_what_nobody_knows_holds_for_nobody() {
    let role = "Oracle Database DbSystems Administrator";
    check(role, &Facts::new("Oracle.Database/dbSystems/a/read"), false);
}

/// The forms of Azure's examples for storage, each once.
#[test]
fn the_forms_of_azures_examples_are_read_and_written_down_the_same() {
    let read = "!(ActionMatches{'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'} AND NOT SubOperationMatches{'Blob.List'})";
    let blobs = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs";
    for expression in [
        format!("@Resource[{blobs}/tags:Project<$key_case_sensitive$>] StringEqualsIgnoreCase 'Cascade'"),
        format!("@Request[{blobs}/tags&$keys$&] ForAllOfAnyValues:StringEquals {{'Project', 'Program'}}"),
        format!("@Request[{blobs}:versionId] DateTimeEquals '2022-06-01T23:38:32.8883645Z'"),
        format!("NOT Exists @Request[{blobs}:versionId]"),
        format!("@Resource[{blobs}:path] StringLike 'logs/*'"),
        format!("@Request[{blobs}:prefix] StringStartsWith 'readonly/'"),
        "@Resource[Microsoft.Storage/storageAccounts:isHnsEnabled] BoolEquals true".to_owned(),
        "@Environment[isPrivateLink] BoolEquals true".to_owned(),
        "@Environment[Microsoft.Network/virtualNetworks/subnets] StringEqualsIgnoreCase '/subscriptions/s/resourceGroups/g'".to_owned(),
        format!("@Principal[Microsoft.Directory/CustomSecurityAttributes/Id:Engineering_Project] StringEquals @Resource[{blobs}/tags:Project<$key_case_sensitive$>]"),
        format!("@Resource[{blobs}/tags:Project<$key_case_sensitive$>] ForAnyOfAnyValues:StringEquals @Principal[Microsoft.Directory/CustomSecurityAttributes/Id:Engineering_Project]"),
        "@Environment[UtcNow] DateTimeGreaterThan '2023-05-01T13:00:00.0Z'".to_owned(),
    ] {
        let text = format!("(\n (\n  {read}\n )\n OR \n (\n  {expression}\n )\n)\n");
        let read = Condition::parse(&text).unwrap_or_else(|refused| panic!("{text}: {refused}"));
        assert_eq!(Condition::parse(&read.to_string()), Ok(read), "{text}");
    }
}
