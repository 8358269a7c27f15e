use std::{collections::BTreeSet, sync::LazyLock};

use ids::guid::TenantId;
use model::{
    directory::{Audience, GroupKind, Holder, Secret, ServicePrincipalKind, UserKind},
    role::{Permission, PrincipalType},
};

use super::*;

mod delegation;
mod directory;
mod faults;
mod market;
mod names;
mod registration;

const OWNER: &str = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
const READER: &str = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
const CONTRIBUTOR: &str = "b24988ac-6180-42a0-ab88-20f7382dd24c";
const SUPPORT: &str = "cfd33db0-3dd1-45e3-aa9d-cdbdf3b6f24e";
const DELETE: &str = "91c1777a-f3dc-4fae-b103-61d183457e46";

struct FewRoles;

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

impl Roles for FewRoles {
    fn find(&self, name: &str) -> Option<RoleId> {
        let known = [
            ("owner", OWNER),
            ("reader", READER),
            ("contributor", CONTRIBUTOR),
            ("support request contributor", SUPPORT),
            ("managed services registration assignment delete role", DELETE),
        ];
        let name = name.to_lowercase();
        known.iter().find(|(it, id)| *it == name || *id == name)?.1.parse().ok()
    }

    fn names(&self) -> Vec<&str> {
        vec!["Owner", "Reader"]
    }

    fn definition(&self, id: RoleId) -> Option<&RoleDefinition> {
        static ROLES: LazyLock<[RoleDefinition; 5]> = LazyLock::new(|| {
            [
                ("Owner", OWNER, "*"),
                ("Reader", READER, "*/read"),
                ("Contributor", CONTRIBUTOR, "*/write"),
                ("Support Request Contributor", SUPPORT, "Microsoft.Support/*"),
                ("Managed Services Registration assignment Delete Role", DELETE, "*/read"),
            ]
            .map(|(name, id, action)| RoleDefinition {
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
            })
        });
        ROLES.iter().find(|role| role.id == id)
    }
}

fn parse(text: &str) -> Result<World, Vec<Fault>> {
    World::parse(text, &FewRoles, &AnyType, Timestamp::UNIX_EPOCH)
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
    assert_eq!((tenants, world.secrets.len()), (5, 9));
    assert_eq!(world, declared(text));
    let identities = world.nouns.iter().filter(|noun| {
        matches!(noun, Noun::ServicePrincipal(it) if matches!(it.kind, ServicePrincipalKind::ManagedIdentity { .. }))
    });
    assert_eq!(identities.count(), 1, "the web site's own");
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
