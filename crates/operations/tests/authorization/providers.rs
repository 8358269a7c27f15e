use ids::name::Name;
use model::{
    samples::{ADA, CONTRIBUTOR, OLOF, READER, SUBSCRIPTION, TIER1, authorization, whole},
    tree::{Registration, Subscription},
};
use operations::{
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
