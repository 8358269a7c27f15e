//! Grants and denies under conditions: what counts for whom, by the condition of the role assignment and by those
//! of Azure's own roles.

use access::{
    catalogue::Catalogue,
    checkpoint::Fact,
    explain::{Outcome, Void},
    index::Index,
};
use ids::{
    clock::Revision,
    guid::{Principal, RoleId},
};
use model::{
    action::Action,
    change::{Change, Noun, delegation_rule},
    question::{Assigned, Question, Via},
    role::{DenyAssignment, Permission, PrincipalType, RoleAssignment, RoleDefinition},
    samples::{
        self, CONTRIBUTOR, CUSTOMER, OWNER, READER, SUBSCRIPTION, USER_ACCESS_ADMINISTRATOR,
    },
};

use crate::{DELETE, READ, WRITE, account, granted, limits::deny, may, people, with};

const ERIK: Principal = samples::principal(CUSTOMER, 0xE);
const NORA: Principal = samples::principal(CUSTOMER, 0x40);

/// Lets two roles be given and taken, as Azure's portal writes it.
const READER_OR_CONTRIBUTOR: &str = "
(
 (
  !(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})
 )
 OR
 (
  @Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {acdd72a7-3385-48ef-bd42-f606fba81ae7, b24988ac-6180-42a0-ab88-20f7382dd24c}
 )
)
AND
(
 (
  !(ActionMatches{'Microsoft.Authorization/roleAssignments/delete'})
 )
 OR
 (
  @Resource[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {acdd72a7-3385-48ef-bd42-f606fba81ae7, b24988ac-6180-42a0-ab88-20f7382dd24c}
 )
)
";

/// Erik holds the role in the whole subscription, under that condition.
fn held(role: RoleId, condition: &str) -> Index {
    let assignment = RoleAssignment {
        condition: Some(condition.to_owned()),
        condition_version: Some("2.0".to_owned()),
        ..samples::role_assignment(samples::whole(), ERIK, role)
    };
    with(people(), [Noun::User(samples::user(ERIK, "erik")), Noun::RoleAssignment(assignment)])
}

/// Erik holds the role in the whole subscription, under no condition but the role's own.
fn holding(role: &str) -> Index {
    let role = granted(samples::whole(), ERIK, role.parse().unwrap());
    with(people(), [Noun::User(samples::user(ERIK, "erik")), role])
}

fn asks(index: &Index, action: Action, via: Via) -> bool {
    let question = Question { action, scope: samples::whole(), via };
    let verdict = index.check(ERIK, &question, samples::now());
    let explained = index.explain(ERIK, &question, samples::now());
    assert_eq!(explained.verdict, verdict);
    verdict.is_allowed()
}

fn to(role: RoleId, principal: Principal, kind: PrincipalType) -> Via {
    Via::Assigning(Assigned { role, principal: Some(principal.object), kind: Some(kind) })
}

#[test]
fn who_may_assign_some_roles_gives_and_takes_those_and_does_all_else_of_the_role() {
    let index = held(USER_ACCESS_ADMINISTRATOR, READER_OR_CONTRIBUTOR);
    let (write, delete) = (Action::ROLE_ASSIGNMENTS_WRITE, Action::ROLE_ASSIGNMENTS_DELETE);
    for action in [write.clone(), delete.clone()] {
        for (role, expected) in [
            (READER, true),
            (CONTRIBUTOR, true),
            (OWNER, false),
            // Nor what would give the own role again, or lift the condition on it.
            (USER_ACCESS_ADMINISTRATOR, false),
        ] {
            assert_eq!(
                asks(&index, action.clone(), Via::Assigning(role.into())),
                expected,
                "{role}"
            );
        }
        // The front door lets in, and the operation asks again.
        assert!(asks(&index, action.clone(), Via::AssigningSome));
        for via in [Via::Any, Via::Direct, Via::Ownership] {
            assert!(!asks(&index, action.clone(), via), "nobody has said which role: {via:?}");
        }
    }
    assert!(asks(&index, Action::ROLE_ASSIGNMENTS_READ, Via::Any));
    assert!(asks(&index, Action::known("Microsoft.Authorization/locks/write"), Via::Any));
    assert!(asks(&index, Action::known("Microsoft.Support/supportTickets/write"), Via::Any));
}

#[test]
fn who_may_assign_some_roles_may_not_delegate() {
    let index = held(USER_ACCESS_ADMINISTRATOR, READER_OR_CONTRIBUTOR);
    let rule = delegation_rule(&samples::whole());
    let may = |it: &Question| index.check(ERIK, it, samples::now()).is_allowed();
    assert!(!rule.iter().all(may));
    let all = index.who_can_delegate(SUBSCRIPTION, None, 10, samples::now()).found;
    assert!(all.iter().all(|it| it.who != ERIK), "{all:?}");
}

#[test]
fn what_is_asked_is_of_the_request_when_written_and_of_the_resource_when_deleted() {
    let of = |source: &str| {
        let condition = format!(
            "@{source}[Microsoft.Authorization/roleAssignments:RoleDefinitionId] GuidEquals {READER}"
        );
        held(USER_ACCESS_ADMINISTRATOR, &condition)
    };
    let via = Via::Assigning(READER.into());
    assert!(asks(&of("Request"), Action::ROLE_ASSIGNMENTS_WRITE, via));
    assert!(!asks(&of("Request"), Action::ROLE_ASSIGNMENTS_DELETE, via));
    assert!(asks(&of("Resource"), Action::ROLE_ASSIGNMENTS_DELETE, via));
    assert!(!asks(&of("Resource"), Action::ROLE_ASSIGNMENTS_WRITE, via));
}

#[test]
fn who_may_assign_to_some_principals_assigns_to_nobody_else_and_to_nobody_unknown() {
    use PrincipalType::{Group, ServicePrincipal, User};
    let write = Action::ROLE_ASSIGNMENTS_WRITE;
    let attribute = "@Request[Microsoft.Authorization/roleAssignments";
    let one = format!("{attribute}:PrincipalId] ForAnyOfAnyValues:GuidEquals {{{}}}", NORA.object);
    let index = held(USER_ACCESS_ADMINISTRATOR, &one);
    assert!(asks(&index, write.clone(), to(READER, NORA, User)));
    assert!(!asks(&index, write.clone(), to(READER, ERIK, User)));
    assert!(!asks(&index, write.clone(), Via::Assigning(READER.into())));
    let kinds = format!(
        "{attribute}:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {{'group', 'ServicePrincipal'}}"
    );
    let index = held(USER_ACCESS_ADMINISTRATOR, &kinds);
    assert!(asks(&index, write.clone(), to(READER, NORA, Group)));
    assert!(asks(&index, write.clone(), to(READER, NORA, ServicePrincipal)));
    assert!(!asks(&index, write.clone(), to(READER, NORA, User)));
    assert!(!asks(&index, write.clone(), Via::Assigning(READER.into())));
    let contrary = format!("!({attribute}:PrincipalType] StringEqualsIgnoreCase 'User')");
    let index = held(USER_ACCESS_ADMINISTRATOR, &contrary);
    assert!(asks(&index, write.clone(), to(READER, NORA, Group)));
    assert!(!asks(&index, write, Via::Assigning(READER.into())), "nor by the contrary");
}

#[test]
fn a_built_in_role_gives_the_roles_that_its_own_condition_lists() {
    let index = holding("8b54135c-b56d-4d72-a534-26097cfdc8d8"); // Key Vault Data Access Administrator
    let secrets: RoleId = "4633458b-17de-408a-b874-0445c86b69e6".parse().unwrap(); // Key Vault Secrets User
    for action in [Action::ROLE_ASSIGNMENTS_WRITE, Action::ROLE_ASSIGNMENTS_DELETE] {
        assert!(asks(&index, action.clone(), Via::Assigning(secrets.into())));
        assert!(asks(&index, action.clone(), Via::AssigningSome));
        assert!(!asks(&index, action.clone(), Via::Assigning(OWNER.into())));
        assert!(!asks(&index, action, Via::Any));
    }
    assert!(asks(&index, Action::known("Microsoft.KeyVault/vaults/secrets/read"), Via::Any));
}

/// Each of Azure's roles with a condition, asked of all that its condition is about: it lets no more
/// than its conditions say, and never the role of the owner.
#[test]
fn no_built_in_role_with_a_condition_gives_owner_away() {
    let catalogue = Catalogue::builtin();
    let conditional =
        |role: &&RoleDefinition| role.permissions.iter().any(|it| it.condition.is_some());
    let roles: Vec<&RoleDefinition> = catalogue.roles().filter(conditional).collect();
    assert_eq!(roles.len(), 29);
    for role in roles {
        let index = holding(&role.id.to_string());
        for action in [Action::ROLE_ASSIGNMENTS_WRITE, Action::ROLE_ASSIGNMENTS_DELETE] {
            for via in [to(OWNER, NORA, PrincipalType::ServicePrincipal), Via::Any, Via::Ownership]
            {
                assert!(!asks(&index, action.clone(), via), "{} {action}", role.name);
            }
        }
    }
}

#[test]
fn what_depends_on_what_nobody_knows_counts_for_nobody() {
    let hidden = "@Resource[HasObotoken] BoolEquals true";
    for condition in [
        hidden.to_owned(),
        format!("!({hidden})"),
        "Exists @Principal[Microsoft.Directory/CustomSecurityAttributes/Id:a_b]".to_owned(),
        "NOT Exists @Principal[Microsoft.Directory/CustomSecurityAttributes/Id:a_b]".to_owned(),
        "@Environment[UtcNow] DateTimeGreaterThan '1970-01-01T00:00:00Z'".to_owned(),
    ] {
        let index = held(OWNER, &condition);
        assert!(!may(&index, ERIK, READ, &account("rg1")), "{condition}");
        assert!(!index.can_see(ERIK, SUBSCRIPTION, samples::now()), "{condition}");
    }
}

#[test]
fn an_action_that_a_condition_does_not_name_is_left_alone() {
    let index = held(OWNER, "!(ActionMatches{'Microsoft.Storage/*/write'})");
    assert!(may(&index, ERIK, READ, &account("rg1")));
    assert!(!may(&index, ERIK, WRITE, &account("rg1")));
    assert!(index.can_see(ERIK, SUBSCRIPTION, samples::now()));
}

/// Which way of reading is meant, nobody says: an exception for one is an exception for none.
#[test]
fn a_condition_on_the_way_in_which_data_is_reached_holds_for_none() {
    let read = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read";
    let reader: RoleId = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1".parse().unwrap();
    let condition =
        format!("!(ActionMatches{{'{read}'}} AND NOT SubOperationMatches{{'Blob.List'}})");
    let index = held(reader, &condition);
    assert!(!asks(&index, Action::known(read), Via::Data));
    assert!(asks(&held(reader, "!(ActionMatches{'a'})"), Action::known(read), Via::Data));
}

#[test]
fn another_grant_without_a_condition_counts_all_the_same() {
    let erik = Noun::User(samples::user(ERIK, "erik"));
    let conditional = Noun::RoleAssignment(RoleAssignment {
        condition: Some("!(ActionMatches{'*'})".to_owned()),
        ..samples::role_assignment(account("rg1"), ERIK, OWNER)
    });
    let index = with(people(), [erik, conditional, granted(samples::whole(), ERIK, READER)]);
    assert!(may(&index, ERIK, READ, &account("rg1")));
    assert!(!may(&index, ERIK, WRITE, &account("rg1")));
}

#[test]
fn permissions_are_shown_with_all_that_they_depend_on() {
    let shown = |index: &Index| index.what_can(ERIK, &samples::whole(), samples::now());
    let condition = "!(ActionMatches{'a'})";
    let one = shown(&held(READER, condition));
    assert_eq!(one.len(), 1);
    assert_eq!(one[0].condition.as_deref(), Some(condition));
    assert_eq!(one[0].condition_version.as_deref(), Some("2.0"));
    let vaults = "8b54135c-b56d-4d72-a534-26097cfdc8d8";
    let own = shown(&holding(vaults))[0].condition.clone().unwrap();
    let both = shown(&held(vaults.parse().unwrap(), condition))[0].condition.clone().unwrap();
    assert_eq!(both, format!("({condition}) AND ({own})"));
    assert_eq!(shown(&held(READER, "nothing")), Vec::<Permission>::new());
}

#[test]
fn an_explanation_names_the_condition_that_is_not_met() {
    let index = held(OWNER, "!(ActionMatches{'Microsoft.Storage/*/write'})");
    let outcome = |action| {
        let question = Question::any(action, samples::whole());
        index.explain(ERIK, &question, samples::now()).grants[0].outcome
    };
    assert_eq!(outcome(READ), Outcome::Allows);
    assert_eq!(outcome(WRITE), Outcome::Void(Void::Conditional));
}

#[test]
fn a_changed_condition_counts_at_once() {
    let index = held(OWNER, "!(ActionMatches{'Microsoft.Storage/*/write'})");
    let put = |condition: Option<&str>| {
        Change::Put(Noun::RoleAssignment(RoleAssignment {
            condition: condition.map(str::to_owned),
            ..samples::role_assignment(samples::whole(), ERIK, OWNER)
        }))
    };
    let after = |condition| index.after(&[put(condition)], Revision(2));
    assert!(!may(&after(Some("!(ActionMatches{'*'})")), ERIK, READ, &account("rg1")));
    assert!(may(&after(None), ERIK, WRITE, &account("rg1")));
}

/// Facts that were kept before conditions were evaluated say only that there was one.
#[test]
fn a_kept_grant_whose_condition_was_not_kept_grants_nothing() {
    let index = held(OWNER, "!(ActionMatches{'a'})");
    let mut facts = serde_json::to_value(index.facts()).unwrap();
    let restored = |facts: &serde_json::Value| {
        let facts: Vec<Fact> = serde_json::from_value(facts.clone()).unwrap();
        Index::restore(Catalogue::builtin(), facts, index.revision(), index.access_revision())
    };
    assert!(may(&restored(&facts), ERIK, READ, &account("rg1")));
    let mut cut = 0;
    for fact in facts.as_array_mut().unwrap() {
        let grant = fact.get_mut("grant").and_then(|it| it.as_object_mut());
        cut += usize::from(grant.is_some_and(|it| it.remove("terms").is_some()));
    }
    assert_eq!(cut, 1);
    assert!(!may(&restored(&facts), ERIK, READ, &account("rg1")));
}

/// What Erik, who owns the subscription, may not do there, under that condition.
fn barred(action: &str, condition: &str) -> Index {
    let permission = Permission {
        actions: vec![action.to_owned()],
        condition: Some(condition.to_owned()),
        ..Permission::default()
    };
    let denied = DenyAssignment { permissions: vec![permission], ..deny(samples::whole()) };
    let erik = Noun::User(samples::user(ERIK, "erik"));
    with(people(), [erik, granted(samples::whole(), ERIK, OWNER), Noun::DenyAssignment(denied)])
}

#[test]
fn a_deny_under_a_condition_stands_unless_that_is_certainly_not_so() {
    let unknown = "@Resource[Microsoft.Storage/storageAccounts:name] StringEquals 'x'";
    for (condition, writes, deletes) in [
        ("ActionMatches{'*/write'}", false, true),
        ("!(ActionMatches{'*/write'})", true, false),
        (unknown, false, false),
        (&format!("!({unknown})"), false, false),
        (&format!("ActionMatches{{'*/write'}} AND {unknown}"), false, true),
        (&format!("!(ActionMatches{{'*/write'}}) AND {unknown}"), true, false),
        ("nobody can read this", false, false),
    ] {
        let index = barred("Microsoft.Storage/*", condition);
        let may = |action| may(&index, ERIK, action, &account("rg1"));
        assert_eq!((may(WRITE), may(DELETE)), (writes, deletes), "{condition}");
        assert!(asks(&index, Action::ROLE_ASSIGNMENTS_READ, Via::Any), "it denies nothing else");
    }
}

#[test]
fn a_deny_of_some_roles_is_asked_again_once_it_is_known_which_is_assigned() {
    let condition = format!(
        "@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] GuidEquals {OWNER}"
    );
    let write = || Action::ROLE_ASSIGNMENTS_WRITE;
    let index = barred("Microsoft.Authorization/roleAssignments/write", &condition);
    assert!(asks(&index, write(), Via::AssigningSome), "whoever is let in is asked again");
    assert!(asks(&index, write(), Via::Assigning(READER.into())));
    assert!(!asks(&index, write(), Via::Assigning(OWNER.into())));
    assert!(!asks(&index, write(), Via::Any), "nobody has said which role");
    let unreadable = barred("Microsoft.Authorization/roleAssignments/write", "true");
    assert!(!asks(&unreadable, write(), Via::AssigningSome));
    let every = "ActionMatches{'*'}";
    let every = barred("Microsoft.Authorization/roleAssignments/write", every);
    assert!(!asks(&every, write(), Via::AssigningSome));
}
