//! Signing up for a publisher account.

use model::{
    action::Verb,
    directory::{User, UserKind},
    market::{
        MarketNoun,
        account::{Account, AccountMember, AccountRole},
    },
};

use super::{Told, decide};
use crate::{
    context::Context,
    error::Error,
    market::{By, Refused, begin, own},
    plane::{Plane, retry},
};

/// Makes the tenant's account, and whoever signs up its first owner. Takes a Global Administrator
/// who is one of the tenant's own people.
pub async fn sign_up(plane: &Plane, context: &Context, told: &Told) -> Result<Account, Error> {
    retry(async || {
        let mut unit = begin(plane, context, "accounts", Verb::Write)?;
        let (tenant, who) = (own(context), context.caller.principal);
        let person = unit.find::<User>(&who).await?;
        if person.is_none_or(|it| it.kind != UserKind::Member) {
            return Err(Refused::NoWorkAccount.into());
        }
        let account = decide::signed_up(tenant, told, who, unit.now())?;
        if unit.find::<Account>(&tenant).await?.is_some() {
            return Err(Refused::AccountExists.into());
        }
        let by = By::Caller(plane, context);
        by.put(&mut unit, MarketNoun::Account(account.clone())).await?;
        let owner = AccountMember { principal: who, role: AccountRole::Owner };
        by.put(&mut unit, MarketNoun::AccountMember(owner)).await?;
        plane.commit(context, unit, 201).await?;
        Ok(account)
    })
    .await
}
