//! Giving back what is active, before its end: asked once.

use activation::standing::Standing;
use arm::request::Method::Put;
use askama::Template;
use axum::http::StatusCode;
use ids::{guid::RoleId, scope::Scope};
use operations::activation::{Shown, called::About, deactivate, read::Whose};
use serde_json::json;

use super::{
    Link, REQUESTS, VERSION, below,
    told::{Facts, Names},
};
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    frame::Frame,
    trouble::{Told, Trouble},
    words::quoted,
};

#[derive(Template)]
#[template(path = "just-in-time/deactivate.html")]
struct View {
    frame: Frame,
    facts: Facts,
    back: String,
    refusal: Option<String>,
}

/// What the visitor holds of the role at the scope that the query names.
async fn held(ask: &Ask) -> Result<(Scope, RoleId, Shown), Trouble> {
    let scope = ask.named_scope()?;
    let role = ask.query.get("role").and_then(|it| it.parse::<RoleId>().ok());
    let role = role.ok_or(Trouble::Nothing)?;
    let found = ask.asked_for(&scope, Whose::Mine).await?.into_iter().find(|it| {
        let is_there = *it.it.id.scope() == scope && it.it.eligibility.role == role;
        is_there && it.standing == Standing::Active
    });
    Ok((scope, role, found.ok_or(Trouble::Nothing)?))
}

pub(super) fn show(ask: Ask) -> Answered {
    Box::pin(async move {
        let (.., shown) = held(&ask).await?;
        view(&ask, &shown, (StatusCode::OK, None)).await
    })
}

pub(super) fn send(ask: Ask) -> Answered {
    Box::pin(async move {
        let (scope, role, shown) = held(&ask).await?;
        let plane = ask.plane();
        let path = below(&scope, &format!("{REQUESTS}/{}", plane.random.uuid()));
        let work = async |context| deactivate::deactivate(plane, &context, &scope, role).await;
        match ask.arm((Put, path, VERSION), work).await {
            Ok(_) => {
                let role = crate::permissions::role_name(role);
                Ok(ask.done(format!("{role} is given back: you hold it no more."), Link::Active))
            }
            Err(refused @ Trouble::Refused(_)) => {
                let Told { status, words, .. } = refused.told();
                view(&ask, &shown, (status, Some(words))).await
            }
            Err(other) => Err(other),
        }
    })
}

async fn view(
    ask: &Ask,
    shown: &Shown,
    (status, refusal): (StatusCode, Option<String>),
) -> Result<Answer, Trouble> {
    let about = About::shown(shown);
    let names = Names::of(ask, std::slice::from_ref(&about), [shown.it.who]).await?;
    let facts = Facts::of(&names, shown, ask.plane().store.now());
    let (scope, role) = (about.scope(), shown.it.eligibility.role);
    let body = json!({ "properties": {
        "principalId": shown.it.who.object,
        "roleDefinitionId": format!("{scope}/providers/Microsoft.Authorization/roleDefinitions/{role}"),
        "requestType": "SelfDeactivate",
    } });
    let url = format!("{scope}{REQUESTS}/$(uuidgen)?api-version={VERSION}");
    let line = format!("az rest --method put --url \"{url}\" --body {}", quoted(&body.to_string()));
    let frame = ask.under_roles(format!("Deactivate {}", facts.role)).await?;
    let frame = frame.below("Active assignments", Link::Active).command("Give it back", line);
    Answer::with(status, &View { frame, facts, back: Link::Active.to_string(), refusal })
}
