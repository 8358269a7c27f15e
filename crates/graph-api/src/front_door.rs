//! The order of checks: who asks, what is meant, whether they may; only then the body.

use std::sync::Arc;

use access::permit;
use axum::http::Method;
use model::{
    action::Action,
    event::{Caller, CallerKind},
    question::{Question, Via},
};
use operations::{context::Context, error::Error, plane::Plane, sign_in::SignIn};

use crate::{
    answer::Answer,
    batch,
    failure::{Failure, NoCaller},
    path::{Key, Path},
    request::GraphRequest,
    route::{Ask, Leave, Route},
    table,
};

/// Answers one request. `body` is read only for a caller who may send it.
pub(crate) async fn answer(
    sign_in: &Arc<SignIn>,
    request: GraphRequest,
    body: impl Future<Output = Result<Vec<u8>, Failure>> + Send,
) -> Answer {
    let (plane, trace) = (sign_in.plane(), request.trace.clone());
    let outcome = if batch::is_meant(&request) {
        batch::answer(sign_in, request, body).await
    } else {
        one(sign_in, request, body).await
    };
    outcome.unwrap_or_else(|failure| failure.into_answer(plane, &trace))
}

/// The same for a request that is no batch.
pub(crate) async fn one(
    sign_in: &Arc<SignIn>,
    request: GraphRequest,
    body: impl Future<Output = Result<Vec<u8>, Failure>> + Send,
) -> Result<Answer, Failure> {
    let plane = sign_in.plane();
    let caller = caller(plane, &request)?;
    let path = meant(Path::parse(&request.path)?, &caller)?;
    let (route, keys) = route(&request.method, &path)?;
    let context = Context {
        question: question(route, &keys, &caller),
        caller,
        auxiliary: Vec::new(),
        correlation: request.trace.correlation(),
        method: name(&request.method),
        client_request: request.trace.client_request.clone(),
        client_address: request.address.clone(),
        started: request.arrived,
    };
    let noted = context.clone();
    let outcome = async {
        permit::judge(&plane.index(), &context.caller, &context.question, plane.store.now())
            .map_err(Error::Denied)?;
        let body = body.await?;
        let GraphRequest { path, query, eventual, budget, .. } = request;
        let sign_in = Arc::clone(sign_in);
        (route.serve)(Ask { sign_in, context, keys, path, query, eventual, body, budget }).await
    };
    let outcome = outcome.await;
    let writes = match route.leave {
        Leave::Write(_) | Leave::WriteOrOwn(..) => true,
        Leave::Read(_) | Leave::ReadOrSelf(_) => false,
    };
    if let (Err(failure), true) = (&outcome, writes) {
        note(plane, &noted, failure);
    }
    outcome
}

/// A refused or failed write stands in the tenant's activity log, too.
fn note(plane: &Plane, context: &Context, failure: &Failure) {
    let (status, code) = failure.verdict();
    if let Some(activity) = context.failed(plane, status, format!("{code}: {failure}")) {
        plane.store.note_refusal(context.caller.principal, activity);
    }
}

/// The caller of the token, if the directory still knows it and lets it in.
pub(crate) fn caller(plane: &Plane, request: &GraphRequest) -> Result<Caller, Failure> {
    let caller = request.caller.as_ref().map_err(|why| Failure::NoCaller(why.clone()))?;
    if plane.index().can_act(caller.principal) {
        return Ok(caller.clone());
    }
    Err(NoCaller::Gone(caller.principal).into())
}

/// The path with `/me` as the caller that it means.
fn meant(mut path: Path, caller: &Caller) -> Result<Path, Failure> {
    if path.0.first().is_some_and(|it| it.eq_ignore_ascii_case("me")) {
        match caller.kind {
            CallerKind::User => {
                let who = caller.principal.object.to_string();
                path.0.splice(0..1, ["users".to_owned(), who]);
            }
            CallerKind::Application | CallerKind::ManagedIdentity => {
                return Err(Failure::NobodysMe);
            }
        }
    }
    Ok(path)
}

fn route(method: &Method, path: &Path) -> Result<(&'static Route, Vec<Key>), Failure> {
    let rows = table::all().iter().filter_map(|row| Some((row, row.keys(path)?)));
    let meant: Vec<_> = rows.collect();
    if meant.is_empty() {
        let last = path.0.last().map_or("", String::as_str);
        return Err(Failure::NoSegment(last.chars().take(80).collect()));
    }
    let method = if method == Method::HEAD { &Method::GET } else { method };
    let found = meant.into_iter().find(|(row, _)| row.method == *method);
    found.ok_or(Failure::WrongMethod)
}

fn question(route: &Route, keys: &[Key], caller: &Caller) -> Question {
    let own = caller.principal.object.to_string();
    let is_self = matches!(keys.first(), Some(Key::Id(text)) if text.eq_ignore_ascii_case(&own));
    let (name, via) = match route.leave {
        Leave::ReadOrSelf(_) if is_self => ("self/read", Via::Directory),
        Leave::Read(name) | Leave::ReadOrSelf(name) | Leave::Write(name) => (name, Via::Directory),
        Leave::WriteOrOwn(name, kind) => (name, Via::OwnerOfSome(kind)),
    };
    let action = Action::named(format!("Fyr.Directory/{name}"));
    Question { via, ..Question::directory(action, caller.principal.tenant) }
}

fn name(method: &Method) -> &'static str {
    match method.as_str() {
        "POST" => "POST",
        "PATCH" => "PATCH",
        "PUT" => "PUT",
        "DELETE" => "DELETE",
        _ => "GET",
    }
}
