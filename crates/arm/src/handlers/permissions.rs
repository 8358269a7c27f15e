//! What the caller may do (`Microsoft.Authorization/permissions`).

use model::question::Via;
use operations::roles::permissions;
use wire::arm::{roles::PermissionBody, scopes::ListBody};

use crate::{
    request::{ArmResponse, Method::Get},
    route::{Answer, Ask, Judge::Action, Route, Target::List, Versions::These, row},
};

const VERSIONS: &[&str] = &[
    "2022-05-01-preview",
    "2022-04-01",
    "2018-07-01",
    "2018-01-01-preview",
    "2016-07-01",
    "2015-07-01",
    "2015-06-01",
];

pub(crate) const ROUTES: &[Route] = &[row(
    Get,
    List("Microsoft.Authorization/permissions"),
    These(VERSIONS),
    Action("{kind}/read", Via::Any),
    list,
)];

fn list(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let held = permissions::of_caller(ask.plane, &ask.context, &ask.scope()).await?;
        let value = held.into_iter().map(PermissionBody::from).collect();
        Ok(ArmResponse::json(200, ListBody::whole(value)))
    })
}
