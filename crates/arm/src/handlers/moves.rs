//! Resources that go to another group.

use std::time::Duration;

use ids::{guid::OperationId, resource::ResourceId, scope::Scope};
use model::{
    action,
    question::{Question, Via},
};
use operations::{
    error::Error,
    providers,
    resources::relocate::{self, Move},
    turns::{Turn, Turns},
};
use tokio::time::timeout;
use wire::arm::moves::MovePut;

use crate::{
    failure::Failure,
    front_door::closed,
    request::{ArmResponse, Method::Post},
    route::{
        Answer, Ask, Judge::Action, Level::ResourceGroup, Route, Target::Words, Versions::These,
        row,
    },
    types::{Namespace, types},
    versions::RESOURCES,
};

pub(crate) const ROUTES: &[Route] = &[
    row(
        Post,
        Words(ResourceGroup, &["moveResources"]),
        These(RESOURCES),
        Action("Microsoft.Resources/subscriptions/resourceGroups/moveResources/action", Via::Any),
        relocate,
    ),
    row(
        Post,
        Words(ResourceGroup, &["validateMoveResources"]),
        These(RESOURCES),
        Action(
            "Microsoft.Resources/subscriptions/resourceGroups/validateMoveResources/action",
            Via::Any,
        ),
        validate,
    ),
];

/// So many moves are made at a time, one of each tenant: each keeps what it writes in memory.
static MOVING: Turns = Turns::new(2);
/// How long a move waits for its turn, and when it is asked for again.
const WAIT_MAX: Duration = Duration::from_secs(30);
const AGAIN_SECONDS: u32 = 5;

fn relocate(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let asked = admitted(&ask).await?;
        let _turn = turn(&ask).await?;
        let operation = relocate::relocate(ask.plane, &ask.context, asked).await?;
        accepted(&ask, operation)
    })
}

fn validate(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let asked = admitted(&ask).await?;
        let _turn = turn(&ask).await?;
        let operation = relocate::validate(ask.plane, &ask.context, asked).await?;
        accepted(&ask, operation)
    })
}

/// A turn of the caller's tenant, if it comes in time.
async fn turn(ask: &Ask<'_>) -> Result<Turn<'static>, Failure> {
    let turn = timeout(WAIT_MAX, MOVING.take(ask.context.caller.principal.tenant)).await;
    Ok(turn.map_err(|_| Failure::Throttled { seconds: AGAIN_SECONDS })??)
}

/// What the body asks for, of whoever may ask for it at both places.
async fn admitted(ask: &Ask<'_>) -> Result<Move, Failure> {
    let asked = asked(ask)?;
    relocate::admit(ask.plane, &ask.context, &asked)?;
    let write = Question::any(action::Action::GROUPS_WRITE, asked.to.clone());
    if let Some(id) = closed(ask.plane, &write, Post) {
        return Err(Failure::ReadOnlySubscription(id));
    }
    let Some(there) = asked.to.subscription() else { return Ok(asked) };
    for namespace in asked.resources.iter().map(ResourceId::namespace) {
        let free = types().namespace(namespace).is_none_or(Namespace::registration_free);
        if !free && !providers::registered(ask.plane, there, namespace).await? {
            return Err(Error::NotRegistered(namespace.clone()).into());
        }
    }
    Ok(asked)
}

fn asked(ask: &Ask<'_>) -> Result<Move, Failure> {
    let Scope::ResourceGroup(subscription, name) = ask.scope() else {
        return Err(Failure::NoSuchPath);
    };
    let sent: MovePut = ask.json()?;
    let home = ask.context.caller.principal.tenant;
    let read = |text: &String| ResourceId::parse(text, home);
    Ok(Move {
        from: (subscription, name),
        resources: sent.resources.iter().map(read).collect::<Result<_, _>>()?,
        to: Scope::parse(&sent.target_resource_group, home)?,
    })
}

fn accepted(ask: &Ask<'_>, operation: OperationId) -> Result<ArmResponse, Failure> {
    let subscription = ask.subscription()?;
    let path = format!("/subscriptions/{subscription}/operationresults/{operation}");
    Ok(ArmResponse::empty(202).with("Location", ask.link(&path)).with("Retry-After", "1"))
}
