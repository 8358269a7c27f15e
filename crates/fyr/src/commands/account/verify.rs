//! `fyr account verify` and `refuse`: an operator's word on a company.

use axum::http::header;
use ids::guid::TenantId;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::show;
use crate::{
    cli::{Competency, Dated, Online, Verify},
    commands::{
        say,
        server::{Server, list},
    },
};

/// Notes how far the company is verified, and what qualifies it.
pub(super) fn verify(wanted: &Verify) -> anyhow::Result<()> {
    let server = Server::marketplace(&wanted.online)?;
    let account = server.get(&show::of(wanted.tenant))?;
    let said = qualifications(wanted);
    let all = if said.is_empty() && !wanted.unqualified { noted(&account) } else { said };
    let body = json!({ "state": wanted.state.as_str(), "qualifications": all });
    put(&server, wanted.tenant, wanted.revision.or_else(|| show::revision(&account)), &body)
}

/// Refuses the company. What qualifies it stays noted.
pub(super) fn refuse(
    tenant: TenantId,
    reason: &str,
    revision: Option<u64>,
    online: &Online,
) -> anyhow::Result<()> {
    let server = Server::marketplace(online)?;
    let account = server.get(&show::of(tenant))?;
    let all = noted(&account);
    let body = json!({ "state": "Rejected", "reason": reason, "qualifications": all });
    put(&server, tenant, revision.or_else(|| show::revision(&account)), &body)
}

fn noted(account: &Value) -> Vec<Value> {
    list(account, "/verification/qualifications").to_vec()
}

fn put(server: &Server, tenant: TenantId, seen: Option<u64>, body: &Value) -> anyhow::Result<()> {
    let seen = seen.map(|it| it.to_string()).unwrap_or_default();
    let path = format!("{}/verification", show::of(tenant));
    server.put_where(&path, (header::IF_MATCH, &seen), body)?;
    say(&show::facts(&server.get(&show::of(tenant))?));
    Ok(())
}

pub(super) fn qualifications(wanted: &Verify) -> Vec<Value> {
    let designations = wanted.designations.iter().map(|Dated { name, until }| {
        until_then(json!({ "kind": "designation", "area": name }), *until)
    });
    let competencies = wanted.competencies.iter().map(|Competency { area, level, until }| {
        until_then(json!({ "kind": "competency", "area": area, "level": level }), *until)
    });
    let programs = wanted.programs.iter().map(|Dated { name, until }| {
        until_then(json!({ "kind": "program", "name": name }), *until)
    });
    designations.chain(competencies).chain(programs).collect()
}

fn until_then(mut body: Value, until: Option<Date>) -> Value {
    if let (Some(day), Some(members)) = (until, body.as_object_mut()) {
        members.insert("validTo".to_owned(), day.to_string().into());
    }
    body
}
