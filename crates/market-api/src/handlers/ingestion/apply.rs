//! What a request to configure does: all of it, or nothing.

use std::collections::BTreeMap;

use ids::offer::{OfferId, OfferName, PlanName, PublisherId, Slot};
use model::market::{form::Form, offer::Offer, submission::SubmissionId};
use operations::{
    error::Error,
    market::{
        IfMatch, Refused, Thing,
        offers::{
            configure::{self, Step},
            create,
            distribution::Turn,
            read, sync,
        },
        publishers,
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
    /// None where there is no such product, nor became one.
    pub(super) product: Option<Uuid>,
    pub(super) errors: Vec<JobError>,
}

/// What a request is about.
enum Meant {
    There(Box<Offer>),
    /// A product that is new, and what it is called.
    New(OfferId, String),
}

impl Meant {
    fn offer(&self) -> Option<&Offer> {
        match self {
            Self::There(offer) => Some(offer),
            Self::New(..) => None,
        }
    }

    fn id(&self) -> &OfferId {
        match self {
            Self::There(offer) => &offer.id,
            Self::New(id, _) => id,
        }
    }

    fn form(&self) -> Form {
        match self {
            Self::There(offer) => offer.form.clone(),
            Self::New(_, alias) => create::blank(alias),
        }
    }
}

/// A request that cannot be understood is refused. What the marketplace refuses of one that can is
/// told by the job, and then nothing of the request has happened.
pub(super) async fn apply(ask: &Ask, resources: &[Resource]) -> Result<Done, Failure> {
    let meant = meant(ask, resources).await?;
    let known = known(ask, meant.offer(), resources).await?;
    let mut form = meant.form();
    let beside = merge::merge(&mut form, resources, &known)?;
    let before = meant.offer().map(|it| it.durable);
    match perform(ask, &meant, form, beside).await {
        Ok(after) => {
            let product = before.or(after.map(|it| it.durable));
            Ok(Done { product, errors: Vec::new() })
        }
        Err(failure) => Ok(Done { product: before, errors: vec![told(failure)?] }),
    }
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
async fn meant(ask: &Ask, resources: &[Resource]) -> Result<Meant, Failure> {
    let (plane, context) = (ask.plane(), ask.context()?);
    match merge::product(resources)? {
        Product::Durable(durable) => {
            Ok(Meant::There(Box::new(read::by_durable(plane, context, durable).await?)))
        }
        Product::Named(publisher, name) => {
            let id = named(ask, publisher, name).await?;
            let alias = resources.iter().find_map(|it| {
                if let Said::Product { alias, .. } = &it.said { Some(alias.clone()) } else { None }
            });
            match (read::read(plane, context, &id).await, alias) {
                (Err(Error::Market(refused)), Some(alias))
                    if *refused == Refused::NotFound(Thing::Offer) =>
                {
                    let alias = alias.unwrap_or_else(|| id.name.to_string());
                    Ok(Meant::New(id, alias))
                }
                (found, _) => Ok(Meant::There(Box::new(found?))),
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

async fn perform(
    ask: &Ask,
    meant: &Meant,
    form: Form,
    beside: Beside,
) -> Result<Option<Offer>, Failure> {
    let steps = steps(meant, form, beside)?;
    let seen = meant.offer().map_or(IfMatch::Any, |it| IfMatch::Revision(it.revision));
    let (operations, target) = (&ask.surface.operations, (meant.id(), seen));
    Ok(configure::configure(ask.plane(), ask.context()?, operations, target, &steps).await?)
}

/// What is to be done, one thing after the other.
fn steps(meant: &Meant, form: Form, beside: Beside) -> Result<Vec<Step>, Failure> {
    let is_gone = beside.lifecycle == Some(Lifecycle::Deleted);
    let mut steps = Vec::new();
    match meant {
        Meant::There(_) if is_gone => return Ok(vec![Step::Delete]),
        Meant::New(..) if is_gone => {
            return Err(Error::from(Refused::NotFound(Thing::Offer)).into());
        }
        Meant::There(_) => {}
        Meant::New(_, alias) => steps.push(Step::Create(alias.clone())),
    }
    if beside.changes_draft {
        steps.push(Step::Save(Box::new(form)));
    }
    for (plan, lifecycle) in beside.plans {
        match lifecycle {
            Lifecycle::Deprecated => steps.push(Step::Plan(plan, Turn::Stop)),
            Lifecycle::GenerallyAvailable if is_stopping(meant.offer(), &plan) => {
                steps.push(Step::Plan(plan, Turn::Resume));
            }
            Lifecycle::GenerallyAvailable | Lifecycle::Deleted => {}
        }
    }
    for (plan, add, remove) in beside.audiences {
        let remove = remove.iter().map(|it| it.subscription).collect();
        steps.push(Step::Audience(plan, sync::Change { add, remove }));
    }
    steps.extend(distribute(meant.offer(), beside.lifecycle).map(Step::Distribution));
    match beside.submission {
        None => {}
        Some((Slot::Preview, _)) => steps.push(Step::Submit),
        Some((Slot::Live, preview)) => {
            let preview = preview.and_then(|it| it.rest?.parse().ok()).map(SubmissionId);
            steps.push(Step::GoLive(preview.ok_or(Failure::WhichPreview)?));
        }
    }
    Ok(steps)
}

fn is_stopping(offer: Option<&Offer>, plan: &PlanName) -> bool {
    use model::market::offer::Distribution::{Distributed, Draft, StopRequested, Stopped};
    match offer.and_then(|it| it.plans.get(plan)).map(|it| it.distribution) {
        Some(StopRequested | Stopped) => true,
        Some(Draft | Distributed) | None => false,
    }
}

/// A product that is said to be as it is stays so.
fn distribute(offer: Option<&Offer>, lifecycle: Option<Lifecycle>) -> Option<Turn> {
    use model::market::offer::OfferState::{NotAvailable, PendingStop};
    let state = offer.map(|it| it.state);
    let is_stopped = matches!(state, Some(PendingStop | NotAvailable));
    match lifecycle {
        Some(Lifecycle::Deprecated) if !is_stopped => Some(Turn::Stop),
        Some(Lifecycle::GenerallyAvailable) if state == Some(PendingStop) => Some(Turn::Resume),
        Some(_) | None => None,
    }
}
