//! Management groups (`/providers/Microsoft.Management/managementGroups`).

use ids::scope::Scope;
use model::question::Via;
use operations::management_groups as operation;
use wire::arm::scopes::ManagementGroupBody;

use crate::{
    failure::Failure,
    request::{ArmResponse, Method::Get},
    route::{
        Answer, Ask,
        Judge::{Action, Each},
        Level::ManagementGroup,
        Route,
        Target::{self, List},
        Versions::These,
        row,
    },
    versions::MANAGEMENT_GROUPS,
};

pub(crate) const ROUTES: &[Route] = &[
    row(
        Get,
        Target::Scope(ManagementGroup),
        These(MANAGEMENT_GROUPS),
        Action("Microsoft.Management/managementGroups/read", Via::Any),
        get,
    ),
    row(
        Get,
        List("Microsoft.Management/managementGroups"),
        These(MANAGEMENT_GROUPS),
        Each("Microsoft.Management/managementGroups/read"),
        list,
    ),
];

pub(crate) fn get(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let Scope::ManagementGroup(tenant, name) = ask.scope() else {
            return Err(Failure::NoSuchPath);
        };
        let group = operation::get(ask.plane, &ask.context, (tenant, name)).await?;
        Ok(ArmResponse::json(200, ManagementGroupBody::from(group)))
    })
}

pub(crate) fn list(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let page = operations::page::page(ask.cursor()?, ask.top()?);
        let found = operation::list(ask.plane, &ask.context, page).await?;
        let value = found.items.into_iter().map(ManagementGroupBody::from).collect();
        Ok(ask.list(value, found.next.as_ref()))
    })
}
