//! What is written in no form that can be read, and so never comes to stand in a form.

use std::str::FromStr;

use ids::{
    guid::{SubscriptionId, TenantId},
    offer::{OfferName, PlanName},
    version::Version,
};

use super::{
    Finding,
    rules::{self, Rule},
};

/// The id of a new offer.
pub fn offer_id(field: &str, text: &str) -> Result<OfferName, Finding> {
    let name: OfferName = read(&rules::OFFER_ID, field, text)?;
    if name.ends_like_a_preview() {
        let reason = format!("`{name}` ends in `-preview`");
        return Err(Finding::new(&rules::OFFER_ID, field, reason));
    }
    Ok(name)
}

/// A plan's id.
pub fn plan_id(field: &str, text: &str) -> Result<PlanName, Finding> {
    read(&rules::PLAN_ID, field, text)
}

/// A manifest's number.
pub fn version(field: &str, text: &str) -> Result<Version, Finding> {
    read(&rules::VERSION, field, text)
}

/// A manifest's managing tenant.
pub fn tenant(field: &str, text: &str) -> Result<TenantId, Finding> {
    read(&rules::TENANT, field, text)
}

/// A subscription that sees the preview.
pub fn previewer(field: &str, text: &str) -> Result<SubscriptionId, Finding> {
    read(&rules::PREVIEWERS, field, text)
}

/// A subscription that a private plan is for.
pub fn customer(field: &str, text: &str) -> Result<SubscriptionId, Finding> {
    read(&rules::AUDIENCE, field, text)
}

fn read<T>(rule: &'static Rule, field: &str, text: &str) -> Result<T, Finding>
where
    T: FromStr<Err: ToString>,
{
    text.parse().map_err(|why: T::Err| Finding::new(rule, field, why.to_string()))
}
