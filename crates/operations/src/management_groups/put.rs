//! `PUT` and `PATCH` of a management group.

use ids::name::Name;
use model::{
    action::Action,
    change::{Change, Noun},
    question::Question,
    tree::ManagementGroup,
};
use store::{records::ranges, unit::Unit};

use super::{GroupId, Refused, decide, is_root, write_at};
use crate::{
    context::Context,
    error::Error,
    plane::{Plane, retry},
    put::Put,
};

/// What a client wants of a management group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PutGroup {
    pub id: GroupId,
    pub display_name: Option<String>,
    /// Where it is to stand; where it stands, or in the root, if this is not said.
    pub parent: Option<Name>,
}

/// Makes the group, or gives it this form.
pub async fn put(
    plane: &Plane,
    context: &Context,
    request: PutGroup,
) -> Result<Put<ManagementGroup>, Error> {
    retry(async || {
        let mut unit = plane.begin(context);
        let existing = unit.find::<ManagementGroup>(&request.id).await?;
        write(plane, context, unit, existing, &request).await
    })
    .await
}

/// Changes what the request names of the group.
pub async fn patch(
    plane: &Plane,
    context: &Context,
    request: PutGroup,
) -> Result<Put<ManagementGroup>, Error> {
    retry(async || {
        let mut unit = plane.begin(context);
        let existing = unit.find::<ManagementGroup>(&request.id).await?;
        let existing = existing.ok_or_else(|| missing(&request.id))?;
        write(plane, context, unit, Some(existing), &request).await
    })
    .await
}

fn missing(id: &GroupId) -> Refused {
    if is_root(id) { Refused::Root } else { Refused::NotFound(id.1.clone()) }
}

async fn write(
    plane: &Plane,
    context: &Context,
    mut unit: Unit,
    before: Option<ManagementGroup>,
    request: &PutGroup,
) -> Result<Put<ManagementGroup>, Error> {
    if is_root(&request.id) {
        return Err(Refused::Root.into());
    }
    let after = wanted(before.as_ref(), request);
    if before.as_ref() == Some(&after) {
        return Ok(Put::Unchanged(after));
    }
    may_stand(plane, context, &mut unit, before.as_ref(), &after)?;
    let tree = unit.list(&ranges::management_groups_of(after.tenant)).await?;
    decide::named(&after.name, &after.display_name)?;
    decide::placed(&tree, &after.name, after.parent.as_ref())?;
    let put = match before {
        Some(_) => Put::Updated(after.clone()),
        None => Put::Created(after.clone()),
    };
    let change = Change::Put(Noun::ManagementGroup(after));
    unit.apply(plane.permit(context, &change)?, change)?;
    plane.commit(context, unit, 200).await?;
    Ok(put)
}

fn wanted(before: Option<&ManagementGroup>, request: &PutGroup) -> ManagementGroup {
    let (tenant, name) = request.id.clone();
    let name = before.map_or(name, |it| it.name.clone());
    let root = |parent: &Name| is_root(&(tenant, parent.clone()));
    let parent = match &request.parent {
        Some(parent) if root(parent) => None,
        Some(parent) => Some(parent.clone()),
        None => before.and_then(|it| it.parent.clone()),
    };
    let display_name = request.display_name.clone();
    let display_name = display_name.or_else(|| before.map(|it| it.display_name.clone()));
    ManagementGroup {
        tenant,
        display_name: display_name.unwrap_or_else(|| name.to_string()),
        name,
        parent,
    }
}

/// To put a group elsewhere is to give others access to what is in it, and to take it from some:
/// it takes the leave to change both places, and to give access away in the group. Asked before
/// anybody hears whether the new place is there.
fn may_stand(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    before: Option<&ManagementGroup>,
    after: &ManagementGroup,
) -> Result<(), Error> {
    if before.is_some_and(|it| it.parent == after.parent) {
        return Ok(());
    }
    let mut asked = Vec::from_iter(write_at(after.tenant, after.parent.as_ref()));
    if let Some(before) = before {
        asked.extend(write_at(before.tenant, before.parent.as_ref()));
        asked.push(Question::any(Action::ROLE_ASSIGNMENTS_WRITE, before.scope()));
    }
    let permit = plane
        .authorize(&plane.index(), context, asked)
        .map_err(|denied| Error::linked(&context.question, denied))?;
    unit.hold(permit);
    Ok(())
}
