//! `PUT` and `PATCH` of a resource.

use ids::{guid::ObjectId, resource::ResourceId, scope::Scope};
use model::{
    action::Action,
    change::{Change, Noun},
    question::Question,
    resource::Resource,
};
use store::{records::ranges, unit::Unit};

use super::{
    Refused,
    decide::{self, Facts, PatchResource, PutResource, WantedIdentity, parent_resource},
    identity::{self, Shown},
    shown_etag,
};
use crate::{
    context::Context,
    error::Error,
    plane::{Plane, retry},
    policies,
    put::Put,
    scopes,
};

/// What using a user-assigned identity takes, at that identity.
const ASSIGN_IDENTITY: Action =
    Action::known("Microsoft.ManagedIdentity/userAssignedIdentities/assign/action");

/// Makes the resource, or gives it this form, with the identity that it asks for.
pub async fn put(
    plane: &Plane,
    context: &Context,
    request: PutResource,
) -> Result<Put<Shown>, Error> {
    retry(|| put_once(plane, context, request.clone())).await
}

async fn put_once(
    plane: &Plane,
    context: &Context,
    request: PutResource,
) -> Result<Put<Shown>, Error> {
    let mut unit = plane.begin(context);
    let existing = unit.find::<Resource>(&request.id).await?;
    let linked = (&request.id, request.identity.as_ref());
    may_assign(plane, context, &mut unit, linked, existing.as_ref()).await?;
    let facts = facts(plane, context, &mut unit, &request.id, existing.as_ref()).await?;
    let after = decide::put(request, facts)?;
    write(plane, context, unit, existing.as_ref(), after).await
}

/// Changes what the request names of the resource.
pub async fn patch(
    plane: &Plane,
    context: &Context,
    request: PatchResource,
) -> Result<Put<Shown>, Error> {
    retry(|| patch_once(plane, context, request.clone())).await
}

async fn patch_once(
    plane: &Plane,
    context: &Context,
    request: PatchResource,
) -> Result<Put<Shown>, Error> {
    let mut unit = plane.begin(context);
    let existing = unit.find::<Resource>(&request.id).await?;
    let linked = (&request.id, request.identity.as_ref());
    may_assign(plane, context, &mut unit, linked, existing.as_ref()).await?;
    let facts = facts(plane, context, &mut unit, &request.id, existing.as_ref()).await?;
    let after = decide::patch(request, facts)?;
    write(plane, context, unit, existing.as_ref(), after).await
}

pub(crate) async fn facts<'a>(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    id: &ResourceId,
    existing: Option<&'a Resource>,
) -> Result<Facts<'a>, Error> {
    let parent_exists = match parent_resource(id) {
        Some(parent) => unit.find::<Resource>(&parent).await?.is_some(),
        None => true,
    };
    if !policies::stands_at_root(id) {
        scopes::exists(unit, id.scope()).await?;
    }
    let system_data = match existing {
        Some(before) => context.modified(&before.system_data, unit.now()),
        None => context.created(unit.now()),
    };
    let etag = existing.map(shown_etag);
    let new_identity = ObjectId::new(plane.random.uuid());
    Ok(Facts { existing, etag, parent_exists, system_data, new_identity })
}

/// A user-assigned identity is linked: using one takes leave at the identity, and it must be
/// there, in the same tenant. Unknown and foreign look alike: both are judged first.
pub(crate) async fn may_assign(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    (user, wanted): (&ResourceId, Option<&WantedIdentity>),
    existing: Option<&Resource>,
) -> Result<(), Error> {
    let wanted = wanted.map(|it| it.user.as_slice()).unwrap_or_default();
    let held = existing.and_then(|it| it.identity.as_ref()).map(|it| it.user_assigned.as_slice());
    for id in wanted.iter().filter(|id| !held.unwrap_or_default().contains(id)) {
        let question = Question::any(ASSIGN_IDENTITY, Scope::Resource(id.clone()));
        unit.hold(plane.linked(context, &question)?);
        let index = plane.index();
        let here = index.home(id.scope()) == index.home(user.scope());
        if !here || unit.find::<Resource>(id).await?.is_none() {
            return Err(Refused::NoIdentity(id.to_string()).into());
        }
    }
    Ok(())
}

pub(crate) async fn write(
    plane: &Plane,
    context: &Context,
    mut unit: Unit,
    before: Option<&Resource>,
    after: Resource,
) -> Result<Put<Shown>, Error> {
    identity::follow(plane, &mut unit, before, Some(&after)).await?;
    let shown = show(&mut unit, after.clone()).await?;
    let put = match before {
        Some(_) => Put::Updated(shown),
        None => Put::Created(shown),
    };
    let change = Change::Put(Noun::Resource(after));
    unit.apply(plane.permit(context, &change)?, change)?;
    plane.commit(context, unit, put.status()).await?;
    Ok(put)
}

async fn show(unit: &mut Unit, resource: Resource) -> Result<Shown, Error> {
    let mut acting = Vec::new();
    for id in identity::identities(&resource) {
        let found = unit.list(&ranges::identity_of_resource(id)).await?;
        acting.extend(identity::acting(id, found));
    }
    Ok(Shown { resource, acting })
}
