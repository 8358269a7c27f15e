//! *Check access*: whether one of the own directory may do something, with all that was looked at.

use access::{
    explain::{ExplainedGrant, Outcome},
    verdict::Through,
};
use arm::request::Method::Post;
use askama::Template;
use axum::http::StatusCode;
use ids::{guid::ObjectId, scope::Scope};
use model::{market::account::AccountRole, question::Question};
use operations::{
    directory::users::{self, Key},
    roles::explain::{self, Asked, Told, words},
};
use serde_json::json;

use super::{Link, Tab, about, below, names::Names, scope, tabs};
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    directory,
    frame::Frame,
    own,
    permissions::role_name,
    trouble::Trouble,
    words::{Id, quoted},
};

/// The api-version of the question.
const EXPLAIN: &str = "2026-12-01";
/// What people ask for most.
const COMMON: [&str; 6] = [
    "Microsoft.Resources/subscriptions/resourceGroups/read",
    "Microsoft.Resources/subscriptions/resourceGroups/write",
    "Microsoft.Compute/virtualMachines/start/action",
    "Microsoft.Storage/storageAccounts/listKeys/action",
    "Microsoft.Authorization/roleAssignments/write",
    "Microsoft.ManagedServices/registrationAssignments/write",
];

/// One scope on the way to the root.
struct Step {
    at: String,
    grants: Vec<Grant>,
}

struct Grant {
    role: String,
    /// Whom it names, where that is a group.
    through: Option<String>,
    source: &'static str,
    outcome: &'static str,
    allows: bool,
}

struct Conclusion {
    /// The question, as the API is asked.
    asked: String,
    is_allowed: bool,
    words: String,
    name: String,
    id: Id,
    steps: Vec<Step>,
    /// What stands against it: deny assignments and locks, by their ids.
    against: Vec<(String, &'static str)>,
}

struct Choice {
    value: String,
    name: String,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "oversight/check.html")]
struct View {
    frame: Frame,
    tabs: Vec<Tab>,
    scope: String,
    who: String,
    action: String,
    /// Whether it is done to what a resource holds.
    is_data: bool,
    common: &'static [&'static str],
    places: Vec<Choice>,
    /// Why nothing is told.
    wrong: Option<String>,
    answer: Option<Conclusion>,
}

pub(super) fn show(ask: Ask) -> Answered {
    Box::pin(async move {
        let scope = scope(&ask)?;
        let asked = (ask.query.get("who"), ask.query.get("action"));
        let (status, wrong, answer) = match (&scope, asked) {
            (Some(scope), (Some(who), Some(action))) => {
                match told(&ask, scope, who, action).await {
                    Ok(answer) => (StatusCode::OK, None, Some(answer)),
                    Err(why @ (Trouble::Refused(_) | Trouble::Garbled(_))) => {
                        let told = why.told();
                        (told.status, Some(told.words), None)
                    }
                    Err(other) => return Err(other),
                }
            }
            (Some(_) | None, _) => (StatusCode::OK, None, None),
        };
        let frame = frame(&ask, scope.as_ref(), answer.as_ref()).await?;
        let chosen = scope.as_ref().map(ToString::to_string).unwrap_or_default();
        let text = |name| ask.query.get(name).unwrap_or_default().to_owned();
        let view = View {
            frame,
            tabs: scope.as_ref().map_or(Ok(Vec::new()), |it| tabs(&ask, it))?,
            places: choices(&ask, &chosen).await?,
            scope: chosen,
            who: text("who"),
            action: text("action"),
            is_data: is_data(&ask),
            common: &COMMON,
            wrong,
            answer,
        };
        Answer::with(status, &view)
    })
}

fn is_data(ask: &Ask) -> bool {
    ask.query.get("data").is_some()
}

/// What stands around the page, with the commands that tell the same.
async fn frame(
    ask: &Ask,
    scope: Option<&Scope>,
    answer: Option<&Conclusion>,
) -> Result<Frame, Trouble> {
    let Some(scope) = scope else {
        return Ok(ask.frame("Check access").await?.below("Access control (IAM)", Link::Places));
    };
    let names = Names::of(ask, std::slice::from_ref(scope)).await?;
    let mut frame = about(ask, "Check access", scope, &names).await?;
    if let Some(answer) = answer {
        let path = format!("{}?api-version={EXPLAIN}", explaining(scope));
        let line = format!(
            "az rest --method post --url {} --body {}",
            quoted(&path),
            quoted(&answer.asked)
        );
        frame = frame.command("Ask the same of the API", line);
    }
    if let Some(who) = ask.query.get("who") {
        let (who, at) = (quoted(who), quoted(&scope.to_string()));
        let line = format!(
            "az role assignment list --assignee {who} --scope {at} --include-groups --include-inherited --output table"
        );
        frame = frame.command("List the roles that they hold there", line);
    }
    Ok(frame)
}

fn explaining(scope: &Scope) -> String {
    below(scope, "/providers/Fyr.Access/explain")
}

/// The scopes to choose from: those of the own tenant's subscriptions that the visitor may ask about,
/// and what is asked about.
async fn choices(ask: &Ask, chosen: &str) -> Result<Vec<Choice>, Trouble> {
    let (found, _) = own::subscriptions(ask, "").await?;
    let mut choices = Vec::with_capacity(found.len());
    for (scope, name) in found {
        let (Some(id), value) = (scope.subscription(), scope.to_string()) else { continue };
        if Link::Check(Some(&scope)).open(ask)?.is_some() {
            let is_chosen = value.eq_ignore_ascii_case(chosen);
            choices.push(Choice { name: format!("{name} ({id})"), value, is_chosen });
        }
    }
    if !chosen.is_empty() && !choices.iter().any(|it| it.is_chosen) {
        let (value, name) = (chosen.to_owned(), chosen.to_owned());
        choices.insert(0, Choice { value, name, is_chosen: true });
    }
    Ok(choices)
}

async fn told(ask: &Ask, scope: &Scope, who: &str, action: &str) -> Result<Conclusion, Trouble> {
    let bad = |_| Trouble::Garbled("an action has a name, of at most 256 characters");
    let action = explain::action(action).map_err(bad)?;
    let who = principal(ask, who.trim()).await?;
    let sent = json!({ "principalId": who, "action": action, "isDataAction": is_data(ask) });
    let about = if is_data(ask) { Question::data } else { Question::any };
    let asked = Asked { who, question: about(action, scope.clone()) };
    let plane = ask.plane();
    let told = ask
        .arm((Post, explaining(scope), EXPLAIN), async |context| {
            explain::explain(plane, &context, asked).await
        })
        .await?;
    let name = directory::names(ask, [who]).await?.remove(&who).unwrap_or_else(|| who.to_string());
    let places = Names::of(ask, &told.explanation.scopes).await?;
    Ok(answer(&told, name, sent.to_string(), &places))
}

/// Whom the field means: an object id, or a sign-in name of the own directory.
async fn principal(ask: &Ask, text: &str) -> Result<ObjectId, Trouble> {
    if let Ok(id) = text.parse::<ObjectId>() {
        return Ok(id);
    }
    let (plane, key) = (ask.plane(), Key::Name(text.to_owned()));
    let asked = directory::question(ask, "users")?;
    let found = ask
        .asked("GET", (asked.action, asked.via), asked.scope, async |context| {
            users::get(plane, &context, &key).await
        })
        .await;
    match found {
        Ok(found) => Ok(found.principal.object),
        Err(Trouble::Refused(_)) => Err(Trouble::Garbled(
            "nobody of this directory signs in by that name, as far as you may see",
        )),
        Err(other) => Err(other),
    }
}

fn answer(told: &Told, name: String, asked: String, places: &Names) -> Conclusion {
    let Told { explanation, .. } = told;
    let steps = explanation.scopes.iter().map(|at| Step {
        at: places.said(at),
        grants: explanation
            .grants
            .iter()
            .filter(|it| it.scope == *at)
            .map(|it| grant(told, it))
            .collect(),
    });
    let denies = explanation.denies.iter().filter(|it| it.applies);
    let denies = denies.map(|it| (it.id.to_string(), "Deny assignment"));
    let locks = explanation.locks.iter().map(|it| (it.to_string(), "Lock"));
    Conclusion {
        asked,
        is_allowed: explanation.verdict.is_allowed(),
        words: words::answer(explanation),
        id: Id::new(explanation.who.object),
        name,
        steps: steps.collect(),
        against: denies.chain(locks).collect(),
    }
}

fn grant(told: &Told, it: &ExplainedGrant) -> Grant {
    let group = it.grantee.object;
    let is_group = it.grantee != told.explanation.who;
    let name = || told.groups.get(&group).cloned().unwrap_or_else(|| group.to_string());
    let role = told.roles.get(&it.role).cloned();
    Grant {
        role: role.unwrap_or_else(|| role_name(it.role)),
        through: is_group.then(name),
        source: source(&it.through),
        outcome: words::outcome(it.outcome),
        allows: it.outcome == Outcome::Allows,
    }
}

fn source(through: &Through) -> &'static str {
    match through {
        Through::Assignment(_) => "Role assignment",
        Through::Delegation(_) => "Delegation",
        Through::Activation(_) => "Activation",
        Through::Eligibility(_) => "Eligible authorization",
        Through::Party(_) => "Part in an activation",
        Through::Directory(_) => "Directory role",
        Through::Owner(_) => "Owner in the directory",
        Through::Account(AccountRole::Owner | AccountRole::Manager | AccountRole::Developer) => {
            "Publisher account"
        }
        Through::System(_) => "The system",
    }
}
