//! What is decided in one subscription for all that a tenant delegated under a plan.

use delegation::{refused::Refused, take};
use ids::{
    guid::{Principal, SubscriptionId},
    scope::Scope,
};
use model::{
    action::Action,
    change::Noun,
    market::{MarketNoun, form::Terms},
    samples::{self, CUSTOMER, OLOF, OWNER, SUBSCRIPTION, market},
};
use operations::{
    acceptance::{
        At,
        accept::{self, Wanted},
        terms,
    },
    error::Error,
};
use testkit::shop::{Shop, shop};

use super::kit::{SECOND, Take, grant, world};

/// An owner of Contoso's second subscription, and of no other.
const OTTO: Principal = samples::principal(CUSTOMER, 0x0770);

fn at(shop: &Shop, subscription: SubscriptionId) -> At {
    let plan = shop.words("1.0.0");
    At { subscription, publisher: plan.publisher, product: plan.product, plan: plan.name }
}

fn covers_more(error: &Error) -> bool {
    matches!(error, Error::Delegation(Refused::Take(take::Refused::CoversMore(_))))
}

/// The same plan under other terms.
fn reworded(shop: &Shop) -> Vec<Noun> {
    let mut nouns = shop.nouns();
    for noun in &mut nouns {
        if let Noun::Market(MarketNoun::Edition(it)) = noun {
            it.form.terms = Terms::Text("Other words".to_owned());
        }
    }
    nouns
}

#[tokio::test]
async fn nobody_agrees_or_takes_it_back_for_subscriptions_that_are_not_theirs_to_delegate() {
    let shop = shop();
    let seed = vec![
        Noun::User(samples::user(OTTO, "otto")),
        grant(Scope::Subscription(SECOND), OTTO, OWNER),
        shop.agreed(CUSTOMER, None),
    ];
    let plane = world([shop.nouns(), seed].concat()).await;
    testkit::put(&plane, reworded(&shop)).await;
    let before = testkit::events(&plane).await.len();
    let context = |who, subscription| {
        let action = Action::known("Microsoft.Authorization/roleAssignments/write");
        testkit::context(who, &action, Scope::Subscription(subscription))
    };
    let (otto, there) = (context(OTTO, SECOND), at(&shop, SECOND));
    let signed = terms::sign(&plane, &otto, &there, None).await;
    assert!(signed.as_ref().is_err_and(covers_more), "{signed:?}");
    let cancelled = terms::cancel(&plane, &otto, &there).await;
    assert!(cancelled.as_ref().is_err_and(covers_more), "{cancelled:?}");
    let wanted = Wanted {
        at: there.clone(),
        version: Some(market::version("1.0.0")),
        is_agreed: true,
        name: None,
        description: None,
        person: None,
    };
    let accepted = accept::accept(&plane, &otto, wanted.clone()).await;
    assert!(accepted.as_ref().is_err_and(covers_more), "{:?}", accepted.err());
    assert_eq!(testkit::events(&plane).await.len(), before);

    let olof = context(OLOF, SUBSCRIPTION);
    assert!(terms::sign(&plane, &olof, &at(&shop, SUBSCRIPTION), None).await.is_ok());
    // Those agreed to are good for the whole tenant.
    assert!(accept::accept(&plane, &otto, wanted).await.is_ok());
}
