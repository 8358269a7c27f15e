//! Giving a delegation back.

use arm::request::Method;
use askama::Template;
use axum::http::StatusCode;
use operations::delegation::{
    end::{Ended, end},
    managed::Managed,
};

use super::{To, VERSION, delegation::Facts};
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    frame::Frame,
    permissions::role_name,
    trouble::{Told, Trouble},
    words::{counted, quoted},
};

#[derive(Template)]
#[template(path = "customers/leave.html")]
struct View {
    frame: Frame,
    facts: Facts,
    /// What is in the hidden field.
    id: String,
    losing: String,
    roles: Vec<String>,
    may_leave: bool,
    /// Why it was not done.
    refusal: Option<String>,
}

/// Says what is lost, and asks once.
pub(super) fn show(ask: Ask) -> Answered {
    Box::pin(async move {
        let found = ask.delegation().await?;
        let view = view(&ask, &found, None).await?;
        Answer::page(&view)
    })
}

async fn view(ask: &Ask, found: &Managed, refusal: Option<String>) -> Result<View, Trouble> {
    let facts = ask.facts(found);
    let id = found.assignment.id.to_string();
    let frame = ask
        .under_customers("Leave this delegation")
        .await?
        .below("Delegations", To::Delegations)
        .below(facts.scope.clone(), &facts.link)
        .command(
            "Leave this delegation",
            format!("az managedservices assignment delete --assignment {}", quoted(&id)),
        );
    let definition = found.definition.as_ref();
    let mut people: Vec<_> = definition
        .iter()
        .flat_map(|it| {
            let eligible = it.eligible.iter().map(|it| it.principal);
            it.authorizations.iter().map(|it| it.principal).chain(eligible)
        })
        .collect();
    people.sort_unstable();
    people.dedup();
    let mut roles: Vec<String> = definition
        .iter()
        .flat_map(|it| {
            let eligible = it.eligible.iter().map(|it| it.role);
            it.authorizations.iter().map(|it| it.role).chain(eligible)
        })
        .map(role_name)
        .collect();
    roles.sort_unstable();
    roles.dedup();
    let losing = counted(people.len(), "principal");
    Ok(View { frame, facts, id, losing, roles, may_leave: ask.may_leave(found)?, refusal })
}

pub(super) fn leave(ask: Ask) -> Answered {
    Box::pin(async move {
        let found = ask.delegation().await?;
        if ask.form.get("sure").is_none() {
            let words = "Say that you are sure: tick the box.".to_owned();
            let view = view(&ask, &found, Some(words)).await?;
            return Answer::with(StatusCode::BAD_REQUEST, &view);
        }
        let (plane, id) = (ask.plane(), found.assignment.id.clone());
        let path = id.to_string();
        let done = ask
            .arm((Method::Delete, path, VERSION), move |context| async move {
                end(plane, &context, id).await
            })
            .await;
        let facts = ask.facts(&found);
        match done {
            Ok(Ended::Removed(_) | Ended::Absent) => {
                let words =
                    format!("{} of {} is no longer delegated.", facts.scope, facts.customer);
                Ok(ask.done(words, To::Delegations))
            }
            Err(refused @ Trouble::Refused(_)) => {
                let Told { status, words, .. } = refused.told();
                Answer::with(status, &view(&ask, &found, Some(words)).await?)
            }
            Err(other) => Err(other),
        }
    })
}
