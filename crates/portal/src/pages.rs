//! The pages, by who they are for. A page is one file: what it asks, its view, its template.

use crate::{
    frame::{Group, Place},
    table::Row,
};

mod customers;
mod home;
mod marketplace;
mod oversight;
pub(crate) mod partner;
mod search;
mod service_providers;
mod settings;
pub(crate) mod sign_in;
pub(crate) mod trouble;

/// Every row of every page.
pub(crate) fn rows() -> Vec<Row> {
    let areas = [
        home::ROWS,
        settings::ROWS,
        sign_in::ROWS,
        service_providers::ROWS,
        customers::ROWS,
        partner::ROWS,
        marketplace::ROWS,
        oversight::ROWS,
        search::ROWS,
    ];
    areas.into_iter().flatten().copied().collect()
}

/// What the navigation says, and leads to.
const NAVIGATION: &[(&str, &[(&str, &str)])] = &[
    (
        "Azure Lighthouse",
        &[("Service providers", "/service-providers"), ("My customers", "/customers")],
    ),
    partner::NAVIGATION,
    ("Marketplace", &[("Marketplace", "/marketplace")]),
    (
        "Oversight",
        &[
            ("Access control (IAM)", "/access"),
            ("Check access", "/access/check"),
            ("Activity log", "/activity"),
        ],
    ),
    partner::OPERATING,
];

/// The navigation, as seen from a page. The page is at the place that says most of its path.
pub(crate) fn navigation(path: &str) -> Vec<Group> {
    let is_at = |to: &str| {
        path.strip_prefix(to).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let all = NAVIGATION.iter().flat_map(|(_, places)| places.iter().map(|(_, to)| *to));
    let here = all.filter(|to| is_at(to)).max_by_key(|to| to.len());
    let place = |(name, to): &(&'static str, &'static str)| Place {
        name: (*name).to_owned(),
        path: (*to).to_owned(),
        is_here: here == Some(*to),
    };
    let group = |(name, places): &(&'static str, &[(&'static str, &'static str)])| Group {
        name,
        places: places.iter().map(place).collect(),
    };
    NAVIGATION.iter().map(group).collect()
}
