//! *My customers ▸ Influence*: what the tenant's publisher account brought about.

use askama::Template;
use ids::guid::TenantId;
use market::influence::{Counts, Month};
use operations::offers::influence::{After, Page, Row, file, months::Total, with_months};
use wire::influence::{InfluenceBody, csv};

use self::chart::{Chart, happened, reached};
use super::{To, at_graph};
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    frame::{Frame, Place},
    trouble::Trouble,
    words::Id,
};

mod chart;

/// How many rows the table shows at a time.
const ROWS: usize = 50;

#[derive(Template)]
#[template(path = "customers/influence.html")]
struct View {
    frame: Frame,
    tabs: Vec<Place>,
    charts: Vec<Chart>,
    lines: Vec<Line>,
    next: Option<String>,
}

/// A customer in a month.
struct Line {
    month: String,
    name: Option<String>,
    id: Id,
    acceptances: u64,
    by_offer: u64,
    by_link: u64,
    uncounted: u64,
    activities: u64,
}

impl Line {
    fn new(it: Row) -> Self {
        let Counts { acceptances, by_offer, by_link, uncounted, activities } = it.counts;
        Self {
            month: it.month.to_string(),
            name: it.name,
            id: Id::new(it.customer),
            acceptances,
            by_offer,
            by_link,
            uncounted,
            activities,
        }
    }
}

pub(super) fn show(ask: Ask) -> Answered {
    Box::pin(async move {
        let (plane, after) = (ask.plane(), after(&ask)?);
        let (totals, page) = ask
            .market("GET", "reports/read", move |context| async move {
                with_months(plane, &context, after, ROWS).await
            })
            .await?;
        let frame = ask
            .under_customers("Influence")
            .await?
            .command("Read the same as data", at_graph(plane, "/market/reports/influence"))
            .command(
                "Let what is delegated to you without an offer count for a partner",
                "az managementpartner create --partner-id PARTNER_ID",
            );
        let now = Month::of(plane.store.now());
        Answer::page(&View {
            frame,
            tabs: ask.tabs(&To::Influence)?,
            charts: if totals.is_empty() { Vec::new() } else { charts(&totals, now) },
            lines: page.rows.into_iter().map(Line::new).collect(),
            next: page.next.map(|(month, customer)| ask.next(&format!("{month} {customer}"))),
        })
    })
}

fn charts(totals: &[Total], now: Month) -> Vec<Chart> {
    let delegations = |it: &Counts| it.by_offer.saturating_add(it.by_link);
    vec![
        reached("Customers", "customer", totals, now, |it| it.customers as u64),
        happened("Acceptances", "acceptance", totals, now, |it| it.counts.acceptances),
        happened("Delegations that count", "delegation", totals, now, |it| delegations(&it.counts)),
        happened("Activity", "change", totals, now, |it| it.counts.activities),
    ]
}

fn after(ask: &Ask) -> Result<After, Trouble> {
    let Some(place) = ask.place()? else { return Ok(None) };
    let read = |text: &str| -> Option<(Month, TenantId)> {
        let (month, customer) = text.split_once(' ')?;
        Some((month.parse().ok()?, customer.parse().ok()?))
    };
    read(&place).map(Some).ok_or(Trouble::Garbled("the page leads nowhere"))
}

/// The whole as comma-separated text, as far as a file of ours holds it.
pub(super) fn table(ask: Ask) -> Answered {
    Box::pin(async move {
        let plane = ask.plane();
        let work = |context| async move { file(plane, &context).await };
        let Page { rows, next } = ask.market("GET", "reports/read", work).await?;
        let body = |it: Row| InfluenceBody::new(it.month, it.customer, it.name, it.counts);
        let rows: Vec<_> = rows.into_iter().map(body).collect();
        let name = if next.is_some() { "influence-beginning.csv" } else { "influence.csv" };
        let (name, bytes) = (name.to_owned(), csv(&rows).into_bytes());
        Ok(Answer::Save { name, kind: "text/csv; charset=utf-8", bytes })
    })
}
