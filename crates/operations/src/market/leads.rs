//! Leads: that somebody took an offer, on the way to where its publisher wants to hear of it.
//!
//! A lead is a row and a job in the unit of what it tells of. Whoever sends it is given to the
//! worker: nothing here opens a connection.

use std::pin::Pin;

use ids::offer::Slot;
use model::{
    change::{Change, Noun},
    event::{Actor, SystemReason},
    market::{
        MarketNoun,
        lead::{Delivery, Lead, LeadPerson},
        offer::{Edition, Stage},
    },
};
use store::{
    jobs::{Job, JobId},
    unit::Unit,
};

use crate::{cascade, context::Context, error::Error, plane::Plane};

pub(crate) mod address;
pub mod deliver;
pub mod read;
pub mod test;
pub mod try_out;

/// The kind of the jobs that deliver leads.
pub const JOB: &str = "lead";

/// Brings leads to where publishers want them, over the network.
pub trait LeadSender: Send + Sync {
    /// Posts a lead to that address, once. Answers the status that it got.
    fn send<'a>(&'a self, url: &'a str, lead: &'a Lead) -> Sending<'a>;
}

/// A lead on its way.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<u16, Unsent>> + Send + 'a>>;

/// Why nobody answered. For the publisher to read: says nothing of what is in the network here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsent {
    #[error("the address is not one that leads are sent to")]
    Address,
    #[error("nobody could be reached there")]
    Unreachable,
    #[error("nobody answered in time")]
    Late,
}

/// What a customer did, as a publisher is told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// `AzurePortal-Create`.
    pub source: &'static str,
    /// `INS`, `PLT`, `Create`.
    pub action: &'static str,
    /// Only with their leave to share it.
    pub person: Option<LeadPerson>,
}

/// Adds a lead of that edition to the unit, and the job that delivers it.
pub async fn add(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    edition: &Edition,
    news: News,
) -> Result<Lead, Error> {
    let News { source, action, person } = news;
    let lead = Lead {
        id: plane.random.uuid_at(unit.now()),
        offer: edition.offer.clone(),
        tenant: edition.tenant,
        at: unit.now(),
        offer_title: edition.form.listing.title.clone(),
        source: source.to_owned(),
        action: action.to_owned(),
        person: person.filter(may_be_told),
        delivery: Delivery::Pending { attempts: 0 },
    };
    let slot = match edition.stage {
        Stage::Published(slot) => slot,
        Stage::Submitted => Slot::Preview, // nobody takes what is only submitted
    };
    unit.find::<Lead>(&lead.id).await?;
    let change = Change::Put(Noun::Market(MarketNoun::Lead(lead.clone())));
    cascade::apply(unit, SystemReason::Cascade, change)?;
    unit.enqueue(Job {
        id: JobId(plane.random.uuid()),
        kind: JOB.to_owned(),
        // The customer has no leave in the publisher's account: it follows from what they did.
        actor: Actor::System(SystemReason::JobProgress),
        correlation: context.correlation,
        due: unit.now(),
        state: deliver::state(&lead, deliver::To::Slot(slot)),
    });
    Ok(lead)
}

/// Who writes from a school's address is told of to nobody
/// (<https://learn.microsoft.com/partner-center/referrals/commercial-marketplace-get-customer-leads>).
fn may_be_told(person: &LeadPerson) -> bool {
    !person.email.trim().to_ascii_lowercase().ends_with(".edu")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_hears_who_writes_from_a_school() {
        let told = |email: &str| {
            may_be_told(&LeadPerson { email: email.to_owned(), ..LeadPerson::default() })
        };
        assert!(told("olof@contoso.example") && told("edu@contoso.com") && told(""));
        assert!(!told("olof@lund.edu") && !told("Olof@Lund.EDU "));
    }
}
