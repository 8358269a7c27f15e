//! Locks (`Microsoft.Authorization/locks`).

use ids::resource::LockId;
use model::{question::Via, role::Lock};
use operations::locks;
use wire::arm::{
    locks::{LockBody, LockPut},
    scopes::ListBody,
};

use crate::{
    failure::Failure,
    handlers::roles::filter,
    request::{
        ArmResponse,
        Method::{Delete, Get, Put},
    },
    route::{
        Answer, Ask,
        Judge::Action,
        Route,
        Target::{Item, List},
        Versions::These,
        row,
    },
};

const VERSIONS: &[&str] =
    &["2020-05-01", "2017-04-01", "2016-09-01", "2015-06-01", "2015-05-01-preview", "2015-01-01"];

pub(crate) const ROUTES: &[Route] = &[
    row(Get, Item(LockId::KIND), These(VERSIONS), Action("{kind}/read", Via::Any), get),
    row(Put, Item(LockId::KIND), These(VERSIONS), Action("{kind}/write", Via::Any), put),
    row(Delete, Item(LockId::KIND), These(VERSIONS), Action("{kind}/delete", Via::Any), delete),
    row(Get, List(LockId::KIND), These(VERSIONS), Action("{kind}/read", Via::Any), list),
];

fn get(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let found = locks::get(ask.plane, &ask.context, id(&ask)?).await?;
        Ok(ArmResponse::json(200, LockBody::from(found)))
    })
}

fn list(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let reach = filter::reach(&ask)?;
        let found = locks::list(ask.plane, &ask.context, &ask.scope(), reach).await?;
        let value = found.into_iter().map(LockBody::from).collect();
        Ok(ArmResponse::json(200, ListBody::whole(value)))
    })
}

fn put(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let LockPut { properties } = ask.json()?;
        let lock = Lock { id: id(&ask)?, level: properties.level, notes: properties.notes };
        let put = locks::put(ask.plane, &ask.context, lock).await?;
        Ok(ArmResponse::json(put.status(), LockBody::from(put.into_inner())))
    })
}

fn delete(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let gone = locks::delete(ask.plane, &ask.context, id(&ask)?).await?;
        Ok(ArmResponse::empty(if gone { 200 } else { 204 }))
    })
}

fn id(ask: &Ask<'_>) -> Result<LockId, Failure> {
    Ok(ask.resource()?.try_into()?)
}
