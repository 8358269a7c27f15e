//! What a file no longer declares, and what people made.

use ids::{guid::Principal, scope::Scope};
use model::{
    action::Action,
    change::{Change, Noun},
    directory::{Credential, Holder, Secret, ServicePrincipal, ServicePrincipalKind},
    directory_role::{DirectoryRoleAssignment, GLOBAL_ADMINISTRATOR},
    samples,
    tree::ResourceGroup,
};
use operations::{
    plane::Plane,
    world::{Summary, prune},
};
use store::{records::ranges, snapshot::Page};
use uuid::Uuid;

use crate::{WORLD, apply_to, read};

pub(crate) async fn prune_from(plane: &Plane, text: &str) -> (usize, usize) {
    let Summary { removed, kept, .. } = prune(plane, &read(text, 0)).await.unwrap();
    (removed, kept)
}

/// Northwind with nothing in it, and a stranger.
pub(crate) const BARE: &str = "tenants: [{name: northwind, domain: northwind.example}]";

#[tokio::test]
async fn what_a_file_no_longer_declares_is_removed_with_events_and_once() {
    let plane = testkit::plane(Vec::new()).await;
    apply_to(&plane, WORLD, 0).await;
    let world = read(WORLD, 0);
    assert_eq!(prune_from(&plane, WORLD).await, (0, 0), "all of it is declared");

    let without = WORLD.replace(", password: one", "").replace(", members: [nora]", "");
    assert_eq!(prune_from(&plane, &without).await, (2, 0), "a password and a membership");

    let before = testkit::events(&plane).await.len();
    // All but the tenant; the password and the membership are gone, and the identity goes with
    // its resource.
    let (removed, kept) = prune_from(&plane, BARE).await;
    assert_eq!((removed, kept), (world.nouns.len() - 3 + 1, 0));
    let events = testkit::events(&plane).await;
    assert!(events.len() - before >= removed, "each removal has its event");
    let user = world.nouns.iter().find_map(|noun| {
        let Noun::User(it) = noun else { return None };
        Some(it.principal)
    });
    assert!(!plane.index().can_act(user.unwrap()));
    assert_eq!(prune_from(&plane, BARE).await, (0, 0), "again there is nothing to remove");
    assert_eq!(apply_to(&plane, WORLD, 0).await.created, world.nouns.len() - 1 + 2);
}

#[tokio::test]
async fn what_people_made_stays_and_keeps_what_it_lies_in() {
    let plane = testkit::plane(Vec::new()).await;
    apply_to(
        &plane,
        &WORLD.replace("  locks: [{name: l, level: ReadOnly, scope: prod/app}]\n", ""),
        0,
    )
    .await;
    let group = read(WORLD, 0).nouns.into_iter().find_map(|noun| {
        let Noun::ResourceGroup(it) = noun else { return None };
        Some(it)
    });
    let group = group.unwrap();
    let tenant = plane.index().home(&group.scope()).unwrap();
    let nora = read(WORLD, 0).nouns.into_iter().find_map(|noun| {
        let Noun::User(it) = noun else { return None };
        Some(it.principal)
    });
    let path = format!("{}/providers/Microsoft.Storage/storageAccounts/theirs", group.scope());
    let scope = Scope::parse(&path, tenant).unwrap();
    let write = model::action::Action::known("Microsoft.Storage/storageAccounts/write");
    let context = testkit::context(nora.unwrap(), &write, scope.clone());
    let Scope::Resource(id) = scope else { panic!("{scope}") };
    let wanted = operations::resources::decide::PutResource {
        id,
        location: Some("westeurope".to_owned()),
        tags: None,
        identity: None,
        envelope: serde_json::Map::new(),
        properties: serde_json::Map::new(),
        expected: operations::resources::Expected::default(),
    };
    operations::resources::put::put(&plane, &context, wanted).await.unwrap();

    let (_, kept) = prune_from(&plane, BARE).await;
    assert_eq!(kept, 2, "the group and its subscription");
    let snapshot = plane.store.snapshot().await.unwrap();
    assert!(
        snapshot.find::<ResourceGroup>(&(group.subscription, group.name)).await.unwrap().is_some()
    );
}

/// Makes a change as somebody whose leave it takes.
pub(crate) async fn by_people(plane: &Plane, who: Principal, change: Change) {
    let context = testkit::context(who, &Action::PRIVILEGED_WRITE, Scope::Tenant(who.tenant));
    let mut unit = plane.begin(&context);
    unit.look(&change).await.unwrap();
    let permit = plane.permit(&context, &change).unwrap();
    unit.apply(permit, change).unwrap();
    plane.commit(&context, unit, 200).await.unwrap();
}

#[tokio::test]
async fn a_group_of_the_tree_that_people_put_theirs_in_stays() {
    const TREE: &str = "
tenants:
- name: northwind
  domain: northwind.example
  managementGroups: [{name: above}]
";
    let plane = testkit::plane(Vec::new()).await;
    apply_to(&plane, TREE, 0).await;
    let tenant = read(TREE, 0).nouns.into_iter().find_map(|noun| {
        let Noun::ManagementGroup(it) = noun else { return None };
        Some(it.tenant)
    });
    let tenant = tenant.unwrap();
    let nora = Principal { tenant, object: samples::object(0x40) };
    let theirs = Scope::ManagementGroup(tenant, "theirs".parse().unwrap());
    let write = Action::known("Microsoft.Management/managementGroups/write");
    let context = testkit::context(nora, &write, theirs);
    let owner = samples::role_assignment(Scope::Tenant(tenant), nora, samples::OWNER);
    let people = vec![Noun::User(samples::user(nora, "nora")), Noun::RoleAssignment(owner)];
    testkit::put(&plane, people).await;
    let wanted = operations::management_groups::put::PutGroup {
        id: (tenant, "theirs".parse().unwrap()),
        display_name: None,
        parent: Some("above".parse().unwrap()),
    };
    operations::management_groups::put::put(&plane, &context, wanted).await.unwrap();
    let (_, kept) = prune_from(&plane, BARE).await;
    assert_eq!(kept, 1, "the group that people's group stands in");
    let lineage = plane.index().lineage(&Scope::ManagementGroup(tenant, "theirs".parse().unwrap()));
    assert_eq!(lineage.len(), 3, "{lineage:?}");
}

#[tokio::test]
async fn a_role_that_people_gave_somebody_stays() {
    const ROLE: &str = "
tenants:
- name: northwind
  domain: northwind.example
  roleDefinitions: [{name: tending, actions: ['My.Bank/*']}]
";
    let plane = testkit::plane(Vec::new()).await;
    apply_to(&plane, ROLE, 0).await;
    let role = read(ROLE, 0).nouns.into_iter().find_map(|noun| {
        let Noun::RoleDefinition(it) = noun else { return None };
        Some((it.tenant?, it.id))
    });
    let (tenant, role) = role.unwrap();
    let root = Scope::Tenant(tenant);
    let [nora, nils] = [0x40, 0x41].map(|n| Principal { tenant, object: samples::object(n) });
    let owner = samples::role_assignment(root.clone(), nora, samples::OWNER);
    let people = vec![Noun::User(samples::user(nora, "nora")), Noun::RoleAssignment(owner)];
    testkit::put(&plane, people).await;

    // Nora gives it, by her own leave.
    let given = samples::role_assignment(root, nils, role);
    let context = testkit::context(nora, &Action::ROLE_ASSIGNMENTS_WRITE, given.id.scope().clone());
    let change = model::change::Change::Put(Noun::RoleAssignment(given));
    let mut unit = plane.begin(&context);
    unit.look(&change).await.unwrap();
    unit.apply(plane.permit(&context, &change).unwrap(), change).unwrap();
    plane.commit(&context, unit, 201).await.unwrap();

    let (_, kept) = prune_from(&plane, BARE).await;
    assert_eq!(kept, 1, "the role that she gave");
    assert!(plane.index().role(tenant, role).is_some());
}

#[tokio::test]
async fn an_application_that_a_file_no_longer_declares_is_no_principal_any_more() {
    const BARE_APP: &str = "
tenants:
- name: northwind
  domain: northwind.example
  users: [{name: nora}]
  apps: [{name: robot, servicePrincipal: false}]
";
    let plane = testkit::plane(Vec::new()).await;
    apply_to(&plane, BARE_APP, 0).await;
    let (mut boss, mut application) = (None, None);
    for noun in read(BARE_APP, 0).nouns {
        if let Noun::User(it) = noun {
            boss = Some(it.principal);
        } else if let Noun::Application(it) = noun {
            application = Some(it);
        }
    }
    let (boss, application) = (boss.unwrap(), application.unwrap());
    let held = DirectoryRoleAssignment { principal: boss, role: GLOBAL_ADMINISTRATOR };
    testkit::put(&plane, vec![Noun::DirectoryRoleAssignment(held)]).await;
    let principal = Principal { tenant: application.tenant, object: application.object };
    let installed = ServicePrincipal {
        principal,
        app: application.app,
        display_name: "robot".to_owned(),
        enabled: true,
        kind: ServicePrincipalKind::Application,
    };
    by_people(&plane, boss, Change::Put(Noun::ServicePrincipal(installed))).await;
    let held = DirectoryRoleAssignment { principal, role: GLOBAL_ADMINISTRATOR };
    by_people(&plane, boss, Change::Put(Noun::DirectoryRoleAssignment(held))).await;
    assert!(plane.index().can_act(principal));
    prune_from(&plane, BARE).await;
    assert!(!plane.index().can_act(principal));
    apply_to(&plane, BARE_APP, 0).await;
    assert!(!plane.index().can_act(principal), "nor does it come back with its name");
    let snapshot = plane.store.snapshot().await.unwrap();
    let range = ranges::directory_roles_of(principal);
    let kept = snapshot.list::<DirectoryRoleAssignment>(&range, Page::first()).await.unwrap();
    assert_eq!(kept.items, []);
}

#[tokio::test]
async fn whoever_comes_back_by_a_file_signs_in_by_nothing_from_before() {
    const PEOPLE: &str = "
tenants:
- name: northwind
  domain: northwind.example
  users: [{name: nora}]
  apps: [{name: robot}]
";
    let plane = testkit::plane(Vec::new()).await;
    apply_to(&plane, PEOPLE, 0).await;
    let mut holders = Vec::new();
    let mut boss = None;
    for noun in read(PEOPLE, 0).nouns {
        if let Noun::User(it) = noun {
            boss = Some(it.principal);
            holders.push(Holder::User(it.principal));
        } else if let Noun::Application(it) = noun {
            holders.push(Holder::Application(it.tenant, it.app));
        }
    }
    let (boss, role) = (boss.unwrap(), GLOBAL_ADMINISTRATOR);
    let held = DirectoryRoleAssignment { principal: boss, role };
    testkit::put(&plane, vec![Noun::DirectoryRoleAssignment(held)]).await;
    assert_eq!(holders.len(), 2);
    for holder in &holders {
        let credential = Credential {
            holder: *holder,
            key: Uuid::from_u128(0xCE),
            display_name: String::new(),
            secret: Secret::Drawn("of people".to_owned()),
            expires: None,
        };
        by_people(&plane, boss, Change::Put(Noun::Credential(credential))).await;
    }

    prune_from(&plane, BARE).await;
    apply_to(&plane, PEOPLE, 0).await;
    assert!(plane.index().can_act(boss), "the same one is back");
    for holder in holders {
        let snapshot = plane.store.snapshot().await.unwrap();
        let range = ranges::credentials_of(holder);
        let kept = snapshot.list::<Credential>(&range, Page::first()).await.unwrap().items;
        assert_eq!(kept, [], "{holder:?}");
    }
}
