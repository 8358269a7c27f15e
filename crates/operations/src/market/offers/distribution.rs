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
use store::jobs::{Job, JobId};

use super::{history, published::standing, read::shown};
use crate::{
    context::Context,
    error::Error,
    market::{By, Refused, Thing, begin, find, run::stop},
    plane::{Plane, retry},
};

/// Stops the distribution of an offer. A job makes it so at once, or as late as operations are
/// made to seem; until then it can be taken back.
pub async fn stop_offer(plane: &Plane, context: &Context, id: &OfferId) -> Result<Offer, Error> {
    turn_offer(plane, context, id, Event::StopDistribution, "Stop distribution offer").await
}

/// Takes back the stop of an offer that is pending.
pub async fn resume_offer(plane: &Plane, context: &Context, id: &OfferId) -> Result<Offer, Error> {
    turn_offer(plane, context, id, Event::ResumeDistribution, "Resume distribution offer").await
}

async fn turn_offer(
    plane: &Plane,
    context: &Context,
    id: &OfferId,
    event: Event,
    told: &str,
) -> Result<Offer, Error> {
    retry(async || {
        let mut unit = begin(plane, context, "offers", Verb::Write)?;
        let offer = find(&mut unit, context, id).await?;
        let facts = standing(&mut unit, &offer, false).await?;
        let state = lifecycle::next(offer.state, event, facts)?.unwrap_or(offer.state);
        let after = Offer { state, ..offer };
        let by = By::Caller(plane, context);
        by.put(&mut unit, MarketNoun::Offer(after.clone())).await?;
        history::note(plane, by, &mut unit, &after, told.to_owned()).await?;
        if event == Event::StopDistribution {
            unit.enqueue(Job {
                id: JobId(plane.random.uuid()),
                kind: stop::JOB.to_owned(),
                actor: Actor::Caller(context.caller.clone()),
                correlation: context.correlation,
                due: plane.settled(unit.now()),
                state: stop::state(&after),
            });
        }
        plane.commit(context, unit, 200).await?;
        Ok(shown(after))
    })
    .await
}

/// Asks that nobody new can take a plan, from the next publication on.
pub async fn stop_plan(
    plane: &Plane,
    context: &Context,
    id: &OfferId,
    name: &PlanName,
) -> Result<Offer, Error> {
    let told = "Initiated plan stop distribution";
    turn_plan(plane, context, id, name, (plan::Event::RequestStop, told)).await
}

/// Takes back the stop of a plan that is pending.
pub async fn resume_plan(
    plane: &Plane,
    context: &Context,
    id: &OfferId,
    name: &PlanName,
) -> Result<Offer, Error> {
    turn_plan(plane, context, id, name, (plan::Event::Resume, "Resume distribution")).await
}

async fn turn_plan(
    plane: &Plane,
    context: &Context,
    id: &OfferId,
    name: &PlanName,
    (event, told): (plan::Event, &str),
) -> Result<Offer, Error> {
    retry(async || {
        let mut unit = begin(plane, context, "offers", Verb::Write)?;
        let mut offer = find(&mut unit, context, id).await?;
        if offer.running.is_some() {
            return Err(lifecycle::Refusal::Running.into());
        }
        let others = others(&offer, name);
        let facts = offer.plans.get_mut(name).ok_or(Refused::NotFound(Thing::Plan))?;
        if let Some(after) = plan::next(facts.distribution, event, others)? {
            facts.distribution = after;
        }
        let by = By::Caller(plane, context);
        by.put(&mut unit, MarketNoun::Offer(offer.clone())).await?;
        history::note(plane, by, &mut unit, &offer, format!("{told}:{name}")).await?;
        plane.commit(context, unit, 200).await?;
        Ok(shown(offer))
    })
    .await
}

/// How many other plans customers can take.
fn others(offer: &Offer, name: &PlanName) -> usize {
    let is_there = |it: &PlanFacts| it.distribution == Distribution::Distributed;
    offer.plans.iter().filter(|(it, facts)| *it != name && is_there(facts)).count()
}
