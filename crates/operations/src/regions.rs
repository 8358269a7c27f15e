//! Azure's public regions, so that locations in templates and clients' lists fit.
//!
//! <https://learn.microsoft.com/azure/reliability/regions-list>

/// A region that things can be put in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Region {
    /// As it is kept and compared.
    pub name: &'static str,
    pub display_name: &'static str,
    /// The country or the part of the world that data stay in.
    pub geography: &'static str,
    /// The part of the world.
    pub group: &'static str,
    /// The place on the ground.
    pub place: &'static str,
    /// Degrees north and east, as Azure writes them.
    pub latitude: &'static str,
    pub longitude: &'static str,
    /// The name of the region that it is paired with.
    pub pair: Option<&'static str>,
}

/// A row of the table: names, geography and its group, place, degrees, pair or nothing.
type Row = (
    (&'static str, &'static str),
    (&'static str, &'static str),
    &'static str,
    (&'static str, &'static str),
    &'static str,
);

const ASIA: &str = "Asia Pacific";
const US: (&str, &str) = ("United States", "US");

#[rustfmt::skip]
const ROWS: &[Row] = &[
    (("australiacentral", "Australia Central"), ("Australia", ASIA), "Canberra", ("-35.3075", "149.1244"), "australiacentral2"),
    (("australiacentral2", "Australia Central 2"), ("Australia", ASIA), "Canberra", ("-35.3075", "149.1244"), "australiacentral"),
    (("australiaeast", "Australia East"), ("Australia", ASIA), "New South Wales", ("-33.86", "151.2094"), "australiasoutheast"),
    (("australiasoutheast", "Australia Southeast"), ("Australia", ASIA), "Victoria", ("-37.8136", "144.9631"), "australiaeast"),
    (("austriaeast", "Austria East"), ("Austria", "Europe"), "Vienna", ("48.2201", "16.3797"), ""),
    (("belgiumcentral", "Belgium Central"), ("Belgium", "Europe"), "Brussels", ("50.8466", "4.3517"), ""),
    (("brazilsouth", "Brazil South"), ("Brazil", "South America"), "Sao Paulo State", ("-23.55", "-46.633"), "southcentralus"),
    (("brazilsoutheast", "Brazil Southeast"), ("Brazil", "South America"), "Rio", ("-22.90278", "-43.2075"), "brazilsouth"),
    (("canadacentral", "Canada Central"), ("Canada", "Canada"), "Toronto", ("43.653", "-79.383"), "canadaeast"),
    (("canadaeast", "Canada East"), ("Canada", "Canada"), "Quebec", ("46.817", "-71.217"), "canadacentral"),
    (("centralindia", "Central India"), ("India", ASIA), "Pune", ("18.5822", "73.9197"), "southindia"),
    (("centralus", "Central US"), US, "Iowa", ("41.5908", "-93.6208"), "eastus2"),
    (("chilecentral", "Chile Central"), ("Chile", "South America"), "Santiago", ("-33.4475", "-70.6737"), ""),
    (("eastasia", "East Asia"), (ASIA, ASIA), "Hong Kong", ("22.267", "114.188"), "southeastasia"),
    (("eastus", "East US"), US, "Virginia", ("37.3719", "-79.8164"), "westus"),
    (("eastus2", "East US 2"), US, "Virginia", ("36.6681", "-78.3889"), "centralus"),
    (("francecentral", "France Central"), ("France", "Europe"), "Paris", ("46.3772", "2.373"), "francesouth"),
    (("francesouth", "France South"), ("France", "Europe"), "Marseille", ("43.8345", "2.1972"), "francecentral"),
    (("germanynorth", "Germany North"), ("Germany", "Europe"), "Berlin", ("53.073635", "8.806422"), "germanywestcentral"),
    (("germanywestcentral", "Germany West Central"), ("Germany", "Europe"), "Frankfurt", ("50.110924", "8.682127"), "germanynorth"),
    (("indonesiacentral", "Indonesia Central"), ("Indonesia", ASIA), "Jakarta", ("-6.2088", "106.8456"), ""),
    (("israelcentral", "Israel Central"), ("Israel", "Middle East"), "Israel", ("31.2655698", "33.4506633"), ""),
    (("italynorth", "Italy North"), ("Italy", "Europe"), "Milan", ("45.46888", "9.18109"), ""),
    (("japaneast", "Japan East"), ("Japan", ASIA), "Tokyo, Saitama", ("35.68", "139.77"), "japanwest"),
    (("japanwest", "Japan West"), ("Japan", ASIA), "Osaka", ("34.6939", "135.5022"), "japaneast"),
    (("jioindiacentral", "Jio India Central"), ("India", ASIA), "Nagpur", ("21.146633", "79.08886"), "jioindiawest"),
    (("jioindiawest", "Jio India West"), ("India", ASIA), "Jamnagar", ("22.470701", "70.05773"), "jioindiacentral"),
    (("koreacentral", "Korea Central"), ("Korea", ASIA), "Seoul", ("37.5665", "126.978"), "koreasouth"),
    (("koreasouth", "Korea South"), ("Korea", ASIA), "Busan", ("35.1796", "129.0756"), "koreacentral"),
    (("malaysiawest", "Malaysia West"), ("Malaysia", ASIA), "Kuala Lumpur", ("3.1409", "101.6932"), ""),
    (("mexicocentral", "Mexico Central"), ("Mexico", "Mexico"), "Querétaro State", ("20.588818", "-100.389888"), ""),
    (("newzealandnorth", "New Zealand North"), ("New Zealand", ASIA), "Auckland", ("-36.84853", "174.76349"), ""),
    (("northcentralus", "North Central US"), US, "Illinois", ("41.8819", "-87.6278"), "southcentralus"),
    (("northeurope", "North Europe"), ("Europe", "Europe"), "Ireland", ("53.3478", "-6.2597"), "westeurope"),
    (("norwayeast", "Norway East"), ("Norway", "Europe"), "Norway", ("59.913868", "10.752245"), "norwaywest"),
    (("norwaywest", "Norway West"), ("Norway", "Europe"), "Norway", ("58.969975", "5.733107"), "norwayeast"),
    (("polandcentral", "Poland Central"), ("Poland", "Europe"), "Warsaw", ("52.23334", "21.01666"), ""),
    (("qatarcentral", "Qatar Central"), ("Qatar", "Middle East"), "Doha", ("25.551462", "51.439327"), ""),
    (("southafricanorth", "South Africa North"), ("South Africa", "Africa"), "Johannesburg", ("-25.73134", "28.21837"), "southafricawest"),
    (("southafricawest", "South Africa West"), ("South Africa", "Africa"), "Cape Town", ("-34.075691", "18.843266"), "southafricanorth"),
    (("southcentralus", "South Central US"), US, "Texas", ("29.4167", "-98.5"), "northcentralus"),
    (("southeastasia", "Southeast Asia"), (ASIA, ASIA), "Singapore", ("1.283", "103.833"), "eastasia"),
    (("southindia", "South India"), ("India", ASIA), "Chennai", ("12.9822", "80.1636"), "centralindia"),
    (("spaincentral", "Spain Central"), ("Spain", "Europe"), "Madrid", ("40.4259", "3.4209"), ""),
    (("swedencentral", "Sweden Central"), ("Sweden", "Europe"), "Gävle", ("60.67488", "17.14127"), "swedensouth"),
    (("swedensouth", "Sweden South"), ("Sweden", "Europe"), "Malmö", ("55.6059", "13.0007"), "swedencentral"),
    (("switzerlandnorth", "Switzerland North"), ("Switzerland", "Europe"), "Zurich", ("47.451542", "8.564572"), "switzerlandwest"),
    (("switzerlandwest", "Switzerland West"), ("Switzerland", "Europe"), "Geneva", ("46.204391", "6.143158"), "switzerlandnorth"),
    (("uaecentral", "UAE Central"), ("UAE", "Middle East"), "Abu Dhabi", ("24.466667", "54.366669"), "uaenorth"),
    (("uaenorth", "UAE North"), ("UAE", "Middle East"), "Dubai", ("25.266666", "55.316666"), "uaecentral"),
    (("uksouth", "UK South"), ("United Kingdom", "Europe"), "London", ("50.941", "-0.799"), "ukwest"),
    (("ukwest", "UK West"), ("United Kingdom", "Europe"), "Cardiff", ("53.427", "-3.084"), "uksouth"),
    (("westcentralus", "West Central US"), US, "Wyoming", ("40.89", "-110.234"), "westus2"),
    (("westeurope", "West Europe"), ("Europe", "Europe"), "Netherlands", ("52.3667", "4.9"), "northeurope"),
    (("westindia", "West India"), ("India", ASIA), "Mumbai", ("19.088", "72.868"), "southindia"),
    (("westus", "West US"), US, "California", ("37.783", "-122.417"), "eastus"),
    (("westus2", "West US 2"), US, "Washington", ("47.233", "-119.852"), "westcentralus"),
    (("westus3", "West US 3"), US, "Phoenix", ("33.448376", "-112.074036"), "eastus"),
];

/// What a resource may name that is no single place.
const WIDER: [&str; 28] = [
    "asia",
    "asiapacific",
    "australia",
    "austria",
    "belgium",
    "brazil",
    "canada",
    "chile",
    "europe",
    "france",
    "germany",
    "global",
    "india",
    "indonesia",
    "israel",
    "italy",
    "japan",
    "korea",
    "malaysia",
    "mexico",
    "newzealand",
    "norway",
    "singapore",
    "southafrica",
    "sweden",
    "switzerland",
    "uk",
    "unitedstates",
];

/// All regions, by name.
pub fn all() -> impl Iterator<Item = Region> {
    ROWS.iter().map(|row| {
        let ((name, display_name), (geography, group), place, (latitude, longitude), pair) = *row;
        let pair = (!pair.is_empty()).then_some(pair);
        Region { name, display_name, geography, group, place, latitude, longitude, pair }
    })
}

/// Whether a group can be put there. The name is folded, without spaces.
pub(crate) fn is_region(folded: &str) -> bool {
    all().any(|region| region.name == folded)
}

/// Whether some resource can be put there.
pub(crate) fn is_known(folded: &str) -> bool {
    is_region(folded) || WIDER.contains(&folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_region_is_named_as_it_is_shown_and_paired_with_one_that_is_there() {
        for region in all() {
            let folded = region.display_name.replace(' ', "").to_ascii_lowercase();
            assert_eq!(region.name, folded);
            assert!(region.pair.is_none_or(is_region), "{region:?}");
            for degrees in [region.latitude, region.longitude] {
                assert!(degrees.parse::<f64>().is_ok_and(|it| it.abs() <= 180.0), "{region:?}");
            }
        }
        assert!(all().map(|it| it.name).is_sorted());
        assert!(is_known("global") && !is_region("global") && !is_known("mars"));
    }
}
