//! The marketplace: what can be taken, what it asks for, and taking it.

use std::fmt;

use arm::request::Method::Get;
use ids::{
    guid::SubscriptionId,
    offer::{OfferId, PlanId, PlanName},
    scope::Scope,
};
use market::lint::limits::CATEGORIES;
use model::{action::Action, question::Question};
use operations::{
    catalog::Visitor,
    context::Context,
    subscriptions::{self, Listed},
};

use crate::{
    ask::Ask,
    table::{Row, form, page},
    trouble::Trouble,
};

mod accept;
mod listing;
mod picture;
mod storefront;

pub(super) const ROWS: &[Row] = &[
    page("/marketplace", storefront::show).for_anyone(),
    page("/marketplace/{}", listing::show).for_anyone(),
    page("/marketplace/{}/media/{}", picture::show).for_anyone(),
    page("/marketplace/{}/create/{}", accept::show),
    form("/marketplace/{}/create/{}", accept::take),
];

/// As many subscriptions as a page lets somebody choose from.
const CHOICES_MAX: usize = 200;
/// Which subscription private plans are looked for.
const PLACE: &str = "for";

/// The pages of the marketplace.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Link<'a> {
    Storefront,
    Offer(&'a OfferId, Option<SubscriptionId>),
    Picture(&'a OfferId, &'a str, Option<SubscriptionId>),
    Create(&'a PlanId, Option<SubscriptionId>),
}

impl fmt::Display for Link<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = match self {
            Self::Storefront => None,
            Self::Offer(_, place) | Self::Picture(_, _, place) | Self::Create(_, place) => *place,
        };
        match self {
            Self::Storefront => write!(f, "/marketplace")?,
            Self::Offer(offer, _) => write!(f, "/marketplace/{offer}")?,
            Self::Picture(offer, digest, _) => write!(f, "/marketplace/{offer}/media/{digest}")?,
            Self::Create(plan, _) => write!(f, "/marketplace/{}/create/{}", plan.offer, plan.name)?,
        }
        place.map_or(Ok(()), |place| write!(f, "?{PLACE}={place}"))
    }
}

/// The offer that the path names.
fn offer(ask: &Ask) -> Result<OfferId, Trouble> {
    let (publisher, name) = ask.key(0).split_once('.').ok_or(Trouble::Nothing)?;
    let publisher = publisher.parse().map_err(|_| Trouble::Nothing)?;
    Ok(OfferId { publisher, name: name.parse().map_err(|_| Trouble::Nothing)? })
}

/// The plan that the path names.
fn plan(ask: &Ask) -> Result<PlanId, Trouble> {
    Ok(PlanId { offer: offer(ask)?, name: ask.parsed::<PlanName>(1)? })
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

/// The visitor's own tenant's subscriptions; none for whoever has not signed in.
async fn places(ask: &Ask, chosen: Option<SubscriptionId>) -> Result<Vec<Choice>, Trouble> {
    let Some(visitor) = &ask.visitor else { return Ok(Vec::new()) };
    let (plane, home) = (ask.plane(), visitor.principal().tenant);
    let request = (Get, "/subscriptions", "2022-12-01");
    let Listed { items, .. } = ask
        .arm(request, async |context| subscriptions::list(plane, &context, None, CHOICES_MAX).await)
        .await?;
    let own = items.into_iter().map(|it| it.subscription).filter(|it| it.tenant == home);
    Ok(own
        .map(|it| Choice {
            value: it.id.to_string(),
            name: it.display_name,
            is_chosen: Some(it.id) == chosen,
        })
        .collect())
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
