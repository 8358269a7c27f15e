//! The one table: what can be asked, in which versions, by whom, and what answers.

use crate::{
    handlers::{
        acceptances, activity_log, agreements, classic_administrators, deny_assignments,
        deployments, elevate_access, explain, export, groups, just_in_time, locks,
        management_groups, moves, partners, permissions, policies, providers, questions, resources,
        roles, status, subscriptions, tags, tenants, who_can_delegate,
    },
    managed_services,
    route::Route,
};

/// Everything that the front door answers, a table per noun. A table for types of its own stands
/// before the one for any type, and its rows hide that one's.
pub static TABLES: &[&[Route]] = &[
    tenants::ROUTES,
    subscriptions::ROUTES,
    management_groups::ROUTES,
    groups::ROUTES,
    moves::ROUTES,
    status::ROUTES,
    managed_services::ROUTES,
    agreements::ROUTES,
    acceptances::ROUTES,
    partners::ROUTES,
    deployments::ROUTES,
    export::ROUTES,
    roles::ROUTES,
    permissions::ROUTES,
    deny_assignments::ROUTES,
    classic_administrators::ROUTES,
    just_in_time::ROUTES,
    elevate_access::ROUTES,
    who_can_delegate::ROUTES,
    explain::ROUTES,
    questions::ROUTES,
    locks::ROUTES,
    tags::ROUTES,
    policies::ROUTES,
    providers::ROUTES,
    activity_log::ROUTES,
    resources::ROUTES, // any type: the last
];

/// All rows in the order in which they are looked through.
pub fn all() -> impl Iterator<Item = &'static Route> {
    TABLES.iter().copied().flatten()
}
