//! What published plans ask for, as those see it whom they are for: marketplace registration
//! definitions.

use std::collections::BTreeMap;

use access::index::{Index, PrincipalKind};
use delegation::{dialect::Dialect, visible};
use ids::{
    guid::{Principal, SubscriptionId, TenantId},
    offer::{MarketplaceIdentifier, OfferId, PlanId, PlanName, PlanVersion, PublisherId, Slot},
    scope::Scope,
    version::Version,
};
use model::{
    action::Action,
    market::{
        account::Publisher,
        form::Plan,
        manifest::Manifest,
        offer::{Edition, Stage},
    },
    question::Question,
};
use store::{
    records::ranges,
    snapshot::{Page, Snapshot},
};

use super::published::{Sight, manifest};
use crate::{
    context::Context,
    error::Error,
    invited::Invited,
    page::{Found as Seen, Paged, examine},
    plane::Plane,
};

/// How many offers a page shows: each may have a hundred plans.
const OFFERS_MAX: usize = 20;

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
    let eye = Eye::open(plane, context, &snapshot, place).await?;
    let found = match identifier {
        MarketplaceIdentifier::Version(PlanVersion { plan, slot, version }) => {
            let wanted = Wanted { plan: Some(&plan.name), slot: *slot, version: Some(*version) };
            of_offer(&snapshot, &eye, &plan.offer, wanted).await?
        }
        MarketplaceIdentifier::Plan(plan, slot) => {
            let wanted = Wanted { plan: Some(&plan.name), ..Wanted::newest(*slot) };
            of_offer(&snapshot, &eye, &plan.offer, wanted).await?
        }
        MarketplaceIdentifier::Offer(offer, slot) => {
            of_offer(&snapshot, &eye, offer, Wanted::newest(*slot)).await?
        }
        MarketplaceIdentifier::Publisher(publisher) => {
            of_publisher(&snapshot, &eye, publisher).await?
        }
    };
    let judge = |index: &Index, found| Ok(eye.shown(index, found));
    snapshot.seal(found).open(&plane.store, judge).await
}

/// All that is live, page by page. What is not there for the caller neither fills a page nor is
/// it where one ends.
pub async fn list(
    plane: &Plane,
    context: &Context,
    place: Place,
    page: Page,
) -> Result<Paged<Item>, Error> {
    let snapshot = plane.store.snapshot().await?;
    let eye = Eye::open(plane, context, &snapshot, place).await?;
    let range = ranges::market::editions_at(Stage::Published(Slot::Live));
    let page = Page { limit: page.limit.clamp(1, OFFERS_MAX), ..page };
    let index = plane.index();
    let found = examine(&snapshot, &range, page, |it| eye.sees_any(&index, it)).await?;
    let mut items = BTreeMap::new();
    for edition in found.items() {
        let all = of_edition(&snapshot, &eye, edition, Wanted::newest(Slot::Live)).await?;
        items.insert(edition.offer.clone(), all);
    }
    let judge = |index: &Index, (found, mut items): (Seen<Edition>, BTreeMap<OfferId, _>)| {
        let Paged { items: editions, next } = found.page(|it| eye.sees_any(index, it));
        let all = editions.iter().filter_map(|it| items.remove(&it.offer)).flatten().collect();
        Ok(Paged { items: eye.shown(index, all), next })
    };
    snapshot.seal((found, items)).open(&plane.store, judge).await
}

/// Whether the item can be spoken of in that dialect.
pub fn showable(item: &Item, dialect: Dialect) -> Result<(), Error> {
    let spoken = dialect.speaks_of(&item.manifest.eligible).map_err(visible::Refused::from);
    Ok(spoken.map_err(delegation::refused::Refused::from)?)
}

/// An item, and for whom it is there.
type Found = (Sight, Item);

/// Which plans of an offer.
#[derive(Clone, Copy)]
struct Wanted<'a> {
    /// One, or all of them.
    plan: Option<&'a PlanName>,
    slot: Slot,
    /// One, or each plan's newest.
    version: Option<Version>,
}

impl Wanted<'_> {
    fn newest(slot: Slot) -> Self {
        Self { plan: None, slot, version: None }
    }
}

async fn of_publisher(
    snapshot: &Snapshot,
    eye: &Eye<'_>,
    publisher: &PublisherId,
) -> Result<Vec<Found>, Error> {
    let range = ranges::market::editions_of_publisher(Stage::Published(Slot::Live), publisher);
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let rows = snapshot.list::<Edition>(&range, Page { after, limit: OFFERS_MAX }).await?;
        for edition in &rows.items {
            found.extend(of_edition(snapshot, eye, edition, Wanted::newest(Slot::Live)).await?);
        }
        after = rows.next;
        if after.is_none() {
            return Ok(found);
        }
    }
}

async fn of_offer(
    snapshot: &Snapshot,
    eye: &Eye<'_>,
    offer: &OfferId,
    wanted: Wanted<'_>,
) -> Result<Vec<Found>, Error> {
    let id = (offer.clone(), Stage::Published(wanted.slot));
    match snapshot.find::<Edition>(&id).await? {
        Some(edition) => of_edition(snapshot, eye, &edition, wanted).await,
        None => Ok(Vec::new()),
    }
}

/// What the caller may see of an edition. No more is read than that.
async fn of_edition(
    snapshot: &Snapshot,
    eye: &Eye<'_>,
    edition: &Edition,
    wanted: Wanted<'_>,
) -> Result<Vec<Found>, Error> {
    let mut found = Vec::new();
    let is_wanted = |it: &&Plan| wanted.plan.is_none_or(|name| it.name == *name);
    for plan in edition.form.plans.iter().filter(is_wanted) {
        let sight = Sight::of(edition, plan, wanted.slot);
        let version = wanted.version.or_else(|| plan.newest().map(|it| it.version));
        let Some(version) = version.filter(|_| eye.sees(&eye.plane.index(), &sight)) else {
            continue;
        };
        let id = PlanId { offer: edition.offer.clone(), name: plan.name.clone() };
        let version = PlanVersion { plan: id, slot: wanted.slot, version };
        let item = item(snapshot, edition, plan, version).await?;
        found.extend(item.map(|it| (sight, it)));
    }
    Ok(found)
}

async fn item(
    snapshot: &Snapshot,
    edition: &Edition,
    plan: &Plan,
    version: PlanVersion,
) -> Result<Option<Item>, Error> {
    let PlanVersion { plan: id, slot, version: number } = &version;
    let Some(manifest) = manifest(&mut &*snapshot, id, *slot, *number).await? else {
        return Ok(None);
    };
    let publisher = snapshot.find::<Publisher>(&id.offer.publisher).await?;
    let publisher = publisher.map_or_else(|| id.offer.publisher.to_string(), |it| it.display_name);
    let (offer, plan) = (edition.form.listing.title.clone(), plan.title.clone());
    Ok(Some(Item { version, manifest, offer, publisher, plan }))
}

/// Who looks, and what they are invited to.
struct Eye<'a> {
    plane: &'a Plane,
    context: &'a Context,
    invited: Invited,
}

impl<'a> Eye<'a> {
    async fn open(
        plane: &'a Plane,
        context: &'a Context,
        snapshot: &Snapshot,
        place: Place,
    ) -> Result<Self, Error> {
        let index = plane.index();
        let own = Scope::Tenant(context.caller.principal.tenant);
        let places = match place {
            Some(subscription) => vec![subscription],
            None => index.places_below(&own).iter().filter_map(Scope::subscription).collect(),
        };
        let reads = |it: &SubscriptionId| reads(plane, context, &index, *it);
        let places = places.into_iter().filter(reads).collect();
        Ok(Self { plane, context, invited: Invited::read(snapshot, places).await? })
    }

    fn shown(&self, index: &Index, found: Vec<Found>) -> Vec<Item> {
        let is_shown = |(sight, _): &Found| self.sees(index, sight);
        found.into_iter().filter(is_shown).map(|(_, item)| item).collect()
    }

    /// Whether any plan of a live edition is there for the caller.
    fn sees_any(&self, index: &Index, edition: &Edition) -> bool {
        let mut plans = edition.form.plans.iter();
        plans.any(|plan| self.sees(index, &Sight::of(edition, plan, Slot::Live)))
    }

    /// Its publisher's own people see it all, guests of theirs not; others what is for everybody, and what is for a
    /// subscription of the tenant that they are signed in to and can read.
    fn sees(&self, index: &Index, sight: &Sight) -> bool {
        let who = self.context.caller.principal;
        let is_invited = || {
            let places = sight.audience.iter().flat_map(|of| self.invited.to(of));
            places.copied().any(|it| reads(self.plane, self.context, index, it))
        };
        is_own(index, who, sight.publisher)
            || sight.is_there(false)
            || (sight.is_there(true) && is_invited())
    }
}

/// Whether it is one of the tenant's own: a guest may be of a rival's.
fn is_own(index: &Index, who: Principal, tenant: TenantId) -> bool {
    let is_own = index.principal(who).is_some_and(|it| match it.kind {
        PrincipalKind::User | PrincipalKind::Application | PrincipalKind::ManagedIdentity => true,
        PrincipalKind::Guest { .. } | PrincipalKind::Group(_) => false,
    });
    who.tenant == tenant && is_own
}

/// What a managing tenant can read is not enough: it would hear of what others offer to its
/// customer.
fn reads(plane: &Plane, context: &Context, index: &Index, subscription: SubscriptionId) -> bool {
    let scope = Scope::Subscription(subscription);
    index.home(&scope) == Some(context.caller.principal.tenant)
        && plane.allowed(index, context, &Question::any(Action::SUBSCRIPTIONS_READ, scope))
}
