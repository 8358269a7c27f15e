//! Role definitions.

use ids::path::Path;
use operations::{
    error::Error,
    roles::{Refused, definitions},
};
use wire::arm::{roles::DefinitionBody, scopes::ListBody};

use super::filter;
use crate::{
    request::ArmResponse,
    route::{Answer, Ask},
};

pub(super) fn get(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let id = ask.resource()?;
        let name = id.name().as_str();
        let found = definitions::get(ask.plane, &ask.context, id.scope(), name).await?;
        let within = id.scope().subscription();
        Ok(ArmResponse::json(200, DefinitionBody::new(&found, within)))
    })
}

pub(super) fn list(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let (scope, filter) = (ask.scope(), filter::definitions(&ask)?);
        let found = definitions::list(ask.plane, &ask.context, &scope, &filter).await?;
        let within = scope.subscription();
        let value = found.iter().map(|it| DefinitionBody::new(it, within)).collect();
        Ok(ArmResponse::json(200, ListBody::whole(value)))
    })
}

/// What would write a custom role.
pub(super) fn refuse(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        debug_assert!(matches!(ask.path, Path::Resource(_)), "the row is an item's");
        Err(Error::from(Refused::CustomRole).into())
    })
}
