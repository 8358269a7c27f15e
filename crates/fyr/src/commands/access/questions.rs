//! `fyr access check`, `explain`, `who-can`, `what-can`, `scopes-of` and `graph`.

use std::process::ExitCode;

use serde::Serialize;
use wire::{
    access::{
        ExplanationBody, GroupBody,
        chains::GraphBody,
        questions::{CheckedBody, ScopesOfBody, WhatCanBody, WhoCanBody},
    },
    arm::roles::PermissionBody,
};

use super::super::{columns, complain, say};
use crate::{
    admin::{
        self, Answer, Ask,
        questions::{Inquiry, Reply, What},
    },
    cli::{Common, Format},
    folder::Folder,
    wiring,
};

/// What `fyr access check` ends with where the answer is no.
const NO: u8 = 3;

/// Asks the running server, else the store itself, and prints the answer.
pub(in crate::commands) fn ask(what: What, common: &Common) -> anyhow::Result<ExitCode> {
    let reply = reply(what, common)?;
    let is_no = matches!(&reply, Reply::Check(it) if it.value.iter().any(|it| !it.is_allowed));
    match common.output {
        Format::Json => say(&json(&reply)?),
        Format::Table => say(&table(&reply)),
    }
    if is_cut(&reply) {
        complain("there are more than are shown");
    }
    Ok(if is_no { ExitCode::from(NO) } else { ExitCode::SUCCESS })
}

/// The same for a graph in the language of Graphviz.
pub(in crate::commands) fn draw(what: What, common: &Common) -> anyhow::Result<ExitCode> {
    let Reply::Graph(graph) = reply(what, common)? else {
        anyhow::bail!("the server answered something else")
    };
    say(&graph.dot());
    Ok(ExitCode::SUCCESS)
}

fn reply(what: What, common: &Common) -> anyhow::Result<Reply> {
    let folder = Folder::open(&common.data.folder)?;
    let inquiry = Inquiry { what, at: common.at.map(Into::into) };
    match admin::ask(&folder, &Ask::Access(Box::new(inquiry.clone())))? {
        Some(Answer::Access(reply)) => Ok(*reply),
        Some(Answer::Refused(reason)) => anyhow::bail!(reason),
        Some(
            Answer::Ready { .. }
            | Answer::Applied(_)
            | Answer::Exported { .. }
            | Answer::Clock(_)
            | Answer::WhoCanDelegate(_)
            | Answer::Report(_),
        ) => anyhow::bail!("the server answered something else"),
        None => wiring::alone(&folder, async |office| {
            admin::questions::answer(&office.plane, inquiry.clone()).await
        }),
    }
}

fn json(reply: &Reply) -> anyhow::Result<String> {
    fn text(it: &impl Serialize) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(it)
    }
    let text = match reply {
        Reply::Check(it) => text(it),
        Reply::Explain(it) => text(it),
        Reply::WhoCan(it) => text(it),
        Reply::WhatCan(it) => text(it),
        Reply::ScopesOf(it) => text(it),
        Reply::Graph(it) => text(it),
    };
    Ok(format!("{}\n", text?))
}

fn is_cut(reply: &Reply) -> bool {
    match reply {
        Reply::WhoCan(it) => it.is_cut,
        Reply::ScopesOf(it) => it.is_cut,
        Reply::Graph(it) => it.is_cut,
        Reply::Check(_) | Reply::Explain(_) | Reply::WhatCan(_) => false,
    }
}

fn table(reply: &Reply) -> String {
    match reply {
        Reply::Check(it) => checked(it),
        Reply::Explain(it) => explained(it),
        Reply::WhoCan(it) => holders(it),
        Reply::WhatCan(it) => held(it),
        Reply::ScopesOf(it) => scopes(it),
        Reply::Graph(it) => chains(it),
    }
}

fn checked(CheckedBody { value, .. }: &CheckedBody) -> String {
    value.iter().map(|it| if it.is_allowed { "yes\n" } else { "no\n" }).collect()
}

fn explained(it: &ExplanationBody) -> String {
    let answer = if it.is_allowed { "yes" } else { "no" };
    let heading = ["Scope", "Grant", "Role", "Through", "Outcome"];
    let rows = it.scopes.iter().flat_map(|at| {
        at.grants.iter().map(|grant| {
            let group = grant.group.as_ref().map_or_else(|| "directly".to_owned(), called);
            let role = grant.role_name.clone().unwrap_or_else(|| grant.role_definition_id.clone());
            [at.scope.clone(), grant.source.clone(), role, group, grant.outcome.clone()]
        })
    });
    let mut text = format!("{answer}: {}\n", it.reason);
    if it.scopes.iter().any(|at| !at.grants.is_empty()) {
        text += &columns::table(heading, rows);
    }
    let denies = it.deny_assignments.iter().filter(|it| it.applies);
    let denies = denies.flat_map(|it| ["denied by ", &it.id, "\n"]);
    let locks = it.locks.iter().flat_map(|it| ["locked by ", &it.id, "\n"]);
    text.extend(denies.chain(locks));
    text
}

fn called(group: &GroupBody) -> String {
    group.display_name.clone().unwrap_or_else(|| group.id.clone())
}

fn holders(WhoCanBody { value, .. }: &WhoCanBody) -> String {
    let rows = value.iter().map(|it| {
        let groups: Vec<String> = it.groups.iter().map(called).collect();
        [
            it.display_name.clone().unwrap_or_else(|| it.principal_id.clone()),
            it.principal_type.clone().unwrap_or_default(),
            it.tenant_id.clone(),
            it.source.clone(),
            it.role_name.clone().unwrap_or_else(|| it.role_definition_id.clone()),
            it.scope.clone(),
            if groups.is_empty() { "directly".to_owned() } else { groups.join(" > ") },
        ]
    });
    columns::table(["Name", "Type", "Tenant", "Grant", "Role", "Scope", "Through"], rows)
}

fn held(WhatCanBody { value, .. }: &WhatCanBody) -> String {
    let rows = value.iter().flat_map(|it| {
        let PermissionBody { actions, not_actions, data_actions, not_data_actions, .. } = it;
        let condition = it.condition.as_ref().map_or("", |_| "a condition");
        let parts = [
            ("may", actions),
            ("but not", not_actions),
            ("may, to data", data_actions),
            ("but not, to data", not_data_actions),
        ];
        let lines = parts.into_iter().flat_map(move |(verb, actions)| {
            actions.iter().map(move |it| [verb.to_owned(), it.clone(), condition.to_owned()])
        });
        lines.collect::<Vec<_>>()
    });
    columns::table(["Holds", "Action", "Under"], rows)
}

fn scopes(ScopesOfBody { value, .. }: &ScopesOfBody) -> String {
    value.iter().flat_map(|it| [it, "\n"]).collect()
}

fn chains(graph: &GraphBody) -> String {
    let name = |id: &String| {
        let node = graph.nodes.iter().find(|it| it.id == *id);
        let name = node.and_then(|it| it.name.clone().or_else(|| it.resource_id.clone()));
        name.unwrap_or_else(|| id.clone())
    };
    let rows = graph.edges.iter().map(|it| {
        let (from, to) = (name(&it.from), name(&it.to));
        [from, it.kind.words().to_owned(), to]
    });
    columns::table(["From", "Step", "To"], rows)
}
