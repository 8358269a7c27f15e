//! What the rules say of a manifest that somebody of the managing tenant drafts, for a template by
//! which customers are onboarded without a marketplace.

use std::{collections::BTreeMap, sync::Arc};

use ids::guid::ObjectId;
use market::lint::{
    Finding,
    manifest::{Audience, Facts, Kind, PrincipalFacts, lint},
};
use model::{action::Action, directory::GroupKind, market::manifest::Manifest, question::Question};
use store::error::StoreError;

use super::roles::role_facts;
use crate::{
    context::Context,
    directory::objects::{self, Object},
    error::Error,
    market::{Operations, submissions::facts::aside},
    plane::Plane,
};

/// All that the rules say of it. Principals are looked up in the caller's own directory, where that
/// is theirs to read; where it is not, nothing is said of them.
pub async fn findings(
    plane: &Plane,
    context: &Context,
    manifest: &Manifest,
    operations: &Operations,
) -> Result<Vec<Finding>, Error> {
    let principals = principals(plane, context, manifest).await?;
    let (drafted, operations) = (manifest.clone(), Arc::clone(operations));
    let work = move || {
        let names: Vec<&str> = operations.iter().map(String::as_str).collect();
        let roles = role_facts(&drafted, &names)?;
        Ok(lint(&drafted, &Facts { roles, principals, audience: Audience::Named }))
    };
    let found: Result<_, ids::scope::BadId> = aside(context.caller.principal.tenant, work).await?;
    Ok(found.map_err(StoreError::corrupt)?)
}

async fn principals(
    plane: &Plane,
    context: &Context,
    manifest: &Manifest,
) -> Result<Option<BTreeMap<ObjectId, PrincipalFacts>>, Error> {
    let tenant = context.caller.principal.tenant;
    let read = Action::named("Fyr.Directory/directoryObjects/read");
    let reading = Context { question: Question::directory(read, tenant), ..context.clone() };
    if manifest.tenant != tenant || !plane.may(&reading, &reading.question) {
        return Ok(None);
    }
    let policies = manifest.eligible.iter().filter_map(|it| it.policy.as_ref());
    let approvers = policies.flat_map(|it| it.approvers.iter().map(|it| it.principal));
    let ids: Vec<ObjectId> = manifest.principals().into_iter().chain(approvers).collect();
    let found = objects::by_ids(plane, &reading, &ids).await?;
    Ok(Some(found.into_iter().filter_map(|it| Some((it.id(), facts(it)?))).collect()))
}

/// What the rules are told of it; an application is nobody, but its service principal is.
fn facts(object: Object) -> Option<PrincipalFacts> {
    let (kind, display_name) = match object {
        Object::User(it) => (Kind::Person, it.display_name),
        Object::Group(it) => match it.kind {
            GroupKind::Security => (Kind::SecurityGroup, it.display_name),
            GroupKind::Microsoft365 => (Kind::OtherGroup, it.display_name),
        },
        Object::ServicePrincipal(it) => (Kind::Application, it.display_name),
        Object::Application(_) => return None,
    };
    Some(PrincipalFacts { kind, display_name })
}
