//! Which resource providers a subscription uses.

use std::{collections::BTreeMap, str::FromStr};

use access::index::Index;
use ids::{guid::SubscriptionId, name::Name};
use model::{
    change::{Change, Noun},
    tree::{Registration, Subscription},
};
use store::{
    error::StoreError,
    records::ranges,
    snapshot::{Page, Rows, Snapshot},
    unit::Unit,
};

use crate::{
    context::Context,
    delegation::unregister,
    error::Error,
    plane::{Plane, retry},
    subscriptions::NotFound,
};

/// The provider that a subscription keeps while anything of it is delegated.
const DELEGATION: &str = "Microsoft.ManagedServices";

/// What a subscription said about providers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registrations {
    /// What holds for a provider that it said nothing about.
    by_default: bool,
    /// By folded namespace.
    said: BTreeMap<String, bool>,
}

/// Whether a subscription uses a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Registered,
    /// Never registered.
    NotRegistered,
    /// Registered once, and given up.
    Unregistered,
}

impl Registrations {
    /// Whether the subscription uses that provider.
    pub fn state(&self, namespace: &str) -> State {
        match self.said.get(&namespace.to_ascii_lowercase()) {
            Some(true) => State::Registered,
            Some(false) => State::Unregistered,
            None if self.by_default => State::Registered,
            None => State::NotRegistered,
        }
    }
}

/// Whether the subscription uses the provider, for a request that has passed the front door's
/// judgement.
pub async fn registered(
    plane: &Plane,
    id: SubscriptionId,
    namespace: &Name,
) -> Result<bool, Error> {
    let (store, key) = (&plane.store, (id, namespace.clone()));
    let said =
        store.find::<Registration>(&key).await?.open(store, |_, it| Ok::<_, Error>(it)).await?;
    if let Some(said) = said {
        return Ok(said.registered);
    }
    Ok(by_default(&store.snapshot().await?, id).await?.unwrap_or(false))
}

async fn by_default(snapshot: &Snapshot, id: SubscriptionId) -> Result<Option<bool>, Error> {
    Ok(snapshot.find::<Subscription>(&id).await?.map(|it| it.registered_by_default))
}

/// Refuses where the subscription does not use what delegations need. The front door has asked
/// already; what is read here is among what the unit has read, so that nothing is delegated while
/// the provider is being given up.
pub(crate) async fn delegating(unit: &mut Unit, id: SubscriptionId) -> Result<(), Error> {
    let namespace = Name::from_str(DELEGATION).map_err(StoreError::corrupt)?;
    let said = unit.find::<Registration>(&(id, namespace.clone())).await?;
    let whole = unit.find::<Subscription>(&id).await?;
    let by_default = whole.is_some_and(|it| it.registered_by_default);
    let registered = said.map_or(by_default, |it| it.registered);
    if registered { Ok(()) } else { Err(Error::NotRegistered(namespace)) }
}

/// What the subscription said about providers, for a caller who holds any grant in it: clients
/// ask before they write to a single resource group.
pub async fn of_subscription(
    plane: &Plane,
    context: &Context,
    id: SubscriptionId,
) -> Result<Registrations, Error> {
    let snapshot = plane.store.snapshot().await?;
    let by_default = by_default(&snapshot, id).await?.ok_or(NotFound(id))?;
    // One page holds more namespaces than there are.
    let range = ranges::registrations_of(id);
    let Rows { items, next: _ }: Rows<Registration> = snapshot.list(&range, Page::first()).await?;
    let said = items.into_iter().map(|it| (it.namespace.folded(), it.registered)).collect();
    let judge = |index: &Index, found| {
        let seen = index.can_see(context.caller.principal, id, plane.store.now());
        if seen { Ok(found) } else { Err(NotFound(id).into()) }
    };
    snapshot.seal(Registrations { by_default, said }).open(&plane.store, judge).await
}

/// Notes that the subscription uses the provider, or no longer does.
pub async fn set(plane: &Plane, context: &Context, wanted: Registration) -> Result<(), Error> {
    let (id, namespace) = (wanted.subscription, wanted.namespace.clone());
    retry(async || {
        let mut unit = plane.begin(context);
        let whole = unit.find::<Subscription>(&id).await?.ok_or(NotFound(id))?;
        let said = unit.find::<Registration>(&(id, namespace.clone())).await?;
        let is = said.map_or(whole.registered_by_default, |it| it.registered);
        if is == wanted.registered {
            return Ok(());
        }
        let change = Change::Put(Noun::Registration(wanted.clone()));
        let permit = plane.permit(context, &change)?;
        if !wanted.registered && namespace.is(DELEGATION) {
            unregister::unused(plane, context, &mut unit, id).await?;
        }
        unit.apply(permit, change)?;
        plane.commit(context, unit, 200).await
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_subscription_did_not_say_goes_by_its_default() {
        let said = BTreeMap::from([("a.b".to_owned(), true), ("c.d".to_owned(), false)]);
        let of = |by_default| Registrations { by_default, said: said.clone() };
        let cases = [
            (true, "A.b", State::Registered),
            (false, "A.b", State::Registered),
            (true, "C.D", State::Unregistered),
            (true, "E.F", State::Registered),
            (false, "E.F", State::NotRegistered),
        ];
        for (by_default, namespace, expected) in cases {
            assert_eq!(of(by_default).state(namespace), expected, "{namespace} {by_default}");
        }
    }
}
