//! `roleAssignmentApprovals`: what waits for somebody, and deciding about it. An approval lies at
//! no scope; a path that names one all the same finds it.

use ids::{
    guid::{ApprovalId, StageId},
    path::Path,
    scope::Scope,
};
use model::activation::{Decision, Side};
use operations::activation::{
    approval::{self, Approval, Outcome, Stage},
    decide::{self, Answer as Word, Review},
};
use wire::arm::{
    just_in_time::approval::{self as body, ApprovalBody, Progress, Reviewed, StageBody},
    scopes::ListBody,
};

use super::person;
use crate::{
    failure::Failure,
    request::ArmResponse,
    route::{Answer, Ask},
};

pub(super) fn get(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let (id, found) = found(&ask).await?;
        let stages = told(&ask, found).await?;
        Ok(ArmResponse::json(200, ApprovalBody::new(id.raw(), stages)))
    })
}

pub(super) fn stages(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let (id, found) = found(&ask).await?;
        let stages = told(&ask, found).await?.into_iter();
        let value = stages.map(|it| StageBody::new(id.raw(), it)).collect();
        Ok(ArmResponse::json(200, ListBody::whole(value)))
    })
}

pub(super) fn stage(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move { shown(&ask, stage_id(&ask)?).await })
}

pub(super) fn decide(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let stage = stage_id(&ask)?;
        // Whoever may not know of it hears so, whatever they sent.
        let (approval, _) = found(&ask).await?;
        let said = body::read(&ask.body)?;
        let answer = match said.review {
            body::Review::Approve => Word::Approve,
            body::Review::Deny => Word::Deny,
        };
        let review = Review { approval, stage, answer, justification: said.justification };
        decide::decide(ask.plane, &ask.context, review).await?;
        shown(&ask, stage).await
    })
}

async fn shown(ask: &Ask<'_>, stage: StageId) -> Result<ArmResponse, Failure> {
    let (id, found) = found(ask).await?;
    let stages = told(ask, found).await?;
    let one = stages.into_iter().find(|it| it.id == stage.raw());
    let one = one.ok_or_else(|| missing(ask))?;
    Ok(ArmResponse::json(200, StageBody::new(id.raw(), one)))
}

async fn found(ask: &Ask<'_>) -> Result<(ApprovalId, Approval), Failure> {
    let id = approval_id(ask)?;
    Ok((id, approval::get(ask.plane, &ask.context, id).await?))
}

/// The first name of the path is the approval's, whether a stage stands behind it or not.
fn approval_id(ask: &Ask<'_>) -> Result<ApprovalId, Failure> {
    let id = match (&ask.path, ask.scope()) {
        (Path::Resource(id), _) => id.clone(),
        (_, Scope::Resource(id)) => id,
        (
            _,
            Scope::Tenant(_)
            | Scope::ManagementGroup(..)
            | Scope::Subscription(_)
            | Scope::ResourceGroup(..),
        ) => {
            return Err(Failure::NoSuchPath);
        }
    };
    let name = id.names().next().and_then(|name| name.as_str().parse().ok());
    name.ok_or_else(|| missing(ask))
}

fn stage_id(ask: &Ask<'_>) -> Result<StageId, Failure> {
    let id = ask.resource()?;
    id.name().as_str().parse().map_err(|_| missing(ask))
}

fn missing(ask: &Ask<'_>) -> Failure {
    let name = ask.resource().map(|id| id.name().to_string()).unwrap_or_default();
    Failure::NotFound { name, group: None }
}

async fn told(ask: &Ask<'_>, approval: Approval) -> Result<Vec<body::Stage>, Failure> {
    let mut stages = Vec::new();
    for Stage { id, side, outcome, is_mine } in approval.stages {
        let progress = match outcome {
            Outcome::Open => Progress::Open,
            Outcome::Moot => Progress::Over,
            Outcome::Approved(it) => {
                Progress::Reviewed(reviewed(ask, body::Review::Approve, it).await?)
            }
            Outcome::Denied(it) => Progress::Reviewed(reviewed(ask, body::Review::Deny, it).await?),
        };
        let name = match side {
            Side::Provider => "Provider",
            Side::Customer => "Customer",
        };
        stages.push(body::Stage { id: id.raw(), name: name.to_owned(), is_mine, progress });
    }
    Ok(stages)
}

async fn reviewed(
    ask: &Ask<'_>,
    review: body::Review,
    decision: Decision,
) -> Result<Reviewed, Failure> {
    let name = person(ask, decision.by).await?;
    Ok(Reviewed {
        review,
        by: decision.by.object,
        name: name.map(|it| (it.display_name, it.user_principal_name)),
        at: decision.on,
        justification: decision.justification,
    })
}
