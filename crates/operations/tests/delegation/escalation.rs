//! Whoever tries to give themselves, or keep, what nobody gave them.

use access::{
    permit::Denied,
    verdict::{NotOwner, Refusal},
};
use delegation::{end, refused::Refused};
use ids::{
    guid::{AppId, Principal},
    resource::ResourceId,
    scope::Scope,
};
use model::{
    action::Action,
    change::Noun,
    directory::{ServicePrincipal, ServicePrincipalKind, User, UserKind},
    samples::{
        self, ADA, CONTRIBUTOR, CUSTOMER, DELETE_ROLE, NEIGHBOUR, OWNER, SUBSCRIPTION, TIER1,
        authorization, principal, resource_group, whole,
    },
};
use operations::{
    delegation::{define::Defined, withdraw::withdraw},
    error::Error,
    plane::Plane,
};
use uuid::Uuid;

use super::kit::{
    BO, CARL, NORTHWIND, about, accepting, assign_as, both_delegated, define_as, end_as, grant,
    offer, owner_of, reads, rivals_offer, trace, world,
};

/// What the rule says of somebody, by each operation that it guards.
async fn outcomes(plane: &Plane, who: Principal) -> Vec<Result<(), Error>> {
    let accepted = accepting(&offer(), whole());
    let context = about(who, &Action::DEFINITIONS_DELETE, rivals_offer().id.as_resource());
    vec![
        define_as(plane, who, offer()).await.map(drop),
        assign_as(plane, who, accepting(&offer(), resource_group("rg10"))).await.map(drop),
        withdraw(plane, &context, rivals_offer().id).await.map(drop),
        end_as(plane, who, &accepted.id).await.map(drop),
    ]
}

fn reason(outcome: &Result<(), Error>) -> Option<NotOwner> {
    match outcome {
        Err(Error::Denied(Denied { refusal: Refusal::NotOwner(why), .. })) => Some(*why),
        _ => None,
    }
}

#[track_caller]
fn all_refused(outcomes: &[Result<(), Error>], expected: NotOwner) {
    for outcome in outcomes {
        assert_eq!(reason(outcome), Some(expected), "{outcome:?}");
    }
}

fn person(who: Principal) -> Noun {
    Noun::User(samples::user(who, "somebody"))
}

const INGA: Principal = principal(CUSTOMER, 0x16A);

async fn with(more: Vec<Noun>) -> Plane {
    world(both_delegated().into_iter().chain(more).collect()).await
}

#[tokio::test]
async fn a_customers_contributor_cannot_delegate() {
    let plane = with(vec![person(INGA), grant(whole(), INGA, CONTRIBUTOR)]).await;
    let before = trace(&plane).await;
    all_refused(&outcomes(&plane, INGA).await, NotOwner::NoGrant);
    assert_eq!(trace(&plane).await, before);
}

#[tokio::test]
async fn the_owner_of_only_the_resource_group_cannot_delegate_it() {
    let rg10 = resource_group("rg10");
    let plane = with(vec![person(INGA), grant(rg10.clone(), INGA, OWNER)]).await;
    let outcome = assign_as(&plane, INGA, accepting(&offer(), rg10)).await.map(drop);
    assert_eq!(reason(&outcome), Some(NotOwner::NoGrant), "{outcome:?}");
}

#[tokio::test]
async fn a_guest_cannot_delegate_even_as_owner() {
    let guest = User { kind: UserKind::Guest { home: ADA }, ..samples::user(INGA, "ada") };
    let plane = with(vec![Noun::User(guest), owner_of(SUBSCRIPTION, INGA)]).await;
    all_refused(&outcomes(&plane, INGA).await, NotOwner::Guest);
}

#[tokio::test]
async fn a_delegated_contributor_cannot_widen_what_was_delegated() {
    let plane = with(Vec::new()).await;
    let before = trace(&plane).await;
    assert!(reads(&plane, ADA, whole()));
    let outcomes = outcomes(&plane, ADA).await;
    all_refused(&outcomes[..3], NotOwner::ForeignTenant);
    assert!(outcomes[3].is_ok(), "its own delegation it may give back: {:?}", outcomes[3]);
    let after = trace(&plane).await;
    assert_eq!(after.0.len(), before.0.len() + 1);
}

#[tokio::test]
async fn a_provider_cannot_end_another_providers_delegation_nor_learn_of_it() {
    let plane = with(Vec::new()).await;
    let theirs = accepting(&rivals_offer(), resource_group("rg1")).id;
    let nothing = accepting(&rivals_offer(), resource_group("rg10")).id;
    for id in [&theirs, &nothing] {
        let refused = end_as(&plane, ADA, id).await;
        assert!(
            matches!(refused, Err(Error::Delegation(Refused::End(end::Refused::NotYours)))),
            "{refused:?}"
        );
    }
    assert!(reads(&plane, BO, resource_group("rg1")));
}

#[tokio::test]
async fn without_the_delete_role_a_provider_gives_nothing_back() {
    let mut nouns = both_delegated();
    let Some(Noun::Definition(mine)) = nouns.first_mut() else { panic!() };
    mine.authorizations.retain(|it| it.role != DELETE_ROLE);
    let plane = world(nouns).await;
    let refused = end_as(&plane, ADA, &accepting(&offer(), whole()).id).await;
    assert!(
        matches!(refused, Err(Error::Denied(Denied { refusal: Refusal::NoGrant, .. }))),
        "{refused:?}"
    );
    assert!(reads(&plane, ADA, whole()));
}

#[tokio::test]
async fn a_colleague_of_the_engineer_has_nothing() {
    let plane = with(Vec::new()).await;
    assert!(!reads(&plane, CARL, whole()));
    let outcomes = outcomes(&plane, CARL).await;
    assert!(outcomes.iter().all(Result::is_err), "{outcomes:?}");
    assert!(reads(&plane, ADA, whole()));
}

#[tokio::test]
async fn an_owner_through_a_nested_group_may_delegate() {
    let (outer, inner) = (principal(CUSTOMER, 0x60), principal(CUSTOMER, 0x61));
    let plane = world(vec![
        person(INGA),
        Noun::Group(samples::group(outer, "owners")),
        Noun::Group(samples::group(inner, "admins")),
        Noun::Membership(samples::membership(outer, inner)),
        Noun::Membership(samples::membership(inner, INGA)),
        owner_of(SUBSCRIPTION, outer),
    ])
    .await;
    assert!(matches!(define_as(&plane, INGA, offer()).await, Ok(Defined::Created(_))));
}

#[tokio::test]
async fn a_managed_identity_as_owner_may_delegate() {
    let resource = format!("{}/providers/Microsoft.Automation/accounts/a", resource_group("rg1"));
    let resource = ResourceId::parse(&resource, CUSTOMER).unwrap();
    let identity = ServicePrincipal {
        principal: INGA,
        app: AppId::new(Uuid::from_u128(0xA99)),
        display_name: "a".to_owned(),
        enabled: true,
        kind: ServicePrincipalKind::ManagedIdentity { resource },
    };
    let plane = world(vec![Noun::ServicePrincipal(identity), owner_of(SUBSCRIPTION, INGA)]).await;
    assert!(matches!(define_as(&plane, INGA, offer()).await, Ok(Defined::Created(_))));
}

#[tokio::test]
async fn the_same_definition_guid_in_two_subscriptions_never_meets() {
    let elsewhere = principal(NORTHWIND, 0xA);
    let plane = world(vec![person(elsewhere), owner_of(NEIGHBOUR, elsewhere)]).await;
    let scope = Scope::Subscription(NEIGHBOUR);
    let theirs = delegation::define::Request {
        id: samples::definition(NEIGHBOUR).id,
        authorizations: vec![authorization(TIER1, samples::READER)],
        ..offer()
    };
    define_as(&plane, elsewhere, theirs.clone()).await.unwrap();
    assign_as(&plane, elsewhere, accepting(&theirs, scope.clone())).await.unwrap();

    assert!(reads(&plane, ADA, scope) && !reads(&plane, ADA, whole()));
    let crossing = delegation::assign::Request {
        definition: theirs.id.clone(),
        ..accepting(&offer(), whole())
    };
    let refused = assign_as(&plane, samples::OLOF, crossing).await;
    assert!(
        matches!(
            refused,
            Err(Error::Delegation(Refused::Assign(
                delegation::assign::Refused::ForeignDefinition(_)
            )))
        ),
        "{refused:?}"
    );
    assert!(matches!(define_as(&plane, samples::OLOF, offer()).await, Ok(Defined::Created(_))));
}
