//! The scopes that providers reach in a subscription, as a picture and as a table.

use std::collections::BTreeSet;

use askama::Template;
use ids::scope::Scope;

use super::{Link, Tab, access::given, said, scope, tabs};
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    frame::Frame,
    trouble::Trouble,
    words::counted,
};

/// As much as a picture shows of each side.
const SHOWN_MAX: usize = 60;
/// How far apart things stand.
const ROW: usize = 36;
const TOP: usize = 32;
const LEFT: usize = 248;
const RIGHT: usize = 424;
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
    path: String,
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
}

pub(super) fn show(ask: Ask) -> Answered {
    Box::pin(async move {
        let Some(scope) = scope(&ask)? else { return Ok(Answer::To(Link::Places.to_string())) };
        let subscription =
            scope.subscription().ok_or(Trouble::Garbled("only subscriptions are delegated"))?;
        let whole = Scope::Subscription(subscription);
        let found = given(&ask, subscription, &scope).await?;
        let edges: BTreeSet<Edge> = found
            .into_iter()
            .map(|(assignment, shown)| Edge {
                provider: shown
                    .parties
                    .managing_name
                    .unwrap_or_else(|| assignment.managed_by.to_string()),
                place: assignment.id.scope().clone(),
                offer: shown.it.name.unwrap_or_default(),
            })
            .take(SHOWN_MAX)
            .collect();
        let frame = ask
            .frame("Scopes that providers reach")
            .await?
            .below("Access control (IAM)", Link::Places)
            .below(said(&whole), Link::Access(&whole))
            .command(
                "List the delegations",
                format!("az managedservices assignment list --include-definition --subscription {subscription} --output table"),
            );
        Answer::page(&View {
            frame,
            tabs: tabs(&ask, &scope),
            summary: summary(&edges),
            picture: picture(&edges, &whole),
            rows: edges.into_iter().map(row).collect(),
            width: WIDTH,
        })
    })
}

fn summary(edges: &BTreeSet<Edge>) -> String {
    let providers: BTreeSet<&str> = edges.iter().map(|it| it.provider.as_str()).collect();
    let places: BTreeSet<&Scope> = edges.iter().map(|it| &it.place).collect();
    let reach = if providers.len() == 1 { "reaches" } else { "reach" };
    format!("{} {reach} {}", counted(providers.len(), "provider"), counted(places.len(), "scope"))
}

fn row(Edge { provider, place, offer }: Edge) -> Row {
    let path = Link::Access(&place).to_string();
    Row { provider, place: said(&place), path, offer }
}

/// Providers on the left, the subscription and its resource groups on the right.
fn picture(edges: &BTreeSet<Edge>, whole: &Scope) -> Picture {
    let providers: BTreeSet<&str> = edges.iter().map(|it| it.provider.as_str()).collect();
    let providers: Vec<&str> = providers.into_iter().collect();
    let inner: BTreeSet<&Scope> =
        edges.iter().map(|it| &it.place).filter(|it| *it != whole).collect();
    let places: Vec<&Scope> = std::iter::once(whole).chain(inner).collect();
    let at = |nth: usize| TOP.saturating_add(nth.saturating_mul(ROW));
    let line = |it: &Edge| {
        let from = providers.iter().position(|known| *known == it.provider)?;
        let to = places.iter().position(|known| **known == it.place)?;
        Some(Line { from: at(from), to: at(to) })
    };
    let reached = |place: &Scope| edges.iter().any(|it| it.place == *place);
    let place = |(nth, it): (usize, &&Scope)| Node {
        label: short(&said(it)),
        x: if nth == 0 { RIGHT } else { RIGHT.saturating_add(20) },
        y: at(nth),
        is_reached: reached(it),
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

fn short(text: &str) -> String {
    if text.chars().nth(LETTERS_MAX).is_none() {
        return text.to_owned();
    }
    text.chars().take(LETTERS_MAX).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use model::samples::{resource_group, whole};

    use super::*;

    fn edge(provider: &str, place: Scope) -> Edge {
        Edge { provider: provider.to_owned(), place, offer: "Ops".to_owned() }
    }

    #[test]
    fn a_line_leads_from_each_provider_to_each_scope_that_it_reaches() {
        let edges: BTreeSet<Edge> = [
            edge("Fabrikam", whole()),
            edge("Adatum", resource_group("app")),
            edge("Fabrikam", resource_group("app")),
        ]
        .into();
        let drawn = picture(&edges, &whole());
        assert_eq!((drawn.providers.len(), drawn.places.len(), drawn.lines.len()), (2, 2, 3));
        let heights: BTreeSet<usize> = drawn.places.iter().map(|it| it.y).collect();
        assert!(drawn.lines.iter().all(|it| heights.contains(&it.to)));
        assert_eq!(summary(&edges), "2 providers reach 2 scopes");
    }

    #[test]
    fn an_untouched_subscription_is_drawn_as_such() {
        let drawn = picture(&[edge("Adatum", resource_group("app"))].into(), &whole());
        let reached: Vec<bool> = drawn.places.iter().map(|it| it.is_reached).collect();
        assert_eq!(reached, [false, true]);
        assert_eq!(picture(&BTreeSet::new(), &whole()).lines.len(), 0);
        assert_eq!(short(&"x".repeat(40)).chars().count(), LETTERS_MAX + 1);
    }
}
