//! Offers as their account's members see them. Where leads go is shown without what may be a key.

use ids::offer::{OfferId, OfferName, Slot};
use market::edition::together;
use model::market::{
    account::Publisher,
    form::Form,
    media::Media,
    offer::{Audience, Edition, Offer, Stage},
};
use store::{
    error::StoreError,
    records::ranges::market as ranges,
    snapshot::{Page, Snapshot},
};
use uuid::Uuid;

use crate::{
    context::Context,
    error::Error,
    market::{Refused, Thing, own, reading},
    page::{self, Paged},
    plane::Plane,
};

/// How many drafts a page of a list holds: each may be some megabytes.
pub const OFFERS_MAX: usize = 20;

/// The offer of that id.
pub async fn read(plane: &Plane, context: &Context, id: &OfferId) -> Result<Offer, Error> {
    let reading = reading(context, "offers");
    let found = plane.find::<Offer>(&reading, id).await?.filter(|it| it.tenant == own(context));
    found.map(shown).ok_or_else(|| Refused::NotFound(Thing::Offer).into())
}

/// The offer of that durable id.
pub async fn by_durable(plane: &Plane, context: &Context, durable: Uuid) -> Result<Offer, Error> {
    let snapshot = plane.store.snapshot().await?;
    let found = snapshot.list::<Offer>(&ranges::offer_by_durable(durable), Page::first()).await?;
    let found = found.items.into_iter().find(|it| it.tenant == own(context));
    let found = plane.release(&reading(context, "offers"), snapshot, found).await?;
    found.map(shown).ok_or_else(|| Refused::NotFound(Thing::Offer).into())
}

/// The offers of that name of the caller's account: each of its publishers may have one.
pub async fn named(
    plane: &Plane,
    context: &Context,
    name: &OfferName,
) -> Result<Vec<Offer>, Error> {
    let snapshot = plane.store.snapshot().await?;
    let range = ranges::publishers_of(own(context));
    let mut found = Vec::new();
    for publisher in snapshot.list::<Publisher>(&range, Page::first()).await?.items {
        let id = OfferId { publisher: publisher.id, name: name.clone() };
        found.extend(snapshot.find::<Offer>(&id).await?.filter(|it| it.tenant == own(context)));
    }
    let found = plane.release(&reading(context, "offers"), snapshot, found).await?;
    Ok(found.into_iter().map(shown).collect())
}

/// The offers of the caller's account, by publisher and name.
pub async fn list(plane: &Plane, context: &Context, page: Page) -> Result<Paged<Offer>, Error> {
    let reading = reading(context, "offers");
    let question = |_: &Offer| Some(reading.question.clone());
    let range = ranges::offers_of(own(context));
    let page = Page { limit: page.limit.clamp(1, OFFERS_MAX), ..page };
    let Paged { items, next } = page::list(plane, &reading, &range, page, question).await?;
    Ok(Paged { items: items.into_iter().map(shown).collect(), next })
}

/// What is in that slot, with the audiences that it has now.
pub async fn edition(
    plane: &Plane,
    context: &Context,
    id: &OfferId,
    slot: Slot,
) -> Result<Edition, Error> {
    let snapshot = plane.store.snapshot().await?;
    let found = in_slot(&snapshot, context, id, slot).await?;
    let found = plane.release(&reading(context, "offers"), snapshot, found).await?;
    found.ok_or_else(|| Refused::NotFound(Thing::Edition).into())
}

/// What the snapshot has in that slot, if it is of the caller's own account.
pub(super) async fn in_slot(
    snapshot: &Snapshot,
    context: &Context,
    id: &OfferId,
    slot: Slot,
) -> Result<Option<Edition>, StoreError> {
    let found = snapshot.find::<Edition>(&(id.clone(), Stage::Published(slot))).await?;
    match found.filter(|it| it.tenant == own(context)) {
        Some(it) => whole(snapshot, it).await.map(Some),
        None => Ok(None),
    }
}

/// A picture of the caller's account.
pub async fn media(plane: &Plane, context: &Context, digest: &str) -> Result<Media, Error> {
    let key = (own(context), digest.to_owned());
    let found = plane.find::<Media>(&reading(context, "offers"), &key).await?;
    found.ok_or_else(|| Refused::NotFound(Thing::Picture).into())
}

/// The offer as whoever asks may see it: not even who saved it is told the key.
pub(in crate::market) fn shown(offer: Offer) -> Offer {
    let leads = offer.form.leads.redacted();
    Offer { form: Form { leads, ..offer.form }, ..offer }
}

/// An edition with its audiences put back in, and without what may be a key.
pub(in crate::market) async fn whole(
    snapshot: &Snapshot,
    edition: Edition,
) -> Result<Edition, StoreError> {
    let Edition { offer, stage, form, .. } = edition.clone();
    let range = ranges::audiences_of(&offer, stage);
    let audiences = snapshot.list::<Audience>(&range, Page::first()).await?.items;
    let form = together(&offer, form, &audiences);
    Ok(Edition { form: Form { leads: form.leads.redacted(), ..form }, ..edition })
}
