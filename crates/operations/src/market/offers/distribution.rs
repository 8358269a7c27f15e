//! Stopping that anybody new takes an offer or a plan, and taking that back. What was delegated
//! goes on.

use ids::offer::{OfferId, PlanName};
use market::lifecycle::{self, Event, plan};
use model::{
    action::Verb,
    event::Actor,
    market::{
        MarketNoun,
        offer::{Distribution, Offer, PlanFacts},
    },
};
use store::{
    jobs::{Job, JobId},
    unit::Unit,
};

use super::{history, published::standing, read::shown};
use crate::{
    context::Context,
    error::Error,
    market::{By, Refused, Thing, admit, find, run::stop},
    plane::{Plane, retry},
};

/// Which way the distribution is turned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    Stop,
    /// A stop that has not taken effect yet is taken back.
    Resume,
}

/// Stops the distribution of an offer. A job makes it so at once, or as late as operations are
/// made to seem; until then it can be taken back.
pub async fn stop_offer(plane: &Plane, context: &Context, id: &OfferId) -> Result<Offer, Error> {
    turn_offer(plane, context, id, Turn::Stop).await
}

/// Takes back the stop of an offer that is pending.
pub async fn resume_offer(plane: &Plane, context: &Context, id: &OfferId) -> Result<Offer, Error> {
    turn_offer(plane, context, id, Turn::Resume).await
}

async fn turn_offer(
    plane: &Plane,
    context: &Context,
    id: &OfferId,
    turn: Turn,
) -> Result<Offer, Error> {
    retry(async || {
        let mut unit = plane.begin(context);
        let after = turn_offer_in(plane, context, &mut unit, id, turn).await?;
        plane.commit(context, unit, 200).await?;
        Ok(after)
    })
    .await
}

/// The same as a part of what happens together.
pub(super) async fn turn_offer_in(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    id: &OfferId,
    turn: Turn,
) -> Result<Offer, Error> {
    let (event, told) = match turn {
        Turn::Stop => (Event::StopDistribution, "Stop distribution offer"),
        Turn::Resume => (Event::ResumeDistribution, "Resume distribution offer"),
    };
    admit(plane, context, unit, "offers", Verb::Write)?;
    let offer = find(unit, context, id).await?;
    let facts = standing(unit, &offer, false).await?;
    let state = lifecycle::next(offer.state, event, facts)?.unwrap_or(offer.state);
    let after = Offer { state, ..offer };
    let by = By::Caller(plane, context);
    by.put(unit, MarketNoun::Offer(after.clone())).await?;
    history::note(plane, by, unit, &after, told.to_owned()).await?;
    if turn == Turn::Stop {
        unit.enqueue(Job {
            id: JobId(plane.random.uuid()),
            kind: stop::JOB.to_owned(),
            actor: Actor::Caller(context.caller.clone()),
            correlation: context.correlation,
            due: plane.settled(unit.now()),
            state: stop::state(&after),
        });
    }
    Ok(shown(after))
}

/// Asks that nobody new can take a plan, from the next publication on.
pub async fn stop_plan(
    plane: &Plane,
    context: &Context,
    id: &OfferId,
    name: &PlanName,
) -> Result<Offer, Error> {
    turn_plan(plane, context, id, name, Turn::Stop).await
}

/// Takes back the stop of a plan that is pending.
pub async fn resume_plan(
    plane: &Plane,
    context: &Context,
    id: &OfferId,
    name: &PlanName,
) -> Result<Offer, Error> {
    turn_plan(plane, context, id, name, Turn::Resume).await
}

async fn turn_plan(
    plane: &Plane,
    context: &Context,
    id: &OfferId,
    name: &PlanName,
    turn: Turn,
) -> Result<Offer, Error> {
    retry(async || {
        let mut unit = plane.begin(context);
        let after = turn_plan_in(plane, context, &mut unit, id, name, turn).await?;
        plane.commit(context, unit, 200).await?;
        Ok(after)
    })
    .await
}

/// The same as a part of what happens together.
pub(super) async fn turn_plan_in(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    id: &OfferId,
    name: &PlanName,
    turn: Turn,
) -> Result<Offer, Error> {
    let (event, told) = match turn {
        Turn::Stop => (plan::Event::RequestStop, "Initiated plan stop distribution"),
        Turn::Resume => (plan::Event::Resume, "Resume distribution"),
    };
    admit(plane, context, unit, "offers", Verb::Write)?;
    let mut offer = find(unit, context, id).await?;
    if offer.running.is_some() {
        return Err(lifecycle::Refusal::Running.into());
    }
    let others = others(&offer, name);
    let facts = offer.plans.get_mut(name).ok_or(Refused::NotFound(Thing::Plan))?;
    if let Some(after) = plan::next(facts.distribution, event, others)? {
        facts.distribution = after;
    }
    let by = By::Caller(plane, context);
    by.put(unit, MarketNoun::Offer(offer.clone())).await?;
    history::note(plane, by, unit, &offer, format!("{told}:{name}")).await?;
    Ok(shown(offer))
}

/// How many other plans customers can take.
fn others(offer: &Offer, name: &PlanName) -> usize {
    let is_there = |it: &PlanFacts| it.distribution == Distribution::Distributed;
    offer.plans.iter().filter(|(it, facts)| *it != name && is_there(facts)).count()
}
