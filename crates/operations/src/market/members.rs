//! Who works in a publisher account.

use ids::guid::{ObjectId, Principal};
use model::{
    action::Verb,
    directory::{ServicePrincipal, User, UserKind},
    market::{
        MarketNoun,
        account::{Account, AccountMember, AccountRole},
        in_account,
    },
};
use store::{records::ranges::market as ranges, snapshot::Page, unit::Unit};

use super::{By, Refused, Thing, begin, own, reading};
use crate::{
    context::Context,
    error::Error,
    page::{self, Paged},
    plane::{Plane, retry},
    put::Put,
};

/// How many people and applications work in one account.
const MEMBERS_MAX: usize = 500;

/// Who works in the caller's account.
pub async fn list(
    plane: &Plane,
    context: &Context,
    page: Page,
) -> Result<Paged<AccountMember>, Error> {
    let reading = reading(context, "members");
    let question = |_: &AccountMember| Some(reading.question.clone());
    page::list(plane, &reading, &ranges::account_members_of(own(context)), page, question).await
}

/// Gives somebody of the tenant's own a role in the account, in the place of the one they had.
pub async fn put(
    plane: &Plane,
    context: &Context,
    who: ObjectId,
    role: AccountRole,
) -> Result<Put<AccountMember>, Error> {
    let principal = Principal { tenant: own(context), object: who };
    let member = AccountMember { principal, role };
    retry(async || {
        let mut unit = begin(plane, context, "members", Verb::Write)?;
        unit.find::<Account>(&own(context)).await?.ok_or(Refused::NoAccount)?;
        if !is_own(&mut unit, principal).await? {
            return Err(Refused::NoMember.into());
        }
        let before = unit.find::<AccountMember>(&principal).await?;
        let put = match before {
            Some(before) if before == member => return Ok(Put::Unchanged(member)),
            Some(before) => {
                give_up(plane, context, &mut unit, before).await?;
                Put::Updated(member)
            }
            None => {
                let range = ranges::account_members_of(own(context));
                if unit.list::<AccountMember>(&range).await?.len() >= MEMBERS_MAX {
                    return Err(Refused::TooMany { what: "members", max: MEMBERS_MAX }.into());
                }
                Put::Created(member)
            }
        };
        By::Caller(plane, context).put(&mut unit, MarketNoun::AccountMember(member)).await?;
        plane.commit(context, unit, put.status()).await?;
        Ok(put)
    })
    .await
}

/// Takes somebody out of the account.
pub async fn remove(plane: &Plane, context: &Context, who: ObjectId) -> Result<(), Error> {
    let principal = Principal { tenant: own(context), object: who };
    retry(async || {
        let mut unit = begin(plane, context, "members", Verb::Delete)?;
        let before = unit.find::<AccountMember>(&principal).await?;
        let before = before.ok_or(Refused::NotFound(Thing::Member))?;
        give_up(plane, context, &mut unit, before).await?;
        By::Caller(plane, context).remove(&mut unit, MarketNoun::AccountMember(before)).await?;
        plane.commit(context, unit, 204).await
    })
    .await
}

/// To take the owner's role from somebody takes leave of its own, however it is done, and another
/// owner who can sign in.
async fn give_up(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    before: AccountMember,
) -> Result<(), Error> {
    match before.role {
        AccountRole::Manager | AccountRole::Developer => return Ok(()),
        AccountRole::Owner => {}
    }
    let asked = in_account(own(context), "owners", Verb::Delete);
    unit.hold(plane.authorize(&plane.index(), context, vec![asked])?);
    let all = unit.list::<AccountMember>(&ranges::account_members_of(own(context))).await?;
    let is_owner = |it: &&AccountMember| it.role == AccountRole::Owner;
    for other in all.iter().filter(is_owner).filter(|it| it.principal != before.principal) {
        let user = unit.find::<User>(&other.principal).await?;
        if user.is_some_and(|it| it.enabled && it.kind == UserKind::Member) {
            return Ok(());
        }
    }
    Err(Refused::LastOwner.into())
}

/// Guests sign for no company, and groups for nobody.
async fn is_own(unit: &mut Unit, who: Principal) -> Result<bool, Error> {
    if let Some(user) = unit.find::<User>(&who).await? {
        return Ok(user.kind == UserKind::Member);
    }
    Ok(unit.find::<ServicePrincipal>(&who).await?.is_some())
}
