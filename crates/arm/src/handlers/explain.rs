//! Why somebody may do something, or may not (`Fyr.Access/explain`), an API of Fyr's own.

use access::explain::{ExplainedDeny, ExplainedGrant, Outcome};
use ids::{guid::ObjectId, scope::Scope};
use model::question::Via;
use operations::{
    questions as asked,
    roles::explain::{self, Asked, Told, words},
};
use wire::{
    access::{DenyBody, ExplainBody, ExplanationBody, GrantBody, GroupBody, LockBody, WalkedBody},
    arm::roles::role_id,
};

use super::questions::{self, bodies};
use crate::{
    request::{ArmResponse, Method::Post},
    route::{Answer, Ask, Judge::Action, Route, Target::List, Versions::These, row},
};

const VERSIONS: &[&str] = &["2026-12-01"];

/// What is posted to a list asks for it, and changes nothing.
pub(crate) const ROUTES: &[Route] = &[row(
    Post,
    List("Fyr.Access/explain"),
    These(VERSIONS),
    Action("Microsoft.Authorization/roleAssignments/read", Via::Direct),
    explain,
)];

fn explain(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let ExplainBody { principal_id, action, is_data_action, scope, at } = ask.json()?;
        let scope = questions::scope(&ask, scope.as_deref())?;
        let question = questions::question(&action, is_data_action, scope)?;
        let (asked, at) = (Asked { who: principal_id, question }, questions::point(at)?);
        let told = explain::explain_at(ask.plane, &ask.context, asked, at).await?;
        Ok(ArmResponse::json(200, body(&told)))
    })
}

/// An explanation as this API shows it.
pub fn body(told: &asked::Told<Told>) -> ExplanationBody {
    let as_of = bodies::as_of(told);
    let told = &told.value;
    let it = &told.explanation;
    let at = |scope: &Scope| WalkedBody {
        scope: scope.to_string(),
        grants: it
            .grants
            .iter()
            .filter(|grant| grant.scope == *scope)
            .map(|grant| granted(told, grant))
            .collect(),
    };
    let deny = |it: &ExplainedDeny| DenyBody { id: it.id.to_string(), applies: it.applies };
    ExplanationBody {
        as_of,
        principal_id: it.who.object.to_string(),
        action: it.question.action.to_string(),
        is_data_action: it.question.via == Via::Data,
        scope: it.question.scope.to_string(),
        is_allowed: it.verdict.is_allowed(),
        reason: words::answer(it),
        scopes: it.scopes.iter().map(at).collect(),
        deny_assignments: it.denies.iter().map(deny).collect(),
        locks: it.locks.iter().map(|it| LockBody { id: it.to_string() }).collect(),
    }
}

fn granted(told: &Told, it: &ExplainedGrant) -> GrantBody {
    let (source, id) = bodies::source(&it.through);
    let group = |id: ObjectId| GroupBody {
        id: id.to_string(),
        display_name: told.groups.get(&id).cloned(),
    };
    let is_group = it.grantee != told.explanation.who;
    GrantBody {
        source: source.to_owned(),
        id,
        role_definition_id: role_id(it.role, told.explanation.question.scope.subscription()),
        role_name: told.roles.get(&it.role).cloned(),
        group: is_group.then(|| group(it.grantee.object)),
        allows: it.outcome == Outcome::Allows,
        outcome: words::outcome(it.outcome).to_owned(),
    }
}
