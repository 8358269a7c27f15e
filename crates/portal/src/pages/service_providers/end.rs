//! Ending a delegation: what is lost and for whom, asked once.

use arm::request::Method::{Delete, Get};
use askama::Template;
use axum::http::StatusCode;
use delegation::dialect::Dialect;
use ids::{resource::AssignmentId, scope::Scope};
use operations::{
    context::Context,
    delegation::{
        end::end,
        read::{self, Expanded},
    },
};

use super::{
    DELEGATIONS, Link,
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
    words::Id,
};

#[derive(Template)]
#[template(path = "service-providers/end.html")]
struct View {
    frame: Frame,
    place: String,
    scope: Id,
    provider: String,
    offer: String,
    link: Link,
    grants: Vec<Grant>,
    acting: Acting,
    told: Option<Told>,
}

/// The assignment that the path names: in a resource group, the query says in which.
fn assignment_id(ask: &Ask) -> Result<AssignmentId, Trouble> {
    let subscription = ask.parsed(0)?;
    let scope = match ask.query.get("group") {
        Some(group) => {
            Scope::ResourceGroup(subscription, group.parse().map_err(|_| Trouble::Nothing)?)
        }
        None => Scope::Subscription(subscription),
    };
    AssignmentId::at(scope, ask.parsed(1)?).map_err(|_| Trouble::Nothing)
}

pub(super) fn page(ask: Ask) -> Answered {
    Box::pin(async move { view(&ask, &assignment_id(&ask)?, (StatusCode::OK, None)).await })
}

pub(super) fn send(ask: Ask) -> Answered {
    Box::pin(async move {
        let id = assignment_id(&ask)?;
        // What it is called, before it is gone.
        let (it, _) = assignment(&ask, &id).await?;
        let names = names(&ask, it.id.scope().subscription().into_iter()).await?;
        match ended(&ask, &id).await {
            Ok(()) => {
                let words = format!("Ended the delegation of {}.", place(id.scope(), &names));
                Ok(ask.done(words, Link::Delegations))
            }
            Err(trouble @ Trouble::Refused(_)) => {
                let told = trouble.told();
                view(&ask, &id, (told.status, Some(told))).await
            }
            Err(other) => Err(other),
        }
    })
}

/// Ends it, as the API does.
pub(super) async fn ended(ask: &Ask, id: &AssignmentId) -> Result<(), Trouble> {
    let (plane, wanted) = (ask.plane(), id.clone());
    let work = |context: Context| async move { end(plane, &context, wanted).await };
    ask.arm((Delete, id.to_string(), DELEGATIONS), work).await?;
    Ok(())
}

async fn assignment(ask: &Ask, id: &AssignmentId) -> Result<Expanded, Trouble> {
    let (plane, wanted) = (ask.plane(), id.clone());
    let work = |context: Context| async move {
        read::assignment(plane, &context, wanted, Dialect::Eligible).await
    };
    ask.arm((Get, id.to_string(), DELEGATIONS), work).await
}

async fn view(
    ask: &Ask,
    id: &AssignmentId,
    (status, told): (StatusCode, Option<Told>),
) -> Result<Answer, Trouble> {
    let (it, definition) = assignment(ask, id).await?;
    let at = subscription(id)?;
    let names = names(ask, std::iter::once(at)).await?;
    let name = definition.as_ref().and_then(|it| it.parties.managing_name.as_ref());
    let given = match &definition {
        Some(shown) => grants(ask, manifest(&shown.it)).await?,
        None => Vec::new(),
    };
    let group = id.scope().resource_group();
    let place_of = group.map(|it| format!(" --resource-group '{it}'")).unwrap_or_default();
    let frame = ask.frame("End a delegation").await?;
    let frame = frame
        .below("Service providers", Link::Offers)
        .below("Delegations", Link::Delegations)
        .command(
            "End this delegation",
            format!(
                "az managedservices assignment delete --subscription {at} --assignment {}{place_of}",
                id.name()
            ),
        );
    let view = View {
        frame,
        place: place(id.scope(), &names),
        scope: Id { short: "Scope".to_owned(), whole: id.scope().to_string() },
        provider: provider(name, it.managed_by),
        offer: definition.as_ref().map(|it| offer_name(&it.it)).unwrap_or_default(),
        link: Link::Offer(it.definition),
        grants: given,
        acting: acting(ask, at).await?,
        told,
    };
    Answer::with(status, &view)
}
