//! What a request to configure does, one thing after the other.

use std::collections::BTreeMap;

use ids::offer::{OfferId, OfferName, PublisherId, Slot};
use model::market::{form::Form, offer::Offer, submission::SubmissionId};
use operations::{
    error::Error,
    market::{
        IfMatch, Refused, Thing,
        offers::{create, decide, delete, distribution, read, save, sync},
        publishers, submissions,
    },
};
use store::snapshot::Page;
use uuid::Uuid;
use wire::ingestion::{
    job::JobError,
    merge::{self, Beside, Known, Product},
    read::{Lifecycle, Resource, Said},
};

use crate::{failure::Failure, route::Ask};

/// What came of it.
pub(super) struct Done {
    pub(super) product: Uuid,
    pub(super) errors: Vec<JobError>,
}

/// A request that cannot be understood is refused. What the marketplace refuses of one that can is
/// told by the job.
pub(super) async fn apply(ask: &Ask, resources: &[Resource]) -> Result<Done, Failure> {
    let offer = offer(ask, resources).await?;
    let known = known(ask, Some(&offer), resources).await?;
    let mut form = offer.form.clone();
    let beside = merge::merge(&mut form, resources, &known)?;
    let product = offer.durable;
    let errors = match perform(ask, &offer, form, &beside).await {
        Ok(()) => Vec::new(),
        Err(failure) => vec![told(failure)?],
    };
    Ok(Done { product, errors })
}

/// What the client can do something about; a fault of ours is none.
fn told(failure: Failure) -> Result<JobError, Failure> {
    let (status, code) = failure.verdict();
    match status {
        400 | 404 | 409 | 412 | 422 => {
            let (code, findings) = (code.to_owned(), failure.findings());
            Ok(JobError { code, message: failure.to_string(), findings })
        }
        _ => Err(failure),
    }
}

/// The offer that is meant; a new one, where a product says that it is one.
async fn offer(ask: &Ask, resources: &[Resource]) -> Result<Offer, Failure> {
    let (plane, context) = (ask.plane(), ask.context()?);
    match merge::product(resources)? {
        Product::Durable(durable) => Ok(read::by_durable(plane, context, durable).await?),
        Product::Named(publisher, name) => {
            let id = named(ask, publisher, name).await?;
            let alias = resources.iter().find_map(|it| {
                if let Said::Product { alias, .. } = &it.said { Some(alias.clone()) } else { None }
            });
            match (read::read(plane, context, &id).await, alias) {
                (Err(Error::Market(refused)), Some(alias))
                    if *refused == Refused::NotFound(Thing::Offer) =>
                {
                    // What is refused of the rest leaves no offer behind.
                    let known = known(ask, None, resources).await?;
                    let mut form = Form::default();
                    merge::merge(&mut form, resources, &known)?;
                    decide::bounded(&form).map_err(Error::from)?;
                    let alias = alias.unwrap_or_else(|| id.name.to_string());
                    Ok(create::create(plane, context, &id, &alias).await?)
                }
                (found, _) => Ok(found?),
            }
        }
    }
}

/// An offer's id; its publisher goes without saying where the account has one only.
async fn named(
    ask: &Ask,
    publisher: Option<PublisherId>,
    name: OfferName,
) -> Result<OfferId, Failure> {
    if let Some(publisher) = publisher {
        return Ok(OfferId { publisher, name });
    }
    let own = publishers::list(ask.plane(), ask.context()?, Page { after: None, limit: 2 }).await?;
    match own.items.as_slice() {
        [only] => Ok(OfferId { publisher: only.id.clone(), name }),
        _ => Err(Failure::WhichPublisher),
    }
}

async fn known(ask: &Ask, offer: Option<&Offer>, resources: &[Resource]) -> Result<Known, Failure> {
    let mut pictures = BTreeMap::new();
    for digest in merge::digests(resources) {
        if let Ok(media) = read::media(ask.plane(), ask.context()?, &digest).await {
            pictures.insert(digest, media.picture);
        }
    }
    let plans = offer.iter().flat_map(|offer| &offer.plans);
    let plans = plans.map(|(name, it)| (it.durable, name.clone())).collect();
    Ok(Known { plans, pictures })
}

async fn perform(ask: &Ask, offer: &Offer, form: Form, beside: &Beside) -> Result<(), Failure> {
    let (plane, context, id) = (ask.plane(), ask.context()?, &offer.id);
    if beside.lifecycle == Some(Lifecycle::Deleted) {
        return Ok(delete::delete(plane, context, id, IfMatch::Revision(offer.revision)).await?);
    }
    let mut revision = offer.revision;
    if beside.changes_draft {
        let saved = save::save(plane, context, id, &form, IfMatch::Revision(revision)).await?;
        revision = saved.into_inner().revision;
    }
    for (plan, lifecycle) in &beside.plans {
        match lifecycle {
            Lifecycle::Deprecated => {
                distribution::stop_plan(plane, context, id, plan).await?;
            }
            Lifecycle::GenerallyAvailable if is_stopping(offer, plan) => {
                distribution::resume_plan(plane, context, id, plan).await?;
            }
            Lifecycle::GenerallyAvailable | Lifecycle::Deleted => {}
        }
    }
    for (plan, add, remove) in &beside.audiences {
        let remove = remove.iter().map(|it| it.subscription).collect();
        let change = sync::Change { add: add.clone(), remove };
        sync::sync(plane, context, id, plan, &change).await?;
    }
    distribute(ask, offer, beside.lifecycle).await?;
    publish(ask, id, beside, revision).await
}

fn is_stopping(offer: &Offer, plan: &ids::offer::PlanName) -> bool {
    use model::market::offer::Distribution::{Distributed, Draft, StopRequested, Stopped};
    match offer.plans.get(plan).map(|it| it.distribution) {
        Some(StopRequested | Stopped) => true,
        Some(Draft | Distributed) | None => false,
    }
}

/// A product that is said to be as it is stays so.
async fn distribute(ask: &Ask, offer: &Offer, lifecycle: Option<Lifecycle>) -> Result<(), Failure> {
    use model::market::offer::OfferState::{NotAvailable, PendingStop};
    let (plane, context, id) = (ask.plane(), ask.context()?, &offer.id);
    let is_stopped = matches!(offer.state, PendingStop | NotAvailable);
    match lifecycle {
        Some(Lifecycle::Deprecated) if !is_stopped => {
            distribution::stop_offer(plane, context, id).await?;
        }
        Some(Lifecycle::GenerallyAvailable) if offer.state == PendingStop => {
            distribution::resume_offer(plane, context, id).await?;
        }
        Some(_) | None => {}
    }
    Ok(())
}

/// Publishes the draft as it was saved here, or read: what somebody else has saved since is theirs
/// to submit.
async fn publish(ask: &Ask, id: &OfferId, beside: &Beside, revision: u64) -> Result<(), Failure> {
    let (plane, context) = (ask.plane(), ask.context()?);
    match &beside.submission {
        None => {}
        Some((Slot::Preview, _)) => {
            let operations = &ask.surface.operations;
            let wanted = IfMatch::Revision(revision);
            submissions::submit::submit(plane, context, operations, id, wanted).await?;
        }
        Some((Slot::Live, preview)) => {
            let preview = preview.as_ref().and_then(|it| it.rest.as_ref()?.parse().ok());
            let preview = preview.map(SubmissionId).ok_or(Failure::WhichPreview)?;
            submissions::go_live::go_live(plane, context, id, preview).await?;
        }
    }
    Ok(())
}
