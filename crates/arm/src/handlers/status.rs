//! What clients poll: the results and statuses of long-running operations.

use ids::path::Path;
use operations::status::{self, Outcome};
use serde_json::json;

use crate::{
    failure::Failure,
    request::{ArmResponse, Method::Get},
    route::{
        Answer, Ask, Judge::Starter, Level::Subscription, Route, Target::Words, Versions::These,
        row,
    },
    versions::RESOURCES,
};

pub(crate) const ROUTES: &[Route] =
    &[row(Get, Words(Subscription, &["operationresults", "*"]), These(RESOURCES), Starter, result)];

/// A `Location`: 202 while it runs, then what the whole call would have answered.
pub(crate) fn result(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        Ok(match outcome(&ask).await? {
            Outcome::Running => ArmResponse::empty(202)
                .with("Location", ask.link(ask.raw_path))
                .with("Retry-After", "1"),
            Outcome::Succeeded(Some(body)) => ArmResponse::json(200, body),
            Outcome::Succeeded(None) => ArmResponse::json(200, json!({})),
            Outcome::Failed(error) => ArmResponse::json(400, json!({ "error": error })),
        })
    })
}

/// An `Azure-AsyncOperation`: always 200, with how far it has come.
pub(crate) fn status(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        Ok(match outcome(&ask).await? {
            Outcome::Running => {
                ArmResponse::json(200, json!({ "status": "Running" })).with("Retry-After", "1")
            }
            Outcome::Succeeded(_) => ArmResponse::json(200, json!({ "status": "Succeeded" })),
            Outcome::Failed(error) => {
                ArmResponse::json(200, json!({ "status": "Failed", "error": error }))
            }
        })
    })
}

async fn outcome(ask: &Ask<'_>) -> Result<Outcome, Failure> {
    let token = match &ask.path {
        Path::Words(_, words) => words.last().map(ToString::to_string),
        Path::Resource(id) => Some(id.name().to_string()),
        Path::Scope(_) | Path::Collection(_) => None,
    };
    let token = token.ok_or(Failure::NoSuchPath)?;
    let found = status::read(ask.plane, ask.context.caller.principal, &token).await?;
    found.ok_or_else(|| Failure::NotFound { name: format!("operations/{token}"), group: None })
}
