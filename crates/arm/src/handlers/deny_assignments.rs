//! What nobody may do, whatever is granted (`Microsoft.Authorization/denyAssignments`): to be
//! read, never written.

use access::index::PrincipalKind;
use ids::guid::Principal;
use model::{question::Via, role::DenyAssignment};
use operations::roles::denials;
use wire::arm::{roles::DenyBody, scopes::ListBody};

use crate::{
    handlers::roles::filter,
    request::{ArmResponse, Method::Get},
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
    row(Get, List(KIND), These(VERSIONS), Action("{kind}/read", Via::Any), list),
];

fn get(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let id = ask.resource()?.try_into()?;
        let found = denials::get(ask.plane, &ask.context, id).await?;
        Ok(ArmResponse::json(200, body(&ask, found)))
    })
}

fn list(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let reach = filter::reach(&ask)?;
        let found = denials::list(ask.plane, &ask.context, &ask.scope(), reach).await?;
        let value = found.into_iter().map(|it| body(&ask, it)).collect();
        Ok(ArmResponse::json(200, ListBody::whole(value)))
    })
}

fn body(ask: &Ask<'_>, deny: DenyAssignment) -> DenyBody {
    let index = ask.plane.index();
    DenyBody::new(deny, |who: Principal| match index.principal(who).map(|facts| facts.kind) {
        Some(PrincipalKind::User | PrincipalKind::Guest { .. }) | None => "User",
        Some(PrincipalKind::Group(_)) => "Group",
        Some(PrincipalKind::Application | PrincipalKind::ManagedIdentity) => "ServicePrincipal",
    })
}
