//! Subscriptions and where they can put things.

use ids::guid::SubscriptionId;
use operations::{
    page::PAGE_ROWS,
    subscriptions::{Place, Shown},
};
use serde_json::Value;
use wire::arm::scopes::{ListBody, SubscriptionBody};

use crate::{
    failure::Failure,
    locations,
    request::{ArmResponse, Method::Get},
    route::{
        Answer, Ask,
        Judge::Each,
        Level::{Subscription, Tenant},
        Route,
        Target::{self, Words},
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
        let place = ask.continuation()?.map_or(Ok(Place::Own(None)), |text| place(&text))?;
        let limit = ask.top()?.unwrap_or(PAGE_ROWS).min(PAGE_ROWS);
        let listed = operations::subscriptions::list(ask.plane, &ask.context, place, limit).await?;
        let next_link = listed.next.as_ref().map(|next| ask.next_link(&text(next)));
        let value = listed.items.into_iter().map(body).collect();
        Ok(ArmResponse::json(200, ListBody { value, next_link }))
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

fn body(shown: Shown) -> SubscriptionBody {
    SubscriptionBody::new(shown.subscription, shown.managing)
}

/// A place as a continuation keeps it.
fn text(place: &Place) -> String {
    match place {
        Place::Own(None) => "o".to_owned(),
        Place::Own(Some(cursor)) => format!("o{cursor}"),
        Place::Delegated(None) => "d".to_owned(),
        Place::Delegated(Some((id, cursor))) => format!("d{id}{cursor}"),
    }
}

fn place(text: &str) -> Result<Place, Failure> {
    let bad = || Failure::Query { name: "$skipToken", reason: "it leads nowhere".to_owned() };
    match text.split_at_checked(1) {
        Some(("o", "")) => Ok(Place::Own(None)),
        Some(("o", cursor)) => Ok(Place::Own(Some(cursor.parse().map_err(|_| bad())?))),
        Some(("d", "")) => Ok(Place::Delegated(None)),
        Some(("d", rest)) => {
            let (id, cursor) = rest.split_at_checked(36).ok_or_else(bad)?;
            let id: SubscriptionId = id.parse().map_err(|_| bad())?;
            Ok(Place::Delegated(Some((id, cursor.parse().map_err(|_| bad())?))))
        }
        _ => Err(bad()),
    }
}
