//! The order of checks: what is meant, who asks, whether they may; only then the body.

use access::permit;
use axum::{
    body::Body,
    http::{Method, request::Parts},
};
use ids::scope::Scope;
use model::{
    action::Action,
    event::Caller,
    question::{Question, Via},
};
use operations::{context::Context, error::Error, plane::Plane};

use crate::{
    Surface,
    answer::Answer,
    failure::{Failure, NoCaller},
    request::{self, MarketRequest},
    route::{Ask, Leave, Route},
    table, visitors,
};

/// Answers one request. The body is read only for a caller who may send it.
pub(crate) async fn answer(
    surface: &Surface,
    request: MarketRequest,
    head: &Parts,
    body: Body,
) -> Answer {
    let (plane, trace) = (surface.sign_in.plane(), request.trace.clone());
    let outcome = one(surface, request, head, body).await;
    outcome.unwrap_or_else(|failure| failure.into_answer(plane, &trace))
}

async fn one(
    surface: &Surface,
    request: MarketRequest,
    head: &Parts,
    body: Body,
) -> Result<Answer, Failure> {
    let plane = surface.sign_in.plane();
    let (route, keys) = route(&request.method, &request.segments)?;
    let context = context(plane, route, &keys, &request)?;
    let noted = context.clone();
    let outcome = async {
        if let (Some(context), Some(_)) = (&context, route.leave.action()) {
            permit::judge(&plane.index(), &context.caller, &context.question, plane.store.now())
                .map_err(Error::Denied)?;
        }
        let body = request::body(head, body, route.bytes_max).await?;
        let _turn = match &context {
            Some(_) => None,
            None => Some(visitors::turn(request.network).await?),
        };
        let MarketRequest { path, query, if_match, if_none_match, .. } = request;
        let surface = surface.clone();
        let ask = Ask { surface, context, keys, path, query, if_match, if_none_match, body };
        (route.serve)(ask).await
    };
    let outcome = outcome.await;
    if let (Err(failure), Some(context)) = (&outcome, noted)
        && route.method != Method::GET
    {
        note(plane, &context, failure);
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

/// Who asks for what; none where anyone may.
fn context(
    plane: &Plane,
    route: &Route,
    keys: &[String],
    request: &MarketRequest,
) -> Result<Option<Context>, Failure> {
    if route.leave == Leave::Anyone && request.caller == Err(NoCaller::Missing) {
        return Ok(None);
    }
    let caller = caller(plane, request)?;
    let own = caller.principal.tenant;
    // What only operators may is about the tenant that the path names.
    let scope = Scope::Tenant(match (route.leave, keys.first()) {
        (Leave::Platform(_), Some(key)) => key.parse().map_err(|_| Failure::Nothing)?,
        (Leave::Platform(_), None) | (Leave::Anyone | Leave::Caller | Leave::Account(_), _) => own,
    });
    // Where no leave is asked for beforehand, the operation asks its own question.
    let (name, via) = route.leave.action().unwrap_or(("Fyr.Market/catalog/read".into(), Via::Any));
    Ok(Some(Context {
        question: Question { action: Action::named(name), scope, via },
        caller,
        auxiliary: Vec::new(),
        correlation: request.trace.correlation(),
        method: method(&request.method),
        client_request: request.trace.client_request.clone(),
        client_address: request.address.clone(),
        started: request.arrived,
    }))
}

/// The caller of the token, if the directory still knows it and lets it in.
fn caller(plane: &Plane, request: &MarketRequest) -> Result<Caller, Failure> {
    let caller = request.caller.as_ref().map_err(|why| Failure::NoCaller(why.clone()))?;
    if plane.index().can_act(caller.principal) {
        return Ok(caller.clone());
    }
    Err(NoCaller::Gone.into())
}

fn route(method: &Method, path: &[String]) -> Result<(&'static Route, Vec<String>), Failure> {
    let rows = table::all().iter().filter_map(|row| Some((row, row.keys(path)?)));
    let meant: Vec<_> = rows.collect();
    if meant.is_empty() {
        return Err(Failure::Nothing);
    }
    let method = if method == Method::HEAD { &Method::GET } else { method };
    let found = meant.into_iter().find(|(row, _)| row.method == *method);
    found.ok_or(Failure::WrongMethod)
}

fn method(method: &Method) -> &'static str {
    match method.as_str() {
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        _ => "GET",
    }
}
