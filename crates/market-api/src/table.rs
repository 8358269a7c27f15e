//! What is served where.

use std::sync::LazyLock;

use axum::http::Method;

use crate::{
    handlers::{catalog, policies},
    route::{Answered, Ask, Leave, Route},
};

/// Of a request that needs none.
const NO_BODY: usize = 64 << 10;

fn row(method: Method, pattern: &'static str, leave: Leave, serve: fn(Ask) -> Answered) -> Route {
    Route { method, pattern, leave, bytes_max: NO_BODY, serve }
}

static TABLE: LazyLock<Vec<Route>> = LazyLock::new(|| {
    use Leave::Anyone;
    let get = || Method::GET;
    vec![
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
