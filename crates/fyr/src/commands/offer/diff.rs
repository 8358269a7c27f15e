//! `fyr offer diff`: what another version of an offer asks for, and what else it says.

use std::{fmt::Write as _, path::Path, process::ExitCode};

use access::catalogue::Catalogue;
use ids::{offer::PlanName, version::Version};
use market::{
    compare::{self, Change, compare},
    difference::{Overall, difference},
};
use model::market::{form::Form, manifest::Manifest};
use operations::offers::effective::effective;
use serde_json::{Value, json};
use wire::difference as words;

use super::{operations, read};
use crate::{
    cli::Format,
    commands::{manifest, say},
};

/// Prints the difference of two offers; its weight is in the exit code.
pub(in crate::commands) fn run(
    before: &Path,
    after: &Path,
    format: Format,
) -> anyhow::Result<ExitCode> {
    let (before, after) = (read(before)?, read(after)?);
    let (overall, text) = told(&before.form, &after.form, format)?;
    say(&text);
    Ok(manifest::code(overall))
}

pub(super) fn told(
    before: &Form,
    after: &Form,
    format: Format,
) -> anyhow::Result<(Overall, String)> {
    let names = operations();
    let operations: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut plans = Vec::new();
    for pair in pairs(before, after) {
        plans.push(pair.compared(&operations, format)?);
    }
    let overall = plans.iter().map(|it| it.overall).fold(Overall::Same, together);
    let fields = fields(before, after);
    let text = match format {
        Format::Json => format!("{:#}\n", json(overall, &plans, &fields)),
        Format::Table => text(&plans, &fields),
    };
    Ok((overall, text))
}

/// A plan in both offers.
struct Pair {
    name: PlanName,
    before: Option<(Version, Manifest)>,
    after: Option<(Version, Manifest)>,
}

/// The newest manifests of each plan, in the second offer's order.
fn pairs(before: &Form, after: &Form) -> Vec<Pair> {
    let newest = |form: &Form, name: &PlanName| {
        let newest = form.plan(name)?.newest()?;
        Some((newest.version, newest.manifest.clone()))
    };
    let gone = before.plans.iter().filter(|it| after.plan(&it.name).is_none());
    let all = after.plans.iter().chain(gone);
    all.map(|plan| Pair {
        name: plan.name.clone(),
        before: newest(before, &plan.name),
        after: newest(after, &plan.name),
    })
    .collect()
}

/// What became of a plan.
struct Compared {
    name: PlanName,
    versions: (Option<Version>, Option<Version>),
    overall: Overall,
    words: String,
    json: Value,
}

impl Pair {
    /// A plan that is new, or gone, is compared with one that asks for nothing.
    fn compared(self, operations: &[&str], format: Format) -> anyhow::Result<Compared> {
        let versions = (self.before.as_ref().map(|it| it.0), self.after.as_ref().map(|it| it.0));
        let (before, after) = (self.before.map(|it| it.1), self.after.map(|it| it.1));
        let empty = |it: &Manifest| Manifest {
            tenant: it.tenant,
            authorizations: Vec::new(),
            eligible: Vec::new(),
        };
        let (before, after) = match (before, after) {
            (Some(before), Some(after)) => (before, after),
            (None, Some(after)) => (empty(&after), after),
            (Some(before), None) => {
                let nothing = empty(&before);
                (before, nothing)
            }
            (None, None) => return Ok(Compared::nothing(self.name)),
        };
        let found = difference(&effective(&before, operations)?, &effective(&after, operations)?);
        let catalogue = Catalogue::builtin();
        let role = |id| catalogue.role(id).map(|it| it.name.clone());
        let named = words::Named { before: &before, after: &after, role: &role };
        let (words, json) = match format {
            Format::Table => (words::text(&found, &named), Value::Null),
            Format::Json => (String::new(), words::json(&found, &named)),
        };
        Ok(Compared { name: self.name, versions, overall: found.overall(), words, json })
    }
}

impl Compared {
    fn nothing(name: PlanName) -> Self {
        let words = "It has no manifest.\n".to_owned();
        let (versions, overall) = ((None, None), Overall::Same);
        Self { name, versions, overall, words, json: json!({ "overall": "same", "changes": [] }) }
    }

    fn heading(&self) -> String {
        let name = &self.name;
        match self.versions {
            (Some(before), Some(after)) if before == after => format!("Plan {name}, {after}"),
            (Some(before), Some(after)) => format!("Plan {name}, {before} to {after}"),
            (None, Some(after)) => format!("Plan {name}, new in {after}"),
            (Some(before), None) => format!("Plan {name}, gone after {before}"),
            (None, None) => format!("Plan {name}"),
        }
    }
}

fn together(one: Overall, other: Overall) -> Overall {
    match (one, other) {
        (Overall::Same, it) | (it, Overall::Same) => it,
        (Overall::Narrower, Overall::Narrower) => Overall::Narrower,
        (Overall::Wider, Overall::Wider) => Overall::Wider,
        (Overall::Narrower | Overall::Both, Overall::Wider | Overall::Both)
        | (Overall::Wider | Overall::Both, Overall::Narrower | Overall::Both) => Overall::Both,
    }
}

/// What else changed: texts, pictures, audiences. Manifests are told as what they give.
fn fields(before: &Form, after: &Form) -> Vec<compare::Difference> {
    let all = compare(before, after).into_iter();
    all.filter(|it| it.change.is_modified() && !it.field.contains("].manifests[")).collect()
}

fn text(plans: &[Compared], fields: &[compare::Difference]) -> String {
    let mut text = String::new();
    for plan in plans {
        let _ = writeln!(text, "{}\n{}", plan.heading(), plan.words);
    }
    if fields.is_empty() {
        text.push_str("Nothing else differs.\n");
        return text;
    }
    text.push_str("What else differs\n");
    for compare::Difference { field, change } in fields {
        let _ = match change {
            Change::Added(after) => writeln!(text, "  + {field}: {after}"),
            Change::Removed(before) => writeln!(text, "  - {field}: {before}"),
            Change::Edited { before, after } => writeln!(text, "  ~ {field}: {before} -> {after}"),
            Change::Unchanged(_) => Ok(()),
        };
    }
    text
}

fn json(overall: Overall, plans: &[Compared], fields: &[compare::Difference]) -> Value {
    let plan = |it: &Compared| {
        json!({
            "planId": it.name,
            "before": it.versions.0,
            "after": it.versions.1,
            "overall": words::overall(it.overall),
            "changes": it.json.get("changes"),
        })
    };
    let field = |it: &compare::Difference| {
        let (before, after) = match &it.change {
            Change::Added(after) => (None, Some(after)),
            Change::Removed(before) => (Some(before), None),
            Change::Edited { before, after } => (Some(before), Some(after)),
            Change::Unchanged(value) => (Some(value), Some(value)),
        };
        json!({ "field": it.field, "before": before, "after": after })
    };
    json!({
        "overall": words::overall(overall),
        "plans": plans.iter().map(plan).collect::<Vec<_>>(),
        "fields": fields.iter().map(field).collect::<Vec<_>>(),
    })
}
