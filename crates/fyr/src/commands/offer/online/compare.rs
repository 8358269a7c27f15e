//! `fyr offer compare`: the draft, or the preview, beside what is published.

use std::fmt::Write as _;

use serde_json::Value;

use crate::{
    cli::{Compare, Format, Told},
    commands::{
        say,
        server::{Refused, Server, text},
    },
};

/// Tells each field that differs.
pub(in crate::commands) fn run(wanted: &Compare) -> anyhow::Result<()> {
    let Compare { told: Told { named, output }, preview, with, all } = wanted;
    let of = if *preview { "preview" } else { "draft" };
    let filter = if *all { "" } else { "&filter=modified" };
    let path =
        format!("/market/offers/{}/compare?of={of}&with={}{filter}", named.offer, with.as_str());
    let found = Server::marketplace(&named.online)?.all(&path).map_err(|error| {
        if Refused::is(&error, 404) {
            let (slot, offer) = (with.as_str(), &named.offer);
            return error
                .context(format!("nothing of `{offer}` is in {slot}, or there is no such offer"));
        }
        error
    })?;
    say(&match output {
        Format::Json => format!("{:#}\n", Value::from(found)),
        Format::Table => fields(&found, &format!("{}, {of} and {}", named.offer, with.as_str())),
    });
    Ok(())
}

pub(super) fn fields(found: &[Value], between: &str) -> String {
    if found.is_empty() {
        return format!("{between}: nothing differs.\n");
    }
    let mut told = format!("{between}:\n");
    for it in found {
        let (field, before, after) = (text(it, "/field"), value(it, "before"), value(it, "after"));
        // Writing to a string does not fail.
        let _ = match text(it, "/change") {
            "added" => writeln!(told, "  + {field}: {after}"),
            "removed" => writeln!(told, "  - {field}: {before}"),
            "edited" => writeln!(told, "  ~ {field}: {before} -> {after}"),
            _ => writeln!(told, "    {field}: {after}"),
        };
    }
    told
}

fn value(of: &Value, name: &str) -> String {
    match of.get(name) {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    }
}
