//! Fabrikam, enrolled, with its people; and the steps that several stories take.

use std::sync::Arc;

use axum::{body::Body, http::Request};
use ids::{guid::Principal, offer::Slot, scope::Scope};
use model::{
    action::{Action, Verb},
    change::Noun,
    directory::OPERATORS,
    market::{
        MarketNoun,
        account::{Account, AccountMember, AccountRole, Agreement, AgreementKind, Publisher},
        in_account,
        lead::Lead,
        offer::Offer,
    },
    samples::{self, ADA, PROVIDER, SUBSCRIPTION, TIER1, market},
};
use operations::{
    context::Context,
    market::{
        leads::{LeadSender, Sending},
        offers::read,
        run::{Certification, Means, drain},
    },
};
use scraper::Selector;

use crate::kit::{Answered, Browser, Kit, PORTAL, kit, person};

pub(crate) const ADA_NAME: &str = "ada@fabrikam.example";
/// Fabrikam's developer, who sees no leads, and one who has nothing to do with offers.
pub(crate) const DAN: Principal = samples::principal(PROVIDER, 0xDA);
pub(crate) const NED: Principal = samples::principal(PROVIDER, 0x9E);
/// The offer that the stories write.
pub(crate) const OFFER: &str = "/partner-center/offers/fabrikam/night-watch";
/// A subscription of Fabrikam's to try things in.
pub(crate) const TRIAL: &str = "22222222-2222-4222-8222-222222222222";

/// Fabrikam's account, verified, with its publisher and its people.
pub(crate) async fn shop(more: Vec<Noun>) -> Kit {
    let agreed = |kind| Agreement { kind, by: ADA, at: samples::now() };
    let agreements = vec![agreed(AgreementKind::Publisher), agreed(AgreementKind::PartnerNetwork)];
    let publisher = Publisher {
        id: market::publisher(),
        tenant: PROVIDER,
        display_name: "Fabrikam".to_owned(),
        created: samples::now(),
    };
    let member = |principal, role| MarketNoun::AccountMember(AccountMember { principal, role });
    let account = [
        MarketNoun::Account(Account { agreements, ..market::account() }),
        MarketNoun::Verification(market::verification()),
        MarketNoun::Publisher(publisher),
        member(ADA, AccountRole::Owner),
        member(DAN, AccountRole::Developer),
    ];
    let people = person(DAN, "dan", "fabrikam").into_iter().chain(person(NED, "ned", "fabrikam"));
    kit(people.chain(account.map(Noun::Market)).chain(more).collect()).await
}

struct Inbox;

impl LeadSender for Inbox {
    fn send<'a>(&'a self, _url: &'a str, _lead: &'a Lead) -> Sending<'a> {
        Box::pin(async { Ok(202) })
    }
}

/// Does what waits to be done; the rules alone certify.
pub(crate) async fn work(kit: &Kit) {
    work_by(kit, Certification::Automatic).await;
}

/// The same, where somebody else certifies.
pub(crate) async fn work_by(kit: &Kit, certification: Certification) {
    let operations = Arc::new(arm::known_operations::actions());
    let sender: Arc<dyn LeadSender> = Arc::new(Inbox);
    let means = Means { sender, certification, operations };
    drain(kit.sign_in.plane(), &means).await.unwrap();
}

fn context() -> Context {
    let scope = Scope::Tenant(PROVIDER);
    let question = in_account(PROVIDER, "offers", Verb::Read);
    Context { question, ..testkit::context(ADA, &Action::named("Fyr.Market/offers/read"), scope) }
}

/// One of those who run the installation.
const OPERATOR: Principal = samples::principal(OPERATORS, 0xA);
pub(crate) const OPERATOR_NAME: &str = "opal@fyr.example";

/// An operator who can sign in.
pub(crate) fn operators() -> Vec<Noun> {
    let tenant = Noun::Tenant(samples::tenant(OPERATORS, "fyr"));
    let leave = samples::role_assignment(Scope::Tenant(OPERATORS), OPERATOR, samples::OWNER);
    let person = person(OPERATOR, "opal", "fyr");
    [tenant, Noun::RoleAssignment(leave)].into_iter().chain(person).collect()
}

/// The offer of the stories, as it is kept.
pub(crate) async fn offer(kit: &Kit) -> Offer {
    let id = ids::offer::OfferId {
        publisher: market::publisher(),
        name: "night-watch".parse().unwrap(),
    };
    read::read(kit.sign_in.plane(), &context(), &id).await.unwrap()
}

/// How many the first plan is for.
pub(crate) async fn audience(kit: &Kit, slot: Slot) -> usize {
    let id = offer(kit).await.id;
    let edition = read::edition(kit.sign_in.plane(), &context(), &id, slot).await.unwrap();
    edition.form.plans[0].audience.len()
}

pub(crate) fn select(text: &str) -> Selector {
    Selector::parse(text).unwrap()
}

/// What stands in a field.
pub(crate) fn value(page: &Answered, field: &str) -> String {
    let html = page.html();
    let found = html.select(&select(field)).next().unwrap();
    found.value().attr("value").unwrap_or_default().to_owned()
}

/// A new offer with an empty draft.
pub(crate) async fn created(ada: &Browser<'_>) {
    let page = ada.open("/partner-center/new-offer").await;
    page.well_made();
    let made = ada.submit(&page, "main form", &[("id", "night-watch"), ("alias", "nights")]).await;
    assert_eq!(made.heading(), "Offer setup", "{}", made.main());
    made.well_made();
}

/// A plan with a manifest that gives nothing.
pub(crate) async fn planned(ada: &Browser<'_>) {
    let page = ada.open(&format!("{OFFER}/plans")).await;
    page.well_made();
    let made = ada.submit(&page, "#new-plan", &[("id", "core"), ("title", "Core")]).await;
    assert_eq!(made.heading(), "Plan listing of core", "{}", made.main());
    let page = ada.open(&format!("{OFFER}/plans/core/technical")).await;
    page.well_made();
    let made = ada.submit(&page, "#new-manifest", &[]).await;
    assert_eq!(made.heading(), "Manifest 1.0.0 of core", "{}", made.main());
}

/// Fills in a page of the form.
pub(crate) async fn filled(ada: &Browser<'_>, page: &str, fields: &[(&str, &str)]) {
    let opened = ada.open(&format!("{OFFER}/{page}")).await;
    opened.well_made();
    let saved = ada.submit(&opened, "#draft", fields).await;
    saved.well_made();
    assert_eq!(saved.texts("main .note.good").len(), 1, "{page}: {}", saved.main());
}

/// Every page of the form, complete.
pub(crate) async fn written(ada: &Browser<'_>) {
    created(ada).await;
    filled(ada, "setup", &[("url", "https://fabrikam.example/leads?sig=hunter2")]).await;
    let category = "it-and-management-tools";
    let terms = [("kind", "text"), ("text", "As agreed."), ("categories", category)];
    filled(ada, "properties", &terms).await;
    let listing = [
        ("title", "Night watch"),
        ("summary", "A night crew for your estate"),
        ("short", "Monitoring and patching by our engineers."),
        ("description", "<p>Our <b>managed services</b> let you sleep.</p>"),
        ("privacy", "https://fabrikam.example/privacy"),
        ("support-name", "Desk"),
        ("support-email", "desk@fabrikam.example"),
        ("support-phone", "+46 8 555 0100"),
        ("engineering-name", "Ada"),
        ("engineering-email", "ada@fabrikam.example"),
        ("engineering-phone", "+46 8 555 0101"),
        ("links.0.name", "Service description"),
        ("links.0.url", "https://fabrikam.example/service"),
    ];
    filled(ada, "listing", &listing).await;
    let page = ada.open(&format!("{OFFER}/media")).await;
    upload(ada, &page, "#form-large", ("file", "logo.png", &logo())).await;
    filled(ada, "preview", &[("audience.0.id", TRIAL)]).await;
    planned(ada).await;
    let plan = [("summary", "We look after it"), ("description", "Round the clock.")];
    filled(ada, "plans/core/listing", &plan).await;
    let subscription = SUBSCRIPTION.to_string();
    let private = [("visibility", "private"), ("audience.0.id", subscription.as_str())];
    filled(ada, "plans/core/availability", &private).await;
    let tier1 = TIER1.object.to_string();
    let given = [
        ("given.0.name", "tier1"),
        ("given.0.principal", tier1.as_str()),
        ("given.0.role", "Contributor"),
    ];
    filled(ada, "plans/core/technical/1.0.0", &given).await;
}

/// The offer in the storefront.
pub(crate) async fn live(kit: &Kit, ada: &Browser<'_>) {
    written(ada).await;
    let page = ada.open(&format!("{OFFER}/publish")).await;
    ada.submit(&page, "#publish", &[]).await;
    work(kit).await;
    let page = ada.open(&format!("{OFFER}/go-live")).await;
    ada.submit(&page, "#act", &[]).await;
    work(kit).await;
    assert_eq!(ada.open(OFFER).await.texts(".heading .state"), ["Live"]);
}

/// A square PNG of one dark colour that is neither black nor white.
pub(crate) fn logo() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 300, 300);
    encoder.set_color(png::ColorType::Rgb);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&[40, 80, 120].repeat(300 * 300)).unwrap();
    writer.finish().unwrap();
    bytes
}

/// Sends a form with a file, as a browser does.
pub(crate) async fn upload(
    browser: &Browser<'_>,
    page: &Answered,
    form: &str,
    (field, name, bytes): (&str, &str, &[u8]),
) -> Answered {
    let head = format!(
        "--gap\r\ncontent-disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\r\n"
    );
    let file = [head.as_bytes(), bytes, b"\r\n"].concat();
    sent(browser, page, form, file).await
}

/// Presses one of the buttons of a form that takes files.
pub(crate) async fn press(
    browser: &Browser<'_>,
    page: &Answered,
    form: &str,
    button: &str,
) -> Answered {
    let part = format!("--gap\r\ncontent-disposition: form-data; name=\"do\"\r\n\r\n{button}\r\n");
    sent(browser, page, form, part.into_bytes()).await
}

async fn sent(browser: &Browser<'_>, page: &Answered, form: &str, more: Vec<u8>) -> Answered {
    let mut body = Vec::new();
    let html = page.html();
    let fields = select(&format!("{form} input:not([type=file])"));
    for it in html.select(&fields) {
        let (name, value) = (it.value().attr("name"), it.value().attr("value"));
        let part = format!(
            "--gap\r\ncontent-disposition: form-data; name=\"{}\"\r\n\r\n{}\r\n",
            name.unwrap(),
            value.unwrap_or_default(),
        );
        body.extend(part.into_bytes());
    }
    body.extend(more);
    body.extend(b"--gap--\r\n");
    let jar = browser.cookies.borrow().clone();
    let jar: Vec<_> = jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let path = page.url.strip_prefix(PORTAL).unwrap();
    let request = Request::builder()
        .method("POST")
        .uri(path)
        .header("cookie", jar.join("; "))
        .header("content-type", "multipart/form-data; boundary=gap");
    let answered = browser.send(&page.url, request.body(Body::from(body)).unwrap()).await;
    match answered.headers.get("location") {
        Some(to) => browser.open(to.to_str().unwrap()).await,
        None => answered,
    }
}
