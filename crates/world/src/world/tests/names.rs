//! What ids follow from, and how things are referred to.

use super::*;

#[test]
fn ids_follow_from_names_unless_they_are_given() {
    let by_name = declared(&contoso("  users: [{name: ada}]"));
    let again = declared(&contoso("  users: [{name: Ada}]").replace("contoso\n", "Contoso\n"));
    let id = |world: &World| {
        world.nouns.iter().find_map(|noun| {
            let Noun::User(user) = noun else { return None };
            Some(user.principal)
        })
    };
    assert_eq!(id(&by_name), id(&again));
    let given = contoso(
        "  id: 00000000-0000-0000-0000-00000000000c\n  users: [{name: ada, id: 00000000-0000-0000-0000-00000000000a}]",
    );
    let principal = id(&declared(&given)).unwrap();
    assert_eq!(principal.tenant, TenantId::new(Uuid::from_u128(0xc)));
    assert_eq!(principal.object.raw(), Uuid::from_u128(0xa));
}

#[test]
fn an_apps_id_is_all_its_ids_and_each_may_be_given_alone() {
    let id = Uuid::from_u128(0xa);
    let other = Uuid::from_u128(0xb);
    let cases = [
        (format!("id: {id}"), (id, id, id)),
        (format!("id: {id}, appId: {other}"), (other, id, id)),
        (format!("id: {id}, objectId: {other}"), (id, other, other)),
    ];
    for (ids, expected) in cases {
        let world = declared(&contoso(&format!("  apps: [{{name: robot, secret: s, {ids}}}]")));
        let found = world.nouns.iter().find_map(|noun| {
            let Noun::Application(it) = noun else { return None };
            Some((it.app.raw(), it.object.raw()))
        });
        let principal = world.nouns.iter().find_map(|noun| {
            let Noun::ServicePrincipal(it) = noun else { return None };
            Some(it.principal.object.raw())
        });
        assert_eq!(found, Some((expected.0, expected.1)), "{ids}");
        assert_eq!(principal, Some(expected.2), "{ids}");
        let Holder::Application(_, app) = world.secrets[0].holder else { panic!("{ids}") };
        assert_eq!(app.raw(), expected.0, "{ids}");
    }
}

#[test]
fn a_principal_is_named_in_every_way_that_people_name_it() {
    let text = "
tenants:
- name: fabrikam
  domain: fabrikam.example
  users: [{name: ada, id: 00000000-0000-0000-0000-00000000000a}]
- name: contoso
  domain: contoso.example
  users: [{name: olof, id: 00000000-0000-0000-0000-0000000000a1}]
  guests: [{user: ada@fabrikam.example, id: 00000000-0000-0000-0000-0000000000a2}]
  groups: [{name: owners, kind: microsoft365, members: [olof]}]
  subscriptions: [{name: prod, resourceGroups: [{name: app, location: West Europe}]}]
  roleAssignments:
  - {principal: WHO, role: owner, scope: prod/app}
";
    let cases = [
        ("olof", 0xa1, PrincipalType::User),
        ("OLOF@contoso.example", 0xa1, PrincipalType::User),
        ("contoso/olof", 0xa1, PrincipalType::User),
        ("00000000-0000-0000-0000-0000000000A1", 0xa1, PrincipalType::User),
        ("fabrikam/ada", 0xa2, PrincipalType::User),
        ("ada", 0xa2, PrincipalType::User),
    ];
    for (who, object, kind) in cases {
        let world = declared(&text.replace("WHO", who));
        let Some(Noun::RoleAssignment(assignment)) = world.nouns.last() else { panic!("{who}") };
        assert_eq!(assignment.principal.object.raw(), Uuid::from_u128(object), "{who}");
        assert_eq!(assignment.principal_type, kind, "{who}");
        assert!(assignment.id.scope().to_string().ends_with("/resourceGroups/app"));
    }
    let world = declared(&text.replace("WHO", "owners"));
    let guest = world.nouns.iter().find_map(|noun| {
        let Noun::User(user) = noun else { return None };
        (user.kind != UserKind::Member).then(|| user.user_principal_name.clone())
    });
    assert_eq!(guest.as_deref(), Some("ada_fabrikam.example#EXT#@contoso.example"));
    assert!(world.nouns.iter().any(|noun| {
        matches!(noun, Noun::Group(group) if group.kind == GroupKind::Microsoft365)
    }));
}

#[test]
fn a_scope_is_named_by_subscription_group_or_full_id() {
    let sub = "11111111-1111-4111-8111-111111111111";
    let head = format!(
        "  users: [{{name: olof}}]\n  managementGroups: [{{name: root}}]\n  subscriptions:\n  - name: prod\n    id: {sub}\n    managementGroup: root\n    resourceGroups: [{{name: app, location: x, resources: [{{type: N.S/t, name: n}}]}}]\n"
    );
    let mg = "/providers/Microsoft.Management/managementGroups/root";
    let cases = [
        ("/".to_owned(), "/".to_owned()),
        ("prod".to_owned(), format!("/subscriptions/{sub}")),
        (sub.to_owned(), format!("/subscriptions/{sub}")),
        ("PROD/APP".to_owned(), format!("/subscriptions/{sub}/resourceGroups/APP")),
        ("root".to_owned(), mg.to_owned()),
        (
            format!("/subscriptions/{sub}/resourcegroups/app/providers/n.s/t/n"),
            format!("/subscriptions/{sub}/resourceGroups/app/providers/n.s/t/n"),
        ),
    ];
    for (scope, expected) in cases {
        let rest = format!("  locks: [{{name: l, level: ReadOnly, scope: '{scope}'}}]");
        let world = declared(&contoso(&format!("{head}{rest}")));
        let Some(Noun::Lock(lock)) = world.nouns.last() else { panic!("{scope}") };
        assert_eq!(lock.id.scope().to_string(), expected, "{scope}");
    }
}
