//! A new offer, with an empty draft.

use std::collections::BTreeMap;

use ids::offer::OfferId;
use market::lint::{limits::ALIAS_CHARS_MAX, spelled};
use model::{
    action::Verb,
    market::{
        MarketNoun,
        account::Publisher,
        form::{Form, Listing},
        offer::{Offer, OfferState},
    },
};
use store::{records::ranges::market as ranges, unit::Unit};

use super::history;
use crate::{
    context::Context,
    error::Error,
    market::{By, Refused, Thing, admit, line, own},
    plane::{Plane, retry},
};

/// How many offers one account has: each draft may be some megabytes.
pub const OFFERS_MAX: usize = 200;

/// Makes an offer of one of the account's publishers. Its id stays for good.
pub async fn create(
    plane: &Plane,
    context: &Context,
    id: &OfferId,
    alias: &str,
) -> Result<Offer, Error> {
    retry(async || {
        let mut unit = plane.begin(context);
        let offer = create_in(plane, context, &mut unit, id, alias).await?;
        plane.commit(context, unit, 201).await?;
        Ok(offer)
    })
    .await
}

/// The draft that an offer begins with.
pub fn blank(alias: &str) -> Form {
    let listing = Listing { language: "en-us".to_owned(), ..Listing::default() };
    Form { alias: alias.to_owned(), listing, ..Form::default() }
}

/// The same as a part of what happens together.
pub(super) async fn create_in(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    id: &OfferId,
    alias: &str,
) -> Result<Offer, Error> {
    line("alias", alias, ALIAS_CHARS_MAX)?;
    let spelled = spelled::offer_id("offerId", id.name.as_str());
    spelled.map_err(|it| Refused::Objections(vec![it]))?;
    admit(plane, context, unit, "offers", Verb::Write)?;
    let tenant = own(context);
    let publisher = unit.find::<Publisher>(&id.publisher).await?;
    publisher.filter(|it| it.tenant == tenant).ok_or(Refused::NotFound(Thing::Publisher))?;
    if unit.find::<Offer>(id).await?.is_some() {
        return Err(Refused::OfferTaken(id.clone()).into());
    }
    let enough = OFFERS_MAX.saturating_add(1);
    if unit.count(&ranges::offers_of(tenant), enough).await? >= OFFERS_MAX {
        return Err(Refused::TooMany { what: "offers", max: OFFERS_MAX }.into());
    }
    let offer = Offer {
        id: id.clone(),
        tenant,
        durable: plane.random.uuid(),
        form: blank(alias),
        revision: 1,
        state: OfferState::Draft,
        plans: BTreeMap::new(),
        running: None,
        created: unit.now(),
    };
    let by = By::Caller(plane, context);
    by.put(unit, MarketNoun::Offer(offer.clone())).await?;
    history::note(plane, by, unit, &offer, "Created offer".to_owned()).await?;
    Ok(offer)
}
