//! What published plans ask for, as those see it whom they are for: marketplace registration
//! definitions.

use access::index::Index;
use delegation::{dialect::Dialect, visible};
use ids::{
    guid::SubscriptionId,
    offer::{MarketplaceIdentifier, OfferId, PlanId, PlanVersion, Slot},
    scope::Scope,
};
use model::{
    action::Action,
    market::{
        account::Publisher,
        manifest::Manifest,
        offer::{Edition, Stage},
    },
    question::Question,
};
use store::{
    key::Range,
    records::ranges,
    snapshot::{Page, Snapshot},
};

use super::published::{self, Published};
use crate::{context::Context, error::Error, page::Paged, plane::Plane};

/// How many offers a page looks at: each may have a hundred plans, with ten thousand subscriptions
/// that they are for.
const OFFERS_MAX: usize = 20;
const SUBSCRIPTIONS_READ: Action = Action::known("Microsoft.Resources/subscriptions/read");

/// A version of a plan, as it is offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub version: PlanVersion,
    pub manifest: Manifest,
    pub offer: String,
    pub publisher: String,
    pub plan: String,
}

/// Where somebody looks: in a subscription they see what can be taken there, else all that is there
/// for them.
pub type Place = Option<SubscriptionId>;

/// What the identifier points at: one version of a plan, or the newest of each.
pub async fn find(
    plane: &Plane,
    context: &Context,
    place: Place,
    identifier: &MarketplaceIdentifier,
) -> Result<Vec<Item>, Error> {
    let snapshot = plane.store.snapshot().await?;
    let mut found = Vec::new();
    match identifier {
        MarketplaceIdentifier::Version(PlanVersion { plan, slot, version }) => {
            if let Some(it) = published::read(&mut &snapshot, plan, *slot).await? {
                found.extend(item(&snapshot, it, Some(*version)).await?);
            }
        }
        MarketplaceIdentifier::Plan(plan, slot) => {
            if let Some(it) = published::read(&mut &snapshot, plan, *slot).await? {
                found.extend(item(&snapshot, it, None).await?);
            }
        }
        MarketplaceIdentifier::Offer(offer, slot) => {
            let id = (offer.clone(), Stage::Published(*slot));
            if let Some(edition) = snapshot.find::<Edition>(&id).await? {
                found = all_of(&snapshot, edition, *slot).await?;
            }
        }
        MarketplaceIdentifier::Publisher(publisher) => {
            let stage = Stage::Published(Slot::Live);
            let range = ranges::market::editions_of_publisher(stage, publisher);
            found = editions(&snapshot, &range, Page { limit: OFFERS_MAX, ..Page::first() })
                .await?
                .items;
        }
    }
    let judge = |index: &Index, found| Ok(shown(plane, context, index, place, found));
    snapshot.seal(found).open(&plane.store, judge).await
}

/// All that is live, page by page.
pub async fn list(
    plane: &Plane,
    context: &Context,
    place: Place,
    page: Page,
) -> Result<Paged<Item>, Error> {
    let snapshot = plane.store.snapshot().await?;
    let range = ranges::market::editions_at(Stage::Published(Slot::Live));
    let page = Page { limit: page.limit.clamp(1, OFFERS_MAX), ..page };
    let Paged { items, next } = editions(&snapshot, &range, page).await?;
    let judge = |index: &Index, found| {
        Ok(Paged { items: shown(plane, context, index, place, found), next })
    };
    snapshot.seal(items).open(&plane.store, judge).await
}

/// Whether the item can be spoken of in that dialect.
pub fn showable(item: &Item, dialect: Dialect) -> Result<(), Error> {
    let spoken = dialect.speaks_of(&item.manifest.eligible).map_err(visible::Refused::from);
    Ok(spoken.map_err(delegation::refused::Refused::from)?)
}

type Found = (Published, Item);

async fn editions(snapshot: &Snapshot, range: &Range, page: Page) -> Result<Paged<Found>, Error> {
    let rows = snapshot.list::<Edition>(range, page).await?;
    let mut items = Vec::new();
    for edition in rows.items {
        items.extend(all_of(snapshot, edition, Slot::Live).await?);
    }
    Ok(Paged { items, next: rows.next })
}

async fn all_of(snapshot: &Snapshot, edition: Edition, slot: Slot) -> Result<Vec<Found>, Error> {
    let offer: OfferId = edition.offer.clone();
    let mut found = Vec::new();
    for plan in &edition.form.plans {
        let id = PlanId { offer: offer.clone(), name: plan.name.clone() };
        let it = published::of_edition(&mut &*snapshot, edition.clone(), &id, slot).await?;
        if let Some(it) = it {
            found.extend(item(snapshot, it, None).await?);
        }
    }
    Ok(found)
}

/// The plan in that version, or in the newest.
async fn item(
    snapshot: &Snapshot,
    published: Published,
    version: Option<ids::version::Version>,
) -> Result<Option<Found>, Error> {
    let Some(version) = version.or_else(|| published.newest()) else { return Ok(None) };
    let Some(manifest) = published.manifest(&mut &*snapshot, version).await? else {
        return Ok(None);
    };
    let id = &published.id;
    let publisher = snapshot.find::<Publisher>(&id.offer.publisher).await?;
    let publisher = publisher.map_or_else(|| id.offer.publisher.to_string(), |it| it.display_name);
    let item = Item {
        version: PlanVersion { plan: id.clone(), slot: published.slot, version },
        manifest,
        offer: published.edition.form.listing.title.clone(),
        publisher,
        plan: published.plan.title.clone(),
    };
    Ok(Some((published, item)))
}

fn shown(
    plane: &Plane,
    context: &Context,
    index: &Index,
    place: Place,
    found: Vec<Found>,
) -> Vec<Item> {
    let is_shown = |(it, _): &Found| sees(plane, context, index, place, it);
    found.into_iter().filter(is_shown).map(|(_, item)| item).collect()
}

/// Its publisher's people see it all; others what is for everybody, and what is for a subscription
/// of the tenant that they are signed in to and can read. What a managing tenant can read is not
/// enough: it would hear of what others offer to its customer.
fn sees(plane: &Plane, context: &Context, index: &Index, place: Place, it: &Published) -> bool {
    let tenant = context.caller.principal.tenant;
    let reads = |subscription: SubscriptionId| {
        let scope = Scope::Subscription(subscription);
        index.home(&scope) == Some(tenant)
            && plane.allowed(index, context, &Question::any(SUBSCRIPTIONS_READ, scope))
    };
    let is_there = match place {
        None => it.is_shown(reads),
        Some(subscription) => {
            it.is_shown(|_| false) || (it.is_for(subscription) && reads(subscription))
        }
    };
    it.publisher() == tenant || is_there
}
