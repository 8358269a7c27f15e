//! *Partner Center*: an offer is written, published, and stopped through its pages' forms alone.

mod accounts;
pub(crate) mod kit;
mod refusals;
mod trials;

use ids::offer::Slot;
use model::samples::{ADA, TIER1};

use self::kit::{
    ADA_NAME, OFFER, TRIAL, audience, created, live, logo, offer, planned, press, select, shop,
    upload, value, work, written,
};
use crate::kit::Answered;

#[tokio::test]
async fn an_offer_is_written_published_and_stopped_by_forms_alone() {
    let kit = shop(Vec::new()).await;
    let ada = kit.signed_in(ADA_NAME).await;
    let empty = ada.open("/partner-center/offers").await;
    empty.well_made();
    assert!(empty.main().contains("No offer here yet."), "{}", empty.text);
    written(&ada).await;
    let review = ada.open(&format!("{OFFER}/publish")).await;
    review.well_made();
    assert!(!review.main().contains("keeps it from being published"), "{}", review.main());
    let sent = ada.submit(&review, "#publish", &[("notes", "Try plan core")]).await;
    assert_eq!((sent.status, sent.texts("main .note.good").len()), (200, 1), "{}", sent.main());
    assert_eq!(sent.texts(".heading .state"), ["In certification"]);
    assert_eq!(sent.html().select(&select("#runs[data-refresh]")).count(), 1);
    work(&kit).await;
    let preview = ada.open(OFFER).await;
    preview.well_made();
    assert_eq!(preview.texts(".heading .state"), ["Preview"], "{}", preview.main());
    assert_eq!(preview.html().select(&select("#runs[data-refresh]")).count(), 0);
    let question = ada.open(&format!("{OFFER}/go-live")).await;
    question.well_made();
    let going = ada.submit(&question, "#act", &[]).await;
    assert_eq!(going.texts(".heading .state"), ["Going live"], "{}", going.main());
    work(&kit).await;
    let shown = ada.open(OFFER).await;
    assert_eq!(shown.texts(".heading .state"), ["Live"], "{}", shown.main());
    assert!(offer(&kit).await.form.notes == "Try plan core");
    frozen(&ada.open(&format!("{OFFER}/plans/core")).await);
    let refused = ada.open(&format!("{OFFER}/plans/core/technical/1.0.0")).await;
    assert_eq!(refused.status, 404, "what was previewed has no form any more");
    let stop = ada.open(&format!("{OFFER}/stop")).await;
    stop.well_made();
    assert!(stop.main().contains("keep what they delegated"), "{}", stop.main());
    ada.submit(&stop, "#act", &[]).await;
    work(&kit).await;
    let stopped = ada.open(OFFER).await;
    assert_eq!(stopped.texts(".heading .state"), ["Not available in the marketplace"]);
}

fn frozen(plan: &Answered) {
    plan.well_made();
    assert!(plan.main().contains("Published: it never changes"), "{}", plan.main());
    assert_eq!(value(plan, "#version"), "1.1.0");
}

#[tokio::test]
async fn what_the_rules_say_stands_beside_the_field_and_nothing_typed_is_lost() {
    let kit = shop(Vec::new()).await;
    let ada = kit.signed_in(ADA_NAME).await;
    created(&ada).await;
    let page = ada.open(&format!("{OFFER}/listing")).await;
    page.well_made();
    let wrong = [("title", "Night watch"), ("privacy", "http://x.example"), ("do", "check")];
    let checked = ada.submit(&page, "#draft", &wrong).await;
    assert_eq!(checked.status, 200);
    let beside = checked.texts("#told-privacy .said");
    assert!(beside[0].starts_with("Error LST-010"), "{beside:?}");
    assert!(checked.texts("#told-title .said").is_empty(), "{:?}", checked.texts("#told-title"));
    assert_eq!(offer(&kit).await.form.listing.title, "", "what is checked is not saved");
    let saved = ada.submit(&checked, "#draft", &[("do", "save")]).await;
    assert_eq!(saved.texts("main .note.good"), ["Offer listing was saved."]);
    assert_eq!(offer(&kit).await.form.listing.title, "Night watch");
    let stale = ada.submit(&page, "#draft", &[("title", "Mine")]).await;
    assert_eq!(stale.status, 412);
    stale.well_made();
    assert!(stale.main().contains("Somebody saved the draft"), "{}", stale.main());
    let again = ada.submit(&stale, "#draft", &[]).await;
    assert_eq!((again.status, offer(&kit).await.form.listing.title.as_str()), (200, "Mine"));
}

#[tokio::test]
async fn a_page_that_comes_back_stays_of_the_draft_that_it_was_opened_with() {
    let kit = shop(Vec::new()).await;
    let ada = kit.signed_in(ADA_NAME).await;
    created(&ada).await;
    let (listing, preview) = (format!("{OFFER}/listing"), format!("{OFFER}/preview"));
    let (page, rows) = (ada.open(&listing).await, ada.open(&preview).await);
    let (plans, list) =
        (ada.open(&format!("{OFFER}/plans")).await, ada.open(&format!("{preview}/list")).await);
    let media = ada.open(&format!("{OFFER}/media")).await;
    let dan = kit.signed_in("dan@fabrikam.example").await;
    let theirs = dan.open(&listing).await;
    dan.submit(&theirs, "#draft", &[("title", "Theirs")]).await;
    let checked = ada.submit(&page, "#draft", &[("title", "Mine"), ("do", "check")]).await;
    let garbled = ada.submit(&rows, "#draft", &[("audience.0.id", "nobody")]).await;
    for (shown, field) in [(&checked, ("do", "save")), (&garbled, ("audience.0.id", TRIAL))] {
        let stale = ada.submit(shown, "#draft", &[field]).await;
        assert_eq!(stale.status, 412, "{}", stale.main());
        assert!(stale.main().contains("Somebody saved the draft"), "{}", stale.main());
    }
    let sent = value(&page, "#draft input[name=revision]");
    let named = ada.submit(&plans, "#new-plan", &[("id", "?")]).await;
    let bad = press(&ada, &list, "#import", "without a file").await;
    let picture = upload(&ada, &media, "#form-large", ("file", "x.png", b"none")).await;
    for again in [named, bad, picture] {
        assert_eq!((again.status, value(&again, "main input[name=revision]")), (400, sent.clone()));
    }
    assert_eq!(offer(&kit).await.form.listing.title, "Theirs");
}

#[tokio::test]
async fn rows_that_cannot_be_read_come_back_as_they_were_typed() {
    let kit = shop(Vec::new()).await;
    let ada = kit.signed_in(ADA_NAME).await;
    created(&ada).await;
    let page = ada.open(&format!("{OFFER}/preview")).await;
    let fields = [("audience.0.id", "nobody"), ("audience.1.id", TRIAL)];
    let refused = ada.submit(&page, "#draft", &fields).await;
    assert_eq!(refused.status, 400);
    refused.well_made();
    assert_eq!(value(&refused, "#audience-0-id"), "nobody");
    assert_eq!(value(&refused, "#audience-1-id"), TRIAL);
    assert!(refused.texts("#told-audience-0-id .said")[0].contains("PRV-001"));
    assert!(offer(&kit).await.form.preview_audience.is_empty());
    let mended = ada.submit(&refused, "#draft", &[("audience.0.id", "")]).await;
    assert_eq!((mended.status, offer(&kit).await.form.preview_audience.len()), (200, 1));
}

#[tokio::test]
async fn a_manifest_takes_roles_by_name_and_says_of_each_row_what_is_wrong() {
    let kit = shop(Vec::new()).await;
    let ada = kit.signed_in(ADA_NAME).await;
    created(&ada).await;
    planned(&ada).await;
    let page = ada.open(&format!("{OFFER}/plans/core/technical/1.0.0")).await;
    page.well_made();
    let (tier1, person) = (TIER1.object.to_string(), ADA.object.to_string());
    let groups = page.texts(&format!("#groups option[value='{tier1}']"));
    assert_eq!(groups, ["tier1"], "what the directory has is suggested");
    let fields = [
        ("version", "1.2.0"),
        ("given.0.name", "tier1"),
        ("given.0.principal", tier1.as_str()),
        ("given.0.role", "reader"),
        ("given.1.name", "ada"),
        ("given.1.principal", &person),
        ("given.1.role", "Contributor"),
        ("given.1.access", "eligible"),
        ("given.1.minutes", "9"),
        ("given.1.approvers", &format!("{tier1} The shift leads")),
    ];
    let saved = ada.submit(&page, "#draft", &fields).await;
    assert_eq!(saved.status, 200, "{}", saved.main());
    assert!(saved.url.ends_with("/technical/1.2.0"), "{}", saved.url);
    let manifest = offer(&kit).await.form.plans[0].manifests[0].manifest.clone();
    assert_eq!((manifest.authorizations.len(), manifest.eligible.len()), (1, 1));
    let policy = manifest.eligible[0].policy.clone().unwrap();
    assert_eq!(policy.approvers[0].display_name.as_deref(), Some("The shift leads"));
    let said = saved.texts("#told-given-1-minutes .said");
    assert!(said[0].starts_with("Error MAN-007"), "{said:?}");
    let said = saved.texts("#told-given-1-principal .said");
    assert!(said.iter().any(|it| it.starts_with("Warning MAN-102")), "{said:?}");
    let refused = ada.submit(&saved, "#draft", &[("given.0.role", "King")]).await;
    assert_eq!(refused.status, 400);
    assert_eq!(value(&refused, "#given-0-role"), "King");
    assert!(refused.texts("#told-given-0-role .said")[0].contains("`King` is no built-in role"));
}

#[tokio::test]
async fn pictures_are_uploaded_shown_described_and_removed_and_others_are_refused() {
    let kit = shop(Vec::new()).await;
    let ada = kit.signed_in(ADA_NAME).await;
    created(&ada).await;
    let path = format!("{OFFER}/media");
    let page = ada.open(&path).await;
    page.well_made();
    let done = upload(&ada, &page, "#form-large", ("file", "logo.png", &logo())).await;
    assert_eq!(done.texts("main .note.good"), ["The picture was saved."], "{}", done.main());
    let html = done.html();
    let shown = html.select(&select("img.preview")).next().unwrap();
    let source = shown.value().attr("src").unwrap().to_owned();
    let picture = ada.open(&source).await;
    assert_eq!((picture.status, picture.header("content-type")), (200, "image/png"));
    let bad = upload(&ada, &done, "#form-large", ("file", "x.png", b"<svg onload=alert(1)>")).await;
    assert_eq!(bad.status, 400);
    assert!(bad.main().contains("only PNG is shown"), "{}", bad.main());
    assert!(offer(&kit).await.form.listing.logo.is_some(), "what was there stays");
    let gone = ada.open(&path).await;
    let gone = press(&ada, &gone, "#form-large", "remove").await;
    assert_eq!(gone.texts("main .note.good"), ["The picture was removed."], "{}", gone.main());
    assert_eq!(offer(&kit).await.form.listing.logo, None);
    let olof = kit.signed_in("olof@contoso.example").await;
    assert_eq!(olof.open(&source).await.status, 403, "a stranger");
}

#[tokio::test]
async fn a_list_replaces_an_audience_as_a_whole_and_names_each_bad_line() {
    let kit = shop(Vec::new()).await;
    let ada = kit.signed_in(ADA_NAME).await;
    created(&ada).await;
    let path = format!("{OFFER}/preview/list");
    let page = ada.open(&path).await;
    page.well_made();
    let bad = format!("Id,Description,Type\n{TRIAL},ours,SubscriptionId\nnobody,x,Person\n");
    let refused = upload(&ada, &page, "#import", ("list", "a.csv", bad.as_bytes())).await;
    assert_eq!(refused.status, 400);
    let faults = refused.texts(".note.bad li");
    assert!(faults.iter().any(|it| it.starts_with("line 3, column Id")), "{faults:?}");
    assert!(offer(&kit).await.form.preview_audience.is_empty());
    let good = format!("Id,Description,Type\n{TRIAL},ours,SubscriptionId\n");
    let taken = upload(&ada, &page, "#import", ("list", "a.csv", good.as_bytes())).await;
    assert_eq!(taken.texts("main .note.good"), ["The list was imported."], "{}", taken.main());
    let list = ada.open(&format!("{path}.csv")).await;
    assert!(list.header("content-disposition").contains("attachment"));
    assert_eq!(list.text.replace("\r\n", "\n"), good);
}

#[tokio::test]
async fn an_audience_that_is_live_follows_the_draft_when_it_is_synchronized() {
    let kit = shop(Vec::new()).await;
    let ada = kit.signed_in(ADA_NAME).await;
    Box::pin(live(&kit, &ada)).await;
    let page = ada.open(&format!("{OFFER}/plans/core/availability")).await;
    let more = [("audience.1.id", TRIAL), ("audience.1.description", "new")];
    ada.submit(&page, "#draft", &more).await;
    assert_eq!(audience(&kit, Slot::Live).await, 1);
    let question = ada.open(&format!("{OFFER}/plans/core/sync")).await;
    question.well_made();
    assert!(question.main().contains("1 subscription added"), "{}", question.main());
    let done = ada.submit(&question, "#act", &[]).await;
    assert_eq!(done.texts("main .note.good"), ["The audience of core is live."]);
    assert_eq!(audience(&kit, Slot::Live).await, 2);
}

#[tokio::test]
async fn the_draft_is_compared_with_what_is_live_and_the_overview_says_what_waits() {
    let kit = shop(Vec::new()).await;
    let ada = kit.signed_in(ADA_NAME).await;
    Box::pin(live(&kit, &ada)).await;
    let same = ada.open(&format!("{OFFER}/compare")).await;
    same.well_made();
    assert!(same.main().contains("Live and draft are the same"), "{}", same.main());
    let page = ada.open(&format!("{OFFER}/listing")).await;
    ada.submit(&page, "#draft", &[("title", "Day watch")]).await;
    let rows = ada.open(&format!("{OFFER}/compare")).await.texts("tbody tr");
    assert_eq!(rows, ["listing.title Edited Night watch Day watch"]);
    let list = ada.open("/partner-center/offers").await;
    list.well_made();
    assert_eq!(list.texts("tbody .state"), ["Live", "1 unpublished change"]);
    let history = ada.open(&format!("{OFFER}/history")).await;
    history.well_made();
    assert!(history.main().contains("Sign-off to go live"), "{}", history.main());
    let leads = ada.open("/partner-center/leads").await;
    leads.well_made();
    assert_eq!(leads.status, 200);
}
