//! `fyr template lint`: what is wrong with what an onboarding template asks for.

mod place;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context as _;
use delegation::dialect::Dialect;
use market::lint::{
    manifest::{self, Audience, Facts},
    template::{Onboarding, collisions, lint},
};
use operations::offers::roles::role_facts;
use serde_json::Value;
use template::preview::{Preview, Resource, Shown};
use wire::arm::managed_services::{
    generation::Generation,
    manifest::{offer_name, read},
};

use self::place::{Source, Text};
use super::{expand, files};
use crate::{
    cli::Lint,
    commands::findings::{self, Placed},
};

const DEFINITION: &str = "Microsoft.ManagedServices/registrationDefinitions";

/// Prints the findings; fails where one is an error.
pub(in crate::commands) fn run(wanted: &Lint) -> anyhow::Result<ExitCode> {
    Ok(findings::told(&found(wanted)?, wanted.output))
}

pub(super) fn found(wanted: &Lint) -> anyhow::Result<Vec<Placed>> {
    let sources = sources(wanted)?;
    let names = arm::known_operations::actions();
    let operations: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut found = Vec::new();
    for source in &sources {
        let Onboarding { manifest, .. } = &source.onboarding;
        let roles = role_facts(manifest, &operations)?;
        let facts = Facts { roles, principals: None, audience: Audience::Named };
        let both = manifest::lint(manifest, &facts).into_iter().chain(lint(&source.onboarding));
        found.extend(both.map(|finding| source.placed(finding)));
    }
    let all: Vec<Onboarding> = sources.iter().map(|it| it.onboarding.clone()).collect();
    let late = collisions(&all).into_iter();
    found.extend(late.filter_map(|(nth, finding)| Some(sources.get(nth)?.placed(finding))));
    Ok(found)
}

fn sources(wanted: &Lint) -> anyhow::Result<Vec<Source>> {
    let mut sources = Vec::new();
    for file in &wanted.files {
        let text = files::text(file)?;
        let document = files::read(file, &text)?;
        if document.get("resources").is_none() {
            sources.push(alone(file, text, &document)?);
            continue;
        }
        let preview = expand::laid_out(file, &wanted.parameters, &wanted.place)?;
        let before = sources.len();
        for resource in definitions(&preview) {
            sources.push(deployed(file, &text, &wanted.parameters, resource)?);
        }
        let shown = file.display();
        anyhow::ensure!(
            sources.len() > before,
            "`{shown}` deploys no {DEFINITION}, so there is nothing to look at"
        );
    }
    Ok(sources)
}

/// A file that holds a manifest itself.
fn alone(file: &Path, text: String, document: &Value) -> anyhow::Result<Source> {
    let bytes = document.to_string();
    let told = || format!("`{}`", file.display());
    let manifest = read(bytes.as_bytes()).with_context(told)?;
    let name = offer_name(bytes.as_bytes()).with_context(told)?;
    let onboarding = Onboarding { manifest, name, too_old: None };
    let file = Text { path: file.to_owned(), text };
    Ok(Source { onboarding, file, parameters: Vec::new() })
}

/// What a template deploys; its values may stand in the parameters.
fn deployed(
    file: &Path,
    template: &str,
    parameters: &[PathBuf],
    resource: &Resource,
) -> anyhow::Result<Source> {
    let Shown::Body(body) = &resource.shown else {
        anyhow::bail!("`{}` is known only when it is deployed", resource.id);
    };
    let manifest = read(body.to_string().as_bytes())
        .with_context(|| format!("`{}`: {}", file.display(), resource.id))?;
    let version = &resource.api_version;
    let is_old = Generation::of(version).dialect() == Dialect::Plain;
    let onboarding = Onboarding {
        manifest,
        name: resource.id.rsplit('/').next().map(str::to_owned),
        too_old: is_old.then(|| version.clone()),
    };
    let text = |path: &PathBuf| Ok(Text { path: path.clone(), text: files::text(path)? });
    let parameters = parameters.iter().rev().map(text).collect::<anyhow::Result<_>>()?;
    let file = Text { path: file.to_owned(), text: template.to_owned() };
    Ok(Source { onboarding, file, parameters })
}

/// The definitions that it deploys, in nested templates, too.
fn definitions(preview: &Preview) -> Vec<&Resource> {
    let own = preview.resources.iter().filter(|it| it.kind.eq_ignore_ascii_case(DEFINITION));
    let nested = preview.resources.iter().filter_map(|it| it.nested.as_ref());
    own.chain(nested.flat_map(definitions)).collect()
}

#[cfg(test)]
mod tests;
