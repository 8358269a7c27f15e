//! What a publisher's account reads of its influence: customers, acceptances and delegations.

use std::collections::{BTreeMap, BTreeSet};

use access::index::Index;
use ids::{
    guid::{ObjectId, Principal, SubscriptionId, TenantId},
    offer::{PlanId, Slot},
};
use jiff::Timestamp;
use market::influence::{Counts, Deed, Month, Report, Through, count};
use model::{
    action::Verb,
    activity::{Activity, Log, Outcome},
    delegation::{Assignment, Definition},
    directory::{Membership, Tenant},
    market::{acceptance::Acceptance, in_account, offer::Offer, partner::PartnerLink},
};
use store::{
    activity::{ActivityFilter, ActivityQuery},
    error::StoreError,
    record::Record,
    records::ranges,
    snapshot::Snapshot,
};

use self::months::{Total, summed};
use crate::{
    around::each, context::Context, delegation::notice, error::Error, market::REPORTING,
    plane::Plane,
};

pub mod months;

/// How many acceptances, delegations, links and records of logs a report looks at together. A page of it costs as
/// much as the whole.
const ROWS_MAX: usize = 100_000;
/// How many rows a page has at most.
pub const PAGE_MAX: usize = 1_000;
/// How many rows a file has at most, of one gathering.
const FILE_MAX: usize = 10_000;

/// Where a page of a report begins: after that month and customer.
pub type After = Option<(Month, TenantId)>;

/// What happened with a customer in a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub month: Month,
    pub customer: TenantId,
    /// What the customer is called: for those who may read of customers.
    pub name: Option<String>,
    pub counts: Counts,
}

/// A page of the report, the earliest month first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    pub rows: Vec<Row>,
    pub next: After,
}

/// The report of the caller's own account.
pub async fn report(
    plane: &Plane,
    context: &Context,
    after: After,
    limit: usize,
) -> Result<Page, Error> {
    Ok(gathered(plane, context, after, limit.clamp(1, PAGE_MAX)).await?.1)
}

/// A page of the report with the months in which anything happened, the earliest first: of all
/// rows, whichever are on the page.
pub async fn with_months(
    plane: &Plane,
    context: &Context,
    after: After,
    limit: usize,
) -> Result<(Vec<Total>, Page), Error> {
    gathered(plane, context, after, limit.clamp(1, PAGE_MAX)).await
}

/// The report from its beginning, as far as a file holds it.
pub async fn file(plane: &Plane, context: &Context) -> Result<Page, Error> {
    Ok(gathered(plane, context, None, FILE_MAX).await?.1)
}

/// Everything is looked through once, in the account's turn.
async fn gathered(
    plane: &Plane,
    context: &Context,
    after: After,
    limit: usize,
) -> Result<(Vec<Total>, Page), Error> {
    let tenant = context.caller.principal.tenant;
    let asked = in_account(tenant, "reports", Verb::Read);
    // Before anything is counted: to count is work.
    plane.shown(&plane.index(), context, &asked)?;
    let _turn = REPORTING.take(tenant).await?;
    let snapshot = plane.store.snapshot().await?;
    let report = Gathering::new(plane, &snapshot, tenant).whole().await?;
    let totals = summed(&report);
    let rest = report.into_iter().filter(|(place, _)| after.is_none_or(|it| *place > it));
    let mut rows: Vec<Row> = Vec::new();
    let mut next = None;
    for ((month, customer), counts) in rest {
        if rows.len() == limit {
            next = rows.last().map(|it| (it.month, it.customer));
            break;
        }
        let name = snapshot.find::<Tenant>(&customer).await?.map(|it| it.display_name);
        rows.push(Row { month, customer, name, counts });
    }
    let judge = |index: &Index, (totals, mut page): (Vec<Total>, Page)| {
        plane.shown(index, context, &asked)?;
        let names = in_account(tenant, "customers", Verb::Read);
        if !plane.allowed(index, context, &names) {
            page.rows.iter_mut().for_each(|it| it.name = None);
        }
        Ok::<_, Error>((totals, page))
    };
    snapshot.seal((totals, Page { rows, next })).open(&plane.store, judge).await
}

/// Whose a subscription is of which something is delegated, and until when it is, or was.
#[derive(Clone, Copy)]
struct Managed {
    customer: TenantId,
    until: Timestamp,
}

/// What is looked through.
struct Gathering<'a> {
    plane: &'a Plane,
    snapshot: &'a Snapshot,
    tenant: TenantId,
    left: usize,
    report: Report,
}

impl<'a> Gathering<'a> {
    fn new(plane: &'a Plane, snapshot: &'a Snapshot, tenant: TenantId) -> Self {
        Self { plane, snapshot, tenant, left: ROWS_MAX, report: Report::new() }
    }

    async fn whole(mut self) -> Result<Report, Error> {
        self.acceptances().await?;
        let linked = self.linked().await?;
        let mut managed = self.delegations(&linked).await?;
        for (subscription, it) in self.ended().await? {
            managed.entry(subscription).or_insert(it);
        }
        for (subscription, it) in managed {
            self.activities(subscription, it).await?;
        }
        Ok(self.report)
    }

    /// All records of a range, as far as there is room for them.
    async fn all<R: Record>(&mut self, range: &store::key::Range) -> Result<Vec<R>, Error> {
        let many = self.snapshot.count(range, self.left.saturating_add(1)).await?;
        self.left = self.left.checked_sub(many).ok_or(StoreError::TooMany)?;
        let mut found = Vec::with_capacity(many);
        each(self.snapshot, range, |it| found.push(it)).await?;
        Ok(found)
    }

    /// Previews are the publisher's own trials, and no influence.
    async fn acceptances(&mut self) -> Result<(), Error> {
        let mut plans = Vec::new();
        // Of an offer only its plans are kept: its draft may be large.
        let note = |offer: Offer| {
            let of = |name| PlanId { offer: offer.id.clone(), name };
            plans.extend(offer.plans.into_keys().map(of));
        };
        each(self.snapshot, &ranges::market::offers_of(self.tenant), note).await?;
        for plan in plans {
            let range = ranges::market::acceptances_of_plan(&plan, Slot::Live);
            for it in self.all::<Acceptance>(&range).await? {
                count(&mut self.report, it.terms.at, it.customer, Deed::Acceptance);
            }
        }
        Ok(())
    }

    /// Who is linked to a partner, and the groups that they are in: a role of the group's counts
    /// for all of its linked members.
    async fn linked(&mut self) -> Result<BTreeSet<ObjectId>, Error> {
        let links = self.all::<PartnerLink>(&ranges::market::partner_links_of(self.tenant)).await?;
        let mut open: Vec<ObjectId> = links.into_iter().map(|it| it.principal.object).collect();
        let mut found = BTreeSet::new();
        while let Some(object) = open.pop() {
            if found.insert(object) {
                let member = Principal { tenant: self.tenant, object };
                let of = self.all::<Membership>(&ranges::memberships_of_member(member)).await?;
                open.extend(of.into_iter().map(|it| it.group.object));
            }
        }
        Ok(found)
    }

    /// Answers of which subscriptions something is delegated.
    async fn delegations(
        &mut self,
        linked: &BTreeSet<ObjectId>,
    ) -> Result<BTreeMap<SubscriptionId, Managed>, Error> {
        let mut managed = BTreeMap::new();
        let until = self.plane.store.now();
        let range = ranges::assignments_of_managing_tenant(self.tenant);
        let index = self.plane.index();
        let mut known: BTreeMap<_, Through> = BTreeMap::new();
        for it in self.all::<Assignment>(&range).await? {
            let Some(customer) = index.home(it.id.scope()) else { continue };
            let managing = Managed { customer, until };
            managed.extend(it.id.scope().subscription().map(|it| (it, managing)));
            let through = if it.partner.is_some() {
                Through::Offer
            } else if let Some(through) = known.get(&it.definition) {
                *through
            } else {
                let through = self.through(&it, linked).await?;
                known.insert(it.definition.clone(), through);
                through
            };
            let deed = Deed::Delegation(through);
            count(&mut self.report, it.system_data.created_at, customer, deed);
        }
        Ok(managed)
    }

    /// Of which subscriptions something was delegated until it ended, as far back as the
    /// publisher's own log tells: what was done there was done.
    async fn ended(&mut self) -> Result<BTreeMap<SubscriptionId, Managed>, Error> {
        let mut ended = BTreeMap::new();
        let now = self.plane.store.now();
        self.look_through(Log::Tenant(self.tenant), now, |_, it| {
            if let Some((subscription, customer)) = notice::ended(it) {
                let until = it.at;
                ended.entry(subscription).or_insert(Managed { customer, until }); // the latest comes first
            }
        })
        .await?;
        Ok(ended)
    }

    /// What the publisher's own people changed in a subscription, as its log tells it: of what
    /// others did there, nothing is counted.
    async fn activities(
        &mut self,
        subscription: SubscriptionId,
        Managed { customer, until }: Managed,
    ) -> Result<(), Error> {
        let own = Some(self.tenant);
        self.look_through(Log::Subscription(subscription), until, |report, it| {
            let who = it.caller.as_ref().map(|caller| caller.principal.tenant);
            if it.outcome == Outcome::Succeeded && who == own {
                count(report, it.at, customer, Deed::Activity);
            }
        })
        .await
    }

    /// All of a log up to then, the latest first, as far as there is room for it.
    async fn look_through(
        &mut self,
        log: Log,
        to: Timestamp,
        mut note: impl FnMut(&mut Report, &Activity),
    ) -> Result<(), Error> {
        let query = ActivityQuery {
            log,
            from: Timestamp::UNIX_EPOCH,
            to,
            filter: ActivityFilter::default(),
        };
        let mut page = store::snapshot::Page::first();
        loop {
            let found = self.snapshot.activity(&query, page).await?;
            self.left = self.left.checked_sub(found.items.len()).ok_or(StoreError::TooMany)?;
            found.items.iter().for_each(|it| note(&mut self.report, it));
            let Some(next) = found.next else { return Ok(()) };
            page = store::snapshot::Page { after: Some(next), ..store::snapshot::Page::first() };
        }
    }

    /// Only permanent roles count, and nobody has to act by them.
    async fn through(
        &self,
        it: &Assignment,
        linked: &BTreeSet<ObjectId>,
    ) -> Result<Through, Error> {
        let definition = self.snapshot.find::<Definition>(&it.definition).await?;
        let given = definition.into_iter().flat_map(|it| it.authorizations);
        let is_linked = given.map(|it| it.principal).any(|it| linked.contains(&it));
        Ok(if is_linked { Through::Link } else { Through::Nothing })
    }
}
