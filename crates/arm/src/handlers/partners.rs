//! Whose partner the caller works for (Microsoft.ManagementPartner, 2018-02-01).

use ids::{offer::PartnerId, scope::Scope};
use operations::partners::{self, Refused};
use wire::arm::partners::{PartnerBody, operations as known};

use crate::{
    failure::Failure,
    request::{
        ArmResponse,
        Method::{Delete, Get, Patch, Put},
    },
    route::{
        Answer, Ask,
        Judge::Each,
        Route,
        Target::{Item, List},
        Versions::These,
        row,
    },
};

const VERSIONS: &[&str] = &["2018-02-01"];
const KIND: &str = "Microsoft.ManagementPartner/partners";
/// The token decides whose link it is, and everybody has the leave for their own.
const OWN: &str = "Fyr.Directory/self/partnerLink/read";

pub(crate) const ROUTES: &[Route] = &[
    row(Get, Item(KIND), These(VERSIONS), Each(OWN), get),
    row(Put, Item(KIND), These(VERSIONS), Each(OWN), put),
    row(Patch, Item(KIND), These(VERSIONS), Each(OWN), patch),
    row(Delete, Item(KIND), These(VERSIONS), Each(OWN), delete),
    row(Get, List(KIND), These(VERSIONS), Each(OWN), get_own),
    row(
        Get,
        List("Microsoft.ManagementPartner/operations"),
        These(VERSIONS),
        Each("{kind}/read"),
        list_operations,
    ),
];

fn get(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let link = partners::get(ask.plane, &ask.context, Some(partner(&ask)?)).await?;
        Ok(ArmResponse::json(200, PartnerBody::from(link)))
    })
}

/// `GET …/partners`: not a list, but the one link that the caller may have.
fn get_own(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let Scope::Tenant(_) = ask.scope() else { return Err(Failure::NoSuchPath) };
        let link = partners::get(ask.plane, &ask.context, None).await?;
        Ok(ArmResponse::json(200, PartnerBody::from(link)))
    })
}

fn put(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let link = partners::create(ask.plane, &ask.context, partner(&ask)?).await?;
        Ok(ArmResponse::json(200, PartnerBody::from(link.into_inner())))
    })
}

fn patch(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let link = partners::update(ask.plane, &ask.context, partner(&ask)?).await?;
        Ok(ArmResponse::json(200, PartnerBody::from(link)))
    })
}

fn delete(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        partners::delete(ask.plane, &ask.context, partner(&ask)?).await?;
        Ok(ArmResponse::empty(200))
    })
}

fn list_operations(_: Ask<'_>) -> Answer<'_> {
    Box::pin(async move { Ok(ArmResponse::json(200, known())) })
}

fn partner(ask: &Ask<'_>) -> Result<PartnerId, Failure> {
    let id = ask.resource()?;
    let Scope::Tenant(_) = id.scope() else { return Err(Failure::NoSuchPath) };
    let read = id.name().as_str().parse().map_err(Refused::BadId);
    Ok(read.map_err(operations::error::Error::from)?)
}
