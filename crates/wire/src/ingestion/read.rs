//! The body of `configure`: what a draft is to say.

use std::collections::BTreeMap;

use ids::offer::{OfferName, PlanName, PublisherId, Slot};
use model::market::{
    account::Person,
    form::{AudienceEntry, Destination, Expectation, Link, Terms, VersionedManifest, Visibility},
};

use super::{
    Kind,
    durable::{self, Durable, Pointer},
    listing, plan,
};
use crate::arm::content::{BadContent, Content, Field, Fields};

/// More resources than this are no offer's.
const RESOURCES_MAX: usize = 1_000;

/// One resource of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// Where it stands in the request: `resources[3]`.
    pub at: String,
    /// What it calls itself, for others of the same request.
    pub name: Option<String>,
    /// Its durable id, where it is known already.
    pub id: Option<Durable>,
    /// The product that it is of; itself, if it is one.
    pub product: Option<Pointer<OfferName>>,
    /// The plan that it is of; itself, if it is one.
    pub plan: Option<Pointer<PlanName>>,
    pub said: Said,
}

/// What a resource says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    Product {
        publisher: Option<PublisherId>,
        alias: Option<String>,
        lifecycle: Option<Lifecycle>,
    },
    Plan {
        lifecycle: Option<Lifecycle>,
    },
    Leads(Destination),
    Properties {
        categories: BTreeMap<String, Vec<String>>,
        terms: Terms,
        notes: Option<String>,
    },
    Listing(Box<ListingTexts>),
    Asset(Asset),
    Trailer {
        name: String,
        url: String,
        thumbnail: Option<String>,
    },
    /// A picture or a video goes: the one that the draft shows under that number.
    Gone(Media, usize),
    PreviewAudience(Vec<AudienceEntry>),
    PlanListing {
        title: String,
        summary: String,
        description: String,
    },
    Availability {
        visibility: Visibility,
        audience: Vec<AudienceEntry>,
    },
    AudienceUpdate {
        add: Vec<AudienceEntry>,
        remove: Vec<AudienceEntry>,
    },
    Manifests(Vec<VersionedManifest>),
    Tests(Vec<Expectation>),
    /// To be published there. Live names the preview that goes live.
    Submission(Slot),
}

/// What is to become of a product or a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifecycle {
    GenerallyAvailable,
    /// Distribution is to stop.
    Deprecated,
    /// A draft that was never published goes.
    Deleted,
}

/// The words of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListingTexts {
    pub language: String,
    pub title: String,
    pub summary: String,
    pub short_description: String,
    pub description: String,
    pub privacy_policy: String,
    pub links: Vec<Link>,
    pub support: Person,
    pub engineering: Person,
    pub support_global: Option<String>,
    pub support_government: Option<String>,
}

/// A picture of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asset {
    pub role: AssetRole,
    pub order: u64,
    pub caption: String,
    pub file: String,
    /// The digest of a picture that was uploaded, as the last part of its address.
    pub digest: String,
}

/// What hangs in a listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    Picture,
    Video,
}

/// What a picture is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssetRole {
    LargeLogo,
    MediumLogo,
    SmallLogo,
    Screenshot,
}

/// Reads the request.
pub fn read(body: &[u8]) -> Result<Vec<Resource>, BadContent> {
    let content = Content::parse(body)?;
    let resources = content.fields()?.get("resources")?;
    let items = resources.items()?;
    if items.is_empty() || items.len() > RESOURCES_MAX {
        return Err(resources.refused(format!("must hold 1 to {RESOURCES_MAX} resources")));
    }
    items.into_iter().enumerate().map(|(n, field)| resource(n, field)).collect()
}

fn resource(n: usize, field: Field<'_>) -> Result<Resource, BadContent> {
    let it = field.fields()?;
    let schema = it.get("$schema")?;
    let unknown = || schema.refused("must be the schema of a resource of managed services");
    let kind = Kind::of_schema(schema.text()?).ok_or_else(unknown)?;
    let id = it.find("id").map(|id| durable_id(&id, kind)).transpose()?;
    let itself = it.find("identity");
    let product = match (kind, &itself, &id) {
        (Kind::Product, _, Some(id)) => Some(Pointer::Durable(id.product)),
        (Kind::Product, Some(identity), None) => Some(durable::product(identity)?),
        _ => it.find("product").map(|it| durable::product(&it)).transpose()?,
    };
    let plan = match (kind, &itself) {
        (Kind::Plan, Some(identity)) => Some(durable::plan(identity)?),
        _ => it.find("plan").map(|it| durable::plan(&it)).transpose()?,
    };
    Ok(Resource {
        at: format!("resources[{n}]"),
        name: texts(&it, "resourceName")?,
        product,
        plan,
        said: said(kind, &it, id.as_ref())?,
        id,
    })
}

fn durable_id(field: &Field<'_>, kind: Kind) -> Result<Durable, BadContent> {
    let read: Option<Durable> = field.text()?.parse().ok();
    let refused = || field.refused(format!("must be a durable id of a {}", kind.as_str()));
    read.filter(|it| it.kind == kind).ok_or_else(refused)
}

fn said(kind: Kind, it: &Fields<'_>, id: Option<&Durable>) -> Result<Said, BadContent> {
    Ok(match kind {
        Kind::Product => product(it, id)?,
        Kind::Plan => Said::Plan { lifecycle: lifecycle(it)? },
        Kind::CustomerLeads => Said::Leads(leads(it)?),
        Kind::Property => Said::Properties {
            categories: categories(it)?,
            terms: terms(it)?,
            notes: texts(it, "notesForCertification")?,
        },
        Kind::Listing => Said::Listing(Box::new(listing::texts(it)?)),
        Kind::ListingAsset => match gone(it, id)? {
            Some(nth) => Said::Gone(Media::Picture, nth),
            None => Said::Asset(listing::asset(it)?),
        },
        Kind::ListingTrailer => match gone(it, id)? {
            Some(nth) => Said::Gone(Media::Video, nth),
            None => listing::trailer(it)?,
        },
        Kind::PreviewAudience => Said::PreviewAudience(audience(it.find("previewAudiences"))?),
        Kind::PlanListing => Said::PlanListing {
            title: text_or_none(it, "name")?,
            summary: text_or_none(it, "summary")?,
            description: text_or_none(it, "description")?,
        },
        Kind::PlanAvailability => plan::availability(it)?,
        Kind::PlanAudienceUpdate => {
            let changes = it.get("privateAudiences")?.fields()?;
            let add = audience(changes.find("add"))?;
            Said::AudienceUpdate { add, remove: audience(changes.find("remove"))? }
        }
        Kind::TechnicalConfiguration => Said::Manifests(plan::manifests(it)?),
        Kind::OfferTests => Said::Tests(plan::tests(it)?),
        Kind::Submission => Said::Submission(target(it)?),
    })
}

fn product(it: &Fields<'_>, id: Option<&Durable>) -> Result<Said, BadContent> {
    match it.find("type") {
        Some(kind) if kind.text()? != "managedService" => {
            return Err(kind.refused("must be 'managedService'"));
        }
        None if id.is_none() => return Err(BadContent::Missing("type".to_owned())),
        Some(_) | None => {}
    }
    let publisher = it.find("publisher").map(|field| {
        let refused = || field.refused("must be the id of a publisher");
        field.text()?.parse().map_err(|_| refused())
    });
    Ok(Said::Product {
        publisher: publisher.transpose()?,
        alias: texts(it, "alias")?,
        lifecycle: lifecycle(it)?,
    })
}

fn lifecycle(it: &Fields<'_>) -> Result<Option<Lifecycle>, BadContent> {
    let Some(field) = it.find("lifecycleState") else { return Ok(None) };
    Ok(Some(match field.text()? {
        "generallyAvailable" => Lifecycle::GenerallyAvailable,
        "deprecated" => Lifecycle::Deprecated,
        "deleted" => Lifecycle::Deleted,
        _ => {
            return Err(field.refused("must be 'generallyAvailable', 'deprecated' or 'deleted'"));
        }
    }))
}

/// Which picture or video goes, where one is said to.
fn gone(it: &Fields<'_>, id: Option<&Durable>) -> Result<Option<usize>, BadContent> {
    match lifecycle(it)? {
        Some(Lifecycle::Deleted) => {}
        Some(Lifecycle::GenerallyAvailable | Lifecycle::Deprecated) | None => return Ok(None),
    }
    let nth = id.and_then(|it| it.rest.as_ref()?.parse().ok());
    let refused = || {
        let field = it.get("id")?;
        Err(field.refused("must be the durable id under which the draft shows what is to go"))
    };
    nth.map_or_else(refused, |nth| Ok(Some(nth)))
}

fn leads(it: &Fields<'_>) -> Result<Destination, BadContent> {
    let destination = it.get("leadDestination")?;
    match destination.text()? {
        "none" => Ok(Destination::None),
        "httpsEndpoint" => Ok(Destination::HttpsEndpoint {
            url: it.get("httpsEndpointUrl")?.text()?.to_owned(),
            sealed: None,
            emails: strings(it.find("contactEmail"))?,
        }),
        _ => Err(destination.refused("must be 'httpsEndpoint' or 'none': leads go nowhere else")),
    }
}

fn categories(it: &Fields<'_>) -> Result<BTreeMap<String, Vec<String>>, BadContent> {
    let Some(field) = it.find("categories") else { return Ok(BTreeMap::new()) };
    let all = field.fields()?;
    all.names().map(|name| Ok((name.to_owned(), strings(all.find(name))?))).collect()
}

/// What the tree writes comes back as it was; in `termsOfUse` others may write either.
fn terms(it: &Fields<'_>) -> Result<Terms, BadContent> {
    if let Some(url) = texts(it, "termsOfUseUrl")? {
        return Ok(Terms::Url(url));
    }
    if let Some(terms) = texts(it, "termsOfUse")? {
        return Ok(if is_address(&terms) { Terms::Url(terms) } else { Terms::Text(terms) });
    }
    Ok(texts(it, "termsConditions")?.map_or(Terms::None, Terms::Text))
}

/// Whether `termsOfUse` is taken for where the terms stand, rather than for the terms.
pub(super) fn is_address(terms: &str) -> bool {
    terms.starts_with("https://") && !terms.contains(char::is_whitespace)
}

fn target(it: &Fields<'_>) -> Result<Slot, BadContent> {
    let target = it.get("target")?.fields()?.get("targetType")?;
    match target.text()? {
        "preview" => Ok(Slot::Preview),
        "live" => Ok(Slot::Live),
        _ => Err(target.refused("must be 'preview' or 'live'")),
    }
}

/// Entries of an audience; none where there is no list.
pub(super) fn audience(field: Option<Field<'_>>) -> Result<Vec<AudienceEntry>, BadContent> {
    let Some(field) = field else { return Ok(Vec::new()) };
    field.each(|field| {
        let it = field.fields()?;
        if let Some(kind) = it.find("type")
            && kind.text()? != "subscription"
        {
            return Err(kind.refused("must be 'subscription'"));
        }
        let description = text_or_none(&it, "label")?;
        Ok(AudienceEntry { subscription: it.get("id")?.guid()?, description })
    })
}

pub(super) fn texts(it: &Fields<'_>, name: &str) -> Result<Option<String>, BadContent> {
    it.find(name).map(|field| field.text().map(str::to_owned)).transpose()
}

/// A draft may leave any text out.
pub(super) fn text_or_none(it: &Fields<'_>, name: &str) -> Result<String, BadContent> {
    Ok(texts(it, name)?.unwrap_or_default())
}

fn strings(field: Option<Field<'_>>) -> Result<Vec<String>, BadContent> {
    let all = field.map(|field| field.each(|it| it.text().map(str::to_owned))).transpose()?;
    Ok(all.unwrap_or_default())
}
