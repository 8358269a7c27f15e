//! What each client needs to be told (`contracts`: clients, setup recipes).

use std::path::Path;

use ids::guid::{SubscriptionId, TenantId};
use operations::plane::Origins;

use crate::{cli::Client, summary::Account};

/// The Fyr that is connected to.
pub(super) struct Target<'a> {
    pub(super) folder: &'a Path,
    pub(super) origins: Origins,
    pub(super) accounts: &'a [Account],
    /// The subscriptions of its world, each with its home.
    pub(super) subscriptions: &'a [(SubscriptionId, TenantId)],
}

/// What to do, in an order that works.
pub(super) struct Recipe {
    pub(super) environment: Vec<(&'static str, String)>,
    /// Shell commands, once for each folder.
    pub(super) setup: Vec<String>,
    /// What to try next, as comments.
    notes: Vec<String>,
    /// Words in the environment that stand for what nobody knows.
    pub(super) blanks: &'static [&'static str],
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
    blanks: &'static [&'static str],
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
            blanks: if found.is_some() { &[] } else { &["TENANT", "APP_ID", "SECRET"] },
        }
    }

    /// The subscription that the application has most likely to do with: one of its own tenant,
    /// else the first there is.
    fn subscription(&self) -> Option<SubscriptionId> {
        let tenant = self.accounts.iter().find(|it| !it.person).map(|it| it.tenant);
        let own = self.subscriptions.iter().find(|(_, home)| Some(*home) == tenant);
        own.or(self.subscriptions.first()).map(|(id, _)| *id)
    }

    fn az(&self) -> Recipe {
        let arm = &self.origins.arm;
        let person = self.person().map(|it| it.domain.as_str());
        let App { tenant: app_tenant, id, secret, .. } = self.app();
        let login =
            |tenant: &str| ["login", "--use-device-code", "--tenant", tenant].map(str::to_owned);
        Recipe {
            environment: vec![
                ("AZURE_CONFIG_DIR", self.folder.join("az").display().to_string()),
                ("REQUESTS_CA_BUNDLE", self.certificate()),
                ("AZURE_CORE_INSTANCE_DISCOVERY", "false".to_owned()),
                ("AZURE_CORE_COLLECT_TELEMETRY", "no".to_owned()),
                ("AZURE_CORE_LOGIN_EXPERIENCE_V2", "off".to_owned()),
            ],
            // A cloud that was registered at another port is no longer there.
            setup: vec![
                "case \"$(az cloud show -n Fyr --query endpoints.resourceManager -o tsv \
                 2>/dev/null)\" in"
                    .to_owned(),
                format!("{arm}|{arm}/) ;;"),
                "*) az cloud set -n AzureCloud; az cloud unregister -n Fyr 2>/dev/null || true"
                    .to_owned(),
                format!("az cloud register -n Fyr --endpoint-resource-manager {arm}"),
                ";; esac".to_owned(),
                "az cloud set -n Fyr".to_owned(),
            ],
            notes: vec![
                format!("az {}", login(person.unwrap_or("TENANT")).join(" ")),
                format!(
                    "az login --service-principal -u {id} --password={} --tenant {app_tenant}",
                    quoted(&secret)
                ),
            ],
            blanks: &[],
            otherwise: person.map(|tenant| ("az".to_owned(), login(tenant).into())),
        }
    }

    fn python(&self) -> Recipe {
        let arm = &self.origins.arm;
        let App { tenant, id, secret, blanks } = self.app();
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
            blanks,
            otherwise: None,
        }
    }

    fn javascript(&self) -> Recipe {
        let Origins { arm, login, .. } = &self.origins;
        let subscription = self.subscription().map(|id| format!("\"{id}\""));
        let subscription = subscription.unwrap_or_else(|| "SUBSCRIPTION".to_owned());
        let App { tenant, id, secret, blanks } = self.app();
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
                    "new ResourceManagementClient(credential, {subscription}, {{ endpoint: \
                     \"{arm}\", credentialScopes: [\"{arm}/.default\"] }})"
                ),
            ],
            blanks,
            otherwise: None,
        }
    }

    fn terraform(&self) -> Recipe {
        let App { tenant, id, secret, blanks } = self.app();
        let host = self.origins.arm.trim_start_matches("https://").to_owned();
        let subscription = self.subscription();
        let known = subscription.map(|id| ("ARM_SUBSCRIPTION_ID", id.to_string()));
        let environment = [
            ("SSL_CERT_FILE", self.certificate()),
            ("ARM_METADATA_HOSTNAME", host),
            ("ARM_TENANT_ID", tenant),
            ("ARM_CLIENT_ID", id),
            ("ARM_CLIENT_SECRET", secret),
        ];
        let asked = if known.is_some() { "in" } else { "export ARM_SUBSCRIPTION_ID=…, then in" };
        Recipe {
            environment: environment.into_iter().chain(known).collect(),
            setup: Vec::new(),
            notes: vec![
                format!("{asked} the configuration:"),
                "provider \"azurerm\" { features {} resource_provider_registrations = \"none\" }"
                    .to_owned(),
            ],
            blanks,
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
    use crate::{
        summary::{self, subscriptions},
        worlds,
    };

    fn rendered(client: Client) -> String {
        let world = worlds::parse(worlds::SAMPLE, "sample", Timestamp::UNIX_EPOCH).unwrap();
        let (accounts, subscriptions) = (summary::accounts(&world), subscriptions(&world));
        recipe(client, &accounts, &subscriptions).render()
    }

    fn recipe(
        client: Client,
        accounts: &[Account],
        subscriptions: &[(SubscriptionId, TenantId)],
    ) -> Recipe {
        let at = |port: u16| format!("https://localhost:{port}");
        let origins = Origins { arm: at(8443), login: at(8443), graph: at(8444), portal: at(8445) };
        let folder = Path::new("/my data");
        Recipe::of(client, &Target { folder, origins, accounts, subscriptions })
    }

    #[test]
    fn a_cloud_that_was_registered_at_another_port_is_registered_anew() {
        let text = rendered(Client::Az);
        let place = |part: &str| text.find(part).unwrap_or_else(|| panic!("{part}\n{text}"));
        let kept = place("https://localhost:8443|https://localhost:8443/) ;;");
        assert!(place("--query endpoints.resourceManager") < kept);
        assert!(kept < place("az cloud unregister -n Fyr"));
        assert!(place("az cloud unregister") < place("az cloud register"));
        let checked = std::process::Command::new("sh").args(["-nc", &text]).status().unwrap();
        assert!(checked.success(), "no shell reads\n{text}");
    }

    #[test]
    fn what_nobody_knows_is_a_blank_and_what_the_world_says_is_filled_in() {
        let text = rendered(Client::Terraform);
        let line = "export ARM_SUBSCRIPTION_ID=11111111-1111-4111-8111-111111111111";
        assert!(text.lines().any(|it| it == line), "{text}");
        for client in [Client::Python, Client::Javascript, Client::Terraform] {
            assert_eq!(recipe(client, &[], &[]).blanks, ["TENANT", "APP_ID", "SECRET"]);
        }
        let unknown = recipe(Client::Az, &[], &[]);
        assert!(unknown.blanks.is_empty() && unknown.otherwise.is_none());
        assert!(recipe(Client::Terraform, &[], &[]).render().contains("ARM_SUBSCRIPTION_ID=…"));
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
