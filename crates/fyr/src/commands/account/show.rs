//! `fyr account show` and `list`.

use std::fmt::Write as _;

use ids::guid::TenantId;
use serde_json::Value;

use super::OWN;
use crate::{
    cli::{Format, Shown},
    commands::{
        columns, say,
        server::{Refused, Server, list as items, text},
    },
};

/// An account, with what is still to do.
pub(super) fn show(tenant: Option<TenantId>, shown: &Shown) -> anyhow::Result<()> {
    let server = Server::marketplace(&shown.online)?;
    let found = match tenant {
        Some(tenant) => server.get(&of(tenant))?,
        None => own(&server)?,
    };
    say(&match (shown.output, tenant) {
        (Format::Json, _) => format!("{found:#}\n"),
        (Format::Table, None) => told(&found),
        (Format::Table, Some(_)) => facts(&found),
    });
    Ok(())
}

/// Where a tenant's account is, for the operators.
pub(super) fn of(tenant: TenantId) -> String {
    format!("/market/accounts/{tenant}")
}

/// The caller's own account; where there is none, how one is made.
pub(super) fn own(server: &Server) -> anyhow::Result<Value> {
    server.get(OWN).map_err(|error| {
        if Refused::is(&error, 404) {
            return error.context("`fyr account init` and `fyr account sign-up` make an account");
        }
        error
    })
}

/// The form that a change is of.
pub(super) fn etag(account: &Value) -> String {
    format!("\"{}\"", revision(account).unwrap_or_default())
}

/// All accounts.
pub(super) fn list(shown: &Shown) -> anyhow::Result<()> {
    let found = Server::marketplace(&shown.online)?.all("/market/accounts")?;
    say(&match shown.output {
        Format::Json => format!("{:#}\n", Value::from(found)),
        Format::Table => {
            let row = |it: &Value| {
                let of = |name: &str| text(it, &format!("/{name}")).to_owned();
                [of("tenantId"), of("legalName"), of("partnerId"), of("created")]
            };
            let rows = found.iter().map(row);
            let rows = columns::table(["Tenant", "Company", "Partner id", "Since"], rows);
            format!("{rows}\nHow far one of them is:\n  fyr account show TENANT\n")
        }
    });
    Ok(())
}

/// The account as its own people read it.
pub(super) fn told(account: &Value) -> String {
    let steps = items(account, "/steps");
    let open: Vec<&str> =
        steps.iter().filter(|it| !is_done(it)).map(|it| text(it, "/id")).collect();
    let next = match open.as_slice() {
        [] => "Nothing is missing: offers may be published.\n",
        ["A8"] => {
            "The rest is the operators': they verify the company, and note what qualifies it.\n"
        }
        open if open.contains(&"A6") => {
            "A publisher id is chosen by:\n  \
             fyr account publishers create PUBLISHER --display-name NAME\n"
        }
        _ => "What the company says of itself is changed by:\n  fyr account update FILE\n",
    };
    facts(account) + next
}

/// The account as anybody reads it.
pub(super) fn facts(account: &Value) -> String {
    let state = match text(account, "/verification/state") {
        "" => "not begun",
        state => state,
    };
    let mut told = format!(
        "{} ({})\nVerification: {state}",
        text(account, "/legalName"),
        text(account, "/tenantId"),
    );
    let reason = text(account, "/verification/reason");
    if !reason.is_empty() {
        let _ = write!(told, ": {reason}");
    }
    told.push('\n');
    if let Some(revision) = revision(account) {
        let _ = writeln!(told, "Revision: {revision}");
    }
    for it in items(account, "/verification/qualifications") {
        let _ = writeln!(told, "Qualified by: {}", qualification(it));
    }
    for step in items(account, "/steps") {
        let mark = if is_done(step) { "done" } else { "open" };
        let _ = writeln!(told, "  {mark}  {}  {}", text(step, "/id"), text(step, "/title"));
        for missing in items(step, "/missing") {
            let _ = writeln!(told, "            {}", missing.as_str().unwrap_or_default());
        }
        if !is_done(step) {
            let _ = writeln!(told, "            {}", text(step, "/advice"));
        }
    }
    told
}

/// Which form of the account it is.
pub(super) fn revision(account: &Value) -> Option<u64> {
    account.get("revision").and_then(Value::as_u64)
}

fn is_done(step: &Value) -> bool {
    step.get("done").and_then(Value::as_bool).unwrap_or_default()
}

fn qualification(it: &Value) -> String {
    let parts = ["kind", "area", "name", "level"].map(|name| text(it, &format!("/{name}")));
    let words: Vec<&str> = parts.into_iter().filter(|it| !it.is_empty()).collect();
    match text(it, "/validTo") {
        "" => words.join(" "),
        day => format!("{}, until {day}", words.join(" ")),
    }
}
