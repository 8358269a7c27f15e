//! Who owns a group, an application or a service principal, and what somebody owns.

use operations::directory::owners::{self, Thing};
use wire::graph::objects::read_reference;

use super::{applications, objects::meant, service_principals};
use crate::{
    answer::Answer,
    failure::Failure,
    list,
    route::{Answered, Ask},
};

fn group(ask: &Ask) -> Result<Thing, Failure> {
    Ok(Thing::Group(ask.object(0)?))
}

fn application(ask: &Ask) -> Result<Thing, Failure> {
    Ok(Thing::Application(applications::key(ask)?))
}

fn service_principal(ask: &Ask) -> Result<Thing, Failure> {
    Ok(Thing::ServicePrincipal(service_principals::key(ask)?))
}

type Named = fn(&Ask) -> Result<Thing, Failure>;

async fn list(ask: Ask, thing: Named) -> Result<Answer, Failure> {
    let part = list::part(&ask)?;
    let sliced = owners::list(ask.plane(), &ask.context, thing(&ask)?, part).await?;
    list::objects(&ask, &sliced)
}

async fn add(ask: Ask, thing: Named) -> Result<Answer, Failure> {
    let owner = read_reference(&ask.body, &ask.plane().origins.graph)?;
    owners::add(ask.plane(), &ask.context, thing(&ask)?, owner).await?;
    Ok(Answer::done())
}

async fn remove(ask: Ask, thing: Named) -> Result<Answer, Failure> {
    owners::resign(ask.plane(), &ask.context, thing(&ask)?, ask.object(1)?).await?;
    Ok(Answer::done())
}

pub(crate) fn of_group(ask: Ask) -> Answered {
    Box::pin(list(ask, group))
}

pub(crate) fn add_to_group(ask: Ask) -> Answered {
    Box::pin(add(ask, group))
}

pub(crate) fn remove_from_group(ask: Ask) -> Answered {
    Box::pin(remove(ask, group))
}

pub(crate) fn of_application(ask: Ask) -> Answered {
    Box::pin(list(ask, application))
}

pub(crate) fn add_to_application(ask: Ask) -> Answered {
    Box::pin(add(ask, application))
}

pub(crate) fn remove_from_application(ask: Ask) -> Answered {
    Box::pin(remove(ask, application))
}

pub(crate) fn of_service_principal(ask: Ask) -> Answered {
    Box::pin(list(ask, service_principal))
}

pub(crate) fn add_to_service_principal(ask: Ask) -> Answered {
    Box::pin(add(ask, service_principal))
}

pub(crate) fn remove_from_service_principal(ask: Ask) -> Answered {
    Box::pin(remove(ask, service_principal))
}

pub(crate) fn owned_objects(ask: Ask) -> Answered {
    Box::pin(async move {
        let part = list::part(&ask)?;
        let who = meant(&ask).await?;
        let sliced = owners::owned_by(ask.plane(), &ask.context, who, part).await?;
        list::objects(&ask, &sliced)
    })
}
