//! That somebody took a plan is told to its publisher.

use access::permit::Permit;
use model::{
    change::{Change, Noun},
    event::{Actor, SystemReason},
    market::{
        MarketNoun,
        form::Destination,
        lead::{Delivery, Lead, LeadPerson},
    },
};
use serde_json::json;
use store::{
    jobs::{Job, JobId},
    unit::Unit,
};

use super::published::Published;
use crate::{context::Context, error::Error, plane::Plane};

/// The job that sends a lead; its state names the lead.
pub(super) const KIND: &str = "lead";
/// From where a plan is taken, and how (lead payload of the commercial marketplace).
const SOURCE: &str = "AzurePortal-Create";
const ACTION: &str = "Create";

/// Adds the lead and what sends it to the unit. Of the person it tells only what they agreed to
/// share.
pub(super) async fn note(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    published: &Published,
    person: Option<LeadPerson>,
) -> Result<(), Error> {
    let edition = &published.edition;
    if edition.form.leads == Destination::None {
        return Ok(());
    }
    let lead = Lead {
        id: plane.random.uuid_at(unit.now()),
        offer: edition.offer.clone(),
        tenant: edition.tenant,
        at: unit.now(),
        offer_title: edition.form.listing.title.clone(),
        source: SOURCE.to_owned(),
        action: ACTION.to_owned(),
        person,
        delivery: Delivery::Pending { attempts: 0 },
    };
    let id = lead.id;
    let change = Change::Put(Noun::Market(MarketNoun::Lead(lead)));
    unit.look(&change).await?;
    // The customer has no leave in the publisher's account: the lead follows from what they did.
    if let Some(permit) = Permit::system(SystemReason::Cascade, &change) {
        unit.apply(permit, change)?;
        unit.enqueue(Job {
            id: JobId(plane.random.uuid()),
            kind: KIND.to_owned(),
            actor: Actor::System(SystemReason::JobProgress),
            correlation: context.correlation,
            due: unit.now(),
            state: json!({ "lead": id }),
        });
    }
    Ok(())
}
