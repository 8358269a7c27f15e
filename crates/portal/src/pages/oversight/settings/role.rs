//! The settings of one role at one scope: looked at by whoever reads them, changed by whoever may
//! say who holds roles there.

use arm::{failure::Failure, request::Method::Patch};
use askama::Template;
use axum::http::StatusCode;
use ids::{guid::RoleId, resource::ActivationPolicyId, scope::Scope};
use jiff::SignedDuration;
use operations::{
    activation::{Refused, policies},
    error::Error,
};
use serde_json::json;

use super::{
    Link, about,
    draft::{Act, Draft, Wrong},
    id, is_governed, may_change, path, said, scope,
};
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    directory,
    frame::Frame,
    pages::{just_in_time::VERSION, oversight::names::Names},
    permissions::role_name,
    trouble::Trouble,
    words::{Id, lasting, quoted},
};

/// As many of each kind as are offered to be chosen.
const FOUND_MAX: usize = 8;

/// Somebody of the directory, to choose.
struct Found {
    id: Id,
    name: String,
    detail: String,
    kind: &'static str,
}

#[derive(Template)]
#[template(path = "oversight/setting.html")]
struct View {
    frame: Frame,
    scope: String,
    role: String,
    draft: Draft,
    lengths: Vec<(u32, String)>,
    wrong: Wrong,
    refusal: Option<String>,
    may_change: bool,
    back: String,
    found: Vec<Found>,
    /// Nobody was found who was looked for.
    is_nobody: bool,
}

/// What became of the form.
#[derive(Default)]
struct Back {
    wrong: Wrong,
    refusal: Option<String>,
    found: Option<Vec<Found>>,
}

/// The role, and the scope, that the query names.
fn named(ask: &Ask) -> Result<(Scope, RoleId, ActivationPolicyId), Trouble> {
    let scope = scope(ask)?.filter(is_governed).ok_or(Trouble::Nothing)?;
    let role = ask.query.get("role").and_then(|it| it.parse::<RoleId>().ok());
    let index = ask.plane().index();
    let role = role.filter(|role| index.catalogue().role(*role).is_some());
    let role = role.ok_or(Trouble::Nothing)?;
    let id = id(&scope, role)?;
    Ok((scope, role, id))
}

pub(in crate::pages::oversight) fn show(ask: Ask) -> Answered {
    Box::pin(async move {
        let (scope, role, id) = named(&ask)?;
        let said = said(&ask, &id).await?;
        let draft = said.as_ref().map(Draft::saved).unwrap_or_default();
        view(&ask, (&scope, role, &id), draft, (StatusCode::OK, Back::default())).await
    })
}

pub(in crate::pages::oversight) fn send(ask: Ask) -> Answered {
    Box::pin(async move {
        let (scope, role, id) = named(&ask)?;
        // Whoever may not read it hears so, whatever they sent.
        said(&ask, &id).await?;
        let about = (&scope, role, &id);
        let mut draft = Draft::of(&ask.form);
        match Act::of(&ask.form) {
            Act::Save => saved(&ask, about, draft).await,
            Act::Find => {
                let words = draft.find.to_lowercase();
                let words: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
                let found = if words.is_empty() {
                    Vec::new()
                } else {
                    directory::search(&ask, &words, FOUND_MAX).await?
                };
                let found = found.into_iter().map(|it| Found {
                    id: Id::new(it.id),
                    kind: it.kind.words(),
                    name: it.name,
                    detail: it.detail,
                });
                let back = Back { found: Some(found.collect()), ..Back::default() };
                view(&ask, about, draft, (StatusCode::OK, back)).await
            }
            Act::Pick(who) => {
                let name = directory::names(&ask, [who]).await?.remove(&who).unwrap_or_default();
                draft.add(who, &name);
                draft.find.clear();
                view(&ask, about, draft, (StatusCode::OK, Back::default())).await
            }
        }
    })
}

async fn saved(
    ask: &Ask,
    (scope, role, id): (&Scope, RoleId, &ActivationPolicyId),
    draft: Draft,
) -> Result<Answer, Trouble> {
    let wanted = match draft.policy(scope.clone(), role) {
        Ok(wanted) => wanted,
        Err(wrong) => {
            let back = Back { wrong, ..Back::default() };
            return view(ask, (scope, role, id), draft, (StatusCode::BAD_REQUEST, back)).await;
        }
    };
    let plane = ask.plane();
    let work = async |context| policies::put(plane, &context, wanted).await;
    match ask.arm((Patch, path(id), VERSION), work).await {
        Ok(_) => {
            let words = format!("The settings of {} are saved.", role_name(role));
            Ok(ask.done(words, Link::Settings(scope)))
        }
        Err(trouble @ Trouble::Refused(_)) => {
            let (status, back) = refused(&trouble);
            view(ask, (scope, role, id), draft, (status, back)).await
        }
        Err(other) => Err(other),
    }
}

/// What is refused of a field stands beside it.
fn refused(trouble: &Trouble) -> (StatusCode, Back) {
    use activation::refused::Refused as Decision;
    let told = trouble.told();
    let decision = if let Trouble::Refused(Failure::Operation(Error::Activation(refused))) = trouble
        && let Refused::Decision(decision) = refused
    {
        Some(decision)
    } else {
        None
    };
    let back = match decision {
        Some(Decision::PolicyLength { .. }) => {
            let wrong = Wrong { minutes: Some(told.words), approvers: None };
            Back { wrong, ..Back::default() }
        }
        Some(Decision::PolicyApprovers(_)) => {
            let wrong = Wrong { minutes: None, approvers: Some(told.words) };
            Back { wrong, ..Back::default() }
        }
        Some(_) | None => Back { refusal: Some(told.words), ..Back::default() },
    };
    (told.status, back)
}

/// The same as a command; Azure's form of a policy is a list of rules.
fn command(id: &ActivationPolicyId, draft: &Draft) -> String {
    let enabled = [
        (draft.has_factor, "MultiFactorAuthentication"),
        (draft.has_justification, "Justification"),
        (draft.has_ticket, "Ticketing"),
    ];
    let enabled = enabled.into_iter().filter(|(is_asked, _)| *is_asked).map(|(_, it)| it);
    let minutes = if draft.minutes.is_empty() { "480" } else { &draft.minutes };
    let body = json!({ "properties": { "rules": [
        { "id": "Expiration_EndUser_Assignment", "isExpirationRequired": true,
          "maximumDuration": format!("PT{minutes}M") },
        { "id": "Enablement_EndUser_Assignment", "enabledRules": enabled.collect::<Vec<_>>() },
    ] } });
    let url = quoted(&format!("{}?api-version={VERSION}", path(id)));
    format!("az rest --method patch --url {url} --body {}", quoted(&body.to_string()))
}

async fn view(
    ask: &Ask,
    (scope, role, id): (&Scope, RoleId, &ActivationPolicyId),
    draft: Draft,
    (status, back): (StatusCode, Back),
) -> Result<Answer, Trouble> {
    let names = Names::of(ask, std::slice::from_ref(scope)).await?;
    let called = role_name(role);
    let title = format!("Settings of {called}");
    let frame = about(ask, &title, scope, &names).await?;
    let frame = frame
        .below("Role settings", Link::Settings(scope))
        .called(called.clone())
        .command("Say how long, and what comes with a request", command(id, &draft));
    let words = |it: u32| (it, lasting(SignedDuration::from_mins(it.into())));
    let is_nobody = back.found.as_ref().is_some_and(Vec::is_empty);
    let view = View {
        frame,
        scope: scope.to_string(),
        role: called,
        lengths: draft.lengths().into_iter().map(words).collect(),
        draft,
        wrong: back.wrong,
        refusal: back.refusal,
        may_change: may_change(ask, id)?,
        back: Link::Settings(scope).to_string(),
        found: back.found.unwrap_or_default(),
        is_nobody,
    };
    Answer::with(status, &view)
}
