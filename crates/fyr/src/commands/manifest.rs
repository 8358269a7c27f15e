//! `fyr manifest diff`: what a customer who agrees to a new manifest agrees to.

use std::{path::Path, process::ExitCode};

use access::catalogue::Catalogue;
use anyhow::Context as _;
use market::difference::{Overall, difference};
use model::market::manifest::Manifest;
use operations::offers::effective::effective;
use wire::{
    arm::managed_services::manifest::read,
    difference::{self as words, Named},
};

use super::{say, template::files};
use crate::cli::Format;

/// What `fyr manifest diff` ends with where there is less.
const NARROWER: u8 = 3;
/// What it ends with where there is more.
const WIDER: u8 = 4;

/// Prints the difference of two manifests.
pub(super) fn diff(before: &Path, after: &Path, format: Format) -> anyhow::Result<ExitCode> {
    let (overall, text) = told(before, after, format)?;
    say(&text);
    Ok(code(overall))
}

/// The exit code that tells a script which way it goes.
pub(super) fn code(overall: Overall) -> ExitCode {
    match overall {
        Overall::Same => ExitCode::SUCCESS,
        Overall::Narrower => ExitCode::from(NARROWER),
        Overall::Wider | Overall::Both => ExitCode::from(WIDER),
    }
}

fn told(before: &Path, after: &Path, format: Format) -> anyhow::Result<(Overall, String)> {
    let (before, after) = (manifest(before)?, manifest(after)?);
    let names = arm::known_operations::actions();
    let operations: Vec<&str> = names.iter().map(String::as_str).collect();
    let found = difference(&effective(&before, &operations)?, &effective(&after, &operations)?);
    let catalogue = Catalogue::builtin();
    let role = |id| catalogue.role(id).map(|it| it.name.clone());
    let named = Named { before: &before, after: &after, role: &role };
    let text = match format {
        Format::Json => format!("{:#}\n", words::json(&found, &named)),
        Format::Table => words::text(&found, &named),
    };
    Ok((found.overall(), text))
}

fn manifest(path: &Path) -> anyhow::Result<Manifest> {
    let document = files::read(path, &files::text(path)?)?;
    read(document.to_string().as_bytes()).with_context(|| format!("`{}`", path.display()))
}

#[cfg(test)]
mod tests;
