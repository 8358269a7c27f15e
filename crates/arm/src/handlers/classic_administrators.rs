//! Classic administrators (`Microsoft.Authorization/classicAdministrators`). Azure retired them in
//! 2024 and still answers who asks for them: there are none.

use model::question::Via;
use wire::arm::scopes::ListBody;

use crate::{
    request::{ArmResponse, Method::Get},
    route::{Answer, Ask, Judge::Action, Route, Target::List, Versions::These, row},
};

const VERSIONS: &[&str] = &["2015-07-01", "2015-06-01", "2014-10-01-preview"];

pub(crate) const ROUTES: &[Route] = &[row(
    Get,
    List("Microsoft.Authorization/classicAdministrators"),
    These(VERSIONS),
    Action("{kind}/read", Via::Any),
    list,
)];

fn list(_: Ask<'_>) -> Answer<'_> {
    Box::pin(async move { Ok(ArmResponse::json(200, ListBody::<()>::whole(Vec::new()))) })
}
