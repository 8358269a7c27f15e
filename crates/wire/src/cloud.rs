//! The cloud that Fyr is, as clients read it before they sign in, and templates by `environment()`:
//! one table for both.

use serde_json::{Map, Value, json};

/// What the cloud is called. Not one of Azure's own names: clients treat those specially.
pub const NAME: &str = "Fyr";
/// What templates hear: they branch by the name, and know Azure's own only.
const NAME_IN_TEMPLATES: &str = "AzureCloud";

/// Where the surfaces are.
#[derive(Clone, Copy, Debug)]
pub struct Cloud<'a> {
    pub arm: &'a str,
    pub login: &'a str,
    pub graph: &'a str,
    pub portal: &'a str,
}

/// Services that Fyr does not have: by the metadata's name, what they are called, and whether
/// `environment()` tells them too. Their addresses lead nowhere, so that no client strays into
/// somebody's real cloud.
const SERVICES: &[(&str, &str, bool)] = &[
    ("media", "media", true),
    ("batch", "batch", true),
    ("gallery", "gallery", true),
    ("sqlManagement", "sql-management", true),
    ("activeDirectoryDataLake", "datalake", true),
    ("vmImageAliasDoc", "images", true),
    ("appInsightsResourceId", "appinsights", false),
    ("appInsightsTelemetryChannelResourceId", "appinsights-telemetry", false),
    ("appServiceResourceId", "appservice", false),
    ("attestationResourceId", "attest", false),
    ("logAnalyticsResourceId", "loganalytics", false),
    ("ossrdbmsResourceId", "ossrdbms", false),
    ("synapseAnalyticsResourceId", "synapse", false),
];

/// Suffixes of services' names: by the metadata's name, the suffix, and what `environment()` puts
/// before it, if it tells it.
const SUFFIXES: &[(&str, &str, Option<&str>)] = &[
    ("acrLoginServer", "azurecr", Some(".")),
    ("attestationEndpoint", "attest", None),
    ("azureDataLakeAnalyticsCatalogAndJob", "datalakeanalytics", Some("")),
    ("azureDataLakeStoreFileSystem", "datalakestore", Some("")),
    ("azureFrontDoorEndpointSuffix", "frontdoor", Some("")),
    ("keyVaultDns", "vault", Some(".")),
    ("mariadbServerEndpoint", "mariadb", None),
    ("mhsmDns", "managedhsm", None),
    ("mysqlServerEndpoint", "mysql", None),
    ("postgresqlServerEndpoint", "postgres", None),
    ("sqlServerHostname", "database", Some(".")),
    ("storage", "core", Some("")),
    ("storageSyncEndpointSuffix", "afs", None),
    ("synapseAnalytics", "dev.synapse", None),
];

/// The address of a service that there is not.
pub fn nowhere(service: &str) -> String {
    format!("https://{service}.fyr.invalid/")
}

impl Cloud<'_> {
    /// ARM's audiences: `az` takes the first, and writes `/.default` behind it.
    pub fn audiences(&self) -> Value {
        json!([format!("{}/", self.arm), self.arm])
    }

    /// What `az cloud register` and Terraform read.
    pub fn metadata(&self) -> Value {
        let mut all = Map::new();
        let mut say = |name: &str, value: Value| all.insert(name.to_owned(), value);
        say("name", NAME.into());
        say("portal", self.portal.into());
        say("authentication", self.authentication(self.login));
        say("resourceManager", self.arm.into());
        say("microsoftGraphResourceId", self.graph.into());
        say("graph", self.graph.into());
        say("graphAudience", self.graph.into());
        for (name, service, _) in SERVICES {
            say(name, nowhere(service).into());
        }
        let suffixes =
            SUFFIXES.iter().map(|(name, word, _)| ((*name).to_owned(), suffix("", word)));
        say("suffixes", Value::Object(suffixes.collect()));
        Value::Object(all)
    }

    /// `environment()`: of the addresses of surfaces, each ends in a slash but the portal's.
    pub fn environment(&self) -> Value {
        let with_slash = |origin: &str| format!("{origin}/");
        let mut all = Map::new();
        let mut say = |name: &str, value: Value| all.insert(name.to_owned(), value);
        say("name", NAME_IN_TEMPLATES.into());
        say("graph", with_slash(self.graph).into());
        say("graphAudience", with_slash(self.graph).into());
        say("portal", self.portal.into());
        say("resourceManager", with_slash(self.arm).into());
        say("authentication", self.authentication(&with_slash(self.login)));
        for (name, service, _) in SERVICES.iter().filter(|(_, _, told)| *told) {
            say(name, nowhere(service).into());
        }
        let told = SUFFIXES.iter().filter_map(|(name, word, before)| {
            before.map(|before| ((*name).to_owned(), suffix(before, word)))
        });
        say("suffixes", Value::Object(told.collect()));
        Value::Object(all)
    }

    fn authentication(&self, login: &str) -> Value {
        json!({
            "loginEndpoint": login,
            "audiences": self.audiences(),
            "tenant": "common",
            "identityProvider": "AAD",
        })
    }
}

fn suffix(before: &str, word: &str) -> Value {
    format!("{before}{word}.fyr.invalid").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_hear_of_the_same_cloud_as_clients_and_of_every_member_they_may_ask_for() {
        let cloud =
            Cloud { arm: "https://a", login: "https://l", graph: "https://g", portal: "https://p" };
        let (metadata, environment) = (cloud.metadata(), cloud.environment());
        let members = "name gallery graph portal graphAudience activeDirectoryDataLake batch media \
                       sqlManagement vmImageAliasDoc resourceManager authentication suffixes";
        let expected: std::collections::BTreeSet<&str> = members.split_whitespace().collect();
        let told = environment.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(expected, told);
        for (name, value) in environment["suffixes"].as_object().unwrap() {
            let known = metadata["suffixes"][name].as_str().unwrap();
            assert_eq!(value.as_str().unwrap().trim_start_matches('.'), known, "{name}");
        }
        assert_eq!(environment["media"], metadata["media"]);
        assert_eq!(environment["resourceManager"], "https://a/");
        assert_eq!(metadata["authentication"]["loginEndpoint"], "https://l");
    }
}
