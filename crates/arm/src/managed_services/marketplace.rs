//! What published plans ask for. Nothing is published yet, so that lists are empty and nothing
//! is found; nobody can write here.

use serde_json::Value;
use wire::arm::{managed_services::filter, scopes::ListBody};

use crate::{
    failure::Failure,
    request::ArmResponse,
    route::{Answer, Ask},
};

pub(crate) fn list(Ask { query, .. }: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        if let Some(text) = query.get("$filter").filter(|it| !it.trim().is_empty()) {
            filter::plan(text).map_err(|bad| super::bad_filter(&bad))?;
        }
        Ok(ArmResponse::json(200, ListBody::<Value>::whole(Vec::new())))
    })
}

pub(crate) fn get(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let id = ask.resource()?;
        Err(Failure::NotFound { name: format!("{}/{}", id.kind(), id.name()), group: None })
    })
}
