//! *My customers ▸ Delegations*.

use askama::Template;
use jiff::Timestamp;
use operations::delegation::managed::{self, Filter, Managed};

use super::{
    To,
    arranged::{Arranged, By, Choice, Group},
    called,
    list::filter,
    offer_words, place,
};
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    frame::{Frame, Place},
    words::{Id, Moment, assigned, counts, quoted},
};

/// How many delegations a page shows.
const PAGE: usize = 50;

#[derive(Template)]
#[template(path = "customers/delegations.html")]
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

/// One delegation.
pub(super) struct Line {
    pub(super) kind: &'static str,
    pub(super) scope: String,
    pub(super) id: Id,
    pub(super) link: String,
    pub(super) customer: String,
    pub(super) customer_link: String,
    pub(super) offer: String,
    pub(super) offer_link: String,
    pub(super) version: Option<String>,
    pub(super) roles: String,
    pub(super) since: Moment,
    /// When it counts, where that is not always.
    pub(super) counts: Option<String>,
}

impl Line {
    pub(super) fn new(it: &Managed, now: Timestamp) -> Self {
        let (standing, offered) = (place(it), it.offered());
        let given = it.definition.as_ref();
        let given = given.map_or((0, 0), |it| (it.authorizations.len(), it.eligible.len()));
        Self {
            kind: standing.kind,
            scope: standing.name,
            id: standing.id,
            link: To::Delegation(&it.assignment.id).to_string(),
            customer: called(&it.customer),
            customer_link: To::Customer(it.customer.tenant).to_string(),
            offer: offer_words(&offered),
            offer_link: To::Offer(&offered.key).to_string(),
            version: offered.version.map(|it| it.to_string()),
            roles: assigned(given),
            since: Moment::new(it.assignment.system_data.created_at, now),
            counts: it.assignment.period.map(|it| counts(it, now)),
        }
    }
}

pub(super) fn show(ask: Ask) -> Answered {
    Box::pin(async move {
        let (plane, context) = (ask.plane(), ask.context("GET", ask.managing()?)?);
        let filter = filter(&ask);
        let found = managed::list(plane, &context, &filter, ask.page(PAGE)?).await?;
        let (arranged, now) = (Arranged::of(&ask), plane.store.now());
        let command = found.items.first().map(|it| {
            let id = it.assignment.id.scope().subscription();
            let id = id.map(|it| it.to_string()).unwrap_or_default();
            format!("az managedservices assignment list --subscription {}", quoted(&id))
        });
        let lines = found.items.iter().map(|it| Line::new(it, now)).collect();
        let groups = arranged.apply(lines, |it: &Line, by| match by {
            By::Customer => it.customer.clone(),
            By::Offer | By::Delegations => it.offer.clone(),
        });
        let mut frame = ask.under_customers("Delegations").await?;
        if let Some(line) = command {
            frame = frame.command("List what is delegated in the first of the subscriptions", line);
        }
        Answer::page(&View {
            frame,
            tabs: ask.tabs(&To::Delegations)?,
            q: filter.keyword.clone().unwrap_or_default(),
            offer: filter.offer.clone().unwrap_or_default(),
            groups_by: arranged.groups(),
            sorts_by: arranged.sorts(&[By::Customer, By::Offer]),
            groups: groups.into_iter().filter(|it| !it.rows.is_empty()).collect(),
            is_narrowed: filter != Filter::default(),
            is_first: ask.query.get("after").is_none(),
            next: found.next.map(|place| ask.next(&place)),
        })
    })
}
