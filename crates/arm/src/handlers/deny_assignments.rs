//! What nobody may do, whatever is granted (`Microsoft.Authorization/denyAssignments`): to be
//! read by whoever may, written with the platform's own leave only.

use access::index::PrincipalKind;
use ids::{
    guid::{ObjectId, Principal},
    resource::DenyAssignmentId,
};
use model::{question::Via, role::DenyAssignment};
use operations::{
    error::Error,
    roles::denials::{self, decide::Refused},
};
use wire::arm::{
    roles::{DenyBody, DenyPut},
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

const KIND: &str = "Microsoft.Authorization/denyAssignments";
const VERSIONS: &[&str] =
    &["2024-07-01-preview", "2022-04-01", "2019-03-01-preview", "2018-07-01-preview"];

pub(crate) const ROUTES: &[Route] = &[
    row(Get, Item(KIND), These(VERSIONS), Action("{kind}/read", Via::Any), get),
    row(Put, Item(KIND), These(VERSIONS), Action("{kind}/write", Via::Platform), put),
    row(Delete, Item(KIND), These(VERSIONS), Action("{kind}/delete", Via::Platform), delete),
    row(Get, List(KIND), These(VERSIONS), Action("{kind}/read", Via::Any), list),
];

fn get(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let found = denials::get(ask.plane, &ask.context, id(&ask)?).await?;
        Ok(ArmResponse::json(200, body(&ask, found)))
    })
}

fn list(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let filter = filter::denials(&ask)?;
        let found = denials::list(ask.plane, &ask.context, &ask.scope(), &filter).await?;
        let value = found.into_iter().map(|it| body(&ask, it)).collect();
        Ok(ArmResponse::json(200, ListBody::whole(value)))
    })
}

fn put(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let id = id(&ask)?;
        if id.name().as_str().parse::<ObjectId>().is_err() {
            return Err(refused(Refused::NotAGuid(id.name().to_string())));
        }
        let home = ask.plane.index().home(id.scope()).ok_or(Failure::NoSuchPath)?;
        let deny = ask.json::<DenyPut>()?.into_deny(id, home);
        let deny = deny.ok_or_else(|| refused(Refused::Principals))?;
        let put = denials::put::put(ask.plane, &ask.context, deny).await?;
        Ok(ArmResponse::json(put.status(), body(&ask, put.into_inner())))
    })
}

fn delete(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let gone = denials::delete::delete(ask.plane, &ask.context, id(&ask)?).await?;
        Ok(gone.map_or_else(
            || ArmResponse::empty(204),
            |gone| ArmResponse::json(200, body(&ask, gone)),
        ))
    })
}

fn id(ask: &Ask<'_>) -> Result<DenyAssignmentId, Failure> {
    Ok(ask.resource()?.try_into()?)
}

fn refused(why: Refused) -> Failure {
    Error::from(why).into()
}

fn body(ask: &Ask<'_>, deny: DenyAssignment) -> DenyBody {
    let index = ask.plane.index();
    DenyBody::new(deny, |who: Principal| match index.principal(who).map(|facts| facts.kind) {
        Some(PrincipalKind::User | PrincipalKind::Guest { .. }) | None => "User",
        Some(PrincipalKind::Group(_)) => "Group",
        Some(PrincipalKind::Application | PrincipalKind::ManagedIdentity) => "ServicePrincipal",
    })
}
