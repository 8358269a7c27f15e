//! What a plan gives, and by which version.

use super::*;

/// The plan was previewed in that version, as it is here or otherwise.
fn previewed(it: &mut Case, version: &str, content: Manifest) {
    let name = it.form.plans[0].name.clone();
    it.previewed.insert((name, market::version(version)), content);
}

pub(super) const NUMBERS: &[Row] = &[
    (
        "MAN-001",
        "version",
        |it| it.texts[2] = "1.0".to_owned(),
        |it| it.texts[2] = "0.0.1".to_owned(),
    ),
    (
        "MAN-001",
        "plans[0].manifests[1].version",
        |it| it.form.plans[0].manifests.push(versioned("1.0.0")),
        |it| it.form.plans[0].manifests.push(versioned("1.0.1")),
    ),
    (
        "MAN-001",
        "plans[0].manifests[0].version",
        |it| {
            previewed(it, "1.9.0", manifest());
            it.form.plans[0].manifests = vec![versioned("1.8.0"), versioned("1.9.0")];
        },
        |it| {
            previewed(it, "1.9.0", manifest());
            it.form.plans[0].manifests = vec![versioned("1.10.0")];
        },
    ),
    (
        "MAN-001",
        "plans[0].manifests",
        |it| {
            previewed(it, "1.0.0", manifest());
            previewed(it, "1.1.0", manifest());
        },
        |it| previewed(it, "1.0.0", manifest()),
    ),
    ("MAN-002", "tenantId", |it| it.texts[3] = "fabrikam".to_owned(), |_| ()),
    ("MAN-017", "plans[0].manifests", |it| it.form.plans[0].manifests.clear(), |_| ()),
    (
        "MAN-018",
        "plans[0].manifests[0]",
        |it| {
            previewed(it, "1.0.0", manifest());
            it.gives(PEOPLE, other(1));
        },
        |it| {
            previewed(it, "1.0.0", manifest());
            it.form.plans[0].manifests[0].version = market::version("1.0.1");
            it.gives(PEOPLE, other(1));
        },
    ),
    ("MAN-019", "plans[0].manifests[0].tenantId", |it| it.manifest().tenant = CUSTOMER, |_| ()),
];

pub(super) const AUTHORIZATIONS: &[Row] = &[
    (
        "MAN-003",
        "plans[0].manifests[0].authorizations",
        |it| (0..19).for_each(|n| drop(it.gives(PEOPLE, other(n)).clone())),
        |it| (0..18).for_each(|n| drop(it.gives(PEOPLE, other(n)).clone())),
    ),
    (
        "MAN-004",
        "plans[0].manifests[0].authorizations",
        |it| {
            it.activates(PEOPLE);
            it.manifest().authorizations.clear();
        },
        |it| {
            it.activates(PEOPLE);
        },
    ),
    (
        "MAN-005",
        "plans[0].manifests[0].authorizations[2].roleDefinitionId",
        |it| {
            it.gives(PEOPLE, OWNER);
        },
        |it| {
            it.gives(PEOPLE, other(1));
        },
    ),
    (
        "MAN-006",
        "plans[0].manifests[0].authorizations[2].delegatedRoleDefinitionIds",
        |it| it.gives(ROBOT, USER_ACCESS_ADMINISTRATOR).delegated_roles = Some(Vec::new()),
        |it| it.gives(ROBOT, USER_ACCESS_ADMINISTRATOR).delegated_roles = Some(vec![CONTRIBUTOR]),
    ),
    (
        "MAN-007",
        "plans[0].manifests[0].eligibleAuthorizations[0].justInTimeAccessPolicy.maximumActivationDuration",
        |it| it.activates(PEOPLE).policy.as_mut().unwrap().minutes_max = 29,
        |it| it.activates(PEOPLE).policy.as_mut().unwrap().minutes_max = 480,
    ),
    (
        "MAN-008",
        "plans[0].manifests[0].eligibleAuthorizations[0].justInTimeAccessPolicy.managedByTenantApprovers",
        |it| {
            it.activates(PEOPLE).policy.as_mut().unwrap().approvers =
                (20..31).map(approver).collect();
        },
        |it| {
            it.activates(PEOPLE).policy.as_mut().unwrap().approvers =
                (20..30).map(approver).collect();
        },
    ),
    (
        "MAN-009",
        "plans[0].manifests[0].authorizations[2]",
        |it| {
            it.gives(PEOPLE, READER);
        },
        |it| {
            it.gives(LEADS, READER);
        },
    ),
    (
        "MAN-010",
        "plans[0].manifests[0].eligibleAuthorizations[0].principalId",
        |it| {
            it.activates(ROBOT);
        },
        |it| {
            it.activates(PEOPLE);
        },
    ),
    (
        "MAN-011",
        "plans[0].manifests[0].eligibleAuthorizations[0].principalId",
        |it| it.manifest().eligible = vec![activated(LEADS, CONTRIBUTOR)],
        |it| it.manifest().eligible = vec![activated(PEOPLE, CONTRIBUTOR)],
    ),
    (
        "MAN-012",
        "plans[0].manifests[0].eligibleAuthorizations[0].justInTimeAccessPolicy.managedByTenantApprovers",
        |it| it.activates(ADA).policy.as_mut().unwrap().approvers = vec![approver(ADA)],
        |it| it.activates(PEOPLE).policy.as_mut().unwrap().approvers = vec![approver(PEOPLE)],
    ),
    (
        "MAN-013",
        "plans[0].manifests[0].eligibleAuthorizations[1].justInTimeAccessPolicy",
        |it| {
            it.activates(PEOPLE);
            it.activates(LEADS).policy.as_mut().unwrap().multi_factor = MultiFactor::None;
        },
        |it| {
            it.activates(PEOPLE);
            it.activates(LEADS);
        },
    ),
    (
        "MAN-014",
        "plans[0].manifests[0].authorizations[2].principalId",
        |it| {
            it.gives(MAIL, READER);
        },
        |it| {
            it.gives(LEADS, READER);
        },
    ),
    (
        "MAN-015",
        "plans[0].manifests[0].eligibleAuthorizations[0].roleDefinitionId",
        |it| it.activates(PEOPLE).role = USER_ACCESS_ADMINISTRATOR,
        |it| it.activates(PEOPLE).role = CONTRIBUTOR,
    ),
    (
        "MAN-016",
        "plans[0].manifests[0].authorizations[2].principalId",
        |it| it.gives(PEOPLE, other(1)).principal = nobody(),
        |it| {
            it.gives(ROBOT, other(1));
        },
    ),
];

pub(super) const WARNINGS: &[Row] = &[
    (
        "MAN-101",
        "plans[0].manifests[0].authorizations",
        |it| drop(it.manifest().authorizations.pop()),
        |_| (),
    ),
    (
        "MAN-102",
        "plans[0].manifests[0].authorizations[2].principalId",
        |it| {
            it.gives(ADA, READER);
        },
        |it| {
            it.gives(ROBOT, READER);
        },
    ),
    (
        "MAN-103",
        "plans[0].manifests[0].authorizations[2].roleDefinitionId",
        |it| {
            it.private().gives(PEOPLE, CONTRIBUTOR);
        },
        |it| {
            it.private().activates(PEOPLE);
        },
    ),
    (
        "MAN-104",
        "plans[0].manifests[0].authorizations[2].principalIdDisplayName",
        |it| it.gives(ROBOT, READER).display_name = None,
        |it| {
            it.gives(ROBOT, READER);
        },
    ),
    (
        "MAN-105",
        "plans[0].manifests[0].authorizations[2].principalIdDisplayName",
        |it| it.gives(ROBOT, READER).display_name = Some("Tier 1".to_owned()),
        |it| it.gives(ROBOT, READER).display_name = Some(" Robot ".to_owned()),
    ),
    (
        "MAN-106",
        "plans[0].manifests[0].authorizations[2].roleDefinitionId",
        |it| {
            it.gives(PEOPLE, CONTRIBUTOR);
        },
        |it| {
            it.private().gives(PEOPLE, CONTRIBUTOR);
        },
    ),
    (
        "MAN-107",
        "plans[0].manifests[0].authorizations[2].delegatedRoleDefinitionIds[0]",
        |it| it.gives(ROBOT, USER_ACCESS_ADMINISTRATOR).delegated_roles = Some(vec![DATA]),
        |it| it.gives(ROBOT, USER_ACCESS_ADMINISTRATOR).delegated_roles = Some(vec![READER]),
    ),
];
