//! The order of checks: what is meant, who asks, whether the form was opened here; only then is it
//! read.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{HeaderMap, Method, header, request::Parts},
    response::Response,
};
use identity::secret::same;
use ids::guid::CorrelationId;
use operations::sign_in::portal::SIGNED_IN;

use crate::{
    Surface,
    answer::{self, Answer},
    ask::{Ask, Theme, Visitor},
    fields::Fields,
    frame,
    pages::{sign_in, trouble},
    table::{self, Row, Who},
    trouble::Trouble,
};

/// A path longer than this leads nowhere; ids of resources reach 2 KiB in a query.
const PATH_BYTES_MAX: usize = 4 << 10;
const QUERY_BYTES_MAX: usize = 32 << 10;

/// Answers one request.
pub(crate) async fn answer(surface: Surface, head: Parts, body: Body) -> Response {
    let login = surface.sign_in.plane().origins.login.clone();
    let mut ask = begun(&surface, &head);
    let outcome = match let_in(&mut ask, &head, body).await {
        Ok(row) => (row.serve)(ask.clone()).await,
        Err(trouble) => Err(trouble),
    };
    let outcome = match outcome {
        Err(Trouble::SignedOut) if head.method == Method::GET => {
            let to = head.uri.path_and_query().map_or("/", |it| it.as_str());
            Ok(Answer::To(sign_in::path(to)))
        }
        told => told,
    };
    let answer = match outcome {
        Ok(answer) => answer,
        Err(trouble) => trouble::page(&ask, &trouble).await,
    };
    let mut response = answer::render(answer, &login);
    if head.method == Method::HEAD {
        *response.body_mut() = Body::empty();
    }
    response
}

/// What is known of a request before anything is asked of it.
fn begun(surface: &Surface, head: &Parts) -> Ask {
    let plane = surface.sign_in.plane();
    let peer = head.extensions.get::<ConnectInfo<SocketAddr>>();
    Ask {
        surface: surface.clone(),
        visitor: None,
        path: path(head).to_owned(),
        here: here(head),
        keys: Vec::new(),
        query: Fields::default(),
        form: Fields::default(),
        theme: cookie(&head.headers, frame::THEME).and_then(Theme::parse).unwrap_or(Theme::System),
        arriving: cookie(&head.headers, &sign_in::arriving_cookie(plane)).map(str::to_owned),
        address: peer.map(|ConnectInfo(address)| address.ip().to_string()),
        correlation: CorrelationId::new(plane.random.uuid()),
        arrived: plane.clock.now(),
    }
}

/// The path of one slash at its beginning: several would name a host, where it becomes a link.
fn path(head: &Parts) -> &str {
    let path = head.uri.path();
    let more = path.bytes().take_while(|it| *it == b'/').count().saturating_sub(1);
    path.get(more..).unwrap_or("/")
}

/// Where the page is. What a sign-in came back with is no place to come back to.
fn here(head: &Parts) -> String {
    let path = path(head);
    let query = head.uri.query().filter(|it| it.len() <= QUERY_BYTES_MAX && path != SIGNED_IN);
    query.map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"))
}

async fn let_in(ask: &mut Ask, head: &Parts, body: Body) -> Result<&'static Row, Trouble> {
    ask.visitor = visitor(&ask.surface, &head.headers).await?.map(Arc::new);
    let (path, query) = (head.uri.path(), head.uri.query().unwrap_or_default());
    if path.starts_with("//") || path.len() > PATH_BYTES_MAX || query.len() > QUERY_BYTES_MAX {
        return Err(Trouble::Nothing);
    }
    let (row, keys) = row(&head.method, &segments(path)?)?;
    ask.keys = keys;
    ask.query = Fields::parse(query.as_bytes())?;
    if row.who == Who::Person && ask.visitor.is_none() {
        return Err(Trouble::SignedOut);
    }
    if head.method == Method::POST {
        let ours = is_from_here(&head.headers, &ask.plane().origins.portal);
        if !ours {
            return Err(Trouble::NotOpenedHere);
        }
        ask.form = Fields::of_body(&head.headers, body, row.bytes_max).await?;
        let sent = ask.form.get("csrf").unwrap_or_default();
        let known = ask.visitor.as_ref().map(|it| it.session.csrf.as_str());
        if !known.is_some_and(|known| same(known, sent)) {
            return Err(Trouble::NotOpenedHere);
        }
    }
    Ok(row)
}

/// Whether the browser says that a page of ours sends the form. Older browsers say nothing, and the
/// form's own word decides.
fn is_from_here(headers: &HeaderMap, portal: &str) -> bool {
    let says = |name: &str| headers.get(name).map(|it| it.to_str().unwrap_or("?"));
    let site = says("sec-fetch-site").is_none_or(|site| site == "same-origin");
    site && says("origin").is_none_or(|origin| origin == portal)
}

/// Whose session the browser's cookie is, by the facts of this moment.
async fn visitor(surface: &Surface, headers: &HeaderMap) -> Result<Option<Visitor>, Trouble> {
    let plane = surface.sign_in.plane();
    let Some(cookie) = cookie(headers, &sign_in::session_cookie(plane)) else { return Ok(None) };
    let Some(session) = surface.sessions.find(cookie, plane.store.now()) else { return Ok(None) };
    match surface.sign_in.visitor(&session.visit).await {
        Ok(account) if plane.index().can_act(account.local.principal) => {
            Ok(Some(Visitor { cookie: cookie.to_owned(), session, account }))
        }
        Ok(_) | Err(operations::sign_in::Error::Refused(_)) => {
            surface.sessions.end(cookie);
            Ok(None)
        }
        Err(other) => Err(other.into()),
    }
}

fn row(method: &Method, path: &[String]) -> Result<(&'static Row, Vec<String>), Trouble> {
    let rows = table::all().iter().filter_map(|row| Some((row, row.keys(path)?)));
    let meant: Vec<_> = rows.collect();
    if meant.is_empty() {
        return Err(Trouble::Nothing);
    }
    let method = if method == Method::HEAD { &Method::GET } else { method };
    let found = meant.into_iter().find(|(row, _)| (row.method)() == *method);
    found.ok_or(Trouble::WrongMethod)
}

/// The path's segments, decoded once. What a path may not hold, no page of ours is called.
fn segments(path: &str) -> Result<Vec<String>, Trouble> {
    let plain = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    let all: Vec<String> = path.split('/').filter(|it| !it.is_empty()).map(str::to_owned).collect();
    if all.iter().all(|it| plain(it)) { Ok(all) } else { Err(Trouble::Nothing) }
}

/// The value of a cookie.
fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let cookies = headers.get_all(header::COOKIE).into_iter();
    let mut pairs = cookies.filter_map(|it| it.to_str().ok()).flat_map(|it| it.split(';'));
    pairs
        .find_map(|pair| pair.trim().split_once('=').filter(|(known, _)| *known == name))
        .map(|(_, value)| value)
}
