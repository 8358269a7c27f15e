//! `fyr report provider`.

use std::borrow::Cow;

use market::sheet;
use wire::access::report::{ReportBody, RightBody};

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

const HEADING: [&str; 7] =
    ["Scope", "Principal", "Role", "Held", "Secrets", "Last used", "Members"];

fn row(it: &RightBody) -> [String; 7] {
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
        secrets,
        used,
        it.members.as_ref().map(|all| all.join(" ")).unwrap_or_default(),
    ]
}

fn text(report: &ReportBody) -> String {
    let mut text = columns::table(HEADING, report.rights.iter().map(row));
    if !report.uses.is_empty() {
        let rows = report.uses.iter().map(|it| {
            [it.name.clone(), it.count.to_string(), it.last.to_string(), it.last_action.clone()]
        });
        text += "\n";
        text += &columns::table(["Who acted", "Times", "Last", "What"], rows);
    }
    if !report.changes.is_empty() {
        let rows = report.changes.iter().map(|it| {
            let by = it.by.clone().unwrap_or_else(|| "the system".to_owned());
            let about = match &it.detail {
                Some(detail) => format!("{} ({detail})", it.about),
                None => it.about.clone(),
            };
            [it.at.to_string(), by, it.what.clone(), about]
        });
        text += "\n";
        text += &columns::table(["When", "By", "What", "About"], rows);
    }
    text
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
        "members",
    ];
    let rows = report.rights.iter().map(|it| {
        let plain = |text: &Option<String>| Cow::Owned(text.clone().unwrap_or_default());
        let list = |all: &[String]| Cow::Owned(all.join(" "));
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
            Cow::Owned(it.last_used.map(|at| at.to_string()).unwrap_or_default()),
            list(it.members.as_deref().unwrap_or_default()),
        ]
    });
    let heading = heading.iter().map(|it| Cow::Borrowed(*it)).collect();
    sheet::write(std::iter::once(heading).chain(rows))
}
