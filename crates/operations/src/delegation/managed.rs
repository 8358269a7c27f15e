//! What is delegated to the caller's own tenant, wherever it is (Lighthouse contract, §6.2). Of it
//! only those delegations are told of that the caller may read where they stand.

use access::index::Index;
use ids::{
    guid::{SubscriptionId, TenantId},
    version::Version,
};
use model::delegation::{Assignment, Definition};
use store::{
    engine::ROWS_MAX,
    key::Cursor,
    records::ranges,
    snapshot::{Page, Rows},
};

use self::reading::{Reading, sees};
use crate::{context::Context, error::Error, page::Paged, plane::Plane};

pub(crate) mod reading;

/// How many delegations a page has at most.
pub const PAGE_MAX: usize = 100;

/// A delegation, as the tenant sees it that manages what is delegated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Managed {
    pub assignment: Assignment,
    /// It outlives its assignments, so that it is there but for a moment between two reads.
    pub definition: Option<Definition>,
    pub customer: Customer,
    /// What the subscription is called.
    pub subscription: Option<String>,
}

/// Whose scope is delegated.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Customer {
    pub tenant: TenantId,
    pub name: Option<String>,
}

/// What a delegation was born from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Offered {
    /// What offers are told apart by: an offer's id in the marketplace; else the name of the
    /// definition, which is that of all who deployed one template.
    pub key: String,
    pub name: Option<String>,
    /// The version accepted, of an offer in the marketplace.
    pub version: Option<Version>,
}

impl Managed {
    /// What it was born from.
    pub fn offered(&self) -> Offered {
        let definition = self.definition.as_ref();
        let name = definition.and_then(|it| it.name.clone());
        match definition.and_then(|it| it.accepted.as_ref()) {
            Some(accepted) => Offered {
                key: accepted.plan.plan.offer.to_string(),
                name,
                version: Some(accepted.plan.version),
            },
            None => {
                Offered { key: self.assignment.definition.name().to_string(), name, version: None }
            }
        }
    }
}

/// Which delegations are wanted; all that is given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Those of one offer, by what it is told apart by.
    pub offer: Option<String>,
    /// Part of a name or an id: the customer's, the scope's or the offer's.
    pub keyword: Option<String>,
}

impl Filter {
    /// Whether a delegation is wanted.
    pub fn meets(&self, it: &Managed) -> bool {
        let offered = it.offered();
        let of = |key: &String| offered.key.eq_ignore_ascii_case(key);
        let texts = [
            Some(it.customer.tenant.to_string()),
            it.customer.name.clone(),
            Some(it.assignment.id.scope().to_string()),
            it.subscription.clone(),
            Some(offered.key.clone()),
            offered.name.clone(),
        ];
        let holds = |word: &String| {
            let word = word.trim().to_lowercase();
            texts.iter().flatten().any(|text| text.to_lowercase().contains(&word))
        };
        self.offer.as_ref().is_none_or(of) && self.keyword.as_ref().is_none_or(holds)
    }
}

/// A page of all of them, by subscription.
pub async fn list(
    plane: &Plane,
    context: &Context,
    filter: &Filter,
    page: Page,
) -> Result<Paged<Managed>, Error> {
    let limit = page.limit.clamp(1, PAGE_MAX);
    let mut reading = Reading::begin(plane, context).await?;
    let found = look(&mut reading, filter, page.after, limit).await?;
    let judge = |index: &Index, Rows { mut items, next }: Rows<(Managed, Cursor)>| {
        items.retain(|(it, _)| sees(plane, context, index, &it.assignment));
        let next = if items.len() > limit {
            items.truncate(limit);
            items.last().map(|(_, place)| place.clone())
        } else {
            next
        };
        Ok(Paged { items: items.into_iter().map(|(it, _)| it).collect(), next })
    };
    reading.release(found, judge).await
}

/// As many as fit a page and, where there is more, one beyond it: so that what the caller may not
/// see neither fills a page nor promises a next one, unless very much was looked through.
async fn look(
    reading: &mut Reading<'_>,
    filter: &Filter,
    after: Option<Cursor>,
    limit: usize,
) -> Result<Rows<(Managed, Cursor)>, Error> {
    let range = ranges::assignments_of_managing_tenant(reading.tenant());
    let mut found = Rows { items: Vec::new(), next: after };
    let (mut left, mut step) = (ROWS_MAX, limit.saturating_add(1));
    loop {
        let stretch = Page { after: found.next.take(), limit: step.min(left) };
        let rows = reading.snapshot.list_placed::<Assignment>(&range, stretch).await?;
        left = left.saturating_sub(rows.items.len());
        found.next = rows.next;
        for (it, place) in rows.items {
            if found.items.len() > limit {
                break;
            }
            let shown = reading.shown(it).await?.filter(|it| filter.meets(it));
            found.items.extend(shown.map(|it| (it, place)));
        }
        if found.next.is_none() || found.items.len() > limit || left == 0 {
            return Ok(found);
        }
        step = left;
    }
}

/// Those of one customer, by subscription. A page ends with a subscription, so that it may be
/// longer than was asked for.
pub async fn of_customer(
    plane: &Plane,
    context: &Context,
    customer: TenantId,
    after: Option<SubscriptionId>,
    limit: usize,
) -> Result<(Vec<Managed>, Option<SubscriptionId>), Error> {
    let mut reading = Reading::begin(plane, context).await?;
    let found = reading.of(customer, after, limit.clamp(1, PAGE_MAX)).await?;
    let judge = |index: &Index, (mut items, next): (Vec<Managed>, _)| {
        items.retain(|it| sees(plane, context, index, &it.assignment));
        Ok((items, next))
    };
    reading.release(found, judge).await
}
