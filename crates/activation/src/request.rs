//! Asking for what one is eligible for.

use ids::{
    guid::{Principal, TenantId},
    resource::ActivationId,
};
use jiff::{SignedDuration, Timestamp};
use model::{
    activation::{Activation, Approvals, Asked, Eligibility, Sides, State, Ticket, Waiting},
    period::Period,
};
use uuid::Uuid;

use crate::{
    demands::Demands,
    refused::{Refused, Rule, Rules},
    standing::Standing,
};

/// So long somebody may decide about it: Azure's default for one stage.
pub const DECISION: SignedDuration = SignedDuration::from_hours(24);
/// The bound on a justification, as Azure's portal has it.
pub const JUSTIFICATION_CHARS_MAX: usize = 500;
/// The bound on the number and the system of a ticket.
pub const TICKET_CHARS_MAX: usize = 128;

/// What somebody wants to hold for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub id: ActivationId,
    /// At once where nothing is said, or what is said is past.
    pub start: Option<Timestamp>,
    /// As long as is allowed where nothing is said.
    pub length: Option<SignedDuration>,
    pub justification: Option<String>,
    pub ticket: Option<Ticket>,
}

/// What the world looks like as the request is judged.
#[derive(Clone, Debug)]
pub struct Facts {
    pub who: Principal,
    /// The scope's home tenant.
    pub customer: TenantId,
    /// What it is from, and what that asks for; none where there is nothing of the kind.
    pub eligibility: Option<(Eligibility, Demands)>,
    /// What there is of that name at that scope, whosever it is.
    pub existing: Option<Activation>,
    /// What the same one asked for before and nothing has revoked since, at that very scope.
    pub others: Vec<Activation>,
    pub second_factor: bool,
    pub now: Timestamp,
}

/// The activation that comes of it: it counts, or waits for somebody.
pub fn request(request: Request, facts: Facts) -> Result<Activation, Refused> {
    bounded(&request)?;
    let missing = || Refused::from(Rules::only(Rule::Eligibility));
    let (eligibility, demands) = facts.eligibility.ok_or_else(missing)?;
    let now = facts.now;
    let asked = Asked {
        on: now,
        start: request.start.filter(|start| *start > now),
        length: request.length.unwrap_or_else(|| demands.longest()),
        justification: request.justification,
        ticket: request.ticket,
        second_factor: facts.second_factor,
    };
    if let Some(broken) = Rules::of(demands.broken_by(&asked)) {
        return Err(broken.into());
    }
    if facts.existing.is_some() {
        return Err(Refused::Requested);
    }
    let same = |it: &&Activation| it.eligibility.role == eligibility.role;
    for other in facts.others.iter().filter(same) {
        unlike(other, now)?;
    }
    let approvals = Approvals::default();
    let state = match Sides::of(|side| demands.sides.contains(&side)) {
        Some(open) => {
            let until = now.saturating_add(DECISION).unwrap_or(now);
            State::Waiting(Waiting { open, approvals, until })
        }
        None => State::Granted { period: period(&asked, now)?, approvals },
    };
    let Facts { who, customer, .. } = facts;
    Ok(Activation { id: request.id, who, customer, eligibility, asked, state })
}

/// When it counts, once nobody has to be asked any more: not before it was to begin, nor before
/// that moment; and for as long as was asked for, however late that is.
pub(crate) fn period(asked: &Asked, now: Timestamp) -> Result<Period, Refused> {
    let from = asked.start.map_or(now, |start| start.max(now));
    let period = Period::lasting(from, asked.length);
    period.ok_or_else(|| Rules::only(Rule::Expiration).into())
}

/// Nobody holds the same twice, nor waits for it twice.
fn unlike(other: &Activation, now: Timestamp) -> Result<(), Refused> {
    match Standing::at(other, now) {
        Standing::Pending => Err(Refused::Requested),
        Standing::Scheduled | Standing::Active => Err(Refused::Exists),
        Standing::TimedOut
        | Standing::Expired
        | Standing::Denied
        | Standing::Cancelled
        | Standing::Deactivated
        | Standing::Revoked => Ok(()),
    }
}

fn bounded(request: &Request) -> Result<(), Refused> {
    let name = request.id.name().as_str();
    if name.len() != 36 || name.parse::<Uuid>().is_err() {
        return Err(Refused::NotAGuid(name.to_owned()));
    }
    within("justification", request.justification.as_deref(), JUSTIFICATION_CHARS_MAX)?;
    let ticket = request.ticket.as_ref();
    let number = ticket.and_then(|it| it.number.as_deref());
    let system = ticket.and_then(|it| it.system.as_deref());
    within("ticket number", number, TICKET_CHARS_MAX)?;
    within("ticket system", system, TICKET_CHARS_MAX)
}

pub(crate) fn within(what: &'static str, text: Option<&str>, most: usize) -> Result<(), Refused> {
    let is_long = text.is_some_and(|it| it.chars().count() > most);
    if is_long { Err(Refused::TooLong { what, most }) } else { Ok(()) }
}
