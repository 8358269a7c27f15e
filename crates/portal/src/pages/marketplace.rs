//! The marketplace: what can be taken, what it asks for, and taking it.

use std::fmt;

use arm::request::Method::Get;
use ids::{
    guid::SubscriptionId,
    offer::{MarketplaceIdentifier, OfferId, PlanId, PlanName, Slot},
    scope::Scope,
};
use market::lint::limits::CATEGORIES;
use model::{action::Action, question::Question};
use operations::{
    acceptance::shelf::{self, Item},
    catalog::Visitor,
    context::Context,
};

use crate::{
    ask::Ask,
    own,
    table::{Row, form, page},
    trouble::Trouble,
};

mod accept;
pub(super) mod listing;
mod picture;
mod preview;
mod storefront;

pub(super) const ROWS: &[Row] = &[
    page("/marketplace", storefront::show).for_anyone(),
    page("/marketplace/{}", listing::show).for_anyone(),
    page("/marketplace/{}/media/{}", picture::show).for_anyone(),
    page("/marketplace/{}/create/{}", accept::show),
    form("/marketplace/{}/create/{}", accept::take),
];

/// Which subscription private plans are looked for.
const PLACE: &str = "for";

/// The pages of the marketplace. An offer's preview is a product of its own.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Link<'a> {
    Storefront,
    Offer(&'a OfferId, Slot, Option<SubscriptionId>),
    Picture(&'a OfferId, &'a str, Option<SubscriptionId>),
    Create(&'a PlanId, Slot, Option<SubscriptionId>),
}

impl fmt::Display for Link<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let product = |offer: &OfferId, slot: Slot| {
            format!("/marketplace/{}.{}", offer.publisher, slot.product(&offer.name))
        };
        let place = match self {
            Self::Storefront => {
                write!(f, "/marketplace")?;
                None
            }
            Self::Offer(offer, slot, place) => {
                write!(f, "{}", product(offer, *slot))?;
                *place
            }
            Self::Picture(offer, digest, place) => {
                write!(f, "{}/media/{digest}", product(offer, Slot::Live))?;
                *place
            }
            Self::Create(plan, slot, place) => {
                write!(f, "{}/create/{}", product(&plan.offer, *slot), plan.name)?;
                *place
            }
        };
        place.map_or(Ok(()), |place| write!(f, "?{PLACE}={place}"))
    }
}

/// The product that the path names: an offer, or its preview.
fn product(ask: &Ask) -> Result<(OfferId, Slot), Trouble> {
    let (publisher, name) = ask.key(0).split_once('.').ok_or(Trouble::Nothing)?;
    let publisher = publisher.parse().map_err(|_| Trouble::Nothing)?;
    let (name, slot) = Slot::of_product(name).map_err(|_| Trouble::Nothing)?;
    Ok((OfferId { publisher, name }, slot))
}

/// The plan that the path names.
fn plan(ask: &Ask) -> Result<(PlanId, Slot), Trouble> {
    let (offer, slot) = product(ask)?;
    Ok((PlanId { offer, name: ask.parsed::<PlanName>(1)? }, slot))
}

/// What is published there, as ARM shows it to the visitor: in a subscription what can be taken in
/// it, else all that is there for them.
pub(super) async fn shelf(
    ask: &Ask,
    identifier: &MarketplaceIdentifier,
    name: &str,
    place: Option<SubscriptionId>,
) -> Result<Vec<Item>, Trouble> {
    let scope = place.map(|it| format!("/subscriptions/{it}")).unwrap_or_default();
    let kind = "Microsoft.ManagedServices/marketplaceRegistrationDefinitions";
    let request = (Get, format!("{scope}/providers/{kind}/{name}"), "2022-10-01");
    let plane = ask.plane();
    ask.arm(request, async |context| shelf::find(plane, &context, place, identifier).await).await
}

/// Who looks, with the context of whoever looks for what is for a subscription.
enum Looker {
    Anyone,
    In(Box<Context>, SubscriptionId),
}

impl Looker {
    fn new(ask: &Ask, place: Option<SubscriptionId>) -> Result<Self, Trouble> {
        let Some(id) = place else { return Ok(Self::Anyone) };
        let asked = Question::any(Action::SUBSCRIPTIONS_READ, Scope::Subscription(id));
        Ok(Self::In(Box::new(ask.context("GET", asked)?), id))
    }

    fn visitor(&self) -> Visitor<'_> {
        match self {
            Self::Anyone => Visitor::Anyone,
            Self::In(context, id) => Visitor::In(context, *id),
        }
    }
}

/// The subscription that the query names.
fn place(ask: &Ask) -> Result<Option<SubscriptionId>, Trouble> {
    let said = ask.query.get(PLACE).map(str::parse::<SubscriptionId>).transpose();
    said.map_err(|_| Trouble::Garbled("it names no subscription"))
}

/// One of several to choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Choice {
    value: String,
    name: String,
    is_chosen: bool,
}

/// What a subscription that is looked for is called.
const FIND: &str = "find";

/// The subscriptions to choose from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Places {
    all: Vec<Choice>,
    /// What of their names was looked for.
    find: String,
    /// Whether there are more than are shown.
    is_cut: bool,
}

/// The visitor's own tenant's subscriptions that they read, and not only parts of them, by the name
/// that is looked for; none for whoever has not signed in. The one that is chosen stands among them,
/// whatever it is called.
async fn places(ask: &Ask, chosen: Option<SubscriptionId>) -> Result<Places, Trouble> {
    if ask.visitor.is_none() {
        return Ok(Places::default());
    }
    let find = ask.query.get(FIND).unwrap_or_default().trim().to_owned();
    let (found, is_cut) = own::subscriptions(ask, &find.to_lowercase()).await?;
    let mut all = Vec::with_capacity(found.len());
    for (scope, name) in found {
        let Some(id) = scope.subscription() else { continue };
        if ask.may(&Question::any(Action::SUBSCRIPTIONS_READ, scope))? {
            all.push(Choice { value: id.to_string(), name, is_chosen: Some(id) == chosen });
        }
    }
    if let Some(id) = chosen.filter(|_| !all.iter().any(|it| it.is_chosen)) {
        let named = "Another subscription".to_owned();
        all.insert(0, Choice { value: id.to_string(), name: named, is_chosen: true });
    }
    Ok(Places { all, find, is_cut })
}

/// What a category is called.
fn category(key: &str) -> String {
    let spelled = |word: &str| match word {
        "ai" => "AI".to_owned(),
        "it" => "IT".to_owned(),
        "amp" => "and more".to_owned(),
        "devops" => "DevOps".to_owned(),
        "plus" => "+".to_owned(),
        other => other.to_owned(),
    };
    let text = key.split('-').map(spelled).collect::<Vec<_>>().join(" ");
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The categories that there are, with their subcategories.
fn categories() -> impl Iterator<Item = (&'static str, &'static [&'static str])> {
    CATEGORIES.iter().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn categories_are_said_as_people_say_them() {
        for (key, expected) in [
            ("it-and-management-tools", "IT and management tools"),
            ("ai-plus-machine-learning", "AI + machine learning"),
            ("web", "Web"),
            ("", ""),
        ] {
            assert_eq!(category(key), expected);
        }
    }
}
