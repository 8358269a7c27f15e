//! The tags of a subscription, a resource group or a resource, by themselves
//! (`Microsoft.Resources/tags`). Whoever may change the tags need not be allowed to change what
//! they hang on.

use ids::scope::Scope;
use model::{
    change::{
        Change,
        altered::{Altered, Tagged},
    },
    resource::Resource,
    tree::{ResourceGroup, Subscription, Tags},
};
use store::unit::Unit;

use crate::{
    context::Context,
    error::Error,
    groups,
    plane::{Plane, retry},
    resources, subscriptions,
};

/// What is to become of the tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// These, and no others.
    Replace(Tags),
    /// These, too.
    Merge(Tags),
    /// Without these: of that name, and of that value unless it is empty.
    Delete(Tags),
    /// None.
    Clear,
}

/// Why there are no tags there.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("The scope '{0}' has no tags. Subscriptions, resource groups and resources have.")]
    NoTags(String),
    #[error(transparent)]
    Tags(#[from] groups::BadTags),
}

/// The tags of the thing.
pub async fn get(plane: &Plane, context: &Context, scope: &Scope) -> Result<Tags, Error> {
    let snapshot = plane.store.snapshot().await?;
    let found = match scope {
        Scope::Subscription(id) => snapshot.find::<Subscription>(id).await?.map(|it| it.tags),
        Scope::ResourceGroup(id, name) => {
            snapshot.find::<ResourceGroup>(&(*id, name.clone())).await?.map(|it| it.tags)
        }
        Scope::Resource(id) => snapshot.find::<Resource>(id).await?.map(|it| it.tags),
        Scope::Tenant(_) | Scope::ManagementGroup(..) => None,
    };
    let found = plane.release(context, snapshot, found).await?;
    found.ok_or_else(|| missing(scope))
}

/// Edits the tags of the thing, and answers them as they are then.
pub async fn edit(
    plane: &Plane,
    context: &Context,
    scope: &Scope,
    edit: &Edit,
) -> Result<Tags, Error> {
    retry(async || {
        let mut unit = plane.begin(context);
        let before = find(&mut unit, scope).await?.ok_or_else(|| missing(scope))?;
        let tags = decide(before.tags(), edit.clone())?;
        if tags == *before.tags() {
            return Ok(tags);
        }
        let changed = before.system_data().map(|it| context.modified(it, unit.now()));
        let altered = match edit {
            Edit::Clear => Altered::without_tags(before, changed),
            Edit::Replace(_) | Edit::Merge(_) | Edit::Delete(_) => {
                Altered::tags(before, tags.clone(), changed)
            }
        };
        let change = Change::Alter(altered);
        unit.apply(plane.permit(context, &change)?, change)?;
        plane.commit(context, unit, 200).await?;
        Ok(tags)
    })
    .await
}

async fn find(unit: &mut Unit, scope: &Scope) -> Result<Option<Tagged>, Error> {
    Ok(match scope {
        Scope::Subscription(id) => unit.find(id).await?.map(Tagged::Subscription),
        Scope::ResourceGroup(id, name) => {
            unit.find(&(*id, name.clone())).await?.map(Tagged::ResourceGroup)
        }
        Scope::Resource(id) => unit.find(id).await?.map(Tagged::Resource),
        Scope::Tenant(_) | Scope::ManagementGroup(..) => None,
    })
}

fn missing(scope: &Scope) -> Error {
    match scope {
        Scope::Tenant(_) | Scope::ManagementGroup(..) => Refused::NoTags(scope.to_string()).into(),
        Scope::Subscription(id) => subscriptions::NotFound(*id).into(),
        Scope::ResourceGroup(_, name) => groups::Refused::NotFound(name.clone()).into(),
        Scope::Resource(id) => resources::Refused::NotFound(id.clone()).into(),
    }
}

/// The tags after an edit. Names compare without regard to case, and one that was there keeps
/// its spelling.
fn decide(before: &Tags, edit: Edit) -> Result<Tags, Refused> {
    let same = |one: &str, other: &str| one.eq_ignore_ascii_case(other);
    let after = match edit {
        Edit::Replace(tags) => tags,
        Edit::Clear => Tags::new(),
        Edit::Merge(tags) => {
            let mut after = before.clone();
            for (name, value) in tags {
                let spelled = before.keys().find(|held| same(held, &name)).cloned();
                after.insert(spelled.unwrap_or(name), value);
            }
            after
        }
        Edit::Delete(tags) => {
            let meant = |name: &str, value: &str| {
                tags.iter().any(|(it, only)| same(it, name) && (only.is_empty() || only == value))
            };
            let kept = before.iter().filter(|(name, value)| !meant(name, value));
            kept.map(|(name, value)| (name.clone(), value.clone())).collect()
        }
    };
    Ok(groups::tags(after)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags<const N: usize>(pairs: [(&str, &str); N]) -> Tags {
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
    }

    #[test]
    fn tags_are_replaced_merged_and_taken_off() {
        let before = tags([("Team", "ops"), ("env", "prod")]);
        let cases = [
            (Edit::Replace(tags([("a", "b")])), tags([("a", "b")])),
            (
                Edit::Merge(tags([("team", "dev"), ("x", "")])),
                tags([("Team", "dev"), ("env", "prod"), ("x", "")]),
            ),
            (Edit::Delete(tags([("TEAM", ""), ("env", "test")])), tags([("env", "prod")])),
            (Edit::Delete(tags([("env", "prod")])), tags([("Team", "ops")])),
            (Edit::Clear, tags([])),
        ];
        for (edit, after) in cases {
            assert_eq!(decide(&before, edit.clone()), Ok(after), "{edit:?}");
        }
        let many = (0..49).map(|n| (format!("k{n}"), String::new())).collect();
        let refused = decide(&before, Edit::Merge(many));
        assert_eq!(refused, Err(Refused::Tags(groups::BadTags::TooMany)));
    }
}
