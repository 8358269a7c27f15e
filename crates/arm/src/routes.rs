//! The one table: what can be asked, in which versions, by whom, and what answers.
//!
//! A row for a type of its own stands before the rows for any type and hides them.

use model::question::Via;

use crate::{
    handlers::{groups, resources, status, subscriptions, tenants},
    request::Method::{Delete, Get, Head, Patch, Put},
    route::{
        Judge::{Action, Each, Starter},
        Level::{ResourceGroup, Subscription, Tenant},
        Route,
        Target::{AnyItem, AnyList, Scope, Words},
        Versions::{OfType, These},
    },
};

/// Versions of the root surface that clients use (`az`, the SDKs, Terraform).
const RESOURCES: &[&str] = &[
    "2025-04-01",
    "2025-03-01",
    "2024-11-01",
    "2024-08-01",
    "2024-07-01",
    "2024-03-01",
    "2023-07-01",
    "2022-09-01",
    "2021-04-01",
    "2021-01-01",
    "2020-10-01",
    "2020-08-01",
    "2020-06-01",
    "2020-01-01",
    "2019-10-01",
    "2019-08-01",
    "2019-07-01",
    "2019-05-10",
    "2019-05-01",
    "2019-03-01",
    "2018-05-01",
    "2018-02-01",
    "2017-05-10",
    "2016-09-01",
    "2016-07-01",
    "2016-02-01",
    "2015-11-01",
    "2015-01-01",
];
const SUBSCRIPTIONS: &[&str] = &[
    "2022-12-01",
    "2022-09-01",
    "2021-01-01",
    "2020-01-01",
    "2019-11-01",
    "2019-06-01",
    "2018-06-01",
    "2016-06-01",
    "2015-11-01",
    "2014-04-01",
];

/// Everything that the front door answers.
pub static ROUTES: &[Route] = &[
    // Tenants and subscriptions.
    Route {
        method: Get,
        target: Words(Tenant, &["tenants"]),
        versions: These(SUBSCRIPTIONS),
        judge: Each("Microsoft.Resources/tenants/read"),
        serve: tenants::list,
    },
    Route {
        method: Get,
        target: Words(Tenant, &["subscriptions"]),
        versions: These(SUBSCRIPTIONS),
        judge: Each("Microsoft.Resources/subscriptions/read"),
        serve: subscriptions::list,
    },
    Route {
        method: Get,
        target: Scope(Subscription),
        versions: These(SUBSCRIPTIONS),
        judge: Each("Microsoft.Resources/subscriptions/read"),
        serve: subscriptions::get,
    },
    Route {
        method: Get,
        target: Words(Subscription, &["locations"]),
        versions: These(SUBSCRIPTIONS),
        judge: Each("Microsoft.Resources/subscriptions/locations/read"),
        serve: subscriptions::list_locations,
    },
    // Resource groups.
    Route {
        method: Get,
        target: Words(Subscription, &["resourceGroups"]),
        versions: These(RESOURCES),
        judge: Each("Microsoft.Resources/subscriptions/resourceGroups/read"),
        serve: groups::list,
    },
    Route {
        method: Get,
        target: Scope(ResourceGroup),
        versions: These(RESOURCES),
        judge: Action("Microsoft.Resources/subscriptions/resourceGroups/read", Via::Any),
        serve: groups::get,
    },
    Route {
        method: Head,
        target: Scope(ResourceGroup),
        versions: These(RESOURCES),
        judge: Action("Microsoft.Resources/subscriptions/resourceGroups/read", Via::Any),
        serve: groups::head,
    },
    Route {
        method: Put,
        target: Scope(ResourceGroup),
        versions: These(RESOURCES),
        judge: Action("Microsoft.Resources/subscriptions/resourceGroups/write", Via::Any),
        serve: groups::put,
    },
    Route {
        method: Patch,
        target: Scope(ResourceGroup),
        versions: These(RESOURCES),
        judge: Action("Microsoft.Resources/subscriptions/resourceGroups/write", Via::Any),
        serve: groups::patch,
    },
    Route {
        method: Delete,
        target: Scope(ResourceGroup),
        versions: These(RESOURCES),
        judge: Action("Microsoft.Resources/subscriptions/resourceGroups/delete", Via::Any),
        serve: groups::delete,
    },
    // Results of long-running operations.
    Route {
        method: Get,
        target: Words(Subscription, &["operationresults", "*"]),
        versions: These(RESOURCES),
        judge: Starter,
        serve: status::result,
    },
    // Resources of any type, at a subscription or a group.
    Route {
        method: Get,
        target: Words(Subscription, &["resources"]),
        versions: These(RESOURCES),
        judge: Each("Microsoft.Resources/subscriptions/resources/read"),
        serve: resources::list,
    },
    Route {
        method: Get,
        target: Words(ResourceGroup, &["resources"]),
        versions: These(RESOURCES),
        judge: Each("Microsoft.Resources/subscriptions/resourceGroups/resources/read"),
        serve: resources::list,
    },
    // Any known type without rows of its own: these stand last.
    Route {
        method: Get,
        target: AnyItem,
        versions: OfType,
        judge: Action("{kind}/read", Via::Any),
        serve: resources::get,
    },
    Route {
        method: Put,
        target: AnyItem,
        versions: OfType,
        judge: Action("{kind}/write", Via::Any),
        serve: resources::put,
    },
    Route {
        method: Patch,
        target: AnyItem,
        versions: OfType,
        judge: Action("{kind}/write", Via::Any),
        serve: resources::patch,
    },
    Route {
        method: Delete,
        target: AnyItem,
        versions: OfType,
        judge: Action("{kind}/delete", Via::Any),
        serve: resources::delete,
    },
    Route {
        method: Get,
        target: AnyList,
        versions: OfType,
        judge: Each("{kind}/read"),
        serve: resources::list_type,
    },
];
