//! What is served where.

use std::sync::LazyLock;

use axum::http::Method;

pub use crate::route::{Leave, Route};
use crate::{
    handlers::{account, catalog, ingestion, offers, policies, reports},
    route::{Answered, Ask},
};

/// Of a request that needs none.
const NO_BODY: usize = 64 << 10;
/// Of a draft with audiences of ten thousand.
const DRAFT: usize = 4 << 20;
/// Of a list of ten thousand subscriptions.
const LIST: usize = 2 << 20;
/// Of a picture; each purpose has a bound of its own below this.
const PICTURE: usize = 16 << 20;

fn row(method: Method, pattern: &'static str, leave: Leave, serve: fn(Ask) -> Answered) -> Route {
    Route { method, pattern, leave, bytes_max: NO_BODY, serve }
}

fn large(
    method: Method,
    pattern: &'static str,
    leave: Leave,
    bytes_max: usize,
    serve: fn(Ask) -> Answered,
) -> Route {
    Route { method, pattern, leave, bytes_max, serve }
}

static TABLE: LazyLock<Vec<Route>> = LazyLock::new(|| {
    use Leave::{Account, Anyone, Platform};
    let (get, put) = (|| Method::GET, || Method::PUT);
    let (post, delete) = (|| Method::POST, || Method::DELETE);
    vec![
        row(get(), "/market/account", Account("accounts/read"), account::get),
        row(put(), "/market/account", Account("accounts/write"), account::put),
        row(get(), "/market/account/members", Account("members/read"), account::members),
        row(put(), "/market/account/members/{}", Account("members/write"), account::put_member),
        row(
            delete(),
            "/market/account/members/{}",
            Account("members/delete"),
            account::remove_member,
        ),
        row(get(), "/market/account/publishers", Account("publishers/read"), account::publishers),
        row(
            post(),
            "/market/account/publishers",
            Account("publishers/write"),
            account::create_publisher,
        ),
        row(get(), "/market/accounts", Platform("verifications/read"), account::list),
        row(get(), "/market/accounts/{}", Platform("verifications/read"), account::get),
        row(
            put(),
            "/market/accounts/{}/verification",
            Platform("verifications/write"),
            account::verify,
        ),
        row(get(), "/market/offers", Account("offers/read"), offers::list),
        row(get(), "/market/offers/{}", Account("offers/read"), offers::get),
        row(get(), "/market/offers/{}/history", Account("offers/read"), offers::history),
        row(get(), "/market/offers/{}/findings", Account("offers/read"), offers::findings),
        row(get(), "/market/offers/{}/compare", Account("offers/read"), offers::compared),
        row(post(), "/market/offers/{}/cancel", Account("submissions/write"), offers::cancel),
        row(get(), "/market/offers/{}/test-lead", Account("offers/read"), offers::test_lead),
        row(post(), "/market/offers/{}/test-lead", Account("leads/write"), offers::send_test_lead),
        row(post(), "/market/offers/{}/stop", Account("offers/write"), offers::stop),
        row(post(), "/market/offers/{}/resume", Account("offers/write"), offers::resume),
        row(post(), "/market/offers/{}/plans/{}/stop", Account("offers/write"), offers::stop_plan),
        row(
            post(),
            "/market/offers/{}/plans/{}/resume",
            Account("offers/write"),
            offers::resume_plan,
        ),
        row(get(), "/market/offers/{}/audience", Account("offers/read"), offers::audience),
        row(get(), "/market/offers/{}/plans/{}/audience", Account("offers/read"), offers::audience),
        large(
            put(),
            "/market/offers/{}/audience",
            Account("offers/write"),
            LIST,
            offers::import_audience,
        ),
        large(
            put(),
            "/market/offers/{}/plans/{}/audience",
            Account("offers/write"),
            LIST,
            offers::import_audience,
        ),
        large(post(), "/market/media", Account("offers/write"), PICTURE, offers::upload),
        row(get(), "/market/media/{}", Account("offers/read"), offers::picture),
        row(get(), "/market/reports/influence", Account("reports/read"), reports::influence),
        row(
            get(),
            "/market/reports/influence.csv",
            Account("reports/read"),
            reports::influence_table,
        ),
        row(get(), "/market/reports/versions", Account("reports/read"), reports::versions),
        row(
            get(),
            "/market/offers/{}/plans/{}/customers",
            Account("reports/read"),
            reports::customers,
        ),
        row(get(), "/market/leads", Account("leads/read"), offers::leads),
        row(get(), "/market/submissions", Platform("certifications/read"), offers::waiting),
        row(
            get(),
            "/market/accounts/{}/submissions/{}",
            Platform("certifications/read"),
            offers::submitted,
        ),
        row(
            put(),
            "/market/accounts/{}/submissions/{}/review",
            Platform("certifications/write"),
            offers::review,
        ),
        row(get(), "/catalog/products", Anyone, catalog::list),
        row(get(), "/catalog/products/{}", Anyone, catalog::get),
        row(get(), "/catalog/media/{}/{}", Anyone, catalog::picture),
        row(get(), "/policies/certification", Anyone, policies::certification),
    ]
    .into_iter()
    .chain(ingestion_rows())
    .collect()
});

/// Drafts in the Product Ingestion API's shape.
fn ingestion_rows() -> Vec<Route> {
    let reading = Leave::Account("offers/read");
    let get = |pattern, serve| row(Method::GET, pattern, reading, serve);
    vec![
        large(
            Method::POST,
            "/rp/product-ingestion/configure",
            Leave::Account("offers/write"),
            DRAFT,
            ingestion::configure,
        ),
        get("/rp/product-ingestion/configure/{}", ingestion::job),
        get("/rp/product-ingestion/configure/{}/status", ingestion::job),
        get("/rp/product-ingestion/resource-tree/product/{}", ingestion::tree),
        get("/rp/product-ingestion/product", ingestion::products),
        get("/rp/product-ingestion/plan", ingestion::plans),
        get("/rp/product-ingestion/submission/{}", ingestion::submissions),
        get("/rp/product-ingestion/submission/{}/{}", ingestion::submission),
        get("/rp/product-ingestion/{}/{}", ingestion::resource),
        get("/rp/product-ingestion/{}/{}/{}", ingestion::resource),
    ]
}

/// Every row.
pub fn all() -> &'static [Route] {
    &TABLE
}
