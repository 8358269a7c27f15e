//! How many offers a visitor finds by each category and each publisher: what the storefront is
//! narrowed down by.

use std::collections::{BTreeMap, BTreeSet};

use ids::offer::PublisherId;
use model::market::offer::Edition;
use store::{
    records::ranges::market as ranges,
    snapshot::{Page, Snapshot},
};

use super::{LIVE, STRETCH, Visitor, Wanted, admit, list_one, release};
use crate::{error::Error, plane::Plane};

/// In a larger storefront nothing is counted: it would cost each visitor a look at all of it.
pub const COUNTED_MAX: usize = 200;

/// How many of the offers with the wanted words there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facets {
    /// Of the wanted publisher, in whatever category.
    pub of_publisher: usize,
    /// Of the wanted publisher, by the key of a category or a subcategory. None is at zero.
    pub categories: BTreeMap<String, usize>,
    /// In the wanted category, whoever publishes them.
    pub in_category: usize,
    /// In the wanted category, by publisher, each with what it is called.
    pub publishers: BTreeMap<PublisherId, (String, usize)>,
}

/// Counts what [`list`](super::list) would find without its category, and without its publisher;
/// nothing where more offers are live than [`COUNTED_MAX`].
pub async fn count(
    plane: &Plane,
    visitor: Visitor<'_>,
    wanted: &Wanted,
) -> Result<Option<Facets>, Error> {
    admit(plane, visitor)?;
    let snapshot = plane.store.snapshot().await?;
    let counted = counted(&snapshot, visitor, wanted).await?;
    release(plane, snapshot, visitor, counted).await
}

async fn counted(
    snapshot: &Snapshot,
    visitor: Visitor<'_>,
    wanted: &Wanted,
) -> Result<Option<Facets>, Error> {
    let (mut facets, mut after, mut left) = (Facets::default(), None, COUNTED_MAX);
    loop {
        let stretch = Page { after: after.take(), limit: STRETCH.min(left) };
        let rows = snapshot.list_placed::<Edition>(&ranges::editions_at(LIVE), stretch).await?;
        left = left.saturating_sub(rows.items.len());
        for (edition, _) in rows.items.into_iter().filter(|(it, _)| wanted.says(it)) {
            let Some(listed) = list_one(snapshot, edition, visitor).await? else { continue };
            if !wanted.is_private || listed.has_private() {
                facets.add(wanted, &listed.edition, listed.publisher.display_name);
            }
        }
        match rows.next {
            None => return Ok(Some(facets)),
            Some(_) if left == 0 => return Ok(None),
            next => after = next,
        }
    }
}

impl Facets {
    fn add(&mut self, wanted: &Wanted, edition: &Edition, publisher: String) {
        let id = &edition.offer.publisher;
        if wanted.publisher.as_ref().is_none_or(|it| it == id) {
            self.of_publisher = self.of_publisher.saturating_add(1);
            // An offer stands once under each, however often its form names it.
            let all = edition.form.categories.iter();
            let keys: BTreeSet<&String> =
                all.flat_map(|(key, below)| std::iter::once(key).chain(below)).collect();
            for key in keys {
                let count = self.categories.entry(key.clone()).or_default();
                *count = count.saturating_add(1);
            }
        }
        if wanted.is_in_category(edition) {
            self.in_category = self.in_category.saturating_add(1);
            let (_, count) = self.publishers.entry(id.clone()).or_insert((publisher, 0));
            *count = count.saturating_add(1);
        }
    }
}
