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
use store::{error::StoreError, record::Record, records::ranges, snapshot::Snapshot, unit::Unit};

/// Where records are read: a unit notes what it saw, a snapshot is of one moment.
pub(crate) trait Source {
    async fn record<R: Record>(&mut self, id: &R::Id) -> Result<Option<R>, StoreError>;

    /// Whether the subscription is in that audience. Who is not in it takes no longer to be told
    /// so than where there is none: the audience itself is not read.
    async fn names(&mut self, of: &Audienced, it: SubscriptionId) -> Result<bool, StoreError>;
}

impl Source for Unit {
    async fn record<R: Record>(&mut self, id: &R::Id) -> Result<Option<R>, StoreError> {
        self.find(id).await
    }

    async fn names(&mut self, of: &Audienced, it: SubscriptionId) -> Result<bool, StoreError> {
        let found: Vec<Audience> = self.list(&ranges::market::audience_for(it, of)).await?;
        Ok(!found.is_empty())
    }
}

impl Source for &Snapshot {
    async fn record<R: Record>(&mut self, id: &R::Id) -> Result<Option<R>, StoreError> {
        self.find(id).await
    }

    async fn names(&mut self, of: &Audienced, it: SubscriptionId) -> Result<bool, StoreError> {
        Ok(self.count(&ranges::market::audience_for(it, of), 1).await? > 0)
    }
}

/// For whom a published plan is there.
#[derive(Clone, Debug)]
pub(super) struct Sight {
    /// Whose account it is of.
    pub(super) publisher: TenantId,
    /// Whom it is for, where it is not for everybody.
    pub(super) audience: Option<Audienced>,
    shelf: Shelf,
}

impl Sight {
    pub(super) fn of(edition: &Edition, plan: &Plan, slot: Slot) -> Self {
        let (offer, stage) = (&edition.offer, Stage::Published(slot));
        let audience = match (slot, plan.visibility) {
            (Slot::Preview, Visibility::Public | Visibility::Private) => {
                Some(Audienced::Preview(offer.clone(), stage))
            }
            (Slot::Live, Visibility::Private) => {
                let id = PlanId { offer: offer.clone(), name: plan.name.clone() };
                Some(Audienced::Plan(id, stage))
            }
            (Slot::Live, Visibility::Public) => None,
        };
        let is_stopped = edition.stopped.contains(&plan.name);
        let shelf = Shelf { slot, visibility: plan.visibility, is_stopped };
        Self { publisher: edition.tenant, audience, shelf }
    }

    /// Whether it is there for those whom its audience names, or does not.
    pub(super) fn is_there(&self, is_named: bool) -> bool {
        // Only the audience that decides in this slot counts.
        self.shelf.is_for(Standing { is_listed: is_named, is_previewer: is_named })
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
    /// It can be taken in the subscription that was asked for.
    is_there: bool,
}

/// The plan, if an edition in that slot has it, as it stands to that subscription.
pub(crate) async fn read(
    source: &mut impl Source,
    id: &PlanId,
    slot: Slot,
    subscription: SubscriptionId,
) -> Result<Option<Published>, StoreError> {
    let key = (id.offer.clone(), Stage::Published(slot));
    let Some(edition) = source.record::<Edition>(&key).await? else { return Ok(None) };
    let Some(plan) = edition.form.plan(&id.name).cloned() else { return Ok(None) };
    let sight = Sight::of(&edition, &plan, slot);
    let is_named = match &sight.audience {
        Some(of) => source.names(of, subscription).await?,
        None => false,
    };
    let is_there = sight.is_there(is_named);
    Ok(Some(Published { id: id.clone(), slot, edition, plan, is_there }))
}

impl Published {
    /// Whose account it is of.
    pub(crate) fn publisher(&self) -> TenantId {
        self.edition.tenant
    }

    /// Whether it can be taken in the subscription.
    pub(crate) fn is_there(&self) -> bool {
        self.is_there
    }

    /// The version that is offered today.
    pub(crate) fn newest(&self) -> Option<Version> {
        self.plan.newest().map(|it| it.version)
    }

    /// The newest version, where a customer could take it in the subscription.
    pub(crate) fn open(&self) -> Option<Version> {
        self.newest().filter(|_| self.is_there)
    }

    /// What that version gives, if it was ever published in this slot.
    pub(crate) async fn manifest(
        &self,
        source: &mut impl Source,
        version: Version,
    ) -> Result<Option<Manifest>, StoreError> {
        manifest(source, &self.id, self.slot, version).await
    }

    /// The facts for taking that version in the subscription.
    pub(super) async fn offered(
        &self,
        unit: &mut Unit,
        version: Version,
    ) -> Result<Option<Offered>, StoreError> {
        let Some(newest) = self.newest() else { return Ok(None) };
        Ok(Some(Offered {
            plan: self.id.clone(),
            slot: self.slot,
            newest,
            manifest: self.manifest(unit, version).await?,
            terms: self.edition.form.terms.clone(),
            is_there: self.is_there,
        }))
    }
}

/// What that version of a plan gives, if it was ever published in that slot.
pub(super) async fn manifest(
    source: &mut impl Source,
    id: &PlanId,
    slot: Slot,
    version: Version,
) -> Result<Option<Manifest>, StoreError> {
    let found = source.record::<PlanManifest>(&(id.clone(), version)).await?;
    let here = |it: &PlanManifest| match slot {
        Slot::Preview => true,
        Slot::Live => it.live.is_some(),
    };
    Ok(found.filter(here).map(|it| it.manifest))
}

/// What a customer's tenant accepted of a plan.
pub(super) fn key(customer: TenantId, plan: &PlanId, slot: Slot) -> <Acceptance as Record>::Id {
    (customer, plan.clone(), slot)
}
