//! What `fyr up` prints once it answers: what runs where, who can sign in, and what to do next.

use std::{collections::BTreeMap, fmt::Write, path::Path};

use ids::guid::{AppId, Principal, SubscriptionId, TenantId};
use model::{
    change::Noun,
    directory::{Application, Holder, Tenant, User},
    settings::Profile,
};
use operations::plane::Origins;
use world::world::World;

/// More accounts than fit a screen are counted, not listed.
const ACCOUNTS_MAX: usize = 20;

/// Someone who can sign in, as the world file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub tenant: TenantId,
    pub domain: String,
    pub organisation: String,
    /// The sign-in name, or the application's id.
    pub name: String,
    pub person: bool,
    pub display_name: String,
    pub secret: String,
}

/// Everyone whom the world gives a password or a secret, in its order.
pub fn accounts(world: &World) -> Vec<Account> {
    let (mut tenants, mut users, mut apps) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for noun in &world.nouns {
        if let Noun::Tenant(it) = noun {
            tenants.insert(it.id, it);
        } else if let Noun::User(it) = noun {
            users.insert(it.principal, it);
        } else if let Noun::Application(it) = noun {
            apps.insert((it.tenant, it.app), it);
        }
    }
    let known = Known { tenants, users, apps };
    let found = world.secrets.iter().filter_map(|it| known.account(it.holder, it.plain.reveal()));
    found.collect()
}

/// The world's subscriptions, each with its home, in its order.
pub fn subscriptions(world: &World) -> Vec<(SubscriptionId, TenantId)> {
    let all = world.nouns.iter().filter_map(|noun| {
        let Noun::Subscription(it) = noun else { return None };
        Some((it.id, it.tenant))
    });
    all.collect()
}

struct Known<'w> {
    tenants: BTreeMap<TenantId, &'w Tenant>,
    users: BTreeMap<Principal, &'w User>,
    apps: BTreeMap<(TenantId, AppId), &'w Application>,
}

impl Known<'_> {
    fn account(&self, holder: Holder, secret: &str) -> Option<Account> {
        let tenant = self.tenants.get(&holder.tenant())?;
        let (name, display_name) = match holder {
            Holder::User(principal) => {
                let user = self.users.get(&principal)?;
                (user.user_principal_name.clone(), user.display_name.clone())
            }
            Holder::Application(tenant, app) => {
                (app.to_string(), self.apps.get(&(tenant, app))?.display_name.clone())
            }
        };
        Some(Account {
            tenant: tenant.id,
            domain: tenant.domain.clone(),
            organisation: tenant.display_name.clone(),
            name,
            person: matches!(holder, Holder::User(_)),
            display_name,
            secret: secret.to_owned(),
        })
    }
}

/// What is told at the start.
#[derive(Debug)]
pub struct Summary<'a> {
    pub folder: &'a Path,
    /// How this program is called where it was started.
    pub program: String,
    /// How the folder stands on the command line, if it is not the default one.
    pub data: Option<String>,
    pub origins: &'a Origins,
    pub profile: Profile,
    /// None: what the folder began with cannot be read any more.
    pub accounts: Option<Vec<Account>>,
    pub plain_port: PlainPort,
    pub process: u32,
}

/// Who answers at port 443, where `az login -u NAME -p PASSWORD` asks whatever the server's port is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlainPort {
    /// This server.
    Answered,
    /// Whoever else wants to: the operator said so.
    Left,
    /// Another process, or nobody who may.
    Taken,
}

impl Summary<'_> {
    pub fn render(&self) -> String {
        let mut text = String::new();
        let _always = self.places(&mut text).and_then(|()| self.people(&mut text));
        let _always = self.next(&mut text);
        text
    }

    fn places(&self, text: &mut String) -> std::fmt::Result {
        let Origins { arm, graph, portal, .. } = self.origins;
        let profile = match self.profile {
            Profile::Azure => "azure (as Azure behaves, its documented defects included)",
            Profile::Strict => "strict (what Azure gets wrong is right)",
        };
        writeln!(text, "Fyr is up.\n")?;
        writeln!(text, "  ARM and sign-in   {arm}")?;
        writeln!(text, "  Microsoft Graph   {graph}")?;
        writeln!(text, "  Portal            {portal}")?;
        writeln!(text, "  Data folder       {}", self.folder.display())?;
        writeln!(text, "  Trust             {}", self.folder.join("ca.pem").display())?;
        writeln!(text, "  Profile           {profile}")?;
        let missing = match self.plain_port {
            PlainPort::Answered => None,
            PlainPort::Left => Some("was left to others"),
            PlainPort::Taken => Some("could not be had"),
        };
        if let Some(missing) = missing {
            writeln!(
                text,
                "\n  127.0.0.1:443 {missing}: `az login -u NAME -p PASSWORD` will not work,\n  \
                 since it leaves the port out; `--use-device-code` and service principals do."
            )?;
        }
        Ok(())
    }

    fn people(&self, text: &mut String) -> std::fmt::Result {
        let Some(accounts) = &self.accounts else { return Ok(()) };
        if accounts.is_empty() {
            return Ok(());
        }
        writeln!(text, "\nWho can sign in")?;
        let mut tenant = None;
        for it in accounts.iter().take(ACCOUNTS_MAX) {
            if tenant.replace(it.tenant) != Some(it.tenant) {
                writeln!(text, "\n  {} · {} · tenant {}", it.organisation, it.domain, it.tenant)?;
            }
            let Account { name, display_name, secret, .. } = it;
            let width = if it.person { 26 } else { 36 };
            writeln!(text, "    {name:width$}  {secret:30}  {display_name}")?;
        }
        if let Some(more) = accounts.len().checked_sub(ACCOUNTS_MAX + 1) {
            writeln!(text, "\n  … and {} more, as in the world file", more + 1)?;
        }
        Ok(())
    }

    fn next(&self, text: &mut String) -> std::fmt::Result {
        let data = self.data.as_ref().map(|it| format!(" --data {it}")).unwrap_or_default();
        writeln!(text, "\nThe Azure CLI, in another terminal")?;
        let program = &self.program;
        writeln!(text, "\n  eval \"$({program} connect az{data})\"")?;
        let tenant = self.accounts.iter().flatten().find(|it| it.person);
        let tenant = tenant.map_or("TENANT", |it| it.domain.as_str());
        writeln!(text, "  az login --use-device-code --tenant {tenant}")?;
        writeln!(text, "\n  Others: {program} connect python|javascript|terraform{data}")?;
        writeln!(text, "\nStop with Ctrl-C, or `kill {}`.", self.process)
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::worlds;

    fn sample() -> Vec<Account> {
        let world = worlds::parse(worlds::SAMPLE, "sample", Timestamp::UNIX_EPOCH).unwrap();
        accounts(&world)
    }

    #[test]
    fn the_samples_people_are_listed_with_what_they_sign_in_with() {
        let all = sample();
        let ada = all.iter().find(|it| it.name == "ada@fabrikam.example").unwrap();
        assert_eq!(ada.secret, "correct horse battery staple");
        let app = all.iter().find(|it| !it.person).unwrap();
        assert_eq!(app.display_name, "Fabrikam automation");
        assert_eq!(all.len(), 9);
    }

    #[test]
    fn the_summary_says_what_runs_where_and_what_to_do_next() {
        let at = |port: u16| format!("https://localhost:{port}");
        let origins = Origins { arm: at(1), login: at(1), graph: at(2), portal: at(3) };
        let summary = Summary {
            folder: Path::new("/data"),
            program: "fyr".to_owned(),
            data: Some("/data".to_owned()),
            origins: &origins,
            profile: Profile::Azure,
            accounts: Some(sample()),
            plain_port: PlainPort::Taken,
            process: 7,
        };
        let text = summary.render();
        for part in [
            "https://localhost:1\n",
            "Portal            https://localhost:3\n",
            "/data/ca.pem",
            "127.0.0.1:443 could not be had",
            "olof@contoso.example",
            "eval \"$(fyr connect az --data /data)\"",
            "--tenant fabrikam.example",
            "kill 7",
        ] {
            assert!(text.contains(part), "`{part}` is missing in\n{text}");
        }
        assert!(text.lines().all(|line| line.chars().count() <= 110), "{text}");
    }
}
