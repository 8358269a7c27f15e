//! One customer: all that is delegated of theirs.

use askama::Template;
use ids::guid::{SubscriptionId, TenantId};
use operations::delegation::managed::{Managed, of_customer};

use super::{To, called, delegations::Line};
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    frame::Frame,
    trouble::Trouble,
    words::{Id, quoted},
};

/// A page ends with the subscription in which so many delegations are reached.
const PAGE: usize = 50;

#[derive(Template)]
#[template(path = "customers/customer.html")]
struct View {
    frame: Frame,
    id: Id,
    /// The offer that the list is narrowed down to, and the whole list.
    only: Option<(String, String)>,
    lines: Vec<Line>,
    next: Option<String>,
}

/// Whoever may read nothing of a customer's finds no such customer.
pub(super) fn show(ask: Ask) -> Answered {
    Box::pin(async move {
        let tenant: TenantId = ask.parsed(0)?;
        let (plane, context) = (ask.plane(), ask.context("GET", ask.managing()?)?);
        let after = ask.place()?.map(|text| text.parse::<SubscriptionId>());
        let after = after.transpose().map_err(|_| Trouble::Garbled("the page leads nowhere"))?;
        let (items, next) = of_customer(plane, &context, tenant, after, PAGE).await?;
        let name = items.first().map(|it| called(&it.customer)).ok_or(Trouble::Nothing)?;
        let only = ask.query.get("offer").map(str::to_owned);
        let is_wanted = |it: &Managed| only.as_ref().is_none_or(|key| it.offered().key == *key);
        let first = items.first().and_then(|it| it.assignment.id.scope().subscription());
        let mut frame = ask.under_customers(name).await?;
        if let Some(subscription) = first {
            frame = frame.command(
                "List what is delegated in the first of the subscriptions",
                format!(
                    "az managedservices assignment list --include-definition true --subscription {}",
                    quoted(&subscription.to_string())
                ),
            );
        }
        let now = plane.store.now();
        let lines = items.into_iter().filter(is_wanted).map(|it| Line::new(&it, now)).collect();
        Answer::page(&View {
            frame,
            id: Id::new(tenant),
            only: only.map(|key| (key, To::Customer(tenant).to_string())),
            lines,
            next: next.map(|place| ask.next(&place)),
        })
    })
}
