//! What a publisher tries before anything is submitted: what the plans give, how the description
//! looks, whether leads arrive.

use model::{market::form::Expected, samples::TIER1};

use super::kit::{ADA_NAME, OFFER, created, filled, offer, planned, select, shop, value, work};
use crate::kit::Browser;

const WRITE: &str = "Microsoft.Storage/storageAccounts/write";

/// A plan that gives Tier 1 the Contributor.
async fn given(ada: &Browser<'_>) {
    created(ada).await;
    planned(ada).await;
    let tier1 = TIER1.object.to_string();
    let given = [
        ("given.0.name", "tier1"),
        ("given.0.principal", tier1.as_str()),
        ("given.0.role", "Contributor"),
    ];
    filled(ada, "plans/core/technical/1.0.0", &given).await;
}

#[tokio::test]
async fn tests_are_run_against_the_draft_and_say_which_hold() {
    let kit = shop(Vec::new()).await;
    let ada = kit.signed_in(ADA_NAME).await;
    given(&ada).await;
    let page = ada.open(&format!("{OFFER}/tests")).await;
    page.well_made();
    assert_eq!(page.heading(), "Offer tests");
    assert_eq!(page.texts("#plans option"), ["Core"], "what there is is suggested");
    let fields = [
        ("tests.0.plan", "core"),
        ("tests.0.given", "tier1"),
        ("tests.0.when", WRITE),
        ("tests.0.expect", "allow"),
        ("tests.1.plan", "core"),
        ("tests.1.given", "tier1"),
        ("tests.1.when", "Microsoft.Storage/storageAccounts/wirte"),
        ("tests.1.expect", "deny"),
        ("do", "check"),
    ];
    let checked = ada.submit(&page, "#draft", &fields).await;
    checked.well_made();
    assert_eq!(checked.texts("#told-tests-0-expect .said.good").len(), 1, "{}", checked.main());
    let slip = checked.texts("#told-tests-1-expect .said.bad");
    assert!(slip[0].contains("no operation is called") && slip[0].contains(WRITE), "{slip:?}");
    assert!(offer(&kit).await.form.tests.is_empty(), "what is checked is not saved");
    let mended = [("tests.1.when", WRITE), ("do", "save")];
    let saved = ada.submit(&checked, "#draft", &mended).await;
    assert_eq!(saved.texts("main .note.good"), ["Offer tests was saved."], "{}", saved.main());
    let kept = offer(&kit).await.form.tests;
    assert_eq!((kept.len(), kept[0].given, kept[1].expect), (2, TIER1.object, Expected::Deny));
    let page = ada.open(&format!("{OFFER}/tests")).await;
    assert_eq!(value(&page, "#tests-0-given"), "tier1", "people read names");
    let unmet = page.texts("#told-tests-1-expect .said.bad");
    assert!(unmet[0].contains("TST-001") && unmet[0].contains("may"), "{unmet:?}");
    let review = ada.open(&format!("{OFFER}/publish")).await;
    let lines = review.texts("tbody tr").join(" ");
    assert!(lines.contains("TST-001") && lines.contains("Offer tests"), "{lines}");
    assert!(review.links("tbody a").contains(&format!("{OFFER}/tests")));
}

#[tokio::test]
async fn a_test_that_cannot_be_read_comes_back_as_it_was_typed() {
    let kit = shop(Vec::new()).await;
    let ada = kit.signed_in(ADA_NAME).await;
    given(&ada).await;
    let page = ada.open(&format!("{OFFER}/tests")).await;
    let script = "<script>alert(1)</script>";
    let fields = [
        ("tests.0.plan", "core"),
        ("tests.0.given", script),
        ("tests.0.when", WRITE),
        ("tests.1.plan", "core"),
        ("tests.1.given", "tier1"),
        ("tests.1.when", WRITE),
    ];
    let refused = ada.submit(&page, "#draft", &fields).await;
    assert_eq!(refused.status, 400);
    refused.well_made();
    assert_eq!(value(&refused, "#tests-0-given"), script);
    assert!(refused.texts("#told-tests-0-given .said")[0].contains("names nobody"));
    assert!(refused.texts("#told-tests-1-expect .said").is_empty(), "nothing was tried");
    assert!(offer(&kit).await.form.tests.is_empty());
}

#[tokio::test]
async fn the_description_is_shown_as_customers_see_it_and_no_script_of_it_runs() {
    let kit = shop(Vec::new()).await;
    let ada = kit.signed_in(ADA_NAME).await;
    created(&ada).await;
    let page = ada.open(&format!("{OFFER}/listing")).await;
    assert_eq!(page.texts("#shown-description"), ["There is nothing to show yet."]);
    let said = "<h1>Big</h1><p>We <b>watch</b> &lt;you&gt;.</p>";
    let checked = ada.submit(&page, "#draft", &[("description", said), ("do", "check")]).await;
    checked.well_made();
    assert_eq!(checked.texts("#shown-description h3"), ["Big"], "below the page's own headings");
    assert_eq!(checked.texts("#shown-description b"), ["watch"]);
    assert_eq!(checked.texts("#shown-description p"), ["We watch <you>."]);
    for bad in ["<p>x</p><script>alert(1)</script>", "<b onclick=alert(1)>x</b>", "<img src=x>"] {
        let fields = [("description", bad), ("do", "check")];
        let refused = ada.submit(&page, "#draft", &fields).await;
        refused.well_made();
        let shown = refused.texts("#shown-description");
        assert!(shown[0].starts_with("Nothing of it is shown"), "{bad}: {shown:?}");
        let within = refused.html();
        assert!(
            within
                .select(&select(
                    "#shown-description script, #shown-description b, #shown-description img"
                ))
                .next()
                .is_none()
        );
    }
}

#[tokio::test]
async fn a_test_lead_is_sent_from_its_page_and_what_came_of_it_stands_there() {
    let kit = shop(Vec::new()).await;
    let ada = kit.signed_in(ADA_NAME).await;
    created(&ada).await;
    let path = format!("{OFFER}/test-lead");
    let nowhere = ada.open(&path).await;
    nowhere.well_made();
    assert!(nowhere.main().contains("does not say where leads go"), "{}", nowhere.main());
    filled(&ada, "setup", &[("url", "https://fabrikam.example/leads?sig=hunter2")]).await;
    let setup = ada.open(&format!("{OFFER}/setup")).await;
    assert!(setup.links(".ways a").contains(&path));
    let page = ada.open(&path).await;
    page.well_made();
    assert!(!page.text.contains("hunter2"), "the key is shown to nobody");
    let sent = ada.submit(&page, "#act", &[]).await;
    sent.well_made();
    assert_eq!(sent.texts("#sent .state"), ["Under way"], "{}", sent.main());
    assert_eq!(sent.html().select(&select("#sent[data-refresh]")).count(), 1);
    let again = ada.submit(&page, "#act", &[]).await;
    assert_eq!(again.status, 409);
    assert!(again.main().contains("Nothing was sent"), "{}", again.main());
    work(&kit).await;
    let told = ada.open(&path).await;
    assert_eq!(told.texts("#sent .state"), ["Taken"], "{}", told.main());
    let early = ada.submit(&told, "#act", &[]).await;
    assert_eq!(early.status, 429);
    early.well_made();
    let dan = kit.signed_in("dan@fabrikam.example").await;
    let page = dan.open(&path).await;
    assert_eq!(page.texts("#sent .state"), ["Taken"]);
    assert_eq!(dan.submit(&page, "#act", &[]).await.status, 403, "a developer sends none");
    let olof = kit.signed_in("olof@contoso.example").await;
    assert_eq!(olof.open(&path).await.status, 403);
}
