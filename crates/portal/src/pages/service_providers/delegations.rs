//! *Delegations*: one row for each delegated scope, over all subscriptions that the visitor reads.

use std::collections::BTreeMap;

use askama::Template;
use ids::guid::SubscriptionId;
use operations::delegation::{read::Expanded, received::delegations};

use super::{
    Link, everywhere, names, offer_name,
    offers::{Typed, wanted},
    place, provider,
};
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    frame::Frame,
    words::{Id, Moment, assigned, counts},
};

/// How many rows a page has.
const ROWS_MAX: usize = 100;

#[derive(Template)]
#[template(path = "service-providers/delegations.html")]
struct View {
    frame: Frame,
    filter: Typed,
    by: By,
    groups: Vec<Group>,
    next: Option<String>,
    is_first: bool,
}

/// What rows are grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    Nothing,
    Provider,
    Offer,
    Subscription,
}

impl By {
    const ALL: [Self; 4] = [Self::Nothing, Self::Provider, Self::Offer, Self::Subscription];

    fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::Provider => "provider",
            Self::Offer => "offer",
            Self::Subscription => "subscription",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Nothing => "Nothing",
            Self::Provider => "Service provider",
            Self::Offer => "Offer",
            Self::Subscription => "Subscription",
        }
    }

    fn of(ask: &Ask) -> Self {
        let said = ask.query.get("by").unwrap_or_default();
        Self::ALL.into_iter().find(|it| it.as_str() == said).unwrap_or(Self::Nothing)
    }

    fn key(self, row: &Row) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Provider => row.provider.clone(),
            Self::Offer => row.offer.clone(),
            Self::Subscription => row.subscription.clone(),
        }
    }
}

/// The rows of one name.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Group {
    name: String,
    rows: Vec<Row>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Row {
    place: String,
    subscription: String,
    scope: Id,
    offer: String,
    link: Option<Link>,
    provider: String,
    tenant: Id,
    gives: String,
    since: Moment,
    /// When it counts, where that is not always.
    counts: Option<String>,
    end: Link,
}

pub(super) fn page(ask: Ask) -> Answered {
    Box::pin(async move {
        let (filter, by) = (Typed::of(&ask), By::of(&ask));
        let asked = wanted(&ask, filter.filter(), ROWS_MAX)?;
        let is_first = asked.after.is_none();
        let found = delegations::list(ask.plane(), &everywhere(&ask)?, asked).await?;
        let ids = found.items.iter().filter_map(|(it, _)| it.id.scope().subscription());
        let names = names(&ask, ids).await?;
        let next = found.next.map(|place| ask.next(&place));
        let now = ask.plane().store.now();
        let mut groups: BTreeMap<String, Vec<Row>> = BTreeMap::new();
        for it in found.items {
            let row = row(it, &names, now);
            groups.entry(by.key(&row)).or_default().push(row);
        }
        let groups = groups.into_iter().map(|(name, rows)| Group { name, rows }).collect();
        let frame = ask.frame("Delegations").await?.below("Service providers", Link::Offers);
        let frame = frame.command(
            "List what is delegated in each subscription",
            "for id in $(az account list --query '[].id' -o tsv); do az managedservices assignment list --subscription $id --include-definition true; done",
        );
        Answer::page(&View { frame, filter, by, groups, next, is_first })
    })
}

fn row(
    (it, definition): Expanded,
    names: &BTreeMap<SubscriptionId, String>,
    now: jiff::Timestamp,
) -> Row {
    let scope = it.id.scope();
    let name = definition.as_ref().and_then(|it| it.parties.managing_name.as_ref());
    let given = definition
        .as_ref()
        .map_or((0, 0), |shown| (shown.it.authorizations.len(), shown.it.eligible.len()));
    Row {
        place: place(scope, names),
        subscription: scope
            .subscription()
            .and_then(|id| names.get(&id))
            .cloned()
            .unwrap_or_default(),
        scope: Id { short: "Scope".to_owned(), whole: scope.to_string() },
        offer: definition.as_ref().map(|it| offer_name(&it.it)).unwrap_or_default(),
        link: definition.as_ref().map(|it| Link::Offer(it.it.id.clone())),
        provider: provider(name, it.managed_by),
        tenant: Id::from(it.managed_by),
        gives: assigned(given),
        since: Moment::new(it.system_data.created_at, now),
        counts: it.period.map(|it| counts(it, now)),
        end: Link::End(it.id.clone()),
    }
}
