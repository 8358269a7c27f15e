//! Which subscriptions a caller is shown, page by page.
#![expect(clippy::unwrap_used, reason = "test code")]

use ids::{
    guid::{Principal, SubscriptionId},
    scope::Scope,
};
use model::{action::Action, change::Noun, samples};
use operations::{context::Context, error::Error, plane::Plane, search, subscriptions};
use uuid::Uuid;

fn context(who: Principal) -> Context {
    testkit::context(who, &Action::SUBSCRIPTIONS_READ, Scope::Tenant(who.tenant))
}

/// Three customers of Fabrikam's beside Contoso, the last of whom has delegated nothing.
fn customers() -> Vec<Noun> {
    let mut nouns = Vec::new();
    for n in 1..=3 {
        let id = SubscriptionId::new(Uuid::from_u128(0x100 + n));
        nouns.push(Noun::Subscription(samples::subscription(id, samples::CUSTOMER)));
        if n < 3 {
            let scope = Scope::Subscription(id);
            nouns.push(Noun::Definition(samples::definition(id)));
            nouns.push(Noun::Assignment(samples::assignment(scope)));
        }
    }
    nouns
}

async fn pages(plane: &Plane, who: Principal, limit: usize) -> Vec<Vec<u128>> {
    let (mut pages, mut after) = (Vec::new(), None);
    loop {
        let listed = subscriptions::list(plane, &context(who), after, limit).await.unwrap();
        pages.push(listed.items.iter().map(|it| it.subscription.id.raw().as_u128()).collect());
        after = listed.next;
        if after.is_none() {
            return pages;
        }
    }
}

#[tokio::test]
async fn each_side_sees_its_own_and_a_page_ends_where_the_list_does() {
    let plane = testkit::plane(customers()).await;
    assert_eq!(pages(&plane, samples::ADA, 10).await, [vec![0x101, 0x102]]);
    assert_eq!(pages(&plane, samples::ADA, 1).await, [vec![0x101], vec![0x102]]);
    assert_eq!(pages(&plane, samples::OLOF, 10).await, [vec![0x5]]);
}

#[tokio::test]
async fn unknown_and_foreign_look_alike() {
    let plane = testkit::plane(customers()).await;
    for id in [0x103, 0x999] {
        let id = SubscriptionId::new(Uuid::from_u128(id));
        let refused = subscriptions::get(&plane, &context(samples::ADA), id).await.unwrap_err();
        assert!(matches!(refused, Error::NoSubscription(it) if it.0 == id));
    }
}

#[tokio::test]
async fn a_search_finds_what_the_caller_sees_and_whose_it_is() {
    let plane = testkit::plane(customers()).await;
    let found = async |who, words: &[&str]| {
        let words: Vec<String> = words.iter().map(|it| (*it).to_owned()).collect();
        let found = search::places(&plane, &context(who), &words, 10).await.unwrap();
        let ids: Vec<_> = found.subscriptions.iter().map(|it| it.id.raw().as_u128()).collect();
        let names: Vec<_> = found.customers.into_iter().map(|it| it.display_name).collect();
        (ids, names.join(","))
    };
    assert_eq!(found(samples::ADA, &["prod"]).await, (vec![0x101, 0x102], String::new()));
    assert_eq!(found(samples::ADA, &["contoso"]).await, (vec![], "contoso".to_owned()));
    let unseen = SubscriptionId::new(Uuid::from_u128(0x103)).to_string();
    assert_eq!(found(samples::ADA, &[&unseen]).await, (vec![], String::new()));
    assert_eq!(found(samples::OLOF, &["contoso"]).await, (vec![], String::new()), "no customer");
}
