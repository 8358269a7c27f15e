//! Custom roles: who writes them where, and what becomes of those who hold them.

use access::verdict::Refusal;
use ids::guid::{RoleId, TenantId};
use model::{
    role::{Permission, RoleDefinition},
    samples::{
        ADA, CONTRIBUTOR, CUSTOMER, NEIGHBOUR, OLOF, OWNER, PROVIDER, READER, TIER1,
        USER_ACCESS_ADMINISTRATOR, authorization, custom_role, resource_group, whole,
    },
};
use operations::{
    error::Error,
    put::Put,
    roles::{
        self,
        definitions::{
            self, Filter,
            decide::{PutDefinition, Refused},
            delete, put,
        },
        put::put as assign,
    },
};

use super::*;

const WRITE: &str = "Microsoft.Authorization/roleDefinitions/write";
const DELETE: &str = "Microsoft.Authorization/roleDefinitions/delete";
const READ: &str = "Microsoft.Authorization/roleDefinitions/read";

fn request(actions: &[&str], at: &[Scope]) -> PutDefinition {
    let RoleDefinition { id, name, description, .. } = custom_role(whole());
    let actions = actions.iter().map(|it| (*it).to_owned()).collect();
    let permissions = vec![Permission { actions, ..Permission::default() }];
    PutDefinition { id, name, description, permissions, assignable_scopes: at.to_vec() }
}

async fn written(
    plane: &Plane,
    who: Principal,
    request: PutDefinition,
) -> Result<Put<RoleDefinition>, Error> {
    put::put(plane, &direct(who, WRITE), request).await
}

async fn removed(
    plane: &Plane,
    who: Principal,
    id: RoleId,
) -> Result<Option<RoleDefinition>, Error> {
    delete::delete(plane, &direct(who, DELETE), id).await
}

/// A request as the front door judges writes of roles at the subscription.
fn direct(who: Principal, action: &str) -> Context {
    let context = reading(who, action, whole());
    Context { question: Question { via: Via::Direct, ..context.question.clone() }, ..context }
}

async fn assigned(plane: &Plane, scope: Scope, n: u128, role: RoleId) -> Result<(), Error> {
    let request = PutAssignment { id: guid(scope, n), ..super::put(NORA, role, n) };
    let context = assigning(OLOF, &Action::ROLE_ASSIGNMENTS_WRITE, &request.id);
    assign(plane, &context, request).await.map(drop)
}

fn may(plane: &Plane, who: Principal, action: &str) -> bool {
    let context = reading(who, action, whole());
    plane.may(&context, &context.question)
}

fn is(answer: &Result<impl Sized, Error>, expected: &Refused) -> bool {
    matches!(answer, Err(Error::Role(roles::Refused::Definition(refused))) if refused == expected)
}

#[tokio::test]
async fn a_role_that_is_held_changes_at_once_for_whoever_holds_it_and_stays() {
    let plane = plane(Vec::new(), whole()).await;
    let (lists, starts) = (
        "Microsoft.Storage/storageAccounts/read",
        "Microsoft.Compute/virtualMachines/start/action",
    );
    let made = written(&plane, OLOF, request(&["*/read"], &[whole()])).await.unwrap();
    let Put::Created(role) = made else { panic!("{made:?}") };
    assigned(&plane, whole(), 1, role.id).await.unwrap();
    assert!(may(&plane, NORA, lists) && !may(&plane, NORA, starts));
    let events = testkit::events(&plane).await.len();

    let changed = written(&plane, OLOF, request(&[starts], &[whole()])).await.unwrap();

    assert!(matches!(changed, Put::Updated(_)), "{changed:?}");
    assert!(!may(&plane, NORA, lists) && may(&plane, NORA, starts));
    let log = testkit::events(&plane).await;
    assert_eq!(log.len(), events + 1);
    assert_eq!(log.last().unwrap().action, Action::named(WRITE));
    let again = written(&plane, OLOF, request(&[starts], &[whole()])).await.unwrap();
    assert!(matches!(again, Put::Unchanged(_)), "{again:?}");
    let held = removed(&plane, OLOF, role.id).await;
    assert!(is(&held, &Refused::HasAssignments), "{held:?}");
    assert_eq!(testkit::events(&plane).await.len(), events + 1);

    let id = guid(whole(), 1);
    let context = assigning(OLOF, &Action::ROLE_ASSIGNMENTS_DELETE, &id);
    roles::delete::delete(&plane, &context, id).await.unwrap().unwrap();
    assert!(removed(&plane, OLOF, role.id).await.unwrap().is_some());
    assert_eq!(removed(&plane, OLOF, role.id).await.unwrap(), None);
    let gone = assigned(&plane, whole(), 2, role.id).await;
    assert!(matches!(gone, Err(Error::Role(roles::Refused::NoRole(_)))), "{gone:?}");
}

#[tokio::test]
async fn a_role_does_not_shrink_away_from_whoever_holds_it() {
    let plane = plane(Vec::new(), whole()).await;
    let (app, other) = (resource_group("app"), resource_group("rg1"));
    let role = written(&plane, OLOF, request(&["*/read"], &[whole()])).await.unwrap().into_inner();
    assigned(&plane, app.clone(), 1, role.id).await.unwrap();
    let away = written(&plane, OLOF, request(&["*/read"], &[other])).await;
    assert!(is(&away, &Refused::HasAssignments), "{away:?}");
    written(&plane, OLOF, request(&["*/read"], &[app])).await.unwrap();
}

#[tokio::test]
async fn whoever_may_not_write_at_every_place_writes_at_none() {
    let neighbour = || Scope::Subscription(NEIGHBOUR);
    let plane = plane(vec![authorization(TIER1, CONTRIBUTOR)], whole()).await;
    let theirs = samples::subscription(NEIGHBOUR, CUSTOMER);
    testkit::put(&plane, vec![Noun::Subscription(theirs)]).await;
    let events = testkit::events(&plane).await;
    let nowhere = Scope::Subscription(ids::guid::SubscriptionId::new(Uuid::from_u128(0x99)));
    let linked = |answer: &Result<Put<RoleDefinition>, Error>, at: &Scope| {
        matches!(answer, Err(Error::Linked { linked, .. })
            if linked.question.scope == *at && linked.refusal == Refusal::NoGrant)
    };
    // What is another's, or nowhere, is refused alike.
    for beside in [neighbour(), nowhere] {
        let answer = written(&plane, OLOF, request(&["*"], &[whole(), beside.clone()])).await;
        assert!(linked(&answer, &beside), "{answer:?}");
    }
    for who in [NORA, ADA] {
        let answer = written(&plane, who, request(&["*"], &[whole()])).await;
        assert!(answer.is_err(), "{answer:?}");
    }
    assert_eq!(testkit::events(&plane).await, events);

    // Nor does whoever may write at some of its places take a role that is held in others.
    testkit::put(&plane, vec![Noun::RoleDefinition(custom_role(neighbour()))]).await;
    let taken = written(&plane, OLOF, request(&["*"], &[whole()])).await;
    assert!(linked(&taken, &neighbour()), "{taken:?}");
    let gone = removed(&plane, OLOF, custom_role(whole()).id).await;
    assert!(matches!(gone, Err(Error::Linked { .. })), "{gone:?}");
}

#[tokio::test]
async fn names_and_ids_are_one_roles_in_its_tenant_and_built_in_ones_stay() {
    let plane = plane(Vec::new(), whole()).await;
    let made = written(&plane, OLOF, request(&["*/read"], &[whole()])).await.unwrap().into_inner();
    let other =
        PutDefinition { id: RoleId::new(Uuid::from_u128(7)), ..request(&["*"], &[whole()]) };
    for name in ["Operator", "OPERATOR", "Reader", "owner"] {
        let request = PutDefinition { name: name.to_owned(), ..other.clone() };
        let answer = written(&plane, OLOF, request).await;
        assert!(is(&answer, &Refused::SameName(name.to_owned())), "{answer:?}");
    }
    for id in [READER, OWNER] {
        let answer = written(&plane, OLOF, PutDefinition { id, ..other.clone() }).await;
        assert!(is(&answer, &Refused::BuiltIn(id)), "{answer:?}");
        let answer = removed(&plane, OLOF, id).await;
        assert!(is(&answer, &Refused::BuiltIn(id)), "{answer:?}");
    }
    // Another tenant's role of the same id and name is another role.
    let foreign = RoleDefinition { tenant: Some(PROVIDER), ..custom_role(Scope::Tenant(PROVIDER)) };
    testkit::put(&plane, vec![Noun::RoleDefinition(foreign.clone())]).await;
    let find = |tenant: TenantId| plane.index().role(tenant, made.id).cloned();
    assert_eq!(find(CUSTOMER), Some(made.clone()));
    assert_eq!(find(PROVIDER), Some(foreign.clone()));
    removed(&plane, OLOF, made.id).await.unwrap();
    assert_eq!(find(PROVIDER), Some(foreign));
}

#[tokio::test]
async fn of_a_role_that_goes_and_one_who_is_given_it_one_wins() {
    let plane = plane(Vec::new(), whole()).await;
    let role = written(&plane, OLOF, request(&["*/read"], &[whole()])).await.unwrap().into_inner();
    let (gone, given) =
        tokio::join!(removed(&plane, OLOF, role.id), assigned(&plane, whole(), 1, role.id));
    assert_ne!(gone.is_ok(), given.is_ok(), "{gone:?} {given:?}");
}

#[tokio::test]
async fn a_provider_sees_of_a_customers_roles_what_is_of_its_place_and_writes_none() {
    let app = resource_group("app");
    let roles = vec![
        authorization(TIER1, READER),
        Authorization {
            delegated_roles: Some(vec![READER]),
            ..authorization(TIER1, USER_ACCESS_ADMINISTRATOR)
        },
    ];
    let plane = plane(roles, app.clone()).await;
    let beside = RoleDefinition {
        id: RoleId::new(Uuid::from_u128(8)),
        name: "Beside".to_owned(),
        ..custom_role(resource_group("rg1"))
    };
    testkit::put(&plane, vec![Noun::RoleDefinition(beside.clone())]).await;
    let at = [app.clone(), resource_group("rg1")];
    let made = written(&plane, OLOF, request(&["*/read"], &at)).await.unwrap().into_inner();
    let context = reading(ADA, READ, app.clone());

    let custom = Filter { kind: Some(definitions::Kind::Custom), ..Filter::default() };
    let listed = definitions::list(&plane, &context, &app, &custom).await.unwrap();
    let got = definitions::get(&plane, &context, &app, &made.id.to_string()).await.unwrap();

    assert_eq!(listed.as_slice(), std::slice::from_ref(&got));
    assert_eq!((got.assignable_scopes, got.written), (vec![app.clone()], None));
    let hidden = definitions::get(&plane, &context, &app, &beside.id.to_string()).await;
    let none = matches!(hidden, Err(Error::Role(roles::Refused::NoDefinition(_))));
    assert!(none, "{hidden:?}");
    let context = reading(OLOF, READ, whole());
    let own = definitions::get(&plane, &context, &whole(), &made.id.to_string()).await;
    assert_eq!(own.unwrap(), made);
    let answer = written(&plane, ADA, request(&["*"], &[app])).await;
    assert!(answer.is_err(), "{answer:?}");
}
