//! `fyr offer stop` and `resume`: whether anybody new can take an offer, or one of its plans.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::{
    cli::Distributed,
    commands::{
        say,
        server::{Server, list, text},
    },
};

/// Asks that nobody new takes it.
pub(in crate::commands) fn stop(wanted: &Distributed) -> anyhow::Result<()> {
    let now = turned(wanted, "stop")?;
    say(&told(&now));
    let offer = &wanted.named.offer;
    say(&match &wanted.plan {
        Some(plan) => format!(
            "{plan} stops with the next publication; what is delegated goes on. Until then:\n  \
             fyr offer resume {offer} --plan {plan}\n"
        ),
        None => format!(
            "Nobody new takes {offer} once it is stopped; what is delegated goes on. As long as \
             the stop is pending:\n  fyr offer resume {offer}\n"
        ),
    });
    Ok(())
}

/// Takes that back.
pub(in crate::commands) fn resume(wanted: &Distributed) -> anyhow::Result<()> {
    say(&told(&turned(wanted, "resume")?));
    Ok(())
}

fn turned(Distributed { named, plan }: &Distributed, action: &str) -> anyhow::Result<Value> {
    let plan = plan.as_ref().map(|it| format!("/plans/{it}")).unwrap_or_default();
    let path = format!("/market/offers/{}{plan}/{action}", named.offer);
    Server::marketplace(&named.online)?.post(&path, &json!({}))
}

/// Where the offer and each of its plans stand.
pub(super) fn told(offer: &Value) -> String {
    let mut told = format!("{}: {}\n", text(offer, "/id"), text(offer, "/status"));
    for plan in list(offer, "/plans") {
        let standing = match text(plan, "/distribution") {
            "stopRequested" => "pending stop distribution",
            other => other,
        };
        // Writing to a string does not fail.
        let _ = writeln!(told, "  {}: {standing}", text(plan, "/planId"));
    }
    told
}
