//! Resource groups (`/subscriptions/{id}/resourcegroups`).

use ids::scope::Scope;
use model::question::Via;
use model::tree::ResourceGroup;
use operations::groups::{
    GroupId, Refused,
    put::{PatchGroup, PutGroup},
    read,
};
use wire::arm::scopes::{GroupBody, GroupPut};

use crate::{
    failure::Failure,
    request::{
        ArmResponse,
        Method::{Delete, Get, Head, Patch, Put},
    },
    route::{
        Answer, Ask,
        Judge::{Action, Each},
        Level::{self, Subscription},
        Route,
        Target::{self, Words},
        Versions::These,
        row,
    },
    versions::RESOURCES,
};

pub(crate) const ROUTES: &[Route] = &[
    row(
        Get,
        Words(Subscription, &["resourceGroups"]),
        These(RESOURCES),
        Each("Microsoft.Resources/subscriptions/resourceGroups/read"),
        list,
    ),
    row(
        Get,
        Target::Scope(Level::ResourceGroup),
        These(RESOURCES),
        Action("Microsoft.Resources/subscriptions/resourceGroups/read", Via::Any),
        get,
    ),
    row(
        Head,
        Target::Scope(Level::ResourceGroup),
        These(RESOURCES),
        Action("Microsoft.Resources/subscriptions/resourceGroups/read", Via::Any),
        head,
    ),
    row(
        Put,
        Target::Scope(Level::ResourceGroup),
        These(RESOURCES),
        Action("Microsoft.Resources/subscriptions/resourceGroups/write", Via::Any),
        put,
    ),
    row(
        Patch,
        Target::Scope(Level::ResourceGroup),
        These(RESOURCES),
        Action("Microsoft.Resources/subscriptions/resourceGroups/write", Via::Any),
        patch,
    ),
    row(
        Delete,
        Target::Scope(Level::ResourceGroup),
        These(RESOURCES),
        Action("Microsoft.Resources/subscriptions/resourceGroups/delete", Via::Any),
        delete,
    ),
];

pub(crate) fn get(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let group = read::get(ask.plane, &ask.context, id(&ask)?).await?;
        Ok(ArmResponse::json(200, GroupBody::from(group)))
    })
}

/// Whether it is there: 204 or 404, never a body.
pub(crate) fn head(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        match read::get(ask.plane, &ask.context, id(&ask)?).await {
            Ok(_) => Ok(ArmResponse::empty(204)),
            Err(operations::error::Error::Group(Refused::NotFound(_))) => {
                Ok(ArmResponse::empty(404))
            }
            Err(error) => Err(error.into()),
        }
    })
}

pub(crate) fn list(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let page = operations::page::page(ask.cursor()?, ask.top()?);
        let found = read::list(ask.plane, &ask.context, ask.subscription()?, page).await?;
        let filter = ask.filter()?;
        let meant = |group: &ResourceGroup| filter.as_ref().is_none_or(|it| it.meets(group));
        let groups = found.items.into_iter().filter(meant);
        Ok(ask.list(groups.map(GroupBody::from).collect(), found.next.as_ref()))
    })
}

pub(crate) fn put(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let (subscription, name) = id(&ask)?;
        let GroupPut { location, tags, managed_by } = ask.json()?;
        let request = PutGroup { subscription, name, location, tags, managed_by };
        let put = operations::groups::put::put(ask.plane, &ask.context, request).await?;
        Ok(ArmResponse::json(put.status(), GroupBody::from(put.into_inner())))
    })
}

pub(crate) fn patch(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let (subscription, name) = id(&ask)?;
        let GroupPut { location: _, tags, managed_by: _ } = ask.json()?;
        let request = PatchGroup { subscription, name, tags };
        let put = operations::groups::put::patch(ask.plane, &ask.context, request).await?;
        Ok(ArmResponse::json(200, GroupBody::from(put.into_inner())))
    })
}

pub(crate) fn delete(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let (subscription, name) = id(&ask)?;
        let operation =
            operations::groups::delete::delete(ask.plane, &ask.context, (subscription, name))
                .await?;
        let path = format!("/subscriptions/{subscription}/operationresults/{operation}");
        Ok(ArmResponse::empty(202).with("Location", ask.link(&path)).with("Retry-After", "1"))
    })
}

fn id(ask: &Ask<'_>) -> Result<GroupId, Failure> {
    match ask.scope() {
        Scope::ResourceGroup(subscription, name) => Ok((subscription, name)),
        Scope::Tenant(_)
        | Scope::ManagementGroup(..)
        | Scope::Subscription(_)
        | Scope::Resource(_) => Err(Failure::NoSuchPath),
    }
}
