//! Questions about access (`Fyr.Access/check`, `whoCan`, `whatCan`, `scopesOf`, `graph`), an API of
//! Fyr's own: of now, or of a point in the past.

use ids::{
    clock::Revision,
    guid::{ObjectId, Principal},
    scope::Scope,
};
use model::question::{Question, Via};
use operations::{
    questions::{
        Asker, At,
        check::{self, Asked},
        graph,
        scopes_of::scopes_of,
        what_can::what_can,
        who_can::who_can,
    },
    roles::explain,
};
use store::past::Point;
use wire::access::questions::{
    AtBody, ChainsBody, CheckBody, QuestionBody, WhatBody, WhereBody, WhoBody,
};

use crate::{
    failure::Failure,
    request::{ArmResponse, Method::Post},
    route::{Answer, Ask, Judge::Action, Route, Target::List, Versions::These, row},
};

pub mod bodies;
pub mod chains;

const VERSIONS: &[&str] = &["2026-12-01"];
/// What asking takes at the scope of the request. What the answer tells of takes more
/// (`operations::questions`).
const READ: &str = "Microsoft.Authorization/roleAssignments/read";

/// What is posted to a list asks for it, and changes nothing.
pub(crate) const ROUTES: &[Route] = &[
    row(Post, List("Fyr.Access/check"), These(VERSIONS), Action(READ, Via::Any), checked),
    row(Post, List("Fyr.Access/whoCan"), These(VERSIONS), Action(READ, Via::Any), who),
    row(Post, List("Fyr.Access/whatCan"), These(VERSIONS), Action(READ, Via::Any), what),
    row(Post, List("Fyr.Access/scopesOf"), These(VERSIONS), Action(READ, Via::Any), places),
    row(Post, List("Fyr.Access/graph"), These(VERSIONS), Action(READ, Via::Any), chained),
];

fn checked(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let CheckBody { questions, at } = ask.json()?;
        let at = point(at)?;
        let asked = |it: QuestionBody| {
            let who = own(&ask, it.principal_id);
            let scope = scope(&ask, it.scope.as_deref())?;
            Ok(Asked { who, question: question(&it.action, it.is_data_action, scope)? })
        };
        let asked = questions.into_iter().map(asked).collect::<Result<Vec<_>, Failure>>()?;
        let told = check::check(ask.plane, Asker::Caller(&ask.context), at, &asked).await?;
        Ok(ArmResponse::json(200, bodies::checked(&asked, &told)))
    })
}

fn who(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let WhoBody { action, is_data_action, scope: place, at } = ask.json()?;
        let question = question(&action, is_data_action, scope(&ask, place.as_deref())?)?;
        let asker = Asker::Caller(&ask.context);
        let told = who_can(ask.plane, asker, point(at)?, &question).await?;
        Ok(ArmResponse::json(200, bodies::who_can(told)))
    })
}

fn what(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let WhatBody { principal_id, scope: place, at } = ask.json()?;
        let (who, scope) = (own(&ask, principal_id), scope(&ask, place.as_deref())?);
        let asker = Asker::Caller(&ask.context);
        let told = what_can(ask.plane, asker, point(at)?, (who, &scope)).await?;
        Ok(ArmResponse::json(200, bodies::what_can(told)))
    })
}

fn places(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let WhereBody { principal_id, action, is_data_action, scope: place, at } = ask.json()?;
        let question = question(&action, is_data_action, scope(&ask, place.as_deref())?)?;
        let (who, asker) = (own(&ask, principal_id), Asker::Caller(&ask.context));
        let told = scopes_of(ask.plane, asker, point(at)?, (who, &question)).await?;
        Ok(ArmResponse::json(200, bodies::scopes_of(told)))
    })
}

fn chained(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let ChainsBody { from, scope: place, at } = ask.json()?;
        let from = from.map(|it| own(&ask, it));
        let asked = graph::Asked { scope: scope(&ask, place.as_deref())?, from };
        let asker = Asker::Caller(&ask.context);
        let told = graph::graph(ask.plane, asker, point(at)?, &asked).await?;
        Ok(ArmResponse::json(200, chains::body(&told)))
    })
}

/// Somebody of the caller's directory: of another's nobody is asked for.
fn own(ask: &Ask<'_>, object: ObjectId) -> Principal {
    Principal { tenant: ask.context.caller.principal.tenant, object }
}

/// The scope that the body names, as ARM writes it; that of the request where it names none.
pub(super) fn scope(ask: &Ask<'_>, text: Option<&str>) -> Result<Scope, Failure> {
    let Some(text) = text else { return Ok(ask.scope()) };
    let found = Scope::parse(text.trim(), ask.context.caller.principal.tenant);
    found.map_err(|bad| Failure::Content(format!("the scope `{text}` cannot be read: {bad}")))
}

/// A question of an action by its whole name.
pub fn question(action: &str, is_data_action: bool, scope: Scope) -> Result<Question, Failure> {
    let action = explain::action(action).map_err(|bad| Failure::Content(bad.to_string()))?;
    Ok(if is_data_action { Question::data(action, scope) } else { Question::any(action, scope) })
}

/// The point in the past that is asked for.
pub fn point(at: Option<AtBody>) -> Result<At, Failure> {
    match at {
        None => Ok(None),
        Some(AtBody { revision: Some(it), moment: None }) => {
            Ok(Some(Point::Revision(Revision(it))))
        }
        Some(AtBody { revision: None, moment: Some(it) }) => Ok(Some(Point::Moment(it))),
        Some(
            AtBody { revision: None, moment: None } | AtBody { revision: Some(_), moment: Some(_) },
        ) => Err(Failure::Content("`at` is either a `revision` or a `moment`".to_owned())),
    }
}
