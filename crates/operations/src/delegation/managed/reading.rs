//! Looking through what is delegated to the caller's tenant, with what stands beside each
//! delegation looked up once.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    sync::Arc,
};

use access::index::Index;
use ids::{
    guid::{SubscriptionId, TenantId},
    resource::DefinitionId,
    scope::Scope,
};
use model::{
    action::Action,
    delegation::{Assignment, Definition},
    directory::Tenant,
    question::Question,
    tree::Subscription,
};
use store::{
    records::ranges,
    snapshot::{Page, Snapshot},
};

use super::{Customer, Managed};
use crate::{around::each, context::Context, error::Error, plane::Plane};

/// So many of a customer's subscriptions are looked up together: most customers have few.
const TOGETHER: usize = 8;

const READ: Action = Action::known("Microsoft.ManagedServices/registrationAssignments/read");

/// Whether the delegation is one to the caller's tenant that the caller may read.
pub(crate) fn sees(plane: &Plane, context: &Context, index: &Index, it: &Assignment) -> bool {
    let question = Question::any(READ, Scope::Resource(it.id.as_resource().clone()));
    it.managed_by == context.caller.principal.tenant && plane.allowed(index, context, &question)
}

/// The rows of one moment, and what was looked up among them so far.
pub(crate) struct Reading<'a> {
    plane: &'a Plane,
    context: &'a Context,
    pub(crate) snapshot: Snapshot,
    index: Arc<Index>,
    definitions: BTreeMap<DefinitionId, Option<Definition>>,
    tenants: BTreeMap<TenantId, Option<String>>,
    subscriptions: BTreeMap<SubscriptionId, Option<String>>,
}

impl<'a> Reading<'a> {
    pub(crate) async fn begin(plane: &'a Plane, context: &'a Context) -> Result<Self, Error> {
        Ok(Self {
            plane,
            context,
            snapshot: plane.store.snapshot().await?,
            index: plane.index(),
            definitions: BTreeMap::new(),
            tenants: BTreeMap::new(),
            subscriptions: BTreeMap::new(),
        })
    }

    /// The tenant that is asked about: the caller's own.
    pub(crate) fn tenant(&self) -> TenantId {
        self.context.caller.principal.tenant
    }

    /// The tenant at home where the delegation stands.
    pub(crate) fn customer(&self, it: &Assignment) -> Option<TenantId> {
        self.index.home(it.id.scope())
    }

    /// Whether the caller may read it, by the facts of the beginning.
    pub(crate) fn sees(&self, it: &Assignment) -> bool {
        sees(self.plane, self.context, &self.index, it)
    }

    /// The delegation with what stands beside it, if the caller may read it.
    pub(crate) async fn shown(&mut self, it: Assignment) -> Result<Option<Managed>, Error> {
        let Some(tenant) = self.customer(&it).filter(|_| self.sees(&it)) else { return Ok(None) };
        let definition = self.definition(&it.definition).await?;
        let subscription = match it.id.scope().subscription() {
            Some(id) => self.subscription(id).await?,
            None => None,
        };
        let customer = Customer { tenant, name: self.name(tenant).await? };
        Ok(Some(Managed { assignment: it, definition, customer, subscription }))
    }

    /// Those of one customer, by subscription, until there are enough and a subscription ends;
    /// and behind which subscription there is more.
    pub(crate) async fn of(
        &mut self,
        customer: TenantId,
        after: Option<SubscriptionId>,
        enough: usize,
    ) -> Result<(Vec<Managed>, Option<SubscriptionId>), Error> {
        let mut found = Vec::new();
        let mut reached = self.reached_in(customer, after);
        while let Some(id) = reached {
            let (range, mut all) = (ranges::assignments_of_subscription(id), Vec::new());
            each(&self.snapshot, &range, |it: Assignment| all.push(it)).await?;
            for it in all {
                found.extend(self.shown(it).await?);
            }
            reached = self.reached_in(customer, Some(id));
            if found.len() >= enough && reached.is_some() {
                return Ok((found, Some(id)));
            }
        }
        Ok((found, None))
    }

    /// The first of one customer, by subscription: so many, and one more where there is more.
    pub(crate) async fn first_of(
        &mut self,
        customer: TenantId,
        count: usize,
    ) -> Result<Vec<Managed>, Error> {
        let mut found = Vec::new();
        let mut reached = self.reached_in(customer, None);
        while let Some(id) = reached {
            let (range, mut after) = (ranges::assignments_of_subscription(id), None);
            loop {
                let limit = count.saturating_add(1).saturating_sub(found.len());
                let rows = self.snapshot.list::<Assignment>(&range, Page { after, limit }).await?;
                for it in rows.items {
                    found.extend(self.shown(it).await?);
                }
                if found.len() > count {
                    return Ok(found);
                }
                after = rows.next;
                if after.is_none() {
                    break;
                }
            }
            reached = self.reached_in(customer, Some(id));
        }
        Ok(found)
    }

    /// The first of a customer's subscriptions, or the first behind another, in which something is
    /// delegated to the caller's tenant and the caller holds something. Starts from what the caller
    /// holds of that customer's: how much there is in a foreign tenant shows in nothing, not even in
    /// the time that this takes.
    fn reached_in(
        &self,
        customer: TenantId,
        after: Option<SubscriptionId>,
    ) -> Option<SubscriptionId> {
        let (own, now) = (self.context.caller.principal, self.plane.store.now());
        let mut after = after;
        loop {
            let near = self.index.candidates_in(customer, own, after, TOGETHER, now);
            let is_reached = |id: &&SubscriptionId| {
                self.index.can_see(own, **id, now)
                    && self.index.managing_tenants(**id).contains(&own.tenant)
            };
            if let Some(id) = near.iter().find(is_reached) {
                return Some(*id);
            }
            after = Some(*near.last()?);
        }
    }

    async fn definition(&mut self, id: &DefinitionId) -> Result<Option<Definition>, Error> {
        Ok(match self.definitions.entry(id.clone()) {
            Entry::Occupied(known) => known.get().clone(),
            Entry::Vacant(unknown) => unknown.insert(self.snapshot.find(id).await?).clone(),
        })
    }

    async fn name(&mut self, id: TenantId) -> Result<Option<String>, Error> {
        Ok(match self.tenants.entry(id) {
            Entry::Occupied(known) => known.get().clone(),
            Entry::Vacant(unknown) => {
                let found = self.snapshot.find::<Tenant>(&id).await?;
                unknown.insert(found.map(|it| it.display_name)).clone()
            }
        })
    }

    async fn subscription(&mut self, id: SubscriptionId) -> Result<Option<String>, Error> {
        Ok(match self.subscriptions.entry(id) {
            Entry::Occupied(known) => known.get().clone(),
            Entry::Vacant(unknown) => {
                let found = self.snapshot.find::<Subscription>(&id).await?;
                unknown.insert(found.map(|it| it.display_name)).clone()
            }
        })
    }

    /// Hands what was found to a judge with facts as new as itself.
    pub(crate) async fn release<T, R>(
        self,
        found: T,
        judge: impl FnOnce(&Index, T) -> Result<R, Error>,
    ) -> Result<R, Error> {
        self.snapshot.seal(found).open(&self.plane.store, judge).await
    }
}
