//! `fyr template create`: an onboarding template for customers who come without a marketplace.

use std::{fs, path::Path};

use anyhow::Context as _;
use ids::{guid::ObjectId, offer::PlanName, version::Version};
use model::{
    delegation::Authorization,
    market::{form::Plan, manifest::Manifest},
};
use wire::arm::managed_services::onboarding::{Onboarding, parameters, template};
use world::world::Roles as _;

use crate::{
    cli::{Create, Granted},
    commands::{
        offer::{self, init::new},
        say,
    },
    worlds::BuiltIn,
};

/// What the two files are called.
const TEMPLATE: &str = "onboard.json";
const PARAMETERS: &str = "onboard.parameters.json";

/// Writes the template and its parameters. Nothing that is there is written over.
pub(in crate::commands) fn run(wanted: &Create) -> anyhow::Result<()> {
    let onboarding = onboarding(wanted)?;
    fs::create_dir_all(&wanted.folder).with_context(|| format!("`{}`", wanted.folder.display()))?;
    let paths = [TEMPLATE, PARAMETERS].map(|name| wanted.folder.join(name));
    for path in &paths {
        anyhow::ensure!(!path.exists(), "`{}` is there already", path.display());
    }
    let files = [template(&onboarding), parameters(&onboarding)];
    for (path, file) in paths.iter().zip(files) {
        new(path, format!("{file:#}\n").as_bytes())?;
    }
    let [template, parameters] = paths.each_ref().map(|path| path.display());
    say(&format!(
        "az deployment sub create --location westeurope --template-file {template} \
         --parameters @{parameters}\n"
    ));
    Ok(())
}

fn onboarding(wanted: &Create) -> anyhow::Result<Onboarding> {
    let mut onboarding = match &wanted.offer {
        Some(path) => of_offer(path, wanted.plan.as_ref(), wanted.plan_version)?,
        None => of_flags(wanted)?,
    };
    if let Some(name) = &wanted.name {
        onboarding.name.clone_from(name);
    }
    if let Some(description) = &wanted.description {
        onboarding.description.clone_from(description);
    }
    onboarding.resource_groups.clone_from(&wanted.resource_groups);
    Ok(onboarding)
}

/// A plan of an offer file, in its newest version unless another is asked for.
fn of_offer(
    path: &Path,
    plan: Option<&PlanName>,
    version: Option<Version>,
) -> anyhow::Result<Onboarding> {
    let file = offer::read(path)?;
    let plan = match (plan, file.form.plans.as_slice()) {
        (Some(name), _) => file.form.plan(name).with_context(|| format!("no plan is `{name}`"))?,
        (None, [only]) => only,
        (None, plans) => {
            let names: Vec<&str> = plans.iter().map(|it| it.name.as_str()).collect();
            anyhow::bail!("`--plan` says which of these is meant: {}", names.join(", "))
        }
    };
    let title = &file.form.listing.title;
    Ok(Onboarding {
        name: format!("{title} - {}", plan.title),
        description: plan.summary.clone(),
        manifest: manifest(plan, version)?.clone(),
        resource_groups: Vec::new(),
    })
}

fn manifest(plan: &Plan, version: Option<Version>) -> anyhow::Result<&Manifest> {
    let found = match version {
        Some(version) => plan.manifests.iter().find(|it| it.version == version),
        None => plan.newest(),
    };
    let found = found.with_context(|| format!("plan `{}` has no such manifest", plan.name))?;
    Ok(&found.manifest)
}

fn of_flags(wanted: &Create) -> anyhow::Result<Onboarding> {
    let needed = "without `--offer`, `--name`, `--managing-tenant` and `--authorization` are given";
    let (Some(name), Some(tenant)) = (&wanted.name, wanted.managing_tenant) else {
        anyhow::bail!(needed)
    };
    anyhow::ensure!(!wanted.authorizations.is_empty(), needed);
    let authorizations = wanted.authorizations.iter().map(authorization);
    Ok(Onboarding {
        name: name.clone(),
        description: name.clone(),
        manifest: Manifest {
            tenant,
            authorizations: authorizations.collect::<anyhow::Result<_>>()?,
            eligible: Vec::new(),
        },
        resource_groups: Vec::new(),
    })
}

fn authorization(granted: &Granted) -> anyhow::Result<Authorization> {
    let Granted { principal, role, display_name } = granted;
    let found = BuiltIn::roles().find(role);
    Ok(Authorization {
        principal: ObjectId::new(*principal),
        role: found.with_context(|| format!("there is no built-in role `{role}`"))?,
        display_name: display_name.clone(),
        delegated_roles: None,
    })
}

#[cfg(test)]
mod tests;
