use model::{
    delegation::{Approver, JustInTimePolicy, MultiFactor},
    samples::{
        CONTRIBUTOR, DELETE_ROLE, OWNER, PROVIDER, READER, USER_ACCESS_ADMINISTRATOR, object,
    },
};
use uuid::Uuid;

use super::*;

const DATA: RoleId = RoleId::new(Uuid::from_u128(0xDA));
const PEOPLE: u128 = 1;
const ROBOT: u128 = 2;
const MAIL: u128 = 3;
const LEADS: u128 = 4;
const ADA: u128 = 5;

fn role(name: &str, reads: bool, writes: bool, special: Option<Special>) -> RoleFacts {
    RoleFacts {
        name: name.to_owned(),
        delegable: Ok(()),
        special,
        reads,
        writes,
        reveals: None,
        reaches_data: false,
    }
}

fn facts() -> Facts {
    let refused = |why: &str| Err(why.to_owned());
    let keys = Some("N.S/t/listKeys/action".to_owned());
    let roles = [
        (READER, role("Reader", true, false, None)),
        (CONTRIBUTOR, RoleFacts { reveals: keys, ..role("Contributor", true, true, None) }),
        (DELETE_ROLE, role("Delete Role", false, true, Some(Special::DeleteRole))),
        (
            OWNER,
            RoleFacts {
                delegable: refused("it is Owner"),
                ..role("Owner", true, true, Some(Special::Owner))
            },
        ),
        (
            USER_ACCESS_ADMINISTRATOR,
            RoleFacts {
                delegable: refused("only with roles that it may give"),
                ..role("UAA", false, false, Some(Special::UserAccessAdministrator))
            },
        ),
        (
            DATA,
            RoleFacts {
                delegable: refused("it has data actions"),
                reaches_data: true,
                ..role("Blob Reader", false, false, None)
            },
        ),
    ];
    let principals = [
        (PEOPLE, Kind::SecurityGroup, "Tier 1"),
        (ROBOT, Kind::Application, "Robot"),
        (MAIL, Kind::OtherGroup, "Mail"),
        (LEADS, Kind::SecurityGroup, "Leads"),
        (ADA, Kind::Person, "Ada"),
    ];
    let principals = principals
        .map(|(n, kind, name)| (object(n), PrincipalFacts { kind, display_name: name.to_owned() }));
    Facts { roles: roles.into(), principals: Some(principals.into()), audience: Audience::Named }
}

fn name(n: u128) -> Option<String> {
    let facts = facts().principals.unwrap_or_default();
    facts.get(&object(n)).map(|it| it.display_name.clone())
}

fn always(n: u128, role: RoleId) -> Authorization {
    Authorization { principal: object(n), role, display_name: name(n), delegated_roles: None }
}

fn gives(listed: &[RoleId]) -> Authorization {
    let delegated_roles = Some(listed.to_vec());
    Authorization { delegated_roles, ..always(ROBOT, USER_ACCESS_ADMINISTRATOR) }
}

fn activated(n: u128, role: RoleId, minutes_max: u32, approvers: &[u128]) -> EligibleAuthorization {
    let approver = |&n: &u128| Approver { principal: object(n), display_name: None };
    let approvers = approvers.iter().map(approver).collect();
    let policy = JustInTimePolicy { multi_factor: MultiFactor::Azure, minutes_max, approvers };
    EligibleAuthorization {
        principal: object(n),
        role,
        display_name: name(n),
        policy: Some(policy),
    }
}

/// A manifest to which nobody objects, and this besides.
fn with(more: &[Authorization], eligible: &[EligibleAuthorization]) -> Manifest {
    let good = [always(PEOPLE, READER), always(LEADS, DELETE_ROLE)];
    Manifest {
        tenant: PROVIDER,
        authorizations: good.into_iter().chain(more.iter().cloned()).collect(),
        eligible: eligible.to_vec(),
    }
}

#[track_caller]
fn check(manifest: &Manifest, expected: &[(&str, &str)]) {
    check_by(manifest, &facts(), expected);
}

#[track_caller]
fn check_by(manifest: &Manifest, facts: &Facts, expected: &[(&str, &str)]) {
    let found = lint(manifest, facts);
    let found: Vec<(&str, &str)> = found.iter().map(|it| (it.rule.id, it.field.as_str())).collect();
    assert_eq!(found, expected);
}

#[test]
fn a_good_manifest_is_not_objected_to() {
    check(&with(&[gives(&[CONTRIBUTOR])], &[activated(PEOPLE, CONTRIBUTOR, 480, &[LEADS])]), &[]);
}

#[test]
fn there_are_neither_too_few_nor_too_many_and_one_holds_always() {
    let nothing = Manifest { tenant: PROVIDER, authorizations: vec![], eligible: vec![] };
    check(&nothing, &[("MAN-003", "authorizations")]);
    let later = activated(PEOPLE, CONTRIBUTOR, 60, &[]);
    let only_later = Manifest { eligible: vec![later], ..nothing };
    check(
        &only_later,
        &[
            ("MAN-004", "authorizations"),
            ("MAN-101", "authorizations"),
            ("MAN-011", "eligibleAuthorizations[0].principalId"),
        ],
    );
    let mut facts = facts();
    let roles: Vec<RoleId> = (0..19).map(|n| RoleId::new(Uuid::from_u128(0x100 + n))).collect();
    facts.roles.extend(roles.iter().map(|id| (*id, role("Other", true, false, None))));
    let more: Vec<Authorization> = roles.iter().map(|id| always(PEOPLE, *id)).collect();
    check_by(&with(&more[..18], &[]), &facts, &[]);
    check_by(&with(&more, &[]), &facts, &[("MAN-003", "authorizations")]);
}

#[test]
fn roles_that_are_never_delegated_are_named() {
    let at = "authorizations[2].roleDefinitionId";
    for role in [OWNER, DATA, RoleId::new(Uuid::from_u128(0xBAD))] {
        check(&with(&[always(ROBOT, role)], &[]), &[("MAN-005", at)]);
    }
    let at = "eligibleAuthorizations[0].roleDefinitionId";
    check(&with(&[], &[activated(PEOPLE, DATA, 60, &[])]), &[("MAN-005", at)]);
    for role in [OWNER, USER_ACCESS_ADMINISTRATOR] {
        check(&with(&[], &[activated(PEOPLE, role, 60, &[])]), &[("MAN-015", at)]);
    }
}

#[test]
fn who_gives_roles_lists_them_and_nobody_else_does() {
    let at = "authorizations[2].delegatedRoleDefinitionIds";
    check(&with(&[gives(&[])], &[]), &[("MAN-006", at)]);
    check(&with(&[always(ROBOT, USER_ACCESS_ADMINISTRATOR)], &[]), &[("MAN-006", at)]);
    let both = [USER_ACCESS_ADMINISTRATOR, OWNER];
    let nth = |n: usize| format!("{at}[{n}]");
    check(&with(&[gives(&both)], &[]), &[("MAN-006", &nth(0)), ("MAN-006", &nth(1))]);
    check(&with(&[gives(&[READER, DATA])], &[]), &[("MAN-107", &nth(1))]);
    let unknown = RoleId::new(Uuid::from_u128(0xBAD));
    check(&with(&[gives(&[unknown])], &[]), &[("MAN-006", &nth(0))]);
    let reader = Authorization { role: READER, ..gives(&[CONTRIBUTOR]) };
    check(&with(&[reader], &[]), &[("MAN-006", at)]);
}

#[test]
fn an_activation_is_neither_too_short_nor_too_long_and_has_somebody_to_approve_it() {
    let at = "eligibleAuthorizations[0].justInTimeAccessPolicy";
    let (length, who) =
        (format!("{at}.maximumActivationDuration"), format!("{at}.managedByTenantApprovers"));
    let of = |minutes, approvers: &[u128]| {
        with(&[], &[activated(PEOPLE, CONTRIBUTOR, minutes, approvers)])
    };
    for minutes in [29, 481] {
        check(&of(minutes, &[]), &[("MAN-007", &length)]);
    }
    for minutes in [30, 480] {
        check(&of(minutes, &[PEOPLE]), &[]);
    }
    let eleven: Vec<u128> = (20..31).collect();
    check(&of(60, &eleven), &[("MAN-008", &who)]);
    check(&of(60, &[ROBOT]), &[("MAN-012", &who)]);
    let alone = with(&[always(ADA, READER)], &[activated(ADA, CONTRIBUTOR, 60, &[ADA])]);
    let person = ("MAN-102", "authorizations[2].principalId");
    let again = ("MAN-102", "eligibleAuthorizations[0].principalId");
    check(&alone, &[person, again, ("MAN-012", &who)]);
}

#[test]
fn whoever_activates_is_a_person_who_can_read() {
    let robot = activated(ROBOT, CONTRIBUTOR, 60, &[]);
    let at = "eligibleAuthorizations[0].principalId";
    check(&with(&[always(ROBOT, READER)], std::slice::from_ref(&robot)), &[("MAN-010", at)]);
    check(&with(&[], &[robot]), &[("MAN-010", at), ("MAN-011", at)]);
}

#[test]
fn one_role_is_activated_in_one_way_and_given_once() {
    let (one, other) =
        (activated(PEOPLE, CONTRIBUTOR, 60, &[]), activated(LEADS, CONTRIBUTOR, 90, &[]));
    let both = with(&[always(LEADS, READER)], &[one, other]);
    check(&both, &[("MAN-013", "eligibleAuthorizations[1].justInTimeAccessPolicy")]);
    check(&with(&[always(PEOPLE, READER)], &[]), &[("MAN-009", "authorizations[2]")]);
}

#[test]
fn principals_are_known_security_groups_by_their_own_names() {
    let at = |field: &str| format!("authorizations[2].{field}");
    let is = |it: Authorization, rule: &str, field: &str| {
        check(&with(&[it], &[]), &[(rule, &at(field))]);
    };
    is(always(MAIL, READER), "MAN-014", "principalId");
    is(always(ADA, READER), "MAN-102", "principalId");
    let misnamed = Some("Tier 2".to_owned());
    is(
        Authorization { display_name: misnamed, ..always(ROBOT, READER) },
        "MAN-105",
        "principalIdDisplayName",
    );
    for nameless in [None, Some(" ".to_owned())] {
        let it = Authorization { display_name: nameless, ..always(ROBOT, READER) };
        is(it, "MAN-104", "principalIdDisplayName");
    }
    let unknown = Authorization { display_name: Some("Gone".to_owned()), ..always(99, READER) };
    is(unknown.clone(), "MAN-016", "principalId");
    let offline = Facts { principals: None, ..facts() };
    check_by(&with(&[unknown], &[]), &offline, &[]);
}

#[test]
fn what_weighs_much_is_said_and_more_so_where_anybody_may_accept() {
    let at = "authorizations[2].roleDefinitionId";
    let writes = with(&[always(ROBOT, CONTRIBUTOR)], &[]);
    check(&writes, &[("MAN-103", at)]);
    let public = Facts { audience: Audience::Anybody, ..facts() };
    check_by(&writes, &public, &[("MAN-103", at), ("MAN-106", at)]);
    check_by(&with(&[], &[activated(PEOPLE, CONTRIBUTOR, 60, &[])]), &public, &[]);
    let stuck = Manifest { authorizations: vec![always(PEOPLE, READER)], ..with(&[], &[]) };
    check(&stuck, &[("MAN-101", "authorizations")]);
}
