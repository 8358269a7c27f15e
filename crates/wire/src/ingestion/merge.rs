//! What a request makes of a draft.
//!
//! A resource replaces that part of the draft; what no resource speaks of stays. Pictures and videos
//! are replaced together, since they stand in an order; where none is named, those go of which it is
//! said.

mod pictures;

use std::collections::BTreeMap;

use ids::offer::{OfferName, PlanName, PublisherId, Slot};
use model::market::{
    form::{AudienceEntry, Form, Listing, Plan, Visibility},
    media::Picture,
};
use uuid::Uuid;

use super::{
    durable::{Durable, Pointer},
    read::{Lifecycle, ListingTexts, Resource, Said},
};

/// Why resources do not fit together, or not the draft. `at` is the resource.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{at}: {why}")]
pub struct Unfit {
    pub at: String,
    pub why: Why,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    #[error("it names no product: give it `product`, or an `identity` if it is one")]
    NoProduct,
    #[error("it is of another product than the others: configure one product at a time")]
    OtherProduct,
    #[error("no resource of the request calls itself `{0}`")]
    NoResource(String),
    #[error("it names no plan: give it `plan`, or an `identity` if it is one")]
    NoPlan,
    #[error("the offer has no such plan")]
    UnknownPlan,
    #[error("no picture of that digest was uploaded: upload it first")]
    UnknownPicture,
    #[error("the draft has no such picture or video")]
    NothingThere,
    #[error("only one submission can be asked for at a time")]
    SecondSubmission,
    #[error("a plan's audience can be changed once in a request: name all that comes and goes")]
    SecondUpdate,
    #[error("audiences of private plans are synchronized alone, without other resources")]
    SyncAlone,
}

/// Which product a request is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Product {
    Durable(Uuid),
    /// By its id, and by its publisher where the account has several.
    Named(Option<PublisherId>, OfferName),
}

/// What is to be done beside the draft.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Beside {
    /// What becomes of the offer.
    pub lifecycle: Option<Lifecycle>,
    /// What becomes of plans.
    pub plans: Vec<(PlanName, Lifecycle)>,
    /// Changes of private audiences that take no certification.
    pub audiences: Vec<(PlanName, Vec<AudienceEntry>, Vec<AudienceEntry>)>,
    /// Where to publish; to live, which preview.
    pub submission: Option<(Slot, Option<Durable>)>,
    /// Whether the draft changes at all.
    pub changes_draft: bool,
}

/// What there is to resolve pointers with.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// The plans of the offer, by the GUIDs in their durable ids.
    pub plans: BTreeMap<Uuid, PlanName>,
    /// The pictures that were uploaded, by digest.
    pub pictures: BTreeMap<String, Picture>,
}

fn unfit(resource: &Resource, why: Why) -> Unfit {
    Unfit { at: resource.at.clone(), why }
}

/// The one product that all resources are of.
pub fn product(resources: &[Resource]) -> Result<Product, Unfit> {
    let mut found: Option<Product> = None;
    for resource in resources {
        let product = product_of(resource, resources)?;
        match &found {
            None => found = Some(product),
            Some(first) if is_same(first, &product) => {
                found = Some(fuller(first.clone(), product));
            }
            Some(_) => return Err(unfit(resource, Why::OtherProduct)),
        }
    }
    let nowhere = || Unfit { at: "resources".to_owned(), why: Why::NoProduct };
    found.ok_or_else(nowhere)
}

fn product_of(resource: &Resource, all: &[Resource]) -> Result<Product, Unfit> {
    let publisher =
        if let Said::Product { publisher, .. } = &resource.said { publisher.clone() } else { None };
    let from_id = resource.id.as_ref().map(|id| Product::Durable(id.product));
    match &resource.product {
        Some(Pointer::Durable(guid)) => Ok(Product::Durable(*guid)),
        Some(Pointer::External(name)) => Ok(Product::Named(publisher, name.clone())),
        Some(Pointer::Resource(name)) => {
            let is_meant = |it: &&Resource| {
                it.name.as_ref() == Some(name) && matches!(it.said, Said::Product { .. })
            };
            let meant = all.iter().find(is_meant);
            let meant = meant.ok_or_else(|| unfit(resource, Why::NoResource(name.clone())))?;
            if meant.at == resource.at {
                return Err(unfit(resource, Why::NoProduct));
            }
            // A product points at itself by its id or its name, never at another.
            match &meant.product {
                Some(Pointer::Resource(_)) | None => Err(unfit(meant, Why::NoProduct)),
                Some(Pointer::Durable(_) | Pointer::External(_)) => product_of(meant, all),
            }
        }
        None => from_id.ok_or_else(|| unfit(resource, Why::NoProduct)),
    }
}

fn is_same(one: &Product, other: &Product) -> bool {
    match (one, other) {
        (Product::Durable(one), Product::Durable(other)) => one == other,
        (Product::Named(p, one), Product::Named(q, other)) => {
            one == other && (p.is_none() || q.is_none() || p == q)
        }
        (Product::Durable(_), Product::Named(..)) | (Product::Named(..), Product::Durable(_)) => {
            false
        }
    }
}

/// Of two that are the same, the one that says whose it is.
fn fuller(one: Product, other: Product) -> Product {
    if matches!(one, Product::Named(None, _)) { other } else { one }
}

/// The digests of the pictures that the request names.
pub fn digests(resources: &[Resource]) -> Vec<String> {
    let named = resources.iter().filter_map(|it| {
        if let Said::Asset(asset) = &it.said {
            return Some(asset.digest.clone());
        }
        if let Said::Trailer { thumbnail, .. } = &it.said { thumbnail.clone() } else { None }
    });
    named.collect()
}

/// Changes the draft as the resources say, and answers what is to be done beside it.
pub fn merge(form: &mut Form, resources: &[Resource], known: &Known) -> Result<Beside, Unfit> {
    let mut beside = Beside::default();
    plans(form, resources, known, &mut beside)?;
    pictures::hang(&mut form.listing, resources, known)?;
    for resource in resources {
        one(form, resource, resources, known, &mut beside)?;
    }
    beside.changes_draft |= resources.iter().any(|it| changes_draft(&it.said));
    let mut syncing = resources.iter().filter(|it| matches!(it.said, Said::AudienceUpdate { .. }));
    match syncing.next() {
        Some(sync) if resources.len() != beside.audiences.len() => Err(unfit(sync, Why::SyncAlone)),
        Some(_) | None => Ok(beside),
    }
}

fn changes_draft(said: &Said) -> bool {
    match said {
        Said::Product { alias, .. } => alias.is_some(),
        Said::AudienceUpdate { .. } | Said::Submission(_) => false,
        Said::Plan { lifecycle } => lifecycle.is_none(),
        Said::Leads(_)
        | Said::Properties { .. }
        | Said::Listing(_)
        | Said::Asset(_)
        | Said::Trailer { .. }
        | Said::Gone(..)
        | Said::PreviewAudience(_)
        | Said::PlanListing { .. }
        | Said::Availability { .. }
        | Said::Manifests(_)
        | Said::Tests(_) => true,
    }
}

/// New plans come, and drafts of plans go, before anything is said of them.
fn plans(
    form: &mut Form,
    resources: &[Resource],
    known: &Known,
    beside: &mut Beside,
) -> Result<(), Unfit> {
    for resource in resources {
        let Said::Plan { lifecycle } = &resource.said else { continue };
        let name = plan_of(resource, resources, known)?;
        match lifecycle {
            Some(Lifecycle::Deleted) => {
                form.plans.retain(|plan| plan.name != name);
                beside.changes_draft = true;
            }
            Some(other) if form.plan(&name).is_some() => beside.plans.push((name, *other)),
            Some(_) | None if form.plan(&name).is_none() => form.plans.push(empty(name)),
            Some(_) | None => {}
        }
    }
    Ok(())
}

fn empty(name: PlanName) -> Plan {
    Plan {
        name,
        title: String::new(),
        summary: String::new(),
        description: String::new(),
        visibility: Visibility::Public,
        audience: Vec::new(),
        manifests: Vec::new(),
    }
}

fn plan_of(resource: &Resource, all: &[Resource], known: &Known) -> Result<PlanName, Unfit> {
    let by_guid = |guid: &Uuid| known.plans.get(guid).cloned();
    let own = resource.id.as_ref().and_then(|id| id.rest.as_ref()?.parse().ok());
    let unknown = || unfit(resource, Why::UnknownPlan);
    match &resource.plan {
        Some(Pointer::External(name)) => Ok(name.clone()),
        Some(Pointer::Durable(guid)) => by_guid(guid).ok_or_else(unknown),
        Some(Pointer::Resource(name)) => {
            let is_meant = |it: &&Resource| {
                it.name.as_ref() == Some(name) && matches!(it.said, Said::Plan { .. })
            };
            let meant = all.iter().find(is_meant);
            let meant = meant.ok_or_else(|| unfit(resource, Why::NoResource(name.clone())))?;
            match &meant.plan {
                Some(Pointer::External(name)) => Ok(name.clone()),
                Some(Pointer::Durable(guid)) => by_guid(guid).ok_or_else(unknown),
                Some(Pointer::Resource(_)) | None => Err(unfit(meant, Why::NoPlan)),
            }
        }
        None => {
            own.and_then(|guid: Uuid| by_guid(&guid)).ok_or_else(|| unfit(resource, Why::NoPlan))
        }
    }
}

fn one(
    form: &mut Form,
    resource: &Resource,
    all: &[Resource],
    known: &Known,
    beside: &mut Beside,
) -> Result<(), Unfit> {
    match &resource.said {
        Said::Product { alias, lifecycle, .. } => {
            if let Some(alias) = alias {
                form.alias.clone_from(alias);
            }
            beside.lifecycle = *lifecycle;
        }
        Said::Leads(destination) => form.leads.clone_from(destination),
        Said::Properties { categories, terms, notes } => {
            form.categories.clone_from(categories);
            form.terms.clone_from(terms);
            form.notes = notes.clone().unwrap_or_default();
        }
        Said::Listing(texts) => write(&mut form.listing, texts),
        Said::PreviewAudience(audience) => form.preview_audience.clone_from(audience),
        Said::Tests(tests) => form.tests.clone_from(tests),
        Said::Submission(slot) => {
            if beside.submission.is_some() {
                return Err(unfit(resource, Why::SecondSubmission));
            }
            beside.submission = Some((*slot, resource.id.clone()));
        }
        Said::AudienceUpdate { add, remove } => {
            let plan = plan_of(resource, all, known)?;
            if beside.audiences.iter().any(|(other, ..)| *other == plan) {
                return Err(unfit(resource, Why::SecondUpdate));
            }
            beside.audiences.push((plan, add.clone(), remove.clone()));
        }
        Said::PlanListing { title, summary, description } => {
            let plan = plan_mut(form, resource, all, known)?;
            plan.title.clone_from(title);
            plan.summary.clone_from(summary);
            plan.description.clone_from(description);
        }
        Said::Availability { visibility, audience } => {
            let plan = plan_mut(form, resource, all, known)?;
            plan.visibility = *visibility;
            plan.audience.clone_from(audience);
        }
        Said::Manifests(manifests) => {
            plan_mut(form, resource, all, known)?.manifests.clone_from(manifests);
        }
        Said::Plan { .. } | Said::Asset(_) | Said::Trailer { .. } | Said::Gone(..) => {} // before
    }
    Ok(())
}

fn plan_mut<'a>(
    form: &'a mut Form,
    resource: &Resource,
    all: &[Resource],
    known: &Known,
) -> Result<&'a mut Plan, Unfit> {
    let name = plan_of(resource, all, known)?;
    let plan = form.plans.iter_mut().find(|plan| plan.name == name);
    plan.ok_or_else(|| unfit(resource, Why::UnknownPlan))
}

fn write(listing: &mut Listing, texts: &ListingTexts) {
    let ListingTexts {
        language,
        title,
        summary,
        short_description,
        description,
        privacy_policy,
        links,
        support,
        engineering,
        support_global,
        support_government,
    } = texts.clone();
    let pictures = std::mem::take(listing);
    *listing = Listing {
        language,
        title,
        summary,
        short_description,
        description,
        privacy_policy,
        links,
        support,
        engineering,
        support_global,
        support_government,
        ..pictures
    };
}

#[cfg(test)]
mod tests;
