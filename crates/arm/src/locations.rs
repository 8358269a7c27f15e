//! The regions that a subscription can put things in, as ARM shows them.

use ids::{guid::SubscriptionId, name::Name, scope::Scope};
use operations::regions::{self, Region};
use serde_json::{Value, json};

use crate::types::{Namespace, types};

/// The regions' names, as types show where they can be put.
pub fn display_names() -> impl Iterator<Item = &'static str> {
    regions::all().map(|region| region.display_name)
}

/// Where the types of a provider can be put: nowhere in particular, those of ARM's own.
pub(crate) fn of(namespace: &Name) -> Vec<&'static str> {
    let regional = types().namespace(namespace).is_some_and(is_regional);
    if regional { display_names().collect() } else { Vec::new() }
}

/// Whether a provider's types are put in regions.
pub(crate) fn is_regional(namespace: &Namespace) -> bool {
    let own = namespace.name.eq_ignore_ascii_case("Microsoft.ManagedServices");
    !own && !namespace.registration_free()
}

/// The items of `GET /subscriptions/{id}/locations` (api-version 2022-12-01).
pub(crate) fn of_subscription(id: SubscriptionId) -> Vec<Value> {
    let scope = Scope::Subscription(id);
    let place = |name: &str| format!("{scope}/locations/{name}");
    let item = |region: Region| {
        let Region { name, display_name, geography, group, .. } = region;
        let paired = region.pair.map(|pair| json!({ "name": pair, "id": place(pair) }));
        json!({
            "id": place(name),
            "name": name,
            "type": "Region",
            "displayName": display_name,
            "regionalDisplayName": format!("({group}) {display_name}"),
            "metadata": {
                "regionType": "Physical",
                "regionCategory": "Recommended",
                "geography": geography,
                "geographyGroup": group,
                "longitude": region.longitude,
                "latitude": region.latitude,
                "physicalLocation": region.place,
                "pairedRegion": Vec::from_iter(paired),
            },
        })
    };
    regions::all().map(item).collect()
}
