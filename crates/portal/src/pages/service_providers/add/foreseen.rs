//! What a template would do, as the API tells it, said for people: offers and delegations in words,
//! whatever else by its id.

use arm::request::ArmResponse;
use axum::http::StatusCode;
use delegation::take::Request;
use ids::{
    offer::MarketplaceIdentifier,
    resource::{AssignmentId, DefinitionId, ResourceId},
};
use model::market::manifest::Manifest;
use serde_json::{Map, Value, json};
use wire::arm::{
    error::ErrorDetail,
    managed_services::{
        assignment,
        definition::{self, Asked},
        generation::Generation,
    },
    what_if::{ChangeType, WhatIfBody},
};

use super::super::{
    DELEGATIONS,
    grants::{Grant, grants},
};
use crate::{ask::Ask, pages::marketplace::shelf, trouble::Trouble, words::Id};

/// How deep reasons within reasons are told.
const REASONS_DEEP_MAX: usize = 4;
/// How many reasons are told.
const REASONS_MAX: usize = 20;

/// What the API refuses, in its own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) words: Vec<String>,
}

impl Refusal {
    /// The refusal in an answer, if it is one.
    pub(super) fn of(answered: &ArmResponse) -> Option<Self> {
        let status = StatusCode::from_u16(answered.status).unwrap_or(StatusCode::BAD_GATEWAY);
        let is_refused = status.is_client_error() || status.is_server_error();
        let error = answered.body.as_ref().and_then(|it| it.get("error"));
        is_refused.then(|| Self { status, words: words(error) })
    }
}

/// An error of ARM's with the reasons inside of it, a sentence each.
pub(super) fn words(error: Option<&Value>) -> Vec<String> {
    let mut told = Vec::new();
    if let Some(error) = error.and_then(|it| ErrorDetail::read(it).ok()) {
        tell(&error, REASONS_DEEP_MAX, &mut told);
    }
    if told.is_empty() {
        told.push("The API refuses it, and does not say why.".to_owned());
    }
    told.truncate(REASONS_MAX);
    told
}

fn tell(error: &ErrorDetail, deep: usize, told: &mut Vec<String>) {
    if deep == 0 || told.len() >= REASONS_MAX {
        return;
    }
    told.extend(Some(error.message.clone()).filter(|it| !it.is_empty()));
    error.details.iter().for_each(|it| tell(it, deep.saturating_sub(1), told));
}

/// All that would happen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Foreseen {
    pub(super) offers: Vec<Offer>,
    /// Scopes that would be delegated.
    pub(super) delegated: Vec<String>,
    pub(super) others: Vec<Other>,
    /// It would fail on its way.
    pub(super) refusal: Option<Vec<String>>,
}

/// An offer that would be made or changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Offer {
    pub(super) does: &'static str,
    pub(super) name: String,
    /// The managing tenant; none where the plan is not there for the subscription.
    pub(super) tenant: Option<Id>,
    pub(super) plan: Option<String>,
    pub(super) grants: Vec<Grant>,
}

/// Something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Other {
    pub(super) does: &'static str,
    pub(super) id: String,
}

/// Reads the API's answer.
pub(super) async fn foreseen(ask: &Ask, answered: &ArmResponse) -> Result<Foreseen, Trouble> {
    let tenant = ask.visitor()?.principal().tenant;
    let answer = answered.body.as_ref().and_then(|it| WhatIfBody::read(it).ok());
    // An answer that nobody can read promises nothing.
    let Some(answer) = answer else {
        return Ok(Foreseen { refusal: Some(words(None)), ..Foreseen::default() });
    };
    let refusal = answer.error.as_ref().map(|error| words(Some(error)));
    let (mut offers, mut delegated, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for change in answer.changes() {
        let (id, does) = (change.resource_id.as_str(), does(change.change_type));
        let after = change.after.as_ref();
        match ResourceId::parse(id, tenant).ok().zip(after).and_then(said) {
            Some(Said::Offer(it)) => offers.push(offer(ask, does, it).await?),
            Some(Said::Delegation(scope)) => delegated.push(scope),
            None => others.push(Other { does, id: id.to_owned() }),
        }
    }
    Ok(Foreseen { offers, delegated, others, refusal })
}

/// The word for what becomes of something.
fn does(change: ChangeType) -> &'static str {
    match change {
        ChangeType::Create => "Is added",
        ChangeType::Delete => "Is deleted",
        ChangeType::Modify => "Is changed",
        ChangeType::NoChange => "Stays as it is",
        ChangeType::Ignore => "Is not touched",
        ChangeType::Deploy => "Is written",
    }
}

/// What of delegations is in a change.
enum Said {
    Offer(Box<Asked>),
    Delegation(String),
}

fn said((id, after): (ResourceId, &Map<String, Value>)) -> Option<Said> {
    let (bytes, generation) = (json!(after).to_string(), Generation::of(DELEGATIONS));
    if let Ok(id) = DefinitionId::try_from(id.clone()) {
        let read = definition::read(id, bytes.as_bytes(), generation).ok()?;
        return Some(Said::Offer(Box::new(read)));
    }
    let read = assignment::read(AssignmentId::try_from(id).ok()?, bytes.as_bytes(), generation);
    Some(Said::Delegation(read.ok()?.id.scope().to_string()))
}

async fn offer(ask: &Ask, does: &'static str, asked: Box<Asked>) -> Result<Offer, Trouble> {
    match *asked {
        Asked::Own(it) => {
            let name = it.name.unwrap_or_else(|| it.id.name().to_string());
            let manifest = Manifest {
                tenant: it.managed_by,
                authorizations: it.authorizations,
                eligible: it.eligible,
            };
            let tenant = Some(Id::from(it.managed_by));
            Ok(Offer { does, name, tenant, plan: None, grants: grants(ask, manifest).await? })
        }
        Asked::OfPlan(it) => {
            let name = it.name.clone().unwrap_or_else(|| it.id.name().to_string());
            let plan = Some(it.plan.to_string());
            let Some(manifest) = of_plan(ask, &it).await? else {
                return Ok(Offer { does, name, tenant: None, plan, grants: Vec::new() });
            };
            let tenant = Some(Id::from(manifest.tenant));
            Ok(Offer { does, name, tenant, plan, grants: grants(ask, manifest).await? })
        }
    }
}

/// What the plan gives, if it is there for the subscription where it would be taken.
async fn of_plan(ask: &Ask, it: &Request) -> Result<Option<Manifest>, Trouble> {
    let Some(version) = it.plan.meant() else { return Ok(None) };
    let (name, place) = (version.to_string(), it.id.scope().subscription());
    let identifier = MarketplaceIdentifier::Version(version);
    match shelf(ask, &identifier, &name, place).await {
        Ok(found) => Ok(found.into_iter().next().map(|it| it.manifest)),
        Err(Trouble::Refused(why)) if why.verdict().0 < 500 => Ok(None),
        Err(other) => Err(other),
    }
}
