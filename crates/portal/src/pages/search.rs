//! Finding a page or a thing by what it is called. The palette reads this page, too.

use arm::request::Method::Get;
use askama::Template;
use ids::{guid::Principal, offer::Slot, scope::Scope};
use operations::{
    catalog::{self, Visitor, Wanted},
    error::Error,
    page::page as stretch,
    search::{self, holds},
    turns::{Turn, Turns},
};
use tokio::time::{Duration, Instant, timeout_at};

use super::{customers, marketplace, navigation, oversight};
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    directory,
    frame::Frame,
    table::{Row, page},
    trouble::Trouble,
    visitors,
};

pub(super) const ROWS: &[Row] = &[page("/search", show).for_anyone()];

/// As many of each kind as are shown.
const FOUND_MAX: usize = 8;
/// More words than anybody searches for.
const WORDS_MAX: usize = 8;
const CHARS_MAX: usize = 200;
/// So many search at a time, and each person once.
static SEARCHING: Turns<Principal> = Turns::new(4);
/// Whoever has not had a turn by then is told to come back.
const WAIT_MAX: Duration = Duration::from_secs(5);

/// Something that was found.
struct Found {
    kind: &'static str,
    name: String,
    path: String,
    detail: String,
}

#[derive(Template)]
#[template(path = "search.html")]
struct View {
    frame: Frame,
    words: String,
    found: Vec<Found>,
    is_cut: bool,
}

fn show(ask: Ask) -> Answered {
    Box::pin(async move {
        let _strangers = visitors::turn(&ask).await?;
        let _own = match &ask.visitor {
            Some(visitor) => Some(turn(visitor.principal(), Instant::now() + WAIT_MAX).await?),
            None => None,
        };
        let said = ask.query.get("q").unwrap_or_default().to_owned();
        let text: String = said.chars().take(CHARS_MAX).collect();
        let words: Vec<String> =
            text.to_lowercase().split_whitespace().take(WORDS_MAX).map(str::to_owned).collect();
        let (mut found, mut is_cut) = (Vec::new(), false);
        if !words.is_empty() {
            found.extend(pages(&words));
            if ask.visitor.is_some() {
                is_cut = places(&ask, &words, &mut found).await?;
                principals(&ask, &words, &mut found).await?;
            }
            offers(&ask, &words, &mut found).await?;
        }
        let frame = ask.frame("Search").await?;
        Answer::page(&View { frame, words: said, found, is_cut })
    })
}

/// A turn of that person's.
async fn turn(who: Principal, last: Instant) -> Result<Turn<'static, Principal>, Trouble> {
    let taken = timeout_at(last, SEARCHING.take(who)).await.map_err(|_| Trouble::Searching)?;
    taken.map_err(|error| Error::from(error).into())
}

fn pages(words: &[String]) -> Vec<Found> {
    let groups = navigation("").into_iter();
    let places = groups.flat_map(|group| {
        group.places.into_iter().map(move |place| Found {
            kind: "Page",
            name: place.name,
            path: place.path,
            detail: group.name.to_owned(),
        })
    });
    places.filter(|it| holds(&format!("{} {}", it.name, it.detail), words)).collect()
}

/// Subscriptions, and customers.
async fn places(ask: &Ask, words: &[String], into: &mut Vec<Found>) -> Result<bool, Trouble> {
    let plane = ask.plane();
    let request = (Get, "/subscriptions", "2022-12-01");
    let found = ask
        .arm(request, async |context| search::places(plane, &context, words, FOUND_MAX).await)
        .await?;
    for it in found.subscriptions {
        // Who reads a part of it alone finds that part where scopes are chosen.
        let whole = oversight::Link::Access(&Scope::Subscription(it.id)).open(ask)?;
        into.push(Found {
            kind: "Subscription",
            path: whole.unwrap_or_else(|| oversight::Link::Places.to_string()),
            name: it.display_name,
            detail: it.id.to_string(),
        });
    }
    into.extend(found.customers.into_iter().map(|it| Found {
        kind: "Customer",
        path: customers::To::Customer(it.id).to_string(),
        name: it.display_name,
        detail: it.domain,
    }));
    Ok(found.is_cut)
}

/// What everybody can take.
async fn offers(ask: &Ask, words: &[String], into: &mut Vec<Found>) -> Result<(), Trouble> {
    let wanted = Wanted { words: words.to_vec(), ..Wanted::default() };
    let page = stretch(None, Some(FOUND_MAX));
    let found = catalog::list(ask.plane(), Visitor::Anyone, &wanted, page).await?;
    into.extend(found.items.into_iter().map(|it| Found {
        kind: "Offer",
        path: marketplace::Link::Offer(&it.edition.offer, Slot::Live, None).to_string(),
        name: it.edition.form.listing.title.clone(),
        detail: it.publisher.display_name,
    }));
    Ok(())
}

/// Those of the visitor's own directory, as far as they may read it.
async fn principals(ask: &Ask, words: &[String], into: &mut Vec<Found>) -> Result<(), Trouble> {
    let found = directory::search(ask, words, FOUND_MAX).await?;
    into.extend(found.into_iter().map(|it| Found {
        kind: it.kind.words(),
        path: oversight::Link::CheckOf(it.id).to_string(),
        name: it.name,
        detail: it.detail,
    }));
    Ok(())
}

#[cfg(test)]
mod tests {
    use model::samples::{ADA, OLOF};

    use super::*;

    #[tokio::test]
    async fn a_person_searches_once_at_a_time_and_nobody_waits_for_them() {
        let soon = || Instant::now() + WAIT_MAX;
        let first = turn(ADA, soon()).await;
        assert!(first.is_ok());
        let second = turn(ADA, Instant::now()).await.map(drop);
        assert_eq!(second.map_err(|it| it.told().status.as_u16()), Err(429));
        assert!(turn(OLOF, soon()).await.is_ok(), "another person");
        drop(first);
        assert!(turn(ADA, soon()).await.is_ok());
    }
}
