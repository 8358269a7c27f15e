//! What customers have of the account's live plans: which versions, and who lags behind.

use std::collections::BTreeMap;

use access::index::Index;
use delegation::acceptance::{Waiting, waiting};
use ids::{
    guid::TenantId,
    offer::{OfferId, PlanId, Slot},
    version::Version,
};
use jiff::Timestamp;
use model::{
    action::Verb,
    directory::Tenant,
    market::{
        acceptance::Acceptance,
        form::Plan,
        in_account,
        offer::{Edition, Offer, Stage},
    },
};
use store::{
    engine::ROWS_MAX,
    records::ranges::market as ranges,
    snapshot::{Page, Snapshot},
};

use crate::{
    context::Context,
    error::Error,
    market::{REPORTING, Refused, Thing, own, reading},
    page::{self, Paged},
    plane::Plane,
};

/// How many offers a page looks at: each may be some megabytes.
const OFFERS_MAX: usize = 20;
/// How many customers of one plan are counted.
const COUNTED_MAX: usize = 10_000;
/// How many offers a glance looks at, and how many customers of theirs in all.
const GLANCED_OFFERS: usize = 5;
const GLANCED: usize = 200;

/// How a live plan's versions stand with its customers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanUse {
    pub plan: PlanId,
    pub offer_title: String,
    pub plan_title: String,
    /// The version that is offered now.
    pub newest: Option<Version>,
    /// How many customers have each version, the newest first.
    pub versions: BTreeMap<std::cmp::Reverse<Version>, usize>,
    /// How many agreed to the terms and accepted no version yet.
    pub undelegated: usize,
    /// How many have an older version than the newest, and of them, who declined it.
    pub behind: usize,
    pub declined: usize,
    /// Whether there are more customers than were counted.
    pub is_more: bool,
}

/// How the customers of the account's first plans stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Glance {
    /// How often an older version than the newest is in force.
    pub behind: usize,
    /// Whether there are plans or customers that were not looked at.
    pub is_more: bool,
}

/// What one customer has of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    pub customer: TenantId,
    /// What the customer is called: for those who may read of customers.
    pub name: Option<String>,
    /// The version in force; none while only the terms are accepted.
    pub version: Option<Version>,
    /// The newer version that waits for the customer.
    pub waits: Option<Waiting>,
    pub agreed: Timestamp,
}

/// Which customers of a plan are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    All,
    /// Those with an older version than the newest.
    Behind,
}

/// The live plans of the caller's account, with how many customers have which version.
pub async fn list(plane: &Plane, context: &Context, page: Page) -> Result<Paged<PlanUse>, Error> {
    let asked = reading(context, "reports");
    // Before anything is counted: to count is work.
    plane.shown(&plane.index(), context, &asked.question)?;
    let _turn = REPORTING.take(own(context)).await?;
    let snapshot = plane.store.snapshot().await?;
    let page = Page { limit: page.limit.clamp(1, OFFERS_MAX), ..page };
    let offers = snapshot.list::<Offer>(&ranges::offers_of(own(context)), page).await?;
    let mut items = Vec::new();
    for id in offers.items.into_iter().map(|it| it.id) {
        let Some(edition) = live(&snapshot, &id).await? else { continue };
        for plan in &edition.form.plans {
            let mut left = COUNTED_MAX;
            items.push(used(&snapshot, &edition, plan, &mut left).await?);
        }
    }
    plane.release(&asked, snapshot, Paged { items, next: offers.next }).await
}

/// Who lags behind, as far as that is soon told: what is counted here takes nobody's turn.
pub async fn glance(plane: &Plane, context: &Context) -> Result<Glance, Error> {
    let asked = reading(context, "reports");
    plane.shown(&plane.index(), context, &asked.question)?;
    let snapshot = plane.store.snapshot().await?;
    let page = Page { after: None, limit: GLANCED_OFFERS };
    let offers = snapshot.list::<Offer>(&ranges::offers_of(own(context)), page).await?;
    let (mut found, mut left) = (Glance::default(), GLANCED);
    found.is_more = offers.next.is_some();
    for id in offers.items.into_iter().map(|it| it.id) {
        let Some(edition) = live(&snapshot, &id).await? else { continue };
        for plan in &edition.form.plans {
            if left == 0 {
                found.is_more = true;
                break;
            }
            let used = used(&snapshot, &edition, plan, &mut left).await?;
            found.behind = found.behind.saturating_add(used.behind);
            found.is_more |= used.is_more;
        }
    }
    plane.release(&asked, snapshot, found).await
}

async fn live(snapshot: &Snapshot, id: &OfferId) -> Result<Option<Edition>, Error> {
    Ok(snapshot.find::<Edition>(&(id.clone(), Stage::Published(Slot::Live))).await?)
}

/// How a plan stands, with as many of its customers as are left to be counted.
async fn used(
    snapshot: &Snapshot,
    edition: &Edition,
    plan: &Plan,
    left: &mut usize,
) -> Result<PlanUse, Error> {
    let id = PlanId { offer: edition.offer.clone(), name: plan.name.clone() };
    let mut found = PlanUse {
        plan: id.clone(),
        offer_title: edition.form.listing.title.clone(),
        plan_title: plan.title.clone(),
        newest: plan.newest().map(|it| it.version),
        versions: BTreeMap::new(),
        undelegated: 0,
        behind: 0,
        declined: 0,
        is_more: false,
    };
    let (range, mut page) = (ranges::acceptances_of_plan(&id, Slot::Live), Page::first());
    loop {
        page.limit = ROWS_MAX.min(*left);
        let rows = snapshot.list::<Acceptance>(&range, page).await?;
        *left = left.saturating_sub(rows.items.len());
        rows.items.iter().for_each(|it| found.count(it));
        let Some(next) = rows.next else { return Ok(found) };
        if *left == 0 {
            return Ok(PlanUse { is_more: true, ..found });
        }
        page = Page { after: Some(next), limit: 0 };
    }
}

impl PlanUse {
    fn count(&mut self, it: &Acceptance) {
        let count = match it.version {
            Some(version) => self.versions.entry(std::cmp::Reverse(version)).or_default(),
            None => &mut self.undelegated,
        };
        *count = count.saturating_add(1);
        if let Some(Waiting { is_declined, .. }) = waiting(it, self.newest) {
            self.behind = self.behind.saturating_add(1);
            self.declined = self.declined.saturating_add(usize::from(is_declined));
        }
    }
}

/// The customers of one of those plans.
pub async fn of_plan(
    plane: &Plane,
    context: &Context,
    id: &PlanId,
    wanted: Wanted,
    page: Page,
) -> Result<(PlanUse, Paged<Use>), Error> {
    let asked = reading(context, "reports");
    plane.shown(&plane.index(), context, &asked.question)?;
    let _turn = REPORTING.take(own(context)).await?;
    let snapshot = plane.store.snapshot().await?;
    let edition = live(&snapshot, &id.offer).await?.filter(|it| it.tenant == own(context));
    let plan = edition.as_ref().and_then(|it| Some((it, it.form.plan(&id.name)?)));
    let (edition, plan) = plan.ok_or(Refused::NotFound(Thing::Plan))?;
    let mut left = COUNTED_MAX;
    let about = used(&snapshot, edition, plan, &mut left).await?;
    let newest = about.newest;
    let is_wanted = |it: &Acceptance| match wanted {
        Wanted::All => true,
        Wanted::Behind => waiting(it, newest).is_some(),
    };
    let question = |it: &Acceptance| is_wanted(it).then(|| asked.question.clone());
    let range = ranges::acceptances_of_plan(id, Slot::Live);
    let Paged { items, next } = page::list(plane, &asked, &range, page, question).await?;
    let mut uses = Vec::with_capacity(items.len());
    for it in items {
        let name = snapshot.find::<Tenant>(&it.customer).await?.map(|it| it.display_name);
        let waits = waiting(&it, newest);
        let Acceptance { customer, version, terms, .. } = it;
        uses.push(Use { customer, name, version, waits, agreed: terms.at });
    }
    let judge = |index: &Index, mut uses: Vec<Use>| {
        plane.shown(index, context, &asked.question)?;
        if !plane.allowed(index, context, &in_account(own(context), "customers", Verb::Read)) {
            for it in &mut uses {
                it.name = None;
            }
        }
        Ok::<_, Error>((about, Paged { items: uses, next }))
    };
    snapshot.seal(uses).open(&plane.store, judge).await
}
