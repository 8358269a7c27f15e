//! Marketplace registration definitions: what is published, as far as it is there for the caller.

use arm::request::ArmResponse;
use ids::{guid::Principal, offer::Slot};
use model::{
    change::Noun,
    market::form::Visibility,
    samples::{self, ADA, NEIGHBOUR, OLOF, SUBSCRIPTION as OURS},
};
use operations::plane::Plane;
use serde_json::{Value, json};
use testkit::shop::{Shop, shop, two_versions};

use super::kit::{INGA, NORA, RITA, STRANGER, SUBSCRIPTION, THEIRS, ask, body, one_by_one, plane};

const KIND: &str = "providers/Microsoft.ManagedServices/marketplaceRegistrationDefinitions";

async fn get(plane: &Plane, who: Principal, path: &str) -> ArmResponse {
    ask(plane, who, &format!("GET {path}?2022-10-01"), &Value::Null).await
}

/// Everything that can be asked: lists, filters and each form of identifier, at both scopes.
fn lines(product: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for scope in ["", SUBSCRIPTION] {
        let list = format!("GET {scope}/{KIND}?2022-10-01");
        let whole = format!("fabrikam.{product}.core.1.0.0");
        lines.push(format!("{list}&$filter=planIdentifier eq '{whole}'"));
        lines.push(list);
        for id in [
            "fabrikam",
            &format!("fabrikam.{product}"),
            &format!("fabrikam.{product}.core"),
            &whole,
        ] {
            lines.push(format!("GET {scope}/{KIND}/{id}?2022-10-01"));
        }
    }
    lines
}

async fn transcript(plane: &Plane, who: Principal, product: &str) -> Vec<(String, ArmResponse)> {
    let mut told = Vec::new();
    for line in lines(product) {
        let answer = ask(plane, who, &line, &Value::Null).await;
        told.push((line, answer));
    }
    told
}

#[tokio::test]
async fn a_public_plan_shows_to_everybody_by_each_form_of_its_identifier() {
    let plane = plane(&[two_versions()]).await;
    for scope in ["", SUBSCRIPTION] {
        for (identifier, version) in [
            ("fabrikam.ops.core.1.0.0", "1.0.0"),
            ("fabrikam.ops.core", "1.1.0"),
            ("Fabrikam.OPS", "1.1.0"),
            ("fabrikam", "1.1.0"),
        ] {
            let answer = get(&plane, STRANGER, &format!("{scope}/{KIND}/{identifier}")).await;
            assert_eq!(answer.status, 200, "{identifier}: {answer:?}");
            let it = body(&answer);
            assert_eq!(it["name"], format!("fabrikam.ops.core.{version}"));
            assert_eq!(it["plan"]["product"], "ops");
            assert_eq!(it["properties"]["publisherDisplayName"], "Fabrikam");
            assert_eq!(it["properties"]["managedByTenantId"], samples::PROVIDER.to_string());
        }
        let absent =
            get(&plane, STRANGER, &format!("{scope}/{KIND}/fabrikam.ops.core.9.0.0")).await;
        assert_eq!(absent.status, 404);
        let listed = body(&get(&plane, STRANGER, &format!("{scope}/{KIND}")).await);
        assert_eq!(listed["value"].as_array().unwrap().len(), 1);
        let filter = "planIdentifier eq 'fabrikam.ops.core.1.0.0'";
        let line = format!("GET {scope}/{KIND}?2019-09-01&$filter={filter}");
        let found = body(&ask(&plane, STRANGER, &line, &Value::Null).await);
        assert_eq!(found["value"][0]["name"], "fabrikam.ops.core.1.0.0");
    }
}

#[tokio::test]
async fn a_private_plan_shows_to_its_publisher_and_to_readers_of_its_subscriptions_alone() {
    let shop = Shop { visibility: Visibility::Private, audience: vec![NEIGHBOUR], ..shop() };
    let plane = plane(&[shop]).await;
    let sees = async |who: Principal, scope: &str| {
        get(&plane, who, &format!("{scope}/{KIND}/fabrikam.ops.core")).await.status == 200
    };
    assert!(sees(NORA, "").await && sees(NORA, THEIRS).await);
    assert!(sees(ADA, "").await, "its publisher's own people");
    for who in [OLOF, RITA, INGA, STRANGER] {
        assert!(!sees(who, "").await && !sees(who, SUBSCRIPTION).await, "{who:?}");
    }
}

#[tokio::test]
async fn a_provider_who_reads_a_customers_subscription_sees_nothing_of_what_others_offer_it() {
    let rival = samples::principal(ids::guid::TenantId::new(uuid::Uuid::from_u128(0xB)), 0xB0);
    let shop = Shop { visibility: Visibility::Private, audience: vec![OURS], ..shop() };
    let plane = plane(&[shop]).await;
    let definition = model::delegation::Definition {
        managed_by: rival.tenant,
        authorizations: vec![samples::authorization(rival, samples::READER)],
        ..samples::definition(OURS)
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
    let reads = ask(&plane, rival, &format!("GET {SUBSCRIPTION}?2022-12-01"), &Value::Null).await;
    assert_eq!(reads.status, 200, "{reads:?}");
    for scope in ["", SUBSCRIPTION] {
        let answer = get(&plane, rival, &format!("{scope}/{KIND}/fabrikam.ops.core")).await;
        assert_eq!(answer.status, 404);
    }
    assert_eq!(
        get(&plane, RITA, &format!("{SUBSCRIPTION}/{KIND}/fabrikam.ops.core")).await.status,
        200
    );
}

/// Two servers, of which one has the plan: who is outside of its audience cannot tell them apart.
#[tokio::test]
async fn outside_of_its_audience_a_plan_is_as_if_it_were_not_there() {
    let cases = [
        (Shop { visibility: Visibility::Private, audience: vec![NEIGHBOUR], ..shop() }, "ops"),
        (Shop { slot: Slot::Preview, audience: vec![NEIGHBOUR], ..shop() }, "ops-preview"),
        (Shop { is_stopped: true, ..shop() }, "ops"),
    ];
    for (shop, product) in cases {
        let (with, without) = (plane(&[shop]).await, plane(&[]).await);
        for who in [STRANGER, RITA, OLOF] {
            let (told, absent) =
                (transcript(&with, who, product).await, transcript(&without, who, product).await);
            for ((line, told), (_, absent)) in told.iter().zip(&absent) {
                assert_eq!(told, absent, "{who:?} {line}");
            }
        }
    }
}

#[tokio::test]
async fn a_list_goes_on_page_by_page() {
    let shops: Vec<Shop> = (0..25)
        .map(|n| {
            let mut it = shop();
            it.plan.offer.name = format!("ops{n:02}").parse().unwrap();
            it
        })
        .collect();
    let plane = plane(&shops).await;
    let first = body(&get(&plane, STRANGER, &format!("/{KIND}")).await);
    assert_eq!(first["value"].as_array().unwrap().len(), 20);
    let next = first["nextLink"].as_str().unwrap();
    let token = next.split_once("$skipToken=").unwrap().1;
    let line = format!("GET /{KIND}?2022-10-01&$skipToken={token}");
    let second = body(&ask(&plane, STRANGER, &line, &Value::Null).await);
    assert_eq!(second["value"].as_array().unwrap().len(), 5);
    assert_eq!(second.get("nextLink"), None);
    assert_eq!(
        body(&get(&plane, STRANGER, &format!("/{KIND}/nothing.of.that")).await)["error"]["code"],
        json!("ResourceNotFound")
    );
}

#[tokio::test]
async fn a_guest_of_the_publishers_sees_no_more_than_anybody() {
    let shop = Shop { visibility: Visibility::Private, audience: vec![NEIGHBOUR], ..shop() };
    let plane = plane(&[shop]).await;
    let visitor = samples::principal(samples::PROVIDER, 0x6E57);
    let mut guest = samples::user(visitor, "visitor");
    guest.kind = model::directory::UserKind::Guest { home: OLOF };
    testkit::put(&plane, vec![Noun::User(guest)]).await;
    let path = format!("/{KIND}/fabrikam.ops.core");
    assert_eq!(get(&plane, ADA, &path).await.status, 200);
    assert_eq!(get(&plane, visitor, &path).await.status, 404);
}

/// So many private offers of Fabrikam's for another tenant, on both sides of what is public.
fn hidden(count: usize) -> Vec<Shop> {
    let name = |n: usize| if n.is_multiple_of(2) { format!("a{n:02}") } else { format!("z{n:02}") };
    let private = |n: usize| {
        let audience = vec![NEIGHBOUR];
        let mut it = Shop { visibility: Visibility::Private, audience, ..shop() };
        it.plan.offer.name = name(n).parse().unwrap();
        it
    };
    (0..count).map(private).collect()
}

#[tokio::test]
async fn nobody_counts_hidden_offers_by_asking_for_short_pages() {
    let mut second = shop();
    second.plan.offer.name = "patch".parse().unwrap();
    let open = vec![shop(), second];
    let without = plane(&open).await;
    let with = plane(&[hidden(9), open].concat()).await;
    for who in [STRANGER, RITA, OLOF] {
        for scope in ["", SUBSCRIPTION] {
            let line = format!("GET {scope}/{KIND}?2022-10-01");
            let told = one_by_one(&with, who, &line).await;
            assert_eq!(told.len(), 2, "{told:?}");
            assert_eq!(told, one_by_one(&without, who, &line).await, "{who:?} {scope}");
        }
    }
    assert_eq!(one_by_one(&with, NORA, &format!("GET /{KIND}?2022-10-01")).await.len(), 11);
}

#[tokio::test]
async fn a_publishers_offer_is_found_behind_however_many_that_are_for_others() {
    let with = plane(&[hidden(60), vec![shop()]].concat()).await;
    let without = plane(&[shop()]).await;
    let line = format!("/{KIND}/fabrikam");
    let told = get(&with, STRANGER, &line).await;
    assert_eq!((told.status, &told), (200, &get(&without, STRANGER, &line).await));
}
