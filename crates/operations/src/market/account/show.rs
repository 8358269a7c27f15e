//! An account as its members and the operators see it.

use model::{
    action::Verb,
    market::{
        account::{Account, Publisher, Verification},
        by_operator, in_account,
    },
};
use store::{
    records::ranges::market as ranges,
    snapshot::{Page, Snapshot},
};

use super::checklist::{Step, checklist};
use crate::{
    context::Context,
    error::Error,
    market::{Refused, asked, day},
    plane::Plane,
};

/// An account with what is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub account: Account,
    pub verification: Option<Verification>,
    pub steps: Vec<Step>,
}

/// The asked tenant's account, for those who work in it and for the operators.
pub async fn show(plane: &Plane, context: &Context) -> Result<Shown, Error> {
    let tenant = asked(context);
    let question = if tenant == context.caller.principal.tenant {
        in_account(tenant, "accounts", Verb::Read)
    } else {
        by_operator(tenant, "verifications", Verb::Read)
    };
    let context = Context { question, ..context.clone() };
    let snapshot = plane.store.snapshot().await?;
    let shown = match snapshot.find::<Account>(&tenant).await? {
        Some(account) => Some(beside(plane, &snapshot, account).await?),
        None => None,
    };
    let shown = plane.release(&context, snapshot, shown).await?;
    shown.ok_or_else(|| Refused::NoAccount.into())
}

async fn beside(plane: &Plane, snapshot: &Snapshot, account: Account) -> Result<Shown, Error> {
    let verification = snapshot.find::<Verification>(&account.tenant).await?;
    let one = Page { limit: 1, ..Page::first() };
    let range = ranges::publishers_of(account.tenant);
    let publishers = snapshot.list::<Publisher>(&range, one).await?.items.len();
    let day = day(plane.store.now());
    let steps = checklist(&account, verification.as_ref(), publishers, day);
    Ok(Shown { account, verification, steps })
}
