//! `fyr acceptance list` and `show`.

use std::fmt::Write as _;

use anyhow::Context;
use serde_json::Value;
use wire::acceptance::{AcceptanceBody, AcceptanceProperties};

use super::{VERSION, all, path, server, spelt};
use crate::{
    cli::{Format, InSubscription, OfPlan, Planned},
    commands::{
        columns, say,
        server::{Refused, Server},
    },
};

/// All that a subscription accepted.
pub(super) fn list(at: &InSubscription, format: Format) -> anyhow::Result<()> {
    let server = Server::resource_manager(at)?;
    let found = server.all(&format!("{}?api-version={VERSION}", all(at)))?;
    say(&match format {
        Format::Json => format!("{:#}\n", Value::from(found)),
        Format::Table => rows(found, at)?,
    });
    Ok(())
}

pub(super) fn rows(found: Vec<Value>, at: &InSubscription) -> anyhow::Result<String> {
    if found.is_empty() {
        return Ok(format!(
            "Nothing is accepted there. What can be is listed by:\n  \
             fyr catalog search --subscription {}\n",
            at.subscription
        ));
    }
    let found: Vec<AcceptanceBody> = found.into_iter().map(read).collect::<Result<_, _>>()?;
    let row = |AcceptanceBody { name, properties: it, .. }: &AcceptanceBody| {
        let version = it.version.map_or_else(|| "terms alone".to_owned(), |it| it.to_string());
        let waits = match (it.available_version, it.is_declined, it.is_offered) {
            (Some(version), true, _) => format!("{version}, declined"),
            (Some(version), false, _) => version.to_string(),
            (None, _, false) => "no longer offered".to_owned(),
            (None, _, true) => String::new(),
        };
        [name.clone(), version, waits, it.offer_display_name.clone().unwrap_or_default()]
    };
    let mut told = columns::table(["Plan", "In force", "Waits", "Offer"], found.iter().map(row));
    if found.iter().any(|it| waits(&it.properties)) {
        // Writing to a string does not fail.
        let _ = writeln!(
            told,
            "\nWhat waits for a decision would change this:\n  \
             fyr acceptance difference PLAN --subscription {}",
            at.subscription
        );
    }
    Ok(told)
}

/// What is accepted of one plan.
pub(super) fn show(wanted: &OfPlan) -> anyhow::Result<()> {
    let found = found(&server(wanted)?, &wanted.plan)?;
    say(&match wanted.output {
        Format::Json => format!("{found:#}\n"),
        Format::Table => told(&found, &wanted.plan)?,
    });
    Ok(())
}

/// What is accepted of it; where nothing is, how that is done.
pub(super) fn found(server: &Server, planned: &Planned) -> anyhow::Result<Value> {
    server.get(&path(planned, "")).map_err(|error| {
        if Refused::is(&error, 404) {
            let how = format!("`fyr acceptance accept {}` shows what can be", spelt(planned));
            return error.context(how);
        }
        error
    })
}

fn read(found: Value) -> anyhow::Result<AcceptanceBody> {
    serde_json::from_value(found).context("the acceptance is not understood")
}

/// The newer version has no answer yet.
fn waits(it: &AcceptanceProperties) -> bool {
    it.available_version.is_some() && !it.is_declined
}

/// An acceptance, with what to do next.
pub(super) fn told(found: &Value, planned: &Planned) -> anyhow::Result<String> {
    let AcceptanceBody { name, properties: it, .. } = read(found.clone())?;
    let mut told = match it.version {
        Some(version) => format!("{name}: version {version} is in force\n"),
        None => format!("{name}: the terms are agreed to, and no version is in force\n"),
    };
    let called = |it: &Option<String>| it.clone().unwrap_or_else(|| "?".to_owned());
    let (offer, plan) = (called(&it.offer_display_name), called(&it.plan_display_name));
    let publisher = called(&it.publisher_display_name);
    let terms = &it.terms;
    let words = terms.link.as_deref().or(terms.text.as_deref()).unwrap_or("no words of their own");
    let by = if terms.accepted { "agreed to by" } else { "taken back; once agreed to by" };
    // Writing to a string does not fail.
    let _ = write!(
        told,
        "  {plan} of {offer}, by {publisher}\n  Terms: {by} {} at {}: {words}\n",
        terms.accepted_by, terms.accepted_at
    );
    for definition in &it.registration_definition_ids {
        let _ = writeln!(told, "  Definition: {definition}");
    }
    if !it.is_offered {
        told +=
            "  It is offered here no longer: what is delegated goes on, and nothing newer comes.\n";
    }
    if let Some(version) = it.available_version {
        let spelt = spelt(planned);
        let _ = if it.is_declined {
            write!(
                told,
                "Version {version} was declined. This lets it wait again:\n  \
                 fyr acceptance reconsider {spelt}\n"
            )
        } else {
            write!(
                told,
                "Version {version} waits. What it would change, and the two answers:\n  \
                 fyr acceptance difference {spelt}\n  \
                 fyr acceptance update {spelt} --version {version}\n  \
                 fyr acceptance decline {spelt} --version {version}\n"
            )
        };
    }
    Ok(told)
}
