//! All accounts, for the operators.

use model::{
    action::Verb,
    market::{account::Account, by_operator},
};
use store::{records::ranges::market as ranges, snapshot::Page};

use crate::{
    context::Context,
    error::Error,
    page::{self, Paged},
    plane::Plane,
};

/// The accounts that the caller may verify.
pub async fn list(plane: &Plane, context: &Context, page: Page) -> Result<Paged<Account>, Error> {
    let question = |it: &Account| Some(by_operator(it.tenant, "verifications", Verb::Read));
    page::list(plane, context, &ranges::accounts(), page, question).await
}
