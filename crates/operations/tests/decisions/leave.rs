//! Who may ask about whom, where.

use ids::resource::{DenyAssignmentId, LockId};
use model::{
    change::Change,
    delegation::{Authorization, Definition},
    role::{Denied, DenyAssignment, Lock, LockLevel, Permission},
    samples::{CONTRIBUTOR, OWNER, PROVIDER, READER, TIER1, role_assignment, whole},
};

use operations::decisions::{
    Part,
    resources::{self, ResourceSearch},
};

use super::*;

/// What Contoso delegated to Fabrikam's engineers.
pub(super) fn delegated(role: RoleId) -> Vec<Noun> {
    let authorizations = vec![Authorization { role, ..samples::authorization(TIER1, role) }];
    let definition = Definition { authorizations, ..samples::definition(SUBSCRIPTION) };
    vec![Noun::Definition(definition), Noun::Assignment(samples::assignment(whole()))]
}

#[tokio::test]
async fn about_oneself_everybody_may_ask_and_about_others_who_reads_the_place() {
    let plane = plane(vec![grants(whole(), GATE, READER)]).await;
    let read = |who| asked(who, READ, &machine());
    let cases = [
        ("the owner about herself", OLOF, OLOF, Answer::Yes),
        ("somebody without anything about herself", NORA, NORA, Answer::No),
        ("the owner about another", OLOF, NORA, Answer::No),
        ("a reader about the owner", GATE, OLOF, Answer::Yes),
        ("a reader about nobody", GATE, samples::principal(CUSTOMER, 0xDEAD), Answer::No),
        ("somebody without anything about the owner", NORA, OLOF, Answer::NoLeave),
        ("somebody without anything about nobody", NORA, ADA, Answer::NoLeave),
        ("another tenant's about the owner", ADA, OLOF, Answer::NoLeave),
        ("another tenant's about herself", ADA, ADA, Answer::No),
    ];
    for (case, caller, who, expected) in cases {
        assert_eq!(answer(&plane, caller, &arm(), &read(who)).await, expected, "{case}");
    }
}

/// An application asks, since who asks is no person.
#[tokio::test]
async fn what_is_not_there_is_refused_like_what_is_anothers() {
    let plane = plane(Vec::new()).await;
    let strange = "11111111-2222-4333-8444-555555555555";
    let unknown = Scope::parse(&format!("/subscriptions/{strange}"), CUSTOMER).unwrap();
    for at in [unknown.clone(), whole(), machine()] {
        let about_others = answer(&plane, ADA, &arm(), &asked(NORA, READ, &at)).await;
        assert_eq!(about_others, Answer::NoLeave, "{at}");
        let about_oneself = answer(&plane, ADA, &arm(), &asked(ADA, READ, &at)).await;
        assert_eq!(about_oneself, Answer::No, "{at}");
    }
    // What names no place at all is refused to everybody, whoever asks.
    let mut nowhere = asked(NORA, READ, &machine());
    nowhere.resource.kind = "Microsoft.Compute/disks".to_owned();
    for caller in [OLOF, ADA] {
        assert_eq!(answer(&plane, caller, &arm(), &nowhere).await, Answer::No);
    }
}

#[tokio::test]
async fn a_role_that_holds_nothing_else_lets_a_gate_ask_and_read_nothing() {
    let role = model::role::RoleDefinition {
        permissions: vec![Permission {
            actions: vec!["Fyr.Access/decisions/read".to_owned()],
            ..Permission::default()
        }],
        ..samples::custom_role(whole())
    };
    let id = role.id;
    let plane = plane(vec![Noun::RoleDefinition(role), grants(whole(), GATE, id)]).await;
    let about = |who, kind| Asked { subject: subject(who, kind), ..asked(who, READ, &machine()) };
    assert_eq!(answer(&plane, GATE, &arm(), &about(OLOF, "user")).await, Answer::Yes);
    let itself = about(GATE, "servicePrincipal");
    assert_eq!(answer(&plane, GATE, &arm(), &itself).await, Answer::No);
    // What it may not read, it is not told to be there.
    let search = ResourceSearch {
        subject: subject(OLOF, "user"),
        action: action(READ),
        kind: "Microsoft.Compute/virtualMachines".to_owned(),
    };
    let all = Part { after: None, limit: 9 };
    let listed = resources::search(&plane, &context(GATE), &arm(), (&search, &all)).await.unwrap();
    assert!(listed.items.is_empty(), "{listed:?}");
}

#[tokio::test]
async fn a_delegate_asks_about_its_own_people_and_never_about_the_customers() {
    let plane = plane(delegated(READER)).await;
    assert_eq!(answer(&plane, ADA, &arm(), &asked(ADA, READ, &machine())).await, Answer::Yes);
    assert_eq!(answer(&plane, ADA, &arm(), &asked(OLOF, READ, &machine())).await, Answer::NoLeave);
    let colleague = samples::principal(PROVIDER, 0x2);
    let about = asked(colleague, READ, &machine());
    assert_eq!(answer(&plane, ADA, &arm(), &about).await, Answer::No, "she may ask");
}

/// An enforcement point in front of the customer's own has to let the provider's people in.
#[tokio::test]
async fn the_customers_gate_is_told_whether_a_delegate_may() {
    let plane = plane(delegated(CONTRIBUTOR)).await;
    assert_eq!(says_olof(&plane, ADA, WRITE).await, Answer::Yes);
    // The same id in the customer's tenant is another.
    let own = Asked {
        subject: SubjectName { tenant: None, ..subject(ADA, "user") },
        ..asked(ADA, WRITE, &machine())
    };
    assert_eq!(ADA.object, OLOF.object, "or this shows nothing");
    let nora = grants(whole(), NORA, READER);
    testkit::put(&plane, vec![nora]).await;
    assert_eq!(answer(&plane, NORA, &arm(), &own).await, Answer::Yes, "Olof is meant");
    let strange = Asked {
        subject: SubjectName { tenant: Some("contoso".to_owned()), ..subject(ADA, "user") },
        ..own
    };
    assert_eq!(answer(&plane, OLOF, &arm(), &strange).await, Answer::No);
}

#[tokio::test]
async fn locks_and_denies_are_in_the_answer_and_in_no_gates_way() {
    let name = uuid::Uuid::from_u128(7).to_string().parse::<ids::name::Name>().unwrap();
    let lock = Lock {
        id: LockId::at(whole(), name.clone()).unwrap(),
        level: LockLevel::ReadOnly,
        notes: None,
    };
    let plane = plane(vec![grants(whole(), GATE, READER), Noun::Lock(lock)]).await;
    let write = asked(OLOF, WRITE, &machine());
    assert_eq!(answer(&plane, GATE, &arm(), &write).await, Answer::No, "it is locked");
    let read = asked(OLOF, READ, &machine());
    assert_eq!(answer(&plane, GATE, &arm(), &read).await, Answer::Yes);
    let deny = DenyAssignment {
        id: DenyAssignmentId::at(whole(), name).unwrap(),
        name: "deny".to_owned(),
        description: String::new(),
        permissions: vec![Permission {
            actions: vec!["Microsoft.Compute/*".to_owned()],
            ..Permission::default()
        }],
        principals: Denied::These(vec![OLOF]),
        exclude: Vec::new(),
        does_not_apply_to_child_scopes: false,
        is_system_protected: true,
    };
    testkit::put(&plane, vec![Noun::DenyAssignment(deny)]).await;
    assert_eq!(answer(&plane, GATE, &arm(), &read).await, Answer::No, "it is denied");
}

#[tokio::test]
async fn a_question_that_comes_after_a_revocation_was_acknowledged_is_answered_no() {
    let plane = plane(vec![grants(whole(), NORA, OWNER)]).await;
    for round in 0..20 {
        assert_eq!(says_olof(&plane, NORA, WRITE).await, Answer::Yes, "round {round}");
        let grant = role_assignment(whole(), NORA, OWNER);
        let gone = Change::Remove(Noun::RoleAssignment(grant.clone()));
        testkit::apply(&plane, vec![gone]).await;
        assert_eq!(says_olof(&plane, NORA, WRITE).await, Answer::No, "round {round}");
        testkit::put(&plane, vec![Noun::RoleAssignment(grant)]).await;
    }
}

#[tokio::test]
async fn a_disabled_account_may_nothing_and_neither_may_a_guest_whose_own_is() {
    let nouns = vec![grants(whole(), NORA, READER), grants(whole(), GUEST, READER)];
    let plane = plane(nouns).await;
    assert_eq!(says_olof(&plane, NORA, READ).await, Answer::Yes);
    assert_eq!(says_olof(&plane, GUEST, READ).await, Answer::Yes);
    let off = |who, name| Noun::User(User { enabled: false, ..samples::user(who, name) });
    testkit::put(&plane, vec![off(NORA, "nora"), off(ADA, "ada")]).await;
    assert_eq!(says_olof(&plane, NORA, READ).await, Answer::No);
    assert_eq!(says_olof(&plane, GUEST, READ).await, Answer::No);
}
