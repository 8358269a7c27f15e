//! The end of an offer's distribution: nobody new takes it, and what was delegated goes on.

use ids::offer::{OfferId, Slot};
use market::lifecycle::{Event, next};
use model::market::{
    MarketNoun,
    offer::{Edition, Offer},
};
use serde_json::{Value, json};
use store::unit::Cause;

use super::TENANT;
use crate::{
    deployments::progress::Hold,
    error::Error,
    market::{
        By,
        offers::{
            history,
            published::{edition, standing},
        },
    },
    plane::{Plane, retry},
};

/// The kind of the jobs that end a distribution.
pub(in crate::market) const JOB: &str = "distribution";

/// What the job remembers.
pub(in crate::market) fn state(offer: &Offer) -> Value {
    json!({ TENANT: offer.tenant, "offer": offer.id })
}

/// Ends the distribution, unless somebody has taken that back.
pub(super) async fn stop(plane: &Plane, hold: Hold) -> Result<(), Error> {
    let id = hold.job.state.get("offer").cloned();
    let Some(id) = id.and_then(|id| serde_json::from_value(id).ok()) else {
        return hold.finish(plane).await;
    };
    retry(|| once(plane, &hold, &id)).await
}

async fn once(plane: &Plane, hold: &Hold, id: &OfferId) -> Result<(), Error> {
    let mut unit = plane.store.begin(Cause { correlation: hold.job.correlation });
    unit.finish(&hold.job.id, &hold.lease);
    if let Some(offer) = unit.find::<Offer>(id).await? {
        let facts = standing(&mut unit, &offer, false).await?;
        if let Ok(Some(state)) = next(offer.state, Event::Stopped, facts) {
            if let Some(live) = edition(&mut unit, id, Slot::Live).await? {
                let stopped = live.form.plans.iter().map(|it| it.name.clone()).collect();
                let live = Edition { stopped, ..live };
                By::Job.put(&mut unit, MarketNoun::Edition(live)).await?;
            }
            let after = Offer { state, ..offer };
            let told = "Not available in the marketplace".to_owned();
            history::note(plane, By::Job, &mut unit, &after, told).await?;
            By::Job.put(&mut unit, MarketNoun::Offer(after)).await?;
        }
    }
    unit.commit().await?;
    Ok(())
}
