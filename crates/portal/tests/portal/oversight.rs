//! Who can do what where, who could delegate, and what was done.

use std::collections::BTreeSet;

use ids::{
    guid::{Principal, RoleId, SubscriptionId},
    scope::Scope,
};
use model::{
    change::Noun,
    delegation::Definition,
    role::{Permission, RoleDefinition},
    samples::{
        self, ADA, CUSTOMER, NEIGHBOUR, OLOF, OWNER, PROVIDER, READER, SUBSCRIPTION, TIER1,
        assignment, definition, principal, resource_group, role_assignment, whole,
    },
};
use testkit::shop::{publisher, shop};

use crate::kit::{Answered, Browser, kit, person};

mod names;

const OLOF_NAME: &str = "olof@contoso.example";
const ADA_NAME: &str = "ada@fabrikam.example";
/// What nobody's browser may run.
const SCRIPT: &str = "<script>alert(1)</script>";

/// Contoso delegated a resource group to Fabrikam, and the whole to nobody.
fn delegated(at: Scope) -> Vec<Noun> {
    vec![
        Noun::ResourceGroup(testkit::group("app")),
        Noun::Definition(definition(SUBSCRIPTION)),
        Noun::Assignment(assignment(at)),
    ]
}

fn at(page: &str, scope: &Scope) -> String {
    format!("{page}?scope={}", identity::form::encoded(&scope.to_string()))
}

async fn opened(browser: &Browser<'_>, path: &str) -> Answered {
    let page = browser.open(path).await;
    assert_eq!(page.status, 200, "{path}: {}", page.main());
    page.well_made();
    page
}

#[tokio::test]
async fn delegated_grants_stand_beside_role_assignments_as_what_they_are() {
    let reader = role_assignment(resource_group("app"), principal(CUSTOMER, 0x60), READER);
    let nouns = delegated(whole()).into_iter().chain([Noun::RoleAssignment(reader)]);
    let kit = kit(nouns.collect()).await;
    let olof = kit.signed_in(OLOF_NAME).await;
    let choose = opened(&olof, "/access").await;
    let scope = at("/access", &whole());
    assert!(choose.links("#places a").contains(&scope), "{:?}", choose.links("#places a"));
    let page = opened(&olof, &scope).await;
    assert!(page.main().contains("1 role assignment here"), "{}", page.main());
    for said in ["olof", "Owner", "Tier 1", "Contributor", "fabrikam", "Fabrikam Ops"] {
        assert!(page.main().contains(said), "{said}: {}", page.main());
    }
    assert!(!page.main().contains("tier1"), "Fabrikam's own name for the group is Fabrikam's");
    let group = opened(&olof, &at("/access", &resource_group("app"))).await;
    assert_eq!(group.texts(".state").iter().filter(|it| *it == "inherited").count(), 2);
}

#[tokio::test]
async fn what_is_delegated_here_is_found_behind_however_much_is_delegated_beside_it() {
    let mut nouns = delegated(resource_group("zz"));
    nouns.push(Noun::ResourceGroup(testkit::group("zz")));
    for nth in 0..120 {
        let name = format!("aa{nth}");
        nouns.push(Noun::ResourceGroup(testkit::group(&name)));
        nouns.push(Noun::Assignment(assignment(resource_group(&name))));
    }
    let kit = kit(nouns).await;
    let olof = kit.signed_in(OLOF_NAME).await;
    let page = opened(&olof, &at("/access", &resource_group("zz"))).await;
    assert!(page.main().contains("Fabrikam Ops"), "{}", page.main());
    let above = opened(&olof, &at("/access", &whole())).await;
    assert!(!above.main().contains("Fabrikam Ops"), "that is delegated below it");
    for scope in [whole(), resource_group("zz")] {
        let reach = opened(&olof, &at("/access/reach", &scope)).await;
        assert!(reach.main().contains("and there is more"), "{}", reach.main());
        assert_eq!(reach.texts("tbody tr").len(), 60);
    }
}

#[tokio::test]
async fn more_delegations_than_a_page_shows_are_told_of() {
    let mut nouns = delegated(whole());
    for nth in 0..110_u128 {
        let mut more = assignment(whole());
        let name = uuid::Uuid::from_u128(0x1_0000 + nth).to_string().parse().unwrap();
        more.id = ids::resource::AssignmentId::at(whole(), name).unwrap();
        nouns.push(Noun::Assignment(more));
    }
    let kit = kit(nouns).await;
    let olof = kit.signed_in(OLOF_NAME).await;
    let page = opened(&olof, &at("/access", &whole())).await;
    assert_eq!(page.texts("#cut").len(), 1, "{}", page.main());
    assert_eq!(page.links("#cut a"), ["/service-providers/delegations"]);
}

#[tokio::test]
async fn a_provider_sees_its_own_grants_with_the_names_of_its_own_directory() {
    let kit = kit(delegated(whole())).await;
    let ada = kit.signed_in(ADA_NAME).await;
    let page = opened(&ada, &at("/access", &whole())).await;
    let text = page.main();
    assert!(text.contains("tier1") && text.contains("Tier 1"), "{text}");
    assert!(!text.contains("olof"), "the customer's people are the customer's: {text}");
    assert_eq!(ada.open(&at("/access/delegators", &whole())).await.status, 403);
    let checked = format!("{}&who={}&action=x/read", at("/access/check", &whole()), OLOF.object);
    let checked = ada.open(&checked).await;
    assert_eq!((checked.status, checked.texts("#answer").len()), (403, 0));
}

#[tokio::test]
async fn a_foreign_scope_is_refused_like_an_unknown_one_on_every_page() {
    let other = ids::guid::TenantId::new(uuid::Uuid::from_u128(0xE));
    let kit = kit(vec![
        Noun::Tenant(samples::tenant(other, "adatum")),
        Noun::Subscription(samples::subscription(NEIGHBOUR, other)),
    ])
    .await;
    let olof = kit.signed_in(OLOF_NAME).await;
    let unknown = SubscriptionId::new(uuid::Uuid::from_u128(0x999));
    for id in [NEIGHBOUR, unknown] {
        let scope = Scope::Subscription(id);
        let asked = format!("{}&who={}&action=x/read", at("/access/check", &scope), OLOF.object);
        for path in [
            at("/access", &scope),
            at("/access/delegators", &scope),
            at("/access/reach", &scope),
            asked,
            format!("/activity?for={id}"),
            format!("/activity/export?for={id}"),
        ] {
            let page = olof.open(&path).await;
            assert!((400..500).contains(&page.status), "{path}: {}", page.status);
            assert!(!page.text.contains("adatum"), "{path}");
            page.well_made();
        }
    }
}

#[tokio::test]
async fn whoever_holds_the_rule_can_delegate_and_a_guest_is_greyed_out() {
    let owner = role_assignment(whole(), principal(CUSTOMER, 0x60), OWNER);
    let kit = kit(vec![Noun::RoleAssignment(owner)]).await;
    let olof = kit.signed_in(OLOF_NAME).await;
    let page = opened(&olof, &at("/access/delegators", &whole())).await;
    assert_eq!(page.texts("tbody tr").len(), 2);
    assert_eq!(page.texts("tbody tr.soft").len(), 1);
    assert!(page.texts("tr.soft")[0].contains("Guests of a tenant cannot delegate"));
    let owners = olof.submit(&page, "#narrow", &[("role", "owner")]).await;
    assert_eq!((owners.status, owners.texts("tbody tr").len()), (200, 2));
}

#[tokio::test]
async fn access_is_checked_with_the_chain_that_leads_to_the_answer() {
    let reader = role_assignment(whole(), principal(CUSTOMER, 0x60), READER);
    let kit = kit(vec![Noun::RoleAssignment(reader)]).await;
    let olof = kit.signed_in(OLOF_NAME).await;
    let page = opened(&olof, &at("/access/check", &whole())).await;
    let action = "Microsoft.Compute/virtualMachines/write";
    let may = [("who", OLOF_NAME), ("action", action)];
    let may = olof.submit(&page, "#check", &may).await;
    may.well_made();
    assert!(may.texts("#answer").concat().starts_with("allowed"), "{}", may.main());
    assert!(may.main().contains("Allows it"));
    let guest = principal(CUSTOMER, 0x60).object.to_string();
    let may_not = olof.submit(&page, "#check", &[("who", &guest), ("action", action)]).await;
    assert!(may_not.texts("#answer").concat().starts_with("not allowed"), "{}", may_not.main());
    assert!(may_not.main().contains("Is about something else"));
    let nobody = olof.submit(&page, "#check", &[("who", "nobody@x"), ("action", action)]).await;
    assert_eq!((nobody.status, nobody.texts("[role=alert]").len()), (400, 1));
}

#[tokio::test]
async fn what_is_done_to_what_a_resource_holds_is_checked_too_and_told_as_a_command() {
    let kit = kit(Vec::new()).await;
    let olof = kit.signed_in(OLOF_NAME).await;
    let page = opened(&olof, &at("/access/check", &whole())).await;
    let blobs = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read";
    let asked = [("who", OLOF_NAME), ("action", blobs), ("data", "yes")];
    let held = olof.submit(&page, "#check", &asked).await;
    held.well_made();
    assert!(held.texts("#answer").concat().starts_with("not allowed"), "an Owner reads no blobs");
    let command = held.texts(".command code").concat();
    assert!(command.contains("/providers/Fyr.Access/explain?api-version=2026-12-01"), "{command}");
    assert!(command.contains("\"isDataAction\":true"), "{command}");
    let long = "x".repeat(257);
    let long = olof.submit(&page, "#check", &[("who", OLOF_NAME), ("action", &long)]).await;
    assert_eq!((long.status, long.texts("[role=alert]").len()), (400, 1));
}

/// Every page that these lead to, and what came of it.
async fn led_to(browser: &Browser<'_>, from: &[String]) -> Vec<(String, u16)> {
    let mut open: Vec<String> = from.to_vec();
    let (mut seen, mut led) = (BTreeSet::new(), Vec::new());
    while let Some(path) = open.pop() {
        if !seen.insert(path.clone()) {
            continue;
        }
        assert!(seen.len() < 200, "{path} leads on and on");
        let page = browser.open(&path).await;
        led.push((path, page.status));
        if page.status == 200 && page.header("content-type").starts_with("text/html") {
            let links = page.links("main a").into_iter().filter(|it| it.starts_with('/'));
            open.extend(links);
        }
    }
    led
}

#[tokio::test]
async fn nobody_is_led_to_a_page_that_refuses_them() {
    let nora = principal(CUSTOMER, 0x40);
    let app = resource_group("app");
    let machines: RoleId = "9980e02c-c2be-4d73-94e8-173b1dc7cf3c".parse().unwrap();
    let nouns = |role| {
        let authorizations = vec![samples::authorization(TIER1, role)];
        let mut nouns = delegated(whole());
        nouns.push(Noun::Definition(Definition { authorizations, ..definition(SUBSCRIPTION) }));
        nouns.push(Noun::ResourceGroup(testkit::group("other")));
        nouns.extend(person(nora, "nora", "contoso"));
        nouns.push(Noun::RoleAssignment(role_assignment(app.clone(), nora, READER)));
        nouns.push(Noun::RoleAssignment(role_assignment(resource_group("other"), OLOF, READER)));
        nouns
    };
    let from = |scopes: &[&Scope]| -> Vec<String> {
        let pages = ["/access", "/access/check", "/access/reach", "/activity"];
        let more = ["/service-providers/activity", "/search?q=prod", "/search?q=contoso"];
        let about = scopes.iter().flat_map(|it| {
            let checked = format!("{}&who={}&action=x/read", at("/access/check", it), nora.object);
            [at("/access", it), at("/access/reach", it), checked]
        });
        pages.into_iter().chain(more).map(str::to_owned).chain(about).collect()
    };
    let whole = whole();
    for (role, name, scopes) in [
        (samples::CONTRIBUTOR, "nora@contoso.example", vec![&app]),
        (samples::CONTRIBUTOR, OLOF_NAME, vec![&app, &whole]),
        (samples::CONTRIBUTOR, ADA_NAME, vec![]),
        (machines, ADA_NAME, vec![]),
    ] {
        let kit = kit(nouns(role)).await;
        let browser = kit.signed_in(name).await;
        let led = led_to(&browser, &from(&scopes)).await;
        assert!(led.len() > 8, "{name} {led:?}");
        let refused: Vec<_> = led.iter().filter(|(_, status)| *status >= 400).collect();
        assert!(refused.is_empty(), "{name}: {refused:?}");
    }
}

#[tokio::test]
async fn whoever_reads_one_group_is_led_to_it_and_to_nothing_around_it() {
    let nora = principal(CUSTOMER, 0x40);
    let app = resource_group("app");
    let reader = Noun::RoleAssignment(role_assignment(app.clone(), nora, READER));
    let nouns = delegated(whole()).into_iter().chain(person(nora, "nora", "contoso"));
    let kit = kit(nouns.chain([reader]).collect()).await;
    let browser = kit.signed_in("nora@contoso.example").await;
    let choose = opened(&browser, "/access").await;
    let links = choose.links("#places a");
    assert!(links.contains(&at("/access", &app)), "{links:?}");
    assert!(!links.contains(&at("/access", &whole())), "{links:?}");
    assert!(!links.iter().any(|it| it.starts_with("/access/delegators")), "{links:?}");
    let found = opened(&browser, "/search?q=prod").await;
    assert_eq!(found.links("[data-found]"), ["/access"], "where the group can be chosen");
    let page = opened(&browser, &at("/access", &app)).await;
    assert!(page.texts(".tabs li").contains(&"Check access".to_owned()));
    assert!(!page.texts(".tabs li").contains(&"Who can delegate".to_owned()));
    // What is granted around it is inherited, and shown; the page of it is not hers.
    assert!(page.main().contains("Subscription prod"), "{}", page.main());
    assert!(!page.links("main a").contains(&at("/access", &whole())));
}

fn own_role(id: RoleId, name: &str, actions: &[&str]) -> Noun {
    Noun::RoleDefinition(RoleDefinition {
        id,
        tenant: Some(CUSTOMER),
        name: name.to_owned(),
        description: String::new(),
        permissions: vec![Permission {
            actions: actions.iter().map(|it| (*it).to_owned()).collect(),
            ..Permission::default()
        }],
        assignable_scopes: vec![whole()],
        written: None,
    })
}

#[tokio::test]
async fn a_custom_role_is_named_to_whoever_may_read_it() {
    let clerk = principal(CUSTOMER, 0x62);
    let [shift, auditor] = [0x54_11F7, 0xA0D1].map(|it| RoleId::new(uuid::Uuid::from_u128(it)));
    let held = |who: Principal, role| Noun::RoleAssignment(role_assignment(whole(), who, role));
    let nouns = [
        own_role(shift, "Night shift", &["*/read"]),
        own_role(auditor, "Auditor", &["Microsoft.Authorization/roleAssignments/read"]),
        held(clerk, auditor),
        held(principal(CUSTOMER, 0x60), shift),
    ];
    let kit = kit(nouns.into_iter().chain(person(clerk, "clerk", "contoso")).collect()).await;
    let named = async |name: &str| {
        let browser = kit.signed_in(name).await;
        let text = opened(&browser, &at("/access", &whole())).await.main();
        assert!(text.contains("Owner"), "built-in roles are everybody's: {text}");
        text.contains("Night shift")
    };
    assert!(named(OLOF_NAME).await);
    assert!(!named("clerk@contoso.example").await, "who reads assignments alone hears of ids");
}

#[tokio::test]
async fn an_own_subscription_is_offered_behind_however_many_delegated_ones() {
    let other = ids::guid::TenantId::new(uuid::Uuid::from_u128(0xE));
    let own = SubscriptionId::new(uuid::Uuid::from_u128(0xF_0000));
    let named = model::tree::Subscription {
        display_name: "harbour".to_owned(),
        ..samples::subscription(own, CUSTOMER)
    };
    let mut nouns = vec![
        Noun::Tenant(samples::tenant(other, "adatum")),
        Noun::Subscription(named),
        Noun::RoleAssignment(role_assignment(Scope::Subscription(own), OLOF, OWNER)),
    ];
    for nth in 0..205_u128 {
        let id = SubscriptionId::new(uuid::Uuid::from_u128(0x1000 + nth));
        let authorizations = vec![samples::authorization(OLOF, READER)];
        nouns.extend([
            Noun::Subscription(samples::subscription(id, other)),
            Noun::Definition(Definition { managed_by: CUSTOMER, authorizations, ..definition(id) }),
            Noun::Assignment(model::delegation::Assignment {
                managed_by: CUSTOMER,
                ..assignment(Scope::Subscription(id))
            }),
        ]);
    }
    let kit = kit(nouns).await;
    let olof = kit.signed_in(OLOF_NAME).await;
    for path in ["/marketplace?private=yes", "/access/check"] {
        let page = opened(&olof, path).await;
        let offered = page.texts("option");
        assert!(offered.iter().any(|it| it.contains("harbour")), "{path}: {offered:?}");
    }
}

#[tokio::test]
async fn what_a_provider_reaches_is_drawn_and_told() {
    let kit = kit(delegated(resource_group("app"))).await;
    let olof = kit.signed_in(OLOF_NAME).await;
    let page = opened(&olof, &at("/access/reach", &whole())).await;
    assert_eq!(page.texts("svg title").len(), 1);
    assert_eq!(page.texts("svg text"), ["fabrikam", "prod", "app"]);
    let all = opened(&olof, "/access/reach").await;
    assert_eq!(all.texts("svg text"), ["fabrikam", "prod", "app"]);
    let ada = kit.signed_in(ADA_NAME).await;
    let own = opened(&ada, "/access/reach").await;
    assert!(own.texts("svg").is_empty(), "what others delegated to her is no reach into hers");
    assert_eq!(page.texts("tbody th"), ["fabrikam"]);
    assert!(page.main().contains("1 provider reaches 1 scope"), "{}", page.main());
    assert!(page.text.contains("class=\"reach\""));
}

#[tokio::test]
async fn the_log_is_filtered_paged_and_exported_without_a_formula() {
    let kit = kit(publisher().into_iter().chain(shop().nouns()).collect()).await;
    let olof = kit.signed_in(OLOF_NAME).await;
    for _ in 0..2 {
        let create = format!("/marketplace/fabrikam.ops/create/core?for={SUBSCRIPTION}");
        let terms = olof.open(&create).await;
        olof.submit(&terms, "#take", &[("agree", "yes")]).await;
    }
    let log = format!("/activity?for={SUBSCRIPTION}");
    let page = opened(&olof, &log).await;
    assert!(page.texts("tbody tr").len() >= 2, "{}", page.main());
    assert!(page.main().contains(OLOF_NAME), "{}", page.main());
    for (filter, some) in [
        ("&operation=fyr.marketplace", true),
        ("&operation=nothing", false),
        ("&status=Succeeded", true),
        ("&status=Failed", false),
        ("&caller=nobody", false),
        ("&managing=yes", false),
    ] {
        let page = opened(&olof, &format!("{log}{filter}")).await;
        assert_eq!(!page.texts("tbody tr").is_empty(), some, "{filter}");
    }
    let saved = olof.open(&format!("/activity/export?for={SUBSCRIPTION}")).await;
    assert!(saved.header("content-type").starts_with("text/csv"));
    assert!(saved.header("content-disposition").contains("attachment"));
    assert!(saved.text.starts_with("time,operation,status,caller"));
    assert!(saved.text.lines().skip(1).all(|it| !it.starts_with(['=', '+', '-', '@'])));
    let directory = olof.open("/activity?log=chosen").await;
    directory.well_made();
    assert_eq!((directory.status, directory.texts("[role=alert]").len()), (403, 1));
}

#[tokio::test]
async fn nothing_that_another_tenant_wrote_runs_in_an_overseers_browser() {
    let mut nouns = delegated(whole());
    let armed = Definition {
        name: Some(SCRIPT.to_owned()),
        authorizations: vec![model::delegation::Authorization {
            display_name: Some(SCRIPT.to_owned()),
            ..samples::authorization(TIER1, READER)
        }],
        ..definition(SUBSCRIPTION)
    };
    nouns.push(Noun::Definition(armed));
    let mut tenant = samples::tenant(PROVIDER, "fabrikam");
    tenant.display_name = SCRIPT.to_owned();
    nouns.push(Noun::Tenant(tenant));
    nouns.push(Noun::User(model::directory::User {
        user_principal_name: "ada@fabrikam.example".to_owned(),
        ..samples::user(ADA, SCRIPT)
    }));
    let kit = kit(nouns).await;
    let olof = kit.signed_in(OLOF_NAME).await;
    let encoded = identity::form::encoded(SCRIPT);
    for path in [
        at("/access", &whole()),
        at("/access/reach", &whole()),
        format!("{}&who={encoded}&action={encoded}", at("/access/check", &whole())),
        format!("/activity?for={SUBSCRIPTION}&caller={encoded}&operation={encoded}"),
        format!("/access?scope={encoded}"),
        format!("/search?q={encoded}"),
    ] {
        let page = olof.open(&path).await;
        assert!(page.status < 500, "{path}");
        assert!(!page.text.contains("<script>alert"), "{path}");
        page.well_made();
    }
}
