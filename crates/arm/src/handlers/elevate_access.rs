//! `elevateAccess`: who manages a tenant's directory takes the leave to give access to all of its
//! resources.

use model::question::Via;
use operations::roles::elevate;

use crate::{
    request::{ArmResponse, Method::Post},
    route::{
        Answer, Ask, Judge::Action, Level::Tenant, Route, Target::OwnAction, Versions::These, row,
    },
};

const VERSIONS: &[&str] =
    &["2017-05-01", "2016-07-01", "2015-07-01", "2015-06-01", "2015-05-01-preview"];

pub(crate) const ROUTES: &[Route] = &[row(
    Post,
    OwnAction(Tenant, "Microsoft.Authorization", "elevateAccess"),
    These(VERSIONS),
    Action("Microsoft.Authorization/elevateAccess/action", Via::Directory),
    elevate,
)];

fn elevate(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        elevate::elevate(ask.plane, &ask.context).await?;
        Ok(ArmResponse::empty(200))
    })
}
