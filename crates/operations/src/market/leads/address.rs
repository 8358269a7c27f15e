//! Where leads go, as it is kept: the query of an address, which may be a key, is sealed under the
//! master key. No row holds it in clear, nor does what is published of an offer.
//!
//! A folder of before the first release may still hold one in clear: it is read as it is, and
//! sealed when its draft is saved the next time.

use std::borrow::Cow;

use ids::offer::OfferId;
use model::market::{
    MarketNoun,
    form::{Destination, Form},
    offer::{Edition, Offer},
};
use store::error::StoreError;

use crate::plane::Plane;

/// A key opens for the offer that it was given for, and in no other's row.
fn bound(offer: &OfferId) -> String {
    format!("leads|{offer}")
}

/// The place as it is kept.
pub(crate) fn sealed(plane: &Plane, offer: &OfferId, leads: Destination) -> Destination {
    let Destination::HttpsEndpoint { url, sealed: None, emails } = leads else { return leads };
    let plain = url.split(['?', '#']).next().unwrap_or_default();
    let rest = url.strip_prefix(plain).filter(|it| !it.is_empty());
    let sealed = rest.map(|rest| plane.seal.close(&*plane.random, &bound(offer), rest));
    Destination::HttpsEndpoint { url: plain.to_owned(), sealed, emails }
}

/// The whole place, for whoever sends something there or judges it.
pub(crate) fn opened(
    plane: &Plane,
    offer: &OfferId,
    leads: &Destination,
) -> Result<Destination, StoreError> {
    let Destination::HttpsEndpoint { url, sealed: Some(sealed), emails } = leads else {
        return Ok(leads.clone());
    };
    let rest = plane.seal.open_own(&bound(offer), sealed).map_err(StoreError::corrupt)?;
    let (url, emails) = (format!("{url}{rest}"), emails.clone());
    Ok(Destination::HttpsEndpoint { url, sealed: None, emails })
}

/// The form with the whole place.
pub(crate) fn whole<'a>(
    plane: &Plane,
    offer: &OfferId,
    form: &'a Form,
) -> Result<Cow<'a, Form>, StoreError> {
    let leads = opened(plane, offer, &form.leads)?;
    if leads == form.leads {
        return Ok(Cow::Borrowed(form));
    }
    Ok(Cow::Owned(Form { leads, ..form.clone() }))
}

/// The address that a draft would send leads to; none where it names none.
pub(crate) fn of_draft(plane: &Plane, offer: &Offer) -> Result<Option<String>, StoreError> {
    Ok(match opened(plane, &offer.id, &offer.form.leads)? {
        Destination::None => None,
        Destination::HttpsEndpoint { url, .. } => Some(url),
    })
}

/// The address that an edition sends leads to; none where it sends them nowhere.
pub(crate) fn of(plane: &Plane, edition: &Edition) -> Result<Option<String>, StoreError> {
    Ok(match opened(plane, &edition.offer, &edition.form.leads)? {
        Destination::None => None,
        Destination::HttpsEndpoint { url, .. } => Some(url),
    })
}

/// What a world file says of an offer, as it is kept.
pub(crate) fn kept(plane: &Plane, noun: MarketNoun) -> MarketNoun {
    let sealed = |offer: &OfferId, form: Form| {
        let leads = sealed(plane, offer, form.leads);
        Form { leads, ..form }
    };
    if let MarketNoun::Offer(it) = noun {
        let form = sealed(&it.id, it.form);
        return MarketNoun::Offer(Offer { form, ..it });
    }
    if let MarketNoun::Edition(it) = noun {
        let form = sealed(&it.offer, it.form);
        return MarketNoun::Edition(Edition { form, ..it });
    }
    noun
}
