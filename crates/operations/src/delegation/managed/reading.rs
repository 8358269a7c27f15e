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
use store::{records::ranges, snapshot::Snapshot};

use super::{Customer, Managed};
use crate::{around::each, context::Context, error::Error, plane::Plane};

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
        let open = self.reached_in(customer).into_iter();
        let mut open = open.filter(|id| after.is_none_or(|after| *id > after)).peekable();
        while let Some(id) = open.next() {
            let (range, mut all) = (ranges::assignments_of_subscription(id), Vec::new());
            each(&self.snapshot, &range, |it: Assignment| all.push(it)).await?;
            for it in all {
                found.extend(self.shown(it).await?);
            }
            if found.len() >= enough && open.peek().is_some() {
                return Ok((found, Some(id)));
            }
        }
        Ok((found, None))
    }

    /// The subscriptions of a customer in which something is delegated to the caller's tenant and
    /// the caller holds something; in order. Starts from what the caller holds: how much there is
    /// in a foreign tenant shows in nothing, not even in the time that this takes.
    fn reached_in(&self, customer: TenantId) -> Vec<SubscriptionId> {
        let (own, now) = (self.context.caller.principal, self.plane.store.now());
        let mut ids = self.index.subscriptions_of(own, now);
        ids.retain(|id| self.index.home(&Scope::Subscription(*id)) == Some(customer));
        ids.retain(|id| self.index.managing_tenants(*id).contains(&own.tenant));
        ids
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
