//! What a tenant lets its own people activate: giving it, changing when it counts, taking it away.

use ids::{
    guid::{Principal, RoleId},
    resource::EligibleAssignmentId,
};
use jiff::{SignedDuration, Timestamp};
use model::{
    activation::{
        Ticket,
        eligible::{EligibleAssignment, Step, StepKind},
    },
    period::{OpenPeriod, Phase},
    role::PrincipalType,
};
use uuid::Uuid;

use crate::{
    refused::Refused,
    request::{JUSTIFICATION_CHARS_MAX, TICKET_CHARS_MAX, within},
};

/// What is asked for, at the scope of the id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// What it makes, or the name that it has by itself.
    pub id: EligibleAssignmentId,
    pub kind: StepKind,
    pub role: RoleId,
    /// From when on; where nothing is said, or what is past: now, or as it was.
    pub start: Option<Timestamp>,
    pub end: End,
    /// Which one is meant, where it is said.
    pub target: Option<Uuid>,
    pub justification: Option<String>,
    pub ticket: Option<Ticket>,
}

/// Until when it is to count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// As it was; of what is new, never.
    Unsaid,
    Never,
    After(SignedDuration),
    At(Timestamp),
}

/// What the world looks like as the request is judged.
#[derive(Clone, Debug)]
pub struct Facts {
    pub by: Principal,
    /// Whose it is to be, of the scope's own tenant.
    pub principal: Principal,
    pub principal_type: PrincipalType,
    /// All at exactly that scope, whatever has become of them.
    pub here: Vec<EligibleAssignment>,
    pub now: Timestamp,
}

/// What comes of it.
pub fn decide(request: &Request, facts: &Facts) -> Result<EligibleAssignment, Refused> {
    let name = named(request)?;
    match facts.principal_type {
        PrincipalType::User | PrincipalType::Group => {}
        PrincipalType::ServicePrincipal | PrincipalType::ForeignGroup => {
            return Err(Refused::NotAPerson);
        }
    }
    if facts.here.iter().flat_map(|it| &it.steps).any(|step| step.name == name) {
        return Err(Refused::Requested);
    }
    let now = facts.now;
    let step = |period| Step {
        name,
        kind: request.kind,
        by: facts.by,
        on: now,
        period,
        justification: request.justification.clone(),
        ticket: request.ticket.clone(),
    };
    match request.kind {
        StepKind::Assign => {
            let period = fresh(request, facts)?;
            Ok(EligibleAssignment {
                id: request.id.clone(),
                principal: facts.principal,
                principal_type: facts.principal_type,
                role: request.role,
                period,
                steps: vec![step(period)],
                removed: None,
            })
        }
        StepKind::Remove | StepKind::Cancel => {
            let it = meant(request, facts)?;
            if request.kind == StepKind::Cancel && it.period.phase(now) != Phase::Ahead {
                return Err(Refused::NotPending);
            }
            let period = it.period;
            Ok(it.after(step(period)))
        }
        StepKind::Update | StepKind::Extend | StepKind::Renew => {
            let it = meant(request, facts)?;
            let after = period(request, Some(it.period), now)?;
            fits(request.kind, it.period, after, now)?;
            Ok(it.after(step(after)))
        }
    }
}

/// Of the same principal and role, the last that was given; none where that is removed.
fn last<'a>(request: &Request, facts: &'a Facts) -> Option<&'a EligibleAssignment> {
    let wanted = (facts.principal, request.role);
    let same = facts.here.iter().filter(|it| (it.principal, it.role) == wanted);
    let given = |it: &EligibleAssignment| it.steps.first().map(|first| first.on);
    let last = same.max_by_key(|it| (given(it), it.removed.is_none()));
    last.filter(|it| it.removed.is_none())
}

/// The period of what is new: nobody is eligible twice.
fn fresh(request: &Request, facts: &Facts) -> Result<OpenPeriod, Refused> {
    if last(request, facts).is_some_and(|it| it.period.phase(facts.now) != Phase::Over) {
        return Err(Refused::Exists);
    }
    if facts.here.len() >= EligibleAssignment::AT_MOST {
        return Err(Refused::TooMany(EligibleAssignment::AT_MOST));
    }
    period(request, None, facts.now)
}

/// The one that is to change.
fn meant(request: &Request, facts: &Facts) -> Result<EligibleAssignment, Refused> {
    let name = |it: &EligibleAssignment| it.id.name().as_str().parse::<Uuid>().ok();
    let is_meant =
        |it: &&EligibleAssignment| request.target.is_none_or(|target| name(it) == Some(target));
    last(request, facts).filter(is_meant).cloned().ok_or(Refused::NotActive)
}

/// The name that the request has, which is a GUID.
fn named(request: &Request) -> Result<Uuid, Refused> {
    let Request { justification, ticket, .. } = request;
    within("justification", justification.as_deref(), JUSTIFICATION_CHARS_MAX)?;
    let number = ticket.as_ref().and_then(|it| it.number.as_deref());
    let system = ticket.as_ref().and_then(|it| it.system.as_deref());
    within("ticket number", number, TICKET_CHARS_MAX)?;
    within("ticket system", system, TICKET_CHARS_MAX)?;
    let name = request.id.name().as_str();
    let is_long = name.len() == 36;
    let guid = name.parse().ok().filter(|_| is_long);
    guid.ok_or_else(|| Refused::NotAGuid(name.to_owned()))
}

/// Nothing begins in the past: what is new counts from now on at the earliest, and what there is
/// keeps the moment at which it began.
fn period(
    request: &Request,
    before: Option<OpenPeriod>,
    now: Timestamp,
) -> Result<OpenPeriod, Refused> {
    let begun = before.map(OpenPeriod::from).filter(|from| *from <= now);
    let from = match (request.start.filter(|start| *start > now), begun) {
        (Some(start), _) => start,
        (None, Some(begun)) if request.kind != StepKind::Renew => begun,
        (None, _) if request.start.is_none() => {
            before.map(OpenPeriod::from).filter(|from| *from > now).unwrap_or(now)
        }
        (None, _) => now,
    };
    let until = match request.end {
        End::Unsaid => before.and_then(OpenPeriod::until),
        End::Never => None,
        End::After(length) => {
            let counted = from.max(now);
            Some(counted.checked_add(length).map_err(|_| Refused::BadPeriod)?)
        }
        End::At(at) => Some(at),
    };
    let ends_later = until.is_none_or(|until| until > now);
    OpenPeriod::new(from, until).filter(|_| ends_later).ok_or(Refused::BadPeriod)
}

/// To extend is to let it end later, before it is over; to renew, after.
fn fits(
    kind: StepKind,
    before: OpenPeriod,
    after: OpenPeriod,
    now: Timestamp,
) -> Result<(), Refused> {
    let is_over = before.phase(now) == Phase::Over;
    let is_later = match (before.until(), after.until()) {
        (Some(before), Some(after)) => after > before,
        (Some(_), None) => true,
        (None, _) => false,
    };
    let fits = match kind {
        StepKind::Assign | StepKind::Remove | StepKind::Cancel => true,
        StepKind::Update => !is_over,
        StepKind::Extend => !is_over && is_later,
        StepKind::Renew => is_over,
    };
    if fits { Ok(()) } else { Err(Refused::BadPeriod) }
}
