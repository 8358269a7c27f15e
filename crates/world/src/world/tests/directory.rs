//! People, groups and applications in a file.

use super::*;

#[test]
fn a_directory_role_is_held_by_a_person_or_an_application_and_never_by_a_group() {
    let text = |held: &str| {
        contoso(&format!(
            "  users: [{{ name: olof }}]\n  groups: [{{ name: all }}]\n  directoryRoles:\n  - {{ {held} }}\n"
        ))
    };
    let world = declared(&text("principal: olof, role: user administrator"));
    let held = world.nouns.iter().find_map(|noun| {
        if let Noun::DirectoryRoleAssignment(it) = noun { Some(it.role) } else { None }
    });
    assert_eq!(held, Some(model::directory_role::USER_ADMINISTRATOR));
    check(
        &text("principal: all, role: User Administrator"),
        "7:18: a group holds no directory role\n",
    );
    check(
        &text("principal: olof, role: User Adminstrator"),
        "7:30: there is no directory role `User Adminstrator`; did you mean `User Administrator`?\n",
    );
}

#[test]
fn whoever_is_declared_disabled_is() {
    let world = declared(
        "tenants:\n- {name: a, domain: a.example, users: [{name: u}]}\n- name: b\n  domain: b.example\n  guests: [{user: a/u, enabled: false}]\n  apps: [{name: c, enabled: false}]\n",
    );
    let mut enabled = Vec::new();
    for noun in &world.nouns {
        if let Noun::User(it) = noun {
            enabled.push(it.enabled);
        } else if let Noun::ServicePrincipal(it) = noun {
            enabled.push(it.enabled);
        }
    }
    assert_eq!(enabled, [true, false, false]);
}

const TWO: &str = "tenants:\n- {name: a, domain: a.example, apps: [{name: robot}]}\n- name: b\n  domain: b.example\n";

#[test]
fn another_tenants_application_is_a_principal_here_and_registered_there_only() {
    let world = declared(&format!(
        "{TWO}  apps: [{{app: a/Robot}}]\n  groups: [{{name: g, members: [robot]}}]\n"
    ));
    let applications = world.nouns.iter().filter(|noun| matches!(noun, Noun::Application(_)));
    assert_eq!(applications.count(), 1);
    let principals: Vec<_> = world
        .nouns
        .iter()
        .filter_map(|noun| {
            let Noun::ServicePrincipal(it) = noun else { return None };
            Some((it.app, it.principal))
        })
        .collect();
    let [(app, home), (same, here)] = principals[..] else { panic!("{principals:?}") };
    assert_eq!(app, same);
    assert!(home.tenant != here.tenant && home.object != here.object);
    let is_member = |noun: &Noun| matches!(noun, Noun::Membership(it) if it.member == here.object);
    assert!(world.nouns.iter().any(is_member));
    check(
        &format!(
            "{TWO}  apps: [{{app: a/robt}}, {{app: b/x, secret: s}}, {{name: own}}, {{app: b/own}}]\n"
        ),
        "5:16: `a/robt` is no application of this world; `app` reads `tenant/name`\n\
         5:31: `b/x` is no application of this world; `app` reads `tenant/name`\n\
         5:44: `secret` is said where `b/x` is registered\n\
         5:67: it is registered in this tenant already\n",
    );
}

#[test]
fn an_application_is_for_all_tenants_where_another_has_it_or_it_says_so() {
    let audiences = |world: &str| {
        let world = declared(world);
        let of = world.nouns.into_iter().filter_map(|noun| {
            let Noun::Application(it) = noun else { return None };
            Some(it.audience)
        });
        of.collect::<Vec<_>>()
    };
    let (home, all) = (Audience::Home, Audience::Organizations);
    let own = |says: &str| contoso(&format!("  apps: [{{name: robot{says}}}]"));
    assert_eq!(audiences(&own("")), [home]);
    assert_eq!(audiences(&own(", signInAudience: AzureADMultipleOrgs")), [all]);
    assert_eq!(audiences(&format!("{TWO}  apps: [{{app: a/robot}}]\n")), [all]);
    let narrowed = TWO.replace("name: robot", "name: robot, signInAudience: AzureADMyOrg");
    assert_eq!(audiences(&format!("{narrowed}  apps: [{{app: a/robot}}]\n")), [home]);
}

#[test]
fn a_resources_identity_is_given_roles_and_put_in_groups_like_anybody() {
    let world = declared(&contoso(
        "  groups: [{name: g, members: [prod/app/site]}]\n  subscriptions:\n  - name: prod\n    id: 11111111-1111-4111-8111-111111111111\n    resourceGroups:\n    - name: app\n      location: x\n      resources: [{type: N.S/t, name: site, identity: {type: SystemAssigned}}]\n  roleAssignments:\n  - {principal: prod/App/Site, role: Reader, scope: prod}\n  - {principal: /subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/app/providers/N.S/t/site, role: Owner, scope: prod}\n",
    ));
    let object = world.nouns.iter().find_map(|noun| {
        let Noun::ServicePrincipal(it) = noun else { return None };
        Some(it.principal.object)
    });
    let mut given = Vec::new();
    for noun in &world.nouns {
        if let Noun::RoleAssignment(it) = noun {
            assert_eq!(it.principal_type, PrincipalType::ServicePrincipal);
            given.push(it.principal.object);
        } else if let Noun::Membership(it) = noun {
            given.push(it.member);
        }
    }
    assert_eq!(given, vec![object.unwrap(); 3]);
}
