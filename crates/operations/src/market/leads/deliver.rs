//! A lead's way to its publisher: tried again for a day, and then no more.

use ids::offer::Slot;
use jiff::{SignedDuration, Timestamp};
use model::market::{
    MarketNoun,
    lead::{Delivery, Lead},
    offer::{Edition, Offer, Stage},
};
use serde_json::{Value, json};
use store::{error::StoreError, jobs::Job, snapshot::Snapshot, unit::Cause};
use uuid::Uuid;

use super::{LeadSender, Unsent, address};
use crate::{
    deployments::progress::Hold,
    error::Error,
    market::{By, run::TENANT},
    plane::{Plane, retry},
};

/// How long after each attempt the next one is made: eight attempts within a day.
const PAUSES_MINUTES: [i64; 7] = [1, 5, 15, 60, 120, 240, 480];

/// Whose address a lead goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum To {
    /// What is published says it: what a draft says is for the next publication.
    Slot(Slot),
    /// The draft says it, which a test lead tries out, once.
    Draft,
}

/// What the job remembers: the lead, and whose address it goes to.
pub(super) fn state(lead: &Lead, to: To) -> Value {
    match to {
        To::Slot(slot) => json!({ TENANT: lead.tenant, "lead": lead.id, "slot": slot }),
        To::Draft => json!({ TENANT: lead.tenant, "lead": lead.id, "draft": true }),
    }
}

fn of_job(job: &Job) -> Option<(Uuid, To)> {
    let read = |name: &str| job.state.get(name).cloned();
    let lead = serde_json::from_value(read("lead")?).ok()?;
    if read("draft").is_some() {
        return Some((lead, To::Draft));
    }
    Some((lead, To::Slot(serde_json::from_value(read("slot")?).ok()?)))
}

/// The address of a lead; none where nothing says one.
async fn address(
    plane: &Plane,
    snapshot: &Snapshot,
    lead: &Lead,
    to: To,
) -> Result<Option<String>, StoreError> {
    match to {
        To::Slot(slot) => {
            let published = (lead.offer.clone(), Stage::Published(slot));
            let edition = snapshot.find::<Edition>(&published).await?;
            Ok(edition.map(|it| address::of(plane, &it)).transpose()?.flatten())
        }
        To::Draft => {
            let offer = snapshot.find::<Offer>(&lead.offer).await?;
            // The offer may be gone, and another's have its name.
            let offer = offer.filter(|it| it.tenant == lead.tenant);
            Ok(offer.map(|it| address::of_draft(plane, &it)).transpose()?.flatten())
        }
    }
}

/// Tries to deliver the lead of a job, once. A lead that was sent just before the process ended is
/// sent again: publishers are told to expect it.
pub async fn deliver(plane: &Plane, sender: &dyn LeadSender, mut hold: Hold) -> Result<(), Error> {
    let Some((id, to)) = of_job(&hold.job) else {
        tracing::error!(job = %hold.job.id, "a job names no lead");
        return hold.finish(plane).await;
    };
    let snapshot = plane.store.snapshot().await?;
    let lead = snapshot.find::<Lead>(&id).await?;
    let Some(lead) = lead.filter(is_pending) else { return hold.finish(plane).await };
    let url = address(plane, &snapshot, &lead, to).await?;
    drop(snapshot);
    let answer = match &url {
        Some(url) => {
            let sending = async { Ok(sender.send(url, &lead).await) };
            hold.keeping(plane, sending).await?
        }
        None => Err(Unsent::Address),
    };
    retry(|| note(plane, &hold, (id, to), answer)).await
}

fn is_pending(lead: &Lead) -> bool {
    matches!(lead.delivery, Delivery::Pending { .. })
}

async fn note(
    plane: &Plane,
    hold: &Hold,
    (id, to): (Uuid, To),
    answer: Result<u16, Unsent>,
) -> Result<(), Error> {
    let mut unit = plane.store.begin(Cause { correlation: hold.job.correlation });
    let job = &hold.job;
    if let Some(lead) = unit.find::<Lead>(&id).await?.filter(is_pending) {
        let (delivery, again) = match to {
            To::Slot(_) => after(&lead.delivery, answer, unit.now()),
            To::Draft => (at_once(answer, unit.now()), None),
        };
        By::Job.put(&mut unit, MarketNoun::Lead(Lead { delivery, ..lead })).await?;
        if let Some(due) = again {
            unit.postpone(&job.id, &hold.lease, job.state.clone(), due);
            unit.commit().await?;
            return Ok(());
        }
    }
    unit.finish(&job.id, &hold.lease);
    unit.commit().await?;
    Ok(())
}

/// How far a lead has come after one more attempt, and when the next one is due.
fn after(
    before: &Delivery,
    answer: Result<u16, Unsent>,
    now: Timestamp,
) -> (Delivery, Option<Timestamp>) {
    let reason = match at_once(answer, now) {
        Delivery::Failed { reason } => reason,
        taken @ (Delivery::Delivered { .. } | Delivery::Pending { .. }) => return (taken, None),
    };
    let attempts = match before {
        Delivery::Pending { attempts } => attempts.saturating_add(1),
        Delivery::Delivered { .. } | Delivery::Failed { .. } => return (before.clone(), None),
    };
    let made = usize::try_from(attempts).unwrap_or(usize::MAX);
    match PAUSES_MINUTES.get(made.saturating_sub(1)) {
        Some(minutes) => {
            let due = now.saturating_add(SignedDuration::from_mins(*minutes)).unwrap_or(now);
            (Delivery::Pending { attempts }, Some(due))
        }
        None => (Delivery::Failed { reason }, None),
    }
}

/// What came of an attempt that is the only one.
fn at_once(answer: Result<u16, Unsent>, now: Timestamp) -> Delivery {
    let reason = match answer {
        Ok(200..=299) => return Delivery::Delivered { at: now },
        Ok(status) => format!("the endpoint answered with status {status}"),
        Err(unsent) => unsent.to_string(),
    };
    Delivery::Failed { reason }
}

#[cfg(test)]
mod tests {
    use model::samples::now;

    use super::*;

    #[test]
    fn a_lead_is_tried_eight_times_within_a_day_and_then_given_up_with_a_reason() {
        let (mut delivery, mut at) = (Delivery::Pending { attempts: 0 }, now());
        let mut attempts = 0;
        loop {
            attempts += 1;
            let (next, due) = after(&delivery, Ok(503), at);
            delivery = next;
            let Some(due) = due else { break };
            assert!(due > at);
            at = due;
        }
        assert_eq!(attempts, 8);
        assert!(at.duration_since(now()) < SignedDuration::from_hours(24));
        let reason = "the endpoint answered with status 503".to_owned();
        assert_eq!(delivery, Delivery::Failed { reason });
    }

    #[test]
    fn a_lead_that_was_taken_is_not_sent_again() {
        for status in [200, 202, 204, 299] {
            let (delivery, due) = after(&Delivery::Pending { attempts: 7 }, Ok(status), now());
            assert_eq!((delivery, due), (Delivery::Delivered { at: now() }, None));
        }
        for status in [100, 199, 300, 302, 404] {
            let (delivery, due) = after(&Delivery::Pending { attempts: 0 }, Ok(status), now());
            assert_eq!(delivery, Delivery::Pending { attempts: 1 });
            assert!(due.is_some());
        }
    }
}
