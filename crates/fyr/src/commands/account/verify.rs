//! `fyr account verify` and `refuse`: an operator's word on a company.

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
    let said = qualifications(wanted);
    let all =
        if said.is_empty() && !wanted.unqualified { noted(&server, wanted.tenant)? } else { said };
    let body = json!({ "state": wanted.state.as_str(), "qualifications": all });
    put(&server, wanted.tenant, &body)
}

/// Refuses the company. What qualifies it stays noted.
pub(super) fn refuse(tenant: TenantId, reason: &str, online: &Online) -> anyhow::Result<()> {
    let server = Server::marketplace(online)?;
    let all = noted(&server, tenant)?;
    let body = json!({ "state": "Rejected", "reason": reason, "qualifications": all });
    put(&server, tenant, &body)
}

fn noted(server: &Server, tenant: TenantId) -> anyhow::Result<Vec<Value>> {
    let account = server.get(&show::of(tenant))?;
    Ok(list(&account, "/verification/qualifications").to_vec())
}

fn put(server: &Server, tenant: TenantId, body: &Value) -> anyhow::Result<()> {
    server.put(&format!("{}/verification", show::of(tenant)), body)?;
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
