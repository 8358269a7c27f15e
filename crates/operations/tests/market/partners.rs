//! For whom a delegation counts: the partner that the edition named as it was born.

use ids::{guid::SubscriptionId, offer::PartnerId, scope::Scope};
use model::{
    change::Noun,
    delegation::Assignment,
    market::account::{Account, AgreementKind},
    samples::{ADA, CUSTOMER, OLOF, SUBSCRIPTION, market as sample},
    tree::ResourceGroup,
};
use operations::{
    market::{
        IfMatch,
        account::{Told, update},
    },
    offers::influence::report,
    plane::Plane,
};
use store::{records::ranges, snapshot::Page};

use super::{
    customers::{Act, SECOND, act, delegated, delegated_at, publish, scene},
    kit::by,
};

/// Fabrikam names another partner id.
async fn renamed(plane: &Plane, partner: PartnerId) {
    let Account { company, is_entitled, .. } = sample::account();
    let agreements = vec![AgreementKind::Publisher, AgreementKind::PartnerNetwork];
    let told = Told { company, is_entitled, agreements, partner: Some(partner) };
    update::update(plane, &by(ADA), &told, IfMatch::Any).await.unwrap();
}

/// For whom each delegation of the subscription counts, by where it is.
async fn partners(plane: &Plane, subscription: SubscriptionId) -> Vec<(Scope, PartnerId)> {
    let snapshot = plane.store.snapshot().await.unwrap();
    let range = ranges::assignments_of_subscription(subscription);
    let found = snapshot.list::<Assignment>(&range, Page::first()).await.unwrap().items;
    found.into_iter().map(|it| (it.id.scope().clone(), it.partner.unwrap())).collect()
}

#[tokio::test]
async fn another_partner_id_counts_for_what_is_delegated_after_it_was_published_and_for_no_other() {
    let (scene, preview) = scene(1).await;
    let plane = &*scene.plane;
    let (old, new): (PartnerId, PartnerId) = (sample::partner(), "7000001".parse().unwrap());
    let whole = Scope::Subscription;
    let group = |name: &str| {
        Noun::ResourceGroup(ResourceGroup { subscription: SECOND, ..testkit::group(name) })
    };
    let inside = |name: &str| Scope::ResourceGroup(SECOND, name.parse().unwrap());
    testkit::put(plane, vec![group("app"), group("data")]).await;
    act(plane, OLOF, Act::Accept(SUBSCRIPTION, Some(0))).await.unwrap();
    act(plane, OLOF, Act::Accept(SECOND, None)).await.unwrap();
    delegated(plane, OLOF, SUBSCRIPTION).await;
    assert_eq!(partners(plane, SUBSCRIPTION).await, [(whole(SUBSCRIPTION), old)]);

    // The account names another one; what is live names the one that it was published with.
    renamed(plane, new).await;
    delegated_at(plane, OLOF, &inside("app")).await;
    assert_eq!(partners(plane, SECOND).await, [(inside("app"), old)]);

    publish(plane, preview).await;
    delegated_at(plane, OLOF, &inside("data")).await;
    let both = [(inside("app"), old), (inside("data"), new)];
    assert_eq!(partners(plane, SECOND).await, both);
    // Neither the same again nor a newer version makes an old delegation a later one.
    delegated(plane, OLOF, SUBSCRIPTION).await;
    act(plane, OLOF, Act::Update(SUBSCRIPTION, 1)).await.unwrap();
    assert_eq!(partners(plane, SUBSCRIPTION).await, [(whole(SUBSCRIPTION), old)]);
    assert_eq!(partners(plane, SECOND).await, both);

    // Whoever it counts for, the publisher's report counts it.
    let told = report(plane, &by(ADA), None, 10).await.unwrap().rows;
    let told: Vec<_> = told.iter().map(|it| (it.customer, it.counts.by_offer)).collect();
    assert_eq!(told, [(CUSTOMER, 3)]);
}
