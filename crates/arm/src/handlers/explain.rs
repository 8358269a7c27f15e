//! Why somebody may do something, or may not (`Fyr.Access/explain`), an API of Fyr's own.

use access::{
    explain::{ExplainedDeny, ExplainedGrant, Outcome},
    verdict::Through,
};
use ids::{guid::ObjectId, scope::Scope};
use model::question::{Question, Via};
use operations::roles::explain::{self, Asked, Told, words};
use wire::{
    access::{DenyBody, ExplainBody, ExplanationBody, GrantBody, GroupBody, LockBody, WalkedBody},
    arm::roles::role_id,
};

use crate::{
    failure::Failure,
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
        let ExplainBody { principal_id, action, is_data_action } = ask.json()?;
        let action = explain::action(&action).map_err(|bad| Failure::Content(bad.to_string()))?;
        let about = if is_data_action { Question::data } else { Question::any };
        let asked = Asked { who: principal_id, question: about(action, ask.scope()) };
        let told = explain::explain(ask.plane, &ask.context, asked).await?;
        Ok(ArmResponse::json(200, body(&told)))
    })
}

fn body(told: &Told) -> ExplanationBody {
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
    let (source, id) = source(&it.through);
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

fn source(through: &Through) -> (&'static str, Option<String>) {
    match through {
        Through::Assignment(id) => ("RoleAssignment", Some(id.to_string())),
        Through::Delegation(id) => ("Delegation", Some(id.to_string())),
        Through::Directory(_) => ("DirectoryRole", None),
        Through::Owner(_) => ("Owner", None),
        Through::Account(_) => ("PublisherAccount", None),
        Through::System(_) => ("System", None),
    }
}
