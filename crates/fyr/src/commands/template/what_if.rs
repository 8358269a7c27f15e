//! `fyr template what-if`: what a template would change, told without a server. It is asked of a
//! plane in memory, in the way that clients ask a server.

use std::{process::ExitCode, sync::Arc};

use access::catalogue::Catalogue;
use arm::{
    front_door,
    request::{ArmRequest, ArmResponse, Method, Preconditions, Query},
};
use identity::secret::MasterKey;
use ids::{
    clock::{Clock, Random},
    guid::{AppId, CorrelationId, TenantId},
    scope::Scope,
};
use model::{
    action::Action,
    event::{Caller, CallerKind},
    question::Question,
};
use operations::{
    plane::{Origins, Plane, Simulated},
    seal::Seal,
    sign_in::seeds::SeedSeal,
    world as apply,
};
use serde_json::{Value, json};
use store::{memory::Memory, store::Store};
use template::{context, document::Template};
use uuid::Uuid;
use world::world::World;

use super::{changes, files, place};
use crate::{
    cli::{Expand, Format, Place, WhatIf},
    commands::say,
    summary,
    system::{OsRandom, SystemClock},
    worlds,
};

/// What `--exit-code` ends with where something would change.
const CHANGES: u8 = 2;
/// The version that deployments are asked in.
const VERSION: &str = "2025-04-01";

/// Prints the changes, or what a run would be refused.
pub(in crate::commands) fn run(wanted: &WhatIf) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let answer = runtime.block_on(answer(wanted))?;
    if let Some(error) = answer.get("error") {
        anyhow::bail!("{}", changes::refusal(error));
    }
    say(&match wanted.template.output {
        Format::Json => format!("{answer:#}\n"),
        Format::Table => changes::render(&answer),
    });
    let code = if wanted.exit_code && changes::any(&answer) { CHANGES } else { 0 };
    Ok(ExitCode::from(code))
}

/// The answer in its wire form.
async fn answer(wanted: &WhatIf) -> anyhow::Result<Value> {
    let asked = &wanted.template;
    let text = files::text(&asked.file)?;
    let target = Template::parse(&files::read(&asked.file, &text)?)?.target;
    let world = world(wanted, target)?;
    let (asked, home) = placed(asked, &world)?;
    let scope = place::scope(&asked.place, target);
    let plane = plane().await?;
    apply::apply(&plane, &world).await?;
    let caller = owner(&plane, &scope, home)?;
    let name = asked.file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let path = format!("{}/providers/Microsoft.Resources/deployments/{name}/whatIf", scope.id());
    let body = body(wanted, &scope, &text)?;
    let told = ask(&plane, (Method::Post, path), &caller, body).await;
    let location = told.headers.iter().find(|(name, _)| *name == "Location");
    let Some((_, location)) = location else {
        let error = told.body.as_ref().and_then(|it| it.get("error"));
        anyhow::bail!("{}", error.map(changes::refusal).unwrap_or_default());
    };
    let path = location.split('?').next().unwrap_or_default().to_owned();
    let told = ask(&plane, (Method::Get, path), &caller, String::new()).await;
    plane.store.shutdown().await;
    told.body.ok_or_else(|| anyhow::anyhow!("the answer was lost"))
}

/// What is there: what the file says, or nothing but the place that is deployed to.
fn world(wanted: &WhatIf, target: template::document::Target) -> anyhow::Result<World> {
    let now = SystemClock.now();
    let (text, name) = match &wanted.against {
        Some(path) => (worlds::text(path)?, path.display().to_string()),
        None => (empty(&wanted.template.place, target), "nothing".to_owned()),
    };
    worlds::parse(&text, &name, now).map_err(anyhow::Error::msg)
}

/// A world of one tenant with an owner; JSON is YAML, too.
fn empty(asked: &Place, target: template::document::Target) -> String {
    let groups = match place::scope(asked, target) {
        context::Scope::ResourceGroup { name, .. } => {
            json!([{ "name": name, "location": asked.location }])
        }
        context::Scope::Tenant
        | context::Scope::ManagementGroup { .. }
        | context::Scope::Subscription { .. } => json!([]),
    };
    let subscription =
        json!({ "name": "subscription", "id": asked.subscription, "resourceGroups": groups });
    json!({ "tenants": [{
        "name": "nobody", "id": asked.tenant, "domain": "nobody.example",
        "users": [{ "name": "owner" }],
        "managementGroups": [{ "name": asked.management_group }],
        "subscriptions": [subscription],
        "roleAssignments": [{ "principal": "owner", "role": "Owner", "scope": "/" }],
    }] })
    .to_string()
}

/// The subscription that is meant, and its home. Where the world has only one, it is that.
fn placed(asked: &Expand, world: &World) -> anyhow::Result<(Expand, TenantId)> {
    let all = summary::subscriptions(world);
    let named = all.iter().find(|(id, _)| id.raw() == asked.place.subscription);
    let (id, home) = match (named, all.as_slice()) {
        (Some(it), _) => *it,
        (None, [only]) => *only,
        (None, _) => {
            let ids: Vec<String> = all.iter().map(|(id, _)| id.to_string()).collect();
            anyhow::bail!("name one of the world's subscriptions: {}", ids.join(", "));
        }
    };
    let place = Place { subscription: id.raw(), ..asked.place.clone() };
    Ok((Expand { place, ..asked.clone() }, home))
}

async fn plane() -> anyhow::Result<Plane> {
    let (clock, random): (Arc<dyn Clock>, Arc<dyn Random>) =
        (Arc::new(SystemClock), Arc::new(OsRandom::new()));
    let (engine, catalogue) = (Arc::new(Memory::default()), Catalogue::builtin());
    let store = Store::open(engine, catalogue, Arc::clone(&clock), Arc::clone(&random)).await?;
    let mut key = [0; 32];
    random.fill(&mut key);
    let [arm, login, graph, portal] = [(); 4].map(|()| String::new());
    let origins = Origins { arm, login, graph, portal };
    let simulated = Simulated::default();
    let master = MasterKey::new(key);
    let (seal, seeds) = (Seal::of_continuations(&master), SeedSeal::new(&master));
    Ok(Plane { store, clock, random, origins, simulated, seal, seeds, taken: None })
}

/// Somebody who may give access away there, of the place's own tenant if anybody is.
fn owner(plane: &Plane, scope: &context::Scope, home: TenantId) -> anyhow::Result<Caller> {
    let at = match scope {
        context::Scope::Tenant => Scope::Tenant(home),
        context::Scope::ManagementGroup { .. }
        | context::Scope::Subscription { .. }
        | context::Scope::ResourceGroup { .. } => Scope::parse(&scope.id(), home)?,
    };
    let question = Question::any(Action::ROLE_ASSIGNMENTS_WRITE, at.clone());
    let all = plane.index().who_can(&question, plane.store.now());
    let own = all.iter().find(|who| who.tenant == home);
    let nobody = || anyhow::anyhow!("nobody in the world owns `{at}`");
    let principal = *own.or_else(|| all.first()).ok_or_else(nobody)?;
    let name = format!("the owner of {at}");
    let (kind, app) = (CallerKind::User, AppId::new(Uuid::nil()));
    Ok(Caller { principal, name, kind, app, methods: vec!["pwd".to_owned()], signed_in: None })
}

/// As `az` sends it: the template verbatim, so that places in it are told as they are.
fn body(wanted: &WhatIf, scope: &context::Scope, template: &str) -> anyhow::Result<String> {
    let parameters = files::parameters(&wanted.template.parameters)?;
    let (location, mode) = (json!(wanted.template.place.location), json!(wanted.mode.as_str()));
    let location = match scope {
        context::Scope::ResourceGroup { .. } => String::new(),
        context::Scope::Tenant
        | context::Scope::ManagementGroup { .. }
        | context::Scope::Subscription { .. } => format!("\"location\":{location},"),
    };
    Ok(format!(
        "{{{location}\"properties\":{{\"mode\":{mode},\"parameters\":{parameters},\"template\":{template}}}}}"
    ))
}

async fn ask(
    plane: &Plane,
    (method, path): (Method, String),
    caller: &Caller,
    body: String,
) -> ArmResponse {
    let request = ArmRequest {
        method,
        path,
        query: Query(vec![("api-version".to_owned(), VERSION.to_owned())]),
        caller: Ok(caller.clone()),
        auxiliary: Vec::new(),
        correlation: CorrelationId::new(plane.random.uuid()),
        client_request: None,
        client_address: None,
        preconditions: Preconditions::default(),
        arrived: plane.store.now(),
    };
    front_door::answer(plane, request, async { Ok(body.into_bytes()) }).await
}

#[cfg(test)]
mod tests;
