//! The pages, by who they are for. A page is one file: what it asks, its view, its template.

use crate::{
    frame::{Group, Place},
    table::Row,
};

mod customers;
mod home;
mod just_in_time;
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
        just_in_time::ROWS,
        partner::ROWS,
        marketplace::ROWS,
        oversight::ROWS,
        search::ROWS,
    ];
    areas.into_iter().flatten().copied().collect()
}

/// What the navigation says, and leads to. An area has places; each has a name, a path, and a line on
/// what it is for.
const NAVIGATION: &[Area] = &[
    (
        "Azure Lighthouse",
        &[
            (
                "Service providers",
                "/service-providers",
                "Who manages what of yours, and what waits for your word.",
            ),
            (
                "My customers",
                "/customers",
                "What is delegated to you, by whom, and under which offer.",
            ),
        ],
    ),
    (
        "Just-in-time access",
        &[
            ("My roles", "/roles", "What you may activate, what you hold, and until when."),
            ("My requests", "/roles/requests", "What you asked for, and what has become of it."),
            (
                "Approve requests",
                "/roles/approvals",
                "Who wants to hold a role for a while, and waits for your word.",
            ),
            (
                "Role settings",
                "/access/settings",
                "What your own scopes ask for before a provider's people hold a role.",
            ),
        ],
    ),
    partner::NAVIGATION,
    (
        "Marketplace",
        &[("Marketplace", "/marketplace", "What providers offer, and what each offer asks for.")],
    ),
    (
        "Oversight",
        &[
            (
                "Access control (IAM)",
                "/access",
                "Who can do what in a subscription or a resource group, providers among them.",
            ),
            ("Check access", "/access/check", "Whether somebody may do something, and by what."),
            ("Activity log", "/activity", "Who did what, and what was refused."),
        ],
    ),
    partner::OPERATING,
];

/// What belongs together, by its name.
type Area = (&'static str, &'static [Entry]);
/// A name, a path, and what is there.
type Entry = (&'static str, &'static str, &'static str);

/// What is at a place of the navigation.
fn says(to: &str) -> &'static str {
    let mut all = NAVIGATION.iter().flat_map(|(_, places)| places.iter());
    all.find(|(_, path, _)| *path == to).map_or("", |(_, _, says)| says)
}

/// The navigation, as seen from a page. The page is at the place that says most of its path.
pub(crate) fn navigation(path: &str) -> Vec<Group> {
    let is_at = |to: &str| {
        path.strip_prefix(to).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let all = NAVIGATION.iter().flat_map(|(_, places)| places.iter().map(|(_, to, _)| *to));
    let here = all.filter(|to| is_at(to)).max_by_key(|to| to.len());
    let place = |(name, to, _): &Entry| Place {
        name: (*name).to_owned(),
        path: (*to).to_owned(),
        is_here: here == Some(*to),
    };
    let group = |(name, places): &Area| Group { name, places: places.iter().map(place).collect() };
    NAVIGATION.iter().map(group).collect()
}
