//! `roleEligibilityScheduleRequests`: a tenant says what its own people may activate.

use activation::eligible::{End as Until, Request};
use ids::{resource::EligibleAssignmentId, scope::Scope};
use jiff::Timestamp;
use model::{
    activation::{
        Ticket,
        eligible::{EligibleAssignment, Step, StepKind},
    },
    period::{OpenPeriod, Phase},
};
use operations::{
    activation::{
        entitle::{self, Entitle},
        entitled::{self, Requested, Whose},
    },
    around::Reach,
};
use wire::arm::{
    just_in_time::{
        eligibility::{RequestBody, Shown},
        request::{self, Ask as Kind, RequestPut, Status, TicketInfo},
        schedule::{End, Schedule},
    },
    scopes::ListBody,
};

use super::{held, wanted};
use crate::{
    failure::Failure,
    handlers::roles::filter::{bad, unknown},
    request::ArmResponse,
    route::{Answer, Ask},
};

pub(super) fn get(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let id = ask.resource()?;
        let name = id.name().to_string();
        let found = entitled::get(ask.plane, &ask.context, id.scope(), &name).await?;
        Ok(ArmResponse::json(200, body(&ask, found).await?))
    })
}

pub(super) fn list(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let filter = filtered(&ask)?;
        let found = entitled::list(ask.plane, &ask.context, &ask.scope(), filter).await?;
        let mut value = Vec::with_capacity(found.len());
        for it in found {
            value.push(body(&ask, it).await?);
        }
        Ok(ArmResponse::json(200, ListBody::whole(value)))
    })
}

pub(super) fn put(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let id = id(&ask.resource()?)?;
        let wish = wish(id, request::read(&ask.body)?)?;
        let made = entitle::entitle(ask.plane, &ask.context, wish).await?;
        Ok(ArmResponse::json(201, last(&ask, made).await?))
    })
}

pub(super) fn validate(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let Scope::Resource(id) = ask.scope() else { return Err(Failure::NoSuchPath) };
        let wish = wish(self::id(&id)?, request::read(&ask.body)?)?;
        let found = entitle::validate(ask.plane, &ask.context, wish).await?;
        Ok(ArmResponse::json(200, last(&ask, found).await?))
    })
}

pub(super) fn cancel(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let Scope::Resource(id) = ask.scope() else { return Err(Failure::NoSuchPath) };
        entitle::cancel(ask.plane, &ask.context, id.scope(), id.name().as_str()).await?;
        Ok(ArmResponse::empty(200))
    })
}

/// What the request makes is named by it.
fn id(id: &ids::resource::ResourceId) -> Result<EligibleAssignmentId, Failure> {
    Ok(EligibleAssignmentId::at(id.scope().clone(), id.name().clone())?)
}

fn wish(id: EligibleAssignmentId, put: RequestPut) -> Result<Entitle, Failure> {
    let refused = |why: &str| Err(Failure::Content(why.to_owned()));
    if put.condition.is_some() {
        return refused("a condition cannot be set on what may be activated");
    }
    let kind = match put.ask {
        Kind::AdminAssign => StepKind::Assign,
        Kind::AdminUpdate => StepKind::Update,
        Kind::AdminExtend => StepKind::Extend,
        Kind::AdminRenew => StepKind::Renew,
        Kind::AdminRemove => StepKind::Remove,
        Kind::SelfActivate | Kind::SelfDeactivate => {
            return refused("a role is activated by a roleAssignmentScheduleRequest");
        }
        Kind::SelfExtend | Kind::SelfRenew => {
            return refused(
                "the requestType must be one of an administrator's, such as 'AdminExtend'",
            );
        }
    };
    let schedule = put.schedule.unwrap_or_default();
    let end = match schedule.end {
        End::Unsaid => Until::Unsaid,
        End::Never => Until::Never,
        End::After(length) => Until::After(length),
        End::At(at) => Until::At(at),
    };
    let ticket = put.ticket.map(|it| Ticket { number: it.ticket_number, system: it.ticket_system });
    let (role, start, target, justification) =
        (put.role, schedule.start, put.target, put.justification);
    let request = Request { id, kind, role, start, end, target, justification, ticket };
    Ok(Entitle { request, principal: put.principal })
}

fn filtered(ask: &Ask<'_>) -> Result<(Reach, Whose), Failure> {
    let wanted = wanted(ask)?;
    let reach = if wanted.at_scope { Reach::AtAndAbove } else { Reach::Everywhere };
    let naming = wanted.principal.or(wanted.assigned_to);
    let whose = match (wanted.as_target, wanted.as_requestor, wanted.as_approver, naming) {
        (false, false, false, None) => Whose::Everyones,
        (true, false, false, None) => Whose::Mine,
        (false, true, false, None) => Whose::ByMe,
        (false, false, false, Some(object)) => Whose::Naming(object),
        (true, true, _, _) | (_, _, true, _) | (true, _, _, Some(_)) | (_, true, _, Some(_)) => {
            return Err(bad(unknown()));
        }
    };
    Ok((reach, whose))
}

/// What was asked for just now.
async fn last(ask: &Ask<'_>, of: EligibleAssignment) -> Result<RequestBody, Failure> {
    let step = of.steps.last().cloned();
    let step = step.ok_or_else(|| Failure::NotFound { name: of.id.to_string(), group: None })?;
    body(ask, Requested { of, step }).await
}

async fn body(ask: &Ask<'_>, Requested { of, step }: Requested) -> Result<RequestBody, Failure> {
    let who = (of.principal, of.principal_type);
    let held = held(ask, of.id.scope(), of.role, who).await?;
    let ticket = step.ticket.clone().unwrap_or_default();
    Ok(RequestBody::from(Shown {
        name: step.name,
        held,
        ask: kind(step.kind),
        status: status(&of, &step, ask.plane.store.now()),
        target: of.eligibility().name(),
        schedule: schedule(step.period),
        justification: step.justification,
        ticket: TicketInfo { ticket_number: ticket.number, ticket_system: ticket.system },
        requestor: step.by.object,
        created: step.on,
    }))
}

fn kind(of: StepKind) -> Kind {
    match of {
        StepKind::Assign => Kind::AdminAssign,
        StepKind::Update => Kind::AdminUpdate,
        StepKind::Extend => Kind::AdminExtend,
        StepKind::Renew => Kind::AdminRenew,
        StepKind::Remove | StepKind::Cancel => Kind::AdminRemove,
    }
}

fn schedule(period: OpenPeriod) -> Schedule {
    let end = period.until().map_or(End::Never, End::At);
    Schedule { start: Some(period.from()), end }
}

/// What Azure calls it.
fn status(of: &EligibleAssignment, step: &Step, now: Timestamp) -> Status {
    let is_cancelled = of.steps.last().is_some_and(|it| it.kind == StepKind::Cancel);
    match (of.removed, step.kind) {
        (Some(_), _) if is_cancelled => Status::Canceled,
        (Some(_), _) | (None, StepKind::Remove | StepKind::Cancel) => Status::Revoked,
        (None, StepKind::Assign | StepKind::Update | StepKind::Extend | StepKind::Renew) => {
            match step.period.phase(now) {
                Phase::Ahead => Status::ScheduleCreated,
                Phase::Within | Phase::Over => Status::Provisioned,
            }
        }
    }
}
