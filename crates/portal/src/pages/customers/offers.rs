//! *My customers ▸ Offers in use*: which versions customers accepted, and who lags behind.

use std::cmp::Reverse;

use askama::Template;
use ids::offer::{OfferId, PlanId};
use operations::market::offers::uptake::{self, PlanUse, Use, Wanted};

use super::{To, at_graph};
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    frame::{Frame, Place},
    trouble::Trouble,
    words::{Id, Moment, counted},
};

/// How many offers a page looks at.
const OFFERS: usize = 20;
/// How many customers of a plan a page shows.
const CUSTOMERS: usize = 100;

#[derive(Template)]
#[template(path = "customers/offers.html")]
struct View {
    frame: Frame,
    tabs: Vec<Place>,
    lines: Vec<Line>,
    next: Option<String>,
}

/// A live plan.
struct Line {
    offer: String,
    plan: String,
    link: String,
    behind_link: String,
    newest: String,
    /// Each with how many customers have it.
    versions: Vec<(String, String)>,
    undelegated: usize,
    behind: usize,
    behind_words: String,
}

#[derive(Template)]
#[template(path = "customers/plan.html")]
struct OfPlan {
    frame: Frame,
    line: Line,
    is_behind: bool,
    customers: Vec<Customer>,
    next: Option<String>,
}

/// What one customer has of a plan.
struct Customer {
    name: Option<String>,
    id: Id,
    version: Option<String>,
    waits: Option<String>,
    is_declined: bool,
    agreed: Moment,
}

pub(super) fn show(ask: Ask) -> Answered {
    Box::pin(async move {
        let (plane, page) = (ask.plane(), ask.page(OFFERS)?);
        let found = ask
            .market("GET", "reports/read", move |context| async move {
                uptake::list(plane, &context, page).await
            })
            .await?;
        let frame = ask
            .under_customers("Offers in use")
            .await?
            .command("Read the same as data", at_graph(plane, "/market/reports/versions"));
        Answer::page(&View {
            frame,
            tabs: ask.tabs(&To::Offers)?,
            lines: found.items.into_iter().map(line).collect(),
            next: found.next.map(|place| ask.next(&place)),
        })
    })
}

fn line(it: PlanUse) -> Line {
    let more = if it.is_more { " or more" } else { "" };
    let versions = it.versions.iter().map(|(Reverse(version), count)| {
        (version.to_string(), format!("{}{more}", counted(*count, "customer")))
    });
    let mut behind_words = format!("{}{more}", counted(it.behind, "customer"));
    if it.declined > 0 {
        behind_words = format!("{behind_words}, of whom {} said no to the newest", it.declined);
    }
    let link = To::Plan(&it.plan).to_string();
    Line {
        versions: versions.collect(),
        behind_words,
        behind_link: format!("{link}?only=behind"),
        link,
        offer: it.offer_title,
        plan: it.plan_title,
        newest: it.newest.map(|it| it.to_string()).unwrap_or_default(),
        undelegated: it.undelegated,
        behind: it.behind,
    }
}

/// The customers of one plan.
pub(super) fn plan(ask: Ask) -> Answered {
    Box::pin(async move {
        let (publisher, name) = ask.key(0).split_once('.').ok_or(Trouble::Nothing)?;
        let publisher = publisher.parse().map_err(|_| Trouble::Nothing)?;
        let name = name.parse().map_err(|_| Trouble::Nothing)?;
        let id = PlanId { offer: OfferId { publisher, name }, name: ask.parsed(1)? };
        let is_behind = ask.query.get("only") == Some("behind");
        let wanted = if is_behind { Wanted::Behind } else { Wanted::All };
        let (plane, page) = (ask.plane(), ask.page(CUSTOMERS)?);
        let (about, found) = ask
            .market("GET", "reports/read", move |context| async move {
                uptake::of_plan(plane, &context, &id, wanted, page).await
            })
            .await?;
        let now = plane.store.now();
        let path = format!("/market/offers/{}/plans/{}/customers", ask.key(0), ask.key(1));
        let line = line(about);
        let frame = ask
            .under_customers(format!("{} ▸ {}", line.offer, line.plan))
            .await?
            .below("Offers in use", To::Offers)
            .command("Read the same as data", at_graph(plane, &path));
        let customer = |it: Use| Customer {
            name: it.name,
            id: Id::new(it.customer),
            version: it.version.map(|it| it.to_string()),
            is_declined: it.waits.is_some_and(|it| it.is_declined),
            waits: it.waits.map(|it| it.version.to_string()),
            agreed: Moment::new(it.agreed, now),
        };
        Answer::page(&OfPlan {
            frame,
            line,
            is_behind,
            customers: found.items.into_iter().map(customer).collect(),
            next: found.next.map(|place| ask.next(&place)),
        })
    })
}
