//! Lists, page by page: a link to the next page holds the place where this one ended, sealed for this
//! caller, this list and this filter.

use ids::clock::Random;
use operations::page::page;
use store::{key::Cursor, snapshot::Page};

use crate::{ask::Ask, trouble::Trouble};

/// The field of a query that says where a page begins.
const AFTER: &str = "after";

impl Ask {
    /// The page of the list that is asked for, with so many items at most.
    pub(crate) fn page(&self, limit: usize) -> Result<Page, Trouble> {
        let after = self.place()?.map(|text| text.parse::<Cursor>());
        let after = after.transpose().map_err(|_| Trouble::Garbled("the page leads nowhere"))?;
        Ok(page(after, Some(limit)))
    }

    /// Where the page before ended, as this very list told this very caller.
    pub(crate) fn place(&self) -> Result<Option<String>, Trouble> {
        let Some(sealed) = self.query.get(AFTER) else { return Ok(None) };
        let opened = self.plane().seal.open(&self.bound(), sealed);
        let bad = |_| Trouble::Garbled("the page is not one that this list led to: open it anew");
        opened.map(Some).map_err(bad)
    }

    /// The part of a list that is at hand as a whole which this page shows, with so many items at
    /// most; and where the next one is.
    pub(crate) fn part<T>(
        &self,
        all: Vec<T>,
        limit: usize,
    ) -> Result<(Vec<T>, Option<String>), Trouble> {
        let said = self.place()?.map(|text| text.parse::<usize>()).transpose();
        let first = said.map_err(|_| Trouble::Garbled("the page leads nowhere"))?.unwrap_or(0);
        let end = first.saturating_add(limit);
        let next = (all.len() > end).then(|| self.next(&end));
        Ok((all.into_iter().skip(first).take(limit).collect(), next))
    }

    /// Where the page after this one is.
    pub(crate) fn next(&self, place: &impl ToString) -> String {
        let plane = self.plane();
        let random: &dyn Random = &*plane.random;
        let sealed = plane.seal.close(random, &self.bound(), &place.to_string());
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.query.pairs().filter(|(name, _)| *name != AFTER));
        query.append_pair(AFTER, &sealed);
        format!("{}?{}", self.path, query.finish())
    }

    fn bound(&self) -> String {
        let who = self.visitor.as_ref().map(|it| it.principal().to_string()).unwrap_or_default();
        let mut kept: Vec<_> = self.query.pairs().filter(|(name, _)| *name != AFTER).collect();
        kept.sort_unstable();
        format!("portal|{who}|{}|{kept:?}", self.path)
    }
}
