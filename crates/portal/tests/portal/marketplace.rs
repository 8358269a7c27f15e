//! Finding an offer, reading what it asks for, and taking it.

use ids::{guid::SubscriptionId, offer::Slot};
use model::{
    change::Noun,
    market::{
        MarketNoun,
        form::{Link, Plan, Screenshot, Terms, Visibility},
        media::Media,
        offer::Edition,
    },
    samples::{self, CUSTOMER, OWNER, READER, SUBSCRIPTION, market, principal, whole},
};
use testkit::shop::{Shop, publisher, shop};

use crate::kit::{Answered, Kit, LOGIN, kit};

const OLOF: &str = "olof@contoso.example";
const ADA: &str = "ada@fabrikam.example";
const LISTING: &str = "/marketplace/fabrikam.ops";
/// What nobody's browser may run.
const SCRIPT: &str = "<script>alert(1)</script>";

fn published(shop: &Shop) -> Vec<Noun> {
    let logo =
        Media { tenant: samples::PROVIDER, picture: market::picture(), bytes: "AAAA".into() };
    let logo = Noun::Market(MarketNoun::Media(logo));
    publisher().into_iter().chain(shop.nouns()).chain([logo]).collect()
}

fn private() -> Shop {
    Shop { visibility: Visibility::Private, audience: vec![SUBSCRIPTION], ..shop() }
}

async fn accepted(kit: &Kit) -> usize {
    let events = testkit::events(kit.sign_in.plane()).await;
    let is_of_it = |it: &&model::event::Event| format!("{it:?}").contains("Acceptance(");
    events.iter().filter(is_of_it).count()
}

#[tokio::test]
async fn anybody_finds_an_offer_and_reads_what_it_asks_for() {
    let kit = kit(published(&shop())).await;
    let browser = kit.browser();
    let page = browser.open("/marketplace").await;
    page.well_made();
    assert_eq!(page.links(".offers h2 a"), [LISTING]);
    for (query, found) in [
        ("?q=night+crew", 1),
        ("?q=nobody", 0),
        ("?category=it-and-management-tools", 1),
        ("?category=web", 0),
        ("?publisher=fabrikam", 1),
        ("?publisher=contoso", 0),
    ] {
        let page = browser.open(&format!("/marketplace{query}")).await;
        assert_eq!(page.links(".offers h2 a").len(), found, "{query}");
        page.well_made();
    }
    for (query, facets) in [
        ("", vec!["All categories 1", "IT and management tools 1"]),
        ("?publisher=contoso", vec!["All categories 0"]),
        ("?category=web", vec!["All categories 1", "IT and management tools 1", "Web 0"]),
    ] {
        let page = browser.open(&format!("/marketplace{query}")).await;
        let found = page.texts(".facets:first-of-type li");
        assert_eq!(found[..facets.len()], facets, "{query}");
    }
    let listing = browser.open(LISTING).await;
    listing.well_made();
    let text = listing.main();
    for said in
        ["Fabrikam Ops", "let you sleep", "Contributor", "See everything", "Tier 1", "Always"]
    {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(text.contains("reveals secrets"), "a Contributor lists keys");
    assert!(text.to_lowercase().contains("microsoft.storage/storageaccounts/listkeys/action"));
    let picture = browser.open(&format!("{LISTING}/media/{}", market::picture().digest)).await;
    assert_eq!((picture.status, picture.header("content-type")), (200, "image/png"));
    assert_eq!(browser.open("/marketplace/fabrikam.other").await.status, 404);
}

#[tokio::test]
async fn a_private_plan_shows_to_whoever_reads_a_subscription_that_it_is_for() {
    let kit = kit(published(&private())).await;
    let place = format!("for={SUBSCRIPTION}");
    let olof = kit.signed_in(OLOF).await;
    assert_eq!(olof.open("/marketplace").await.links(".offers h2 a"), [""; 0]);
    let page = olof.open("/marketplace?private=yes").await;
    page.well_made();
    assert_eq!(page.links(".offers h2 a"), [format!("{LISTING}?{place}")]);
    let listing = olof.open(&format!("{LISTING}?{place}")).await;
    assert_eq!((listing.status, listing.heading().as_str()), (200, "Fabrikam Ops"));
    assert_eq!(olof.open(LISTING).await.status, 404);
    let ada = kit.signed_in(ADA).await;
    for path in [format!("/marketplace?{place}"), format!("{LISTING}?{place}")] {
        let refused = ada.open(&path).await;
        assert!([403, 404].contains(&refused.status), "{path}: {}", refused.status);
    }
    let stranger = kit.browser();
    let asked = stranger.open("/marketplace?private=yes").await;
    assert!(asked.url.starts_with(LOGIN), "{}", asked.url);
    assert_eq!(stranger.open(LISTING).await.status, 404);
}

#[tokio::test]
async fn an_owner_takes_a_plan_and_goes_on_to_delegate() {
    let kit = kit(published(&shop())).await;
    let olof = kit.signed_in(OLOF).await;
    let listing = olof.open(LISTING).await;
    let create = listing.links("article .primary").remove(0);
    let choose = olof.open(&create).await;
    choose.well_made();
    let terms = olof.submit(&choose, "#choose", &[]).await;
    terms.well_made();
    assert!(terms.links("a").contains(&"https://fabrikam.example/terms".to_owned()));
    let unread = olof.submit(&terms, "#take", &[]).await;
    assert_eq!((unread.status, unread.texts("[role=alert]").len()), (400, 1));
    unread.well_made();
    assert_eq!(accepted(&kit).await, 0);
    let other = [("agree", "yes"), ("signature", "00")];
    let other = olof.submit(&unread, "#take", &other).await;
    assert_eq!((other.status, accepted(&kit).await), (400, 0), "other terms than those read");
    let done =
        olof.submit(&other, "#take", &[("agree", "yes"), ("signature", &signature(&terms))]).await;
    assert!(done.url.ends_with("/service-providers"), "{}", done.url);
    assert_eq!(accepted(&kit).await, 2, "the terms as they were read, and then the plan");
    let next = olof.open("/").await;
    assert!(next.texts(".menu .plain").join(" ").contains("Nothing is delegated by that yet"));
}

fn signature(page: &Answered) -> String {
    let html = page.html();
    let wanted = scraper::Selector::parse("input[name=signature]").unwrap();
    html.select(&wanted).next().unwrap().value().attr("value").unwrap().to_owned()
}

#[tokio::test]
async fn a_reader_may_look_and_not_take_and_is_told_who_can() {
    let reader = samples::role_assignment(whole(), principal(CUSTOMER, 0x60), READER);
    let nouns = published(&shop()).into_iter().chain([Noun::RoleAssignment(reader)]);
    let kit = kit(nouns.collect()).await;
    let guest = kit.signed_in(ADA).await;
    let page = guest.open("/").await;
    guest.submit(&page, "form[action='/directory']", &[("tenant", &CUSTOMER.to_string())]).await;
    let create = format!("{LISTING}/create/core?for={SUBSCRIPTION}");
    let terms = guest.open(&create).await;
    assert_eq!(terms.status, 200, "{}", terms.text);
    let refused = guest.submit(&terms, "#take", &[("agree", "yes")]).await;
    assert_eq!(refused.status, 403, "{}", refused.main());
    refused.well_made();
    let who = format!("/access/delegators?scope=%2Fsubscriptions%2F{SUBSCRIPTION}");
    assert_eq!(refused.links("[role=alert] a"), [who]);
    assert_eq!(accepted(&kit).await, 0);
}

#[tokio::test]
async fn a_guest_who_owns_takes_nothing_and_a_foreign_subscription_looks_like_none() {
    let owner = samples::role_assignment(whole(), principal(CUSTOMER, 0x60), OWNER);
    let nouns = published(&shop()).into_iter().chain([Noun::RoleAssignment(owner)]);
    let kit = kit(nouns.collect()).await;
    let ada = kit.signed_in(ADA).await;
    let unknown = SubscriptionId::new(uuid::Uuid::from_u128(0x999));
    for place in [SUBSCRIPTION, unknown] {
        let page = ada.open(&format!("{LISTING}/create/core?for={place}")).await;
        assert!(page.status >= 400, "{place}");
        page.well_made();
        assert!(page.texts("#take").is_empty());
    }
    let page = ada.open("/").await;
    ada.submit(&page, "form[action='/directory']", &[("tenant", &CUSTOMER.to_string())]).await;
    let terms = ada.open(&format!("{LISTING}/create/core?for={SUBSCRIPTION}")).await;
    let refused = ada.submit(&terms, "#take", &[("agree", "yes")]).await;
    assert_eq!((refused.status, accepted(&kit).await), (403, 0));
}

#[tokio::test]
async fn nothing_that_a_publisher_wrote_runs_in_a_customers_browser() {
    let mut nouns = published(&shop());
    for noun in &mut nouns {
        if let Noun::Market(MarketNoun::Edition(edition)) = noun {
            armed(edition);
        }
    }
    let kit = kit(nouns).await;
    let olof = kit.signed_in(OLOF).await;
    let create = format!("{LISTING}/create/core?for={SUBSCRIPTION}");
    for path in ["/marketplace", LISTING, &create] {
        let page = olof.open(path).await;
        assert_eq!(page.status, 200, "{path}: {}", page.main());
        page.well_made();
        assert!(!page.text.contains("<script>alert"), "{path}");
        assert!(!page.text.contains("href=\"javascript:"), "{path}");
    }
}

fn armed(edition: &mut Edition) {
    let text = || SCRIPT.to_owned();
    let form = &mut edition.form;
    let listing = &mut form.listing;
    (listing.title, listing.summary, listing.short_description) = (text(), text(), text());
    listing.description = format!("<h1>Big</h1><p>{SCRIPT}</p>");
    "javascript:alert(1)".clone_into(&mut listing.privacy_policy);
    listing.support_global = Some("javascript:alert(1)".to_owned());
    listing.links = vec![Link { name: text(), url: "javascript:alert(1)".to_owned() }];
    listing.screenshots = vec![Screenshot { picture: market::picture(), caption: text() }];
    form.terms = Terms::Text(text());
    for plan in &mut form.plans {
        let Plan { title, summary, description, manifests, .. } = plan;
        (*title, *summary, *description) = (text(), text(), text());
        for it in manifests.iter_mut().flat_map(|it| &mut it.manifest.authorizations) {
            it.display_name = Some(text());
        }
    }
}

#[tokio::test]
async fn a_preview_shows_to_its_publisher_and_its_audience_and_is_taken_there() {
    let preview = Shop { slot: Slot::Preview, audience: vec![SUBSCRIPTION], ..shop() };
    let kit = kit(published(&preview)).await;
    let path = format!("{LISTING}-preview");
    let (olof, ada) = (kit.signed_in(OLOF).await, kit.signed_in(ADA).await);
    for browser in [&olof, &ada] {
        let page = browser.open(&path).await;
        assert_eq!((page.status, page.heading().as_str()), (200, "Preview of Fabrikam Ops"));
        page.well_made();
        assert!(page.main().contains("Contributor"), "{}", page.main());
    }
    assert_eq!(olof.open(LISTING).await.status, 404, "it is not live");
    assert!(kit.browser().open(&path).await.url.starts_with(LOGIN));
    let page = olof.open(&path).await;
    let choose = olof.open(&page.links("article .primary").remove(0)).await;
    let terms = olof.submit(&choose, "#choose", &[]).await;
    let done = olof.submit(&terms, "#take", &[("agree", "yes")]).await;
    assert!(done.url.ends_with("/service-providers"), "{} {}", done.url, done.main());
    assert_eq!(accepted(&kit).await, 2);
}

#[tokio::test]
async fn facets_are_folded_below_what_is_chosen_of_them() {
    let kit = kit(published(&shop())).await;
    let page = kit.browser().open("/marketplace?category=it-and-management-tools").await;
    page.well_made();
    assert_eq!(page.texts("details.narrowing > summary"), ["Narrow down: IT and management tools"]);
    let inner = page.links("details.narrowing .facets .inner a");
    assert!(!inner.is_empty(), "what the category is divided into: {:?}", page.texts(".facets"));
    let all = kit.browser().open("/marketplace").await;
    assert_eq!(all.texts("details.narrowing > summary"), ["Narrow down"]);
}

#[tokio::test]
async fn whoever_has_many_subscriptions_finds_one_by_its_name_or_types_its_id() {
    let mut nouns = published(&shop());
    for nth in 0..205_u128 {
        let id = SubscriptionId::new(uuid::Uuid::from_u128(0x7000 + nth));
        let named = model::tree::Subscription {
            display_name: format!("Estate {nth:03}"),
            ..samples::subscription(id, CUSTOMER)
        };
        let scope = ids::scope::Scope::Subscription(id);
        nouns.push(Noun::Subscription(named));
        nouns.push(Noun::RoleAssignment(samples::role_assignment(scope, samples::OLOF, OWNER)));
    }
    let kit = kit(nouns).await;
    let olof = kit.signed_in(OLOF).await;
    let page = olof.open(&format!("{LISTING}/create/core")).await;
    page.well_made();
    assert!(page.main().contains("You have more subscriptions than this list shows"));
    let found = olof.submit(&page, "#find-by-name", &[("find", "estate 204")]).await;
    found.well_made();
    let shown = found.texts("#place option");
    assert!(shown.len() == 1 && shown[0].starts_with("Estate 204"), "{shown:?}");
    let terms = olof.submit(&found, "#choose", &[]).await;
    assert_eq!(terms.texts("#take").len(), 1, "{}", terms.main());
    let by_id = SubscriptionId::new(uuid::Uuid::from_u128(0x7000 + 203)).to_string();
    let terms = olof.submit(&page, "#choose-by-id", &[("for", &by_id)]).await;
    terms.well_made();
    assert_eq!(terms.texts("#take").len(), 1, "{}", terms.main());
    let bad = olof.submit(&page, "#choose-by-id", &[("for", "nowhere")]).await;
    bad.well_made();
    assert_eq!((bad.status, bad.texts("[role=alert]").len()), (400, 1));
    assert!(bad.text.contains("value=\"nowhere\""), "what was typed stays");
    let storefront = olof.open("/marketplace?find=estate+204").await;
    storefront.well_made();
    assert_eq!(storefront.texts("#look-for option").len(), 2, "everybody's, and the one found");
}

#[tokio::test]
async fn no_command_says_for_somebody_that_they_agree() {
    let kit = kit(published(&shop())).await;
    let olof = kit.signed_in(OLOF).await;
    let create = format!("{LISTING}/create/core?for={SUBSCRIPTION}");
    let page = olof.open(&create).await;
    let commands = page.texts(".commands code");
    assert!(commands.iter().any(|it| it.contains("\"acceptTerms\":AGREED")), "{commands:?}");
    assert!(
        !page.text.contains("acceptTerms&quot;:true")
            && !page.text.contains("\"acceptTerms\":true")
    );
    olof.submit(&page, "#take", &[("agree", "yes")]).await;
    let page = olof.open(&create).await;
    assert!(!page.text.contains("acceptTerms"), "they agreed, and need not once more");
    assert_eq!(page.texts(".commands code").len(), 1);
}
