use delegation::{refused::Refused, unregister};
use ids::name::Name;
use model::{
    samples::{ADA, CONTRIBUTOR, OLOF, READER, SUBSCRIPTION, TIER1, authorization, whole},
    tree::{Registration, Subscription},
};
use operations::{
    delegation::{end::end, withdraw::withdraw},
    error::Error,
    providers::{self, State},
};

use super::*;

fn namespace() -> Name {
    "Microsoft.ManagedServices".parse().unwrap()
}

async fn set(plane: &Plane, who: Principal, registered: bool) -> Result<(), Error> {
    let verb = if registered { "register" } else { "unregister" };
    let context = reading(who, &format!("Microsoft.ManagedServices/{verb}/action"), whole());
    let wanted = Registration { subscription: SUBSCRIPTION, namespace: namespace(), registered };
    providers::set(plane, &context, wanted).await
}

/// Takes back what this world delegates.
async fn end_all(plane: &Plane) {
    let (definition, assignment) =
        (samples::definition(SUBSCRIPTION), samples::assignment(whole()));
    let about = |action, id| testkit::context(OLOF, &action, Scope::Resource(id));
    let context = about(Action::ASSIGNMENTS_DELETE, assignment.id.as_resource().clone());
    end(plane, &context, assignment.id).await.unwrap();
    let context = about(Action::DEFINITIONS_DELETE, definition.id.as_resource().clone());
    withdraw(plane, &context, definition.id).await.unwrap();
}

/// A subscription that has not registered anything.
fn bare() -> Noun {
    let subscription = samples::subscription(SUBSCRIPTION, samples::CUSTOMER);
    Noun::Subscription(Subscription { registered_by_default: false, ..subscription })
}

#[tokio::test]
async fn a_contributor_registers_a_provider_once_and_gives_it_up() {
    let plane = plane(vec![authorization(TIER1, CONTRIBUTOR)], whole()).await;
    testkit::put(&plane, vec![bare()]).await;
    let is = async || providers::registered(&plane, SUBSCRIPTION, &namespace()).await.unwrap();
    let events = async || testkit::events(&plane).await.len();
    let before = events().await;
    assert!(!is().await);

    set(&plane, ADA, true).await.unwrap();
    set(&plane, OLOF, true).await.unwrap();

    assert!(is().await);
    assert_eq!(events().await, before + 1);
    end_all(&plane).await;
    set(&plane, OLOF, false).await.unwrap();
    assert!(!is().await);
    let context = reading(OLOF, "Microsoft.Resources/subscriptions/providers/read", whole());
    let said = providers::of_subscription(&plane, &context, SUBSCRIPTION).await.unwrap();
    assert_eq!(said.state("microsoft.managedservices"), State::Unregistered);
    assert_eq!(said.state("Microsoft.Compute"), State::NotRegistered);
}

#[tokio::test]
async fn a_reader_registers_nothing() {
    let plane = plane(vec![authorization(TIER1, READER)], whole()).await;
    testkit::put(&plane, vec![bare()]).await;
    let events = testkit::events(&plane).await;
    assert!(matches!(set(&plane, ADA, true).await, Err(Error::Denied(_))));
    assert_eq!(testkit::events(&plane).await, events);
}

#[tokio::test]
async fn nobody_gives_the_provider_up_while_anything_is_delegated() {
    let plane = plane(vec![authorization(TIER1, CONTRIBUTOR)], whole()).await;
    let (definitions, assignments) = (1, 1);
    for who in [ADA, OLOF] {
        let events = testkit::events(&plane).await;
        match set(&plane, who, false).await {
            Err(Error::Delegation(Refused::Unregister(why))) => {
                assert_eq!(why, unregister::Refused::InUse { definitions, assignments });
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(testkit::events(&plane).await, events);
    }
    end_all(&plane).await;
    set(&plane, OLOF, false).await.unwrap();
}

/// Whoever may not ask hears nothing of what is delegated.
#[tokio::test]
async fn a_reader_who_unregisters_hears_only_that_he_may_not() {
    let plane = plane(vec![authorization(TIER1, READER)], whole()).await;
    assert!(matches!(set(&plane, ADA, false).await, Err(Error::Denied(_))));
}

#[tokio::test]
async fn nothing_is_delegated_where_the_provider_was_given_up_meanwhile() {
    use delegation::{define::Request, dialect::Dialect};
    let plane = testkit::plane(vec![bare()]).await;
    let it = samples::definition(SUBSCRIPTION);
    let context = testkit::context(
        OLOF,
        &Action::DEFINITIONS_WRITE,
        Scope::Resource(it.id.as_resource().clone()),
    );
    let request = Request {
        id: it.id,
        managed_by: it.managed_by,
        name: it.name,
        description: it.description,
        authorizations: it.authorizations,
        eligible: it.eligible,
        accepted: None,
        dialect: Dialect::Eligible,
    };
    let refused = operations::delegation::define::define(&plane, &context, request.clone()).await;
    assert!(matches!(refused, Err(Error::NotRegistered(_))), "{refused:?}");
    set(&plane, OLOF, true).await.unwrap();
    operations::delegation::define::define(&plane, &context, request).await.unwrap();
}
