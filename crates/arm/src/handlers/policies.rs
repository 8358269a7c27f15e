//! Azure Policy: definitions, sets, assignments, exemptions and remediations.

use ids::path::Path;
use model::question::Via;
use operations::{
    policies::{
        delete as deletion,
        put::{self as writing, Written},
        read::{self, Found, Listing},
    },
    put::Put as Outcome,
    resources::identity::Shown,
};
use policy::kind::Kind;
use serde_json::Value;
use wire::arm::{policies as body, scopes::ListBody};

use super::resources;
use crate::{
    failure::Failure,
    request::{
        ArmResponse,
        Method::{Delete, Get, Patch, Post, Put},
    },
    route::{
        Answer, Ask,
        Judge::{self, Action, Each},
        Route,
        Target::{Item, ItemAction, List},
        Versions::{OfType, These},
        row,
    },
};

mod filter;
mod states;

const DEFINITIONS: &str = Kind::Definition.name();
const SETS: &str = Kind::Set.name();
const ASSIGNMENTS: &str = Kind::Assignment.name();
const EXEMPTIONS: &str = Kind::Exemption.name();
const REMEDIATIONS: &str = Kind::Remediation.name();
const STATES: &str = "Microsoft.PolicyInsights/policyStates";
const STATE_VERSIONS: &[&str] =
    &["2024-10-01", "2019-10-01", "2018-07-01-preview", "2018-04-04", "2017-12-12-preview"];

const READ: Judge = Action("{kind}/read", Via::Any);
const WRITE: Judge = Action("{kind}/write", Via::Any);
const DELETE: Judge = Action("{kind}/delete", Via::Any);
/// Azure's own are everybody's to read; of the others each is judged by itself.
const READ_EACH: Judge = Each("{kind}/read");

pub(crate) const ROUTES: &[Route] = &[
    row(Get, Item(DEFINITIONS), OfType, READ_EACH, get),
    row(Put, Item(DEFINITIONS), OfType, WRITE, put),
    row(Delete, Item(DEFINITIONS), OfType, DELETE, delete),
    row(Get, List(DEFINITIONS), OfType, READ_EACH, list),
    row(Get, Item(SETS), OfType, READ_EACH, get),
    row(Put, Item(SETS), OfType, WRITE, put),
    row(Delete, Item(SETS), OfType, DELETE, delete),
    row(Get, List(SETS), OfType, READ_EACH, list),
    row(Get, Item(ASSIGNMENTS), OfType, READ, get),
    row(Put, Item(ASSIGNMENTS), OfType, WRITE, put),
    row(Patch, Item(ASSIGNMENTS), OfType, WRITE, patch),
    row(Delete, Item(ASSIGNMENTS), OfType, DELETE, delete),
    row(Get, List(ASSIGNMENTS), OfType, READ_EACH, list),
    row(Get, Item(EXEMPTIONS), OfType, READ, get),
    row(Put, Item(EXEMPTIONS), OfType, WRITE, put),
    row(Patch, Item(EXEMPTIONS), OfType, WRITE, patch),
    row(Delete, Item(EXEMPTIONS), OfType, DELETE, delete),
    row(Get, List(EXEMPTIONS), OfType, READ_EACH, list),
    row(Get, Item(REMEDIATIONS), OfType, READ, get),
    row(Put, Item(REMEDIATIONS), OfType, WRITE, put),
    row(Delete, Item(REMEDIATIONS), OfType, DELETE, delete),
    row(Get, List(REMEDIATIONS), OfType, READ_EACH, list),
    row(
        Post,
        ItemAction(STATES, "queryResults"),
        These(STATE_VERSIONS),
        Action("{kind}/action", Via::Any),
        states::query,
    ),
    row(
        Post,
        ItemAction(STATES, "summarize"),
        These(STATE_VERSIONS),
        Action("{kind}/action", Via::Any),
        states::summarize,
    ),
];

fn get(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let found = read::get(ask.plane, &ask.context, ask.resource()?).await?;
        Ok(ArmResponse::json(200, show(&ask, found)))
    })
}

fn put(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let request = resources::putting(&ask)?;
        let Written { put, notice } = writing::put(ask.plane, &ask.context, request).await?;
        let status = put_status(&put);
        Ok(written(&ask, status, put.into_inner(), notice))
    })
}

fn patch(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let request = resources::patching(&ask)?;
        let Written { put, notice } = writing::patch(ask.plane, &ask.context, request).await?;
        Ok(written(&ask, 200, put.into_inner(), notice))
    })
}

/// 201 even for a definition or an assignment that was there: older SDKs take nothing else.
fn put_status(put: &Outcome<Shown>) -> u16 {
    match put {
        Outcome::Created(_) => 201,
        Outcome::Updated(it) | Outcome::Unchanged(it) => match Kind::of(&it.resource.id) {
            Some(Kind::Definition | Kind::Assignment) => 201,
            Some(Kind::Set | Kind::Exemption | Kind::Remediation) | None => 200,
        },
    }
}

/// 200 for what was there, with it where Azure answers so; 204 for what was not.
fn delete(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let (id, expected) = (ask.resource()?, ask.expected());
        let gone = deletion::delete(ask.plane, &ask.context, id, expected).await?;
        let Some(resource) = gone else { return Ok(ArmResponse::empty(204)) };
        Ok(match Kind::of(&resource.id) {
            Some(Kind::Assignment | Kind::Remediation) => {
                let shown = Found::Kept(Box::new(Shown { resource, acting: Vec::new() }));
                ArmResponse::json(200, show(&ask, shown))
            }
            Some(Kind::Definition | Kind::Set | Kind::Exemption) | None => ArmResponse::empty(200),
        })
    })
}

fn list(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let Path::Collection(collection) = &ask.path else { return Err(Failure::NoSuchPath) };
        let kind = collection.kind().ok_or(Failure::NoSuchPath)?;
        let kind = Kind::ALL.into_iter().find(|it| kind.is(it.name()));
        let (kind, scope) = (kind.ok_or(Failure::NoSuchPath)?, collection.holder()?);
        let filter = filter::read(&ask)?;
        let listing = Listing { scope, kind, reach: filter.reach };
        let found = read::list(ask.plane, &ask.context, &listing).await?;
        let shown = found.into_iter().map(|it| show(&ask, it));
        let value = shown.filter(|it| filter.meets(it)).collect();
        Ok(ArmResponse::json(200, ListBody::<Value>::whole(value)))
    })
}

fn show(ask: &Ask<'_>, found: Found) -> Value {
    match found {
        Found::BuiltIn(id, properties) => body::built_in(&id, &properties),
        Found::Kept(shown) => body::kept(resources::show(ask, *shown)),
    }
}

fn written(ask: &Ask<'_>, status: u16, shown: Shown, notice: Option<String>) -> ArmResponse {
    let response = ArmResponse::json(status, show(ask, Found::Kept(Box::new(shown))));
    match notice {
        Some(notice) => response.with("Warning", warning(&notice)),
        None => response,
    }
}

/// A warning that a proxy may repeat and a client may pass over (RFC 7234, 5.5).
fn warning(notice: &str) -> String {
    let plain = |c: char| match c {
        '"' | '\\' => '\'',
        c if c == ' ' || c.is_ascii_graphic() => c,
        _ => '?',
    };
    format!("299 fyr \"{}\"", notice.chars().map(plain).collect::<String>())
}
