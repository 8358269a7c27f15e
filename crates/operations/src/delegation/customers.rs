//! The customers of the caller's own tenant: each once, with what they accepted and how much of
//! theirs is delegated. Only what the caller may read is told of, and counted.

use std::collections::{BTreeMap, BTreeSet};

use access::index::Index;
use ids::{guid::TenantId, scope::Scope};
use model::delegation::Assignment;
use store::{
    engine::ROWS_MAX,
    records::ranges,
    snapshot::{Page, Rows},
};

use super::managed::{
    Customer, Filter, Managed, Offered,
    reading::{Reading, sees},
};
use crate::{context::Context, error::Error, page::Paged, plane::Plane};

/// How many customers a page has at most.
pub const PAGE_MAX: usize = 50;
/// So many delegations of one customer are counted.
const COUNTED_MAX: usize = 100;
/// A page that has a customer ends once so many delegations were counted for it.
const COUNTED_PAGE: usize = 100;
/// So many rows are passed over to find a page's first customer.
const PASSED_FIRST: usize = 10 * ROWS_MAX;
/// A page that has a customer ends after so many delegations that may be read.
const SEEN_MAX: usize = 500;
/// So many rows are read together.
const STEP: usize = 100;

/// What one customer delegated to the caller's tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub customer: Customer,
    /// By offer and version.
    pub offers: Vec<Held>,
    /// Whether there is more than was counted.
    pub is_more: bool,
}

/// How much is delegated under one offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    pub offered: Offered,
    pub subscriptions: usize,
    pub resource_groups: usize,
}

/// A customer, and what was found of theirs.
struct Found {
    customer: Customer,
    delegations: Vec<Managed>,
    is_more: bool,
}

/// A page of them, in the order of their first delegations. A page may be short, even empty.
pub async fn list(
    plane: &Plane,
    context: &Context,
    filter: &Filter,
    page: Page,
) -> Result<Paged<Row>, Error> {
    let mut reading = Reading::begin(plane, context).await?;
    let found = look(&mut reading, filter, page).await?;
    let judge = |index: &Index, Rows { items, next }: Rows<Found>| {
        let row = |it: Found| {
            let Found { customer, mut delegations, is_more } = it;
            delegations.retain(|it| sees(plane, context, index, &it.assignment));
            let offers = counted(&delegations);
            (!offers.is_empty()).then_some(Row { customer, offers, is_more })
        };
        Ok(Paged { items: items.into_iter().filter_map(row).collect(), next })
    };
    reading.release(found, judge).await
}

/// A customer stands where their first delegation does: by the order of all, each is met there
/// first, and was on an earlier page where that is further in front.
async fn look(
    reading: &mut Reading<'_>,
    filter: &Filter,
    Page { after, limit }: Page,
) -> Result<Rows<Found>, Error> {
    let limit = limit.clamp(1, PAGE_MAX);
    let range = ranges::assignments_of_managing_tenant(reading.tenant());
    let (mut met, mut spent, mut items) = (BTreeSet::new(), Spent::default(), Vec::new());
    let mut place = after;
    loop {
        let stretch = Page { after: place.clone(), limit: STEP };
        let rows = reading.snapshot.list_placed::<Assignment>(&range, stretch).await?;
        for (it, here) in rows.items {
            spent.passed = spent.passed.saturating_add(1);
            if let Some(customer) = reading.customer(&it).filter(|_| reading.sees(&it)) {
                spent.seen = spent.seen.saturating_add(1);
                if !met.contains(&customer) {
                    if items.len() == limit || spent.is_counted(&items) {
                        return Ok(Rows { items, next: place });
                    }
                    met.insert(customer);
                    let all = gathered(reading, customer, &it).await?;
                    spent.counted =
                        spent.counted.saturating_add(all.as_ref().map_or(0, Found::len));
                    items.extend(all.filter(|it| it.meets(filter)));
                }
            }
            place = Some(here);
        }
        if rows.next.is_none() {
            return Ok(Rows { items, next: None });
        }
        if spent.is_passed(&items) {
            return Ok(Rows { items, next: place });
        }
    }
}

/// What was spent on a page.
#[derive(Default)]
struct Spent {
    /// Rows that were looked at, and those of them that the caller may read.
    passed: usize,
    seen: usize,
    /// Delegations that were counted.
    counted: usize,
}

impl Spent {
    fn is_counted(&self, found: &[Found]) -> bool {
        !found.is_empty() && self.counted >= COUNTED_PAGE
    }

    /// Where the caller may read little, a page ends late: where it ends counts what is hidden.
    fn is_passed(&self, found: &[Found]) -> bool {
        if found.is_empty() {
            return self.passed >= PASSED_FIRST;
        }
        self.seen >= SEEN_MAX || self.passed >= ROWS_MAX
    }
}

/// All that is counted of a customer; none where they were met on an earlier page.
async fn gathered(
    reading: &mut Reading<'_>,
    customer: TenantId,
    first: &Assignment,
) -> Result<Option<Found>, Error> {
    let mut delegations = reading.first_of(customer, COUNTED_MAX).await?;
    let Some(front) = delegations.first().filter(|it| it.assignment.id == first.id) else {
        return Ok(None);
    };
    let customer = front.customer.clone();
    let is_more = delegations.len() > COUNTED_MAX;
    delegations.truncate(COUNTED_MAX);
    Ok(Some(Found { customer, delegations, is_more }))
}

impl Found {
    fn len(&self) -> usize {
        self.delegations.len()
    }

    fn meets(&self, filter: &Filter) -> bool {
        self.delegations.iter().any(|it| filter.meets(it))
    }
}

/// How much of it stands under each offer and version.
fn counted(delegations: &[Managed]) -> Vec<Held> {
    let mut counts: BTreeMap<Offered, (usize, usize)> = BTreeMap::new();
    for it in delegations {
        let (subscriptions, groups) = counts.entry(it.offered()).or_default();
        let one = match it.assignment.id.scope() {
            Scope::ResourceGroup(..) => groups,
            Scope::Subscription(_)
            | Scope::Tenant(_)
            | Scope::ManagementGroup(..)
            | Scope::Resource(_) => subscriptions,
        };
        *one = one.saturating_add(1);
    }
    let held = |(offered, (subscriptions, resource_groups))| Held {
        offered,
        subscriptions,
        resource_groups,
    };
    counts.into_iter().map(held).collect()
}
