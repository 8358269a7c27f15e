//! Reviewing an update: what a newer version of a plan would change, and the word about it.

use std::sync::Arc;

use arm::request::Method::{Get, Post};
use askama::Template;
use axum::http::StatusCode;
use ids::{guid::RoleId, resource::DefinitionId, version::Version};
use market::difference::Difference;
use model::delegation::Definition;
use operations::{
    acceptance::{
        At, accept,
        compare::{self, Compared},
        decide::{self, Word},
    },
    context::Context,
    delegation::Shown,
};

use super::{
    Link, OWN, definition, definition_id,
    offer::{Said, acceptance, accepted},
    offer_name,
    rule::{Acting, acting},
    subscription,
};
use crate::{
    agreements,
    answer::Answer,
    ask::{Answered, Ask},
    frame::Frame,
    trouble::{Told, Trouble},
};

mod changes;

use changes::{Changes, changes};

#[derive(Template)]
#[template(path = "service-providers/update.html")]
struct View {
    frame: Frame,
    offer: String,
    link: Link,
    changes: Changes,
    is_declined: bool,
    terms: Said,
    /// Tells these terms from any others.
    signature: String,
    privacy: Option<String>,
    /// Just these terms are agreed to already.
    is_agreed: bool,
    acting: Acting,
    told: Option<Told>,
    not_agreed: bool,
}

/// How a form was taken that was not.
#[derive(Default)]
struct Back {
    told: Option<Told>,
    not_agreed: bool,
}

pub(super) fn page(ask: Ask) -> Answered {
    Box::pin(async move {
        let id = definition_id(&ask)?;
        let shown = definition(&ask, &id).await?;
        view(&ask, &id, &shown, (StatusCode::OK, Back::default())).await
    })
}

pub(super) fn send(ask: Ask) -> Answered {
    Box::pin(async move {
        let id = definition_id(&ask)?;
        let shown = definition(&ask, &id).await?;
        let bad = || Trouble::Garbled("it names no version");
        let version: Version =
            ask.form.get("version").and_then(|it| it.parse().ok()).ok_or_else(bad)?;
        let answer = ask.form.get("answer").unwrap_or_default();
        if answer == "accept" && ask.form.get("consent").is_none() {
            let back = Back { not_agreed: true, told: None };
            return view(&ask, &id, &shown, (StatusCode::BAD_REQUEST, back)).await;
        }
        match said(&ask, &at(&id, &shown.it)?, answer, version).await {
            Ok(words) => {
                let offer = offer_name(&shown.it);
                Ok(ask.done(format!("{words} version {version} of {offer}."), Link::Offer(id)))
            }
            Err(trouble @ Trouble::Refused(_)) => {
                let told = trouble.told();
                let status = told.status;
                let back = Back { told: Some(told), not_agreed: false };
                // Where nothing waits any longer there is nothing to show: the refusal says so.
                let again = view(&ask, &id, &shown, (status, back)).await;
                again.map_err(|_| trouble)
            }
            Err(other) => Err(other),
        }
    })
}

/// The plan that the definition stands for. Nothing waits for what came by template.
fn at(id: &DefinitionId, definition: &Definition) -> Result<At, Trouble> {
    let accepted = definition.accepted.as_ref().ok_or(Trouble::Nothing)?;
    Ok(At::of(subscription(id)?, &accepted.plan))
}

/// Does what was answered. Says what it was.
async fn said(ask: &Ask, at: &At, answer: &str, version: Version) -> Result<&'static str, Trouble> {
    let (plane, path) = (ask.plane(), acceptance(at));
    match answer {
        "accept" => {
            agreements::sign(ask, at).await?;
            let work = |context: Context| async move {
                accept::update(plane, &context, at, Some(version), false).await
            };
            ask.arm((Post, format!("{path}/accept"), OWN), work).await?;
            Ok("Accepted")
        }
        "decline" => {
            let word = Word::Decline(Some(version));
            let work =
                |context: Context| async move { decide::decide(plane, &context, at, word).await };
            ask.arm((Post, format!("{path}/decline"), OWN), work).await?;
            Ok("Declined")
        }
        "reconsider" => {
            let word = Word::Reconsider;
            let work =
                |context: Context| async move { decide::decide(plane, &context, at, word).await };
            ask.arm((Post, format!("{path}/reconsider"), OWN), work).await?;
            Ok("Took back the no to")
        }
        _ => Err(Trouble::Garbled("it says neither yes nor no")),
    }
}

async fn view(
    ask: &Ask,
    id: &DefinitionId,
    shown: &Shown<Definition>,
    (status, back): (StatusCode, Back),
) -> Result<Answer, Trouble> {
    let at = at(id, &shown.it)?;
    let plane = ask.plane();
    let waiting = accepted(ask, &at).await?.waiting;
    let index = plane.index();
    let name = move |role: RoleId| index.catalogue().role(role).map(|it| it.name.clone());
    let tell = move |compared: &Compared, found: &Difference<'_>| changes(compared, found, &name);
    let asked = (&at, Arc::clone(&ask.surface.operations));
    let work =
        |context: Context| async move { compare::differ(plane, &context, asked, tell).await };
    let path = acceptance(&at);
    let changes = ask.arm((Get, format!("{path}/difference"), OWN), work).await?;
    let agreement = agreements::read(ask, &at).await?;
    let offer = offer_name(&shown.it);
    let frame = ask.frame(format!("Update to version {}", changes.waits)).await?;
    let address = |action: &str| format!("{}{path}/{action}?api-version={OWN}", plane.origins.arm);
    let frame = frame
        .below("Service providers", Link::Offers)
        .below(offer.clone(), Link::Offer(id.clone()))
        .command("Show what it changes", format!("az rest --url '{}'", address("difference")))
        .command(
            "Accept it",
            format!(
                "az rest --method post --url '{}' --body '{{\"version\":\"{}\",\"acceptTerms\":true}}'",
                address("accept"),
                changes.waits
            ),
        );
    let view = View {
        frame,
        offer,
        link: Link::Offer(id.clone()),
        is_declined: waiting.is_some_and(|it| it.is_declined),
        terms: Said::from(&agreement.terms),
        signature: agreement.signature,
        privacy: Some(agreement.privacy_policy).filter(|it| it.starts_with("https://")),
        is_agreed: agreement.accepted.is_some(),
        acting: acting(ask, at.subscription).await?,
        told: back.told,
        not_agreed: back.not_agreed,
        changes,
    };
    Answer::with(status, &view)
}
