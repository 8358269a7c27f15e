//! What is to be done about a noun of the marketplace.

use model::{change::Noun, market::MarketNoun};
use store::{error::StoreError, unit::Unit};

use super::{super::Step, plain};

/// A file says all of each: what was made since stays only where the file is silent.
pub(super) async fn step(unit: &mut Unit, noun: MarketNoun) -> Result<Step, StoreError> {
    match noun {
        MarketNoun::Account(it) => plain(unit, it, |it| of(MarketNoun::Account(it))).await,
        MarketNoun::Verification(it) => {
            plain(unit, it, |it| of(MarketNoun::Verification(it))).await
        }
        MarketNoun::AccountMember(it) => {
            plain(unit, it, |it| of(MarketNoun::AccountMember(it))).await
        }
        MarketNoun::Publisher(it) => plain(unit, it, |it| of(MarketNoun::Publisher(it))).await,
        MarketNoun::Offer(it) => plain(unit, it, |it| of(MarketNoun::Offer(it))).await,
        MarketNoun::Edition(it) => plain(unit, it, |it| of(MarketNoun::Edition(it))).await,
        MarketNoun::PlanManifest(it) => {
            plain(unit, it, |it| of(MarketNoun::PlanManifest(it))).await
        }
        MarketNoun::Audience(it) => plain(unit, it, |it| of(MarketNoun::Audience(it))).await,
        MarketNoun::HistoryEntry(it) => {
            plain(unit, it, |it| of(MarketNoun::HistoryEntry(it))).await
        }
        MarketNoun::Submission(it) => plain(unit, it, |it| of(MarketNoun::Submission(it))).await,
        MarketNoun::Review(it) => plain(unit, it, |it| of(MarketNoun::Review(it))).await,
        MarketNoun::Media(it) => plain(unit, it, |it| of(MarketNoun::Media(it))).await,
        MarketNoun::Acceptance(it) => plain(unit, it, |it| of(MarketNoun::Acceptance(it))).await,
        MarketNoun::Lead(it) => plain(unit, it, |it| of(MarketNoun::Lead(it))).await,
        MarketNoun::PartnerLink(it) => plain(unit, it, |it| of(MarketNoun::PartnerLink(it))).await,
    }
}

fn of(noun: MarketNoun) -> Noun {
    Noun::Market(noun)
}
