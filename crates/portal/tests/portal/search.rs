//! Finding things by name.

use model::{
    change::Noun,
    delegation::Definition,
    samples::{CUSTOMER, SUBSCRIPTION, TIER1, assignment, authorization, definition, whole},
};
use testkit::shop::{publisher, shop};

use crate::kit::{Browser, kit};

#[tokio::test]
async fn a_search_finds_only_what_the_visitor_may_see() {
    let delegated =
        [Noun::Definition(definition(SUBSCRIPTION)), Noun::Assignment(assignment(whole()))];
    let nouns = publisher().into_iter().chain(shop().nouns()).chain(delegated);
    let kit = kit(nouns.collect()).await;
    let found = async |browser: &Browser<'_>, words: &str| {
        let page = browser.open(&format!("/search?q={words}")).await;
        page.well_made();
        page.texts("[data-found]")
    };
    let (stranger, olof, ada) = (
        kit.browser(),
        kit.signed_in("olof@contoso.example").await,
        kit.signed_in("ada@fabrikam.example").await,
    );
    assert_eq!(found(&stranger, "night+crew").await, ["Fabrikam Ops"]);
    assert_eq!(found(&stranger, "prod").await, [""; 0]);
    assert_eq!(found(&olof, "prod").await, ["prod"]);
    assert_eq!(found(&ada, "contoso").await, ["contoso"], "a customer");
    assert_eq!(found(&ada, "olof").await, [""; 0], "another directory's people");
    assert!(found(&olof, "olof").await.contains(&"olof".to_owned()));
    assert_eq!(found(&olof, "activity").await, ["Activity log"]);
    let page = ada.open("/").await;
    ada.submit(&page, "form[action='/directory']", &[("tenant", &CUSTOMER.to_string())]).await;
    assert_eq!(found(&ada, "olof").await, [""; 0], "a guest reads no directory");
    olof.open("/search").await.well_made();
}

/// Who reads no delegation has no customers: *My customers* shows none, either.
#[tokio::test]
async fn a_customer_of_whom_no_delegation_may_be_read_is_not_found() {
    let machines = "9980e02c-c2be-4d73-94e8-173b1dc7cf3c".parse().unwrap();
    let of_machines = Definition {
        authorizations: vec![authorization(TIER1, machines)],
        ..definition(SUBSCRIPTION)
    };
    let kit = kit(vec![Noun::Definition(of_machines), Noun::Assignment(assignment(whole()))]).await;
    let ada = kit.signed_in("ada@fabrikam.example").await;
    assert_eq!(ada.open("/search?q=contoso").await.texts("[data-found=Customer]"), [""; 0]);
    let page = ada.open("/search?q=prod").await;
    assert_eq!(page.texts("[data-found]"), ["prod"], "what they work in is found all the same");
}
