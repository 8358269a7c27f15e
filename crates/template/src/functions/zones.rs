//! Availability zones. Nothing of Fyr's stands in one, but templates place what they describe by
//! them; so the answers are those of Azure, with each subscription's zones in the same order.

use serde_json::Value;
use uuid::Uuid;

use crate::{
    evaluate::Refused,
    functions::{Function, Given, pure},
    json::echo,
};

pub(super) const FUNCTIONS: &[Function] = &[
    pure("pickZones", 3, 5, pick_zones),
    pure("toLogicalZone", 3, 3, |given| logical(given, given.text(2)?).map(Value::from)),
    pure("toLogicalZones", 3, 3, |given| each(given, logical)),
    pure("toPhysicalZone", 3, 3, |given| physical(given, given.text(2)?).map(Value::from)),
    pure("toPhysicalZones", 3, 3, |given| each(given, physical)),
];

/// As many as each region with zones has.
const ZONES: [&str; 3] = ["1", "2", "3"];

/// <https://learn.microsoft.com/azure/reliability/availability-zones-region-support>
const REGIONS: &[&str] = &[
    "australiaeast",
    "austriaeast",
    "belgiumcentral",
    "brazilsouth",
    "canadacentral",
    "centralindia",
    "centralus",
    "chilecentral",
    "denmarkeast",
    "eastasia",
    "eastus",
    "eastus2",
    "francecentral",
    "germanywestcentral",
    "indonesiacentral",
    "israelcentral",
    "italynorth",
    "japaneast",
    "japanwest",
    "koreacentral",
    "malaysiawest",
    "mexicocentral",
    "newzealandnorth",
    "northeurope",
    "norwayeast",
    "polandcentral",
    "qatarcentral",
    "southafricanorth",
    "southcentralus",
    "southeastasia",
    "spaincentral",
    "swedencentral",
    "switzerlandnorth",
    "uaenorth",
    "uksouth",
    "westeurope",
    "westus2",
    "westus3",
];

/// Types that a zone can be named for, as far as the documentation of the function names them.
const ZONAL: &[&str] = &[
    "microsoft.compute/disks",
    "microsoft.compute/virtualmachines",
    "microsoft.compute/virtualmachinescalesets",
    "microsoft.documentdb/databaseaccounts",
    "microsoft.network/loadbalancers",
    "microsoft.network/publicipaddresses",
    "microsoft.network/publicipprefixes",
    "microsoft.network/virtualnetworkgateways",
    "microsoft.storage/storageaccounts",
];

fn has_zones(location: &str) -> bool {
    let folded: String = location.chars().filter(|c| *c != ' ').collect();
    REGIONS.iter().any(|region| region.eq_ignore_ascii_case(&folded))
}

/// Zones for a type in a region: one unless a number is given, the first unless an offset is.
fn pick_zones(given: &Given<'_>) -> Result<Value, Refused> {
    let kind = format!("{}/{}", given.text(0)?, given.text(1)?);
    let location = given.text(2)?;
    let optional = |index, absent| given.get(index).map_or(Ok(absent), |_| given.integer(index));
    let (count, offset) = (optional(3, 1)?, optional(4, 0)?);
    let range = usize::try_from(count).ok().zip(usize::try_from(offset).ok());
    let chosen = range
        .filter(|(count, _)| *count > 0)
        .and_then(|(count, offset)| ZONES.get(offset..offset.checked_add(count)?));
    let chosen = chosen.ok_or_else(|| {
        given.refused("the number of zones and the offset must lie within the region's zones")
    })?;
    let zonal = ZONAL.iter().any(|known| known.eq_ignore_ascii_case(&kind));
    let chosen = if zonal && has_zones(location) { chosen } else { &[] };
    Ok(chosen.iter().copied().map(Value::from).collect())
}

/// What is asked of a subscription in a region that has zones.
fn region<'a>(given: &Given<'a>) -> Result<&'a str, Refused> {
    let (subscription, location) = (given.text(0)?, given.text(1)?);
    if Uuid::try_parse(subscription).is_err() {
        return Err(given.refused("the first argument must be the id of a subscription"));
    }
    if has_zones(location) {
        return Ok(location);
    }
    Err(given.refused(format!("the location '{}' has no availability zones", echo(location))))
}

fn physical(given: &Given<'_>, zone: &str) -> Result<String, Refused> {
    let location = region(given)?;
    let known = ZONES.contains(&zone);
    let unknown = || given.refused(format!("there is no logical zone '{}'", echo(zone)));
    known.then(|| format!("{location}-az{zone}")).ok_or_else(unknown)
}

fn logical(given: &Given<'_>, zone: &str) -> Result<String, Refused> {
    let location = region(given)?;
    let number = zone.strip_prefix(location).and_then(|rest| rest.strip_prefix("-az"));
    let unknown = || given.refused(format!("there is no physical zone '{}'", echo(zone)));
    number.filter(|number| ZONES.contains(number)).map(str::to_owned).ok_or_else(unknown)
}

fn each(
    given: &Given<'_>,
    one: fn(&Given<'_>, &str) -> Result<String, Refused>,
) -> Result<Value, Refused> {
    let zones = given.array(2)?.iter().map(|zone| {
        let text = zone.as_str().ok_or_else(|| given.wrong("String", zone))?;
        one(given, text).map(Value::from)
    });
    zones.collect()
}
