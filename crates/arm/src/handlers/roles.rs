//! Roles and who holds them (`Microsoft.Authorization/roleAssignments`, `roleDefinitions`).

use model::question::Via;

use crate::{
    request::Method::{Delete, Get, Put},
    route::{
        Judge::Action,
        Route,
        Target::{Item, List},
        Versions::These,
        row,
    },
};

mod assignments;
mod definitions;
pub(crate) mod filter;

const ASSIGNMENTS: &str = "Microsoft.Authorization/roleAssignments";
const ASSIGNMENT_VERSIONS: &[&str] = &[
    "2022-04-01",
    "2020-10-01-preview",
    "2020-08-01-preview",
    "2020-04-01-preview",
    "2020-03-01-preview",
    "2019-04-01-preview",
    "2018-09-01-preview",
    "2018-07-01",
    "2018-01-01-preview",
    "2017-10-01-preview",
    "2017-05-01",
    "2016-07-01",
    "2015-07-01",
    "2015-06-01",
    "2015-05-01-preview",
    "2014-10-01-preview",
    "2014-07-01-preview",
    "2014-04-01-preview",
];

const DEFINITIONS: &str = "Microsoft.Authorization/roleDefinitions";
const DEFINITION_VERSIONS: &[&str] = &[
    "2023-07-01-preview",
    "2022-05-01-preview",
    "2022-04-01",
    "2018-07-01",
    "2018-01-01-preview",
    "2017-05-01",
    "2016-07-01",
    "2015-07-01",
    "2015-06-01",
    "2015-05-01-preview",
    "2014-10-01-preview",
    "2014-07-01-preview",
    "2014-04-01-preview",
];

pub(crate) const ROUTES: &[Route] = &[
    row(
        Get,
        Item(ASSIGNMENTS),
        These(ASSIGNMENT_VERSIONS),
        Action("{kind}/read", Via::Any),
        assignments::get,
    ),
    // Which role is meant stands in the body, or in the store: the operation asks again.
    row(
        Put,
        Item(ASSIGNMENTS),
        These(ASSIGNMENT_VERSIONS),
        Action("{kind}/write", Via::AssigningSome),
        assignments::put,
    ),
    row(
        Delete,
        Item(ASSIGNMENTS),
        These(ASSIGNMENT_VERSIONS),
        Action("{kind}/delete", Via::AssigningSome),
        assignments::delete,
    ),
    row(
        Get,
        List(ASSIGNMENTS),
        These(ASSIGNMENT_VERSIONS),
        Action("{kind}/read", Via::Any),
        assignments::list,
    ),
    row(
        Get,
        Item(DEFINITIONS),
        These(DEFINITION_VERSIONS),
        Action("{kind}/read", Via::Any),
        definitions::get,
    ),
    // Where else the role can be assigned stands in the body, or in the store.
    row(
        Put,
        Item(DEFINITIONS),
        These(DEFINITION_VERSIONS),
        Action("{kind}/write", Via::Direct),
        definitions::put,
    ),
    row(
        Delete,
        Item(DEFINITIONS),
        These(DEFINITION_VERSIONS),
        Action("{kind}/delete", Via::Direct),
        definitions::delete,
    ),
    row(
        Get,
        List(DEFINITIONS),
        These(DEFINITION_VERSIONS),
        Action("{kind}/read", Via::Any),
        definitions::list,
    ),
];
