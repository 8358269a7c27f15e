use model::samples::{self, READER, SUBSCRIPTION, TIER1, whole};
use serde_json::json;

use super::*;

fn put(properties: &serde_json::Value) -> Result<AssignmentPutProperties, String> {
    let body = json!({ "properties": properties });
    let read: Result<AssignmentPut, _> = serde_json::from_value(body);
    read.map(|it| it.properties).map_err(|bad| bad.to_string())
}

#[test]
fn a_role_is_told_by_the_end_of_its_id() {
    let object = samples::object(7);
    for above in [
        "",
        "/subscriptions/11111111-1111-1111-1111-111111111111",
        "/SUBSCRIPTIONS/11111111-1111-1111-1111-111111111111/",
    ] {
        let id = format!("{above}/providers/microsoft.authorization/RoleDefinitions/{READER}");
        let read = put(&json!({ "roleDefinitionId": id, "principalId": object })).unwrap();
        assert_eq!((read.role, read.principal_id, read.principal_type), (READER, object, None));
    }
    for bad in [
        READER.to_string(),
        format!("/providers/Microsoft.Authorization/locks/{READER}"),
        "/providers/Microsoft.Authorization/roleDefinitions/Reader".to_owned(),
    ] {
        let refused = put(&json!({ "roleDefinitionId": bad, "principalId": object })).unwrap_err();
        assert!(refused.contains("is not the id of a role definition"), "{refused}");
    }
}

#[test]
fn the_resource_behind_an_identity_may_be_left_out_in_three_ways() {
    let role = role_id(READER, None);
    let of = |value: serde_json::Value| {
        let member = "delegatedManagedIdentityResourceId";
        put(&json!({ "roleDefinitionId": role, "principalId": samples::object(7), member: value }))
            .map(|it| it.delegated_managed_identity_resource_id)
    };
    assert_eq!(of(json!(null)), Ok(None));
    assert_eq!(of(json!("")), Ok(None));
    let id = format!("{}/providers/Microsoft.Authorization/policyAssignments/p", whole());
    assert_eq!(of(json!(id)).unwrap().unwrap().to_string(), id);
    assert!(of(json!("not an id")).is_err());
}

#[test]
fn an_assignment_is_shown_as_arm_shows_it() {
    let assignment = RoleAssignment {
        principal_type: PrincipalType::Group,
        created_by: Some(samples::object(0xA)),
        ..samples::role_assignment(whole(), TIER1, READER)
    };
    let name = assignment.id.name().to_string();
    let shown = serde_json::to_value(AssignmentBody::new(assignment, Some(SUBSCRIPTION))).unwrap();
    let sub = "/subscriptions/00000000-0000-0000-0000-000000000005";
    let expected = json!({
        "properties": {
            "roleDefinitionId": format!("{sub}/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7"),
            "principalId": "00000000-0000-0000-0000-000000000071",
            "principalType": "Group",
            "scope": sub,
            "condition": null,
            "conditionVersion": null,
            "createdOn": "2026-01-01T00:00:00.0000000Z",
            "updatedOn": "2026-01-01T00:00:00.0000000Z",
            "createdBy": "00000000-0000-0000-0000-00000000000a",
            "updatedBy": null,
            "delegatedManagedIdentityResourceId": null,
            "description": null,
        },
        "id": format!("{sub}/providers/Microsoft.Authorization/roleAssignments/{name}"),
        "type": "Microsoft.Authorization/roleAssignments",
        "name": name,
    });
    assert_eq!(shown, expected);
}

#[test]
fn a_built_in_role_may_be_assigned_anywhere() {
    let role = RoleDefinition {
        id: READER,
        tenant: None,
        name: "Reader".to_owned(),
        description: "Reads.".to_owned(),
        permissions: vec![Permission {
            actions: vec!["*/read".to_owned()],
            ..Permission::default()
        }],
        assignable_scopes: Vec::new(),
        written: None,
    };
    let expected = json!({
        "properties": {
            "roleName": "Reader",
            "type": "BuiltInRole",
            "description": "Reads.",
            "assignableScopes": ["/"],
            "permissions": [{ "actions": ["*/read"], "notActions": [], "dataActions": [], "notDataActions": [] }],
            "createdOn": null,
            "updatedOn": null,
            "createdBy": null,
            "updatedBy": null,
        },
        "id": format!("/providers/Microsoft.Authorization/roleDefinitions/{READER}"),
        "type": "Microsoft.Authorization/roleDefinitions",
        "name": READER,
    });
    assert_eq!(serde_json::to_value(DefinitionBody::new(&role, None)).unwrap(), expected);
}

#[test]
fn a_deny_assignment_against_everyone_names_azures_zero() {
    let name = Uuid::from_u128(9).to_string().parse().unwrap();
    let deny = DenyAssignment {
        id: ids::resource::DenyAssignmentId::at(whole(), name).unwrap(),
        name: "managed".to_owned(),
        description: String::new(),
        permissions: Vec::new(),
        principals: Denied::Everyone,
        exclude: vec![TIER1],
        does_not_apply_to_child_scopes: false,
        is_system_protected: true,
    };
    let shown = serde_json::to_value(DenyBody::new(deny, |_| "Group")).unwrap();
    let zero = json!([{ "id": "00000000-0000-0000-0000-000000000000", "type": "SystemDefined" }]);
    assert_eq!(shown["properties"]["principals"], zero);
    assert_eq!(shown["properties"]["excludePrincipals"][0]["type"], "Group");
    assert_eq!(shown["properties"]["doNotApplyToChildScopes"], false);
}

#[test]
fn a_role_is_read_as_az_and_the_sdks_send_it_and_as_it_was_shown() {
    let read = |body: serde_json::Value| {
        let put: Result<DefinitionPut, _> = serde_json::from_value(body);
        put.map(|it| it.properties).map_err(|bad| bad.to_string())
    };
    let sdk = json!({ "properties": {
        "roleName": "Operator",
        "type": "CustomRole",
        "permissions": [{ "actions": ["*/read"], "notActions": null }],
        "assignableScopes": [whole().to_string()],
    }});
    let sent = read(sdk).unwrap();
    assert_eq!((sent.role_name.as_str(), sent.description), ("Operator", None));
    let permission = Permission::from(sent.permissions.into_iter().next().unwrap());
    let actions = vec!["*/read".to_owned()];
    assert_eq!(permission, Permission { actions, ..Permission::default() });

    let at = samples::now();
    let by = Some(samples::object(0xA));
    let written =
        model::role::Written { created_by: by, created_on: at, updated_by: None, updated_on: at };
    let role = RoleDefinition { written: Some(written), ..samples::custom_role(whole()) };
    let shown = serde_json::to_value(DefinitionBody::new(&role, Some(SUBSCRIPTION))).unwrap();
    assert_eq!(shown["properties"]["createdOn"], "2026-01-01T00:00:00.0000000Z");
    assert_eq!(shown["properties"]["createdBy"], json!(by));
    assert_eq!(read(shown).unwrap().assignable_scopes, [whole().to_string()]);
    for missing in ["roleName", "permissions", "assignableScopes"] {
        let mut body =
            json!({ "properties": { "roleName": "a", "permissions": [], "assignableScopes": [] } });
        body["properties"].as_object_mut().unwrap().remove(missing);
        assert!(read(body).unwrap_err().contains(missing), "{missing}");
    }
}

#[test]
fn a_deny_assignment_names_everyone_alone_or_others() {
    let id = || {
        let name = Uuid::from_u128(9).to_string().parse().unwrap();
        DenyAssignmentId::at(whole(), name).unwrap()
    };
    let read = |principals: serde_json::Value, exclude: serde_json::Value| {
        let put: DenyPut = serde_json::from_value(json!({ "properties": {
            "denyAssignmentName": "kept",
            "permissions": [{ "actions": ["*/delete"] }],
            "principals": principals,
            "excludePrincipals": exclude,
        }}))
        .unwrap();
        put.into_deny(id(), TIER1.tenant).map(|it| (it.principals, it.exclude))
    };
    let everyone = json!({ "id": Uuid::nil(), "type": "SystemDefined" });
    let tier1 = json!({ "id": TIER1.object, "type": "Group" });
    let (none, all) = (serde_json::Value::Null, json!([everyone]));
    assert_eq!(read(all.clone(), none.clone()), Some((Denied::Everyone, Vec::new())));
    assert_eq!(read(all.clone(), json!([tier1])), Some((Denied::Everyone, vec![TIER1])));
    let these = Denied::These(vec![TIER1]);
    assert_eq!(read(json!([tier1]), none.clone()), Some((these, Vec::new())));
    assert_eq!(read(json!([everyone, tier1]), none), None);
    assert_eq!(read(all.clone(), all), None);
}
