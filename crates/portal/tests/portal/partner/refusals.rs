//! What the pages refuse, as the API does: strangers, guests, readers, forged forms; and others' text
//! that would be markup.

use axum::http::Method;
use model::samples::CUSTOMER;

use super::kit::{ADA_NAME, OFFER, created, live, offer, shop, value, written};
use crate::kit::{Browser, PORTAL};

/// Each page of an offer that is live, and what is done to it.
const PAGES: [&str; 22] = [
    "",
    "/setup",
    "/properties",
    "/listing",
    "/media",
    "/preview",
    "/preview/list",
    "/plans",
    "/publish",
    "/compare",
    "/history",
    "/stop",
    "/resume",
    "/cancel",
    "/delete",
    "/plans/core",
    "/plans/core/listing",
    "/plans/core/availability",
    "/plans/core/availability/list",
    "/plans/core/technical",
    "/plans/core/stop",
    "/plans/core/sync",
];

const EVIL: &str = "\"><script>alert(1)</script><img src=x onerror=alert(1)>";

async fn csrf(browser: &Browser<'_>) -> String {
    value(&browser.open("/").await, "input[name=csrf]")
}

#[tokio::test]
async fn nobody_but_the_accounts_members_sees_or_changes_anything_of_its_offers() {
    let kit = shop(Vec::new()).await;
    let ada = kit.signed_in(ADA_NAME).await;
    Box::pin(live(&kit, &ada)).await;
    let before = offer(&kit).await;
    for name in ["ned@fabrikam.example", "olof@contoso.example"] {
        let browser = kit.signed_in(name).await;
        let csrf = csrf(&browser).await;
        for page in PAGES {
            let path = format!("{OFFER}{page}");
            let shown = browser.open(&path).await;
            assert_eq!(shown.status, 403, "{name} {path}: {}", shown.main());
            shown.well_made();
            let body = format!(
                "csrf={csrf}&revision={}&do=save&title=x&visibility=public&version=9.0.0&id=evil&notes=x",
                before.revision
            );
            let sent = browser.post(&path, &body).await;
            assert!([403, 405].contains(&sent.status), "{name} {path}: {}", sent.status);
        }
        assert_eq!(browser.open("/partner-center/new-offer").await.status, 403, "{name}");
        for path in ["/partner-center/offers", "/partner-center/leads", "/partner-center"] {
            let shut = browser.open(path).await;
            shut.well_made();
            assert!(!shut.text.contains("night-watch"), "{name} {path}: {}", shut.main());
            assert_eq!(shut.texts("main .empty").len(), 1, "{name} {path}: who lets them in");
        }
    }
    assert_eq!(offer(&kit).await, before);
}

#[tokio::test]
async fn a_guest_and_another_publisher_find_nothing_here() {
    let kit = shop(Vec::new()).await;
    let ada = kit.signed_in(ADA_NAME).await;
    written(&ada).await;
    let page = ada.open("/").await;
    let tenant = CUSTOMER.to_string();
    ada.submit(&page, "form[action='/directory']", &[("tenant", &tenant)]).await;
    assert_eq!(ada.open(OFFER).await.status, 403, "as a guest elsewhere");
    let dan = kit.signed_in("dan@fabrikam.example").await;
    let unknown = dan.open("/partner-center/offers/rival/secret").await;
    assert_eq!(unknown.status, 404);
    assert_eq!(dan.open(OFFER).await.status, 200, "a developer works on offers");
    let leads = dan.open("/partner-center/leads").await;
    assert!(leads.main().contains("and nobody else"), "and reads no leads: {}", leads.main());
    for id in ["..", "a%2Fb", "%00"] {
        let found = dan.open(&format!("/partner-center/offers/fabrikam/{id}")).await;
        assert_eq!(found.status, 404, "{id}");
    }
}

#[tokio::test]
async fn markup_in_any_field_comes_out_as_text() {
    let kit = shop(Vec::new()).await;
    let ada = kit.signed_in(ADA_NAME).await;
    created(&ada).await;
    super::kit::planned(&ada).await;
    let pages: [(&str, &[(&str, &str)]); 5] = [
        ("setup", &[("alias", EVIL), ("emails", EVIL), ("url", "https://a.example")]),
        ("properties", &[("kind", "text"), ("text", EVIL), ("categories", EVIL)]),
        (
            "listing",
            &[
                ("title", EVIL),
                ("description", EVIL),
                ("links.0.name", EVIL),
                ("links.0.url", "javascript:alert(1)"),
                ("videos.0.name", EVIL),
            ],
        ),
        ("plans/core/listing", &[("title", EVIL), ("description", EVIL)]),
        ("preview", &[("audience.0.id", super::kit::TRIAL), ("audience.0.description", EVIL)]),
    ];
    for (page, fields) in pages {
        let opened = ada.open(&format!("{OFFER}/{page}")).await;
        ada.submit(&opened, "#draft", fields).await.well_made();
    }
    let kept = offer(&kit).await.form;
    assert_eq!((kept.listing.title.as_str(), kept.alias.as_str()), (EVIL, EVIL));
    for page in PAGES {
        ada.open(&format!("{OFFER}{page}")).await.well_made();
    }
    ada.open("/partner-center/offers").await.well_made();
}

#[tokio::test]
async fn a_draft_that_is_not_sound_is_not_submitted_and_what_runs_is_called_back() {
    let kit = shop(Vec::new()).await;
    let ada = kit.signed_in(ADA_NAME).await;
    created(&ada).await;
    let page = ada.open(&format!("{OFFER}/publish")).await;
    page.well_made();
    let refused = ada.submit(&page, "#publish", &[("notes", "Try plan core")]).await;
    assert_eq!(refused.status, 422);
    refused.well_made();
    assert!(refused.main().contains("mend what stands below"), "{}", refused.main());
    assert!(refused.main().contains("The notes were saved."), "{}", refused.main());
    assert_eq!(offer(&kit).await.form.notes, "Try plan core");
    let again = ada.submit(&page, "#publish", &[("notes", "Mine")]).await;
    assert_eq!(again.status, 412, "another draft than was looked at");
    assert!(!again.main().contains("The notes were saved."), "{}", again.main());
    assert_eq!(offer(&kit).await.form.notes, "Try plan core");
    let delete = ada.open(&format!("{OFFER}/delete")).await;
    ada.submit(&delete, "#act", &[]).await;
    written(&ada).await;
    let page = ada.open(&format!("{OFFER}/publish")).await;
    ada.submit(&page, "#publish", &[]).await;
    let cancel = ada.open(&format!("{OFFER}/cancel")).await;
    cancel.well_made();
    let done = ada.submit(&cancel, "#act", &[]).await;
    assert_eq!(done.texts(".heading .state"), ["Draft"], "{}", done.main());
    let again = ada.submit(&cancel, "#act", &[]).await;
    assert_eq!(again.status, 409);
    assert!(again.main().contains("no submission is running"), "{}", again.main());
}

#[tokio::test]
async fn the_key_of_where_leads_go_is_on_no_page_and_stays() {
    let kit = shop(Vec::new()).await;
    let ada = kit.signed_in(ADA_NAME).await;
    written(&ada).await;
    for page in PAGES {
        let shown = ada.open(&format!("{OFFER}{page}")).await;
        assert!(!shown.text.contains("hunter2"), "{page}");
    }
    let page = ada.open(&format!("{OFFER}/setup")).await;
    for fields in [[("alias", "other"), ("do", "check")], [("alias", "other"), ("do", "save")]] {
        let shown = ada.submit(&page, "#draft", &fields).await;
        assert!(shown.status == 200 && !shown.text.contains("hunter2"));
    }
    let events = testkit::events(kit.sign_in.plane()).await;
    assert!(!format!("{events:?}").contains("hunter2"), "nor in the journal");
}

#[tokio::test]
async fn a_form_without_its_token_changes_no_offer() {
    let kit = shop(Vec::new()).await;
    let ada = kit.signed_in(ADA_NAME).await;
    written(&ada).await;
    let before = offer(&kit).await;
    for page in ["/setup", "/publish", "/delete", "/plans", "/media"] {
        let url = format!("{PORTAL}{OFFER}{page}");
        let body = format!("revision={}&alias=x&id=evil&do=save", before.revision);
        let sent = ada.once(&Method::POST, &url, &body, &[]).await;
        assert_eq!(sent.status, 403, "{page}");
    }
    assert_eq!(offer(&kit).await, before);
}
