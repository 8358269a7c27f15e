//! What is to be done about a noun of the marketplace.

use model::{
    change::Noun,
    delegation::{Accepted, Definition},
    market::{
        MarketNoun,
        acceptance::Acceptance,
        account::{Account, AccountMember, Publisher, Verification},
        offer::Offer,
    },
};
use store::{error::StoreError, record::Record, unit::Unit};

use super::{
    super::{Refusal, Step, Taken},
    compare, plain,
};

/// An account is the file's. An offer, what is published of it and what customers accepted begin as
/// the file says, and from then on are what people made of them: no file changes a draft that
/// somebody works on, a manifest that somebody agreed to, or an agreement.
pub(super) async fn step(unit: &mut Unit, noun: MarketNoun) -> Result<Step, Refusal> {
    Ok(match noun {
        MarketNoun::Account(it) => compare(unit, it, account, keep_account).await?,
        MarketNoun::Verification(it) => compare(unit, it, verification, keep_verification).await?,
        MarketNoun::AccountMember(it) => plain(unit, it, member).await?,
        MarketNoun::Publisher(it) => publisher(unit, it).await?,
        MarketNoun::Offer(it) => offer(unit, it).await?,
        MarketNoun::Edition(it) => begins(unit, it, MarketNoun::Edition).await?,
        MarketNoun::PlanManifest(it) => begins(unit, it, MarketNoun::PlanManifest).await?,
        MarketNoun::Audience(it) => begins(unit, it, MarketNoun::Audience).await?,
        MarketNoun::HistoryEntry(it) => begins(unit, it, MarketNoun::HistoryEntry).await?,
        MarketNoun::Submission(it) => begins(unit, it, MarketNoun::Submission).await?,
        MarketNoun::Review(it) => begins(unit, it, MarketNoun::Review).await?,
        MarketNoun::Media(it) => begins(unit, it, MarketNoun::Media).await?,
        MarketNoun::Acceptance(it) => begins(unit, it, MarketNoun::Acceptance).await?,
        MarketNoun::Lead(it) => begins(unit, it, MarketNoun::Lead).await?,
        MarketNoun::PartnerLink(it) => begins(unit, it, MarketNoun::PartnerLink).await?,
    })
}

/// Whether the customer still has what the file says that it accepted: if not, the file makes no
/// definition of it.
pub(super) async fn still_stands(unit: &mut Unit, it: &Definition) -> Result<bool, StoreError> {
    let Some(Accepted { customer, plan }) = &it.accepted else { return Ok(true) };
    let key = (*customer, plan.plan.clone(), plan.slot);
    let acceptance = unit.find::<Acceptance>(&key).await?;
    Ok(acceptance.is_none_or(|it| it.terms.is_standing && it.version == Some(plan.version)))
}

/// What is there stays as it is.
async fn begins<R: Record>(
    unit: &mut Unit,
    new: R,
    wrap: fn(R) -> MarketNoun,
) -> Result<Step, StoreError> {
    let old = unit.find::<R>(&new.id()).await?;
    Ok(old.map_or_else(|| Step::Create(Noun::Market(wrap(new))), |_| Step::Leave))
}

/// A publisher's name is one account's.
async fn publisher(unit: &mut Unit, it: Publisher) -> Result<Step, Refusal> {
    let old = unit.find::<Publisher>(&it.id).await?;
    if old.is_some_and(|old| old.tenant != it.tenant) {
        return Err(Taken::Publisher(it.id).into());
    }
    let wrap = |it| Noun::Market(MarketNoun::Publisher(it));
    let keep = |new, old: &Publisher| Publisher { created: old.created, ..new };
    Ok(compare(unit, it, wrap, keep).await?)
}

async fn offer(unit: &mut Unit, it: Offer) -> Result<Step, Refusal> {
    let old = unit.find::<Offer>(&it.id).await?;
    if old.is_some_and(|old| old.tenant != it.tenant) {
        return Err(Taken::Publisher(it.id.publisher).into());
    }
    Ok(begins(unit, it, MarketNoun::Offer).await?)
}

fn account(it: Account) -> Noun {
    Noun::Market(MarketNoun::Account(it))
}

fn verification(it: Verification) -> Noun {
    Noun::Market(MarketNoun::Verification(it))
}

fn member(it: AccountMember) -> Noun {
    Noun::Market(MarketNoun::AccountMember(it))
}

/// Who agreed, and when, stays told.
fn keep_account(new: Account, old: &Account) -> Account {
    let agreements =
        if old.agreements.is_empty() { new.agreements } else { old.agreements.clone() };
    let same = Account { agreements, revision: old.revision, created: old.created, ..new };
    if same == *old { same } else { Account { revision: old.revision.saturating_add(1), ..same } }
}

fn keep_verification(new: Verification, old: &Verification) -> Verification {
    let same = Verification { at: old.at, ..new.clone() };
    if same == *old { same } else { new }
}
