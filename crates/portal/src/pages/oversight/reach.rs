//! The scopes that providers reach in a subscription, or in all of the directory, as a picture and
//! as a table.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use ids::{guid::SubscriptionId, scope::Scope};
use model::{action::Action, question::Question};
use operations::delegation::received::{Wanted, delegations};

use super::{
    Link, Tab, about,
    given::{Found, Given, within},
    names::Names,
    scope, tabs,
};
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    frame::Frame,
    trouble::Trouble,
    words::counted,
};

/// As many delegations as are drawn.
const SHOWN_MAX: usize = 60;
/// How far apart things stand.
const ROW: usize = 36;
const TOP: usize = 32;
const LEFT: usize = 256;
const RIGHT: usize = 416;
/// How far in a resource group stands.
const INDENT: usize = 20;
const WIDTH: usize = 760;
/// More letters do not fit.
const LETTERS_MAX: usize = 34;

/// A provider, or a scope.
struct Node {
    label: String,
    x: usize,
    y: usize,
    /// Whether something of it is delegated itself.
    is_reached: bool,
}

struct Line {
    from: usize,
    to: usize,
    x: usize,
}

/// What is drawn.
struct Picture {
    height: usize,
    providers: Vec<Node>,
    places: Vec<Node>,
    lines: Vec<Line>,
}

/// That a provider reaches a scope.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Edge {
    provider: String,
    place: Scope,
    offer: String,
}

struct Row {
    provider: String,
    place: String,
    /// The page of who holds what there, where it is open to the visitor.
    path: Option<String>,
    offer: String,
}

#[derive(Template)]
#[template(path = "oversight/reach.html")]
struct View {
    frame: Frame,
    tabs: Vec<Tab>,
    summary: String,
    picture: Picture,
    rows: Vec<Row>,
    width: usize,
    left: usize,
    /// Whether there is more than is drawn.
    is_cut: bool,
}

pub(super) fn show(ask: Ask) -> Answered {
    Box::pin(async move {
        let all = Scope::Tenant(ask.visitor()?.principal().tenant);
        let scope = scope(&ask)?.unwrap_or_else(|| all.clone());
        let Found { items, is_cut } = match scope.subscription() {
            Some(id) => within(&ask, id, &scope, SHOWN_MAX).await?,
            None if scope == all => everywhere(&ask).await?,
            None => {
                return Err(Trouble::Garbled("what providers reach is drawn of subscriptions"));
            }
        };
        let edges: BTreeSet<Edge> = items.into_iter().map(edge).collect();
        let places = edges.iter().map(|it| it.place.clone());
        let places: Vec<Scope> = std::iter::once(scope.clone()).chain(places).collect();
        let names = Names::of(&ask, &places).await?;
        let whole = scope.subscription();
        let line = whole.map(|it| format!(" --subscription {it}")).unwrap_or_default();
        let frame = about(&ask, "Scopes that providers reach", &scope, &names).await?.command(
            "List the delegations",
            format!("az managedservices assignment list --include-definition{line}"),
        );
        Answer::page(&View {
            frame,
            tabs: tabs(&ask, &scope)?,
            summary: summary(&edges),
            picture: picture(&edges, whole, &names),
            rows: rows(&ask, edges, &names)?,
            width: WIDTH,
            left: LEFT,
            is_cut,
        })
    })
}

/// What is delegated in any of the visitor's own subscriptions that they read, each asked for as
/// its own list is; and whether there is more.
async fn everywhere(ask: &Ask) -> Result<Found, Trouble> {
    let scope = Scope::Tenant(ask.visitor()?.principal().tenant);
    let context = ask.context("GET", Question::any(Action::SUBSCRIPTIONS_READ, scope))?;
    let wanted = Wanted { limit: SHOWN_MAX, ..Wanted::default() };
    let found = delegations::list(ask.plane(), &context, wanted).await?;
    let whole = found.items.into_iter().filter_map(|(it, shown)| Some((it, shown?)));
    Ok(Found { items: whole.take(SHOWN_MAX).collect(), is_cut: found.next.is_some() })
}

fn edge((assignment, shown): Given) -> Edge {
    let name = shown.parties.managing_name;
    Edge {
        provider: name.unwrap_or_else(|| assignment.managed_by.to_string()),
        place: assignment.id.scope().clone(),
        offer: shown.it.name.unwrap_or_default(),
    }
}

fn summary(edges: &BTreeSet<Edge>) -> String {
    let providers: BTreeSet<&str> = edges.iter().map(|it| it.provider.as_str()).collect();
    let places: BTreeSet<&Scope> = edges.iter().map(|it| &it.place).collect();
    let reach = if providers.len() == 1 { "reaches" } else { "reach" };
    format!("{} {reach} {}", counted(providers.len(), "provider"), counted(places.len(), "scope"))
}

fn rows(ask: &Ask, edges: BTreeSet<Edge>, names: &Names) -> Result<Vec<Row>, Trouble> {
    let mut rows = Vec::with_capacity(edges.len());
    for Edge { provider, place, offer } in edges {
        let path = Link::Access(&place).open(ask)?;
        let subscription =
            place.subscription().map(|id| names.subscription(id)).unwrap_or_default();
        let place = match place.resource_group() {
            Some(group) => format!("{group} in {subscription}"),
            None => subscription,
        };
        rows.push(Row { provider, place, path, offer });
    }
    Ok(rows)
}

/// Providers on the left; on the right the subscriptions, each with its resource groups that are
/// delegated.
fn picture(edges: &BTreeSet<Edge>, whole: Option<SubscriptionId>, names: &Names) -> Picture {
    let providers: BTreeSet<&str> = edges.iter().map(|it| it.provider.as_str()).collect();
    let providers: Vec<&str> = providers.into_iter().collect();
    let places = ordered(edges, whole);
    let at = |nth: usize| TOP.saturating_add(nth.saturating_mul(ROW));
    let line = |it: &Edge| {
        let from = providers.iter().position(|known| *known == it.provider)?;
        let to = places.iter().position(|known| *known == it.place)?;
        Some(Line { from: at(from), to: at(to), x: left_of(&it.place) })
    };
    let place = |(nth, it): (usize, &Scope)| Node {
        label: short(&names.name(it)),
        x: left_of(it),
        y: at(nth),
        is_reached: edges.iter().any(|edge| edge.place == *it),
    };
    let provider = |(nth, it): (usize, &&str)| Node {
        label: short(it),
        x: LEFT,
        y: at(nth),
        is_reached: true,
    };
    Picture {
        height: at(providers.len().max(places.len())),
        lines: edges.iter().filter_map(line).collect(),
        places: places.iter().enumerate().map(place).collect(),
        providers: providers.iter().enumerate().map(provider).collect(),
    }
}

/// Each subscription before its resource groups.
fn ordered(edges: &BTreeSet<Edge>, whole: Option<SubscriptionId>) -> Vec<Scope> {
    let mut inner: BTreeMap<SubscriptionId, BTreeSet<Scope>> = BTreeMap::new();
    if let Some(id) = whole {
        inner.entry(id).or_default();
    }
    for place in edges.iter().map(|it| &it.place) {
        let Some(id) = place.subscription() else { continue };
        let groups = inner.entry(id).or_default();
        if place.resource_group().is_some() {
            groups.insert(place.clone());
        }
    }
    let mut all = Vec::new();
    for (id, groups) in inner {
        all.push(Scope::Subscription(id));
        all.extend(groups);
    }
    all
}

fn left_of(place: &Scope) -> usize {
    if place.resource_group().is_some() { RIGHT.saturating_add(INDENT) } else { RIGHT }
}

fn short(text: &str) -> String {
    if text.chars().nth(LETTERS_MAX).is_none() {
        return text.to_owned();
    }
    text.chars().take(LETTERS_MAX).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use model::samples::{NEIGHBOUR, SUBSCRIPTION, resource_group, whole};

    use super::*;

    fn edge(provider: &str, place: Scope) -> Edge {
        Edge { provider: provider.to_owned(), place, offer: "Ops".to_owned() }
    }

    fn drawn(edges: &BTreeSet<Edge>) -> Picture {
        picture(edges, Some(SUBSCRIPTION), &Names::known([(SUBSCRIPTION, "prod")]))
    }

    #[test]
    fn a_line_leads_from_each_provider_to_each_scope_that_it_reaches() {
        let edges: BTreeSet<Edge> = [
            edge("Fabrikam", whole()),
            edge("Adatum", resource_group("app")),
            edge("Fabrikam", resource_group("app")),
            edge("Adatum", Scope::Subscription(NEIGHBOUR)),
        ]
        .into();
        let drawn = drawn(&edges);
        assert_eq!((drawn.providers.len(), drawn.lines.len()), (2, 4));
        let labels: Vec<&str> = drawn.places.iter().map(|it| it.label.as_str()).collect();
        let other = short(&NEIGHBOUR.to_string());
        assert_eq!(labels, ["prod", "app", other.as_str()]);
        let ends: BTreeSet<(usize, usize)> = drawn.places.iter().map(|it| (it.x, it.y)).collect();
        assert!(drawn.lines.iter().all(|it| ends.contains(&(it.x, it.to))));
        assert_eq!(summary(&edges), "2 providers reach 3 scopes");
    }

    #[test]
    fn an_untouched_subscription_is_drawn_as_such() {
        let app: BTreeSet<Edge> = [edge("Adatum", resource_group("app"))].into();
        let reached: Vec<bool> = drawn(&app).places.iter().map(|it| it.is_reached).collect();
        assert_eq!(reached, [false, true]);
        assert!(drawn(&BTreeSet::new()).lines.is_empty());
        assert_eq!(short(&"x".repeat(40)).chars().count(), LETTERS_MAX + 1);
    }
}
