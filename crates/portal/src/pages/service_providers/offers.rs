//! *Service provider offers*: one row for each offer in each subscription that the visitor reads.

use askama::Template;
use ids::{guid::SubscriptionId, scope::Scope};
use operations::{
    acceptance::undelegated::{self, Undelegated},
    delegation::{
        reach::Reach,
        received::{
            Filter, Wanted,
            offers::{self, Offer},
        },
    },
};

use super::{Link, everywhere, names, offer_name, place, provider};
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    frame::Frame,
    trouble::Trouble,
    words::{Id, counted},
};

/// How many rows a page has.
const ROWS_MAX: usize = 50;

#[derive(Template)]
#[template(path = "service-providers/offers.html")]
struct View {
    frame: Frame,
    filter: Typed,
    waiting: Vec<Reminder>,
    rows: Vec<Row>,
    next: Option<String>,
    is_first: bool,
}

/// What was typed into the filters of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Typed {
    pub(super) provider: String,
    pub(super) offer: String,
    pub(super) keyword: String,
}

impl Typed {
    pub(super) fn of(ask: &Ask) -> Self {
        let said = |name| ask.query.get(name).unwrap_or_default().trim().to_owned();
        Self { provider: said("provider"), offer: said("offer"), keyword: said("keyword") }
    }

    pub(super) fn filter(&self) -> Filter {
        let said = |text: &String| Some(text.clone()).filter(|it| !it.is_empty());
        Filter {
            provider: said(&self.provider),
            offer: said(&self.offer),
            keyword: said(&self.keyword),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.filter() == Filter::default()
    }
}

/// The part of a list over all subscriptions that is asked for.
pub(super) fn wanted(ask: &Ask, filter: Filter, limit: usize) -> Result<Wanted, Trouble> {
    let bad = |_| Trouble::Garbled("the page leads nowhere");
    let after = ask.place()?.map(|text| text.parse()).transpose().map_err(bad)?;
    Ok(Wanted { filter, after, limit, ..Wanted::default() })
}

/// An accepted offer under which nothing is delegated.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Reminder {
    offer: String,
    delegate: Link,
}

impl From<Undelegated> for Reminder {
    fn from(it: Undelegated) -> Self {
        let offer = it.name.unwrap_or_else(|| it.definition.name().to_string());
        Self { offer, delegate: Link::Delegate(it.definition) }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Row {
    offer: String,
    link: Link,
    provider: String,
    tenant: Id,
    /// The plan and its version, where it is of the marketplace.
    plan: Option<String>,
    subscription: String,
    reach: String,
    is_delegated: bool,
    delegate: Link,
    update: Option<Update>,
}

/// A newer version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Update {
    pub(super) version: String,
    pub(super) is_declined: bool,
    pub(super) link: Link,
}

pub(super) fn page(ask: Ask) -> Answered {
    Box::pin(async move {
        let (plane, context) = (ask.plane(), everywhere(&ask)?);
        let filter = Typed::of(&ask);
        let asked = wanted(&ask, filter.filter(), ROWS_MAX)?;
        let is_first = asked.after.is_none();
        let found = offers::list(plane, &context, asked).await?;
        // What is said once of the whole list stands at its beginning.
        let waiting = if is_first { undelegated::list(plane, &context).await? } else { Vec::new() };
        let ids = found.items.iter().filter_map(|it| it.shown.it.id.scope().subscription());
        let names = names(&ask, ids).await?;
        let next = found.next.map(|place| ask.next(&place));
        let rows = found.items.into_iter().map(|it| row(it, &names)).collect();
        let frame = ask.frame("Service providers").await?.command(
            "List the offers of each subscription",
            "for id in $(az account list --query '[].id' -o tsv); do az managedservices definition list --subscription $id; done",
        );
        let waiting = waiting.into_iter().map(Reminder::from).collect();
        Answer::page(&View { frame, filter, waiting, rows, next, is_first })
    })
}

fn row(it: Offer, names: &std::collections::BTreeMap<SubscriptionId, String>) -> Row {
    let Offer { shown, reach, waiting } = it;
    let (id, scope): (_, &Scope) = (&shown.it.id, shown.it.id.scope());
    let update = waiting.map(|it| Update {
        version: it.version.to_string(),
        is_declined: it.is_declined,
        link: Link::Update(id.clone()),
    });
    let plan = shown.it.accepted.as_ref().map(|it| &it.plan);
    Row {
        offer: offer_name(&shown.it),
        link: Link::Offer(id.clone()),
        provider: provider(shown.parties.managing_name.as_ref(), shown.it.managed_by),
        tenant: Id::from(shown.it.managed_by),
        plan: plan.map(|it| format!("{} {}", it.plan.name, it.version)),
        subscription: place(scope, names),
        reach: reached(reach),
        is_delegated: !reach.is_empty(),
        delegate: Link::Delegate(id.clone()),
        update,
    }
}

/// `1 subscription, 2 resource groups`.
pub(super) fn reached(reach: Reach) -> String {
    let parts = [(reach.subscriptions, "subscription"), (reach.groups, "resource group")];
    let said = parts.into_iter().filter(|(count, _)| *count > 0);
    let said = said.map(|(count, noun)| counted(count, noun)).collect::<Vec<_>>().join(", ");
    if reach.is_more { format!("more than {said}") } else { said }
}
