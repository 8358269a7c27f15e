use serde::Deserialize;

use super::*;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct BuiltIn {
    name: RoleId,
    role_name: String,
    #[serde(flatten)]
    whole: Permission,
    #[serde(default)]
    permissions: Vec<Permission>,
}

#[derive(Deserialize)]
struct Support {
    name: RoleId,
    supported: bool,
    limited: bool,
    reasons: Vec<String>,
}

fn built_in() -> Vec<RoleDefinition> {
    let raw = include_str!("../../../access/data/builtin-roles.json");
    let roles: Vec<BuiltIn> = serde_json::from_str(raw).unwrap();
    let role = |it: BuiltIn| RoleDefinition {
        id: it.name,
        tenant: None,
        name: it.role_name,
        description: String::new(),
        permissions: if it.permissions.is_empty() { vec![it.whole] } else { it.permissions },
        assignable_scopes: Vec::new(),
        written: None,
    };
    roles.into_iter().map(role).collect()
}

#[test]
fn b21_to_b25_select_the_documented_roles_among_all_928() {
    let owned = built_in();
    let roles: Roles<'_> = owned.iter().map(|role| (role.id, role)).collect();
    let raw = include_str!("../../tests/data/lighthouse-role-support.json");
    let documented: Vec<Support> = serde_json::from_str(raw).unwrap();
    assert_eq!((documented.len(), roles.len()), (928, 928));
    for it in documented {
        let name = &roles[&it.name].name;
        let verdict = delegable(it.name, &roles);
        assert_eq!(verdict.is_ok(), it.supported, "{name}: {verdict:?}");
        assert_eq!(verdict == Err(Why::UserAccessAdministrator), it.limited, "{name}");
        let data = it.reasons.iter().any(|reason| reason == "dataActions");
        let listed = it.reasons.iter().any(|reason| reason.starts_with("forbiddenActionListed"));
        match verdict {
            Ok(()) => assert!(it.reasons.is_empty(), "{name}"),
            Err(Why::DataActions) => assert!(data && !listed, "{name}"),
            Err(Why::RestrictedActions | Why::UserAccessAdministrator) => assert!(listed, "{name}"),
            Err(Why::Owner) => assert_eq!(it.reasons, ["Owner", "effectiveForbidden"]),
            Err(Why::NotBuiltIn) => panic!("{name} is built in"),
        }
    }
}

#[test]
fn b21_a_tenants_own_role_is_none_even_under_a_built_ins_guid() {
    let mut own = built_in().swap_remove(1);
    own.tenant = Some(model::samples::CUSTOMER);
    let roles = Roles::from([(own.id, &own)]);
    assert_eq!(delegable(own.id, &roles), Err(Why::NotBuiltIn));
}

#[test]
fn b29_a_role_that_reaches_data_may_be_listed_though_not_granted() {
    let owned = built_in();
    let roles: Roles<'_> = owned.iter().map(|role| (role.id, role)).collect();
    let log_analytics = "92aaf0da-9dab-42b6-94a3-d43ce8d16293".parse().unwrap();
    assert_eq!(delegable(log_analytics, &roles), Err(Why::DataActions));
    assert!(listable(log_analytics, &roles).is_ok());
    for never in [OWNER, USER_ACCESS_ADMINISTRATOR] {
        assert!(listable(never, &roles).is_err());
    }
}
