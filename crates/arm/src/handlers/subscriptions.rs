//! Subscriptions and where they can put things.

use ids::name::Name;
use operations::{page::PAGE_ROWS, subscriptions::Shown};
use serde_json::Value;
use wire::arm::scopes::{LinkedListBody, ListBody, NameCheck, NameChecked, SubscriptionBody};

use crate::{
    failure::Failure,
    locations,
    request::{
        ArmResponse,
        Method::{Get, Post},
    },
    route::{
        Answer, Ask,
        Judge::Each,
        Level::{Subscription, Tenant},
        Route,
        Target::{self, List, Words},
        Versions::These,
        row,
    },
    versions::SUBSCRIPTIONS,
};

pub(crate) const ROUTES: &[Route] = &[
    row(
        Get,
        Words(Tenant, &["subscriptions"]),
        These(SUBSCRIPTIONS),
        Each("Microsoft.Resources/subscriptions/read"),
        list,
    ),
    row(
        Get,
        Target::Scope(Subscription),
        These(SUBSCRIPTIONS),
        Each("Microsoft.Resources/subscriptions/read"),
        get,
    ),
    row(
        Get,
        Words(Subscription, &["locations"]),
        These(SUBSCRIPTIONS),
        Each("Microsoft.Resources/subscriptions/locations/read"),
        list_locations,
    ),
    row(
        Post,
        List("Microsoft.Resources/checkResourceName"),
        These(SUBSCRIPTIONS),
        Each("Microsoft.Resources/checkResourceName/action"),
        check_name,
    ),
];

/// `GET /subscriptions/{id}`.
pub(crate) fn get(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let id = ask.subscription()?;
        let shown = operations::subscriptions::get(ask.plane, &ask.context, id).await?;
        Ok(ArmResponse::json(200, body(shown)))
    })
}

/// `GET /subscriptions`.
pub(crate) fn list(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let bad = |_| Failure::Query { name: "$skipToken", reason: "it leads nowhere".to_owned() };
        let after = ask.continuation()?.map(|text| text.parse().map_err(bad)).transpose()?;
        let limit = ask.top()?.unwrap_or(PAGE_ROWS).min(PAGE_ROWS);
        let listed = operations::subscriptions::list(ask.plane, &ask.context, after, limit).await?;
        let next_link = listed.next.map(|id| ask.next_link(&id.to_string()));
        let value = listed.items.into_iter().map(body).collect();
        Ok(ArmResponse::json(200, LinkedListBody { value, next_link }))
    })
}

/// `GET /subscriptions/{id}/locations`.
pub(crate) fn list_locations(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let id = ask.subscription()?;
        operations::subscriptions::get(ask.plane, &ask.context, id).await?;
        let value: Vec<Value> = locations::of_subscription(id);
        Ok(ArmResponse::json(200, ListBody::whole(value)))
    })
}

/// Whether a resource may be called so. Fyr reserves no names; what is no name is refused.
fn check_name(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let NameCheck { name, r#type } = ask.json()?;
        let legal = name.parse::<Name>().map_err(|bad| Failure::Content(bad.to_string()))?;
        let name = legal.to_string();
        Ok(ArmResponse::json(200, NameChecked { name, r#type, status: "Allowed" }))
    })
}

fn body(shown: Shown) -> SubscriptionBody {
    SubscriptionBody::new(shown.subscription, shown.managing)
}
