//! *Add offer* by template: what it would do is shown before it is done, and only what was shown is
//! done.

use arm::request::Method::{Get, Post, Put};
use askama::Template;
use axum::http::StatusCode;
use identity::secret::fingerprint;
use ids::{guid::SubscriptionId, resource::DeploymentId, scope::Scope};
use serde_json::{Value, json};
use template::{lenient, limits::TEMPLATE_BYTES_MAX};

use super::Link;
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    frame::Frame,
    own,
    trouble::Trouble,
};

mod foreseen;
pub(super) mod result;

use foreseen::{Foreseen, Refusal, foreseen};

/// A template and its parameters, as text and as files.
pub(super) const BYTES_MAX: usize = 3 * TEMPLATE_BYTES_MAX;
/// The api-version of deployments.
const DEPLOYMENTS: &str = "2022-09-01";
/// Where the record of a deployment lives, where nothing else is said.
const LOCATION: &str = "westeurope";

#[derive(Template)]
#[template(path = "service-providers/add.html")]
struct View {
    frame: Frame,
    subscriptions: Vec<Choice>,
    typed: Typed,
    wrong: Wrong,
    refusal: Option<Refusal>,
    foreseen: Option<Foreseen>,
    /// That just this was shown, sealed.
    reviewed: String,
    /// It was to be done, and was changed since it was shown.
    is_changed: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Choice {
    id: String,
    name: String,
    is_chosen: bool,
}

/// What was typed or uploaded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Typed {
    subscription: String,
    location: String,
    template: String,
    parameters: String,
}

/// What is wrong with which field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Wrong {
    subscription: Option<&'static str>,
    template: Option<String>,
    parameters: Option<String>,
}

impl Wrong {
    fn is_any(&self) -> bool {
        *self != Self::default()
    }
}

impl Typed {
    fn of(ask: &Ask) -> Result<Self, Trouble> {
        let said = |name: &str| ask.form.get(name).unwrap_or_default().to_owned();
        let location = Some(said("location")).filter(|it| !it.trim().is_empty());
        Ok(Self {
            subscription: said("subscription"),
            location: location.unwrap_or_else(|| LOCATION.to_owned()),
            template: text(ask, "template", "template_file")?,
            parameters: text(ask, "parameters", "parameters_file")?,
        })
    }

    /// Tells all of it from anything else.
    fn print(&self) -> String {
        let Self { subscription, location, template, parameters } = self;
        fingerprint(&json!([subscription, location, template, parameters]).to_string())
    }
}

/// A file, where one was chosen; else what was typed. Browsers send lines of a form in a way of
/// their own: what was reviewed comes back as it was.
fn text(ask: &Ask, typed: &str, file: &str) -> Result<String, Trouble> {
    let text = match ask.form.file(file) {
        Some(file) => String::from_utf8(file.bytes.clone())
            .map_err(|_| Trouble::Garbled("a file is not text"))?,
        None => ask.form.get(typed).unwrap_or_default().to_owned(),
    };
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    Ok(text.trim().to_owned())
}

/// A deployment that can be sent.
struct Ready {
    id: DeploymentId,
    body: String,
}

/// What is wrong is told field by field; what the template means, the API judges.
fn ready(typed: &Typed) -> Result<Ready, Wrong> {
    let subscription = typed.subscription.parse::<SubscriptionId>();
    let template = lenient::read(&typed.template);
    let parameters = parameters(&typed.parameters);
    let wrong = Wrong {
        subscription: subscription.is_err().then_some("Choose a subscription."),
        template: match &template {
            _ if typed.template.trim().is_empty() => {
                Some("Paste a template, or choose its file.".to_owned())
            }
            Ok(_) => None,
            Err(refused) => Some(format!("This is no template: {refused}.")),
        },
        parameters: parameters.as_ref().err().cloned(),
    };
    let (Ok(subscription), Ok(parameters), false) = (subscription, parameters, wrong.is_any())
    else {
        return Err(wrong);
    };
    // The same is deployed under one name: whoever sends it twice begins nothing new.
    let name: String = typed
        .print()
        .to_ascii_lowercase()
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(12)
        .collect();
    let name = format!("add-offer-{name}").parse().map_err(|_| wrong.clone())?;
    let id = DeploymentId::at(Scope::Subscription(subscription), name).map_err(|_| wrong)?;
    // The template goes verbatim, so that places in it are told as they are.
    let (location, template) = (json!(typed.location), &typed.template);
    let body = format!(
        "{{\"location\":{location},\"properties\":{{\"mode\":\"Incremental\",\"parameters\":{parameters},\"template\":{template}\n}}}}"
    );
    Ok(Ready { id, body })
}

/// The parameters, with the members around them or without.
fn parameters(text: &str) -> Result<Value, String> {
    if text.trim().is_empty() {
        return Ok(json!({}));
    }
    let read = lenient::read(text).map_err(|it| format!("These are no parameters: {it}."))?;
    let inner = read.get("parameters").cloned().unwrap_or(read);
    if inner.is_object() { Ok(inner) } else { Err("These are no parameters.".to_owned()) }
}

pub(super) fn page(ask: Ask) -> Answered {
    Box::pin(async move {
        let typed = Typed { location: LOCATION.to_owned(), ..Typed::default() };
        view(&ask, typed, (StatusCode::OK, Back::default())).await
    })
}

/// How a form came back.
#[derive(Default)]
struct Back {
    wrong: Wrong,
    refusal: Option<Refusal>,
    foreseen: Option<Foreseen>,
    is_changed: bool,
}

pub(super) fn send(ask: Ask) -> Answered {
    Box::pin(async move {
        let typed = Typed::of(&ask)?;
        let ready = match ready(&typed) {
            Ok(ready) => ready,
            Err(wrong) => {
                let back = Back { wrong, ..Back::default() };
                return view(&ask, typed, (StatusCode::BAD_REQUEST, back)).await;
            }
        };
        let wants = ask.form.get("answer") == Some("create");
        let is_reviewed = was_reviewed(&ask, &typed);
        if wants && is_reviewed {
            return create(&ask, typed, ready).await;
        }
        match foresee(&ask, &ready).await? {
            Ok(found) => {
                let (foreseen, is_changed) = (Some(found), wants);
                let back = Back { foreseen, is_changed, ..Back::default() };
                view(&ask, typed, (StatusCode::OK, back)).await
            }
            Err(refusal) => refused(&ask, typed, refusal).await,
        }
    })
}

async fn refused(ask: &Ask, typed: Typed, refusal: Refusal) -> Result<Answer, Trouble> {
    let status = refusal.status;
    let back = Back { refusal: Some(refusal), ..Back::default() };
    view(ask, typed, (status, back)).await
}

async fn create(ask: &Ask, typed: Typed, ready: Ready) -> Result<Answer, Trouble> {
    let Ready { id, body } = ready;
    let answered = ask.sent((Put, id.to_string(), DEPLOYMENTS), body).await?;
    match Refusal::of(&answered) {
        Some(refusal) => refused(ask, typed, refusal).await,
        None => Ok(ask.done("The template is being deployed.", Link::Added(id))),
    }
}

/// What the API says that it would do.
async fn foresee(ask: &Ask, ready: &Ready) -> Result<Result<Foreseen, Refusal>, Trouble> {
    let path = format!("{}/whatIf", ready.id);
    let began = ask.sent((Post, path, DEPLOYMENTS), ready.body.clone()).await?;
    if let Some(refusal) = Refusal::of(&began) {
        return Ok(Err(refusal));
    }
    let location = began.headers.iter().find(|(name, _)| *name == "Location");
    let location = location.map(|(_, it)| it.as_str()).ok_or(Trouble::Nothing)?;
    let path = location.strip_prefix(&ask.plane().origins.arm).unwrap_or(location);
    let path = path.split('?').next().unwrap_or_default().to_owned();
    let found = ask.sent((Get, path, DEPLOYMENTS), String::new()).await?;
    if let Some(refusal) = Refusal::of(&found) {
        return Ok(Err(refusal));
    }
    Ok(Ok(foreseen(ask, &found).await?))
}

/// What a review is sealed for: this person's, and nobody else's.
fn bound(ask: &Ask) -> String {
    let who = ask.visitor.as_ref().map(|it| it.principal().to_string());
    format!("portal: add offer|{}", who.unwrap_or_default())
}

fn was_reviewed(ask: &Ask, typed: &Typed) -> bool {
    let sealed = ask.form.get("reviewed").unwrap_or_default();
    ask.plane().seal.open(&bound(ask), sealed).is_ok_and(|print| print == typed.print())
}

async fn view(
    ask: &Ask,
    typed: Typed,
    (status, back): (StatusCode, Back),
) -> Result<Answer, Trouble> {
    let (subscriptions, _) = own::subscriptions(ask, "").await?;
    let choice = |(scope, name): (Scope, String)| {
        let id = scope.subscription().map(|it| it.to_string()).unwrap_or_default();
        Choice { is_chosen: id == typed.subscription, id, name }
    };
    let subscriptions = subscriptions.into_iter().map(choice).collect();
    let reviewed = match &back.foreseen {
        Some(found) if found.refusal.is_none() => {
            let plane = ask.plane();
            plane.seal.close(&*plane.random, &bound(ask), &typed.print())
        }
        Some(_) | None => String::new(),
    };
    let frame = ask.frame("Add offer via template").await?;
    let frame = frame.below("Service providers", Link::Offers).command(
        "Show what it would do, then do it",
        format!(
            "az deployment sub create --confirm-with-what-if --subscription '{}' --location '{}' --template-file main.json --parameters @main.parameters.json",
            typed.subscription.replace('\'', ""),
            typed.location.replace('\'', "")
        ),
    );
    let Back { wrong, refusal, foreseen, is_changed } = back;
    let view = View { frame, subscriptions, typed, wrong, refusal, foreseen, reviewed, is_changed };
    Answer::with(status, &view)
}
