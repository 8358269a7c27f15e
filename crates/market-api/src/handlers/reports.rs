//! `/market/reports`: what a publisher brought about.

use ids::guid::TenantId;
use market::influence::Month;
use operations::offers::influence::{After, PAGE_MAX, Page, report};
use serde_json::{Value, json};
use wire::influence::{InfluenceBody, csv};

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
