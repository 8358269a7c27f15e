//! `/market/reports`: what a publisher brought about.

use ids::{guid::TenantId, offer::PlanId};
use market::influence::Month;
use operations::{
    market::offers::uptake::{self, PlanUse, Use, Wanted},
    offers::influence::{After, PAGE_MAX, Page, report},
};
use serde_json::{Value, json};
use wire::{
    influence::{InfluenceBody, csv},
    uptake::{Counts, CustomerUseBody, PlanUseBody},
};

use crate::{
    answer::{Answer, Content},
    failure::Failure,
    route::{Answered, Ask},
};

/// By month and customer, as JSON.
pub(crate) fn influence(ask: Ask) -> Answered {
    Box::pin(async move {
        let (rows, next) = page(&ask).await?;
        let items: Vec<Value> = rows.iter().map(|it| json!(it)).collect();
        Ok(Answer::json(200, wire::account::list(&items, next)))
    })
}

/// The same as a table. Where the next part is found stands in the header `Link`.
pub(crate) fn influence_table(ask: Ask) -> Answered {
    Box::pin(async move {
        let (rows, next) = page(&ask).await?;
        let answer = Answer::new(200, Content::Csv("influence.csv", csv(&rows)));
        Ok(match next {
            Some(next) => answer.with("link", format!("<{next}>; rel=\"next\"")),
            None => answer,
        })
    })
}

async fn page(ask: &Ask) -> Result<(Vec<InfluenceBody>, Option<String>), Failure> {
    let limit = ask.top()?.unwrap_or(PAGE_MAX);
    let Page { rows, next } = report(ask.plane(), ask.context()?, after(ask)?, limit).await?;
    let body = |it: operations::offers::influence::Row| {
        InfluenceBody::new(it.month, it.customer, it.name, it.counts)
    };
    let next = next.map(|(month, customer)| ask.link(&format!("{month} {customer}")));
    Ok((rows.into_iter().map(body).collect(), next))
}

fn after(ask: &Ask) -> Result<After, Failure> {
    let Some(place) = ask.place()? else { return Ok(None) };
    let read = |text: &str| -> Option<(Month, TenantId)> {
        let (month, customer) = text.split_once(' ')?;
        Some((month.parse().ok()?, customer.parse().ok()?))
    };
    read(&place).map(Some).ok_or(Failure::Continuation)
}

/// How many customers have which version of the account's live plans.
pub(crate) fn versions(ask: Ask) -> Answered {
    Box::pin(async move {
        let found = uptake::list(ask.plane(), ask.context()?, ask.page()?).await?;
        let items: Vec<Value> = found.items.into_iter().map(plan).collect();
        let next = found.next.map(|place| ask.next_link(&place));
        Ok(Answer::json(200, wire::account::list(&items, next)))
    })
}

fn plan(it: PlanUse) -> Value {
    let PlanUse { undelegated, behind, declined, is_more, .. } = it;
    let versions = it.versions.into_iter().map(|(version, count)| (version.0, count));
    let counts = Counts { undelegated, behind, declined, is_more };
    json!(PlanUseBody::new(it.plan, it.newest, versions, counts))
}

/// The customers of one of those plans. `filter=behind` leaves out whoever has the newest version.
pub(crate) fn customers(ask: Ask) -> Answered {
    Box::pin(async move {
        let id = PlanId { offer: ask.offer(0)?, name: ask.parsed(1)? };
        let wanted = match ask.query.get("filter") {
            Some("behind") => Wanted::Behind,
            Some(_) => return Err(Failure::Query("filter", "it is `behind`".to_owned())),
            None => Wanted::All,
        };
        let (plane, context, page) = (ask.plane(), ask.context()?, ask.page()?);
        let (_, found) = uptake::of_plan(plane, context, &id, wanted, page).await?;
        let items: Vec<Value> = found.items.into_iter().map(customer).collect();
        let next = found.next.map(|place| ask.next_link(&place));
        Ok(Answer::json(200, wire::account::list(&items, next)))
    })
}

fn customer(it: Use) -> Value {
    json!(CustomerUseBody {
        customer_tenant_id: it.customer,
        customer_name: it.name,
        version: it.version,
        waiting_version: it.waits.map(|it| it.version),
        is_declined: it.waits.is_some_and(|it| it.is_declined),
        agreed_at: it.agreed,
    })
}
