//! `fyr report provider`.

use std::borrow::Cow;

use market::sheet;
use wire::access::report::{ActivationBody, ChangeBody, DecisionBody, ReportBody, RightBody};

use super::{columns, complain, say};
use crate::{
    admin::{self, Answer, Ask, report::Wanted},
    cli::{Paper, Provider, Report},
    folder::Folder,
    wiring,
};

/// Prints the report that is asked for.
pub(super) fn run(asked: &Report) -> anyhow::Result<()> {
    match asked {
        Report::Provider(it) => provider(it),
    }
}

fn provider(asked: &Provider) -> anyhow::Result<()> {
    let report = report(asked)?;
    match asked.output {
        Paper::Json => say(&format!("{}\n", serde_json::to_string_pretty(&report)?)),
        Paper::Csv => say(&csv(&report)),
        Paper::Table => say(&text(&report)),
    }
    if report.is_cut {
        complain("there is more than is told");
    }
    Ok(())
}

fn report(asked: &Provider) -> anyhow::Result<ReportBody> {
    let folder = Folder::open(&asked.data.folder)?;
    let Provider { provider, customer, members, .. } = asked.clone();
    let wanted = Wanted { provider, customer, members };
    match admin::ask(&folder, &Ask::Report(wanted.clone()))? {
        Some(Answer::Report(report)) => Ok(*report),
        Some(Answer::Refused(reason)) => anyhow::bail!(reason),
        Some(
            Answer::Ready { .. }
            | Answer::Applied(_)
            | Answer::Exported { .. }
            | Answer::Clock(_)
            | Answer::WhoCanDelegate(_)
            | Answer::Access(_),
        ) => anyhow::bail!("the server answered something else"),
        None => wiring::alone(&folder, async |office| {
            admin::report::make(&office.plane, wanted.clone()).await
        }),
    }
}

const HEADING: [&str; 8] =
    ["Scope", "Principal", "Role", "Held", "Activated", "Secrets", "Last used", "Members"];

fn row(it: &RightBody) -> [String; 8] {
    let role = it.role_name.clone().unwrap_or_else(|| it.role_definition_id.clone());
    let secrets = match it.reveals_secrets_by.len() {
        0 => "none".to_owned(),
        count => format!("reveals by {count}"),
    };
    let used = it.last_used.map_or_else(|| it.use_is.clone(), |at| at.to_string());
    [
        it.scope.clone(),
        it.principal_display_name.clone().unwrap_or_else(|| it.principal_id.clone()),
        role,
        it.hold.clone(),
        activated(it),
        secrets,
        used,
        it.members.as_ref().map(|all| all.join(" ")).unwrap_or_default(),
    ]
}

/// How often an eligible right was held, and whether it is.
fn activated(it: &RightBody) -> String {
    let Some(it) = &it.activated else { return String::new() };
    match (it.active_until, it.last) {
        (Some(until), _) => format!("{} times, now until {until}", it.count),
        (None, Some(last)) => format!("{} times, last {last}", it.count),
        (None, None) => "never".to_owned(),
    }
}

fn text(report: &ReportBody) -> String {
    let mut text = columns::table(HEADING, report.rights.iter().map(row));
    let mut add = |more: Option<String>| {
        text.extend(more.map(|more| format!("\n{more}")));
    };
    add(some(&report.activations, |all| {
        columns::table(
            ["Who activated", "Role", "Scope", "Asked", "State", "From", "Until", "Why", "Agreed"],
            all.iter().map(activation),
        )
    }));
    add(some(&report.uses, |all| {
        let rows = all.iter().map(|it| {
            [it.name.clone(), it.count.to_string(), it.last.to_string(), it.last_action.clone()]
        });
        columns::table(["Who acted", "Times", "Last", "What"], rows)
    }));
    add(some(&report.changes, |all| {
        columns::table(["When", "By", "What", "About"], all.iter().map(change))
    }));
    text
}

fn some<T>(all: &[T], write: impl Fn(&[T]) -> String) -> Option<String> {
    (!all.is_empty()).then(|| write(all))
}

fn activation(it: &ActivationBody) -> [String; 9] {
    let time = |at: Option<jiff::Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
    let ticket = [&it.ticket_system, &it.ticket_number].into_iter().flatten();
    let why: Vec<&str> = ticket.chain(&it.justification).map(String::as_str).collect();
    [
        it.name.clone().unwrap_or_else(|| it.principal_id.clone()),
        it.role_name.clone().unwrap_or_else(|| it.role_definition_id.clone()),
        it.scope.clone(),
        it.asked_on.to_string(),
        it.state.clone(),
        time(it.from),
        time(it.until),
        why.join(", ").split_whitespace().collect::<Vec<_>>().join(" "),
        it.decisions.iter().map(decision).collect::<Vec<_>>().join(", "),
    ]
}

fn decision(it: &DecisionBody) -> String {
    let said = if it.is_approved { "yes" } else { "no" };
    format!("{said} by {}", it.name.as_ref().unwrap_or(&it.principal_id))
}

fn change(it: &ChangeBody) -> [String; 4] {
    let by = it.by.clone().unwrap_or_else(|| "the system".to_owned());
    let about = match &it.detail {
        Some(detail) => format!("{} ({detail})", it.about),
        None => it.about.clone(),
    };
    [it.at.to_string(), by, it.what.clone(), about]
}

/// A row for each right, with all that is told of it.
fn csv(report: &ReportBody) -> String {
    let heading = [
        "scope",
        "registrationAssignmentId",
        "offer",
        "principalId",
        "principal",
        "roleDefinitionId",
        "role",
        "hold",
        "revealsSecretsBy",
        "onlyReads",
        "use",
        "lastUsed",
        "activations",
        "lastActivated",
        "activeUntil",
        "members",
    ];
    let rows = report.rights.iter().map(|it| {
        let plain = |text: &Option<String>| Cow::Owned(text.clone().unwrap_or_default());
        let list = |all: &[String]| Cow::Owned(all.join(" "));
        let time = |at: Option<jiff::Timestamp>| {
            Cow::Owned(at.map(|at| at.to_string()).unwrap_or_default())
        };
        let activated = it.activated.as_ref();
        vec![
            Cow::Borrowed(it.scope.as_str()),
            Cow::Borrowed(it.registration_assignment_id.as_str()),
            plain(&it.offer),
            Cow::Borrowed(it.principal_id.as_str()),
            plain(&it.principal_display_name),
            Cow::Borrowed(it.role_definition_id.as_str()),
            plain(&it.role_name),
            Cow::Borrowed(it.hold.as_str()),
            list(&it.reveals_secrets_by),
            Cow::Borrowed(if it.only_reads { "true" } else { "false" }),
            Cow::Borrowed(it.use_is.as_str()),
            time(it.last_used),
            Cow::Owned(activated.map(|it| it.count.to_string()).unwrap_or_default()),
            time(activated.and_then(|it| it.last)),
            time(activated.and_then(|it| it.active_until)),
            list(it.members.as_deref().unwrap_or_default()),
        ]
    });
    let heading = heading.iter().map(|it| Cow::Borrowed(*it)).collect();
    sheet::write(std::iter::once(heading).chain(rows))
}

#[cfg(test)]
mod tests;
