//! Role assignments of the home tenant: who they mean, where they hold, what they allow.

use access::index::Index;
use ids::{
    guid::{Principal, RoleId},
    scope::Scope,
};
use model::{
    action::Action,
    change::{Change, Noun},
    directory::{GroupKind, User},
    question::Question,
    role::{DenyAssignment, LockLevel, Permission, RoleAssignment, RoleDefinition},
    samples::{
        self, ADA, CONTRIBUTOR, CUSTOMER, NEIGHBOUR, OLOF, OWNER, PROVIDER, READER, SUBSCRIPTION,
        principal,
    },
    tree::{ManagementGroup, Subscription},
};
use uuid::Uuid;

use crate::{
    DELETE, KEYS, NO_GRANT, READ, WRITE, account, ask, granted, group, guest, index,
    limits::{deny, lock},
    may, member, people, put, with,
};

const ERIK: Principal = principal(CUSTOMER, 0xE);
const OUTER: Principal = principal(CUSTOMER, 0x61);
const INNER: Principal = principal(CUSTOMER, 0x62);

#[test]
fn a_grant_holds_at_its_scope_and_below_and_nowhere_else() {
    let erik = Noun::User(samples::user(ERIK, "erik"));
    let index = with(people(), [erik, granted(samples::resource_group("rg1"), ERIK, CONTRIBUTOR)]);
    assert!(may(&index, ERIK, WRITE, &samples::resource_group("RG1")));
    assert!(may(&index, ERIK, WRITE, &account("rg1")));
    for outside in [samples::resource_group("rg10"), account("rg10"), samples::whole()] {
        assert_eq!(ask(&index, ERIK, READ, &outside), NO_GRANT, "{outside}");
    }
}

#[test]
fn the_same_object_id_in_another_tenant_is_somebody_else() {
    assert_eq!(OLOF.object, ADA.object);
    let index = index(&people());
    assert!(may(&index, OLOF, WRITE, &samples::whole()));
    assert_eq!(ask(&index, ADA, READ, &samples::whole()), NO_GRANT);
}

#[test]
fn a_grant_to_another_tenants_principal_grants_nothing() {
    let index = with(people(), [granted(samples::whole(), ADA, OWNER)]);
    assert_eq!(ask(&index, ADA, READ, &samples::whole()), NO_GRANT);
}

#[test]
fn whoever_is_unknown_disabled_or_a_group_is_refused_everything() {
    let disabled = Noun::User(User { enabled: false, ..samples::user(OLOF, "olof") });
    let here = samples::whole();
    assert!(!may(&with(people(), [disabled]), OLOF, READ, &here));
    let gone = Change::Remove(Noun::User(samples::user(OLOF, "olof")));
    assert!(!may(&index(&[people(), vec![gone]].concat()), OLOF, READ, &here));
    let all =
        with(people(), [group(OUTER, GroupKind::Security), granted(here.clone(), OUTER, OWNER)]);
    assert!(!may(&all, OUTER, READ, &here), "a group asks nothing itself");
    let unknown = Scope::Subscription(NEIGHBOUR);
    assert_eq!(ask(&all, OLOF, READ, &unknown), NO_GRANT, "an unknown subscription");
}

#[test]
fn rights_flow_along_nested_security_groups_even_in_a_ring_and_never_through_microsoft_365() {
    let nouns = |inner| {
        [
            Noun::User(samples::user(ERIK, "erik")),
            group(OUTER, GroupKind::Security),
            group(INNER, inner),
            member(OUTER, INNER),
            member(INNER, OUTER),
            member(INNER, ERIK),
            granted(samples::whole(), OUTER, READER),
        ]
    };
    let nested = with(people(), nouns(GroupKind::Security));
    assert!(may(&nested, ERIK, READ, &account("rg1")));
    assert_eq!(nested.groups_of(ERIK), [OUTER, INNER]);
    let through_365 = with(people(), nouns(GroupKind::Microsoft365));
    assert!(!may(&through_365, ERIK, READ, &account("rg1")));
    let left = Change::Remove(member(INNER, ERIK));
    assert!(!may(&nested.after(&[left], ids::clock::Revision(2)), ERIK, READ, &account("rg1")));
}

/// Contract sheet ARM, 3.3: the two planes are apart, and `*` of the one gives nothing of the
/// other. Locks stand on the control plane alone; a deny assignment denies what it names.
#[test]
fn data_is_reached_by_data_actions_alone() {
    const BLOB: Action =
        Action::known("Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write");
    let contributor: RoleId = "ba92f5b4-2d11-453d-a403-e96b0029c9fe".parse().unwrap();
    let granted = [
        Noun::User(samples::user(ERIK, "erik")),
        granted(samples::whole(), ERIK, contributor),
        granted(samples::whole(), OLOF, OWNER),
    ];
    let reaches = |index: &Index, who| {
        let question = Question::data(BLOB, account("rg1"));
        index.check(who, &question, samples::now()).is_allowed()
    };
    let index = with(people(), granted.clone());
    assert!(reaches(&index, ERIK));
    assert!(!may(&index, ERIK, BLOB, &account("rg1")), "it is no action of the control plane");
    assert!(!reaches(&index, OLOF), "an owner's `*` is of the control plane");
    assert!(may(&index, OLOF, BLOB, &account("rg1")));

    let locked = lock(samples::whole(), LockLevel::ReadOnly);
    assert!(reaches(&with(people(), granted.clone().into_iter().chain([locked])), ERIK));
    for (actions, data_actions, held) in [("*", "x/y", true), ("x/y", "*/write", false)] {
        let permission = Permission {
            actions: vec![actions.to_owned()],
            data_actions: vec![data_actions.to_owned()],
            ..Permission::default()
        };
        let denied = DenyAssignment { permissions: vec![permission], ..deny(samples::whole()) };
        let denied = Noun::DenyAssignment(denied);
        let index = with(people(), granted.clone().into_iter().chain([denied]));
        assert_eq!(reaches(&index, ERIK), held, "{actions} {data_actions}");
    }
}

#[test]
fn a_guest_reads_by_grants_of_the_home_tenant() {
    let index = with(people(), [guest(ERIK), granted(samples::whole(), ERIK, READER)]);
    assert!(may(&index, ERIK, READ, &samples::whole()));
}

#[test]
fn a_guest_is_refused_as_soon_as_the_account_at_home_is_disabled_or_gone_and_no_longer() {
    let here = samples::whole();
    let ada = |enabled| Noun::User(User { enabled, ..samples::user(ADA, "ada") });
    // The guest comes before the account that it signs in with.
    let strangers = people().into_iter().filter(|it| *it != put(ada(true))).collect();
    let index = with(strangers, [guest(ERIK), granted(here.clone(), ERIK, READER)]);
    assert_eq!(ask(&index, ERIK, READ, &here), NO_GRANT, "nobody is there at home");
    let a_guest_too = Noun::User(User {
        kind: model::directory::UserKind::Guest { home: OLOF },
        ..samples::user(ADA, "ada")
    });
    let steps = [
        (put(ada(true)), true),
        (put(ada(false)), false),
        (put(ada(true)), true),
        (put(a_guest_too), false),
        (put(ada(true)), true),
        (Change::Remove(ada(true)), false),
    ];
    let mut index = index;
    for (revision, (change, expected)) in (2..).zip(steps) {
        index = index.after(std::slice::from_ref(&change), ids::clock::Revision(revision));
        assert_eq!(may(&index, ERIK, READ, &here), expected, "{change:?}");
        assert_eq!(index.can_act(ERIK), expected, "{change:?}");
        assert_eq!(index.subscriptions_of(ERIK, samples::now()).is_empty(), !expected);
    }
}

#[test]
fn a_grant_at_a_management_group_or_the_tenant_reaches_down_and_moves_with_the_tree() {
    let group = |name: &str, parent: Option<&str>| ManagementGroup {
        tenant: CUSTOMER,
        name: name.parse().unwrap(),
        display_name: name.to_owned(),
        parent: parent.map(|it| it.parse().unwrap()),
    };
    let placed = |parent: &str| {
        let parent = Some(parent.parse().unwrap());
        Noun::Subscription(Subscription { parent, ..samples::subscription(SUBSCRIPTION, CUSTOMER) })
    };
    let erik = Noun::User(samples::user(ERIK, "erik"));
    let root = Scope::ManagementGroup(CUSTOMER, "root".parse().unwrap());
    let nouns = [
        erik.clone(),
        Noun::ManagementGroup(group("root", None)),
        Noun::ManagementGroup(group("leaf", Some("ROOT"))),
        Noun::ManagementGroup(group("aside", None)),
        placed("leaf"),
        granted(root, ERIK, READER),
    ];
    let inside = with(people(), nouns);
    assert!(may(&inside, ERIK, READ, &account("rg1")));
    let names = inside.subscription(SUBSCRIPTION).unwrap().management_groups;
    assert_eq!(names.iter().map(ids::name::Name::as_str).collect::<Vec<_>>(), ["leaf", "ROOT"]);
    let moved = inside.after(&[put(placed("aside"))], ids::clock::Revision(2));
    assert!(!may(&moved, ERIK, READ, &account("rg1")));
    let gone = Change::Remove(Noun::ManagementGroup(group("leaf", None)));
    assert!(!may(&inside.after(&[gone], ids::clock::Revision(2)), ERIK, READ, &account("rg1")));
    let whole = with(people(), [erik, granted(Scope::Tenant(CUSTOMER), ERIK, READER)]);
    assert!(may(&whole, ERIK, READ, &account("rg1")));
}

#[test]
fn not_actions_take_away_within_their_own_permission_object_only() {
    let erik = Noun::User(samples::user(ERIK, "erik"));
    let assigning = Action::ROLE_ASSIGNMENTS_WRITE;
    let one = [erik, granted(samples::whole(), ERIK, CONTRIBUTOR)];
    let contributor = with(people(), one.clone());
    assert!(!may(&contributor, ERIK, assigning.clone(), &samples::whole()));
    assert!(may(&contributor, ERIK, KEYS, &account("rg1")));
    let administrator = samples::USER_ACCESS_ADMINISTRATOR;
    let both =
        with(people(), one.into_iter().chain([granted(samples::whole(), ERIK, administrator)]));
    assert!(may(&both, ERIK, assigning, &samples::whole()), "another role may still grant it");
}

#[test]
fn a_condition_that_nobody_can_read_grants_nothing_wherever_it_stands() {
    let erik = || Noun::User(samples::user(ERIK, "erik"));
    let conditional = Noun::RoleAssignment(RoleAssignment {
        condition: Some("true".to_owned()),
        ..samples::role_assignment(samples::whole(), ERIK, OWNER)
    });
    assert!(!may(&with(people(), [erik(), conditional]), ERIK, READ, &samples::whole()));
    let permission = |verb: &str, condition: Option<&str>| Permission {
        actions: vec![format!("Microsoft.Storage/*/{verb}")],
        condition: condition.map(str::to_owned),
        ..Permission::default()
    };
    let role = custom(vec![permission("read", None), permission("write", Some("true"))]);
    let nouns =
        [erik(), Noun::RoleDefinition(role.clone()), granted(samples::whole(), ERIK, role.id)];
    let index = with(people(), nouns);
    assert!(may(&index, ERIK, READ, &account("rg1")));
    assert!(!may(&index, ERIK, WRITE, &account("rg1")));
}

fn custom(permissions: Vec<Permission>) -> RoleDefinition {
    RoleDefinition {
        id: RoleId::new(Uuid::from_u128(0xC0)),
        tenant: Some(CUSTOMER),
        name: "Custom".to_owned(),
        description: String::new(),
        permissions,
        assignable_scopes: vec![samples::whole()],
        written: None,
    }
}

#[test]
fn a_custom_role_is_its_tenants_own_and_never_a_built_in_one() {
    let everything = Permission { actions: vec!["*".to_owned()], ..Permission::default() };
    let foreign = RoleDefinition { tenant: Some(PROVIDER), ..custom(vec![everything.clone()]) };
    let shadow = RoleDefinition { id: READER, ..custom(vec![everything]) };
    let nouns = [
        Noun::User(samples::user(ERIK, "erik")),
        Noun::RoleDefinition(foreign.clone()),
        Noun::RoleDefinition(shadow),
        granted(samples::whole(), ERIK, foreign.id),
        granted(samples::whole(), ERIK, READER),
    ];
    let index = with(people(), nouns);
    assert!(may(&index, ERIK, READ, &account("rg1")));
    assert!(!may(&index, ERIK, DELETE, &account("rg1")));
    assert_eq!(index.role(CUSTOMER, READER).unwrap().name, "Reader");
    assert!(index.role(CUSTOMER, foreign.id).is_none());
    assert!(index.role(PROVIDER, foreign.id).is_some());
}
