//! The lists that the marketplace's records stand in.

use ids::{
    guid::{SubscriptionId, TenantId},
    offer::{OfferId, PlanId, PublisherId, Slot},
};
use model::market::offer::{Audienced, Stage};
use uuid::Uuid;

use super::of;
use crate::{
    key::{Range, Tuple},
    records::{index, market::audienced},
};

/// All publisher accounts.
pub fn accounts() -> Range {
    Range::under(index::ACCOUNTS, Tuple::new())
}

/// Who works in a tenant's account.
pub fn account_members_of(tenant: TenantId) -> Range {
    of(index::ACCOUNT_MEMBERS, tenant)
}

/// The publishers of an account, by their ids.
pub fn publishers_of(tenant: TenantId) -> Range {
    of(index::PUBLISHERS, tenant)
}

/// The offers of an account, by publisher and name.
pub fn offers_of(tenant: TenantId) -> Range {
    of(index::OFFERS, tenant)
}

/// The offer of that durable id: at most one.
pub fn offer_by_durable(durable: Uuid) -> Range {
    of(index::OFFERS_DURABLE, durable)
}

/// All editions at that stage, by publisher and name.
pub fn editions_at(stage: Stage) -> Range {
    of(index::EDITIONS, stage.as_str())
}

/// The same of one publisher.
pub fn editions_of_publisher(stage: Stage, publisher: &PublisherId) -> Range {
    Range::under(index::EDITIONS, Tuple::new().text(stage.as_str()).text(publisher))
}

/// The editions at that stage with that title, whatever its letters' case.
pub fn editions_titled(stage: Stage, title: &str) -> Range {
    Range::under(index::EDITION_TITLES, Tuple::new().text(stage.as_str()).text(title.trim()))
}

/// A plan's manifests that were ever in a preview, the lowest version first.
pub fn manifests_of(plan: &PlanId) -> Range {
    of(index::PLAN_MANIFESTS, plan)
}

/// The audiences of an offer's edition.
pub fn audiences_of(offer: &OfferId, stage: Stage) -> Range {
    Range::under(index::AUDIENCES, Tuple::new().text(offer).text(stage.as_str()))
}

/// The audiences that a subscription is in, at every stage.
pub fn audiences_for(subscription: SubscriptionId) -> Range {
    of(index::AUDIENCES_FOR, subscription)
}

/// That audience, if the subscription is in it: to be counted, so that nobody has to read the list.
pub fn audience_for(subscription: SubscriptionId, audience: &Audienced) -> Range {
    let tuple = Tuple::new().text(subscription).text(audienced(audience));
    Range::under(index::AUDIENCES_FOR, tuple)
}

/// What happened to an offer, the latest first.
pub fn history_of(offer: &OfferId) -> Range {
    of(index::HISTORY, offer)
}

/// The submissions of an offer, the latest first; of one moment, that of the latest draft.
pub fn submissions_of(offer: &OfferId) -> Range {
    of(index::SUBMISSIONS, offer)
}

/// The submissions that wait for an operator's word, the longest waiting first.
pub fn submissions_waiting() -> Range {
    Range::under(index::SUBMISSIONS_WAITING, Tuple::new())
}

/// An account's pictures.
pub fn media_of(tenant: TenantId) -> Range {
    of(index::MEDIA, tenant)
}

/// What a customer accepted, by plan.
pub fn acceptances_of_customer(customer: TenantId) -> Range {
    of(index::ACCEPTANCES, customer)
}

/// Who accepted a plan, by customer.
pub fn acceptances_of_plan(plan: &PlanId, slot: Slot) -> Range {
    Range::under(index::ACCEPTANCES_OF_PLAN, Tuple::new().text(plan).text(slot.as_str()))
}

/// The definitions that stand for a customer's acceptance of a plan, in all its subscriptions.
pub fn definitions_of_acceptance(customer: TenantId, plan: &PlanId, slot: Slot) -> Range {
    let acceptance = Tuple::new().text(customer).text(plan).text(slot.as_str());
    Range::under(index::DEFINITIONS_OF_ACCEPTANCE, acceptance)
}

/// An account's leads, the latest first.
pub fn leads_of(tenant: TenantId) -> Range {
    of(index::LEADS, tenant)
}

/// Which of a tenant's principals work for which partner.
pub fn partner_links_of(tenant: TenantId) -> Range {
    of(index::PARTNER_LINKS, tenant)
}
