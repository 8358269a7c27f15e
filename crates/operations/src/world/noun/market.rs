//! What is to be done about a noun of the marketplace.

use ids::{
    guid::SubscriptionId,
    offer::{OfferId, PlanVersion},
};
use model::{
    change::Noun,
    delegation::{Accepted, Definition},
    market::{
        MarketNoun,
        acceptance::Acceptance,
        account::{Account, AccountMember, Publisher, Verification},
        manifest::Manifest,
        offer::{Audienced, Edition, Offer},
    },
};
use store::{error::StoreError, record::Record, unit::Unit};

use super::{
    super::{Refusal, Step, Taken},
    compare, plain,
};
use crate::acceptance::published::{self, Published};

/// An account is the file's. An offer begins with all that is published of it as the file says, and
/// so does what customers accepted; from then on they are what people made of them. No file changes
/// a draft that somebody works on, nor an agreement, and none publishes what was neither certified
/// nor previewed.
pub(super) async fn step(unit: &mut Unit, noun: MarketNoun) -> Result<Step, Refusal> {
    Ok(match noun {
        MarketNoun::Account(it) => compare(unit, it, account, keep_account).await?,
        MarketNoun::Verification(it) => compare(unit, it, verification, keep_verification).await?,
        MarketNoun::AccountMember(it) => plain(unit, it, member).await?,
        MarketNoun::Publisher(it) => publisher(unit, it).await?,
        MarketNoun::Offer(it) => offer(unit, it).await?,
        MarketNoun::Edition(it) => part(unit, &it.offer.clone(), it, MarketNoun::Edition).await?,
        MarketNoun::PlanManifest(it) => {
            part(unit, &it.plan.offer.clone(), it, MarketNoun::PlanManifest).await?
        }
        MarketNoun::Audience(it) => {
            part(unit, &audienced(&it.of).clone(), it, MarketNoun::Audience).await?
        }
        MarketNoun::HistoryEntry(it) => {
            part(unit, &it.offer.clone(), it, MarketNoun::HistoryEntry).await?
        }
        MarketNoun::Submission(it) => {
            part(unit, &it.offer.clone(), it, MarketNoun::Submission).await?
        }
        MarketNoun::Review(it) => begins(unit, it, MarketNoun::Review).await?,
        MarketNoun::Media(it) => begins(unit, it, MarketNoun::Media).await?,
        MarketNoun::Acceptance(it) => acceptance(unit, it).await?,
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

/// Refuses what would give a customer other rights than the plan gives to everybody, or the plan to
/// whom it is not for: what is published may have moved on from the file.
pub(super) async fn as_published(unit: &mut Unit, it: &Definition) -> Result<(), Refusal> {
    let Some(Accepted { plan, .. }) = &it.accepted else { return Ok(()) };
    let subscription = it.id.scope().subscription();
    let published = published(unit, plan, subscription).await?;
    let is_same = |manifest: &Manifest| {
        manifest.tenant == it.managed_by
            && manifest.authorizations == it.authorizations
            && manifest.eligible == it.eligible
    };
    let is_same = published.is_some_and(|(_, manifest)| is_same(&manifest));
    if is_same { Ok(()) } else { Err(Refusal::Unlike(plan.clone())) }
}

/// The offer that it is a part of, or is.
pub(in crate::world) fn offer_of(noun: &Noun) -> Option<&OfferId> {
    let Noun::Market(noun) = noun else { return None };
    match noun {
        MarketNoun::Offer(it) => Some(&it.id),
        MarketNoun::Edition(it) => Some(&it.offer),
        MarketNoun::PlanManifest(it) => Some(&it.plan.offer),
        MarketNoun::Audience(it) => Some(audienced(&it.of)),
        MarketNoun::HistoryEntry(it) => Some(&it.offer),
        MarketNoun::Submission(it) => Some(&it.offer),
        MarketNoun::Account(_)
        | MarketNoun::Verification(_)
        | MarketNoun::AccountMember(_)
        | MarketNoun::Publisher(_)
        | MarketNoun::Review(_)
        | MarketNoun::Media(_)
        | MarketNoun::Acceptance(_)
        | MarketNoun::Lead(_)
        | MarketNoun::PartnerLink(_) => None,
    }
}

fn audienced(of: &Audienced) -> &OfferId {
    match of {
        Audienced::Preview(offer, _) => offer,
        Audienced::Plan(plan, _) => &plan.offer,
    }
}

/// The plan's edition of today and what that version gives, if it is there for the subscription.
async fn published(
    unit: &mut Unit,
    plan: &PlanVersion,
    subscription: Option<SubscriptionId>,
) -> Result<Option<(Edition, Manifest)>, StoreError> {
    let Some(subscription) = subscription else { return Ok(None) };
    let found = published::read(unit, &plan.plan, plan.slot, subscription).await?;
    let Some(found) = found.filter(Published::is_there) else { return Ok(None) };
    let manifest = found.manifest(unit, plan.version).await?;
    Ok(manifest.map(|manifest| (found.edition, manifest)))
}

/// Nobody agrees to terms that are not those of today.
async fn acceptance(unit: &mut Unit, it: Acceptance) -> Result<Step, Refusal> {
    let step = begins(unit, it.clone(), MarketNoun::Acceptance).await?;
    let (Step::Create(_), Some(version)) = (&step, it.version) else { return Ok(step) };
    let plan = PlanVersion { plan: it.plan, slot: it.slot, version };
    let published = published(unit, &plan, Some(it.subscription)).await?;
    let is_same = published.is_some_and(|(edition, _)| edition.form.terms == it.terms.terms);
    if is_same { Ok(step) } else { Err(Refusal::Unlike(plan)) }
}

/// A part of an offer begins with it: what one that stands already lacks, it is to lack.
async fn part<R: Record>(
    unit: &mut Unit,
    offer: &OfferId,
    new: R,
    wrap: fn(R) -> MarketNoun,
) -> Result<Step, StoreError> {
    match unit.find::<Offer>(offer).await? {
        Some(_) => Ok(Step::Leave),
        None => begins(unit, new, wrap).await,
    }
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
