//! What a publisher sees of the versions that customers accepted.

use std::cmp::Reverse;

use delegation::acceptance::Waiting;
use ids::guid::Principal;
use model::{
    action::Action,
    change::Noun,
    market::{
        MarketNoun,
        acceptance::Acceptance,
        account::{AccountMember, AccountRole},
    },
    samples::{ADA, CUSTOMER, OLOF, market},
};
use operations::{
    context::Context,
    error::Error,
    market::offers::uptake::{self, Glance, Wanted},
    page::page,
    plane::Plane,
};
use testkit::shop::two_versions;

use super::kit::{BEA, NORA, NORTHWIND, world};

fn context(who: Principal) -> Context {
    let action = Action::named("Fyr.Market/reports/read");
    testkit::context(who, &action, ids::scope::Scope::Tenant(who.tenant))
}

fn member(principal: Principal, role: AccountRole) -> Noun {
    Noun::Market(MarketNoun::AccountMember(AccountMember { principal, role }))
}

/// Contoso has the older version, Northwind declined the newer one.
async fn plane() -> Plane {
    let shop = two_versions();
    let declined = Acceptance {
        customer: NORTHWIND,
        plan: shop.plan.clone(),
        declined: Some(market::version("1.1.0")),
        ..market::acceptance("1.0.0")
    };
    let mut nouns = shop.nouns();
    nouns.extend([
        Noun::Market(MarketNoun::Offer(market::offer())),
        shop.agreed(CUSTOMER, Some("1.0.0")),
        Noun::Market(MarketNoun::Acceptance(declined)),
        member(ADA, AccountRole::Owner),
        member(BEA, AccountRole::Manager),
    ]);
    world(nouns).await
}

#[tokio::test]
async fn versions_in_use_are_counted_and_whoever_lags_behind_is_named_to_owners() {
    let plane = plane().await;
    let listed = uptake::list(&plane, &context(BEA), page(None, None)).await.unwrap();
    let [plan] = listed.items.as_slice() else { panic!("{listed:?}") };
    let newest = market::version("1.1.0");
    assert_eq!((plan.newest, plan.behind, plan.declined), (Some(newest), 2, 1));
    let versions: Vec<_> = plan.versions.iter().map(|(it, n)| (*it, *n)).collect();
    assert_eq!(versions, [(Reverse(market::version("1.0.0")), 2)]);

    let of = async |who, wanted| {
        let page = page(None, None);
        uptake::of_plan(&plane, &context(who), &market::plan_id(), wanted, page).await.unwrap().1
    };
    let shown = of(ADA, Wanted::Behind).await.items;
    let told: Vec<_> =
        shown.iter().map(|it| (it.name.as_deref().unwrap_or("?"), it.waits)).collect();
    let waits = |is_declined| Some(Waiting { version: newest, is_declined });
    assert_eq!(told, [("northwind", waits(true)), ("contoso", waits(false))]);
    let manager = of(BEA, Wanted::All).await.items;
    assert!(manager.len() == 2 && manager.iter().all(|it| it.name.is_none()), "{manager:?}");

    let glance = uptake::glance(&plane, &context(BEA)).await.unwrap();
    assert_eq!((glance.behind, glance.is_more), (2, false));

    testkit::put(&plane, vec![two_versions().agreed(CUSTOMER, Some("1.1.0"))]).await;
    assert_eq!(of(ADA, Wanted::Behind).await.items.len(), 1);
    testkit::put(&plane, vec![two_versions().agreed(CUSTOMER, None)]).await;
    let listed = uptake::list(&plane, &context(ADA), page(None, None)).await.unwrap();
    assert_eq!((listed.items[0].undelegated, listed.items[0].behind), (1, 1));
}

#[tokio::test]
async fn nobody_outside_of_the_account_learns_who_took_its_plans() {
    let plane = plane().await;
    for who in [OLOF, NORA] {
        let refused = uptake::list(&plane, &context(who), page(None, None)).await;
        assert!(matches!(refused, Err(Error::Denied(_))), "{who:?}");
        let refused = uptake::glance(&plane, &context(who)).await;
        assert!(matches!(refused, Err(Error::Denied(_))), "{who:?}");
        let (plan, page) = (market::plan_id(), page(None, None));
        let refused = uptake::of_plan(&plane, &context(who), &plan, Wanted::All, page).await;
        assert!(matches!(refused, Err(Error::Denied(_))), "{who:?}");
    }
}

/// Who has an account of their own reads of their own plans.
#[tokio::test]
async fn the_plans_of_another_account_look_like_none() {
    let plane = plane().await;
    testkit::put(&plane, vec![member(NORA, AccountRole::Owner)]).await;
    let listed = uptake::list(&plane, &context(NORA), page(None, None)).await.unwrap();
    assert!(listed.items.is_empty());
    assert_eq!(uptake::glance(&plane, &context(NORA)).await.unwrap(), Glance::default());
    let (plan, page) = (market::plan_id(), page(None, None));
    let found = uptake::of_plan(&plane, &context(NORA), &plan, Wanted::All, page).await;
    let Err(Error::Market(refused)) = found else { panic!("{found:?}") };
    assert_eq!(refused.to_string(), "there is no such plan");
}
