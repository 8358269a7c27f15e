//! `fyr offer review`: an operator's word on what waits for one.

use std::fmt::Write as _;

use anyhow::Context;
use model::market::submission::SubmissionId;
use serde_json::{Value, json};

use crate::{
    cli::{Format, Review, Shown, Submitted},
    commands::{
        columns, say,
        server::{Refused, Server, list as items, text},
    },
    worlds,
};

/// What to do where a submission does not wait.
const THOSE: &str = "`fyr offer review list` shows those that wait";

/// Runs one of its commands.
pub(in crate::commands) fn run(wanted: &Review) -> anyhow::Result<()> {
    match wanted {
        Review::List { shown } => list(shown),
        Review::Show { submission, output } => show(submission, *output),
        Review::Approve { submission, report } => word(submission, true, report),
        Review::Refuse { submission, report, report_file } => {
            let file = report_file.as_deref().map(worlds::text).transpose()?;
            word(submission, false, report.as_ref().or(file.as_ref()).context("no report")?)
        }
    }
}

fn list(shown: &Shown) -> anyhow::Result<()> {
    let found = Server::marketplace(&shown.online)?.all("/market/submissions")?;
    say(&match shown.output {
        Format::Json => format!("{:#}\n", Value::from(found)),
        Format::Table if found.is_empty() => "No submission waits.\n".to_owned(),
        Format::Table => {
            let row = |it: &Value| {
                ["/id", "/offer", "/created", "/createdBy"].map(|name| text(it, name).to_owned())
            };
            let rows =
                columns::table(["Submission", "Offer", "Since", "By"], found.iter().map(row));
            format!(
                "{rows}\nWhat one of them asks to publish:\n  fyr offer review show SUBMISSION\n"
            )
        }
    });
    Ok(())
}

/// Where a submission that waits is: the list knows whose it is.
fn path(server: &Server, id: SubmissionId) -> anyhow::Result<String> {
    let waiting = server.all("/market/submissions")?;
    let found = waiting.iter().find(|it| text(it, "/id") == id.to_string());
    let found = found.with_context(|| format!("no submission `{id}` waits; {THOSE}"))?;
    let tenant = text(found, "/tenantId");
    Ok(format!("/market/accounts/{tenant}/submissions/{id}"))
}

fn show(Submitted { id, online }: &Submitted, format: Format) -> anyhow::Result<()> {
    let server = Server::marketplace(online)?;
    let found = server.get(&path(&server, *id)?)?;
    say(&match format {
        Format::Json => format!("{found:#}\n"),
        Format::Table => told(&found),
    });
    Ok(())
}

/// The texts and manifests, resource by resource, and what the rules noted.
pub(super) fn told(found: &Value) -> String {
    let (id, by) = (text(found, "/id"), text(found, "/createdBy"));
    let mut told =
        format!("{}, submitted by {by} at {}\n", text(found, "/offer"), text(found, "/created"));
    for it in items(found, "/validations") {
        let (code, field) = (text(it, "/code"), text(it, "/target"));
        // Writing to a string does not fail.
        let _ = writeln!(told, "  {code} at {field}: {}", text(it, "/message"));
    }
    for resource in items(found, "/resources") {
        let mut parts = text(resource, "/$schema").rsplit('/');
        let kind = parts.nth(1).unwrap_or_default();
        let mut said = resource.clone();
        if let Some(members) = said.as_object_mut() {
            // What every resource has says nothing about this one.
            members
                .retain(|name, _| !["$schema", "id", "product", "plan"].contains(&name.as_str()));
        }
        let _ = writeln!(told, "\n{kind} {said:#}");
    }
    let _ = write!(
        told,
        "\nThe two answers; the publisher reads the report:\n  \
         fyr offer review approve {id}\n  fyr offer review refuse {id} --report TEXT\n"
    );
    told
}

fn word(Submitted { id, online }: &Submitted, approved: bool, report: &str) -> anyhow::Result<()> {
    let server = Server::marketplace(online)?;
    let path = format!("{}/review", path(&server, *id)?);
    let given = server.put(&path, &json!({ "approved": approved, "report": report }));
    given.map_err(|error| if Refused::is(&error, 409) { error.context(THOSE) } else { error })?;
    say(if approved {
        "Approved: it goes on to its preview.\n"
    } else {
        "Refused: the publisher reads the report in `fyr offer status`.\n"
    });
    Ok(())
}
