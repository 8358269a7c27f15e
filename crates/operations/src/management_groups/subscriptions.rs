//! Which management group a subscription stands in.

use access::index::Index;
use ids::{guid::SubscriptionId, scope::Scope};
use model::{
    action::Action,
    change::{Change, altered::Altered},
    question::Question,
    tree::{ManagementGroup, Subscription},
};
use store::{records::ranges, unit::Unit};

use super::{GroupId, Refused, is_root, within, write_at};
use crate::{
    around,
    context::Context,
    error::Error,
    plane::{Plane, retry},
    put::Put,
    subscriptions::NotFound,
};

/// The subscriptions directly in the group that the caller may see.
pub async fn list(
    plane: &Plane,
    context: &Context,
    id: &GroupId,
) -> Result<Vec<Subscription>, Error> {
    let snapshot = plane.store.snapshot().await?;
    let found = snapshot.find::<ManagementGroup>(id).await?;
    let mut inside: Vec<Subscription> = Vec::new();
    around::collect(&snapshot, &ranges::subscriptions_of_tenant(id.0), &mut inside).await?;
    inside.retain(|it| it.parent.as_ref() == within(id));
    let judge = |index: &Index, inside: Vec<Subscription>| {
        let (who, now) = (context.caller.principal, plane.store.now());
        let asked = vec![context.question.clone()];
        plane.authorize(index, context, asked)?;
        if found.is_none() && !is_root(id) {
            return Err(Error::from(Refused::NotFound(id.1.clone())));
        }
        Ok(inside.into_iter().filter(|it| index.can_see(who, it.id, now)).collect())
    };
    snapshot.seal(inside).open(&plane.store, judge).await
}

/// The subscription, if it stands directly in the group.
pub async fn get(
    plane: &Plane,
    context: &Context,
    group: &GroupId,
    id: SubscriptionId,
) -> Result<Subscription, Error> {
    let inside = list(plane, context, group).await?;
    let found = inside.into_iter().find(|it| it.id == id);
    found.ok_or_else(|| Refused::NotInside { id, group: group.1.clone() }.into())
}

/// Puts the subscription into the group.
pub async fn put(
    plane: &Plane,
    context: &Context,
    group: &GroupId,
    id: SubscriptionId,
) -> Result<Put<Subscription>, Error> {
    retry(async || {
        let mut unit = plane.begin(context);
        // The leave at the group itself is asked again as it is committed, too.
        hold(plane, context, &mut unit, Some(context.question.clone()))?;
        hold(plane, context, &mut unit, Some(give_away(id)))?;
        let before = find(&mut unit, group, id).await?;
        let there = is_root(group) || unit.find::<ManagementGroup>(group).await?.is_some();
        if !there {
            return Err(Refused::NotFound(group.1.clone()).into());
        }
        if before.parent.as_ref() == within(group) {
            return Ok(Put::Unchanged(before));
        }
        hold(plane, context, &mut unit, write_at(group.0, before.parent.as_ref()))?;
        let altered = Altered::parent(before.clone(), within(group).cloned());
        let after = Subscription { parent: within(group).cloned(), ..before };
        commit(plane, context, unit, altered).await?;
        Ok(Put::Updated(after))
    })
    .await
}

/// Takes the subscription out of the group, to stand in the root. Answers whether it was in it.
pub async fn delete(
    plane: &Plane,
    context: &Context,
    group: &GroupId,
    id: SubscriptionId,
) -> Result<bool, Error> {
    if is_root(group) {
        return Err(Refused::Root.into());
    }
    retry(async || {
        let mut unit = plane.begin(context);
        hold(plane, context, &mut unit, Some(give_away(id)))?;
        let before = find(&mut unit, group, id).await?;
        if before.parent.as_ref() != within(group) {
            return Ok(false);
        }
        commit(plane, context, unit, Altered::parent(before, None)).await?;
        Ok(true)
    })
    .await
}

/// Who has access to a subscription depends on where it stands.
fn give_away(id: SubscriptionId) -> Question {
    Question::any(Action::ROLE_ASSIGNMENTS_WRITE, Scope::Subscription(id))
}

/// Makes the commit take leave at something that the request names beside the group, too.
fn hold(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    asked: Option<Question>,
) -> Result<(), Error> {
    let permit = plane
        .authorize(&plane.index(), context, Vec::from_iter(asked))
        .map_err(|denied| Error::linked(&context.question, denied))?;
    unit.hold(permit);
    Ok(())
}

/// The subscription, if it is of the tree's own tenant.
async fn find(unit: &mut Unit, group: &GroupId, id: SubscriptionId) -> Result<Subscription, Error> {
    let found = unit.find::<Subscription>(&id).await?.filter(|it| it.tenant == group.0);
    found.ok_or_else(|| NotFound(id).into())
}

async fn commit(
    plane: &Plane,
    context: &Context,
    mut unit: Unit,
    altered: Altered,
) -> Result<(), Error> {
    let change = Change::Alter(altered);
    let permit = plane.authorize(&plane.index(), context, change.requires());
    unit.apply(permit.map_err(|denied| Error::linked(&context.question, denied))?, change)?;
    plane.commit(context, unit, 200).await
}
