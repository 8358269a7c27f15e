//! Removing an offer: all that is delegated under it ends first. Asked once.

use arm::request::Method::Delete;
use askama::Template;
use axum::http::StatusCode;
use ids::resource::{AssignmentId, DefinitionId};
use model::delegation::Definition;
use operations::{
    context::Context,
    delegation::{Shown, reach, withdraw::withdraw},
    page::{PAGE_ROWS, page as first_page},
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
    trouble::{Told, Trouble},
    words::counted,
};

/// So many of the delegations that end are named.
const NAMED_MAX: usize = 100;

#[derive(Template)]
#[template(path = "service-providers/remove.html")]
struct View {
    frame: Frame,
    offer: String,
    provider: String,
    link: Link,
    /// What ends with it.
    places: Vec<String>,
    /// How many more do.
    more: usize,
    grants: Vec<Grant>,
    acting: Acting,
    told: Option<Told>,
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
        match removed(&ask, &id).await {
            Ok(ended) => {
                let offer = offer_name(&shown.it);
                let words = match ended {
                    0 => format!("Removed the offer {offer}."),
                    _ => format!(
                        "Removed the offer {offer}, and ended {}.",
                        counted(ended, "delegation")
                    ),
                };
                Ok(ask.done(words, Link::Offers))
            }
            Err(trouble @ Trouble::Refused(_)) => {
                let told = trouble.told();
                view(&ask, &id, &shown, (told.status, Some(told))).await
            }
            Err(other) => Err(other),
        }
    })
}

/// Where it is delegated, as far as one request ends it.
async fn delegated(ask: &Ask, id: &DefinitionId) -> Result<Vec<AssignmentId>, Trouble> {
    let first = first_page(None, Some(PAGE_ROWS));
    let found = reach::list(ask.plane(), &everywhere(ask)?, id, first).await?;
    Ok(found.items.into_iter().map(|it| it.id).collect())
}

/// Ends what is delegated, then removes the definition. Answers how much was ended.
async fn removed(ask: &Ask, id: &DefinitionId) -> Result<usize, Trouble> {
    let all = delegated(ask, id).await?;
    for it in &all {
        ended(ask, it).await?;
    }
    let (plane, wanted) = (ask.plane(), id.clone());
    let work = |context: Context| async move { withdraw(plane, &context, wanted).await };
    ask.arm((Delete, id.to_string(), DELEGATIONS), work).await?;
    Ok(all.len())
}

async fn view(
    ask: &Ask,
    id: &DefinitionId,
    shown: &Shown<Definition>,
    (status, told): (StatusCode, Option<Told>),
) -> Result<Answer, Trouble> {
    let at = subscription(id)?;
    let names = names(ask, std::iter::once(at)).await?;
    let all = delegated(ask, id).await?;
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
        more: all.len().saturating_sub(NAMED_MAX),
        places: all.iter().take(NAMED_MAX).map(|it| place(it.scope(), &names)).collect(),
        grants: grants(ask, manifest(&shown.it)).await?,
        acting: acting(ask, at).await?,
        offer,
        told,
    };
    Answer::with(status, &view)
}
