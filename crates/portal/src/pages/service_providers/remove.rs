//! Removing an offer: all that is delegated under it ends first, and nothing that its page did not
//! name. Asked once.

use std::collections::BTreeSet;

use arm::request::Method::Delete;
use askama::Template;
use axum::http::StatusCode;
use ids::{
    resource::{AssignmentId, DefinitionId},
    scope::Scope,
};
use model::{action::Action, change::delegation_rule, delegation::Definition, question::Question};
use operations::{
    context::Context,
    delegation::{Shown, reach, withdraw::withdraw},
    page::page as first_page,
};

use super::{
    DELEGATIONS, Link, definition, definition_id,
    end::ended,
    everywhere,
    grants::{Grant, grants, manifest},
    names, offer_name, place, provider,
    rule::{Acting, acting},
    subscription,
};
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    frame::Frame,
    trouble::Trouble,
    words::counted,
};

/// So many delegations end by one form: each is named in it, and it stays below what a form takes.
const ENDED_MAX: usize = 300;
/// The field that names a delegation which the page said would end.
const NAMED: &str = "delegation";

#[derive(Template)]
#[template(path = "service-providers/remove.html")]
struct View {
    frame: Frame,
    offer: String,
    provider: String,
    link: Link,
    /// What ends with it.
    ends: Vec<End>,
    /// There is more than one form ends.
    is_more: bool,
    grants: Vec<Grant>,
    acting: Acting,
    stopped: Option<Stopped>,
}

/// A delegation that ends with the offer.
#[derive(Clone, Debug, PartialEq, Eq)]
struct End {
    id: String,
    place: String,
}

/// Why the offer is still there.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Stopped {
    status: StatusCode,
    words: String,
    /// How much was ended before that.
    ended: Option<String>,
}

/// What stopped a removal.
enum Stop {
    /// Something is delegated that the page did not name.
    Unnamed,
    /// A request was refused, after so many delegations had ended.
    Refused(Trouble, usize),
}

impl From<Trouble> for Stop {
    fn from(trouble: Trouble) -> Self {
        Self::Refused(trouble, 0)
    }
}

pub(super) fn page(ask: Ask) -> Answered {
    Box::pin(async move {
        let id = definition_id(&ask)?;
        let shown = definition(&ask, &id).await?;
        view(&ask, &id, &shown, (StatusCode::OK, None)).await
    })
}

pub(super) fn send(ask: Ask) -> Answered {
    Box::pin(async move {
        let id = definition_id(&ask)?;
        let shown = definition(&ask, &id).await?;
        let stopped = match removed(&ask, &id).await {
            Ok(ended) => {
                let offer = offer_name(&shown.it);
                let words = match ended {
                    0 => format!("Removed the offer {offer}."),
                    _ => format!(
                        "Removed the offer {offer}, and ended {}.",
                        counted(ended, "delegation")
                    ),
                };
                return Ok(ask.done(words, Link::Offers));
            }
            Err(Stop::Unnamed) => Stopped {
                status: StatusCode::CONFLICT,
                words: "More was delegated under it since this page was opened.".to_owned(),
                ended: None,
            },
            Err(Stop::Refused(why @ Trouble::Refused(_), ended)) => {
                let told = why.told();
                let ended = (ended > 0).then(|| counted(ended, "delegation"));
                Stopped { status: told.status, words: told.words, ended }
            }
            Err(Stop::Refused(other, _)) => return Err(other),
        };
        view(&ask, &id, &shown, (stopped.status, Some(stopped))).await
    })
}

/// Where it is delegated, as far as one form ends it; and whether there is more.
async fn delegated(ask: &Ask, id: &DefinitionId) -> Result<(Vec<AssignmentId>, bool), Trouble> {
    let first = first_page(None, Some(ENDED_MAX));
    let found = reach::list(ask.plane(), &everywhere(ask)?, id, first).await?;
    Ok((found.items.into_iter().map(|it| it.id).collect(), found.next.is_some()))
}

/// Whether the visitor may remove the definition, by the questions that its removal asks.
fn may_withdraw(ask: &Ask, id: &DefinitionId) -> Result<bool, Trouble> {
    let (plane, context) = (ask.plane(), everywhere(ask)?);
    let mut asked = delegation_rule(&Scope::Subscription(subscription(id)?));
    let itself = Scope::Resource(id.as_resource().clone());
    asked.push(Question::any(Action::DEFINITIONS_DELETE, itself));
    Ok(asked.iter().all(|question| plane.may(&context, question)))
}

/// Removes the definition, as the API does.
async fn withdrawn(ask: &Ask, id: &DefinitionId) -> Result<(), Trouble> {
    let (plane, wanted) = (ask.plane(), id.clone());
    let work = |context: Context| async move { withdraw(plane, &context, wanted).await };
    ask.arm((Delete, id.to_string(), DELEGATIONS), work).await?;
    Ok(())
}

/// Ends what is delegated, then removes the definition. Answers how much was ended.
async fn removed(ask: &Ask, id: &DefinitionId) -> Result<usize, Stop> {
    if !may_withdraw(ask, id)? {
        // The API refuses it in its own words, before anything has ended.
        withdrawn(ask, id).await?;
        return Ok(0);
    }
    let (all, is_more) = delegated(ask, id).await?;
    let named: BTreeSet<&str> = ask.form.all(NAMED).collect();
    if is_more || !all.iter().all(|it| named.contains(it.to_string().as_str())) {
        return Err(Stop::Unnamed);
    }
    for (before, it) in all.iter().enumerate() {
        ended(ask, it).await.map_err(|why| Stop::Refused(why, before))?;
    }
    withdrawn(ask, id).await.map_err(|why| Stop::Refused(why, all.len()))?;
    Ok(all.len())
}

async fn view(
    ask: &Ask,
    id: &DefinitionId,
    shown: &Shown<Definition>,
    (status, stopped): (StatusCode, Option<Stopped>),
) -> Result<Answer, Trouble> {
    let at = subscription(id)?;
    let names = names(ask, std::iter::once(at)).await?;
    let (all, is_more) = delegated(ask, id).await?;
    let end = |it: AssignmentId| End { place: place(it.scope(), &names), id: it.to_string() };
    let offer = offer_name(&shown.it);
    let frame = ask.frame("Remove an offer").await?;
    let frame = frame
        .below("Service providers", Link::Offers)
        .below(offer.clone(), Link::Offer(id.clone()))
        .command(
            "Remove the offer, once nothing is delegated under it",
            format!(
                "az managedservices definition delete --subscription {at} --definition {}",
                id.name()
            ),
        );
    let view = View {
        frame,
        provider: provider(shown.parties.managing_name.as_ref(), shown.it.managed_by),
        link: Link::Offer(id.clone()),
        ends: all.into_iter().map(end).collect(),
        is_more,
        grants: grants(ask, manifest(&shown.it)).await?,
        acting: acting(ask, at).await?,
        offer,
        stopped,
    };
    Answer::with(status, &view)
}
