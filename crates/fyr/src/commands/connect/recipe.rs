//! What each client needs to be told (`contracts`: clients, setup recipes).

use std::path::Path;

use operations::plane::Origins;

use crate::{cli::Client, summary::Account};

/// The Fyr that is connected to.
pub(super) struct Target<'a> {
    pub(super) folder: &'a Path,
    pub(super) origins: Origins,
    pub(super) accounts: &'a [Account],
}

/// What to do, in an order that works.
pub(super) struct Recipe {
    pub(super) environment: Vec<(&'static str, String)>,
    /// Shell commands, once for each folder.
    pub(super) setup: Vec<String>,
    /// What to try next, as comments.
    notes: Vec<String>,
    /// What `--run` runs if nothing is given.
    pub(super) otherwise: Option<(String, Vec<String>)>,
}

impl Recipe {
    pub(super) fn of(client: Client, target: &Target<'_>) -> Self {
        match client {
            Client::Az => target.az(),
            Client::Python => target.python(),
            Client::Javascript => target.javascript(),
            Client::Terraform => target.terraform(),
        }
    }

    /// As a shell can read it.
    pub(super) fn render(&self) -> String {
        let exports =
            self.environment.iter().map(|(name, value)| format!("export {name}={}", quoted(value)));
        let notes = self.notes.iter().map(|note| format!("# {note}"));
        let lines: Vec<String> = exports.chain(self.setup.iter().cloned()).chain(notes).collect();
        lines.join("\n") + "\n"
    }
}

/// An application's credentials, or words that stand for them.
struct App {
    tenant: String,
    id: String,
    secret: String,
}

impl Target<'_> {
    fn certificate(&self) -> String {
        self.folder.join("ca.pem").display().to_string()
    }

    fn person(&self) -> Option<&Account> {
        self.accounts.iter().find(|it| it.person)
    }

    fn app(&self) -> App {
        let found = self.accounts.iter().find(|it| !it.person);
        let or = |found: Option<String>, word: &str| found.unwrap_or_else(|| word.to_owned());
        App {
            tenant: or(found.map(|it| it.tenant.to_string()), "TENANT"),
            id: or(found.map(|it| it.name.clone()), "APP_ID"),
            secret: or(found.map(|it| it.secret.clone()), "SECRET"),
        }
    }

    fn az(&self) -> Recipe {
        let arm = &self.origins.arm;
        let tenant = self.person().map_or("TENANT", |it| it.domain.as_str());
        let App { tenant: app_tenant, id, secret } = self.app();
        let login = ["login", "--use-device-code", "--tenant", tenant].map(str::to_owned);
        Recipe {
            environment: vec![
                ("AZURE_CONFIG_DIR", self.folder.join("az").display().to_string()),
                ("REQUESTS_CA_BUNDLE", self.certificate()),
                ("AZURE_CORE_INSTANCE_DISCOVERY", "false".to_owned()),
                ("AZURE_CORE_COLLECT_TELEMETRY", "no".to_owned()),
                ("AZURE_CORE_LOGIN_EXPERIENCE_V2", "off".to_owned()),
            ],
            setup: vec![
                format!(
                    "az cloud show -n Fyr >/dev/null 2>&1 || \
                     az cloud register -n Fyr --endpoint-resource-manager {arm}"
                ),
                "az cloud set -n Fyr".to_owned(),
            ],
            notes: vec![
                format!("az {}", login.join(" ")),
                format!(
                    "az login --service-principal -u {id} --password={} --tenant {app_tenant}",
                    quoted(&secret)
                ),
            ],
            otherwise: Some(("az".to_owned(), login.into())),
        }
    }

    fn python(&self) -> Recipe {
        let arm = &self.origins.arm;
        let App { tenant, id, secret } = self.app();
        Recipe {
            environment: vec![
                ("REQUESTS_CA_BUNDLE", self.certificate()),
                ("SSL_CERT_FILE", self.certificate()),
                ("AZURE_AUTHORITY_HOST", self.origins.login.clone()),
                ("AZURE_TENANT_ID", tenant),
                ("AZURE_CLIENT_ID", id),
                ("AZURE_CLIENT_SECRET", secret),
            ],
            setup: Vec::new(),
            notes: vec![
                "from azure.identity import DefaultAzureCredential".to_owned(),
                "from azure.mgmt.managedservices import ManagedServicesClient".to_owned(),
                "credential = DefaultAzureCredential(disable_instance_discovery=True)".to_owned(),
                format!(
                    "client = ManagedServicesClient(credential, base_url=\"{arm}\", \
                     credential_scopes=[\"{arm}/.default\"])"
                ),
            ],
            otherwise: None,
        }
    }

    fn javascript(&self) -> Recipe {
        let Origins { arm, login, .. } = &self.origins;
        let App { tenant, id, secret } = self.app();
        Recipe {
            environment: vec![
                ("NODE_EXTRA_CA_CERTS", self.certificate()),
                ("AZURE_AUTHORITY_HOST", login.clone()),
                ("AZURE_TENANT_ID", tenant),
                ("AZURE_CLIENT_ID", id),
                ("AZURE_CLIENT_SECRET", secret),
            ],
            setup: Vec::new(),
            notes: vec![
                format!(
                    "new ClientSecretCredential(AZURE_TENANT_ID, AZURE_CLIENT_ID, \
                     AZURE_CLIENT_SECRET, {{ authorityHost: \"{login}\", \
                     disableInstanceDiscovery: true }})"
                ),
                format!(
                    "new ResourceManagementClient(credential, SUBSCRIPTION, {{ endpoint: \
                     \"{arm}\", credentialScopes: [\"{arm}/.default\"] }})"
                ),
            ],
            otherwise: None,
        }
    }

    fn terraform(&self) -> Recipe {
        let App { tenant, id, secret } = self.app();
        let host = self.origins.arm.trim_start_matches("https://").to_owned();
        Recipe {
            environment: vec![
                ("SSL_CERT_FILE", self.certificate()),
                ("ARM_METADATA_HOSTNAME", host),
                ("ARM_TENANT_ID", tenant),
                ("ARM_CLIENT_ID", id),
                ("ARM_CLIENT_SECRET", secret),
            ],
            setup: Vec::new(),
            notes: vec![
                "export ARM_SUBSCRIPTION_ID=…, then in the configuration:".to_owned(),
                "provider \"azurerm\" { features {} resource_provider_registrations = \"none\" }"
                    .to_owned(),
            ],
            otherwise: None,
        }
    }
}

/// As one word of a shell.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@=+".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::{summary, worlds};

    fn rendered(client: Client) -> String {
        let world = worlds::parse(worlds::SAMPLE, "sample", Timestamp::UNIX_EPOCH).unwrap();
        let accounts = summary::accounts(&world);
        let at = |port: u16| format!("https://localhost:{port}");
        let origins = Origins { arm: at(8443), login: at(8443), graph: at(8444), portal: at(8445) };
        let target = Target { folder: Path::new("/my data"), origins, accounts: &accounts };
        Recipe::of(client, &target).render()
    }

    #[test]
    fn az_is_told_of_the_cloud_and_of_the_authority_and_to_trust_it() {
        let text = rendered(Client::Az);
        for line in [
            "export REQUESTS_CA_BUNDLE='/my data/ca.pem'",
            "export AZURE_CORE_INSTANCE_DISCOVERY=false",
            "az cloud set -n Fyr",
            "# az login --use-device-code --tenant fabrikam.example",
        ] {
            assert!(text.lines().any(|it| it == line), "`{line}` is missing in\n{text}");
        }
        assert!(
            text.contains("register -n Fyr --endpoint-resource-manager https://localhost:8443\n")
        );
        assert!(text.contains("--password='amber tractor ninth harbour' --tenant "));
    }

    #[test]
    fn every_client_trusts_the_authority_and_knows_the_origin() {
        for client in [Client::Az, Client::Python, Client::Javascript, Client::Terraform] {
            let text = rendered(client);
            assert!(text.contains("='/my data/ca.pem'"), "{text}");
            assert!(text.contains("localhost:8443"), "{text}");
        }
    }

    #[test]
    fn a_word_with_quotes_stays_one_word() {
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!((quoted(""), quoted("a-b")), ("''".to_owned(), "a-b".to_owned()));
    }
}
