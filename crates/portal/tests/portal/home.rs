//! The overview: what waits for whom.

use model::{
    change::Noun,
    delegation::{Accepted, Definition},
    directory::OPERATORS,
    market::{
        MarketNoun,
        account::{AccountMember, AccountRole},
        offer::{Offer, OfferState},
    },
    samples::{self, ADA, CUSTOMER, OWNER, PROVIDER, SUBSCRIPTION, market, principal, whole},
};
use testkit::shop::{publisher, two_versions};

use crate::kit::{Answered, kit, person};

/// Each figure as it is read, with where it leads.
fn figures(page: &Answered) -> Vec<(String, String)> {
    page.texts(".figures a").into_iter().zip(page.links(".figures a")).collect()
}

fn told(page: &Answered) -> Vec<String> {
    page.texts(".figures a")
}

/// Contoso accepted the older of two versions; what is added to that.
fn taken(more: Vec<Noun>) -> Vec<Noun> {
    let shop = two_versions();
    let plan = market::plan_version("1.0.0");
    let definition = Definition {
        accepted: Some(Accepted { customer: CUSTOMER, plan }),
        ..samples::definition(SUBSCRIPTION)
    };
    let taken = [shop.agreed(CUSTOMER, Some("1.0.0")), Noun::Definition(definition)];
    publisher().into_iter().chain(shop.nouns()).chain(taken).chain(more).collect()
}

#[tokio::test]
async fn a_customer_sees_what_waits_for_their_word_until_it_was_given() {
    let kit = kit(taken(vec![])).await;
    let olof = kit.signed_in("olof@contoso.example").await;
    let page = olof.open("/").await;
    page.well_made();
    assert_eq!(
        told(&page),
        [
            "1 accepted offer without delegation To finish",
            "1 update of an offer To review",
            "1 service provider",
        ]
    );
    assert_eq!(page.texts("section > h2")[0], "As a customer");
    for (_, to) in figures(&page) {
        assert_eq!(olof.open(&to).await.status, 200, "{to}");
    }
    let delegated = Noun::Assignment(samples::assignment(whole()));
    testkit::put(kit.sign_in.plane(), vec![delegated]).await;
    testkit::put(kit.sign_in.plane(), vec![two_versions().agreed(CUSTOMER, Some("1.1.0"))]).await;
    let page = olof.open("/").await;
    assert_eq!(told(&page), ["1 service provider", "1 delegation to a provider"]);
}

#[tokio::test]
async fn a_provider_sees_its_customers_and_who_lags_behind_and_a_publisher_its_offers() {
    let member = AccountMember { principal: ADA, role: AccountRole::Owner };
    let failed = Offer { state: OfferState::AttentionNeeded, ..market::offer() };
    let kit = kit(taken(vec![
        Noun::Assignment(samples::assignment(whole())),
        Noun::Market(MarketNoun::AccountMember(member)),
        Noun::Market(MarketNoun::Offer(failed)),
    ]))
    .await;
    let ada = kit.signed_in("ada@fabrikam.example").await;
    let page = ada.open("/").await;
    page.well_made();
    assert_eq!(
        figures(&page),
        [
            ("1 customer behind the newest version", "/customers/offers"),
            ("1 customer", "/customers"),
            ("1 delegation from a customer", "/customers/delegations"),
            ("1 offer that needs attention To mend", "/partner-center/offers"),
        ]
        .map(|(words, to)| (words.to_owned(), to.to_owned()))
    );
    for (_, to) in figures(&page) {
        assert_eq!(ada.open(&to).await.status, 200, "{to}");
    }
    // Who has no part in the account hears of its customers' delegations alone, where they may.
    let nobody = principal(PROVIDER, 0x9E);
    testkit::put(kit.sign_in.plane(), person(nobody, "ned", "fabrikam").to_vec()).await;
    let ned = kit.signed_in("ned@fabrikam.example").await.open("/").await;
    assert!(told(&ned).is_empty(), "{:?}", told(&ned));
}

#[tokio::test]
async fn a_newcomer_is_told_what_to_do_next_and_a_stranger_to_sign_in() {
    let kit = kit(vec![]).await;
    let stranger = kit.browser().open("/").await;
    stranger.well_made();
    assert!(stranger.texts("#begin").is_empty() && told(&stranger).is_empty());
    let said = stranger.texts("main .links .soft");
    assert!(said.contains(&"What providers offer, and what each offer asks for.".to_owned()));
    assert!(!stranger.main().contains("Certifications"), "operators' pages");
    let olof = kit.signed_in("olof@contoso.example").await;
    let page = olof.open("/").await;
    page.well_made();
    assert_eq!(page.texts("#begin").len(), 1, "{}", page.main());
    for to in page.links("#begin a") {
        assert_eq!(olof.open(&to).await.status, 200, "{to}");
    }
}

#[tokio::test]
async fn an_operator_sees_which_companies_and_submissions_wait() {
    let opal = principal(OPERATORS, 0x0B);
    let root = ids::scope::Scope::Tenant(OPERATORS);
    let mut nouns = person(opal, "opal", "fyr").to_vec();
    nouns.extend([
        Noun::Tenant(samples::tenant(OPERATORS, "fyr")),
        Noun::RoleAssignment(samples::role_assignment(root, opal, OWNER)),
        Noun::Market(MarketNoun::Account(market::account())),
    ]);
    let kit = kit(nouns).await;
    let page = kit.signed_in("opal@fyr.example").await.open("/").await;
    page.well_made();
    assert_eq!(told(&page), ["1 company to verify To review"]);
    let verified = Noun::Market(MarketNoun::Verification(market::verification()));
    testkit::put(kit.sign_in.plane(), vec![verified]).await;
    let page = kit.signed_in("opal@fyr.example").await.open("/").await;
    assert!(told(&page).is_empty(), "{:?}", told(&page));
}
