//! Which row a change is about, and what it makes of it.

use model::change::{Change, Noun};

use crate::{
    engine::Row,
    error::StoreError,
    key::{Entry, Key},
    record::{Record, decode, encode},
};

/// What a change makes of one row.
pub(crate) struct Effect {
    pub(crate) key: Key,
    /// The new form and what leads to it; none where the row goes.
    pub(crate) after: Option<(Vec<u8>, Vec<Entry>)>,
    /// What led to the old form.
    pub(crate) before: Vec<Entry>,
}

/// Does the same with whatever noun it is.
macro_rules! with_noun {
    ($noun:expr, $it:ident => $do:expr) => {
        match $noun {
            model::change::Noun::Settings($it) => $do,
            model::change::Noun::SigningKey($it) => $do,
            model::change::Noun::Tenant($it) => $do,
            model::change::Noun::User($it) => $do,
            model::change::Noun::Group($it) => $do,
            model::change::Noun::Membership($it) => $do,
            model::change::Noun::Application($it) => $do,
            model::change::Noun::ServicePrincipal($it) => $do,
            model::change::Noun::Credential($it) => $do,
            model::change::Noun::DirectoryRoleAssignment($it) => $do,
            model::change::Noun::Ownership($it) => $do,
            model::change::Noun::ManagementGroup($it) => $do,
            model::change::Noun::Subscription($it) => $do,
            model::change::Noun::Registration($it) => $do,
            model::change::Noun::ResourceGroup($it) => $do,
            model::change::Noun::Resource($it) => $do,
            model::change::Noun::RoleDefinition($it) => $do,
            model::change::Noun::RoleAssignment($it) => $do,
            model::change::Noun::DenyAssignment($it) => $do,
            model::change::Noun::Lock($it) => $do,
            model::change::Noun::Definition($it) => $do,
            model::change::Noun::Assignment($it) => $do,
            model::change::Noun::Activation($it) => $do,
            model::change::Noun::ActivationPolicy($it) => $do,
            model::change::Noun::EligibleAssignment($it) => $do,
            model::change::Noun::Deployment($it) => $do,
            model::change::Noun::Market(noun) => match noun {
                model::market::MarketNoun::Account($it) => $do,
                model::market::MarketNoun::Verification($it) => $do,
                model::market::MarketNoun::AccountMember($it) => $do,
                model::market::MarketNoun::Publisher($it) => $do,
                model::market::MarketNoun::Offer($it) => $do,
                model::market::MarketNoun::Edition($it) => $do,
                model::market::MarketNoun::PlanManifest($it) => $do,
                model::market::MarketNoun::Audience($it) => $do,
                model::market::MarketNoun::HistoryEntry($it) => $do,
                model::market::MarketNoun::Submission($it) => $do,
                model::market::MarketNoun::Review($it) => $do,
                model::market::MarketNoun::Media($it) => $do,
                model::market::MarketNoun::Acceptance($it) => $do,
                model::market::MarketNoun::Lead($it) => $do,
                model::market::MarketNoun::PartnerLink($it) => $do,
            },
        }
    };
}
#[cfg(any(test, feature = "conformance"))]
pub(crate) use with_noun;

/// Where a noun is kept, which tells it from all others.
pub fn key(noun: &Noun) -> Key {
    with_noun!(noun, it => key_of_record(it))
}

fn key_of_record<R: Record>(record: &R) -> Key {
    R::key(&record.id())
}

/// The row that a change is about.
pub(crate) fn key_of(change: &Change) -> Key {
    match change {
        Change::Put(noun) | Change::Remove(noun) => key(noun),
        Change::Leave(assignment) => key_of_record(assignment),
        Change::Alter(altered) => key(altered.noun()),
    }
}

/// What the change makes of its row, whose form before it is `old`.
pub(crate) fn effect(change: &Change, old: Option<&Row>) -> Result<Effect, StoreError> {
    match change {
        Change::Put(noun) => with_noun!(noun, it => put(it, old)),
        Change::Remove(noun) => with_noun!(noun, it => gone(it, old)),
        Change::Leave(assignment) => gone(assignment, old),
        Change::Alter(altered) => with_noun!(altered.noun(), it => put(it, old)),
    }
}

fn put<R: Record>(record: &R, old: Option<&Row>) -> Result<Effect, StoreError> {
    let after = Some((encode(record)?, record.entries()));
    Ok(Effect { after, ..gone(record, old)? })
}

fn gone<R: Record>(record: &R, old: Option<&Row>) -> Result<Effect, StoreError> {
    let old: Option<R> = old.map(decode).transpose()?;
    let before = old.map(|it| it.entries()).unwrap_or_default();
    Ok(Effect { key: R::key(&record.id()), after: None, before })
}
