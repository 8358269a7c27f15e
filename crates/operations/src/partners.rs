//! Whose partner somebody works for: a link that everybody makes for themselves, and for nobody
//! else. It gives no leave for anything.

use ids::offer::PartnerId;
use model::{
    action::{Action, Verb},
    change::{Change, Noun},
    market::{MarketNoun, partner::PartnerLink},
    question::Question,
};
use store::unit::Unit;

use crate::{
    context::Context,
    error::Error,
    plane::{Plane, retry},
    put::Put,
};

/// Why a link is not made, changed or shown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("The caller is linked to no partner.")]
    NoLink,
    #[error("The caller is not linked to the partner '{0}'.")]
    OtherPartner(PartnerId),
    #[error("The caller is linked to a partner already. Update the link to change it.")]
    Linked,
    #[error("{0}")]
    BadId(#[from] ids::offer::BadPartnerId),
}

/// The caller's own link; with an id, only if it is to that partner.
pub async fn get(
    plane: &Plane,
    context: &Context,
    partner: Option<PartnerId>,
) -> Result<PartnerLink, Error> {
    let snapshot = plane.store.snapshot().await?;
    let found = snapshot.find::<PartnerLink>(&context.caller.principal).await?;
    let action = format!("Fyr.Directory/self/partnerLink/{}", Verb::Read.as_str());
    let asked = Question::directory(Action::named(action), context.caller.principal.tenant);
    let judge = |index: &access::index::Index, found| {
        plane.shown(index, context, &asked)?;
        Ok::<_, Error>(found)
    };
    let found = snapshot.seal(found).open(&plane.store, judge).await?;
    own(found, partner)
}

fn own(found: Option<PartnerLink>, partner: Option<PartnerId>) -> Result<PartnerLink, Error> {
    let found = found.ok_or(Refused::NoLink)?;
    match partner.filter(|it| *it != found.partner) {
        Some(other) => Err(Refused::OtherPartner(other).into()),
        None => Ok(found),
    }
}

/// Links the caller to the partner.
pub async fn create(
    plane: &Plane,
    context: &Context,
    partner: PartnerId,
) -> Result<Put<PartnerLink>, Error> {
    retry(|| creating(plane, context, partner)).await
}

async fn creating(
    plane: &Plane,
    context: &Context,
    partner: PartnerId,
) -> Result<Put<PartnerLink>, Error> {
    let principal = context.caller.principal;
    let mut unit = plane.begin(context);
    let existing = unit.find::<PartnerLink>(&principal).await?;
    let now = unit.now();
    let link = match existing {
        Some(it) if it.partner == partner => it,
        Some(_) => return Err(Refused::Linked.into()),
        None => PartnerLink { principal, partner, version: 1, created: now, updated: now },
    };
    let change = change(link);
    let permit = plane.permit(context, &change)?;
    if existing.is_some() {
        unit.hold(permit);
        plane.commit(context, unit, 200).await?;
        return Ok(Put::Unchanged(link));
    }
    unit.apply(permit, change)?;
    plane.commit(context, unit, 200).await?;
    Ok(Put::Created(link))
}

/// Links the caller to another partner than before.
pub async fn update(
    plane: &Plane,
    context: &Context,
    partner: PartnerId,
) -> Result<PartnerLink, Error> {
    retry(|| updating(plane, context, partner)).await
}

async fn updating(
    plane: &Plane,
    context: &Context,
    partner: PartnerId,
) -> Result<PartnerLink, Error> {
    let mut unit = plane.begin(context);
    let before = unit.find::<PartnerLink>(&context.caller.principal).await?;
    let before = own(before, None)?;
    let version = before.version.saturating_add(1);
    let link = PartnerLink { partner, version, updated: unit.now(), ..before };
    put(plane, context, &mut unit, link)?;
    plane.commit(context, unit, 200).await?;
    Ok(link)
}

/// Unlinks the caller from that partner.
pub async fn delete(plane: &Plane, context: &Context, partner: PartnerId) -> Result<(), Error> {
    retry(|| deleting(plane, context, partner)).await
}

async fn deleting(plane: &Plane, context: &Context, partner: PartnerId) -> Result<(), Error> {
    let mut unit = plane.begin(context);
    let before = unit.find::<PartnerLink>(&context.caller.principal).await?;
    let link = own(before, Some(partner))?;
    let change = Change::Remove(Noun::Market(MarketNoun::PartnerLink(link)));
    unit.apply(plane.permit(context, &change)?, change)?;
    plane.commit(context, unit, 200).await
}

fn change(link: PartnerLink) -> Change {
    Change::Put(Noun::Market(MarketNoun::PartnerLink(link)))
}

fn put(plane: &Plane, context: &Context, unit: &mut Unit, link: PartnerLink) -> Result<(), Error> {
    let change = change(link);
    Ok(unit.apply(plane.permit(context, &change)?, change)?)
}
