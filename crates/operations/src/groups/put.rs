//! `PUT` and `PATCH` of a resource group.

use ids::guid::SubscriptionId;
use ids::name::GroupName;
use jiff::Timestamp;
use model::{
    change::{Change, Noun},
    tree::{ResourceGroup, Tags},
};

use super::{Refused, region, tags};
use crate::{
    context::Context,
    error::Error,
    plane::{Plane, retry},
    put::Put,
};

/// A whole resource group, as a `PUT` describes it.
#[derive(Clone, Debug)]
pub struct PutGroup {
    pub subscription: SubscriptionId,
    pub name: GroupName,
    pub location: Option<String>,
    pub tags: Option<Tags>,
    pub managed_by: Option<String>,
}

/// What a `PATCH` replaces; tags as a whole.
#[derive(Clone, Debug)]
pub struct PatchGroup {
    pub subscription: SubscriptionId,
    pub name: GroupName,
    pub tags: Option<Tags>,
}

/// Makes the group, or gives it this form.
pub async fn put(
    plane: &Plane,
    context: &Context,
    request: PutGroup,
) -> Result<Put<ResourceGroup>, Error> {
    retry(|| put_once(plane, context, request.clone())).await
}

async fn put_once(
    plane: &Plane,
    context: &Context,
    request: PutGroup,
) -> Result<Put<ResourceGroup>, Error> {
    let mut unit = plane.begin(context);
    let id = (request.subscription, request.name.clone());
    let existing = unit.find::<ResourceGroup>(&id).await?;
    let made = decide(context, request, existing.as_ref(), unit.now())?;
    write(plane, context, unit, made, existing).await
}

/// Replaces the group's tags.
pub async fn patch(
    plane: &Plane,
    context: &Context,
    request: PatchGroup,
) -> Result<Put<ResourceGroup>, Error> {
    retry(|| patch_once(plane, context, request.clone())).await
}

async fn patch_once(
    plane: &Plane,
    context: &Context,
    request: PatchGroup,
) -> Result<Put<ResourceGroup>, Error> {
    let mut unit = plane.begin(context);
    let id = (request.subscription, request.name);
    let existing = unit.find::<ResourceGroup>(&id).await?;
    let Some(before) = existing else { return Err(Refused::NotFound(id.1).into()) };
    let changed = match request.tags {
        Some(wanted) => tags(wanted).map_err(Refused::from)?,
        None => before.tags.clone(),
    };
    let system_data = context.modified(&before.system_data, unit.now());
    let after = ResourceGroup { tags: changed, system_data, ..before.clone() };
    write(plane, context, unit, after, Some(before)).await
}

async fn write(
    plane: &Plane,
    context: &Context,
    mut unit: store::unit::Unit,
    group: ResourceGroup,
    before: Option<ResourceGroup>,
) -> Result<Put<ResourceGroup>, Error> {
    let put = match before {
        Some(_) => Put::Updated(group.clone()),
        None => Put::Created(group.clone()),
    };
    let change = Change::Put(Noun::ResourceGroup(group));
    unit.apply(plane.permit(context, &change)?, change)?;
    plane.commit(context, unit, put.status()).await?;
    Ok(put)
}

fn decide(
    context: &Context,
    request: PutGroup,
    existing: Option<&ResourceGroup>,
    now: Timestamp,
) -> Result<ResourceGroup, Refused> {
    let wanted = region(request.location.as_deref())?;
    let location = match (wanted, existing) {
        (None, None) => return Err(Refused::NoLocation),
        (None, Some(before)) => before.location.clone(),
        (Some(wanted), Some(before)) if wanted != before.location => {
            return Err(Refused::OtherLocation { wanted, is: before.location.clone() });
        }
        (Some(wanted), _) => wanted,
    };
    Ok(ResourceGroup {
        subscription: request.subscription,
        name: existing.map_or(request.name, |before| before.name.clone()),
        location,
        tags: tags(request.tags.unwrap_or_default())?,
        managed_by: request.managed_by.or_else(|| existing?.managed_by.clone()),
        system_data: match existing {
            Some(before) => context.modified(&before.system_data, now),
            None => context.created(now),
        },
    })
}
