//! That somebody took a plan is told to its publisher.

use model::market::{form::Destination, lead::LeadPerson};
use store::unit::Unit;

use super::published::Published;
use crate::{
    context::Context,
    error::Error,
    market::leads::{self, News},
    plane::Plane,
};

/// From where a plan is taken, and how (lead payload of the commercial marketplace).
const SOURCE: &str = "AzurePortal-Create";
const ACTION: &str = "Create";

/// Adds the lead and what sends it to the unit. Of the person it tells only what they agreed to
/// share.
pub(super) async fn note(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    published: &Published,
    person: Option<LeadPerson>,
) -> Result<(), Error> {
    let edition = &published.edition;
    if edition.form.leads != Destination::None {
        let news = News { source: SOURCE, action: ACTION, person };
        leads::add(plane, context, unit, edition, news).await?;
    }
    Ok(())
}
