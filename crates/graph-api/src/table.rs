//! Everything that is served: the one table of routes.

use std::sync::LazyLock;

use axum::http::Method;
use model::ownership::OwnedKind;

use crate::{
    handlers::{
        applications, authentication, credentials, groups, objects, organization, owners, roles,
        service_principals, users,
    },
    route::{Answered, Ask},
};

pub use crate::route::{Leave, Route};

/// What an object of that set is in, asked in six ways.
macro_rules! belonging {
    ($set:literal, $leave:expr) => {
        [
            get(concat!($set, "/{}/memberOf"), $leave, objects::member_of),
            get(concat!($set, "/{}/transitiveMemberOf"), $leave, objects::transitive_member_of),
            post(concat!($set, "/{}/getMemberGroups"), $leave, objects::get_member_groups),
            post(concat!($set, "/{}/getMemberObjects"), $leave, objects::get_member_objects),
            post(concat!($set, "/{}/checkMemberGroups"), $leave, objects::check_member_groups),
            post(concat!($set, "/{}/checkMemberObjects"), $leave, objects::check_member_objects),
        ]
    };
}

/// All rows, in the order in which a request is compared with them.
pub fn all() -> &'static [Route] {
    static ALL: LazyLock<Vec<Route>> = LazyLock::new(|| {
        [people(), in_groups(), of_objects(), apps(), principals(), of_roles(), tenant()]
            .into_iter()
            .flatten()
            .chain(belonging!("/users", Leave::ReadOrSelf("users/read")))
            .chain(belonging!("/groups", Leave::Read("groups/read")))
            .chain(belonging!("/directoryObjects", Leave::ReadOrSelf("directoryObjects/read")))
            .chain(belonging!("/servicePrincipals", Leave::ReadOrSelf("servicePrincipals/read")))
            .collect()
    });
    &ALL
}

const fn get(pattern: &'static str, leave: Leave, serve: fn(Ask) -> Answered) -> Route {
    Route { method: Method::GET, pattern, leave, serve }
}

const fn post(pattern: &'static str, leave: Leave, serve: fn(Ask) -> Answered) -> Route {
    Route { method: Method::POST, pattern, leave, serve }
}

const fn patch(pattern: &'static str, leave: Leave, serve: fn(Ask) -> Answered) -> Route {
    Route { method: Method::PATCH, pattern, leave, serve }
}

const fn delete(pattern: &'static str, leave: Leave, serve: fn(Ask) -> Answered) -> Route {
    Route { method: Method::DELETE, pattern, leave, serve }
}

fn people() -> Vec<Route> {
    const FACTORS: &str = "/users/{}/authentication/softwareOathMethods";
    const FACTOR: &str = "/users/{}/authentication/softwareOathMethods/{}";
    let own = Leave::ReadOrSelf("users/read");
    // Who has a second factor, and who has none, is for those alone to know who may change it.
    let reset = Leave::Write("users/credentials/delete");
    vec![
        get(FACTORS, reset, authentication::list),
        delete(FACTOR, reset, authentication::reset),
        get("/users", Leave::Read("users/read"), users::list),
        post("/users", Leave::Write("users/write"), users::create),
        get("/users/$count", Leave::Read("users/read"), users::count),
        get("/users/{}", own, users::get),
        patch("/users/{}", Leave::Write("users/write"), users::update),
        delete("/users/{}", Leave::Write("users/delete"), users::delete),
        get("/users/{}/ownedObjects", own, owners::owned_objects),
        post("/invitations", Leave::Write("users/write"), users::invite),
    ]
}

fn in_groups() -> Vec<Route> {
    let read = Leave::Read("groups/read");
    let write = Leave::WriteOrOwn("groups/write", OwnedKind::Group);
    let gone = Leave::WriteOrOwn("groups/delete", OwnedKind::Group);
    vec![
        get("/groups", read, groups::list),
        post("/groups", Leave::Write("groups/write"), groups::create),
        get("/groups/$count", read, groups::count),
        get("/groups/{}", read, groups::get),
        patch("/groups/{}", write, groups::update),
        delete("/groups/{}", gone, groups::delete),
        get("/groups/{}/members", read, groups::members),
        get("/groups/{}/transitiveMembers", read, groups::transitive_members),
        post("/groups/{}/members/$ref", write, groups::add_member),
        delete("/groups/{}/members/{}/$ref", gone, groups::remove_member),
        get("/groups/{}/owners", read, owners::of_group),
        post("/groups/{}/owners/$ref", write, owners::add_to_group),
        delete("/groups/{}/owners/{}/$ref", gone, owners::remove_from_group),
    ]
}

fn of_objects() -> Vec<Route> {
    let read = Leave::Read("directoryObjects/read");
    let own = Leave::ReadOrSelf("directoryObjects/read");
    vec![
        post("/directoryObjects/getByIds", read, objects::by_ids),
        get("/directoryObjects/{}", own, objects::get),
    ]
}

fn apps() -> Vec<Route> {
    const FEDERATED: &str = "/applications/{}/federatedIdentityCredentials";
    const ONE_FEDERATED: &str = "/applications/{}/federatedIdentityCredentials/{}";
    let read = Leave::Read("applications/read");
    let or_own = |name| Leave::WriteOrOwn(name, OwnedKind::Application);
    let (write, gone) = (or_own("applications/write"), or_own("applications/delete"));
    let sign_in = or_own("applications/credentials/write");
    let no_sign_in = or_own("applications/credentials/delete");
    vec![
        get("/applications", read, applications::list),
        post("/applications", Leave::Write("applications/write"), applications::create),
        get("/applications/$count", read, applications::count),
        get("/applications/{}", read, applications::get),
        patch("/applications/{}", write, applications::update),
        delete("/applications/{}", gone, applications::delete),
        get("/applications/{}/owners", read, owners::of_application),
        post("/applications/{}/owners/$ref", write, owners::add_to_application),
        delete("/applications/{}/owners/{}/$ref", gone, owners::remove_from_application),
        post("/applications/{}/addPassword", sign_in, credentials::add_password),
        post("/applications/{}/removePassword", no_sign_in, credentials::remove_password),
        get(FEDERATED, read, credentials::federated_list),
        post(FEDERATED, sign_in, credentials::federate),
        get(ONE_FEDERATED, read, credentials::federated_get),
        patch(ONE_FEDERATED, sign_in, credentials::federated_update),
        delete(ONE_FEDERATED, no_sign_in, credentials::unfederate),
    ]
}

fn principals() -> Vec<Route> {
    let read = Leave::Read("servicePrincipals/read");
    let own = Leave::ReadOrSelf("servicePrincipals/read");
    let write = Leave::Write("servicePrincipals/write");
    let own_write = Leave::WriteOrOwn("servicePrincipals/write", OwnedKind::ServicePrincipal);
    let gone = Leave::WriteOrOwn("servicePrincipals/delete", OwnedKind::ServicePrincipal);
    let none = service_principals::no_role_assignments;
    vec![
        get("/servicePrincipals", read, service_principals::list),
        post("/servicePrincipals", write, service_principals::create),
        get("/servicePrincipals/$count", read, service_principals::count),
        get("/servicePrincipals/{}", own, service_principals::get),
        patch("/servicePrincipals/{}", write, service_principals::update),
        delete("/servicePrincipals/{}", gone, service_principals::delete),
        get("/servicePrincipals/{}/owners", read, owners::of_service_principal),
        post("/servicePrincipals/{}/owners/$ref", own_write, owners::add_to_service_principal),
        delete("/servicePrincipals/{}/owners/{}/$ref", gone, owners::remove_from_service_principal),
        get("/servicePrincipals/{}/appRoleAssignments", own, none),
        get("/servicePrincipals/{}/appRoleAssignedTo", own, none),
    ]
}

fn of_roles() -> Vec<Route> {
    const DEFINITIONS: &str = "/roleManagement/directory/roleDefinitions";
    const ASSIGNMENTS: &str = "/roleManagement/directory/roleAssignments";
    let read = Leave::Read("roleAssignments/read");
    let give = Leave::Write("roleAssignments/write");
    let take = Leave::Write("roleAssignments/delete");
    vec![
        get("/directoryRoles", read, roles::list),
        get("/directoryRoleTemplates", read, roles::templates),
        get("/directoryRoles/{}", read, roles::get),
        get("/directoryRoles/{}/members", read, roles::members),
        post("/directoryRoles/{}/members/$ref", give, roles::add_member),
        delete("/directoryRoles/{}/members/{}/$ref", take, roles::remove_member),
        get(DEFINITIONS, read, roles::definitions),
        get("/roleManagement/directory/roleDefinitions/{}", read, roles::definition_get),
        get(ASSIGNMENTS, read, roles::assignments),
        post(ASSIGNMENTS, give, roles::assign),
        get("/roleManagement/directory/roleAssignments/{}", read, roles::assignment_get),
        delete("/roleManagement/directory/roleAssignments/{}", take, roles::unassign),
    ]
}

fn tenant() -> Vec<Route> {
    let read = Leave::Read("organization/read");
    vec![
        get("/organization", read, organization::list),
        get("/organization/{}", read, organization::get),
        get("/domains", read, organization::domains),
        get("/domains/{}", read, organization::domain_get),
    ]
}
