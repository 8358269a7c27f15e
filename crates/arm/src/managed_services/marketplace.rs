//! What published plans ask for, as far as it is there for the caller. Nobody writes here.

use ids::{guid::SubscriptionId, offer::MarketplaceIdentifier};
use operations::{
    acceptance::shelf::{self, Item},
    page::page,
};
use wire::arm::{
    managed_services::{
        filter,
        marketplace::{MarketplaceBody, Titles},
    },
    scopes::ListBody,
};

use crate::{
    failure::Failure,
    request::ArmResponse,
    route::{Answer, Ask},
};

pub(crate) fn list(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let place = place(&ask);
        if let Some(text) = ask.query.get("$filter").filter(|it| !it.trim().is_empty()) {
            let wanted = filter::plan(text).map_err(|bad| super::bad_filter(&bad))?;
            let found = match wanted.to_ascii_lowercase().parse() {
                Ok(identifier) => shelf::find(ask.plane, &ask.context, place, &identifier).await?,
                Err(_) => Vec::new(), // nothing is called so
            };
            let items = found.into_iter().map(|it| body(&ask, it)).collect();
            return Ok(ArmResponse::json(200, ListBody::whole(items)));
        }
        let page = page(ask.cursor()?, ask.top()?);
        let found = shelf::list(ask.plane, &ask.context, place, page).await?;
        let items = found.items.into_iter().map(|it| body(&ask, it)).collect();
        Ok(ask.list(items, found.next.as_ref()))
    })
}

/// One version of a plan. An identifier of many stands for the first of them that is there.
pub(crate) fn get(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let id = ask.resource()?;
        let missing =
            || Failure::NotFound { name: format!("{}/{}", id.kind(), id.name()), group: None };
        let identifier: MarketplaceIdentifier =
            id.name().as_str().to_ascii_lowercase().parse().map_err(|_| missing())?;
        let found = shelf::find(ask.plane, &ask.context, place(&ask), &identifier).await?;
        let first = found.into_iter().next().ok_or_else(missing)?;
        shelf::showable(&first, ask.dialect())?;
        Ok(ArmResponse::json(200, body(&ask, first)))
    })
}

/// The subscription in which the caller looks.
fn place(ask: &Ask<'_>) -> Option<SubscriptionId> {
    ask.scope().subscription()
}

fn body(ask: &Ask<'_>, item: Item) -> MarketplaceBody {
    let Item { version, manifest, offer, publisher, plan } = item;
    let titles = Titles { offer, publisher, plan };
    let scope = place(ask).map(|id| format!("/subscriptions/{id}")).unwrap_or_default();
    MarketplaceBody::new(version, manifest, titles, &scope, ask.generation())
}
