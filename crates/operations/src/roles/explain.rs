//! Why one of a tenant's own may do something in it, or may not: with all that was looked at.

use std::collections::BTreeMap;

use access::{
    explain::{ExplainedGrant, Explanation},
    index::Index,
};
use ids::{
    guid::{ObjectId, Principal, RoleId, TenantId},
    scope::Scope,
};
use model::{
    action::Action,
    directory::Group,
    question::{Question, Via},
};

use crate::{context::Context, error::Error, plane::Plane};

/// What an explanation shows of a scope.
const SHOWN: [Action; 3] = [
    Action::ROLE_ASSIGNMENTS_READ,
    Action::known("Microsoft.Authorization/denyAssignments/read"),
    Action::known("Microsoft.Authorization/locks/read"),
];
/// What it shows of the directory: who is there, and in which groups.
const SHOWN_OF_DIRECTORY: [Action; 2] =
    [Action::known("Fyr.Directory/users/read"), Action::known("Fyr.Directory/groups/read")];

/// Whether somebody of the caller's tenant may do that there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub who: ObjectId,
    pub action: Action,
    pub scope: Scope,
}

/// The answer with all that was looked at, and what its parts are called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub explanation: Explanation,
    pub roles: BTreeMap<RoleId, String>,
    pub groups: BTreeMap<ObjectId, String>,
}

/// For a caller of the scope's own tenant who reads all that stands there, and the directory: a
/// managing tenant learns nothing of the customer's people.
pub async fn explain(plane: &Plane, context: &Context, asked: Asked) -> Result<Told, Error> {
    let Asked { who, action, scope } = asked;
    let who = Principal { tenant: context.caller.principal.tenant, object: who };
    let needed = needed(&scope, who.tenant);
    let judge = |index: &Index| {
        plane.shown(index, context, &context.question)?;
        needed.iter().try_for_each(|it| plane.shown(index, context, it))
    };
    judge(&plane.index())?;
    let question = Question::any(action, scope);
    let snapshot = plane.store.snapshot().await?;
    let mut groups = BTreeMap::new();
    for group in plane.index().groups_of(who) {
        let found = snapshot.find::<Group>(&group).await?;
        groups.extend(found.map(|it| (group.object, it.display_name)));
    }
    let told = |index: &Index, groups| {
        judge(index)?;
        let explanation = index.explain_within(who, &question, plane.store.now());
        let roles = names(index, who.tenant, &explanation.grants);
        Ok::<_, Error>(Told { explanation, roles, groups })
    };
    snapshot.seal(groups).open(&plane.store, told).await
}

fn needed(scope: &Scope, tenant: TenantId) -> Vec<Question> {
    let at = |action| Question { action, scope: scope.clone(), via: Via::Direct };
    let within = SHOWN_OF_DIRECTORY.map(|action| Question::directory(action, tenant));
    SHOWN.map(at).into_iter().chain(within).collect()
}

fn names(index: &Index, tenant: TenantId, grants: &[ExplainedGrant]) -> BTreeMap<RoleId, String> {
    let named = |it: &ExplainedGrant| Some((it.role, index.role(tenant, it.role)?.name.clone()));
    grants.iter().filter_map(named).collect()
}
