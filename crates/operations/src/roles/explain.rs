//! Why one of a tenant's own may do something in it, or may not: with all that was looked at.

use std::collections::BTreeMap;

use access::explain::Explanation;
use ids::guid::{ObjectId, Principal, RoleId};
use model::{action::Action, question::Question};

use crate::{
    context::Context,
    error::Error,
    plane::Plane,
    questions::{self, Asker, At, facts, names::Names, sight::Sight},
};

pub mod words;

/// Longer than any action's name.
const ACTION_CHARS_MAX: usize = 256;

/// What an explanation shows of a scope.
pub(crate) const SHOWN: [Action; 3] = [
    Action::ROLE_ASSIGNMENTS_READ,
    Action::known("Microsoft.Authorization/denyAssignments/read"),
    Action::known("Microsoft.Authorization/locks/read"),
];
/// What it shows of the directory: who is there, and in which groups.
pub(crate) const SHOWN_OF_DIRECTORY: [Action; 2] =
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
    Ok(Action::foreign(text))
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
    Ok(explain_at(plane, context, asked, None).await?.value)
}

/// The same by the facts of a point in the past. What things are called is told as of now.
pub async fn explain_at(
    plane: &Plane,
    context: &Context,
    asked: Asked,
    at: At,
) -> Result<questions::Told<Told>, Error> {
    let Asked { who, question } = asked;
    let who = Principal { tenant: context.caller.principal.tenant, object: who };
    explained(plane, Asker::Caller(context), at, (who, &question)).await
}

/// The same for whoever may hear all that stands at the scope, of whichever principal.
pub async fn explained(
    plane: &Plane,
    asker: Asker<'_>,
    at: At,
    (who, question): (Principal, &Question),
) -> Result<questions::Told<Told>, Error> {
    let read = |sight: &Sight<'_>| {
        sight.whole(&question.scope)?;
        sight.own(who, &question.scope)?;
        let explanation = sight.facts.index.explain_within(who, question, sight.facts.now);
        let held = explanation.grants.iter().map(|it| it.role);
        let named = |role| Some((role, sight.role_name(&question.scope, role)?));
        let roles: BTreeMap<RoleId, String> = held.filter_map(named).collect();
        Ok((explanation, roles))
    };
    let told = facts::ask(plane, asker, at, read).await?;
    let names = Names::of(plane, asker, told.value.0.groups.iter().copied()).await?;
    let group = |it: &Principal| Some((it.object, names.of_one(*it)?.to_owned()));
    let groups = told.value.0.groups.iter().filter_map(group).collect();
    Ok(told.map(|(explanation, roles)| Told { explanation, roles, groups }))
}
