//! *Activity of providers*: what the people and applications of managing tenants did in a
//! subscription, and whom its policies let it be delegated to.

use std::collections::BTreeMap;

use arm::request::Method::Get;
use askama::Template;
use ids::{
    guid::{SubscriptionId, TenantId},
    scope::Scope,
};
use jiff::SignedDuration;
use model::{
    action::Action,
    activity::{Activity, Log, Outcome},
    question::Question,
};
use operations::{
    activity::{Asked, Whose},
    context::Context,
    delegation::read::{self, Listing},
    page::{PAGE_ROWS, page as first_page},
    subscriptions,
};

use super::{DELEGATIONS, Link, SCOPES, names, provider};
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    frame::Frame,
    log::{self, Bound},
    trouble::Trouble,
    words::{Id, Moment, counted},
};

mod allowed;

use allowed::{Allowed, allowed};

/// What the page of one subscription asks.
const READ: Action = Action::known("Microsoft.ManagedServices/registrationDefinitions/read");
/// How many subscriptions a page shows.
const SUBSCRIPTIONS_MAX: usize = 100;
/// How far back the log goes.
const KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);
/// What one page takes.
const BOUND: Bound = Bound { count: 200, stretches: 10 };

#[derive(Template)]
#[template(path = "service-providers/activity.html")]
struct Choosing {
    frame: Frame,
    rows: Vec<Subscription>,
    next: Option<String>,
}

/// A subscription, and how many tenants manage some of it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Subscription {
    name: String,
    id: Id,
    /// None where the visitor may not read what was delegated in it.
    link: Option<Link>,
    managing: String,
    is_managed: bool,
}

#[derive(Template)]
#[template(path = "service-providers/activity-of.html")]
struct View {
    frame: Frame,
    allowed: Vec<Allowed>,
    rows: Vec<Row>,
    next: Option<String>,
}

/// A record of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Row {
    at: Moment,
    who: String,
    provider: String,
    action: String,
    scope: Id,
    kind: &'static str,
    outcome: &'static str,
    correlation: Id,
}

/// The visitor's own subscriptions, to choose one.
pub(super) fn page(ask: Ask) -> Answered {
    Box::pin(async move {
        let (plane, tenant) = (ask.plane(), ask.visitor()?.principal().tenant);
        let bad = |_| Trouble::Garbled("the page leads nowhere");
        let after: Option<SubscriptionId> =
            ask.place()?.map(|text| text.parse()).transpose().map_err(bad)?;
        let work = |context: Context| async move {
            subscriptions::list(plane, &context, after, SUBSCRIPTIONS_MAX).await
        };
        let found = ask.arm((Get, "/subscriptions", SCOPES), work).await?;
        let mut rows = Vec::with_capacity(found.items.len());
        for it in found.items.into_iter().filter(|it| it.subscription.tenant == tenant) {
            let id = it.subscription.id;
            let reads = ask.may(&Question::any(READ, Scope::Subscription(id)))?;
            rows.push(Subscription {
                id: Id::new(id),
                link: reads.then_some(Link::ActivityOf(id)),
                name: it.subscription.display_name,
                managing: counted(it.managing.len(), "managing tenant"),
                is_managed: !it.managing.is_empty(),
            });
        }
        let next = found.next.map(|place| ask.next(&place));
        let frame = ask.frame("Activity of providers").await?;
        let frame = frame.below("Service providers", Link::Offers).command(
            "List your subscriptions and who manages them",
            "az account list --query \"[].{name:name, id:id, managedBy:managedByTenants[].tenantId}\"",
        );
        Answer::page(&Choosing { frame, rows, next })
    })
}

/// What providers did in one of them.
pub(super) fn of_subscription(ask: Ask) -> Answered {
    Box::pin(async move {
        let id: SubscriptionId = ask.parsed(0)?;
        let managing = managing(&ask, id).await?;
        let (found, next) = records(&ask, id).await?;
        let now = ask.plane().store.now();
        let rows = found.into_iter().map(|it| row(it, &managing, |at| Moment::new(at, now)));
        let rows = rows.collect();
        let allowed = allowed(&ask, id, &managing).await?;
        let name = names(&ask, std::iter::once(id)).await?.remove(&id).unwrap_or_default();
        let frame = ask.frame(format!("Providers in {name}")).await?;
        let frame = frame
            .below("Service providers", Link::Offers)
            .below("Activity of providers", Link::Activity)
            .command(
                "List what was done in the subscription",
                format!("az monitor activity-log list --subscription {id} --offset 90d"),
            );
        Answer::page(&View { frame, allowed, rows, next })
    })
}

/// What the managing tenants of the subscription are called.
async fn managing(ask: &Ask, id: SubscriptionId) -> Result<BTreeMap<TenantId, String>, Trouble> {
    let plane = ask.plane();
    let page = first_page(None, Some(PAGE_ROWS));
    let listing = Listing { scope: Scope::Subscription(id), managing: None, page };
    let work = |context: Context| async move { read::definitions(plane, &context, &listing).await };
    let path =
        format!("/subscriptions/{id}/providers/Microsoft.ManagedServices/registrationDefinitions");
    let found = ask.arm((Get, path, DELEGATIONS), work).await?;
    let name = |it: operations::delegation::Shown<model::delegation::Definition>| {
        let tenant = it.it.managed_by;
        (tenant, provider(it.parties.managing_name.as_ref(), tenant))
    };
    Ok(found.items.into_iter().map(name).collect())
}

/// A page of the subscription's log, of what others than the tenant's own did; and where the next
/// begins.
async fn records(
    ask: &Ask,
    id: SubscriptionId,
) -> Result<(Vec<Activity>, Option<String>), Trouble> {
    let from = ask.plane().store.now().saturating_sub(KEPT).ok();
    let asked = Asked { from, whose: Whose::Foreigners, ..Asked::default() };
    let after = ask.page(BOUND.count)?.after;
    let log = Log::Subscription(id);
    let found = log::records(ask, (log, &asked), after, BOUND, |_| true).await?;
    Ok((found.items, found.next.map(|place| ask.next(&place))))
}

fn row(
    it: Activity,
    managing: &BTreeMap<TenantId, String>,
    moment: impl Fn(jiff::Timestamp) -> Moment,
) -> Row {
    let (who, tenant) = it.caller.map(|it| (it.name, it.principal.tenant)).unzip();
    let provider = tenant.map(|id| managing.get(&id).cloned().unwrap_or(id.to_string()));
    let (kind, outcome) = match it.outcome {
        Outcome::Succeeded => ("good", "Done"),
        Outcome::Failed => ("bad", "Refused or failed"),
        Outcome::Started | Outcome::Accepted => ("wait", "Begun"),
    };
    Row {
        at: moment(it.at),
        who: who.unwrap_or_default(),
        provider: provider.unwrap_or_default(),
        action: it.action.to_string(),
        scope: Id { short: short(&it.scope), whole: it.scope.to_string() },
        kind,
        outcome,
        correlation: Id::new(it.correlation),
    }
}

/// The last name of where it was done.
fn short(scope: &Scope) -> String {
    scope.to_string().rsplit('/').next().unwrap_or_default().to_owned()
}
