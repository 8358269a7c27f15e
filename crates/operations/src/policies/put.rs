//! `PUT` and `PATCH` of what policies are made of.

use ids::resource::ResourceId;
use model::resource::Resource;
use policy::kind::Kind;
use store::unit::Unit;

use super::check::{Check, absent};
use crate::{
    context::Context,
    error::Error,
    plane::{Plane, retry},
    put::Put,
    resources::{
        decide::{self, Facts, PatchResource, PutResource, WantedIdentity},
        identity::Shown,
        put::{facts, may_assign, write},
    },
};

/// What was written, and what is told of it if it is not enforced whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    pub put: Put<Shown>,
    pub notice: Option<String>,
}

/// Makes it, or gives it this form, with the identity that it asks for.
pub async fn put(plane: &Plane, context: &Context, request: PutResource) -> Result<Written, Error> {
    let (id, identity) = (request.id.clone(), request.identity.clone());
    let decide = |facts: Facts<'_>| decide::put(request.clone(), facts);
    retry(|| once(plane, context, (&id, identity.as_ref()), decide)).await
}

/// Changes what the request names of it.
pub async fn patch(
    plane: &Plane,
    context: &Context,
    request: PatchResource,
) -> Result<Written, Error> {
    let (id, identity) = (request.id.clone(), request.identity.clone());
    let decide = |facts: Facts<'_>| decide::patch(request.clone(), facts);
    retry(|| once(plane, context, (&id, identity.as_ref()), decide)).await
}

async fn once(
    plane: &Plane,
    context: &Context,
    (id, identity): (&ResourceId, Option<&WantedIdentity>),
    decide: impl Fn(Facts<'_>) -> Result<Resource, crate::resources::Refused>,
) -> Result<Written, Error> {
    let kind = Kind::of(id).ok_or_else(|| absent(id))?;
    let mut unit: Unit = plane.begin(context);
    let existing = unit.find::<Resource>(id).await?;
    may_assign(plane, context, &mut unit, (id, identity), existing.as_ref()).await?;
    let facts = facts(plane, context, &mut unit, id, existing.as_ref()).await?;
    let mut after = decide(facts)?;
    let mut check = Check { plane, context, unit: &mut unit, existing: existing.as_ref() };
    let notice = check.settle(kind, &mut after).await?;
    let put = write(plane, context, unit, existing.as_ref(), after).await?;
    if let Some(notice) = &notice {
        tracing::warn!(%id, "{notice}");
    }
    Ok(Written { put, notice })
}
