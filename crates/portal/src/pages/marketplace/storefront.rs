//! The storefront: what is live, by words, category and publisher; and what is for one's own
//! subscriptions alone.

use std::collections::BTreeMap;

use askama::Template;
use ids::{
    guid::SubscriptionId,
    offer::{PublisherId, Slot},
};
use operations::{
    catalog::{
        self, Listed, Wanted,
        facets::{self, Facets},
    },
    page::Paged,
};

use super::{Choice, FIND, Link, Looker, PLACE, Places, categories, category, place, places};
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    frame::Frame,
    visitors,
    words::counted,
};

/// As many offers as a page shows.
const OFFERS_MAX: usize = 30;
/// More words than anybody searches for.
const WORDS_MAX: usize = 16;

/// One way to narrow the list down.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Facet {
    name: String,
    path: String,
    is_here: bool,
    /// Below the chosen one.
    is_inner: bool,
    /// How many offers it finds, where that is counted.
    count: Option<usize>,
}

struct Card {
    title: String,
    publisher: String,
    summary: String,
    path: String,
    logo: Option<String>,
    is_private: bool,
    plans: String,
}

#[derive(Template)]
#[template(path = "marketplace/storefront.html")]
struct View {
    frame: Frame,
    words: String,
    /// What the search form keeps of the facets.
    kept: Vec<(String, String)>,
    tabs: Vec<Facet>,
    places: Places,
    is_private: bool,
    categories: Vec<Facet>,
    publishers: Vec<Facet>,
    cards: Vec<Card>,
    is_narrowed: bool,
    /// What of the facets is chosen.
    narrowed: String,
    next: Option<String>,
}

pub(super) fn show(ask: Ask) -> Answered {
    Box::pin(async move {
        let _turn = visitors::turn(&ask).await?;
        let is_private = ask.query.get("private").is_some();
        if is_private {
            ask.visitor()?;
        }
        let mut places = places(&ask, place(&ask)?).await?;
        let said = place(&ask)?;
        let place = if is_private { said.or_else(|| chosen_first(&mut places.all)) } else { said };
        let wanted = wanted(&ask, is_private);
        let looker = Looker::new(&ask, place)?;
        let page = ask.page(OFFERS_MAX)?;
        // Without a subscription nothing private can be for anybody.
        let (found, counts) = if is_private && place.is_none() {
            (Paged { items: Vec::new(), next: None }, Some(Facets::default()))
        } else {
            let (plane, visitor) = (ask.plane(), looker.visitor());
            let found = catalog::list(plane, visitor, &wanted, page).await?;
            (found, facets::count(plane, visitor, &wanted).await?)
        };
        let listing = format!("{}/catalog/products", ask.plane().origins.graph);
        let frame = ask.frame("Marketplace").await?.command(
            "List what everybody can take",
            format!("az rest --method get --skip-authorization-header --url {listing}"),
        );
        Answer::page(&View {
            frame,
            words: ask.query.get("q").unwrap_or_default().to_owned(),
            kept: kept(&ask),
            tabs: tabs(&ask, is_private),
            narrowed: narrowed(&ask),
            categories: by_category(&ask, counts.as_ref()),
            publishers: by_publisher(&ask, counts.as_ref(), &found.items),
            is_narrowed: ask.query.pairs().next().is_some(),
            next: found.next.map(|it| ask.next(&it)),
            cards: found.items.iter().map(|it| card(it, place)).collect(),
            places,
            is_private,
        })
    })
}

/// Where nobody chose a subscription, the first of them.
fn chosen_first(places: &mut [Choice]) -> Option<SubscriptionId> {
    let first = places.first_mut()?;
    first.is_chosen = true;
    first.value.parse().ok()
}

fn wanted(ask: &Ask, is_private: bool) -> Wanted {
    let words = ask.query.get("q").unwrap_or_default().split_whitespace();
    Wanted {
        publisher: ask.query.get("publisher").and_then(|it| it.parse().ok()),
        category: ask.query.get("category").map(str::to_owned),
        words: words.take(WORDS_MAX).map(str::to_owned).collect(),
        is_private,
    }
}

fn card(it: &Listed, place: Option<SubscriptionId>) -> Card {
    let (offer, listing) = (&it.edition.offer, &it.edition.form.listing);
    let place = place.filter(|_| it.has_private());
    let logo = listing.small_logo.as_ref().or(listing.medium_logo.as_ref());
    let logo = logo.or(listing.logo.as_ref());
    Card {
        title: listing.title.clone(),
        publisher: it.publisher.display_name.clone(),
        summary: listing.summary.clone(),
        path: Link::Offer(offer, Slot::Live, place).to_string(),
        logo: logo.map(|it| Link::Picture(offer, &it.digest, place).to_string()),
        is_private: it.has_private(),
        plans: counted(it.plans.len(), "plan"),
    }
}

/// The same list with one field said otherwise, from its beginning.
fn with(ask: &Ask, name: &str, value: Option<&str>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(ask.query.pairs().filter(|(known, _)| *known != name && *known != "after"));
    value.map(|value| query.append_pair(name, value));
    let query = query.finish();
    let path = Link::Storefront.to_string();
    if query.is_empty() { path } else { format!("{path}?{query}") }
}

fn kept(ask: &Ask) -> Vec<(String, String)> {
    let form = ["q", "after", PLACE, FIND];
    let kept = ask.query.pairs().filter(|(name, _)| !form.contains(name));
    kept.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn tabs(ask: &Ask, is_private: bool) -> Vec<Facet> {
    let tab = |name: &str, value, is_here| Facet {
        name: name.to_owned(),
        path: with(ask, "private", value),
        is_here,
        is_inner: false,
        count: None,
    };
    vec![tab("All products", None, !is_private), tab("Private products", Some("yes"), is_private)]
}

/// All categories that find anything, as far as that is counted; under the chosen one what it is
/// divided into. The chosen one itself stands there in any case.
fn by_category(ask: &Ask, counts: Option<&Facets>) -> Vec<Facet> {
    let chosen = ask.query.get("category").unwrap_or_default();
    let facet = |key: &str, is_inner| Facet {
        name: category(key),
        path: with(ask, "category", Some(key)),
        is_here: key == chosen,
        is_inner,
        count: counts.map(|it| it.categories.get(key).copied().unwrap_or_default()),
    };
    let all = Facet {
        name: "All categories".to_owned(),
        path: with(ask, "category", None),
        is_here: chosen.is_empty(),
        is_inner: false,
        count: counts.map(|it| it.of_publisher),
    };
    let mut facets = vec![all];
    for (key, below) in categories() {
        // `other` stands under several, and finds what is in any of them.
        let is_open = key == chosen || (below.contains(&chosen) && chosen != "other");
        let inner = below.iter().filter(|it| is_open && **it != "other").map(|it| facet(it, true));
        let outer = facet(key, false);
        let keeps = |it: &Facet| it.is_here || it.count != Some(0);
        let inner: Vec<Facet> = inner.filter(keeps).collect();
        if keeps(&outer) || !inner.is_empty() {
            facets.push(outer);
            facets.extend(inner);
        }
    }
    facets
}

/// The facets that are chosen, in words.
fn narrowed(ask: &Ask) -> String {
    let chosen =
        [ask.query.get("category").map(category), ask.query.get("publisher").map(str::to_owned)];
    chosen.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The publishers of what is found; where that is not counted, of what is shown.
fn by_publisher(ask: &Ask, counts: Option<&Facets>, shown: &[Listed]) -> Vec<Facet> {
    let chosen = ask.query.get("publisher");
    let facet = |(id, (name, count)): (&PublisherId, (String, Option<usize>))| Facet {
        name,
        path: with(ask, "publisher", Some(id.as_str())),
        is_here: chosen == Some(id.as_str()),
        is_inner: false,
        count,
    };
    let all = Facet {
        name: "All publishers".to_owned(),
        path: with(ask, "publisher", None),
        is_here: chosen.is_none(),
        is_inner: false,
        count: counts.map(|it| it.in_category),
    };
    let found: BTreeMap<&PublisherId, (String, Option<usize>)> = if let Some(it) = counts {
        let counted = |(name, count): &(String, usize)| (name.clone(), Some(*count));
        it.publishers.iter().map(|(id, it)| (id, counted(it))).collect()
    } else {
        let all = shown.iter().map(|it| &it.publisher);
        all.map(|it| (&it.id, (it.display_name.clone(), None))).collect()
    };
    std::iter::once(all).chain(found.into_iter().map(facet)).collect()
}
