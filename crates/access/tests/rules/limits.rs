//! What stands against a grant: deny assignments, and locks.

use access::verdict::{Refusal, Verdict};
use ids::{
    guid::{Principal, TenantId},
    resource::{DenyAssignmentId, LockId},
    scope::Scope,
};
use model::{
    action::Action,
    change::Noun,
    directory::GroupKind,
    question::Via,
    role::{Denied, DenyAssignment, Lock, LockLevel, Permission},
    samples::{self, ADA, CUSTOMER, OLOF, TIER1, principal},
    settings::Profile,
};
use uuid::Uuid;

use crate::{
    DELETE, KEYS, READ, WRITE, account, ask, ask_via, delegated, group, guid, may, member,
    settings, with,
};

/// A provider that nobody delegated anything to.
pub(crate) const STRANGER: TenantId = TenantId::new(Uuid::from_u128(0xBAD));

/// Against all writing to storage, for everyone.
pub(crate) fn deny(scope: Scope) -> DenyAssignment {
    DenyAssignment {
        id: DenyAssignmentId::at(scope, guid(0xDE)).unwrap(),
        name: "managed".to_owned(),
        description: String::new(),
        permissions: vec![Permission {
            actions: vec!["Microsoft.Storage/*".to_owned()],
            not_actions: vec!["*/read".to_owned()],
            ..Permission::default()
        }],
        principals: Denied::Everyone,
        exclude: Vec::new(),
        does_not_apply_to_child_scopes: false,
        is_system_protected: true,
    }
}

pub(crate) fn lock(scope: Scope, level: LockLevel) -> Noun {
    Noun::Lock(Lock { id: LockId::at(scope, guid(0x10)).unwrap(), level, notes: None })
}

#[test]
fn a_deny_wins_over_every_grant_and_binds_the_provider_in_both_profiles() {
    for profile in [Profile::Azure, Profile::Strict] {
        let nouns = [
            Noun::Settings(settings(profile)),
            Noun::DenyAssignment(deny(samples::resource_group("rg1"))),
        ];
        let index = with(delegated(), nouns);
        for who in [OLOF, ADA] {
            let Verdict::Refused(Refusal::Denied { name, scope, .. }) =
                ask(&index, who, WRITE, &account("rg1"))
            else {
                panic!("{who} may write")
            };
            assert_eq!((name.as_str(), scope), ("managed", samples::resource_group("rg1")));
            assert!(may(&index, who, READ, &account("rg1")), "its own not-actions");
            assert!(may(&index, who, WRITE, &account("rg10")));
        }
    }
}

#[test]
fn a_deny_spares_whom_it_excludes_through_groups_too() {
    let spared = DenyAssignment { exclude: vec![TIER1], ..deny(samples::whole()) };
    let index = with(delegated(), [Noun::DenyAssignment(spared)]);
    assert!(may(&index, ADA, WRITE, &account("rg1")));
    assert!(!may(&index, OLOF, WRITE, &account("rg1")));
    let staff = principal(CUSTOMER, 0x5F);
    let named = DenyAssignment { principals: Denied::These(vec![staff]), ..deny(samples::whole()) };
    let nouns =
        [group(staff, GroupKind::Security), member(staff, OLOF), Noun::DenyAssignment(named)];
    let index = with(delegated(), nouns);
    assert!(may(&index, ADA, WRITE, &account("rg1")));
    assert!(!may(&index, OLOF, WRITE, &account("rg1")));
}

#[test]
fn a_deny_may_be_for_its_own_scope_alone() {
    let shallow = DenyAssignment {
        does_not_apply_to_child_scopes: true,
        ..deny(samples::resource_group("rg1"))
    };
    let index = with(delegated(), [Noun::DenyAssignment(shallow)]);
    assert!(!may(&index, OLOF, WRITE, &samples::resource_group("rg1")));
    assert!(may(&index, OLOF, WRITE, &account("rg1")));
}

#[test]
fn locks_bar_by_verb_for_everything_below() {
    let locks = Action::known("Microsoft.Authorization/locks/delete");
    let assigning = Action::ROLE_ASSIGNMENTS_WRITE;
    let cases = [
        (LockLevel::ReadOnly, READ, true),
        (LockLevel::ReadOnly, WRITE, false),
        (LockLevel::ReadOnly, DELETE, false),
        (LockLevel::ReadOnly, KEYS, false),
        (LockLevel::ReadOnly, assigning.clone(), false),
        (LockLevel::ReadOnly, locks.clone(), true),
        (LockLevel::CanNotDelete, WRITE, true),
        (LockLevel::CanNotDelete, KEYS, true),
        (LockLevel::CanNotDelete, DELETE, false),
        (LockLevel::CanNotDelete, Action::ROLE_ASSIGNMENTS_DELETE, false),
        (LockLevel::CanNotDelete, locks, true),
    ];
    for (level, action, expected) in cases {
        let index = with(delegated(), [lock(samples::resource_group("rg1"), level)]);
        let verdict = ask(&index, OLOF, action.clone(), &account("rg1"));
        assert_eq!(verdict.is_allowed(), expected, "{level:?} {action}");
        if !expected {
            let locks = vec![samples::resource_group("rg1")];
            assert_eq!(verdict, Verdict::Refused(Refusal::Locked { locks }));
        }
        assert!(may(&index, OLOF, action, &account("rg10")));
    }
}

#[test]
fn a_customers_locks_bind_the_provider_in_strict_only() {
    for (profile, expected) in [(Profile::Azure, true), (Profile::Strict, false)] {
        let nouns =
            [Noun::Settings(settings(profile)), lock(samples::whole(), LockLevel::ReadOnly)];
        let index = with(delegated(), nouns);
        assert_eq!(may(&index, ADA, WRITE, &account("rg1")), expected, "{profile:?}");
        assert!(!may(&index, OLOF, WRITE, &account("rg1")), "{profile:?}");
    }
}

#[test]
fn a_yes_over_a_lock_says_which_it_passed() {
    let nouns =
        [Noun::Settings(settings(Profile::Azure)), lock(samples::whole(), LockLevel::ReadOnly)];
    let index = with(delegated(), nouns);
    let passed = |who, action| match ask(&index, who, action, &account("rg1")) {
        Verdict::Allowed(allowed) => allowed.passed_locks,
        Verdict::Refused(refusal) => panic!("{refusal:?}"),
    };
    assert_eq!(passed(ADA, WRITE), [samples::whole()]);
    assert_eq!(passed(ADA, READ), [], "it bars no reading");
    assert_eq!(passed(OLOF, READ), []);
}

#[test]
fn a_lock_is_not_in_the_way_of_what_somebody_holds() {
    let index = with(delegated(), [lock(samples::whole(), LockLevel::CanNotDelete)]);
    let delete = Action::ROLE_ASSIGNMENTS_DELETE;
    let verdict = ask_via(&index, OLOF, delete, &samples::whole(), Via::Ownership);
    assert!(verdict.is_allowed(), "an owner may delegate below a lock against deletion");
}

#[test]
fn whoever_holds_no_grant_hears_of_no_lock_and_no_deny() {
    let nobody: Principal = principal(CUSTOMER, 0xE0);
    let nouns = [
        Noun::User(samples::user(nobody, "nobody")),
        lock(samples::whole(), LockLevel::ReadOnly),
        Noun::DenyAssignment(deny(samples::whole())),
    ];
    let index = with(delegated(), nouns);
    assert_eq!(ask(&index, nobody, WRITE, &account("rg1")), crate::NO_GRANT);
}

#[test]
fn locks_are_told_around_a_scope_and_below_it() {
    let index = with(
        delegated(),
        [
            lock(samples::whole(), LockLevel::CanNotDelete),
            lock(samples::resource_group("rg1"), LockLevel::ReadOnly),
            lock(account("rg1"), LockLevel::ReadOnly),
            lock(account("rg10"), LockLevel::ReadOnly),
        ],
    );
    let scopes = |locks: Vec<Lock>| -> Vec<Scope> {
        locks.iter().map(|lock| lock.id.scope().clone()).collect()
    };
    let rg1 = samples::resource_group("rg1");
    assert_eq!(scopes(index.locks(&rg1)), [rg1.clone(), samples::whole()]);
    assert_eq!(scopes(index.locks_below(&rg1)), [account("rg1")]);
    assert_eq!(index.locks_below(&samples::whole()).len(), 3);
    assert_eq!(index.locks_below(&Scope::Tenant(CUSTOMER)).len(), 4);
}
