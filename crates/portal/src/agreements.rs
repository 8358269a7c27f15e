//! The terms of a plan: as they are today, and agreed to as they were read.

use arm::request::Method::{Get, Put};
use operations::{
    acceptance::{
        At,
        terms::{self, Agreement},
    },
    context::Context,
};

use crate::{ask::Ask, trouble::Trouble};

/// The api-version of the terms.
const VERSION: &str = "2021-01-01";
/// The field that tells the terms that were read from any others.
const SIGNATURE: &str = "signature";

/// The terms as they are today.
pub(crate) async fn read(ask: &Ask, at: &At) -> Result<Agreement, Trouble> {
    let At { subscription, publisher, product, plan } = at;
    let path = format!(
        "/subscriptions/{subscription}/providers/Microsoft.MarketplaceOrdering/agreements/{publisher}/offers/{product}/plans/{plan}"
    );
    let plane = ask.plane();
    let work = |context: Context| async move { terms::read(plane, &context, at).await };
    ask.arm((Get, path, VERSION), work).await
}

/// Agrees to the terms that were shown, where just those are not agreed to yet: nobody agrees to
/// others that came meanwhile.
pub(crate) async fn sign(ask: &Ask, at: &At) -> Result<(), Trouble> {
    let signature = ask.form.get(SIGNATURE).unwrap_or_default();
    let today = read(ask, at).await?;
    if today.accepted.is_some() && today.signature == signature {
        return Ok(());
    }
    let At { subscription, publisher, product, plan } = at;
    let path = format!(
        "/subscriptions/{subscription}/providers/Microsoft.MarketplaceOrdering/offerTypes/virtualmachine/publishers/{publisher}/offers/{product}/plans/{plan}/agreements/current"
    );
    let plane = ask.plane();
    let work =
        |context: Context| async move { terms::sign(plane, &context, at, Some(signature)).await };
    ask.arm((Put, path, VERSION), work).await.map(drop)
}
