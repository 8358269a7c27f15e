//! The tags of a subscription, a resource group or a resource, by themselves
//! (`{scope}/providers/Microsoft.Resources/tags/default`).

use ids::scope::Scope;
use model::question::Via;
use operations::tags::{self, Edit};
use wire::arm::tags::{TagsBody, TagsOperation, TagsPatch, TagsPut};

use crate::{
    failure::Failure,
    request::{
        ArmResponse,
        Method::{Delete, Get, Patch, Put},
    },
    route::{Answer, Ask, Judge::Action, Route, Target::Item, Versions::These, row},
    versions::TAGS,
};

const KIND: &str = "Microsoft.Resources/tags";

pub(crate) const ROUTES: &[Route] = &[
    row(Get, Item(KIND), These(TAGS), Action("{kind}/read", Via::Any), get),
    row(Put, Item(KIND), These(TAGS), Action("{kind}/write", Via::Any), put),
    row(Patch, Item(KIND), These(TAGS), Action("{kind}/write", Via::Any), patch),
    row(Delete, Item(KIND), These(TAGS), Action("{kind}/delete", Via::Any), delete),
];

fn get(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let scope = scope(&ask)?;
        let found = tags::get(ask.plane, &ask.context, &scope).await?;
        Ok(ArmResponse::json(200, TagsBody::new(&scope, found)))
    })
}

fn put(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let TagsPut { properties } = ask.json()?;
        edit(&ask, &Edit::Replace(properties.tags)).await
    })
}

fn patch(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let TagsPatch { operation, properties } = ask.json()?;
        let wanted = match operation {
            TagsOperation::Replace => Edit::Replace(properties.tags),
            TagsOperation::Merge => Edit::Merge(properties.tags),
            TagsOperation::Delete => Edit::Delete(properties.tags),
        };
        edit(&ask, &wanted).await
    })
}

fn delete(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        edit(&ask, &Edit::Clear).await?;
        Ok(ArmResponse::empty(200))
    })
}

async fn edit(ask: &Ask<'_>, wanted: &Edit) -> Result<ArmResponse, Failure> {
    let scope = scope(ask)?;
    let after = tags::edit(ask.plane, &ask.context, &scope, wanted).await?;
    Ok(ArmResponse::json(200, TagsBody::new(&scope, after)))
}

/// What the tags hang on. They have one name only.
fn scope(ask: &Ask<'_>) -> Result<Scope, Failure> {
    let id = ask.resource()?;
    if id.name().is("default") {
        return Ok(id.scope().clone());
    }
    Err(Failure::NotFound { name: id.below_scope(), group: None })
}
