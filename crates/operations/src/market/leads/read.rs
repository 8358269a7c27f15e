//! The leads of an account, for its owners.

use model::market::lead::Lead;
use store::{records::ranges::market as ranges, snapshot::Page};

use crate::{
    context::Context,
    error::Error,
    market::{own, reading},
    page::{self, Paged},
    plane::Plane,
};

/// The leads of the caller's account, the latest first.
pub async fn list(plane: &Plane, context: &Context, page: Page) -> Result<Paged<Lead>, Error> {
    let reading = reading(context, "leads");
    let question = |_: &Lead| Some(reading.question.clone());
    page::list(plane, &reading, &ranges::leads_of(own(context)), page, question).await
}
