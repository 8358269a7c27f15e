//! Agreeing to what somebody asked for, or not.

use ids::guid::Principal;
use jiff::Timestamp;
use model::activation::{Activation, Decision, Side, Sides, State, Waiting};

use crate::{
    demands::Demands,
    refused::{Refused, Rule, Rules},
    request::{JUSTIFICATION_CHARS_MAX, period, within},
    standing::Standing,
};

/// Who decides, for whom, and what the world looks like then. That they are one of that side's
/// approvers, access has said.
#[derive(Clone, Debug)]
pub struct Facts {
    pub activation: Activation,
    /// What is asked for today; none where there is nothing to activate any more.
    pub demands: Option<Demands>,
    pub side: Side,
    /// The sides for which somebody agreed who may not decide for them any more: they are asked
    /// again.
    pub lapsed: Vec<Side>,
    pub by: Principal,
    /// Who that is at home, and who the one who asked is.
    pub person: Principal,
    pub requester: Principal,
    pub justification: Option<String>,
    pub now: Timestamp,
}

/// The activation once that side agrees. It counts as soon as nobody else has to be asked, and
/// all that is asked for today came with the request.
pub fn approve(facts: Facts) -> Result<Activation, Refused> {
    let waiting = decidable(&facts)?.clone();
    let gone = || Refused::from(Rules::only(Rule::Eligibility));
    let demands = facts.demands.clone().ok_or_else(gone)?;
    if !demands.sides.contains(&facts.side) {
        return Err(Refused::NotWaiting);
    }
    if let Some(broken) = Rules::of(demands.broken_by(&facts.activation.asked)) {
        return Err(broken.into());
    }
    let earlier = waiting.approvals.without(&facts.lapsed);
    let approvals = earlier.with(decision(&facts)).ok_or(Refused::NotWaiting)?;
    let is_open = |side| demands.sides.contains(&side) && approvals.of(side).is_none();
    let state = if let Some(open) = Sides::of(is_open) {
        State::Waiting(Waiting { open, approvals, until: waiting.until })
    } else {
        let period = period(&facts.activation.asked, facts.now)?;
        State::Granted { period, approvals }
    };
    Ok(Activation { state, ..facts.activation })
}

/// The activation once that side has said no: then no other side is asked.
pub fn deny(facts: Facts) -> Result<Activation, Refused> {
    let approvals = decidable(&facts)?.approvals.clone().without(&facts.lapsed);
    if approvals.of(facts.side).is_some() {
        return Err(Refused::NotWaiting);
    }
    let denial = decision(&facts);
    Ok(Activation { state: State::Denied { denial, approvals }, ..facts.activation })
}

/// Four eyes: nobody decides about their own, under whatever account, and nobody for both sides.
fn decidable(facts: &Facts) -> Result<&Waiting, Refused> {
    let Facts { activation, person, requester, by, now, .. } = facts;
    within("justification", facts.justification.as_deref(), JUSTIFICATION_CHARS_MAX)?;
    if person == requester || *by == activation.who {
        return Err(Refused::OwnRequest);
    }
    match &activation.state {
        State::Waiting(waiting) if Standing::at(activation, *now) == Standing::Pending => {
            let decided = waiting.approvals.all();
            let same = decided.iter().any(|it| it.side != facts.side && it.person == *person);
            if same { Err(Refused::SamePerson) } else { Ok(waiting) }
        }
        State::Waiting(_)
        | State::Granted { .. }
        | State::Denied { .. }
        | State::Cancelled { .. }
        | State::Deactivated { .. } => Err(Refused::NotWaiting),
    }
}

fn decision(facts: &Facts) -> Decision {
    Decision {
        side: facts.side,
        by: facts.by,
        person: facts.person,
        on: facts.now,
        justification: facts.justification.clone(),
    }
}
