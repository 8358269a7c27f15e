//! `roleAssignmentScheduleRequests`: asking for a role, giving it back, taking the request back.

use access::permit::judge;
use activation::{request::Request, standing::Standing};
use ids::{
    resource::{ActivationId, ResourceId},
    scope::Scope,
};
use jiff::{SignedDuration, Timestamp};
use model::{
    activation::{Activation, State, Ticket},
    question::{Question, Via},
    role::PrincipalType,
};
use operations::{
    activation::{
        Shown,
        ask::{self, Ask as Wish},
        cancel, deactivate,
        read::{self, Filter, Whose},
    },
    around::Reach,
    error::Error,
};
use wire::arm::{
    just_in_time::{
        filter::Wanted,
        request::{self, Ask as Kind, RequestBody, RequestPut, Status, TicketInfo},
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
        let found = read::get(ask.plane, &ask.context, id(&ask)?).await?;
        Ok(ArmResponse::json(200, body(&ask, found).await?))
    })
}

pub(super) fn list(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let filter = filtered(&wanted(&ask)?)?;
        let found = read::list(ask.plane, &ask.context, &ask.scope(), filter).await?;
        let mut value = Vec::with_capacity(found.len());
        for it in found {
            value.push(body(&ask, it).await?);
        }
        Ok(ArmResponse::json(200, ListBody::whole(value)))
    })
}

pub(super) fn put(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let id = id(&ask)?;
        eligible(&ask, id.scope())?;
        let put = request::read(&ask.body)?;
        if put.condition.is_some() {
            return Err(content("a condition cannot be set on what is activated"));
        }
        match put.ask {
            Kind::SelfActivate => {
                let wish = wish(id, put, ask.context.started);
                let made = ask::ask(ask.plane, &ask.context, wish).await?;
                Ok(ArmResponse::json(201, body(&ask, made).await?))
            }
            Kind::SelfDeactivate => given_back(&ask, &id, &put).await,
            Kind::AdminAssign
            | Kind::AdminRemove
            | Kind::AdminUpdate
            | Kind::AdminExtend
            | Kind::AdminRenew
            | Kind::SelfExtend
            | Kind::SelfRenew => Err(content(
                "the requestType must be 'SelfActivate' or 'SelfDeactivate': who is eligible is said by delegations, and by a roleEligibilityScheduleRequest",
            )),
        }
    })
}

pub(super) fn validate(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let Scope::Resource(id) = ask.scope() else { return Err(Failure::NoSuchPath) };
        let id = activation(id)?;
        eligible(&ask, id.scope())?;
        let put = request::read(&ask.body)?;
        if put.condition.is_some() || put.ask != Kind::SelfActivate {
            return Err(content("the requestType must be 'SelfActivate', without a condition"));
        }
        let wish = wish(id, put, ask.context.started);
        let found = ask::validate(ask.plane, &ask.context, wish).await?;
        Ok(ArmResponse::json(200, body(&ask, found).await?))
    })
}

/// Refuses whoever may activate nothing there, before the body is read: then they hear what anybody
/// hears.
fn eligible(ask: &Ask<'_>, scope: &Scope) -> Result<(), Failure> {
    let (index, now) = (ask.plane.index(), ask.plane.store.now());
    let caller = &ask.context.caller;
    if index.eligibilities(caller.principal, scope, now).is_empty() {
        let asked = Question { via: Via::Requesting, ..ask.context.question.clone() };
        judge(&index, caller, &asked, now).map_err(Error::from)?;
    }
    Ok(())
}

/// The request is named anew each time, and what it ends is told by the role.
async fn given_back(
    ask: &Ask<'_>,
    id: &ActivationId,
    put: &RequestPut,
) -> Result<ArmResponse, Failure> {
    if put.principal != ask.context.caller.principal.object {
        return Err(content("the principalId must be the caller's own"));
    }
    let gone = deactivate::deactivate(ask.plane, &ask.context, id.scope(), put.role).await?;
    let shown = shown(ask, gone).await?;
    let (name, id) = (id.name().to_string(), id.to_string());
    let shown = request::Shown { id, name, ask: Kind::SelfDeactivate, ..shown };
    Ok(ArmResponse::json(201, RequestBody::from(shown)))
}

pub(super) fn cancel(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let Scope::Resource(id) = ask.scope() else { return Err(Failure::NoSuchPath) };
        cancel::cancel(ask.plane, &ask.context, activation(id)?).await?;
        Ok(ArmResponse::empty(200))
    })
}

fn id(ask: &Ask<'_>) -> Result<ActivationId, Failure> {
    activation(ask.resource()?)
}

fn activation(id: ResourceId) -> Result<ActivationId, Failure> {
    Ok(id.try_into()?)
}

fn content(why: &str) -> Failure {
    Failure::Content(why.to_owned())
}

/// What never ends is longer than anything that is allowed.
fn wish(id: ActivationId, put: RequestPut, now: Timestamp) -> Wish {
    let schedule = put.schedule.unwrap_or_default();
    let begins = schedule.start.map_or(now, |start| start.max(now));
    let length = match schedule.end {
        End::Never => Some(SignedDuration::MAX),
        End::Unsaid | End::After(_) | End::At(_) => schedule.length(begins),
    };
    let ticket = put.ticket.map(|it| Ticket { number: it.ticket_number, system: it.ticket_system });
    let (start, justification) = (schedule.start, put.justification);
    Wish {
        request: Request { id, start, length, justification, ticket },
        role: put.role,
        principal: put.principal,
        linked: put.eligibility,
    }
}

/// One of those that say whose they are; together they would say that it is nobody's.
pub(super) fn filtered(wanted: &Wanted) -> Result<Filter, Failure> {
    let reach = if wanted.at_scope { Reach::AtAndAbove } else { Reach::Everywhere };
    let mine = wanted.as_target || wanted.as_requestor;
    let naming = wanted.principal.or(wanted.assigned_to);
    let whose = match (mine, wanted.as_approver, naming) {
        (false, false, None) => Whose::Everyones,
        (true, false, None) => Whose::Mine,
        (false, true, None) => Whose::MineToDecide,
        (false, false, Some(object)) => Whose::Naming(object),
        (true, true, _) | (true, _, Some(_)) | (_, true, Some(_)) => return Err(bad(unknown())),
    };
    Ok(Filter { reach, whose })
}

async fn body(ask: &Ask<'_>, shown: Shown) -> Result<RequestBody, Failure> {
    Ok(self::shown(ask, shown).await?.into())
}

async fn shown(ask: &Ask<'_>, shown: Shown) -> Result<request::Shown, Failure> {
    let Shown { it, standing } = shown;
    let who = (it.who, PrincipalType::User);
    let held = held(ask, it.id.scope(), it.eligibility.role, who).await?;
    let (start, target) = period(&it);
    let approval = is_approved(&it).then(|| it.approval().raw());
    let ticket = it.asked.ticket.clone().unwrap_or_default();
    Ok(request::Shown {
        id: it.id.to_string(),
        name: it.id.name().to_string(),
        held,
        ask: Kind::SelfActivate,
        status: status(standing),
        eligibility: it.eligibility.name(),
        target: target.then(|| it.id.name().as_str().parse().ok()).flatten(),
        approval,
        schedule: Schedule { start: Some(start), end: End::After(it.asked.length) },
        justification: it.asked.justification,
        ticket: TicketInfo { ticket_number: ticket.number, ticket_system: ticket.system },
        requestor: it.who.object,
        created: it.asked.on,
    })
}

/// When it begins, and whether anything has come of it.
fn period(it: &Activation) -> (Timestamp, bool) {
    match &it.state {
        State::Granted { period, .. } | State::Deactivated { period, .. } => (period.from(), true),
        State::Waiting(_) | State::Denied { .. } | State::Cancelled { .. } => {
            (it.asked.start.unwrap_or(it.asked.on), false)
        }
    }
}

/// Whether anybody had to agree.
fn is_approved(it: &Activation) -> bool {
    let is_asked = matches!(it.state, State::Waiting(_) | State::Denied { .. });
    is_asked || !it.approvals().all().is_empty()
}

/// What Azure calls it.
pub(super) fn status(standing: Standing) -> Status {
    match standing {
        Standing::Pending => Status::PendingApproval,
        Standing::TimedOut => Status::TimedOut,
        Standing::Scheduled => Status::ScheduleCreated,
        Standing::Active | Standing::Expired => Status::Provisioned,
        Standing::Denied => Status::Denied,
        Standing::Cancelled => Status::Canceled,
        Standing::Deactivated | Standing::Revoked => Status::Revoked,
    }
}
