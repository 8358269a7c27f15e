//! `fyr template expand`: what a template would deploy, told without a server.

use std::path::{Path, PathBuf};

use ids::clock::{Clock, Random};
use serde_json::json;
use template::{
    document::Template,
    parameters::Fresh,
    preview::{Asked, Preview, Surroundings, Wrong, preview},
};

use super::{files, place, table};
use crate::{
    cli::{Expand, Format, Place},
    commands::say,
    system::{OsRandom, SystemClock},
};

/// Prints the plan, or refuses the template in ARM's words.
pub(in crate::commands) fn run(wanted: &Expand) -> anyhow::Result<()> {
    let preview = expanded(wanted)?;
    say(&match wanted.output {
        Format::Json => format!("{:#}\n", json!(preview)),
        Format::Table => table::render(&preview),
    });
    Ok(())
}

fn expanded(wanted: &Expand) -> anyhow::Result<Preview> {
    laid_out(&wanted.file, &wanted.parameters, &wanted.place)
}

/// What the template of a file would deploy.
pub(super) fn laid_out(
    file: &Path,
    parameters: &[PathBuf],
    assumed: &Place,
) -> anyhow::Result<Preview> {
    let text = files::text(file)?;
    let document = files::read(file, &text)?;
    let parameters = files::parameters(parameters)?;
    let told = |wrong: &Wrong| anyhow::Error::msg(told(wrong, &text));
    let template = Template::parse(&document).map_err(|refused| {
        told(&Wrong { refused: Box::new(refused.into()), inside: Vec::new() })
    })?;
    let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let scope = place::scope(assumed, template.target);
    let random = OsRandom::new();
    let surroundings = Surroundings {
        fresh: Fresh { now: SystemClock.now(), new_guid: &|| random.uuid() },
        facts: &|scope, deployment| place::facts(assumed, scope, deployment),
    };
    preview(&Asked { name, scope, document, parameters }, &surroundings)
        .map_err(|wrong| told(&wrong))
}

/// ARM's code and message, with the place in the text.
fn told(wrong: &Wrong, text: &str) -> String {
    let inside: Vec<&str> = wrong.inside.iter().map(String::as_str).collect();
    let position = wrong.refused.position(text, &inside);
    format!("{}: {}", wrong.refused.code(), wrong.refused.message(position))
}

#[cfg(test)]
mod tests;
