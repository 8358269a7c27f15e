//! A plan as it is published, with all that decides for whom it is there.

use delegation::take::Offered;
use ids::{
    guid::{SubscriptionId, TenantId},
    offer::{PlanId, Slot},
    version::Version,
};
use market::sight::{Shelf, Standing};
use model::market::{
    acceptance::Acceptance,
    form::{Plan, Visibility},
    manifest::Manifest,
    offer::{Audience, Audienced, Edition, PlanManifest, Stage},
};
use store::{error::StoreError, record::Record, snapshot::Snapshot, unit::Unit};

/// Where records are read: a unit notes what it saw, a snapshot is of one moment.
pub(crate) trait Source {
    async fn record<R: Record>(&mut self, id: &R::Id) -> Result<Option<R>, StoreError>;
}

impl Source for Unit {
    async fn record<R: Record>(&mut self, id: &R::Id) -> Result<Option<R>, StoreError> {
        self.find(id).await
    }
}

impl Source for &Snapshot {
    async fn record<R: Record>(&mut self, id: &R::Id) -> Result<Option<R>, StoreError> {
        self.find(id).await
    }
}

/// A plan of an edition that is published.
#[derive(Clone, Debug)]
pub(crate) struct Published {
    pub(crate) id: PlanId,
    pub(crate) slot: Slot,
    /// With the terms, the listing, and whose influence it counts for.
    pub(crate) edition: Edition,
    pub(crate) plan: Plan,
    /// Whom it is for, where it is not for everybody.
    audience: Option<Audience>,
}

/// The plan, if an edition in that slot has it.
pub(crate) async fn read(
    source: &mut impl Source,
    id: &PlanId,
    slot: Slot,
) -> Result<Option<Published>, StoreError> {
    let stage = Stage::Published(slot);
    let edition = source.record::<Edition>(&(id.offer.clone(), stage)).await?;
    match edition {
        Some(edition) => of_edition(source, edition, id, slot).await,
        None => Ok(None),
    }
}

/// The plan of an edition that was read already.
pub(super) async fn of_edition(
    source: &mut impl Source,
    edition: Edition,
    id: &PlanId,
    slot: Slot,
) -> Result<Option<Published>, StoreError> {
    let Some(plan) = edition.form.plan(&id.name).cloned() else { return Ok(None) };
    let stage = Stage::Published(slot);
    let audience = match (slot, plan.visibility) {
        (Slot::Preview, Visibility::Public | Visibility::Private) => {
            source.record(&Audienced::Preview(id.offer.clone(), stage)).await?
        }
        (Slot::Live, Visibility::Private) => {
            source.record(&Audienced::Plan(id.clone(), stage)).await?
        }
        (Slot::Live, Visibility::Public) => None,
    };
    Ok(Some(Published { id: id.clone(), slot, edition, plan, audience }))
}

impl Published {
    /// Whose account it is of.
    pub(crate) fn publisher(&self) -> TenantId {
        self.edition.tenant
    }

    /// Whether it can be taken in that subscription.
    pub(crate) fn is_for(&self, subscription: SubscriptionId) -> bool {
        let is_named = self.audience.as_ref().is_some_and(|it| it.names(subscription));
        self.is_there(is_named)
    }

    /// Whether it is there for whoever can read a subscription of its audience.
    pub(super) fn is_shown(&self, reads: impl Fn(SubscriptionId) -> bool) -> bool {
        let entries = self.audience.iter().flat_map(|it| &it.entries);
        self.is_there(false) || {
            self.is_there(true) && entries.map(|it| it.subscription).any(reads)
        }
    }

    /// Whether it is there for those whom its audience names, or does not.
    fn is_there(&self, is_named: bool) -> bool {
        let is_stopped = self.edition.stopped.contains(&self.id.name);
        let shelf = Shelf { slot: self.slot, visibility: self.plan.visibility, is_stopped };
        // Only the audience that decides in this slot was read.
        shelf.is_for(Standing { is_listed: is_named, is_previewer: is_named })
    }

    /// The version that is offered today.
    pub(crate) fn newest(&self) -> Option<Version> {
        self.plan.newest().map(|it| it.version)
    }

    /// The newest version, for a customer who could take it in that subscription.
    pub(crate) fn open(&self, subscription: SubscriptionId) -> Option<Version> {
        self.newest().filter(|_| self.is_for(subscription))
    }

    /// What that version gives, if it was ever published in this slot.
    pub(crate) async fn manifest(
        &self,
        source: &mut impl Source,
        version: Version,
    ) -> Result<Option<Manifest>, StoreError> {
        let found = source.record::<PlanManifest>(&(self.id.clone(), version)).await?;
        let here = |it: &PlanManifest| match self.slot {
            Slot::Preview => true,
            Slot::Live => it.live.is_some(),
        };
        Ok(found.filter(here).map(|it| it.manifest))
    }

    /// The facts for taking that version in that subscription.
    pub(super) async fn offered(
        &self,
        unit: &mut Unit,
        version: Version,
        subscription: SubscriptionId,
    ) -> Result<Option<Offered>, StoreError> {
        let Some(newest) = self.newest() else { return Ok(None) };
        Ok(Some(Offered {
            plan: self.id.clone(),
            slot: self.slot,
            newest,
            manifest: self.manifest(unit, version).await?,
            terms: self.edition.form.terms.clone(),
            is_there: self.is_for(subscription),
        }))
    }
}

/// What a customer's tenant accepted of a plan.
pub(super) fn key(customer: TenantId, plan: &PlanId, slot: Slot) -> <Acceptance as Record>::Id {
    (customer, plan.clone(), slot)
}
