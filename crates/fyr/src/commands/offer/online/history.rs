//! `fyr offer history`: what happened to an offer.

use serde_json::Value;

use crate::{
    cli::{Format, Told},
    commands::{
        columns, say,
        server::{Server, text},
    },
};

/// Everything, the latest first.
pub(in crate::commands) fn run(Told { named, output }: &Told) -> anyhow::Result<()> {
    let path = format!("/market/offers/{}/history", named.offer);
    let found = Server::marketplace(&named.online)?.all(&path)?;
    say(&match output {
        Format::Json => format!("{:#}\n", Value::from(found)),
        Format::Table => {
            let row = |it: &Value| ["/at", "/event", "/by"].map(|name| text(it, name).to_owned());
            columns::table(["When", "What", "Who"], found.iter().map(row))
        }
    });
    Ok(())
}
