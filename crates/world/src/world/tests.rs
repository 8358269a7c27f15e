use std::{collections::BTreeSet, sync::LazyLock};

use ids::guid::TenantId;
use model::{
    directory::{Audience, GroupKind, Holder, Secret, ServicePrincipalKind, UserKind},
    role::{Permission, PrincipalType},
};

use super::*;

const OWNER: &str = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
const READER: &str = "acdd72a7-3385-48ef-bd42-f606fba81ae7";

struct TwoRoles;

/// Every type is known but those of one namespace.
struct AnyType;

impl Types for AnyType {
    fn standing(&self, kind: &ResourceType) -> Standing {
        if kind.namespace.is("Nobody.Knows") { Standing::Unknown } else { Standing::Kept }
    }

    fn names(&self, _: &ResourceType) -> Vec<String> {
        Vec::new()
    }
}

impl Roles for TwoRoles {
    fn find(&self, name: &str) -> Option<RoleId> {
        let known = [("owner", OWNER), ("reader", READER)];
        let name = name.to_lowercase();
        known.iter().find(|(it, id)| *it == name || *id == name)?.1.parse().ok()
    }

    fn names(&self) -> Vec<&str> {
        vec!["Owner", "Reader"]
    }

    fn definition(&self, id: RoleId) -> Option<&RoleDefinition> {
        static ROLES: LazyLock<[RoleDefinition; 2]> = LazyLock::new(|| {
            [("Owner", OWNER, "*"), ("Reader", READER, "*/read")].map(|(name, id, action)| {
                RoleDefinition {
                    id: id.parse().unwrap(),
                    tenant: None,
                    name: name.to_owned(),
                    description: String::new(),
                    permissions: vec![Permission {
                        actions: vec![action.to_owned()],
                        ..Permission::default()
                    }],
                    assignable_scopes: Vec::new(),
                    written: None,
                }
            })
        });
        ROLES.iter().find(|role| role.id == id)
    }
}

fn parse(text: &str) -> Result<World, Vec<Fault>> {
    World::parse(text, &TwoRoles, &AnyType, Timestamp::UNIX_EPOCH)
}

/// A tenant with what the test is about.
fn contoso(rest: &str) -> String {
    format!("tenants:\n- name: contoso\n  domain: contoso.example\n{rest}")
}

fn declared(text: &str) -> World {
    let world = parse(text);
    world.unwrap_or_else(|faults| panic!("{}", shown(&faults)))
}

fn shown(faults: &[Fault]) -> String {
    faults.iter().fold(String::new(), |all, fault| all + &fault.to_string() + "\n")
}

#[track_caller]
fn check(text: &str, expected: &str) {
    let found = parse(text).map_or_else(|faults| shown(&faults), |_| String::new());
    assert_eq!(found, expected, "reading\n{text}");
}

#[test]
fn the_sample_world_is_a_world_and_reads_the_same_twice() {
    let text = include_str!("../../../fyr/worlds/sample.yaml");
    let world = declared(text);
    let tenants = world.nouns.iter().filter(|noun| matches!(noun, Noun::Tenant(_))).count();
    assert_eq!((tenants, world.secrets.len()), (3, 6));
    assert_eq!(world, declared(text));
    let identities = world.nouns.iter().filter(|noun| {
        matches!(noun, Noun::ServicePrincipal(it) if matches!(it.kind, ServicePrincipalKind::ManagedIdentity { .. }))
    });
    assert_eq!(identities.count(), 1, "the web site's own");
}

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

#[test]
#[expect(clippy::wildcard_enum_match_arm, reason = "the other nouns hold nothing")]
fn what_is_referred_to_comes_first() {
    let world = declared(include_str!("../../../fyr/worlds/sample.yaml"));
    let mut made = BTreeSet::new();
    for noun in &world.nouns {
        match noun {
            Noun::Tenant(it) => _ = made.insert(it.id.to_string()),
            Noun::User(it) => assert!(made.contains(&it.principal.tenant.to_string())),
            Noun::Subscription(it) => _ = made.insert(it.id.to_string()),
            Noun::ResourceGroup(it) => {
                assert!(made.contains(&it.subscription.to_string()));
                made.insert(it.scope().key());
            }
            Noun::Resource(it) => assert!(made.contains(&it.id.scope().key())),
            Noun::RoleAssignment(it) => assert!(made.contains(&it.principal.tenant.to_string())),
            _ => {}
        }
    }
}

#[test]
fn every_fault_is_reported_where_it_stands() {
    check(
        "tenants:\n- name: contoso\n  domian: contoso.example\n  users:\n  - {name: a/b, enabled: maybe}\n  groups: {}\n",
        "2:3: a tenant needs `domain`\n\
         3:3: a tenant has no key `domian`; did you mean `domain`?\n\
         5:12: `a/b` has letters that a name cannot have\n\
         5:26: `enabled` is true or false, not `maybe`\n\
         6:11: `groups` is a list, not a mapping\n",
    );
    check(
        &contoso(
            "  users: [{name: ada, nmae: b, name: c}, {name: ada}]\n  groups: [{name: g, members: [g, ada, ada, odette]}]",
        ),
        "4:23: a user has no key `nmae`; did you mean `name`?\n\
         4:32: `name` is given twice\n\
         4:49: the user `ada` is declared twice\n\
         5:32: a group is no member of itself\n\
         5:40: `ada` is a member already\n\
         5:45: tenant `contoso` has no `odette`\n",
    );
    check(
        &contoso(
            "  users: [{name: ada}]\n  subscriptions: [{name: prod}]\n  roleAssignments:\n  - {principal: ada, role: Onwer, scope: prod}\n  - {principal: eve, role: Owner, scope: prdo}\n  - {principal: ada, role: Owner, scope: prod/app}\n  - {principal: ada, role: Owner, scope: /subscriptions/x}\n  - {role: Reader, scope: '/'}\n",
        ),
        "7:28: there is no role `Onwer`; did you mean `Owner`?\n\
         8:17: tenant `contoso` has no `eve`\n\
         8:42: this tenant has no scope `prdo`; did you mean `prod`?\n\
         9:42: this tenant has no scope `prod/app`\n\
         10:42: `/subscriptions/x` is no scope: the subscription identifier `x` is malformed\n\
         11:5: a roleAssignment needs `principal`\n",
    );
}

#[test]
fn what_contradicts_itself_is_refused() {
    check(
        &contoso(
            "  managementGroups: [{name: a, parent: b}, {name: b, parent: a}, {name: c, parent: d}]\n  subscriptions:\n  - {name: one, id: 11111111-1111-4111-8111-111111111111, managementGroup: z}\n  - {name: two, id: 11111111-1111-4111-8111-111111111111, state: Gone}\n",
        ),
        "4:22: management group `a` lies within itself\n\
         4:44: management group `b` lies within itself\n\
         4:84: this tenant has no management group `d`\n\
         6:76: this tenant has no management group `z`\n\
         7:12: the subscription id `11111111-1111-4111-8111-111111111111` is given twice\n\
         7:66: `state` is Enabled or Warned or PastDue or Disabled or Deleted, not `Gone`\n",
    );
    check(
        &contoso(
            "  users: [{name: x}]\n  apps: [{name: x}]\n  guests: [{user: contoso/x}, {user: nobody}]\n  locks: [{name: l, level: Soft, scope: x}]\n  denyAssignments: [{name: d, scope: '/', principals: [x]}, {name: e, scope: '/'}]\n",
        ),
        "6:19: a guest comes from another tenant\n\
         6:38: `nobody` is no user of this world; a guest's `user` reads `tenant/name`\n\
         7:28: `level` is CanNotDelete or ReadOnly, not `Soft`\n\
         7:41: this tenant has no scope `x`\n\
         8:56: `x` names several: user, app; refer to it by its id\n\
         8:61: a denyAssignment needs `principals`; a list, or `everyone`\n",
    );
    check(
        &contoso(
            "  subscriptions:\n  - name: prod\n    id: 11111111-1111-4111-8111-111111111111\n    resourceGroups:\n    - name: app\n      location: x\n      resources:\n      - {type: storage, name: a}\n      - {type: N.S/t/c, name: a}\n      - {type: N.S/t, name: a}\n      - {type: N.S/T, name: A, identity: {type: UserAssigned}}\n    - {name: APP, location: x}\n",
        ),
        "11:16: `storage` is not a type; a type reads `Namespace/type`\n\
         12:31: the type `N.S/t/c` takes 2 names; a child is named `parent/child`\n\
         14:9: the resource `/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/app/providers/N.S/T/A` is declared twice\n\
         14:42: `userAssignedIdentities` and a `type` with `UserAssigned` go together\n\
         15:7: the resource group `APP` is declared twice\n",
    );
}

#[test]
fn plain_secrets_do_not_show_in_debug_output() {
    let world = declared(&contoso("  users: [{name: ada, password: xyzzy}]"));
    assert_eq!(world.secrets[0].plain.reveal(), "xyzzy");
    assert!(!format!("{world:?}").contains("xyzzy"));
}

#[test]
fn settings_and_registrations_are_read() {
    let world = declared(&format!(
        "settings: {{profile: strict, guestDelegation: true}}\n{}",
        contoso("  subscriptions: [{name: prod, registeredProviders: [Microsoft.Storage]}]")
    ));
    let switches = Switches { profile: Some(Profile::Strict), guest_delegation: Some(true) };
    assert_eq!(world.switches, switches);
    assert!(world.nouns.iter().any(|noun| {
        matches!(noun, Noun::Registration(it) if it.registered && it.namespace.is("microsoft.storage"))
    }));
    assert!(
        world
            .nouns
            .iter()
            .any(|noun| { matches!(noun, Noun::Subscription(it) if !it.registered_by_default) })
    );
}

#[test]
fn an_application_has_several_secrets_each_with_a_name_and_an_end_of_its_own() {
    let world = declared(&contoso(
        "  apps:\n  - name: robot\n    secret: one\n    secrets:\n    - {name: next, value: two}\n    - {name: last, value: three, expires: '2027-01-01T00:00:00Z'}\n",
    ));
    let shown: Vec<_> =
        world.secrets.iter().map(|it| (it.display_name.as_str(), it.plain.reveal())).collect();
    assert_eq!(shown, [("world file", "one"), ("next", "two"), ("last", "three")]);
    let ends: Vec<_> = world.secrets.iter().map(|it| it.expires.is_some()).collect();
    assert_eq!(ends, [false, false, true]);
    let keys: BTreeSet<Uuid> = world.secrets.iter().map(|it| it.key).collect();
    assert_eq!(keys.len(), 3);
    check(
        &contoso("  apps: [{name: a, secrets: [{name: b, expires: soon}]}]"),
        "4:30: a secret needs `value`\n\
         4:49: failed to parse four digit integer as year: invalid digit, expected 0-9 but got s\n",
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

#[test]
fn a_type_that_nobody_knows_is_refused_where_it_stands() {
    check(
        &contoso("  subscriptions: [{name: prod, resources: [{name: a, type: Nobody.Knows/it}]}]"),
        "4:60: there is no type `Nobody.Knows/it`\n",
    );
}

const PEM: &str = include_str!("../../../identity/src/certificate/automation.pem");

#[test]
fn an_application_may_sign_in_by_certificate_and_by_another_issuers_word() {
    let pem = PEM.trim_end().replace('\n', "\n        ");
    let world = declared(&contoso(&format!(
        "  apps:\n  - name: robot\n    certificate: |\n        {pem}\n    federatedCredentials:\n    - {{name: main, issuer: https://ci.example, subject: 'repo:x'}}\n    redirectUris: {{web: [https://app.example/in], publicClient: [http://localhost]}}\n"
    )));
    let credentials = world.nouns.iter().filter_map(|noun| {
        let Noun::Credential(it) = noun else { return None };
        Some((it.display_name.as_str(), it.secret.clone()))
    });
    let [(subject, Secret::Certificate(_)), ("main", Secret::Federated(federated))] =
        &credentials.collect::<Vec<_>>()[..]
    else {
        panic!("{:?}", world.nouns)
    };
    assert_eq!(*subject, "CN=automation");
    assert_eq!(federated.audiences, ["api://AzureADTokenExchange"]);
    let redirects = world.nouns.iter().find_map(|noun| {
        let Noun::Application(it) = noun else { return None };
        Some(it.redirects.all().collect::<Vec<_>>())
    });
    assert_eq!(redirects.unwrap(), ["https://app.example/in", "http://localhost"]);
}

#[test]
fn a_registration_that_would_be_unsafe_is_refused_where_it_stands() {
    check(
        &contoso(
            "  apps:\n  - {name: a, certificate: x}\n  - {name: b, redirectUris: {web: ['http://a.example']}}\n  - {name: c, federatedCredentials: [{name: main, issuer: http://x, subject: s}]}\n",
        ),
        "5:28: this is no X.509 certificate, in DER or PEM\n\
         6:29: `http://a.example` is not a redirect URI: it must begin with `https://`, or with `http://localhost`, and have no fragment, wildcard or credentials\n\
         7:45: an issuer is a URL that begins with `https://`, without query and fragment\n",
    );
}

const DELEGATED: &str = "tenants:
- name: fabrikam
  domain: fabrikam.example
  groups: [{name: tier1}]
- name: contoso
  domain: contoso.example
  subscriptions: [{name: prod, resourceGroups: [{name: app, location: x}]}]
  delegations:
  - name: Managed by Fabrikam
    subscription: prod
    provider: fabrikam
    authorizations: [{principal: tier1, role: Reader}]
    assignments: [{scope: prod/app}]
";

#[test]
fn a_delegation_is_declared_by_names_and_holds_where_it_says() {
    let nouns = declared(DELEGATED).nouns;
    let assigned: Vec<String> = nouns
        .iter()
        .filter_map(|noun| if let Noun::Assignment(it) = noun { Some(it) } else { None })
        .map(|it| it.id.scope().to_string())
        .collect();
    assert!(matches!(assigned.as_slice(), [scope] if scope.ends_with("/resourceGroups/app")));
    let whole = DELEGATED.replace("    assignments: [{scope: prod/app}]\n", "");
    let scopes = |text: &str| {
        let nouns = declared(text).nouns;
        nouns.iter().filter(|noun| matches!(noun, Noun::Assignment(_))).count()
    };
    assert_eq!(scopes(&whole), 1, "at the subscription");
    assert_eq!(scopes(&DELEGATED.replace("[{scope: prod/app}]", "[]")), 0);
}

#[test]
fn a_file_delegates_nothing_that_a_customer_could_not() {
    let cases = [
        ("role: Reader", "role: Owner", "is restricted for registration"),
        ("role: Reader", "role: Redaer", "there is no built-in role `Redaer`; did you mean"),
        ("provider: fabrikam", "provider: contoso", "is not allowed to use"),
        ("provider: fabrikam", "provider: nobody", "`nobody` is no tenant of this world"),
        ("principal: tier1", "principal: tier9", "tenant `fabrikam` has no `tier9`"),
        ("subscription: prod", "subscription: prod/app", "scope"),
        ("[{principal: tier1, role: Reader}]", "[]", "must have at least one authorization"),
        ("[{scope: prod/app}]", "[{scope: prod}, {scope: prod}]", "Multiple registration"),
        ("[{scope: prod/app}]", "[{scope: /}]", "scope"),
    ];
    for (from, to, expected) in cases {
        let text = DELEGATED.replace(from, to);
        assert_ne!(text, DELEGATED, "{from}");
        let faults = parse(&text).map_or_else(|faults| shown(&faults), |_| String::new());
        assert!(faults.contains(expected), "{to}: {faults}");
    }
    let unseen =
        DELEGATED.replace("principal: tier1", "principal: 00000000-0000-4000-8000-000000000404");
    declared(&unseen);
}
