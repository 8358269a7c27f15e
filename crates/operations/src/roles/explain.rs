//! Why one of a tenant's own may do something in it, or may not: with all that was looked at.

use std::collections::BTreeMap;

use access::{explain::Explanation, index::Index};
use ids::{
    guid::{ObjectId, Principal, RoleId, TenantId},
    scope::Scope,
};
use model::{
    action::Action,
    directory::Group,
    question::{Question, Via},
};

use super::definitions;
use crate::{context::Context, error::Error, plane::Plane};

pub mod words;

/// Longer than any action's name.
const ACTION_CHARS_MAX: usize = 256;

/// What an explanation shows of a scope.
const SHOWN: [Action; 3] = [
    Action::ROLE_ASSIGNMENTS_READ,
    Action::known("Microsoft.Authorization/denyAssignments/read"),
    Action::known("Microsoft.Authorization/locks/read"),
];
/// What it shows of the directory: who is there, and in which groups.
const SHOWN_OF_DIRECTORY: [Action; 2] =
    [Action::known("Fyr.Directory/users/read"), Action::known("Fyr.Directory/groups/read")];

/// Whether somebody of the caller's tenant may do that there: by any grant, or to what a resource
/// holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub who: ObjectId,
    pub question: Question,
}

/// What no action is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an action has a name, of at most {ACTION_CHARS_MAX} characters")]
pub struct BadAction;

/// An action by its whole name, as people write it.
pub fn action(text: &str) -> Result<Action, BadAction> {
    let text = text.trim();
    if text.is_empty() || text.chars().nth(ACTION_CHARS_MAX).is_some() {
        return Err(BadAction);
    }
    Ok(Action::named(text))
}

/// The answer with all that was looked at, and what its parts are called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub explanation: Explanation,
    /// As far as the caller may read them at the scope.
    pub roles: BTreeMap<RoleId, String>,
    pub groups: BTreeMap<ObjectId, String>,
}

/// For a caller of the scope's own tenant who reads all that stands there, and the directory: a
/// managing tenant learns nothing of the customer's people.
pub async fn explain(plane: &Plane, context: &Context, asked: Asked) -> Result<Told, Error> {
    let Asked { who, question } = asked;
    let who = Principal { tenant: context.caller.principal.tenant, object: who };
    let needed = needed(&question.scope, who.tenant);
    let judge = |index: &Index| {
        plane.shown(index, context, &context.question)?;
        needed.iter().try_for_each(|it| plane.shown(index, context, it))
    };
    judge(&plane.index())?;
    let snapshot = plane.store.snapshot().await?;
    let mut groups = BTreeMap::new();
    for group in plane.index().groups_of(who) {
        let found = snapshot.find::<Group>(&group).await?;
        groups.extend(found.map(|it| (group.object, it.display_name)));
    }
    let told = |index: &Index, groups| {
        judge(index)?;
        let explanation = index.explain_within(who, &question, plane.store.now());
        let held = explanation.grants.iter().map(|it| it.role);
        let roles = definitions::names_by(plane, context, index, (&question.scope, held));
        Ok::<_, Error>(Told { explanation, roles, groups })
    };
    snapshot.seal(groups).open(&plane.store, told).await
}

fn needed(scope: &Scope, tenant: TenantId) -> Vec<Question> {
    let at = |action| Question { action, scope: scope.clone(), via: Via::Direct };
    let within = SHOWN_OF_DIRECTORY.map(|action| Question::directory(action, tenant));
    SHOWN.map(at).into_iter().chain(within).collect()
}
