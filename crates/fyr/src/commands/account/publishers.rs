//! `fyr account publishers`: the names that an account publishes under.

use ids::offer::PublisherId;
use serde_json::{Value, json};

use super::OWN;
use crate::{
    cli::{Format, Online, Shown},
    commands::{
        columns, say,
        server::{Server, text},
    },
};

/// All of them.
pub(super) fn list(shown: &Shown) -> anyhow::Result<()> {
    let found = Server::marketplace(&shown.online)?.all(&format!("{OWN}/publishers"))?;
    say(&match shown.output {
        Format::Json => format!("{:#}\n", Value::from(found)),
        Format::Table if found.is_empty() => "There is no publisher yet. One is made by:\n  \
             fyr account publishers create PUBLISHER --display-name NAME\n"
            .to_owned(),
        Format::Table => {
            let of = |it: &Value, name: &str| text(it, &format!("/{name}")).to_owned();
            let row =
                |it: &Value| [of(it, "publisherId"), of(it, "displayName"), of(it, "created")];
            columns::table(["Publisher", "Name", "Since"], found.iter().map(row))
        }
    });
    Ok(())
}

/// Takes a name.
pub(super) fn create(id: &PublisherId, name: &str, online: &Online) -> anyhow::Result<()> {
    let server = Server::marketplace(online)?;
    let body = json!({ "publisherId": id, "displayName": name });
    server.post(&format!("{OWN}/publishers"), &body)?;
    say(&format!(
        "{id} publishes from now on. An offer of its own to begin with is written by:\n  \
         fyr offer init DIR\n"
    ));
    Ok(())
}
