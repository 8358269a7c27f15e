//! What does not meet a policy (`Microsoft.PolicyInsights/policyStates`).

use ids::{path::Path, scope::Scope};
use operations::policies::compliance;
use wire::arm::policies::{results, summary};

use crate::{
    failure::Failure,
    request::ArmResponse,
    route::{Answer, Ask},
};

/// Fyr judges at each look, so that the latest states are all there are.
const LATEST: [&str; 2] = ["latest", "default"];

pub(super) fn query(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let scope = asked(&ask)?;
        let states = compliance::states(ask.plane, &ask.context, &scope).await?;
        let found = states.iter().map(|it| (&it.subject, &it.violation));
        Ok(ArmResponse::json(200, results(found, ask.plane.store.now())))
    })
}

pub(super) fn summarize(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let scope = asked(&ask)?;
        let states = compliance::states(ask.plane, &ask.context, &scope).await?;
        let found = states.iter().map(|it| (&it.subject, &it.violation));
        Ok(ArmResponse::json(200, summary(found)))
    })
}

/// The scope whose states are asked for.
fn asked(ask: &Ask<'_>) -> Result<Scope, Failure> {
    let Path::Collection(collection) = &ask.path else { return Err(Failure::NoSuchPath) };
    let latest = collection
        .parents
        .last()
        .is_some_and(|(_, name)| LATEST.iter().any(|known| name.is(known)));
    if latest { Ok(collection.scope.clone()) } else { Err(Failure::NoSuchPath) }
}
