//! Role definitions.

use ids::{guid::RoleId, scope::Scope};
use model::role::Permission;
use operations::{
    error::Error,
    roles::definitions::{
        self,
        decide::{PutDefinition, Refused},
    },
};
use wire::arm::{
    roles::{DefinitionBody, DefinitionPut, DefinitionPutProperties},
    scopes::ListBody,
};

use super::filter;
use crate::{
    failure::Failure,
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

/// Azure answers 201 for a role that was there before, too, and clients expect nothing else.
pub(super) fn put(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let id = id(&ask)?;
        let DefinitionPut { properties } = ask.json()?;
        let request = request(id, &ask, properties)?;
        let role = definitions::put::put(ask.plane, &ask.context, request).await?.into_inner();
        let within = ask.scope().subscription();
        Ok(ArmResponse::json(201, DefinitionBody::new(&role, within)))
    })
}

pub(super) fn delete(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let gone = definitions::delete::delete(ask.plane, &ask.context, id(&ask)?).await?;
        let within = ask.scope().subscription();
        Ok(gone.map_or_else(
            || ArmResponse::empty(204),
            |gone| ArmResponse::json(200, DefinitionBody::new(&gone, within)),
        ))
    })
}

fn id(ask: &Ask<'_>) -> Result<RoleId, Failure> {
    let id = ask.resource()?;
    let name = id.name().as_str();
    name.parse().map_err(|_| refused(Refused::NotAGuid(name.to_owned())))
}

fn request(
    id: RoleId,
    ask: &Ask<'_>,
    properties: DefinitionPutProperties,
) -> Result<PutDefinition, Failure> {
    let DefinitionPutProperties { role_name, r#type, description, permissions, assignable_scopes } =
        properties;
    if r#type.is_some_and(|it| !it.is_empty() && !it.eq_ignore_ascii_case("CustomRole")) {
        return Err(refused(Refused::Type));
    }
    let home = ask.context.caller.principal.tenant;
    let scope = |text: String| {
        let quoted = || text.chars().take(200).collect();
        Scope::parse(&text, home).map_err(|_| refused(Refused::Scope(quoted())))
    };
    Ok(PutDefinition {
        id,
        name: role_name.trim().to_owned(),
        description: description.unwrap_or_default(),
        permissions: permissions.into_iter().map(Permission::from).collect(),
        assignable_scopes: assignable_scopes.into_iter().map(scope).collect::<Result<_, _>>()?,
    })
}

fn refused(why: Refused) -> Failure {
    Error::from(why).into()
}
