//! Pages about a scope say what the scope is called, to whoever may read that.

use model::{
    samples::subscription,
    tree::{ManagementGroup, Subscription},
};

use super::*;

const NORA_NAME: &str = "nora@contoso.example";

/// The words of the breadcrumbs.
fn crumbs(page: &Answered) -> Vec<String> {
    page.texts(".crumbs li")
}

/// A management group around Contoso's subscription, which Nora reads, and Olof does not.
fn grouped() -> Vec<Noun> {
    let nora = principal(CUSTOMER, 0x40);
    let group = ManagementGroup {
        tenant: CUSTOMER,
        name: "plat".parse().unwrap(),
        display_name: "Platform".to_owned(),
        parent: None,
    };
    let reader = role_assignment(group.scope(), nora, READER);
    let parent = Some(group.name.clone());
    let inside = Subscription { parent, ..subscription(SUBSCRIPTION, CUSTOMER) };
    let nouns = [Noun::ManagementGroup(group), Noun::Subscription(inside)];
    let nouns = nouns.into_iter().chain([Noun::RoleAssignment(reader)]);
    nouns.chain(person(nora, "nora", "contoso")).collect()
}

#[tokio::test]
async fn a_page_about_a_scope_is_headed_by_what_the_scope_is_called() {
    let kit = kit(delegated(whole())).await;
    let olof = kit.signed_in(OLOF_NAME).await;
    let (whole, app) = (whole(), resource_group("app"));
    let iam = "Access control (IAM)";
    for (page, scope, heading, way) in [
        ("/access", &whole, "prod | Access control (IAM)", vec![iam, "prod"]),
        ("/access", &app, "app | Access control (IAM)", vec![iam, "prod", "app"]),
        (
            "/access/delegators",
            &whole,
            "prod | Who can delegate",
            vec![iam, "prod", "Who can delegate"],
        ),
        ("/access/check", &whole, "prod | Check access", vec![iam, "prod", "Check access"]),
        ("/access/check", &app, "app | Check access", vec![iam, "prod", "app", "Check access"]),
        (
            "/access/reach",
            &app,
            "app | Scopes that providers reach",
            vec![iam, "prod", "app", "Scopes that providers reach"],
        ),
    ] {
        let page = opened(&olof, &at(page, scope)).await;
        assert_eq!((page.heading(), crumbs(&page)), (heading.to_owned(), texts(&way)));
        assert_eq!(page.texts("head > title"), [format!("{heading} · Fyr")]);
    }
    let log = opened(&olof, &format!("/activity?for={SUBSCRIPTION}")).await;
    assert_eq!(log.heading(), "prod | Activity log");
}

fn texts(all: &[&str]) -> Vec<String> {
    all.iter().map(|it| (*it).to_owned()).collect()
}

#[tokio::test]
async fn whoever_sees_one_group_is_told_what_its_subscription_is_called_and_not_led_to_it() {
    let nora = principal(CUSTOMER, 0x40);
    let app = resource_group("app");
    let reader = Noun::RoleAssignment(role_assignment(app.clone(), nora, READER));
    let nouns = delegated(app.clone()).into_iter().chain(person(nora, "nora", "contoso"));
    let kit = kit(nouns.chain([reader]).collect()).await;
    let nora = kit.signed_in(NORA_NAME).await;
    let page = opened(&nora, &at("/access", &app)).await;
    assert_eq!(crumbs(&page), ["Access control (IAM)", "app"]);
    assert!(page.main().contains("Subscription prod inherited"), "{}", page.main());
}

#[tokio::test]
async fn a_management_group_is_named_to_whoever_may_read_it_and_to_others_by_its_id() {
    let kit = kit(grouped()).await;
    let [nora, olof] = [kit.signed_in(NORA_NAME).await, kit.signed_in(OLOF_NAME).await];
    let told = async |browser: &Browser<'_>| opened(browser, &at("/access", &whole())).await.main();
    let to_nora = told(&nora).await;
    assert!(to_nora.contains("Management group Platform inherited"), "{to_nora}");
    let to_olof = told(&olof).await;
    assert!(to_olof.contains("Management group plat inherited"), "{to_olof}");
    let group = Scope::ManagementGroup(CUSTOMER, "plat".parse().unwrap());
    let page = opened(&nora, &at("/access", &group)).await;
    assert_eq!(page.heading(), "Platform | Access control (IAM)");
}

#[tokio::test]
async fn nobody_is_told_by_a_heading_what_anothers_subscription_is_called() {
    let other = ids::guid::TenantId::new(uuid::Uuid::from_u128(0xE));
    let named =
        Subscription { display_name: "secret".to_owned(), ..subscription(NEIGHBOUR, other) };
    let kit =
        kit(vec![Noun::Tenant(samples::tenant(other, "adatum")), Noun::Subscription(named)]).await;
    let olof = kit.signed_in(OLOF_NAME).await;
    for path in [
        at("/access/check", &Scope::Subscription(NEIGHBOUR)),
        at("/access", &Scope::Subscription(NEIGHBOUR)),
        format!("/activity?for={NEIGHBOUR}"),
    ] {
        let page = olof.open(&path).await;
        assert!(!page.text.contains("secret"), "{path}: {}", page.text);
    }
}

#[tokio::test]
async fn whoever_has_chosen_no_log_is_told_that_none_is_theirs_and_refused_nothing() {
    let kit = kit(Vec::new()).await;
    let ada = kit.signed_in(ADA_NAME).await;
    let page = opened(&ada, "/activity").await;
    assert_eq!((page.texts(".empty").len(), page.texts("[role=alert]").len()), (1, 0));
    let chosen = ada.open("/activity?log=chosen").await;
    assert_eq!((chosen.status, chosen.texts("[role=alert]").len()), (403, 1));
}
