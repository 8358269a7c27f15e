//! The regions that a subscription can put things in: Azure's names, so that templates fit.

use ids::{guid::SubscriptionId, scope::Scope};
use serde_json::{Value, json};

/// Name, display name, geography, physical location.
const REGIONS: [(&str, &str, &str, &str); 24] = [
    ("australiaeast", "Australia East", "Australia", "New South Wales"),
    ("brazilsouth", "Brazil South", "Brazil", "Sao Paulo State"),
    ("canadacentral", "Canada Central", "Canada", "Toronto"),
    ("centralindia", "Central India", "India", "Pune"),
    ("centralus", "Central US", "United States", "Iowa"),
    ("eastasia", "East Asia", "Asia Pacific", "Hong Kong"),
    ("eastus", "East US", "United States", "Virginia"),
    ("eastus2", "East US 2", "United States", "Virginia"),
    ("francecentral", "France Central", "France", "Paris"),
    ("germanywestcentral", "Germany West Central", "Germany", "Frankfurt"),
    ("italynorth", "Italy North", "Italy", "Milan"),
    ("japaneast", "Japan East", "Japan", "Tokyo, Saitama"),
    ("koreacentral", "Korea Central", "Korea", "Seoul"),
    ("northcentralus", "North Central US", "United States", "Illinois"),
    ("northeurope", "North Europe", "Europe", "Ireland"),
    ("norwayeast", "Norway East", "Norway", "Norway"),
    ("southcentralus", "South Central US", "United States", "Texas"),
    ("southeastasia", "Southeast Asia", "Asia Pacific", "Singapore"),
    ("swedencentral", "Sweden Central", "Sweden", "Gävle"),
    ("switzerlandnorth", "Switzerland North", "Switzerland", "Zurich"),
    ("uksouth", "UK South", "United Kingdom", "London"),
    ("westeurope", "West Europe", "Europe", "Netherlands"),
    ("westus", "West US", "United States", "California"),
    ("westus2", "West US 2", "United States", "Washington"),
];

/// The regions' names, as types show where they can be put.
pub fn display_names() -> impl Iterator<Item = &'static str> {
    REGIONS.iter().map(|(_, display_name, _, _)| *display_name)
}

/// The items of `GET /subscriptions/{id}/locations` (api-version 2022-12-01).
pub(crate) fn of_subscription(id: SubscriptionId) -> Vec<Value> {
    let scope = Scope::Subscription(id);
    let item = |(name, display_name, geography, physical): &(&str, &str, &str, &str)| {
        json!({
            "id": format!("{scope}/locations/{name}"),
            "name": name,
            "type": "Region",
            "displayName": display_name,
            "regionalDisplayName": format!("({geography}) {display_name}"),
            "metadata": {
                "regionType": "Physical",
                "regionCategory": "Recommended",
                "geography": geography,
                "geographyGroup": geography,
                "physicalLocation": physical,
                "pairedRegion": [],
            },
        })
    };
    REGIONS.iter().map(item).collect()
}
