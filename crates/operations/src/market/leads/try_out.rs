//! A test lead that a publisher asks for, before anything is submitted: whether what the saved draft
//! says of where leads go is taken there.
//!
//! By the rules of a submission, which sends one as well: only an account that may publish sends one,
//! and one at a time. It is sent once, and an account waits before the next, whichever of its offers
//! it is for: nobody's endpoint is flooded from here.

use ids::offer::OfferId;
use jiff::{SignedDuration, Timestamp};
use market::lint::{Finding, offer, publish};
use model::{
    action::Verb,
    event::Actor,
    market::{
        MarketNoun,
        account::{Account, Verification},
        lead::{Delivery, Lead},
        offer::Offer,
    },
};
use store::{
    jobs::{Job, JobId},
    unit::Unit,
};

use super::{JOB, address, deliver, test};
use crate::{
    context::Context,
    error::Error,
    market::{By, Refused, Thing, admit, day, find, offers::decide::no_errors, own, reading},
    plane::{Plane, retry},
};

/// How long an account waits from one test lead to the next.
const PAUSE: SignedDuration = SignedDuration::from_secs(60);

/// Sends a test lead to where the saved draft says that leads go. What comes of it is told by
/// [`last`].
pub async fn send(plane: &Plane, context: &Context, id: &OfferId) -> Result<Lead, Error> {
    retry(async || {
        let mut unit = plane.begin(context);
        let lead = send_in(plane, context, &mut unit, id).await?;
        plane.commit(context, unit, 202).await?;
        Ok(lead)
    })
    .await
}

async fn send_in(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    id: &OfferId,
) -> Result<Lead, Error> {
    admit(plane, context, unit, "leads", Verb::Write)?;
    let offer = find(unit, context, id).await?;
    no_errors(against(plane, context, unit, &offer).await?)?;
    let last = unit.find::<Lead>(&of_account(context)).await?;
    may_follow(last.as_ref(), unit.now())?;
    // Each text has digits of its own, so that one test is told from another where it arrives.
    let sent = test::lead(plane.random.uuid_at(unit.now()), id, offer.tenant, unit.now());
    let lead = Lead { id: of_account(context), ..sent };
    By::Caller(plane, context).put(unit, MarketNoun::Lead(lead.clone())).await?;
    unit.enqueue(Job {
        id: JobId(plane.random.uuid()),
        kind: JOB.to_owned(),
        actor: Actor::Caller(context.caller.clone()),
        correlation: context.correlation,
        due: unit.now(),
        state: deliver::state(&lead, deliver::To::Draft),
    });
    Ok(lead)
}

/// An account has one test lead: the next one takes its place.
fn of_account(context: &Context) -> uuid::Uuid {
    own(context).raw()
}

/// What is against the account, against what runs, and against the address.
async fn against(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    of: &Offer,
) -> Result<Vec<Finding>, Error> {
    let account = unit.find::<Account>(&own(context)).await?.ok_or(Refused::NoAccount)?;
    let verification = unit.find::<Verification>(&own(context)).await?;
    let facts = publish::Facts {
        account: &account,
        verification: verification.as_ref(),
        day: day(unit.now()),
        is_running: of.running.is_some(),
    };
    let mut findings = publish::lint(&[], &facts);
    let leads = address::opened(plane, &of.id, &of.form.leads)?;
    findings.extend(offer::destination(&leads));
    Ok(findings)
}

/// Refuses a test lead while one is under way, and soon after it.
fn may_follow(last: Option<&Lead>, now: Timestamp) -> Result<(), Refused> {
    let Some(last) = last else { return Ok(()) };
    let left = PAUSE.saturating_sub(now.duration_since(last.at)).as_secs();
    match last.delivery {
        Delivery::Pending { .. } => Err(Refused::Testing),
        Delivery::Delivered { .. } | Delivery::Failed { .. } if left > 0 => {
            Err(Refused::TestedLately { seconds: left })
        }
        Delivery::Delivered { .. } | Delivery::Failed { .. } => Ok(()),
    }
}

/// The test lead that was sent last for the offer, and what came of it; for whoever sees the offer:
/// it tells of nobody. None where the account sent its last one for another offer.
pub async fn last(plane: &Plane, context: &Context, id: &OfferId) -> Result<Lead, Error> {
    let asked = reading(context, "offers");
    let found = plane.find::<Lead>(&asked, &of_account(context)).await?;
    let found = found.filter(|it| it.tenant == own(context) && it.offer == *id);
    found.ok_or_else(|| Refused::NotFound(Thing::TestLead).into())
}

#[cfg(test)]
mod tests {
    use model::samples::{PROVIDER, market, now};
    use uuid::Uuid;

    use super::*;

    #[test]
    fn one_test_lead_follows_another_once_it_was_answered_and_a_minute_has_passed() {
        let sent = test::lead(Uuid::nil(), &market::offer_id(), PROVIDER, now());
        let failed = Delivery::Failed { reason: String::new() };
        let after = |delivery: &Delivery, seconds| {
            let last = Lead { delivery: delivery.clone(), ..sent.clone() };
            may_follow(Some(&last), now() + SignedDuration::from_secs(seconds))
        };
        assert_eq!(may_follow(None, now()), Ok(()));
        assert_eq!(after(&sent.delivery, 3_600), Err(Refused::Testing));
        for answered in [failed, Delivery::Delivered { at: now() }] {
            assert_eq!(after(&answered, 0), Err(Refused::TestedLately { seconds: 60 }));
            assert_eq!(after(&answered, 59), Err(Refused::TestedLately { seconds: 1 }));
            assert_eq!(after(&answered, 60), Ok(()));
        }
    }
}
