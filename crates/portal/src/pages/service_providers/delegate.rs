//! *Delegate resources*: choosing the subscriptions or resource groups that an offer is to hold in.

use std::collections::BTreeSet;

use arm::request::Method::Get;
use askama::Template;
use axum::http::StatusCode;
use identity::secret::fingerprint;
use ids::{guid::SubscriptionId, resource::DefinitionId, scope::Scope};
use model::delegation::Definition;
use operations::{
    context::Context,
    delegation::{Shown, reach},
    groups,
    page::{PAGE_ROWS, page as first_page},
};
use serde_json::json;

use super::{
    DELEGATIONS, Link, SCOPES, definition, definition_id, everywhere, names, offer_name, place,
    provider,
    rule::{Acting, acting},
    subscription,
};
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    frame::Frame,
    own::{meets, subscriptions},
    trouble::Trouble,
};

mod one;

/// How many groups one page offers.
const CHOICES_MAX: usize = 200;
/// How many scopes one form delegates.
const SCOPES_MAX: usize = 100;

#[derive(Template)]
#[template(path = "service-providers/delegate.html")]
struct View {
    frame: Frame,
    offer: String,
    provider: String,
    link: Link,
    subscriptions: Vec<Choice>,
    groups: Vec<Choice>,
    /// Where the groups are.
    here: String,
    find: String,
    is_cut: bool,
    acting: Acting,
    /// Tells what the offer gives, as it was shown, from anything else.
    print: String,
    filled: Filled,
}

/// A scope that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Choice {
    scope: String,
    name: String,
    is_chosen: bool,
    is_delegated: bool,
}

/// A form that came back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Filled {
    chosen: BTreeSet<Scope>,
    is_agreed: bool,
    not_agreed: bool,
    /// What the offer gives is not what was agreed to.
    is_changed: bool,
    /// What is wrong with what is chosen.
    wrong: Option<&'static str>,
    /// Where it was refused, and why.
    refused: Vec<(String, String)>,
    done: Vec<String>,
}

impl Filled {
    fn is_wrong(&self) -> bool {
        self.not_agreed || self.wrong.is_some()
    }
}

pub(super) fn page(ask: Ask) -> Answered {
    Box::pin(async move {
        let id = definition_id(&ask)?;
        let shown = definition(&ask, &id).await?;
        view(&ask, &id, &shown, (StatusCode::OK, Filled::default())).await
    })
}

pub(super) fn send(ask: Ask) -> Answered {
    Box::pin(async move {
        let id = definition_id(&ask)?;
        let shown = definition(&ask, &id).await?;
        let chosen = chosen(&ask)?;
        if ask.form.get("print") != Some(print(&shown.it).as_str()) {
            // The word was about something else: it has to be given anew.
            let filled = Filled { chosen, is_changed: true, ..Filled::default() };
            return view(&ask, &id, &shown, (StatusCode::CONFLICT, filled)).await;
        }
        let is_agreed = ask.form.get("consent").is_some();
        let filled = Filled {
            not_agreed: !is_agreed,
            wrong: match chosen.len() {
                0 => Some("Choose at least one subscription or resource group."),
                1..=SCOPES_MAX => None,
                _ => Some("Choose fewer at once: at most 100."),
            },
            is_agreed,
            chosen,
            ..Filled::default()
        };
        if filled.is_wrong() {
            return view(&ask, &id, &shown, (StatusCode::BAD_REQUEST, filled)).await;
        }
        let names = names(&ask, filled.chosen.iter().filter_map(Scope::subscription)).await?;
        let (mut done, mut refused, mut left) = (Vec::new(), Vec::new(), BTreeSet::new());
        let mut status = StatusCode::OK;
        for scope in filled.chosen {
            match one::delegate(&ask, &shown.it, &scope).await {
                Ok(()) => done.push(place(&scope, &names)),
                Err(why) => {
                    status = if refused.is_empty() { why.status } else { status };
                    refused.push((place(&scope, &names), why.words));
                    left.insert(scope);
                }
            }
        }
        if !refused.is_empty() {
            let filled = Filled { chosen: left, is_agreed, refused, done, ..Filled::default() };
            return view(&ask, &id, &shown, (status, filled)).await;
        }
        let (offer, what) = (offer_name(&shown.it), done.join(", "));
        Ok(ask.done(format!("Delegated under {offer}: {what}."), Link::Offer(id)))
    })
}

/// Tells what an offer gives to whom, and of which version of a plan, from anything else.
fn print(it: &Definition) -> String {
    let Definition { managed_by, authorizations, eligible, accepted, .. } = it;
    fingerprint(&json!([managed_by, authorizations, eligible, accepted]).to_string())
}

/// The scopes that were ticked.
fn chosen(ask: &Ask) -> Result<BTreeSet<Scope>, Trouble> {
    let home = ask.visitor()?.principal().tenant;
    let bad = || Trouble::Garbled("what is to be delegated is no subscription or resource group");
    let scope = |text: &str| match Scope::parse(text, home) {
        Ok(it @ (Scope::Subscription(_) | Scope::ResourceGroup(..))) => Ok(it),
        Ok(Scope::Tenant(_) | Scope::ManagementGroup(..) | Scope::Resource(_)) | Err(_) => {
            Err(bad())
        }
    };
    ask.form.all("scope").map(scope).collect()
}

async fn view(
    ask: &Ask,
    id: &DefinitionId,
    shown: &Shown<Definition>,
    (status, filled): (StatusCode, Filled),
) -> Result<Answer, Trouble> {
    let at = subscription(id)?;
    let find = ask.query.get("find").unwrap_or_default().trim().to_lowercase();
    let delegated = delegated(ask, id).await?;
    let choice = |(scope, name): (Scope, String)| Choice {
        scope: scope.to_string(),
        is_chosen: filled.chosen.contains(&scope),
        is_delegated: delegated.contains(&scope),
        name,
    };
    let (own, is_cut) = subscriptions(ask, &find).await?;
    let here = names(ask, std::iter::once(at)).await?.remove(&at).unwrap_or_default();
    let (groups, more) = groups(ask, at, &find).await?;
    let offer = offer_name(&shown.it);
    let frame = ask.frame("Delegate resources").await?;
    let frame = frame
        .below("Service providers", Link::Offers)
        .below(offer.clone(), Link::Offer(id.clone()))
        .command(
            "Delegate the subscription",
            format!("az managedservices assignment create --subscription {at} --definition {id}"),
        )
        .command(
            "Delegate one of its resource groups",
            format!(
                "az managedservices assignment create --subscription {at} --definition {id} --resource-group NAME"
            ),
        );
    let view = View {
        frame,
        provider: provider(shown.parties.managing_name.as_ref(), shown.it.managed_by),
        link: Link::Offer(id.clone()),
        subscriptions: own.into_iter().map(choice).collect(),
        groups: groups.into_iter().map(choice).collect(),
        here,
        find: ask.query.get("find").unwrap_or_default().to_owned(),
        is_cut: is_cut || more,
        acting: acting(ask, at).await?,
        print: print(&shown.it),
        offer,
        filled: filled.clone(),
    };
    Answer::with(status, &view)
}

/// Where it is delegated already.
async fn delegated(ask: &Ask, id: &DefinitionId) -> Result<BTreeSet<Scope>, Trouble> {
    let first = first_page(None, Some(PAGE_ROWS));
    let found = reach::list(ask.plane(), &everywhere(ask)?, id, first).await?;
    Ok(found.items.into_iter().map(|it| it.id.scope().clone()).collect())
}

/// The subscription's resource groups of that name, and whether there are more.
async fn groups(
    ask: &Ask,
    at: SubscriptionId,
    find: &str,
) -> Result<(Vec<(Scope, String)>, bool), Trouble> {
    let plane = ask.plane();
    let work = |context: Context| async move {
        groups::read::list(plane, &context, at, first_page(None, Some(PAGE_ROWS))).await
    };
    let path = format!("/subscriptions/{at}/resourceGroups");
    let page = ask.arm((Get, path, SCOPES), work).await?;
    let found = page.items.into_iter().filter(|it| meets(it.name.as_str(), find));
    let mut found: Vec<_> = found.map(|it| (it.scope(), it.name.to_string())).collect();
    let is_cut = page.next.is_some() || found.len() > CHOICES_MAX;
    found.truncate(CHOICES_MAX);
    Ok((found, is_cut))
}
