//! Who may not delegate, change or take back a delegation, and who may: as far as access
//! decides it.

use access::{
    delegators::Standing,
    index::Index,
    permit::authorize,
    verdict::{NotOwner, Refusal},
};
use ids::{guid::Principal, scope::Scope};
use model::{
    change::{Change, Noun},
    delegation::{Assignment, Definition},
    directory::{GroupKind, OPERATORS, ServicePrincipal, ServicePrincipalKind, User, UserKind},
    question::Via,
    role::{Permission, RoleDefinition},
    samples::{
        self, ADA, CONTRIBUTOR, CUSTOMER, OLOF, OWNER, PROVIDER, SUBSCRIPTION, TIER1,
        authorization, principal,
    },
    settings::Settings,
};

use crate::{
    READ, accepted, ask_via, delegated, granted, group, guest, limits::STRANGER, member, offer,
    put, with,
};

const ERIK: Principal = principal(CUSTOMER, 0xE);

/// Why the caller may not; none where the caller may.
fn refusal(index: &Index, who: Principal, change: &Change) -> Option<Refusal> {
    let caller = samples::caller(who);
    authorize(index, &caller, change.requires(), samples::now()).err().map(|it| it.refusal)
}

fn wider() -> Change {
    let definition = Definition {
        authorizations: vec![authorization(TIER1, samples::USER_ACCESS_ADMINISTRATOR)],
        ..samples::definition(SUBSCRIPTION)
    };
    put(Noun::Definition(definition))
}

fn assigning() -> Change {
    put(Noun::Assignment(samples::assignment(samples::resource_group("rg1"))))
}

#[test]
fn a_delegated_contributor_widens_nothing_and_removes_nobodys_delegation() {
    let strangers = Definition { managed_by: STRANGER, ..offer(2, &[]) };
    let others: Assignment = accepted(&strangers, samples::whole());
    let nouns = [Noun::Definition(strangers), Noun::Assignment(others.clone())];
    let index = with(delegated(), nouns);
    let foreign = Some(Refusal::NotOwner(NotOwner::ForeignTenant));
    assert_eq!(refusal(&index, ADA, &wider()), foreign);
    assert_eq!(refusal(&index, ADA, &assigning()), foreign);
    let removal = Change::Remove(Noun::Assignment(others.clone()));
    assert_eq!(refusal(&index, ADA, &removal), foreign);
    assert_eq!(refusal(&index, ADA, &Change::Leave(others)), Some(Refusal::NoGrant));
}

#[test]
fn a_contributor_or_the_owner_of_only_the_group_may_not_delegate() {
    for (scope, role) in [(samples::whole(), CONTRIBUTOR), (samples::resource_group("rg1"), OWNER)]
    {
        let nouns = [Noun::User(samples::user(ERIK, "erik")), granted(scope, ERIK, role)];
        let index = with(delegated(), nouns);
        let expected = Some(Refusal::NotOwner(NotOwner::NoGrant));
        assert_eq!(refusal(&index, ERIK, &assigning()), expected, "{role}");
    }
}

#[test]
fn a_guest_may_not_delegate_unless_the_switch_says_so() {
    let nouns = [guest(ERIK), granted(samples::whole(), ERIK, OWNER)];
    let index = with(delegated(), nouns);
    assert_eq!(refusal(&index, ERIK, &assigning()), Some(Refusal::NotOwner(NotOwner::Guest)));
    let open = Settings { guest_delegation: true, ..index.settings().clone() };
    let index = index.after(&[put(Noun::Settings(open))], ids::clock::Revision(2));
    assert_eq!(refusal(&index, ERIK, &assigning()), None);
}

#[test]
fn who_can_delegate_tells_nothing_of_the_accounts_that_guests_have_at_home() {
    let homes = [principal(PROVIDER, 0xD1), principal(PROVIDER, 0xD2), principal(PROVIDER, 0xD3)];
    let guests = [principal(CUSTOMER, 0xE1), principal(CUSTOMER, 0xE2), principal(CUSTOMER, 0xE3)];
    let [living, disabled, _nobody] = homes;
    let off = User { enabled: false, ..samples::user(disabled, "off") };
    let mut nouns = vec![Noun::User(samples::user(living, "on")), Noun::User(off)];
    for (who, home) in guests.into_iter().zip(homes) {
        let kind = UserKind::Guest { home };
        nouns.push(Noun::User(User { kind, ..samples::user(who, "guest") }));
        nouns.push(granted(samples::whole(), who, OWNER));
    }
    let closed = with(delegated(), nouns);
    let open = Settings { guest_delegation: true, ..closed.settings().clone() };
    let open = closed.after(&[put(Noun::Settings(open))], ids::clock::Revision(2));
    for (index, expected) in [(closed, Standing::Guest), (open, Standing::May)] {
        let told = index.who_can_delegate(SUBSCRIPTION, None, 100, samples::now());
        let told = told.found.into_iter().filter(|it| guests.contains(&it.who));
        let told: Vec<_> = told.map(|it| (it.who, it.standing, it.paths.len())).collect();
        assert_eq!(told, guests.map(|who| (who, expected, 1)));
    }
}

#[test]
fn a_colleague_of_the_engineer_may_nothing() {
    let colleague = principal(PROVIDER, 0xB);
    let index = with(delegated(), [Noun::User(samples::user(colleague, "bea"))]);
    assert_eq!(refusal(&index, colleague, &wider()), Some(Refusal::NoGrant));
    let group = put(Noun::RoleAssignment(samples::role_assignment(samples::whole(), ADA, OWNER)));
    assert_eq!(refusal(&index, colleague, &group), Some(Refusal::NoGrant));
    assert_eq!(refusal(&index, ADA, &group), Some(Refusal::NoGrant), "nor may the engineer");
}

#[test]
fn an_owner_through_a_nested_group_and_an_identity_that_owns_may_delegate() {
    let (outer, inner) = (principal(CUSTOMER, 0x61), principal(CUSTOMER, 0x62));
    let robot = principal(CUSTOMER, 0x2B);
    let identity = ServicePrincipal {
        principal: robot,
        app: samples::caller(robot).app,
        display_name: "policy".to_owned(),
        enabled: true,
        kind: ServicePrincipalKind::ManagedIdentity {
            resource: crate::accepted(&offer(9, &[]), samples::whole()).id.into(),
        },
    };
    let nouns = [
        Noun::User(samples::user(ERIK, "erik")),
        group(outer, GroupKind::Security),
        group(inner, GroupKind::Security),
        member(outer, inner),
        member(inner, ERIK),
        granted(samples::whole(), outer, OWNER),
        Noun::ServicePrincipal(identity),
        granted(samples::whole(), robot, OWNER),
    ];
    let index = with(delegated(), nouns);
    for who in [OLOF, ERIK, robot] {
        for change in [wider(), assigning()] {
            assert_eq!(refusal(&index, who, &change), None, "{who}");
        }
    }
}

#[test]
fn a_role_is_written_by_those_of_the_tenant_who_may_at_every_place_and_by_no_managing_tenant() {
    let role = samples::custom_role(samples::whole());
    let wide = RoleDefinition {
        assignable_scopes: vec![samples::whole(), Scope::Subscription(samples::NEIGHBOUR)],
        ..role.clone()
    };
    let more = [
        guest(ERIK),
        granted(samples::whole(), ERIK, OWNER),
        Noun::Subscription(samples::subscription(samples::NEIGHBOUR, CUSTOMER)),
    ];
    let index = with(delegated(), more);
    let [role, wide] = [role, wide].map(|it| put(Noun::RoleDefinition(it)));
    assert_eq!(refusal(&index, OLOF, &role), None);
    assert_eq!(refusal(&index, ERIK, &role), None, "a guest writes what an owner may write");
    assert_eq!(refusal(&index, OLOF, &wide), Some(Refusal::NoGrant));
    assert_eq!(refusal(&index, ADA, &role), Some(Refusal::NoGrant));
    let read = |via| ask_via(&index, ADA, READ, &samples::whole(), via).is_allowed();
    assert!(read(Via::Any) && !read(Via::Direct), "what was delegated counts for nothing there");
}

#[test]
fn the_platforms_leave_is_held_at_the_operators_root_and_nowhere_else() {
    let root = Scope::Tenant(OPERATORS);
    let operator = principal(OPERATORS, 0xA);
    let deny = put(Noun::DenyAssignment(crate::limits::deny(samples::whole())));
    let own = RoleDefinition {
        permissions: vec![Permission { actions: vec!["*".to_owned()], ..Permission::default() }],
        ..samples::custom_role(Scope::Tenant(CUSTOMER))
    };
    let people = [
        Noun::User(samples::user(operator, "operator")),
        granted(Scope::Tenant(CUSTOMER), OLOF, OWNER),
        Noun::RoleDefinition(own.clone()),
        granted(Scope::Tenant(CUSTOMER), OLOF, own.id),
    ];
    let before = with(delegated(), people.clone());
    assert_eq!(refusal(&before, operator, &deny), Some(Refusal::NoGrant));
    let after = with(delegated(), people.into_iter().chain([granted(root, operator, OWNER)]));
    assert_eq!(refusal(&after, operator, &deny), None);
    for who in [OLOF, ADA] {
        assert_eq!(refusal(&after, who, &deny), Some(Refusal::NoGrant));
    }
    let asked = &deny.requires()[0];
    assert_eq!(after.who_can(asked, samples::now()), [operator]);
    assert!(!ask_via(&after, operator, READ, &samples::whole(), Via::Any).is_allowed());
}
