//! `fyr acceptance accept`: a plan's first version in a subscription.

use std::{fmt::Write as _, process::ExitCode};

use access::catalogue::Catalogue;
use anyhow::Context;
use ids::guid::RoleId;
use model::{delegation::Hurdle, market::manifest::Manifest};
use serde_json::{Map, Value, json};
use wire::arm::managed_services::manifest;

use super::{
    path, server, show, spelt,
    terms::{self, Agreement},
};
use crate::{
    cli::{Accept, Contact, Format, Planned, Terms},
    commands::{
        columns, say,
        server::{Refused, Server, text},
    },
};

/// Accepts the version whose terms are agreed to; shows both where either is not said.
pub(super) fn accept(wanted: &Accept) -> anyhow::Result<ExitCode> {
    let Accept { of, version, terms: Terms { accept_terms }, .. } = wanted;
    let server = server(of)?;
    let agreement = Agreement::read(&server, &of.plan).map_err(|error| missing(error, &of.plan))?;
    if version.is_none() || (accept_terms.is_none() && !agreement.is_agreed()) {
        say(&unaccepted(&server, wanted, &agreement)?);
        return Ok(ExitCode::FAILURE);
    }
    if let Some(signature) = accept_terms.as_deref().filter(|it| !it.is_empty()) {
        terms::sign(&server, &of.plan, signature)?;
    }
    let accepted = server.put(&path(&of.plan, ""), &body(wanted))?;
    say(&match of.output {
        Format::Json => format!("{accepted:#}\n"),
        Format::Table => show::told(&accepted, &of.plan)? + &delegating(&accepted, &of.plan),
    });
    Ok(ExitCode::SUCCESS)
}

/// What is not there for a subscription may be there for another.
fn missing(error: anyhow::Error, Planned { at, .. }: &Planned) -> anyhow::Error {
    if Refused::is(&error, 404) {
        let subscription = at.subscription;
        return error.context(format!(
            "`fyr catalog search --subscription {subscription}` lists what can be accepted there"
        ));
    }
    error
}

pub(super) fn body(wanted: &Accept) -> Value {
    let Accept { version, terms: Terms { accept_terms }, name, description, contact, .. } = wanted;
    let mut properties = Map::new();
    let mut put = |name: &str, value: Value| properties.insert(name.to_owned(), value);
    put("plan", json!({ "version": version }));
    // Signed terms are agreed to already; whatever they have become since is not.
    put("acceptTerms", (accept_terms.as_deref() == Some("")).into());
    if let Some(name) = name {
        put("registrationDefinitionName", name.as_str().into());
    }
    if let Some(description) = description {
        put("description", description.as_str().into());
    }
    if contact.share_contact {
        put("shareContact", true.into());
        put("contact", person(contact));
    }
    json!({ "properties": properties })
}

fn person(contact: &Contact) -> Value {
    let Contact {
        share_contact: _,
        first_name,
        last_name,
        email,
        phone,
        country,
        company,
        job_title,
    } = contact;
    let all = [
        ("firstName", first_name),
        ("lastName", last_name),
        ("email", email),
        ("phone", phone),
        ("country", country),
        ("company", company),
        ("title", job_title),
    ];
    let said = all.into_iter().filter_map(|(name, it)| Some((name, it.as_deref()?)));
    said.map(|(name, it)| (name.to_owned(), Value::from(it))).collect()
}

/// What there is to accept, and the command that does.
fn unaccepted(server: &Server, wanted: &Accept, agreement: &Agreement) -> anyhow::Result<String> {
    let Planned { plan, at } = &wanted.of.plan;
    let offered = server.get(&format!(
        "/subscriptions/{}/providers/Microsoft.ManagedServices/marketplaceRegistrationDefinitions\
         /{plan}?api-version=2022-10-01",
        at.subscription
    ))?;
    match wanted.of.output {
        Format::Json => {
            let told = json!({ "plan": offered, "terms": agreement.json() });
            Ok(format!("{told:#}\n"))
        }
        Format::Table => told(&offered, agreement, &wanted.of.plan),
    }
}

pub(super) fn told(
    offered: &Value,
    agreement: &Agreement,
    planned: &Planned,
) -> anyhow::Result<String> {
    let read = manifest::read(offered.to_string().as_bytes());
    let manifest = read.context("the plan's manifest is not understood")?;
    let version = text(offered, "/plan/version");
    let mut told = format!(
        "{} of {}, version {version}\n\nIt lets these people of tenant {} into what is delegated:\n",
        text(offered, "/properties/planDisplayName"),
        text(offered, "/properties/offerDisplayName"),
        manifest.tenant,
    );
    told += &let_in(&manifest);
    let agreeing = if agreement.is_agreed() {
        String::new()
    } else {
        format!(" --accept-terms={}", agreement.signature())
    };
    // Writing to a string does not fail.
    let _ = write!(
        told,
        "\n{}\nNothing is accepted yet. This agrees to these terms and accepts that version:\n  \
         fyr acceptance accept {} --version {version}{agreeing}\n",
        agreement.told(),
        spelt(planned),
    );
    Ok(told)
}

/// Whom a manifest lets in, as what, and when.
fn let_in(manifest: &Manifest) -> String {
    let catalogue = Catalogue::builtin();
    let role = |id: RoleId| catalogue.role(id).map_or_else(|| id.to_string(), |it| it.name.clone());
    let who = |name: &Option<String>, id: ids::guid::ObjectId| {
        name.clone().unwrap_or_else(|| id.to_string())
    };
    let always = manifest
        .authorizations
        .iter()
        .map(|it| [who(&it.display_name, it.principal), role(it.role), "always".to_owned()]);
    let eligible = manifest.eligible.iter().map(|it| {
        let minutes = Hurdle::of(it).minutes_max;
        let when = format!("once activated, for {minutes} minutes at most");
        [who(&it.display_name, it.principal), role(it.role), when]
    });
    columns::table(
        ["  Who", "Role", "When"],
        always.chain(eligible).map(|[who, role, when]| [format!("  {who}"), role, when]),
    )
}

/// How what was accepted is delegated.
fn delegating(accepted: &Value, Planned { at, .. }: &Planned) -> String {
    let definition = text(accepted, "/properties/registrationDefinitionIds/0");
    format!(
        "Accepting delegates nothing. This delegates the subscription, and with \
         `--resource-group` a group:\n  az managedservices assignment create --definition \
         {definition} --subscription {}\n",
        at.subscription
    )
}
