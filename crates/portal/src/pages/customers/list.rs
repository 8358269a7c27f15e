//! *My customers ▸ Customers*.

use askama::Template;
use operations::delegation::{
    customers::{self, Held, Row},
    managed::Filter,
};

use super::{
    To,
    arranged::{Arranged, By, Choice, Group, most_first},
    called, offer_words,
};
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    frame::{Frame, Place},
    words::{Id, counted, quoted},
};

/// How many customers a page shows.
const PAGE: usize = 50;

#[derive(Template)]
#[template(path = "customers/list.html")]
struct View {
    frame: Frame,
    tabs: Vec<Place>,
    q: String,
    offer: String,
    groups_by: Vec<Choice>,
    sorts_by: Vec<Choice>,
    groups: Vec<Group<Line>>,
    is_narrowed: bool,
    is_first: bool,
    next: Option<String>,
}

/// One offer of one customer.
struct Line {
    customer: String,
    customer_link: String,
    customer_id: Id,
    offer: String,
    offer_link: String,
    offer_id: Id,
    version: Option<String>,
    delegations: String,
    delegations_link: String,
    count: usize,
}

pub(super) fn show(ask: Ask) -> Answered {
    Box::pin(async move {
        let (plane, context) = (ask.plane(), ask.context("GET", ask.managing()?)?);
        let filter = filter(&ask);
        let found = customers::list(plane, &context, &filter, ask.page(PAGE)?).await?;
        let arranged = Arranged::of(&ask);
        let lines = found.items.into_iter().flat_map(lines).collect();
        let groups = arranged.apply(lines, |it: &Line, by| match by {
            By::Customer => it.customer.clone(),
            By::Offer => it.offer.clone(),
            By::Delegations => most_first(it.count),
        });
        let own = ask.tenant()?;
        let query = format!("[?homeTenantId!='{own}'].{{Subscription:id,Customer:homeTenantId}}");
        let frame = ask.frame("My customers").await?.command(
            "List the subscriptions that customers delegated",
            format!("az account list --refresh --query {} --output table", quoted(&query)),
        );
        Answer::page(&View {
            frame,
            tabs: ask.tabs(&To::Customers)?,
            q: filter.keyword.clone().unwrap_or_default(),
            offer: filter.offer.clone().unwrap_or_default(),
            groups_by: arranged.groups(),
            sorts_by: arranged.sorts(&[By::Customer, By::Offer, By::Delegations]),
            groups: groups.into_iter().filter(|it| !it.rows.is_empty()).collect(),
            is_narrowed: filter != Filter::default(),
            is_first: ask.query.get("after").is_none(),
            next: found.next.map(|place| ask.next(&place)),
        })
    })
}

/// What a list of customers or of delegations is narrowed down to.
pub(super) fn filter(ask: &Ask) -> Filter {
    let text = |name| ask.query.get(name).map(str::trim).filter(|it| !it.is_empty());
    Filter { offer: text("offer").map(str::to_owned), keyword: text("q").map(str::to_owned) }
}

fn lines(row: Row) -> Vec<Line> {
    let Row { customer, offers, is_more } = row;
    let line = |it: Held| {
        let (offered, count) = (it.offered, it.subscriptions.saturating_add(it.resource_groups));
        let both = [(it.subscriptions, "subscription"), (it.resource_groups, "resource group")];
        let both = both.into_iter().filter(|(count, _)| *count > 0);
        let mut delegations = both.map(|(n, noun)| counted(n, noun)).collect::<Vec<_>>().join(", ");
        if is_more {
            delegations.push_str(" or more");
        }
        Line {
            customer: called(&customer),
            customer_link: To::Customer(customer.tenant).to_string(),
            customer_id: Id::new(customer.tenant),
            offer: offer_words(&offered),
            offer_link: To::Offer(&offered.key).to_string(),
            delegations_link: To::Under(customer.tenant, &offered.key).to_string(),
            version: offered.version.map(|it| it.to_string()),
            offer_id: offer_id(&offered.key),
            delegations,
            count,
        }
    };
    offers.into_iter().map(line).collect()
}

/// An offer's id: short where it is a GUID, whole where it is a name.
pub(super) fn offer_id(key: &str) -> Id {
    if key.contains('.') {
        Id { short: key.to_owned(), whole: key.to_owned() }
    } else {
        Id::new(key)
    }
}
