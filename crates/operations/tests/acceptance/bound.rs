//! How much stands for one acceptance.

use delegation::{refused::Refused, take};
use ids::{resource::DefinitionId, scope::Scope};
use model::{
    change::{Change, Noun},
    delegation::{Accepted, Definition},
    samples::{self, CUSTOMER, OLOF, SUBSCRIPTION, market},
};
use operations::error::Error;
use testkit::shop::shop;
use uuid::Uuid;

use super::kit::{Take, take_as, world};

#[tokio::test]
async fn no_more_definitions_are_made_of_a_plan_than_can_follow_to_its_next_version() {
    let shop = shop();
    let plane = world([shop.nouns(), vec![shop.agreed(CUSTOMER, Some("1.0.0"))]].concat()).await;
    let definition = |n: u128| {
        let name = Uuid::from_u128(0x4000_8000_0000_0000_0000 + n).to_string();
        let scope = Scope::Subscription(SUBSCRIPTION);
        let accepted = Accepted { customer: CUSTOMER, plan: market::plan_version("1.0.0") };
        Noun::Definition(Definition {
            id: DefinitionId::at(scope, name.parse().unwrap()).unwrap(),
            accepted: Some(accepted),
            ..samples::definition(SUBSCRIPTION)
        })
    };
    testkit::put(&plane, (0..500).map(definition).collect()).await;
    let refused = take_as(&plane, OLOF, shop.request(SUBSCRIPTION, "1.0.0")).await;
    let Err(Error::Delegation(Refused::Take(why))) = refused else { panic!() };
    assert_eq!(why, take::Refused::TooMany { plan: market::plan_id(), most: 500 });
    testkit::apply(&plane, vec![Change::Remove(definition(7))]).await;
    assert!(take_as(&plane, OLOF, shop.request(SUBSCRIPTION, "1.0.0")).await.is_ok());
}
