//! What is accepted, what waits, and what it would change.

use arm::request::ArmResponse;
use ids::guid::Principal;
use model::{
    change::Noun,
    market::{MarketNoun, acceptance::Acceptance, form::Visibility, lead::Lead},
    samples::{self, ADA, NEIGHBOUR, OLOF, PROVIDER, market},
};
use operations::plane::Plane;
use serde_json::{Value, json};
use store::{records::ranges, snapshot::Page};
use testkit::shop::{Shop, shop, two_versions};

use super::kit::{
    GUEST, INGA, NORA, RITA, STRANGER, SUBSCRIPTION, THEIRS, ask, body, code, one_by_one, plane,
    rights,
};

const ACCEPTANCES: &str = "providers/Fyr.Marketplace/acceptances";
const VERSION: &str = "2026-12-01";

async fn to(plane: &Plane, who: Principal, verb: &str, below: &str, body: &Value) -> ArmResponse {
    let line = format!("{verb} {SUBSCRIPTION}/{ACCEPTANCES}{below}?{VERSION}");
    ask(plane, who, &line, body).await
}

fn agreeing() -> Value {
    json!({ "properties": {
        "plan": { "version": "1.0.0" },
        "acceptTerms": true,
        "contact": { "firstName": "Mara", "email": "mara@contoso.example" },
        "shareContact": true,
    }})
}

/// Accepts the plan and delegates the subscription.
async fn delegated(plane: &Plane) {
    let put = to(plane, OLOF, "PUT", "/fabrikam.ops.core", &agreeing()).await;
    assert_eq!(put.status, 201, "{put:?}");
    let definition = body(&put)["properties"]["registrationDefinitionIds"][0].clone();
    let name = "22222222-0000-4000-8000-000000000001";
    let line = format!(
        "PUT {SUBSCRIPTION}/providers/Microsoft.ManagedServices/registrationAssignments/{name}?2022-10-01"
    );
    let assignment = json!({ "properties": { "registrationDefinitionId": definition } });
    let put = ask(plane, OLOF, &line, &assignment).await;
    assert_eq!(put.status, 201, "{put:?}");
}

#[tokio::test]
async fn one_request_agrees_to_the_terms_makes_the_definition_and_tells_the_publisher() {
    let plane = plane(&[shop()]).await;
    let unsigned = json!({ "properties": { "plan": { "version": "1.0.0" } } });
    let unsigned = to(&plane, OLOF, "PUT", "/fabrikam.ops.core", &unsigned).await;
    assert_eq!(code(&unsigned), "MarketplacePurchaseEligibilityFailed");
    delegated(&plane).await;
    assert_eq!(rights(&plane), (true, true));
    let again = to(&plane, OLOF, "PUT", "/Fabrikam.Ops.CORE", &json!({ "properties": {} })).await;
    assert_eq!(again.status, 200, "{again:?}");

    let snapshot = plane.store.snapshot().await.unwrap();
    let range = ranges::market::leads_of(PROVIDER);
    let leads = snapshot.list::<Lead>(&range, Page::first()).await.unwrap().items;
    let [lead] = leads.as_slice() else { panic!("{leads:?}") };
    assert_eq!(lead.person.as_ref().unwrap().first_name, "Mara");
    let list = format!(
        "GET {SUBSCRIPTION}/providers/Microsoft.ManagedServices/registrationDefinitions?2022-10-01"
    );
    let shown = body(&ask(&plane, RITA, &list, &Value::Null).await);
    assert_eq!(shown["value"][0]["plan"]["version"], "1.0.0");
    assert_eq!(shown["value"][0]["properties"]["registrationDefinitionName"], "Fabrikam Ops");
}

#[tokio::test]
async fn a_newer_version_shows_to_every_reader_with_what_it_would_change_and_is_accepted_or_not() {
    let plane = plane(&[shop()]).await;
    delegated(&plane).await;
    let nothing = to(&plane, RITA, "GET", "/fabrikam.ops.core/difference", &Value::Null).await;
    assert_eq!(code(&nothing), "NoSuchUpdate");
    testkit::put(&plane, two_versions().nouns()).await;

    for who in [RITA, INGA, OLOF] {
        let shown = body(&to(&plane, who, "GET", "/fabrikam.ops.core", &Value::Null).await);
        assert_eq!(shown["properties"]["version"], "1.0.0");
        assert_eq!(shown["properties"]["availableVersion"], "1.1.0");
        let listed = body(&to(&plane, who, "GET", "", &Value::Null).await);
        assert_eq!(listed["value"][0], shown);
    }
    let told = to(&plane, RITA, "GET", "/fabrikam.ops.core/difference", &Value::Null).await;
    let told = body(&told);
    assert_eq!(told["properties"]["effectivePermissions"]["overall"], "narrower");
    assert!(told["properties"]["words"].as_str().unwrap().starts_with("Narrower"), "{told}");
    assert_eq!(rights(&plane), (true, true), "and nothing has changed");

    for word in ["accept", "decline"] {
        let below = format!("/fabrikam.ops.core/{word}");
        for body in [Value::Null, json!({ "acceptTerms": true })] {
            let unseen = to(&plane, OLOF, "POST", &below, &body).await;
            assert_eq!((unseen.status, code(&unseen).as_str()), (400, "InvalidRequestContent"));
            let text = unseen.body.unwrap().to_string();
            assert!(text.contains("'version'") && text.contains("1.1.0"), "{text}");
        }
    }
    let newer = json!({ "version": "1.1.0" });
    let no = to(&plane, OLOF, "POST", "/fabrikam.ops.core/decline", &newer).await;
    assert_eq!(body(&no)["properties"]["isDeclined"], true);
    let perhaps = to(&plane, OLOF, "POST", "/fabrikam.ops.core/reconsider", &Value::Null).await;
    assert_eq!(body(&perhaps)["properties"]["isDeclined"], false);
    let stale = json!({ "version": "1.0.5" });
    let stale = to(&plane, OLOF, "POST", "/fabrikam.ops.core/accept", &stale).await;
    assert_eq!((stale.status, code(&stale).as_str()), (409, "NoSuchUpdate"));
    let yes = json!({ "version": "1.1.0" });
    let yes = to(&plane, OLOF, "POST", "/fabrikam.ops.core/accept", &yes).await;
    assert_eq!(yes.status, 200, "{yes:?}");
    assert_eq!(body(&yes)["properties"]["version"], "1.1.0");
    assert_eq!(rights(&plane), (false, true));
    let twice = to(&plane, OLOF, "POST", "/fabrikam.ops.core/accept", &newer).await;
    assert_eq!(code(&twice), "NoSuchUpdate");
}

/// The difference that was shown, applied to what was possible, gives what is possible: asked of
/// the one decision, operation by operation.
#[tokio::test]
async fn what_the_difference_says_is_what_accepting_it_changes() {
    let plane = plane(&[shop()]).await;
    delegated(&plane).await;
    testkit::put(&plane, two_versions().nouns()).await;
    let may = || -> std::collections::BTreeSet<String> {
        let index = plane.index();
        let allowed = |name: &String| {
            let action = model::action::Action::named(name.clone());
            let question = model::question::Question::any(action, samples::whole());
            index.check(ADA, &question, samples::now()).is_allowed()
        };
        arm::known_operations::actions().into_iter().filter(allowed).collect()
    };
    let before = may();
    let told = to(&plane, OLOF, "GET", "/fabrikam.ops.core/difference", &Value::Null).await;
    let change = body(&told)["properties"]["effectivePermissions"]["changes"][0].clone();
    let names = |which: &str| -> std::collections::BTreeSet<String> {
        serde_json::from_value(change[which]["operations"].clone()).unwrap()
    };
    let newer = json!({ "version": "1.1.0" });
    to(&plane, OLOF, "POST", "/fabrikam.ops.core/accept", &newer).await;
    let (gained, lost) = (names("gained"), names("lost"));
    assert!(!lost.is_empty());
    let applied: std::collections::BTreeSet<String> =
        before.union(&gained).filter(|it| !lost.contains(*it)).cloned().collect();
    assert_eq!(applied, may());
}

#[tokio::test]
async fn nobody_but_an_owner_of_the_customers_own_accepts_declines_or_reconsiders() {
    let plane = plane(&[shop()]).await;
    delegated(&plane).await;
    testkit::put(&plane, two_versions().nouns()).await;
    let before = testkit::events(&plane).await.len();
    // Ada manages the subscription as Contributor by the very plan: she accepts nothing for it.
    for who in [INGA, GUEST, RITA, STRANGER, ADA, NORA] {
        for (verb, below) in [
            ("PUT", "/fabrikam.ops.core"),
            ("POST", "/fabrikam.ops.core/accept"),
            ("POST", "/fabrikam.ops.core/decline"),
            ("POST", "/fabrikam.ops.core/reconsider"),
        ] {
            let sent = if verb == "PUT" { agreeing() } else { Value::Null };
            let refused = to(&plane, who, verb, below, &sent).await;
            assert!(matches!(refused.status, 401 | 403), "{who:?} {verb} {below}: {refused:?}");
        }
    }
    assert_eq!(testkit::events(&plane).await.len(), before);
    assert_eq!(rights(&plane), (true, true));
}

#[tokio::test]
async fn a_plan_for_others_cannot_be_accepted_nor_told_from_none() {
    let hidden = Shop { visibility: Visibility::Private, audience: vec![NEIGHBOUR], ..shop() };
    let (with, without) = (plane(std::slice::from_ref(&hidden)).await, plane(&[]).await);
    // Northwind has accepted it: of that Contoso hears nothing.
    testkit::put(&with, vec![hidden.agreed(super::kit::NORTHWIND, Some("1.0.0"))]).await;
    for (verb, below) in [
        ("PUT", "/fabrikam.ops.core"),
        ("GET", "/fabrikam.ops.core"),
        ("GET", ""),
        ("GET", "/fabrikam.ops.core/difference"),
        ("POST", "/fabrikam.ops.core/accept"),
        ("POST", "/fabrikam.ops.core/decline"),
    ] {
        let sent = if verb == "PUT" { agreeing() } else { Value::Null };
        let told = to(&with, OLOF, verb, below, &sent).await;
        assert_eq!(told, to(&without, OLOF, verb, below, &sent).await, "{verb} {below}");
    }
    let line = format!("PUT {THEIRS}/{ACCEPTANCES}/fabrikam.ops.core?{VERSION}");
    assert_eq!(ask(&with, NORA, &line, &agreeing()).await.status, 201);
}

#[tokio::test]
async fn a_rival_who_reads_the_subscription_hears_nothing_of_what_is_accepted() {
    let rival = samples::principal(ids::guid::TenantId::new(uuid::Uuid::from_u128(0xB)), 0xB0);
    let plane = plane(&[shop()]).await;
    delegated(&plane).await;
    let definition = model::delegation::Definition {
        managed_by: rival.tenant,
        authorizations: vec![samples::authorization(rival, samples::READER)],
        ..samples::definition(samples::SUBSCRIPTION)
    };
    let assignment = model::delegation::Assignment {
        managed_by: rival.tenant,
        ..samples::assignment(samples::whole())
    };
    testkit::put(
        &plane,
        vec![
            Noun::Tenant(samples::tenant(rival.tenant, "rival")),
            Noun::User(samples::user(rival, "bo")),
            Noun::Definition(definition),
            Noun::Assignment(assignment),
        ],
    )
    .await;
    assert_eq!(body(&to(&plane, rival, "GET", "", &Value::Null).await), json!({ "value": [] }));
    assert_eq!(to(&plane, rival, "GET", "/fabrikam.ops.core", &Value::Null).await.status, 404);
    // Fabrikam's own people, who manage by it, see it.
    assert_eq!(to(&plane, ADA, "GET", "/fabrikam.ops.core", &Value::Null).await.status, 200);
}

#[tokio::test]
async fn the_first_version_is_named_by_whoever_accepts_it() {
    let (with, without) = (plane(&[shop()]).await, plane(&[]).await);
    let unnamed = json!({ "properties": { "acceptTerms": true } });
    let refused = to(&with, OLOF, "PUT", "/fabrikam.ops.core", &unnamed).await;
    assert_eq!((refused.status, code(&refused).as_str()), (400, "InvalidRequestContent"));
    let text = body(&refused).to_string();
    assert!(text.contains("properties.plan.version") && text.contains("1.0.0"), "{text}");
    assert_eq!(rights(&with), (false, false));
    // Whoever may not accept it hears of no version, and where there is none, of no plan.
    let told = to(&with, INGA, "PUT", "/fabrikam.ops.core", &unnamed).await;
    assert!(told.status == 403 && !body(&told).to_string().contains("1.0.0"), "{told:?}");
    let absent = to(&without, OLOF, "PUT", "/fabrikam.ops.core", &unnamed).await;
    assert_eq!(absent.status, 404);
    delegated(&with).await;
}

/// What Contoso accepted from another publisher, and in another subscription, on both sides of what
/// a reader may know.
#[tokio::test]
async fn nobody_counts_what_is_accepted_elsewhere_by_asking_for_short_pages() {
    let (with, without) = (plane(&[shop()]).await, plane(&[shop()]).await);
    delegated(&with).await;
    delegated(&without).await;
    let elsewhere = |offer: &str, subscription| {
        let mut it = market::acceptance("1.0.0");
        it.plan.offer.name = offer.parse().unwrap();
        Noun::Market(MarketNoun::Acceptance(Acceptance { subscription, ..it }))
    };
    let from = |publisher: &str| {
        let mut it = market::acceptance("1.0.0");
        it.plan.offer.publisher = publisher.parse().unwrap();
        Noun::Market(MarketNoun::Acceptance(it))
    };
    let second = ids::guid::SubscriptionId::new(uuid::Uuid::from_u128(0x52));
    let others = vec![elsewhere("aaa", second), elsewhere("zzz", second)];
    testkit::put(&with, others).await;
    let lines = [
        format!("GET {SUBSCRIPTION}/{ACCEPTANCES}?{VERSION}"),
        format!("GET {SUBSCRIPTION}/providers/Microsoft.MarketplaceOrdering/agreements?2021-01-01"),
    ];
    for line in &lines {
        for who in [RITA, ADA] {
            let told = one_by_one(&with, who, line).await;
            assert!(!told[0].0.as_array().unwrap().is_empty(), "{line}: {told:?}");
            assert_eq!(told, one_by_one(&without, who, line).await, "{who:?} {line}");
        }
    }
    testkit::put(&with, vec![from("abacus"), from("zenith")]).await;
    for line in &lines {
        let told = one_by_one(&with, ADA, line).await;
        assert_eq!(told, one_by_one(&without, ADA, line).await, "{line}");
    }
}

#[tokio::test]
async fn what_is_no_acceptance_is_refused_with_the_field_that_is_wrong() {
    let plane = plane(&[shop()]).await;
    for bad in [
        json!({ "properties": { "plan": { "name": "gold" } } }),
        json!({ "properties": { "acceptTerms": "yes" } }),
        json!({ "properties": { "contact": { "email": "x".repeat(1_000_000) } } }),
        json!([]),
    ] {
        let refused = to(&plane, OLOF, "PUT", "/fabrikam.ops.core", &bad).await;
        assert_eq!(code(&refused), "InvalidRequestContent", "{refused:?}");
        assert!(body(&refused).to_string().len() < 1_000);
    }
    for name in ["fabrikam", "fabrikam.ops", "fabrikam.ops.core.1.0.0", "a.b.c"] {
        let refused = to(&plane, OLOF, "PUT", &format!("/{name}"), &agreeing()).await;
        assert_eq!(refused.status, 404, "{name}: {refused:?}");
    }
}
