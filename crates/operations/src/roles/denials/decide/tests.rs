use ids::{guid::Principal, resource::DenyAssignmentId};
use model::samples::{CUSTOMER, OLOF, PROVIDER, principal, whole};
use uuid::Uuid;

use super::*;

const NORA: Principal = principal(CUSTOMER, 0x40);
const STAFF: Principal = principal(CUSTOMER, 0x57);

fn permission(actions: &[&str]) -> Permission {
    let actions = actions.iter().map(|it| (*it).to_owned()).collect();
    Permission { actions, ..Permission::default() }
}

/// Nobody deletes, but Olof.
fn deny() -> DenyAssignment {
    let name = Uuid::from_u128(9).to_string().parse().unwrap();
    DenyAssignment {
        id: DenyAssignmentId::at(whole(), name).unwrap(),
        name: "kept".to_owned(),
        description: String::new(),
        permissions: vec![permission(&["*/delete"])],
        principals: Denied::Everyone,
        exclude: vec![OLOF],
        does_not_apply_to_child_scopes: false,
        is_system_protected: true,
    }
}

fn against(list: &[Principal]) -> DenyAssignment {
    DenyAssignment { principals: Denied::These(list.to_vec()), ..deny() }
}

#[test]
fn a_deny_assignment_denies_something_to_somebody_within_bounds() {
    let data = Permission { data_actions: vec!["*/read".to_owned()], ..Permission::default() };
    let denying = |permissions| DenyAssignment { permissions, ..deny() };
    let cases = [
        ("everyone", deny(), Ok(())),
        ("somebody", against(&[NORA]), Ok(())),
        ("nobody", against(&[]), Err(Refused::Principals)),
        ("too many", against(&vec![NORA; 1_000]), Err(Refused::Principals)), // and Olof is spared
        ("data", denying(vec![data]), Ok(())),
        ("nothing", denying(vec![Permission::default()]), Err(Refused::Nothing)),
        ("no name", DenyAssignment { name: " ".to_owned(), ..deny() }, Err(Refused::Name)),
        (
            "too much said",
            DenyAssignment { description: "x".repeat(2_049), ..deny() },
            Err(Refused::Description),
        ),
        (
            "no action",
            denying(vec![permission(&["delete"])]),
            Err(Refused::Permission(roles::Refused::Action("delete".to_owned()))),
        ),
    ];
    for (name, deny, expected) in cases {
        assert_eq!(valid(&deny), expected, "{name}");
    }
}

#[test]
fn filters_tell_whom_a_deny_assignment_names_reaches_and_spares() {
    let staff = [STAFF.object];
    let cases = [
        (deny(), Whose::Everyones, true),
        (deny(), Whose::Naming(NORA.object), false),
        (deny(), Whose::Reaching(NORA.object), true),
        (deny(), Whose::Reaching(OLOF.object), false),
        (deny(), Whose::Mentioning(OLOF.object), true),
        (deny(), Whose::Mentioning(NORA.object), false),
        (against(&[NORA]), Whose::Naming(NORA.object), true),
        (against(&[STAFF]), Whose::Naming(NORA.object), false),
        (against(&[STAFF]), Whose::Reaching(NORA.object), true),
    ];
    for (deny, whose, expected) in cases {
        assert_eq!(meant(&deny, &whose, &staff), expected, "{whose:?} {deny:?}");
    }
    let spared = DenyAssignment { exclude: vec![STAFF], ..deny() };
    assert!(!meant(&spared, &Whose::Reaching(NORA.object), &staff));
}

#[test]
fn a_managing_tenant_sees_what_stands_against_everyone_and_nobody_of_the_customers() {
    let seen = DenyAssignment { exclude: Vec::new(), ..deny() };
    assert_eq!(shown(deny(), PROVIDER, CUSTOMER), Some(seen));
    assert_eq!(shown(against(&[NORA]), PROVIDER, CUSTOMER), None);
    assert_eq!(shown(against(&[NORA]), CUSTOMER, CUSTOMER), Some(against(&[NORA])));
}
