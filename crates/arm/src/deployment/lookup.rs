//! `reference()` and `list…()`: what a template asks of other resources, the front door answers
//! to the caller of the deployment.

use ids::{guid::TenantId, scope::Scope};
use model::event::Actor;
use operations::{
    deployments::{
        answers::{Answers, Asked},
        run::Run,
    },
    error::Error,
    plane::Plane,
};
use serde_json::{Map, Value, json};
use template::{
    context::{Answer, List, Reference},
    expand::Body,
    refused::Refused,
};

use super::client::{Call, Client, error_of, newest};
use crate::request::Method;

/// So many questions of one resource, or of the outputs, are looked up.
const QUESTIONS_MAX: usize = 800;

/// The body of a step, with all that it asks for answered; or ARM's error.
pub(crate) async fn body(
    plane: &Plane,
    run: &Run,
    at: usize,
) -> Result<Result<Value, Value>, Error> {
    let mut answers = Answers::default();
    for _ in 0..QUESTIONS_MAX {
        let (body, back) = run.body(at, answers).await?;
        answers = back;
        let settled = match body {
            Ok(Body::Ready(body)) => return Ok(Ok(body)),
            Ok(Body::Deferred { waits_for }) => {
                answers.missing().ok_or_else(|| unknown(&waits_for))
            }
            Err(refused) => answers.missing().ok_or_else(|| error(&refused)),
        };
        match settled {
            Ok(asked) => ask(plane, run, &mut answers, &asked).await,
            Err(error) => return Ok(Err(error)),
        }
    }
    Ok(Err(too_many()))
}

/// The outputs, or ARM's error.
pub(crate) async fn outputs(plane: &Plane, run: &Run) -> Result<Result<Value, Value>, Error> {
    let mut answers = Answers::default();
    for _ in 0..QUESTIONS_MAX {
        let (outputs, back) = run.outputs(answers).await?;
        answers = back;
        let refused = match outputs {
            Ok(outputs) => return Ok(Ok(outputs)),
            Err(refused) => refused,
        };
        match answers.missing() {
            Some(asked) => ask(plane, run, &mut answers, &asked).await,
            None => return Ok(Err(error(&refused))),
        }
    }
    Ok(Err(too_many()))
}

fn too_many() -> Value {
    let message = format!("More than {QUESTIONS_MAX} references are made in one place.");
    json!({ "code": "InvalidTemplate", "message": message })
}

fn unknown(id: &str) -> Value {
    let message = format!("The resource '{id}' is not known at this point of the deployment.");
    json!({ "code": "InvalidTemplate", "message": message })
}

fn error(refused: &Refused) -> Value {
    json!({ "code": refused.code(), "message": refused.message(None) })
}

async fn ask(plane: &Plane, run: &Run, answers: &mut Answers, asked: &Asked) {
    let client = Client { plane, deployment: &run.record };
    let answer = match asked {
        Asked::Reference(reference) => refer(&client, reference).await,
        Asked::List(list) => post(&client, list).await,
    };
    answers.learn(asked, answer);
}

async fn refer(client: &Client<'_>, asked: &Reference) -> Answer {
    let version = version(client, &asked.id, asked.api_version.as_deref());
    let path = asked.id.as_str();
    let call = Call { method: Method::Get, path, version: &version, body: Value::Null };
    let response = client.call(call).await;
    let (Some(body), 200..=299) = (&response.body, response.status) else {
        return refusal(&error_of(&response));
    };
    if !asked.full {
        return Answer::Known(body.get("properties").cloned().unwrap_or_else(|| json!({})));
    }
    let mut full = body.clone();
    if let Some(members) = full.as_object_mut() {
        members.extend(bookkeeping(client, asked, &version));
    }
    Answer::Known(full)
}

/// What `reference(…, 'Full')` adds to a resource: where it lies, and what the deployment has to
/// do with it (ARM contract, section 4.4).
fn bookkeeping(client: &Client<'_>, asked: &Reference, version: &str) -> Map<String, Value> {
    let target = home(client).and_then(|home| Scope::parse(&asked.id, home).ok());
    let step = client.deployment.steps.iter().find(|step| Some(&step.target) == target.as_ref());
    let read = step.is_none_or(|step| step.existing);
    let relative = asked.id.rsplit_once("/providers/").map(|(_, relative)| relative);
    let group = target.as_ref().and_then(Scope::resource_group).map(ToString::to_string);
    let members = [
        ("apiVersion", Value::from(version)),
        ("referenceApiVersion", version.into()),
        ("subscriptionId", json!(target.as_ref().and_then(Scope::subscription))),
        ("resourceGroupName", group.into()),
        ("resourceId", relative.into()),
        ("condition", true.into()),
        ("isConditionTrue", true.into()),
        ("isTemplateResource", asked.own.into()),
        ("isAction", false.into()),
        ("provisioningOperation", if read { "Read" } else { "Create" }.into()),
    ];
    let known = members.into_iter().filter(|(_, value)| !value.is_null());
    known.map(|(name, value)| (name.to_owned(), value)).collect()
}

async fn post(client: &Client<'_>, asked: &List) -> Answer {
    let version = version(client, &asked.id, asked.api_version.as_deref());
    let path = format!("{}/{}", asked.id.trim_end_matches('/'), asked.action);
    let body = asked.body.clone().unwrap_or_else(|| json!({}));
    let call = Call { method: Method::Post, path: &path, version: &version, body };
    let response = client.call(call).await;
    match (&response.body, response.status) {
        (Some(body), 200..=299) => Answer::Known(body.clone()),
        _ => refusal(&error_of(&response)),
    }
}

fn refusal(error: &Value) -> Answer {
    let text = |name: &str| error.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    Answer::Refused { code: text("code"), message: text("message") }
}

/// The tenant in which ids that name none are read.
fn home(client: &Client<'_>) -> Option<TenantId> {
    client.deployment.id.scope().tenant().or(match &client.deployment.actor {
        Actor::Caller(caller) => Some(caller.principal.tenant),
        Actor::System(_) => None,
    })
}

/// The version that the template names; that of its own step; or the newest there is.
fn version(client: &Client<'_>, id: &str, named: Option<&str>) -> String {
    if let Some(named) = named {
        return named.to_owned();
    }
    let Some(home) = home(client) else { return String::new() };
    let target = Scope::parse(id, home).ok();
    let own = client.deployment.steps.iter().find(|step| Some(&step.target) == target.as_ref());
    if let Some(step) = own {
        return step.api_version.clone();
    }
    target.as_ref().map(newest).unwrap_or_default()
}
