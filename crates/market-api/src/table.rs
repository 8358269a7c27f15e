//! What is served where.

use std::sync::LazyLock;

use axum::http::Method;

use crate::{
    handlers::{account, catalog, policies},
    route::{Answered, Ask, Leave, Route},
};

/// Of a request that needs none.
const NO_BODY: usize = 64 << 10;

fn row(method: Method, pattern: &'static str, leave: Leave, serve: fn(Ask) -> Answered) -> Route {
    Route { method, pattern, leave, bytes_max: NO_BODY, serve }
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
        row(get(), "/catalog/products", Anyone, catalog::list),
        row(get(), "/catalog/products/{}", Anyone, catalog::get),
        row(get(), "/catalog/media/{}/{}", Anyone, catalog::picture),
        row(get(), "/policies/certification", Anyone, policies::certification),
    ]
});

/// Every row.
pub fn all() -> &'static [Route] {
    &TABLE
}
