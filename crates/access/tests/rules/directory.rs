//! Who may do what in a tenant's own directory.

use access::{
    index::Index,
    verdict::{Refusal, Through, Verdict},
};
use ids::{
    guid::{AppId, Principal, RoleId, TenantId},
    scope::Scope,
};
use model::{
    action::Action,
    change::{Change, Noun},
    directory::{ServicePrincipal, ServicePrincipalKind, User, UserKind},
    directory_role::{
        APPLICATION_ADMINISTRATOR, AUTHENTICATION_ADMINISTRATOR, DIRECTORY_READERS,
        DirectoryRoleAssignment, GLOBAL_ADMINISTRATOR, GROUPS_ADMINISTRATOR,
        PRIVILEGED_ROLE_ADMINISTRATOR, USER_ADMINISTRATOR,
    },
    ownership::{Owned, OwnedKind, Ownership},
    question::{Question, Via},
    samples::{self, ADA, CUSTOMER, OLOF, OWNER, PROVIDER, TIER1},
};
use uuid::Uuid;

use crate::{granted, index, people, put};

const ROBOT: Principal = samples::principal(CUSTOMER, 0xB07);
const RUT: Principal = samples::principal(CUSTOMER, 0x42);
const GUEST: Principal = samples::principal(CUSTOMER, 0x60);

fn holds(principal: Principal, role: RoleId) -> Noun {
    Noun::DirectoryRoleAssignment(DirectoryRoleAssignment { principal, role })
}

/// Contoso with Rut, a guest and a robot too; and what is added.
fn directory(more: Vec<Noun>) -> Index {
    let guest = samples::user(GUEST, "ada#ext#");
    let robot = ServicePrincipal {
        principal: ROBOT,
        app: AppId::new(Uuid::from_u128(0xB07)),
        display_name: "robot".to_owned(),
        enabled: true,
        kind: ServicePrincipalKind::Application,
    };
    let mut changes = people();
    changes.extend(
        [
            Noun::User(samples::user(RUT, "rut")),
            Noun::User(User { kind: UserKind::Guest { home: ADA }, ..guest }),
            Noun::ServicePrincipal(robot),
        ]
        .into_iter()
        .chain(more)
        .map(put),
    );
    index(&changes)
}

fn may(index: &Index, who: Principal, action: &str, tenant: TenantId) -> bool {
    let question = Question::directory(Action::named(action), tenant);
    let verdict = index.check(who, &question, samples::now());
    assert_eq!(index.explain(who, &question, samples::now()).verdict, verdict);
    assert_eq!(index.who_can(&question, samples::now()).contains(&who), verdict.is_allowed());
    verdict.is_allowed()
}

const READ: &str = "Fyr.Directory/users/read";
const SELF: &str = "Fyr.Directory/self/read";
const USERS: &str = "Fyr.Directory/users/write";
const PASSWORDS: &str = "Fyr.Directory/users/credentials/write";
const GROUPS: &str = "Fyr.Directory/groups/delete";
const APPS: &str = "Fyr.Directory/applications/credentials/write";
const PRINCIPALS: &str = "Fyr.Directory/servicePrincipals/write";
const ROLES: &str = "Fyr.Directory/roleAssignments/write";
const PRIVILEGED: &str = "Fyr.Directory/privileged/write";
const ELEVATE: &str = "Microsoft.Authorization/elevateAccess/action";
const ALL: [&str; 10] =
    [READ, SELF, USERS, PASSWORDS, GROUPS, APPS, PRINCIPALS, ROLES, PRIVILEGED, ELEVATE];

#[test]
fn each_directory_role_allows_its_own_part_and_no_more() {
    for (role, allowed) in [
        (GLOBAL_ADMINISTRATOR, &ALL[..]),
        (PRIVILEGED_ROLE_ADMINISTRATOR, &[READ, SELF, ROLES]),
        (USER_ADMINISTRATOR, &[READ, SELF, USERS, PASSWORDS, GROUPS]),
        (AUTHENTICATION_ADMINISTRATOR, &[READ, SELF, PASSWORDS]),
        (GROUPS_ADMINISTRATOR, &[READ, SELF, GROUPS]),
        (APPLICATION_ADMINISTRATOR, &[READ, SELF, APPS, PRINCIPALS]),
        (DIRECTORY_READERS, &[READ, SELF]),
    ] {
        for who in [RUT, GUEST, ROBOT] {
            let index = directory(vec![holds(who, role)]);
            let found: Vec<&str> =
                ALL.into_iter().filter(|action| may(&index, who, action, CUSTOMER)).collect();
            assert_eq!(found, allowed, "{role} {who}");
            assert!(ALL.iter().all(|action| !may(&index, who, action, PROVIDER)), "{role} {who}");
        }
    }
}

#[test]
fn members_read_their_directory_and_others_only_themselves() {
    let index = directory(Vec::new());
    for (who, allowed) in [(RUT, &[READ, SELF][..]), (GUEST, &[SELF]), (ROBOT, &[SELF])] {
        let found: Vec<&str> =
            ALL.into_iter().filter(|action| may(&index, who, action, CUSTOMER)).collect();
        assert_eq!(found, allowed, "{who}");
    }
    assert!(!may(&index, ADA, READ, CUSTOMER), "nobody reads another tenant's");
    assert!(!may(&index, samples::principal(CUSTOMER, 0xDEAD), SELF, CUSTOMER), "nor strangers");
}

#[test]
fn no_grant_of_azures_opens_a_directory_and_no_directory_role_opens_azure() {
    let root = Scope::Tenant(CUSTOMER);
    let index = directory(vec![granted(root.clone(), RUT, OWNER)]);
    assert!(!may(&index, RUT, USERS, CUSTOMER));
    assert!(!may(&index, RUT, ROLES, CUSTOMER));
    let index = directory(vec![holds(RUT, GLOBAL_ADMINISTRATOR)]);
    for action in [Action::named(ELEVATE), Action::GROUPS_READ, Action::ROLE_ASSIGNMENTS_WRITE] {
        for scope in [root.clone(), samples::whole()] {
            for via in [Via::Any, Via::Ownership, Via::AssigningSome, Via::Data] {
                let question = Question { action: action.clone(), scope: scope.clone(), via };
                assert!(!index.check(RUT, &question, samples::now()).is_allowed(), "{question:?}");
            }
        }
    }
    let in_subscription =
        Question { scope: samples::whole(), ..Question::directory(Action::named(READ), CUSTOMER) };
    assert!(!index.check(RUT, &in_subscription, samples::now()).is_allowed());
}

#[test]
fn a_directory_role_ends_with_its_assignment_and_with_its_holder() {
    let held = holds(RUT, GLOBAL_ADMINISTRATOR);
    let before = directory(vec![held.clone()]);
    let question = Question::directory(Action::named(ROLES), CUSTOMER);
    let verdict = before.check(RUT, &question, samples::now());
    let Verdict::Allowed(allowed) = verdict else { panic!("{verdict:?}") };
    assert_eq!(allowed.through, Through::Directory(Some(GLOBAL_ADMINISTRATOR)));
    let rut = samples::user(RUT, "rut");
    for change in [
        Change::Remove(held),
        put(Noun::User(User { enabled: false, ..rut.clone() })),
        Change::Remove(Noun::User(rut)),
    ] {
        let after = before.after(&[change], ids::clock::Revision(900));
        let refused = Verdict::Refused(Refusal::NoGrant);
        assert_eq!(after.check(RUT, &question, samples::now()), refused);
    }
}

#[test]
fn groups_lend_no_directory_role() {
    let member = model::directory::Membership {
        group: Principal { tenant: CUSTOMER, ..TIER1 },
        member: OLOF.object,
    };
    let group = samples::group(member.group, "admins");
    let held = holds(member.group, GLOBAL_ADMINISTRATOR);
    let index = directory(vec![Noun::Group(group), Noun::Membership(member), held]);
    assert!(!may(&index, OLOF, USERS, CUSTOMER));
}

#[test]
fn directory_roles_are_part_of_what_a_start_begins_from() {
    let index = directory(vec![holds(RUT, USER_ADMINISTRATOR), holds(ROBOT, DIRECTORY_READERS)]);
    let again = Index::restore(
        access::catalogue::Catalogue::builtin(),
        index.facts(),
        index.revision(),
        index.access_revision(),
    );
    assert_eq!(again.dump(), index.dump());
    assert_eq!(again.directory_roles_of(RUT), [USER_ADMINISTRATOR]);
}

/// One of each kind, by the same ids in two tenants.
fn things() -> Vec<Owned> {
    let of = |tenant| {
        let who = samples::principal(tenant, 0xB07);
        let app = AppId::new(who.object.raw());
        [Owned::Group(who), Owned::Application(tenant, app), Owned::ServicePrincipal(who)]
    };
    [of(CUSTOMER), of(PROVIDER)].concat()
}

fn owns(owned: Owned, who: Principal) -> Noun {
    Noun::Ownership(Ownership { owned, owner: who.object })
}

/// What owners ask for, and the kind of thing that it is done to.
const OWNERS: [(OwnedKind, &[&str]); 3] = [
    (OwnedKind::Group, &[GROUPS]),
    (OwnedKind::Application, &[APPS]),
    (OwnedKind::ServicePrincipal, &[PRINCIPALS]),
];

#[test]
fn a_person_of_the_tenant_changes_what_they_own_and_nothing_else() {
    for who in [RUT, GUEST, ROBOT] {
        for owned in things().into_iter().filter(|it| it.tenant() == CUSTOMER) {
            let (bare, index) = (directory(Vec::new()), directory(vec![owns(owned, who)]));
            let may = |index: &Index, question: &Question| {
                let verdict = index.check(who, question, samples::now());
                assert_eq!(index.explain(who, question, samples::now()).verdict, verdict);
                assert_eq!(
                    index.who_can(question, samples::now()).contains(&who),
                    verdict.is_allowed()
                );
                verdict.is_allowed()
            };
            for (action, thing) in
                ALL.iter().flat_map(|it| things().into_iter().map(move |at| (*it, at)))
            {
                let asked = Question::owner(Action::named(action), thing);
                let is_theirs = who == RUT
                    && thing == owned
                    && OWNERS
                        .iter()
                        .any(|(kind, all)| *kind == thing.kind() && all.contains(&action));
                assert_eq!(may(&index, &asked), may(&bare, &asked) || is_theirs, "{who} {asked:?}");
                let front = Question { via: Via::OwnerOfSome(thing.kind()), ..asked.clone() };
                let some = who == RUT
                    && thing.tenant() == CUSTOMER
                    && thing.kind() == owned.kind()
                    && OWNERS
                        .iter()
                        .any(|(kind, all)| *kind == thing.kind() && all.contains(&action));
                assert_eq!(may(&index, &front), may(&bare, &front) || some, "{who} {front:?}");
                let plain = Question { via: Via::Directory, ..asked };
                assert_eq!(may(&index, &plain), may(&bare, &plain), "{who} {plain:?}");
            }
        }
    }
}

#[test]
fn what_is_owned_is_so_until_somebody_else_says_so_or_the_owner_goes() {
    let owned = Owned::Group(samples::principal(CUSTOMER, 0xB07));
    let before = directory(vec![owns(owned, RUT)]);
    let question = Question::owner(Action::named(GROUPS), owned);
    let verdict = before.check(RUT, &question, samples::now());
    let Verdict::Allowed(allowed) = verdict else { panic!("{verdict:?}") };
    assert_eq!(allowed.through, Through::Owner(owned));
    let rut = samples::user(RUT, "rut");
    for change in [
        Change::Remove(owns(owned, RUT)),
        put(Noun::User(User { enabled: false, ..rut.clone() })),
        put(Noun::User(User { kind: UserKind::Guest { home: ADA }, ..rut.clone() })),
        Change::Remove(Noun::User(rut)),
    ] {
        let after = before.after(std::slice::from_ref(&change), ids::clock::Revision(900));
        let refused = Verdict::Refused(Refusal::NoGrant);
        assert_eq!(after.check(RUT, &question, samples::now()), refused, "{change:?}");
    }
    let facts = before.facts();
    let (revision, access) = (before.revision(), before.access_revision());
    let again = Index::restore(access::catalogue::Catalogue::builtin(), facts, revision, access);
    assert_eq!(again.dump(), before.dump());
    assert!(again.check(RUT, &question, samples::now()).is_allowed());
}
