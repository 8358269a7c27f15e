use access::verdict::Refusal;
use model::{
    directory_role::{DirectoryRoleAssignment, GLOBAL_ADMINISTRATOR},
    role::{PrincipalType, RoleAssignment},
    samples::{
        ADA, CONTRIBUTOR, OLOF, OWNER, READER, TIER1, USER_ACCESS_ADMINISTRATOR, authorization,
        resource_group, whole,
    },
};
use operations::{
    around::Reach,
    error::Error,
    put::Put,
    roles::{
        Refused, Undelegated, definitions, delete, permissions,
        put::put as assign,
        read::{self, Filter, Whose},
    },
};

use super::*;

const LIST: &str = "Microsoft.Authorization/roleAssignments/read";

/// Fabrikam's engineers may give the Reader role to managed identities.
fn administrators() -> Vec<Authorization> {
    vec![
        Authorization {
            delegated_roles: Some(vec![READER]),
            ..authorization(TIER1, USER_ACCESS_ADMINISTRATOR)
        },
        authorization(TIER1, CONTRIBUTOR),
    ]
}

async fn assigned(
    plane: &Plane,
    who: Principal,
    request: PutAssignment,
) -> Result<Put<RoleAssignment>, Error> {
    let context = assigning(who, &Action::ROLE_ASSIGNMENTS_WRITE, &request.id);
    assign(plane, &context, request).await
}

async fn removed(
    plane: &Plane,
    who: Principal,
    id: &RoleAssignmentId,
) -> Result<Option<RoleAssignment>, Error> {
    delete::delete(plane, &assigning(who, &Action::ROLE_ASSIGNMENTS_DELETE, id), id.clone()).await
}

async fn listed(
    plane: &Plane,
    who: Principal,
    scope: Scope,
    filter: Filter,
) -> Vec<RoleAssignment> {
    let context = reading(who, LIST, scope.clone());
    read::list(plane, &context, &scope, &filter).await.unwrap()
}

/// What a managing tenant's caller must say of the principal.
const SERVICE: Option<PrincipalType> = Some(PrincipalType::ServicePrincipal);

fn everyones(reach: Reach) -> Filter {
    Filter { reach, whose: Whose::Everyones }
}

fn may_read(plane: &Plane, who: Principal) -> bool {
    let context = reading(who, "Microsoft.Resources/subscriptions/read", whole());
    plane.may(&context, &context.question)
}

#[tokio::test]
async fn a_role_is_held_from_its_assignment_to_its_removal() {
    let plane = plane(Vec::new(), whole()).await;
    let events = testkit::events(&plane).await.len();
    assert!(!may_read(&plane, NORA));

    let made = assigned(&plane, OLOF, put(NORA, READER, 1)).await.unwrap();

    assert_eq!(made.status(), 201);
    assert!(may_read(&plane, NORA));
    let log = testkit::events(&plane).await;
    assert_eq!(log.len(), events + 1);
    assert_eq!(log.last().unwrap().action, Action::ROLE_ASSIGNMENTS_WRITE);
    let again = assigned(&plane, OLOF, put(NORA, READER, 1)).await.unwrap();
    assert!(matches!(again, Put::Unchanged(_)), "{again:?}");

    let gone = removed(&plane, OLOF, &guid(whole(), 1)).await.unwrap();

    assert_eq!(gone, Some(made.into_inner()));
    assert!(!may_read(&plane, NORA));
    assert_eq!(removed(&plane, OLOF, &guid(whole(), 1)).await.unwrap(), None);
    assert_eq!(testkit::events(&plane).await.len(), events + 2);
}

#[tokio::test]
async fn a_refusal_leaves_no_trace() {
    let plane = plane(administrators(), whole()).await;
    let events = testkit::events(&plane).await;
    let named = PutAssignment {
        managed_identity_of: Some(policy()),
        principal_type: SERVICE,
        ..put(BOT, CONTRIBUTOR, 2)
    };
    let to_a_user = PutAssignment {
        managed_identity_of: Some(policy()),
        principal_type: SERVICE,
        ..put(NORA, READER, 3)
    };
    let nobody = put(samples::principal(samples::CUSTOMER, 0x99), READER, 5);
    let word = PutAssignment {
        id: RoleAssignmentId::at(whole(), "reader".parse().unwrap()).unwrap(),
        ..put(NORA, READER, 6)
    };

    let stranger = assigned(&plane, NORA, put(NORA, OWNER, 1)).await;
    let unlisted = assigned(&plane, ADA, named).await;
    let user = assigned(&plane, ADA, to_a_user).await;
    let unnamed = assigned(&plane, ADA, put(BOT, READER, 4)).await;
    let nobody = assigned(&plane, OLOF, nobody).await;
    let word = assigned(&plane, OLOF, word).await;
    let last = removed(&plane, OLOF, &samples_owner()).await;

    let denied = |it: &Result<Put<RoleAssignment>, Error>| matches!(it, Err(Error::Denied(denied)) if denied.refusal == Refusal::NoGrant);
    assert!(denied(&stranger) && denied(&unlisted), "{stranger:?} {unlisted:?}");
    let other = Refused::Delegated(Undelegated::OtherIdentity);
    assert!(matches!(user, Err(Error::Role(refused)) if refused == other));
    let none = Refused::Delegated(Undelegated::NoResource);
    assert!(matches!(unnamed, Err(Error::Role(refused)) if refused == none));
    assert!(matches!(nobody, Err(Error::Role(Refused::NoPrincipal(_)))));
    assert!(matches!(word, Err(Error::Role(Refused::NotAGuid(_)))));
    assert!(matches!(last, Err(Error::Role(Refused::LastAdmin))));
    assert_eq!(testkit::events(&plane).await, events);
}

/// The assignment that makes Olof an owner.
fn samples_owner() -> RoleAssignmentId {
    samples::role_assignment(whole(), OLOF, OWNER).id
}

#[tokio::test]
async fn a_second_owner_lets_the_first_one_go() {
    let plane = plane(Vec::new(), whole()).await;
    assigned(&plane, OLOF, put(NORA, OWNER, 1)).await.unwrap();
    let owner = samples_owner();
    assert!(removed(&plane, OLOF, &owner).await.unwrap().is_some());
    assert!(!may_read(&plane, OLOF));
}

#[tokio::test]
async fn a_delegated_administrator_gives_listed_roles_to_managed_identities() {
    let plane = plane(administrators(), whole()).await;
    let request = PutAssignment {
        managed_identity_of: Some(policy()),
        principal_type: SERVICE,
        ..put(BOT, READER, 1)
    };

    let made = assigned(&plane, ADA, request).await.unwrap().into_inner();

    assert_eq!(made.made_by, Some(samples::PROVIDER));
    assert!(may_read(&plane, BOT));
    let gone = removed(&plane, ADA, &guid(whole(), 1)).await.unwrap();
    assert_eq!(gone, Some(made));
}

#[tokio::test]
async fn lists_show_no_delegation_and_no_provider_the_customers_people() {
    let plane = plane(administrators(), whole()).await;
    let request = PutAssignment {
        managed_identity_of: Some(policy()),
        principal_type: SERVICE,
        ..put(BOT, READER, 1)
    };
    assigned(&plane, ADA, request).await.unwrap();
    assigned(&plane, OLOF, put(NORA, READER, 2)).await.unwrap();
    let whom = |found: Vec<RoleAssignment>| -> Vec<Principal> {
        found.into_iter().map(|it| it.principal).collect()
    };

    let all = everyones(Reach::Everywhere);
    let customers = whom(listed(&plane, OLOF, whole(), all.clone()).await);
    let providers = whom(listed(&plane, ADA, whole(), all).await);

    assert_eq!(customers.len(), 3, "{customers:?}");
    assert!(customers.iter().all(|it| it.tenant == samples::CUSTOMER));
    assert_eq!(providers, [BOT]);
    let context = assigning(ADA, &Action::ROLE_ASSIGNMENTS_READ, &guid(whole(), 2));
    let hidden = read::get(&plane, &context, guid(whole(), 2)).await;
    assert!(matches!(hidden, Err(Error::Role(Refused::NotFound(_)))), "{hidden:?}");
    // What the provider cannot see it cannot remove either: for it, there is nothing there.
    assert_eq!(removed(&plane, ADA, &guid(whole(), 2)).await.unwrap(), None);
}

#[tokio::test]
async fn filters_look_up_down_and_through_groups() {
    let plane = plane(Vec::new(), whole()).await;
    let staff = samples::principal(samples::CUSTOMER, 0x57);
    let membership = Noun::Membership(samples::membership(staff, NORA));
    let held = Noun::Resource(testkit::resource(policy()));
    testkit::put(&plane, vec![Noun::Group(samples::group(staff, "staff")), membership, held]).await;
    let at = |scope, who, n| PutAssignment { id: guid(scope, n), ..put(who, READER, n) };
    for request in [
        at(whole(), staff, 1),
        at(resource_group("app"), NORA, 2),
        at(resource_group("rg1"), NORA, 3),
        at(Scope::Resource(policy()), NORA, 4),
    ] {
        assigned(&plane, OLOF, request).await.unwrap();
    }
    let names = async |scope: Scope, reach, whose| -> Vec<u128> {
        let found = listed(&plane, OLOF, scope, Filter { reach, whose }).await;
        let named = |it: &RoleAssignment| it.id.name().as_str().parse::<Uuid>().unwrap().as_u128();
        let mut names: Vec<u128> = found.iter().map(named).filter(|n| *n < 10).collect();
        names.sort_unstable();
        names
    };
    let (up, all) = (Reach::AtAndAbove, Reach::Everywhere);
    let (naming, reaching) = (Whose::Naming(NORA.object), Whose::Reaching(NORA.object));
    let app = || resource_group("app");
    assert_eq!(names(whole(), all, Whose::Everyones).await, [1, 2, 3, 4]);
    assert_eq!(names(whole(), up, Whose::Everyones).await, [1]);
    assert_eq!(names(app(), all, Whose::Everyones).await, [1, 2]);
    assert_eq!(names(app(), all, naming).await, [2]);
    assert_eq!(names(app(), up, reaching.clone()).await, [1, 2]);
    assert_eq!(names(whole(), all, reaching).await, [1, 2, 3, 4]);
}

#[tokio::test]
async fn built_in_roles_are_listed_by_name_and_permissions_come_by_delegation_too() {
    let plane = plane(vec![authorization(TIER1, READER)], resource_group("app")).await;
    let context = reading(OLOF, "Microsoft.Authorization/roleDefinitions/read", whole());
    let all = definitions::Filter::default();
    let listed = definitions::list(&plane, &context, &whole(), &all).await.unwrap();
    assert_eq!(listed.len(), 928);
    let reader = definitions::Filter { name: Some("reader".to_owned()), ..all };
    let found = definitions::list(&plane, &context, &whole(), &reader).await.unwrap();
    assert_eq!(found.iter().map(|it| it.id).collect::<Vec<_>>(), [READER]);

    let app = resource_group("app");
    let context = reading(ADA, "Microsoft.Authorization/permissions/read", app.clone());
    let held = permissions::of_caller(&plane, &context, &app).await.unwrap();
    assert_eq!(held.len(), 1);
    assert_eq!(held[0].actions, ["*/read"]);
}

#[tokio::test]
async fn a_name_is_one_assignments_in_its_tenant_whomever_it_names() {
    let plane = plane(Vec::new(), whole()).await;
    assigned(&plane, OLOF, put(NORA, READER, 1)).await.unwrap();
    let elsewhere =
        |who| PutAssignment { id: guid(resource_group("app"), 1), ..put(who, READER, 1) };
    for who in [NORA, BOT] {
        let answer = assigned(&plane, OLOF, elsewhere(who)).await;
        let taken = matches!(answer, Err(Error::Role(Refused::UpdateNotPermitted)));
        assert!(taken, "{who}: {answer:?}");
    }
    removed(&plane, OLOF, &guid(whole(), 1)).await.unwrap();
    assigned(&plane, OLOF, elsewhere(BOT)).await.unwrap();
}

#[tokio::test]
async fn a_custom_role_of_a_group_is_not_assigned_beside_it() {
    let plane = plane(Vec::new(), whole()).await;
    let role = samples::custom_role(resource_group("app"));
    testkit::put(&plane, vec![Noun::RoleDefinition(role.clone())]).await;
    let at = |scope, n| PutAssignment { id: guid(scope, n), ..put(NORA, role.id, n) };
    for (n, beside) in [(1, whole()), (2, resource_group("rg1"))] {
        let answer = assigned(&plane, OLOF, at(beside, n)).await;
        let refused = matches!(answer, Err(Error::Role(Refused::NoRole(id))) if id == role.id);
        assert!(refused, "{answer:?}");
    }
    assigned(&plane, OLOF, at(resource_group("app"), 3)).await.unwrap();
}

#[tokio::test]
async fn of_two_names_for_one_grant_at_the_same_moment_one_is_made() {
    let plane = plane(Vec::new(), whole()).await;
    let (one, two) = tokio::join!(
        assigned(&plane, OLOF, put(NORA, READER, 1)),
        assigned(&plane, OLOF, put(NORA, READER, 2)),
    );
    let exists = |it: &Result<Put<RoleAssignment>, Error>| {
        matches!(it, Err(Error::Role(Refused::Exists(Some(_)))))
    };
    assert_eq!([&one, &two].into_iter().filter(|it| it.is_ok()).count(), 1, "{one:?} {two:?}");
    assert!(exists(&one) || exists(&two), "{one:?} {two:?}");
}

#[tokio::test]
async fn the_last_administrator_goes_only_by_who_can_come_back() {
    let plane = plane(Vec::new(), whole()).await;
    let refused = removed(&plane, OLOF, &samples_owner()).await;
    assert!(matches!(refused, Err(Error::Role(Refused::LastAdmin))), "{refused:?}");
    let role = DirectoryRoleAssignment { principal: OLOF, role: GLOBAL_ADMINISTRATOR };
    testkit::put(&plane, vec![Noun::DirectoryRoleAssignment(role)]).await;
    assert!(removed(&plane, OLOF, &samples_owner()).await.unwrap().is_some());
}
