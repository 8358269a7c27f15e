//! One offer: what it is, what it lets whom do, and what is delegated under it.

use arm::request::Method::Get;
use askama::Template;
use ids::{guid::SubscriptionId, offer::PlanVersion, resource::DefinitionId};
use model::{delegation::Assignment, market::form::Terms};
use operations::{
    acceptance::{
        At,
        read::{self, Accepted},
    },
    context::Context,
    delegation::reach,
};

use super::{
    Link, OWN, definition, definition_id, everywhere,
    grants::{Grant, grants, manifest},
    names, offer_name,
    offers::Update,
    place, provider,
    rule::{Acting, acting},
    subscription,
};
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    frame::Frame,
    trouble::Trouble,
    words::{Id, Moment, counts},
};

/// How many delegations a page shows.
const ROWS_MAX: usize = 50;

#[derive(Template)]
#[template(path = "service-providers/offer.html")]
struct View {
    frame: Frame,
    provider: String,
    tenant: Id,
    id: Id,
    description: String,
    subscription: String,
    made: Moment,
    market: Option<Market>,
    grants: Vec<Grant>,
    rows: Vec<Row>,
    next: Option<String>,
    acting: Acting,
    delegate: Link,
    remove: Link,
}

/// What is known of an offer of the marketplace.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Market {
    plan: String,
    version: String,
    publisher: String,
    /// Whether more can be taken of it here.
    is_offered: bool,
    update: Option<Update>,
    agreed_by: String,
    agreed: Moment,
    is_standing: bool,
    terms: Said,
}

/// Terms as a page shows them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) text: String,
    /// Where they are, on the publisher's own site.
    pub(super) link: Option<String>,
}

impl From<&Terms> for Said {
    fn from(terms: &Terms) -> Self {
        match terms {
            Terms::None => Self::default(),
            Terms::Text(text) => Self { text: text.clone(), link: None },
            // What does not lead to a page is shown, and leads nowhere.
            Terms::Url(url) if url.starts_with("https://") => {
                Self { text: String::new(), link: Some(url.clone()) }
            }
            Terms::Url(url) => Self { text: url.clone(), link: None },
        }
    }
}

/// A delegation.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Row {
    place: String,
    scope: Id,
    since: Moment,
    /// When it counts, where that is not always.
    counts: Option<String>,
    end: Link,
}

pub(super) fn page(ask: Ask) -> Answered {
    Box::pin(async move {
        let id = definition_id(&ask)?;
        let shown = definition(&ask, &id).await?;
        let (now, at) = (ask.plane().store.now(), subscription(&id)?);
        let context = everywhere(&ask)?;
        let found = reach::list(ask.plane(), &context, &id, ask.page(ROWS_MAX)?).await?;
        let names = names(&ask, std::iter::once(at)).await?;
        let row = |it: Assignment| Row {
            place: place(it.id.scope(), &names),
            scope: Id { short: "Scope".to_owned(), whole: it.id.scope().to_string() },
            since: Moment::new(it.system_data.created_at, now),
            counts: it.period.map(|it| counts(it, now)),
            end: Link::End(it.id),
        };
        let next = found.next.map(|place| ask.next(&place));
        let rows = found.items.into_iter().map(row).collect();
        let accepted = shown.it.accepted.as_ref().map(|it| &it.plan);
        let market = match accepted {
            Some(version) => market(&ask, &id, (at, version)).await?,
            None => None,
        };
        let frame = ask.frame(offer_name(&shown.it)).await?;
        let frame = frame.below("Service providers", Link::Offers).command(
            "Show this offer",
            format!(
                "az managedservices definition show --subscription {at} --definition {}",
                id.name()
            ),
        );
        Answer::page(&View {
            frame,
            provider: provider(shown.parties.managing_name.as_ref(), shown.it.managed_by),
            tenant: Id::from(shown.it.managed_by),
            id: Id {
                short: id.name().to_string().chars().take(8).collect(),
                whole: id.to_string(),
            },
            description: shown.it.description.clone().unwrap_or_default(),
            subscription: names.get(&at).cloned().unwrap_or_default(),
            made: Moment::new(shown.it.system_data.created_at, now),
            market,
            grants: grants(&ask, manifest(&shown.it)).await?,
            rows,
            next,
            acting: acting(&ask, at).await?,
            delegate: Link::Delegate(id.clone()),
            remove: Link::Remove(id),
        })
    })
}

/// What is accepted of that plan in the subscription, for whoever may read it.
pub(super) async fn accepted(ask: &Ask, at: &At) -> Result<Accepted, Trouble> {
    let plane = ask.plane();
    let work = |context: Context| async move { read::get(plane, &context, at).await };
    ask.arm((Get, acceptance(at), OWN), work).await
}

/// The path of an acceptance in the API.
pub(super) fn acceptance(at: &At) -> String {
    let At { subscription, publisher, product, plan } = at;
    format!(
        "/subscriptions/{subscription}/providers/Fyr.Marketplace/acceptances/{publisher}.{product}.{plan}"
    )
}

async fn market(
    ask: &Ask,
    id: &DefinitionId,
    (at, version): (SubscriptionId, &PlanVersion),
) -> Result<Option<Market>, Trouble> {
    let found = match accepted(ask, &At::of(at, version)).await {
        Ok(found) => found,
        // Not theirs to read: the definition says what there is.
        Err(Trouble::Refused(_)) => return Ok(None),
        Err(other) => return Err(other),
    };
    let now = ask.plane().store.now();
    let update = found.waiting.map(|it| Update {
        version: it.version.to_string(),
        is_declined: it.is_declined,
        link: Link::Update(id.clone()),
    });
    let terms = found.acceptance.terms;
    Ok(Some(Market {
        plan: found.plan.unwrap_or_else(|| version.plan.name.to_string()),
        version: version.version.to_string(),
        publisher: found.publisher.unwrap_or_else(|| version.plan.offer.publisher.to_string()),
        is_offered: found.is_offered,
        update,
        agreed: Moment::new(terms.at, now),
        is_standing: terms.is_standing,
        terms: Said::from(&terms.terms),
        agreed_by: terms.name,
    }))
}
