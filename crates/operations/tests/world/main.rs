//! World files, applied to whole planes in memory.
#![expect(clippy::panic, clippy::unwrap_used, clippy::string_slice, reason = "test code")]

mod market;
mod periods;
mod prune;

use std::{collections::BTreeSet, sync::Arc};

use access::catalogue::Catalogue;
use ids::{
    guid::{AppId, Principal, RoleId},
    resource::ResourceType,
    scope::Scope,
};
use jiff::SignedDuration;
use model::{
    action::Action,
    change::Noun,
    directory::{Application, Secret, ServicePrincipal, ServicePrincipalKind},
    resource::Resource,
    role::RoleDefinition,
    samples,
    settings::Profile,
};
use operations::{
    plane::Plane,
    roles::definitions::{self, decide::PutDefinition},
    world::{Error, Summary, Taken, apply, nouns, switch},
};
use world::{
    export::export,
    world::{Roles, Standing, Switches, Types, World},
};

use crate::prune::{BARE, prune_from};

const WORLD: &str = "
tenants:
- name: northwind
  domain: northwind.example
  users: [{name: nora, password: one}]
  groups: [{name: owners, members: [nora]}]
  apps: [{name: robot, secret: two}]
  subscriptions:
  - name: prod
    resourceGroups:
    - name: app
      location: x
      resources: [{type: N.S/t, name: n, identity: {type: SystemAssigned}}]
  roleAssignments: [{principal: owners, role: Owner, scope: prod}]
  locks: [{name: l, level: ReadOnly, scope: prod/app}]
  activationPolicies: [{role: Reader, scope: prod/app, asks: [ticket], approvers: [{principal: owners}]}]
";

/// The platform's own roles.
struct BuiltIn(Arc<Catalogue>);

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

impl Roles for BuiltIn {
    fn find(&self, name: &str) -> Option<RoleId> {
        self.0.roles().find(|role| role.name == name).map(|role| role.id)
    }

    fn names(&self) -> Vec<&str> {
        Vec::new()
    }

    fn definition(&self, id: RoleId) -> Option<&RoleDefinition> {
        self.0.role(id)
    }
}

fn builtin() -> BuiltIn {
    BuiltIn(Catalogue::builtin())
}

/// The world, read at that many seconds after the samples' moment.
fn read(text: &str, seconds: i64) -> World {
    let now = samples::now() + SignedDuration::from_secs(seconds);
    World::parse(text, &builtin(), &AnyType, now).unwrap()
}

async fn apply_to(plane: &Plane, text: &str, seconds: i64) -> Summary {
    apply(plane, &read(text, seconds)).await.unwrap()
}

#[tokio::test]
async fn a_world_is_made_once_and_then_left_alone() {
    let plane = testkit::plane(Vec::new()).await;
    let (nouns, secrets) = (read(WORLD, 0).nouns.len(), 2);
    let first = apply_to(&plane, WORLD, 0).await;
    assert_eq!((first.created, first.unchanged), (nouns + secrets, 0));
    let events = testkit::events(&plane).await.len();

    let again = apply_to(&plane, WORLD, 3600).await;

    assert_eq!(again, Summary { unchanged: nouns + secrets + 1, ..Summary::default() });
    assert_eq!(testkit::events(&plane).await.len(), events, "no event without a change");
}

#[tokio::test]
async fn only_what_differs_is_changed_and_its_making_is_kept() {
    let plane = testkit::plane(Vec::new()).await;
    apply_to(&plane, WORLD, 0).await;
    let cases = [
        (("name: nora", "name: nora, displayName: Nora Dahl"), 1),
        (("location: x", "location: y"), 2),
        (("password: one", "password: three"), 1),
        (("level: ReadOnly", "level: CanNotDelete"), 1),
        (("asks: [ticket]", "asks: [ticket], activationMinutesMax: 60"), 1),
    ];
    for ((from, to), changed) in cases {
        let summary = apply_to(&plane, &WORLD.replace(from, to), 60).await;
        assert_eq!((summary.created, summary.changed), (0, changed), "{to}");
        apply_to(&plane, WORLD, 90).await;
    }
    let group = read(WORLD, 0).nouns.into_iter().find_map(|noun| {
        let Noun::ResourceGroup(group) = noun else { return None };
        Some((group.subscription, group.name))
    });
    let snapshot = plane.store.snapshot().await.unwrap();
    let kept = snapshot.find::<model::tree::ResourceGroup>(&group.unwrap()).await.unwrap().unwrap();
    assert_eq!(kept.system_data.created_at, samples::now());
    assert_ne!(kept.system_data.last_modified_at, samples::now());
}

#[tokio::test]
async fn secrets_are_kept_hashed_and_never_journalled() {
    let plane = testkit::plane(Vec::new()).await;
    let world = read(WORLD, 0);
    apply(&plane, &world).await.unwrap();
    let snapshot = plane.store.snapshot().await.unwrap();
    for chosen in &world.secrets {
        let id = (chosen.holder, chosen.key);
        let kept = snapshot.find::<model::directory::Credential>(&id).await.unwrap().unwrap();
        assert!(matches!(&kept.secret, Secret::Chosen(hash) if hash.starts_with("$argon2id$")));
    }
    let journal = serde_json::to_string(&testkit::events(&plane).await).unwrap();
    assert!(!journal.contains("argon2"), "a hash stands in the journal");
}

#[tokio::test]
async fn an_authenticator_of_a_file_is_sealed_and_left_alone_while_it_is_the_same() {
    let plane = testkit::plane(Vec::new()).await;
    let with = |key: &str| {
        let user = format!("{{name: nora, password: one, totp: {key}}}");
        WORLD.replace("{name: nora, password: one}", &user)
    };
    let (first, second) = ("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP");
    apply_to(&plane, &with(first), 0).await;
    let journal = serde_json::to_string(&testkit::events(&plane).await).unwrap();
    assert!(!journal.contains(first), "a key stands in the journal");
    let (same, other) =
        (apply_to(&plane, &with(first), 1).await, apply_to(&plane, &with(second), 2).await);
    assert_eq!((same.created, same.changed), (0, 0));
    assert_eq!((other.created, other.changed), (0, 1));
    assert_eq!(prune_from(&plane, &with(second)).await.0, 0, "what is declared stays");
    assert_eq!(prune_from(&plane, WORLD).await.0, 1);
}

#[tokio::test]
async fn a_file_takes_nothing_from_another_tenant() {
    let plane = testkit::plane(Vec::new()).await;
    let domain = WORLD.replace("domain: northwind", "domain: contoso");
    let refused = apply(&plane, &read(&domain, 0)).await;
    assert!(matches!(refused, Err(Error::Taken { taken: Taken::Domain(_), .. })), "{refused:?}");

    let id = format!("name: prod\n    id: {}", samples::SUBSCRIPTION);
    let subscription = WORLD.replace("name: prod", &id);
    let refused = apply(&plane, &read(&subscription, 0)).await;
    assert!(
        matches!(refused, Err(Error::Taken { taken: Taken::Subscription(_), .. })),
        "{refused:?}"
    );
}

const ID: &str = "id: 00000000-0000-4000-8000-00000000a001";

#[tokio::test]
async fn a_name_or_an_application_that_another_has_is_refused_with_its_place() {
    let plane = testkit::plane(Vec::new()).await;
    apply_to(&plane, WORLD, 0).await;
    let app = read(WORLD, 0).nouns.into_iter().find_map(|noun| {
        let Noun::Application(it) = noun else { return None };
        Some(it.app)
    });
    let app = app.unwrap();
    let other = format!(
        "tenants: [{{name: other, domain: other.example, apps: [{{name: thief, appId: {app}}}]}}]"
    );
    let cases = [
        (
            WORLD.replace("name: nora", &format!("name: nora, {ID}")),
            "5:18: the sign-in name `nora@northwind.example` is another user's".to_owned(),
        ),
        (
            WORLD.replace("name: robot", &format!("name: robot, appId: {app}, {ID}")),
            format!("7:17: the application id `{app}` is another application's"),
        ),
        (other, format!("1:62: the application id `{app}` is another application's")),
    ];
    for (text, expected) in cases {
        let refused = apply(&plane, &read(&text, 0)).await.unwrap_err();
        assert_eq!(refused.to_string(), expected);
    }
}

/// The managed identities that are there, and whether the resource says that it has one.
async fn identities(plane: &Plane) -> (Vec<ServicePrincipal>, bool) {
    let snapshot = plane.store.snapshot().await.unwrap();
    let resource = read(WORLD, 0).nouns.into_iter().find_map(|noun| {
        let Noun::Resource(it) = noun else { return None };
        Some(it.id)
    });
    let id = resource.unwrap();
    let range = store::records::ranges::identity_of_resource(&id);
    let page = store::snapshot::Page::first();
    let held = snapshot.list::<ServicePrincipal>(&range, page).await.unwrap().items;
    let resource = snapshot.find::<Resource>(&id).await.unwrap().unwrap();
    let own = resource.identity.and_then(|it| it.system_assigned);
    assert_eq!(own, held.first().map(|it| it.principal.object));
    (held, own.is_some())
}

#[tokio::test]
async fn an_identity_that_the_file_takes_away_is_gone_with_its_rights() {
    let plane = testkit::plane(Vec::new()).await;
    apply_to(&plane, WORLD, 0).await;
    let (held, _) = identities(&plane).await;
    assert!(plane.index().can_act(held[0].principal));
    apply_to(&plane, &WORLD.replace(", identity: {type: SystemAssigned}", ""), 60).await;
    assert_eq!(identities(&plane).await, (Vec::new(), false));
    assert!(!plane.index().can_act(held[0].principal));
}

#[tokio::test]
async fn a_resource_made_before_the_file_named_it_keeps_the_one_identity_that_it_has() {
    let plane = testkit::plane(Vec::new()).await;
    let bare = WORLD.replace(", identity: {type: SystemAssigned}", "");
    apply_to(&plane, &bare, 0).await;
    let mut resource = read(WORLD, 0).nouns.into_iter().find_map(|noun| {
        let Noun::Resource(it) = noun else { return None };
        Some(it)
    });
    let made = samples::object(0xA43);
    let identity = resource.as_mut().and_then(|it| it.identity.as_mut()).unwrap();
    identity.system_assigned = Some(made);
    let resource = resource.unwrap();
    let tenant = plane.index().home(&Scope::Resource(resource.id.clone())).unwrap();
    let principal = ServicePrincipal {
        principal: Principal { tenant, object: made },
        app: AppId::new(uuid::Uuid::from_u128(0xA44)),
        display_name: "n".to_owned(),
        enabled: true,
        kind: ServicePrincipalKind::ManagedIdentity { resource: resource.id.clone() },
    };
    let made_by_arm = vec![Noun::Resource(resource), Noun::ServicePrincipal(principal.clone())];
    testkit::put(&plane, made_by_arm).await;

    assert_eq!(apply_to(&plane, WORLD, 60).await.created, 0);
    assert_eq!(identities(&plane).await, (vec![principal], true));
}

#[tokio::test]
async fn a_file_speaks_for_its_own_tenants_only() {
    let plane = testkit::plane(Vec::new()).await;
    apply_to(&plane, WORLD, 0).await;
    let other = "tenants: [{name: other, domain: other.example, users: [{name: o}]}]";
    apply_to(&plane, other, 0).await;
    assert_eq!(prune_from(&plane, other).await, (0, 0));
    assert_eq!(prune_from(&plane, "tenants: []").await, (0, 0));
}

#[tokio::test]
async fn switches_change_what_they_name() {
    let plane = testkit::plane(Vec::new()).await;
    let strict = Switches { profile: Some(Profile::Strict), guest_delegation: None };
    switch(&plane, strict).await.unwrap();
    assert_eq!(plane.index().settings().profile, Profile::Strict);
    let guests = Switches { profile: None, guest_delegation: Some(true) };
    switch(&plane, guests).await.unwrap();
    let settings = plane.index().settings().clone();
    assert_eq!((settings.profile, settings.guest_delegation), (Profile::Strict, true));
    assert_eq!(settings.roles_digest, plane.index().catalogue().digest());
    assert_eq!(switch(&plane, guests).await.unwrap().unchanged, 1);
    assert_eq!(apply_to(&plane, "settings: {profile: azure}", 0).await.changed, 1);
}

#[tokio::test]
async fn a_file_says_where_browsers_are_sent_and_keeps_what_people_made_of_a_registration() {
    let plane = testkit::plane(Vec::new()).await;
    let declared = |uris: &str| WORLD.replace("secret: two", &format!("secret: two{uris}"));
    let first = declared(", redirectUris: {web: [https://app.example/in]}");
    apply_to(&plane, &first, 0).await;
    let registered = read(&first, 0).nouns.into_iter().find_map(|noun| {
        let Noun::Application(it) = noun else { return None };
        Some(it)
    });
    let registered = registered.unwrap();
    let tags = vec!["tier-one".to_owned()];
    let changed = Application { tags: tags.clone(), ..registered.clone() };
    testkit::put(&plane, vec![Noun::Application(changed)]).await;
    let cases = [
        (declared(""), 0, "https://app.example/in"),
        (
            declared(", redirectUris: {spa: [https://app.example/new]}"),
            1,
            "https://app.example/new",
        ),
    ];
    for (text, changed, uri) in cases {
        assert_eq!(apply_to(&plane, &text, 0).await.changed, changed, "{uri}");
        let snapshot = plane.store.snapshot().await.unwrap();
        let kept = snapshot.find::<Application>(&(registered.tenant, registered.app)).await;
        let kept = kept.unwrap().unwrap();
        assert_eq!(kept.redirects.all().collect::<Vec<_>>(), [uri]);
        assert_eq!(kept.tags, tags);
    }
}

#[tokio::test]
async fn a_role_that_people_made_keeps_its_name_and_outlives_every_file() {
    const ROLE: &str = "
tenants:
- name: northwind
  domain: northwind.example
  roleDefinitions: [{name: Tending, actions: ['My.Bank/*']}]
";
    let plane = testkit::plane(Vec::new()).await;
    apply_to(&plane, BARE, 0).await;
    let tenant = read(ROLE, 0)
        .nouns
        .into_iter()
        .find_map(|noun| if let Noun::RoleDefinition(it) = noun { it.tenant } else { None });
    let tenant = tenant.unwrap();
    let nora = Principal { tenant, object: samples::object(0x40) };
    let root = Scope::Tenant(tenant);
    let owner = samples::role_assignment(root.clone(), nora, samples::OWNER);
    let people = vec![Noun::User(samples::user(nora, "nora")), Noun::RoleAssignment(owner)];
    testkit::put(&plane, people).await;
    let corp = Scope::ManagementGroup(tenant, "corp".parse().unwrap());
    let context = testkit::context(nora, &Action::ROLE_ASSIGNMENTS_WRITE, root);
    let sample = samples::custom_role(corp.clone());
    let wanted = PutDefinition {
        id: sample.id,
        name: "tending".to_owned(),
        description: String::new(),
        permissions: sample.permissions,
        assignable_scopes: vec![corp],
    };
    definitions::put::put(&plane, &context, wanted).await.unwrap();

    let refused = apply(&plane, &read(ROLE, 1)).await;
    assert!(matches!(refused, Err(Error::Taken { taken: Taken::Role(_), .. })), "{refused:?}");
    prune_from(&plane, BARE).await;
    assert!(plane.index().role(tenant, sample.id).is_some());
}

#[tokio::test]
async fn what_a_customer_agreed_to_with_one_provider_never_becomes_anothers_by_a_file() {
    const OFFER: &str = "
tenants:
- {name: fabrikam, domain: fabrikam.example, users: [{name: ada}]}
- {name: evil, domain: evil.example, users: [{name: eve}]}
- name: contoso
  domain: contoso.example
  subscriptions: [{name: prod}]
  delegations:
  - id: 00000000-0000-4000-8000-0000000000d1
    name: offer
    subscription: prod
    provider: fabrikam
    authorizations: [{principal: ada, role: Owner}]
    assignments: [{scope: prod, id: 00000000-0000-4000-8000-0000000000a1}]
";
    let plane = testkit::empty().await;
    let offer = OFFER.replace("Owner", "Reader");
    apply(&plane, &read(&offer, 0)).await.unwrap();
    let again = apply(&plane, &read(&offer, 1)).await.unwrap();
    assert_eq!((again.created, again.changed), (0, 0), "at another time it is the same");
    let renamed = apply(&plane, &read(&offer.replace("name: offer", "name: o"), 2)).await;
    assert_eq!(renamed.unwrap().changed, 1);

    let events = testkit::events(&plane).await.len();
    let turned = offer.replace("provider: fabrikam", "provider: evil").replace("ada, ", "eve, ");
    let refused = apply(&plane, &read(&turned, 3)).await.unwrap_err().to_string();
    assert!(refused.starts_with("9:5: the registration definition `/subscriptions/"), "{refused}");
    let other = offer.replace("0000000000d1", "0000000000d2");
    let refused = apply(&plane, &read(&other, 4)).await.unwrap_err().to_string();
    assert!(refused.contains("is of another definition"), "{refused}");
    assert_eq!(testkit::events(&plane).await.len(), events, "nothing of it was done");
}

#[tokio::test]
async fn who_owns_what_is_declared_written_down_and_gone_with_whoever_goes() {
    const OWNED: &str = "
tenants:
- name: northwind
  domain: northwind.example
  users: [{name: nora}, {name: per}]
  groups: [{name: staff, owners: [nora, robot]}]
  apps:
  - {name: robot, owners: [nora, per], servicePrincipalOwners: [per]}
";
    let owned = async |plane: &Plane| {
        let all = nouns(plane, &[]).await.unwrap().into_iter();
        let all = all.filter_map(|it| if let Noun::Ownership(it) = it { Some(it) } else { None });
        all.collect::<BTreeSet<_>>()
    };
    let plane = testkit::empty().await;
    apply_to(&plane, OWNED, 0).await;
    let all = owned(&plane).await;
    assert_eq!(all.len(), 5);
    assert_eq!(apply_to(&plane, OWNED, 1).await.changed, 0);
    let text = export(&nouns(&plane, &[]).await.unwrap(), &builtin(), &AnyType).text;
    let there = testkit::empty().await;
    apply_to(&there, &text, 0).await;
    assert_eq!(owned(&there).await, all, "{text}");

    let fewer = OWNED.replace(", {name: per}", "").replace(", per]", "]").replace("[per]", "[]");
    prune_from(&plane, &fewer).await;
    assert_eq!(owned(&plane).await.len(), 3, "two of Per's are gone");
    prune_from(&plane, BARE).await;
    assert_eq!(owned(&plane).await, BTreeSet::new());
    let refused = World::parse(
        &OWNED.replace("[nora, robot]", "[staff]"),
        &builtin(),
        &AnyType,
        samples::now(),
    );
    let faults = refused.unwrap_err();
    assert!(faults.iter().any(|it| it.to_string().contains("a group owns nothing")), "{faults:?}");
}
