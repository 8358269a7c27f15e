//! Reading what happened, in its order.

use ids::clock::Revision;

use crate::{
    error::StoreError,
    store::{Entry, Store, entry},
};

impl Store {
    /// The first `limit` entries of the journal after that revision, in order.
    pub async fn journal(&self, after: Revision, limit: usize) -> Result<Vec<Entry>, StoreError> {
        self.journal_behind((after, u32::MAX), limit).await
    }

    /// The same behind a place within a revision, of which there may be more than a page.
    pub async fn journal_behind(
        &self,
        place: (Revision, u32),
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError> {
        self.answering()?;
        let rows = self.shared().engine.journal(place, limit).await?;
        rows.iter().map(entry).collect()
    }
}
