//! *My customers*: what a provider sees of what is delegated to it, gives back, and asks for.

use axum::http::Method;
use ids::{
    guid::{RoleId, TenantId},
    resource::{AssignmentId, DefinitionId},
    scope::Scope,
};
use model::{
    change::Noun,
    delegation::{Assignment, Authorization, Definition},
    market::{
        MarketNoun,
        account::{AccountMember, AccountRole},
    },
    samples::{
        self, ADA, CONTRIBUTOR, CUSTOMER, DELETE_ROLE, NEIGHBOUR, PROVIDER, READER, SUBSCRIPTION,
        TIER1, authorization, market, resource_group, whole,
    },
};
use testkit::shop::{publisher, two_versions};
use uuid::Uuid;

use crate::kit::{Answered, Browser, PORTAL, kit};

const RIVAL: TenantId = TenantId::new(Uuid::from_u128(0xB));
const NORTHWIND: TenantId = TenantId::new(Uuid::from_u128(0x9));
const ADA_NAME: &str = "ada@fabrikam.example";
const OLOF_NAME: &str = "olof@contoso.example";

fn given(
    (managed_by, n): (TenantId, u128),
    scope: Scope,
    authorizations: Vec<Authorization>,
) -> (Definition, Assignment) {
    let at = Scope::Subscription(scope.subscription().unwrap());
    let name: ids::name::Name = Uuid::from_u128(n).to_string().parse().unwrap();
    let id = DefinitionId::at(at, name.clone()).unwrap();
    let sample = samples::definition(SUBSCRIPTION);
    let definition = Definition { id: id.clone(), managed_by, authorizations, ..sample };
    let assignment = Assignment {
        id: AssignmentId::at(scope, name).unwrap(),
        definition_as_sent: id.to_string(),
        definition: id,
        managed_by,
        ..samples::assignment(whole())
    };
    (definition, assignment)
}

fn tier1(roles: &[RoleId]) -> Vec<Authorization> {
    roles.iter().map(|role| authorization(TIER1, *role)).collect()
}

/// Contoso delegated its subscription to Fabrikam and a group to the rival, Northwind its own to
/// Fabrikam.
fn delegated() -> Vec<Noun> {
    let rival =
        Authorization { principal: samples::object(0xB0), ..authorization(TIER1, CONTRIBUTOR) };
    let all = [
        given((PROVIDER, 0xD0D0), whole(), tier1(&[CONTRIBUTOR, DELETE_ROLE])),
        given((RIVAL, 0xB1D), resource_group("app"), vec![rival]),
        given((PROVIDER, 0xD0D0), Scope::Subscription(NEIGHBOUR), tier1(&[READER])),
    ];
    let more = [
        Noun::Tenant(samples::tenant(RIVAL, "rival")),
        Noun::Tenant(samples::tenant(NORTHWIND, "northwind")),
        Noun::Subscription(samples::subscription(NEIGHBOUR, NORTHWIND)),
        Noun::ResourceGroup(testkit::group("app")),
    ];
    let nouns = all.into_iter().flat_map(|(definition, assignment)| {
        [Noun::Definition(definition), Noun::Assignment(assignment)]
    });
    more.into_iter().chain(nouns).collect()
}

fn path(page: &str, n: u128, scope: Scope) -> String {
    let (_, assignment) = given((PROVIDER, n), scope, Vec::new());
    format!("/customers/{page}?id={}", identity::form::encoded(&assignment.id.to_string()))
}

fn owner() -> Noun {
    let role = AccountRole::Owner;
    Noun::Market(MarketNoun::AccountMember(AccountMember { principal: ADA, role }))
}

async fn opened(browser: &Browser<'_>, path: &str) -> Answered {
    let page = browser.open(path).await;
    assert_eq!(page.status, 200, "{path}: {}", page.main());
    page.well_made();
    page
}

#[tokio::test]
async fn a_provider_sees_customers_their_delegations_and_who_holds_what() {
    let kit = kit(delegated()).await;
    let browser = kit.signed_in(ADA_NAME).await;
    let page = opened(&browser, "/customers").await;
    assert_eq!(page.heading(), "My customers");
    assert_eq!(page.texts("tbody th a"), ["contoso", "northwind"], "{}", page.main());
    assert!(page.main().contains("1 subscription") && !page.main().contains("rival"));
    assert_eq!(page.texts("#navigation [aria-current]"), ["My customers"]);
    assert_eq!(page.texts(".tabs a"), ["Customers", "Delegations"], "only what she may open");
    assert_eq!(page.links(".heading .button"), ["/customers/template"]);

    let page = opened(&browser, "/customers?q=north&group=customer&sort=delegations").await;
    assert_eq!(page.texts("tbody th a"), ["northwind"]);
    assert_eq!(page.texts("th[scope=rowgroup]"), ["northwind"]);
    let page = opened(&browser, "/customers?q=nobody").await;
    assert!(page.main().contains("No customer has such a delegation."), "{}", page.main());

    let page = opened(&browser, &format!("/customers/tenant/{NORTHWIND}")).await;
    assert_eq!(page.heading(), "northwind");
    let page = opened(&browser, "/customers/delegations?group=offer").await;
    assert_eq!(page.texts("tbody th a").len(), 2);
    assert_eq!(page.texts("th[scope=rowgroup]"), ["Fabrikam Ops"]);

    let links = page.links("tbody th a");
    let one = opened(&browser, &links[0]).await;
    assert!(one.main().contains("Contributor") && one.main().contains("Tier 1"), "{}", one.main());
    assert!(one.main().contains("tier1 Group"), "the directory's own name: {}", one.main());
    let principal = one.links("section tbody th a");
    assert_eq!(principal.len(), 1);
    let who = opened(&browser, &principal[0]).await;
    assert_eq!(who.heading(), "Tier 1");
}

#[tokio::test]
async fn pages_of_delegations_follow_each_other_and_their_links_are_the_visitors_own() {
    let mut nouns = Vec::new();
    for n in 0..60_u128 {
        let id = ids::guid::SubscriptionId::new(Uuid::from_u128(0x7000 + n));
        nouns.push(Noun::Subscription(samples::subscription(id, CUSTOMER)));
        let (definition, assignment) =
            given((PROVIDER, 0xD0D0), Scope::Subscription(id), tier1(&[READER]));
        nouns.extend([Noun::Definition(definition), Noun::Assignment(assignment)]);
    }
    let kit = kit(nouns).await;
    let browser = kit.signed_in(ADA_NAME).await;
    let first = opened(&browser, "/customers/delegations").await;
    assert_eq!(first.texts("tbody th a").len(), 50);
    let next = first.links("a[rel=next]");
    let second = opened(&browser, &next[0]).await;
    assert_eq!((second.texts("tbody th a").len(), second.links("a[rel=next]").len()), (10, 0));
    let other = format!("{}&q=x", next[0]);
    assert_eq!(browser.open(&other).await.status, 400);
    let olof = kit.signed_in(OLOF_NAME).await;
    assert_eq!(olof.open(&next[0]).await.status, 400);
    let page = opened(&browser, "/customers").await;
    assert!(page.main().contains("60 subscriptions"), "{}", page.main());
}

#[tokio::test]
async fn whoever_manages_nothing_finds_nothing_and_learns_of_nothing() {
    let kit = kit(delegated()).await;
    let olof = kit.signed_in(OLOF_NAME).await;
    for page in ["/customers", "/customers/delegations"] {
        let page = opened(&olof, page).await;
        assert!(page.texts("tbody").is_empty(), "{}", page.main());
    }
    let browser = kit.signed_in(ADA_NAME).await;
    let nobody = TenantId::new(Uuid::from_u128(0xDEAD));
    for path in [
        format!("/customers/tenant/{RIVAL}"),
        format!("/customers/tenant/{nobody}"),
        path("delegation", 0xB1D, resource_group("app")),
        path("delegation", 0xBAD, resource_group("app")),
        path("delegation/leave", 0xB1D, resource_group("app")),
        "/customers/delegation".to_owned(),
        "/customers/delegation?id=/subscriptions/x".to_owned(),
        format!("{}&who={}", path("delegation/principal", 0xD0D0, whole()), samples::object(9)),
    ] {
        let refused = browser.open(&path).await;
        assert_eq!(refused.status, 404, "{path}: {}", refused.main());
        refused.well_made();
    }
    // Contoso's own page is for the managing side: to Olof there is none.
    for page in ["delegation", "delegation/leave"] {
        assert_eq!(olof.open(&path(page, 0xD0D0, whole())).await.status, 404);
    }
    assert_eq!(olof.open(&format!("/customers/tenant/{CUSTOMER}")).await.status, 404);
}

#[tokio::test]
async fn a_delegation_is_left_once_whoever_may_says_so_and_the_log_tells_of_it() {
    let reader = samples::role_assignment(Scope::Tenant(PROVIDER), ADA, READER);
    let mut nouns = delegated();
    nouns.push(Noun::RoleAssignment(reader));
    let kit = kit(nouns).await;
    let browser = kit.signed_in(ADA_NAME).await;
    let asked = opened(&browser, &path("delegation/leave", 0xD0D0, whole())).await;
    assert!(asked.main().contains("1 principal of this directory will at once lose"));
    let form = "form[action='/customers/delegation/leave']";
    let unsure = browser.submit(&asked, form, &[]).await;
    assert_eq!((unsure.status, unsure.texts("[role=alert]").len()), (400, 1));
    unsure.well_made();
    assert_eq!(opened(&browser, "/customers").await.texts("tbody th a").len(), 2);
    let left = browser.submit(&unsure, form, &[("sure", "yes")]).await;
    assert_eq!((left.status, left.heading().as_str()), (200, "Delegations"), "{}", left.main());
    assert!(left.texts(".note")[0].contains("is no longer delegated"));
    assert_eq!(left.texts("tbody th a").len(), 1);
    let log = opened(&browser, "/customers/activity?event=ended&outcome=succeeded").await;
    assert_eq!(log.texts("tbody tr").len(), 1, "{}", log.main());
    let log = opened(&browser, "/customers/activity?event=delegated").await;
    assert!(log.texts("tbody tr").is_empty());
}

#[tokio::test]
async fn nobody_leaves_without_the_delete_role_or_with_a_form_of_their_own() {
    let kit = kit(delegated()).await;
    let browser = kit.signed_in(ADA_NAME).await;
    let northwinds = Scope::Subscription(NEIGHBOUR);
    let asked = opened(&browser, &path("delegation/leave", 0xD0D0, northwinds.clone())).await;
    assert!(asked.html().select(&scraper::Selector::parse("main form").unwrap()).next().is_none());
    let good = opened(&browser, &path("delegation/leave", 0xD0D0, whole())).await;
    let (_, assignment) = given((PROVIDER, 0xD0D0), northwinds, Vec::new());
    let forged = [("sure", "yes"), ("id", &assignment.id.to_string())];
    let form = "form[action='/customers/delegation/leave']";
    let refused = browser.submit(&good, form, &forged).await;
    assert_eq!((refused.status, refused.texts("[role=alert]").len()), (403, 1));
    refused.well_made();
    let url = format!("{PORTAL}/customers/delegation/leave");
    let stray = browser.once(&Method::POST, &url, "sure=yes", &[]).await;
    assert_eq!(stray.status, 403);
    let page = opened(&browser, "/customers").await;
    assert_eq!(page.texts("tbody th a").len(), 2, "nothing has changed");
}

#[tokio::test]
async fn the_log_is_for_whoever_reads_it_at_the_root() {
    let kit = kit(delegated()).await;
    let browser = kit.signed_in(ADA_NAME).await;
    let refused = browser.open("/customers/activity").await;
    assert_eq!((refused.status, refused.texts("[role=alert]").len()), (403, 1));
    assert!(refused.main().contains("--role 'Monitoring Reader'"), "{}", refused.main());
    assert!(refused.texts("tbody").is_empty());
    refused.well_made();
}

#[tokio::test]
async fn what_others_call_themselves_is_only_ever_text() {
    const EVIL: &str = "<script>alert(1)</script>";
    let name = || Some(EVIL.to_owned());
    let (definition, assignment) = given((PROVIDER, 0xD0D0), whole(), Vec::new());
    let mut named = authorization(TIER1, CONTRIBUTOR);
    named.display_name = name();
    let definition =
        Definition { name: name(), description: name(), authorizations: vec![named], ..definition };
    let mut subscription = samples::subscription(SUBSCRIPTION, CUSTOMER);
    subscription.display_name = EVIL.to_owned();
    let mut shop = two_versions();
    shop.versions.truncate(2);
    let mut nouns = shop.nouns();
    nouns.extend(publisher());
    nouns.extend([
        Noun::Tenant(samples::tenant(CUSTOMER, EVIL)),
        Noun::Group(samples::group(TIER1, EVIL)),
        Noun::Subscription(subscription),
        Noun::Definition(definition),
        Noun::Assignment(assignment),
        Noun::Market(MarketNoun::Offer(market::offer())),
        shop.agreed(CUSTOMER, Some("1.0.0")),
        owner(),
    ]);
    let kit = kit(nouns).await;
    let browser = kit.signed_in(ADA_NAME).await;
    let customer = format!("/customers/tenant/{CUSTOMER}");
    let (offer, plan) = (market::offer_id(), market::plan_name());
    let of_plan = format!("/customers/offers/{offer}/{plan}");
    let one = path("delegation", 0xD0D0, whole());
    let principal =
        format!("{}&who={}", path("delegation/principal", 0xD0D0, whole()), TIER1.object);
    let leave = path("delegation/leave", 0xD0D0, whole());
    let query = "/customers?q=%3Cscript%3Ealert(1)%3C/script%3E&group=customer&offer=%22%3E%3Cb%3E";
    for path in [
        "/customers",
        "/customers?group=offer",
        "/customers/delegations",
        "/customers/influence",
        query,
        &customer,
        &of_plan,
        &one,
        &principal,
        &leave,
    ] {
        let page = opened(&browser, path).await;
        assert!(!page.text.contains("<script>alert"), "{path}");
        assert!(!page.text.contains("\"><b>"), "{path}");
        if path != query {
            assert!(page.main().contains(EVIL), "{path}: {}", page.main());
        }
    }
    let page = opened(&browser, "/customers/template").await;
    let fields = [("do", "find.0"), ("principal.0", "alert"), ("name", EVIL)];
    let found = browser.submit(&page, "#template", &fields).await;
    found.well_made();
    assert!(!found.text.contains("<script>alert"));
    let buttons = found.texts("button.choice");
    assert!(buttons.iter().any(|it| it.starts_with(EVIL)), "{buttons:?}");
}

#[tokio::test]
async fn offers_in_use_tell_who_lags_behind_and_influence_draws_and_saves() {
    let shop = two_versions();
    let mut nouns = shop.nouns();
    nouns.extend(publisher());
    nouns.extend([
        Noun::Market(MarketNoun::Offer(market::offer())),
        shop.agreed(CUSTOMER, Some("1.0.0")),
        owner(),
    ]);
    let kit = kit(nouns).await;
    let browser = kit.signed_in(ADA_NAME).await;
    let page = opened(&browser, "/customers/offers").await;
    assert_eq!(page.texts(".tabs a[aria-current]"), ["Offers in use"]);
    assert!(page.main().contains("1.0.0: 1 customer"), "{}", page.main());
    let behind = page.links("tbody td a[href$='only=behind']");
    let page = opened(&browser, &behind[0]).await;
    assert_eq!(page.texts("tbody th"), ["contoso"]);
    assert!(page.main().contains("An update waits 1.1.0"), "{}", page.main());

    let page = opened(&browser, "/customers/influence").await;
    assert_eq!(page.texts("figure figcaption").len(), 4);
    assert_eq!(page.texts("tbody th"), ["2026-01"]);
    let label = page.html();
    let label = label.select(&scraper::Selector::parse("figure svg").unwrap()).nth(1).unwrap();
    assert_eq!(label.value().attr("aria-label"), Some("Acceptances: 2026-01: 1 acceptance"));
    let saved = browser.open("/customers/influence.csv").await;
    assert_eq!(saved.header("content-type"), "text/csv; charset=utf-8");
    assert!(saved.text.contains(&format!("2026-01,{CUSTOMER},contoso,1,")), "{}", saved.text);

    let olof = kit.signed_in(OLOF_NAME).await;
    for path in [
        "/customers/offers".to_owned(),
        format!("/customers/offers/{}/{}", market::offer_id(), market::plan_name()),
        "/customers/influence".to_owned(),
        "/customers/influence.csv".to_owned(),
    ] {
        assert_eq!(olof.open(&path).await.status, 403, "{path}");
    }
    let none = browser.open("/customers/offers/nobody.nothing/no").await;
    assert_eq!(none.status, 404);
}

#[tokio::test]
async fn a_template_is_filled_in_without_script_seen_and_saved() {
    let kit = kit(vec![]).await;
    let browser = kit.signed_in(ADA_NAME).await;
    let page = opened(&browser, "/customers/template").await;
    let page =
        browser.submit(&page, "#template", &[("do", "find.0"), ("principal.0", "TIER")]).await;
    page.well_made();
    let picks = page.html();
    let pick = picks.select(&scraper::Selector::parse("button.choice").unwrap()).find(|it| {
        it.value().attr("value").is_some_and(|it| it.ends_with(&TIER1.object.to_string()))
    });
    let pick = pick.unwrap().value().attr("value").unwrap().to_owned();
    let page = browser.submit(&page, "#template", &[("do", &pick)]).await;
    page.well_made();
    let fields = [("do", "add"), ("role.0", "Reader"), ("name", "Harbor <night>")];
    let page = browser.submit(&page, "#template", &fields).await;
    assert_eq!(page.texts("legend").len(), 3, "{}", page.main());

    // What is wrong stands beside its field, and nothing is lost.
    let wrong =
        browser.submit(&page, "#template", &[("do", "template"), ("role.1", "Owner")]).await;
    assert_eq!((wrong.status, wrong.texts("[role=alert]").len()), (422, 1));
    wrong.well_made();
    assert!(wrong.main().contains("Find somebody in the directory"), "{}", wrong.main());
    let object = ADA.object.to_string();
    let owner = [("do", "view"), ("principal.1", object.as_str()), ("role.1", "Owner")];
    let refused = browser.submit(&wrong, "#template", &owner).await;
    assert_eq!(refused.status, 422, "Owner is never delegated: {}", refused.main());
    refused.well_made();

    let eligible = [
        ("do", "view"),
        ("role.1", "Contributor"),
        ("access.1", "eligible"),
        ("minutes.1", "90"),
        ("factor.1", "yes"),
        ("target", "groups"),
        ("groups", "app\ndb"),
    ];
    let seen = browser.submit(&refused, "#template", &eligible).await;
    assert_eq!(seen.status, 200, "{}", seen.main());
    seen.well_made();
    assert_eq!(seen.texts("#made pre").len(), 3);
    let saved = browser.submit(&seen, "#template", &[("do", "parameters")]).await;
    assert!(saved.header("content-disposition").contains("onboard.parameters.json"));
    let read = wire::arm::managed_services::manifest::read(saved.text.as_bytes()).unwrap();
    assert_eq!((read.tenant, read.authorizations[0].principal), (PROVIDER, TIER1.object));
    assert_eq!(read.eligible[0].policy.as_ref().unwrap().minutes_max, 90);
    assert!(saved.text.contains("\"Harbor <night>\"") && saved.text.contains("\"db\""));
    let saved = browser.submit(&seen, "#template", &[("do", "template")]).await;
    assert!(saved.text.contains("registrationDefinitions"), "{}", saved.text);
    let fewer = browser.submit(&seen, "#template", &[("do", "remove.0")]).await;
    assert_eq!(fewer.texts("legend").len(), 2);
}
