//! Reading what is accepted in a subscription, and what waits for a decision.

use std::collections::BTreeSet;

use delegation::{
    acceptance::{Refused, Waiting, waiting},
    visible::Viewer,
};
use ids::{guid::SubscriptionId, offer::PublisherId, resource::DefinitionId, scope::Scope};
use model::{
    delegation::{Accepted as Stands, Definition},
    market::{acceptance::Acceptance, account::Publisher},
};
use store::{
    error::StoreError,
    records::ranges,
    snapshot::{Page, Snapshot},
};

use super::{
    At,
    published::{self, Published, key},
    refused,
};
use crate::{
    context::Context,
    delegation::owner,
    error::Error,
    page::{Paged, examine},
    plane::Plane,
};

/// How many plans a page looks at.
const PLANS_MAX: usize = 100;

/// What is accepted of a plan, as it is shown in a subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    pub acceptance: Acceptance,
    /// A newer version that waits for the customer's word.
    pub waiting: Option<Waiting>,
    /// Whether the plan can still be taken in this subscription.
    pub is_offered: bool,
    /// What stands for it in this subscription.
    pub definitions: Vec<DefinitionId>,
    pub offer: Option<String>,
    pub plan: Option<String>,
    pub publisher: Option<String>,
}

/// What is accepted of that plan.
pub async fn get(plane: &Plane, context: &Context, at: &At) -> Result<Accepted, Error> {
    let (plan, slot) = at.meant()?;
    let snapshot = plane.store.snapshot().await?;
    let (viewer, own) = look(plane, context, &snapshot, at.subscription).await?;
    let found = snapshot.find::<Acceptance>(&key(viewer.owner, &plan, slot)).await?;
    let shown = match found {
        Some(it) => show(&snapshot, viewer, at.subscription, it, &own).await?,
        None => None,
    };
    let missing = || refused(Refused::NotAccepted(plan));
    plane.release(context, snapshot, shown).await?.ok_or_else(missing)
}

/// All that is accepted in the subscription, by plan.
pub async fn list(
    plane: &Plane,
    context: &Context,
    subscription: SubscriptionId,
    page: Page,
) -> Result<Paged<Accepted>, Error> {
    let snapshot = plane.store.snapshot().await?;
    let (viewer, own) = look(plane, context, &snapshot, subscription).await?;
    let page = Page { limit: page.limit.clamp(1, PLANS_MAX), ..page };
    let range = ranges::market::acceptances_of_customer(viewer.owner);
    let known = managed(&snapshot, viewer).await?;
    let is_here = |it: &Acceptance| {
        known.sees(it) && (it.subscription == subscription || standing(it, &own).next().is_some())
    };
    let rows = examine(&snapshot, &range, page, is_here).await?.page(|_| true);
    let mut items = Vec::new();
    for it in rows.items {
        items.extend(show(&snapshot, viewer, subscription, it, &own).await?);
    }
    plane.release(context, snapshot, Paged { items, next: rows.next }).await
}

/// From where the caller looks, and the definitions that are there.
async fn look(
    plane: &Plane,
    context: &Context,
    snapshot: &Snapshot,
    subscription: SubscriptionId,
) -> Result<(Viewer, Vec<Definition>), Error> {
    let owner = owner(&plane.index(), &Scope::Subscription(subscription))?;
    let range = ranges::definitions_of_subscription(subscription);
    let own = snapshot.list(&range, Page::first()).await?.items;
    Ok((Viewer { tenant: context.caller.principal.tenant, owner }, own))
}

/// Whose plans the viewer hears of in the subscription.
pub(super) struct Managed {
    is_owner: bool,
    publishers: BTreeSet<PublisherId>,
}

impl Managed {
    pub(super) fn sees(&self, it: &Acceptance) -> bool {
        self.is_owner || self.publishers.contains(&it.plan.offer.publisher)
    }
}

/// A customer hears of every publisher's plans, a managing tenant of its own alone. It is known
/// before a list is read: what is not for the viewer fills no page of it.
pub(super) async fn managed(snapshot: &Snapshot, viewer: Viewer) -> Result<Managed, StoreError> {
    let is_owner = viewer.tenant == viewer.owner;
    let range = ranges::market::publishers_of(viewer.tenant);
    let found = snapshot.list::<Publisher>(&range, Page::first()).await?;
    Ok(Managed { is_owner, publishers: found.items.into_iter().map(|it| it.id).collect() })
}

/// What of those definitions stands for the acceptance.
fn standing<'a>(
    acceptance: &'a Acceptance,
    own: &'a [Definition],
) -> impl Iterator<Item = &'a Definition> {
    let stands = move |it: &Stands| {
        it.customer == acceptance.customer
            && it.plan.plan == acceptance.plan
            && it.plan.slot == acceptance.slot
    };
    own.iter().filter(move |it| it.accepted.as_ref().is_some_and(stands))
}

/// An acceptance of the tenant's, if it is about this subscription and the viewer may know.
async fn show(
    snapshot: &Snapshot,
    viewer: Viewer,
    subscription: SubscriptionId,
    acceptance: Acceptance,
    own: &[Definition],
) -> Result<Option<Accepted>, Error> {
    let definitions: Vec<DefinitionId> =
        standing(&acceptance, own).map(|it| it.id.clone()).collect();
    if definitions.is_empty() && acceptance.subscription != subscription {
        return Ok(None);
    }
    let publisher = snapshot.find::<Publisher>(&acceptance.plan.offer.publisher).await?;
    let managing = publisher.as_ref().map(|it| it.tenant);
    if viewer.tenant != viewer.owner && managing != Some(viewer.tenant) {
        return Ok(None);
    }
    let Acceptance { plan, slot, .. } = &acceptance;
    let found = published::read(&mut &*snapshot, plan, *slot, subscription).await?;
    let newest = found.as_ref().and_then(Published::open);
    Ok(Some(Accepted {
        waiting: waiting(&acceptance, newest),
        is_offered: newest.is_some(),
        offer: found.as_ref().map(|it| it.edition.form.listing.title.clone()),
        plan: found.map(|it| it.plan.title),
        publisher: publisher.map(|it| it.display_name),
        definitions,
        acceptance,
    }))
}
