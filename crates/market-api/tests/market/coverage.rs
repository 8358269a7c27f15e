//! What holds for every row of the table.

use axum::http::Method;
use market_api::table::{Leave, all};

use crate::kit::{ARM, Kit, UNKNOWN, kit};
use model::samples::CUSTOMER;

/// The row's path with something in the place of each key.
fn path(pattern: &str) -> String {
    let first = if pattern.starts_with("/market/offers") || pattern.starts_with("/catalog") {
        "fabrikam.ops".to_owned()
    } else if pattern.starts_with("/rp/product-ingestion/{}") {
        "product".to_owned()
    } else {
        UNKNOWN.to_string()
    };
    let second =
        if pattern.contains("/plans/{}") { "core".to_owned() } else { UNKNOWN.to_string() };
    pattern.replacen("{}", &first, 1).replace("{}", &second)
}

async fn refused(kit: &Kit, token: Option<&str>, status: u16, who: &str) {
    for row in all().iter().filter(|row| row.leave != Leave::Anyone) {
        let answer = kit.send(token, &row.method, &path(row.pattern), &[], b"{}").await;
        assert_eq!(answer.status, status, "{who} {} {}: {answer:?}", row.method, row.pattern);
        assert!(!answer.code().is_empty(), "{who} {} {}", row.method, row.pattern);
        assert!(!answer.text().contains("fabrikam"), "{who} {}", row.pattern);
    }
}

#[tokio::test]
async fn no_row_but_the_storefronts_answers_anybody_without_a_token_for_it() {
    let kit = kit().await;
    refused(&kit, None, 401, "nobody").await;
    refused(&kit, Some("e30.e30.e30"), 401, "a forger").await;
    let arm = kit.token_for(CUSTOMER, "olof@contoso.example", ARM).await;
    refused(&kit, Some(&arm), 401, "a token for ARM").await;
}

#[tokio::test]
async fn no_row_does_anything_for_whoever_holds_no_role_in_an_account() {
    let kit = kit().await;
    let before = kit.sign_in.plane().store.head().revision;
    for who in ["olof", "dev", "guest"] {
        let token = kit.token(who).await;
        refused(&kit, Some(&token), 403, who).await;
    }
    let after = kit.sign_in.plane().store.head().revision;
    assert_eq!(after, before, "a refusal writes nothing");
}

#[tokio::test]
async fn the_operators_leave_is_not_to_be_had_in_an_account() {
    let kit = kit().await;
    let token = kit.token("ada").await;
    for row in all() {
        let Leave::Platform(_) = row.leave else { continue };
        let answer = kit.send(Some(&token), &row.method, &path(row.pattern), &[], b"{}").await;
        assert_eq!(answer.status, 403, "{} {}: {answer:?}", row.method, row.pattern);
    }
}

#[tokio::test]
async fn what_is_not_in_the_table_is_not_served() {
    let kit = kit().await;
    let token = kit.token("ada").await;
    for (method, asked, status) in [
        (Method::GET, "/market/nothing", 404),
        (Method::GET, "/market/offers/%2e%2e", 404),
        (Method::DELETE, "/market/account", 405),
        (Method::GET, "/catalog/products?$top=x", 400),
        (Method::GET, "/catalog/products?$filter=shoeSize%20eq%201", 400),
        (Method::GET, "/catalog/products?continuationToken=AAAA", 400),
        (Method::GET, "/catalog/products?subscriptionId=x", 400),
    ] {
        let answer = kit.send(Some(&token), &method, asked, &[], b"").await;
        assert_eq!(answer.status, status, "{method} {asked}: {answer:?}");
        assert!(answer.headers.contains_key("x-ms-error-code"), "{asked}");
    }
    for row in all().iter().filter(|row| row.method != Method::GET) {
        let huge = vec![b' '; row.bytes_max + 1];
        let answer = kit.send(Some(&token), &row.method, &path(row.pattern), &[], &huge).await;
        assert!([403, 413].contains(&answer.status), "{}: {answer:?}", row.pattern);
    }
}
