//! What a unit looks at: it notes each row and each range that it saw, so that the committer can
//! tell whether they still stand.

use model::change::Change;

use super::Unit;
use crate::{
    engine::{Found, ROWS_MAX, Row},
    error::StoreError,
    key::{Key, Range, Tuple},
    record::{Record, decode, decode_bytes},
    records,
};

impl Unit {
    /// The record of that id, the unit's own changes included. The first look counts: a row
    /// that another changes afterwards makes the commit a conflict.
    pub async fn find<R: Record>(&mut self, id: &R::Id) -> Result<Option<R>, StoreError> {
        let key = R::key(id);
        if let Some(write) = self.draft.writes.get(&key) {
            return write.after.as_ref().map(|(bytes, _)| decode_bytes(bytes)).transpose();
        }
        if let Some(row) = self.seen.get(&key) {
            return row.as_ref().map(decode).transpose();
        }
        let row = self.store.row(&key).await?;
        let record = row.as_ref().map(decode).transpose();
        self.note(key, row);
        record
    }

    /// Looks at the row that a change is about, for who puts or removes nouns of all kinds
    /// without needing their old form.
    pub async fn look(&mut self, change: &Change) -> Result<(), StoreError> {
        let key = records::key_of(change);
        if !self.seen.contains_key(&key) {
            let row = self.store.row(&key).await?;
            self.note(key, row);
        }
        Ok(())
    }

    /// All records of a range in its order, the unit's own changes included. A row that another
    /// adds to the range, changes or removes makes the commit a conflict.
    ///
    /// [`StoreError::TooMany`] where there are more than [`ROWS_MAX`].
    pub async fn list<R: Record>(&mut self, range: &Range) -> Result<Vec<R>, StoreError> {
        let (records, rest) = self.list_part(range).await?;
        if rest.is_some() { Err(StoreError::TooMany) } else { Ok(records) }
    }

    /// The same of as much of a range as is looked at together, and the rest of the range, if
    /// there is more: for who looks at all of it, part by part.
    pub async fn list_part<R: Record>(
        &mut self,
        range: &Range,
    ) -> Result<(Vec<R>, Option<Range>), StoreError> {
        let (range, found, rest) = self.part(range).await?;
        for it in &found {
            self.note(it.key.clone(), Some(it.row.clone()));
        }
        Ok((self.noted(&range, found)?, rest))
    }

    /// The same for who only looks through it: the unit keeps no row, and notes what was there.
    pub async fn skim_part<R: Record>(
        &mut self,
        range: &Range,
    ) -> Result<(Vec<R>, Option<Range>), StoreError> {
        let (range, found, rest) = self.part(range).await?;
        Ok((self.noted(&range, found)?, rest))
    }

    /// As much of a range as is looked at together, what is there, and the rest of the range.
    async fn part(&self, range: &Range) -> Result<(Range, Vec<Found>, Option<Range>), StoreError> {
        let view = self.store.view().await?;
        let mut found = view.scan(range, None, ROWS_MAX.saturating_add(1)).await?;
        let (mut range, mut rest) = (range.clone(), None);
        if let Some(next) = found.get(ROWS_MAX).map(|it| it.tuple.clone()) {
            // Rows that one tuple finds stay together.
            found.retain(|it| it.tuple < next);
            if found.is_empty() {
                return Err(StoreError::TooMany);
            }
            rest = Some(Range { from: next.clone(), ..range.clone() });
            range.to = Some(next);
        }
        Ok((range, found, rest))
    }

    fn noted<R: Record>(&mut self, range: &Range, found: Vec<Found>) -> Result<Vec<R>, StoreError> {
        let versions = found.iter().map(|it| (it.key.clone(), it.row.version)).collect();
        self.draft.ranges.push((range.clone(), versions));

        let mut records: Vec<(Tuple, Key, R)> = Vec::with_capacity(found.len());
        for it in found {
            if !self.draft.writes.contains_key(&it.key) {
                records.push((it.tuple, it.key, decode(&it.row)?));
            }
        }
        for (tuple, key) in self.written.within(range) {
            let write = self.draft.writes.get(key).and_then(|write| write.after.as_ref());
            let Some((bytes, _)) = write else { continue };
            records.push((tuple.clone(), key.clone(), decode_bytes(bytes)?));
        }
        records.sort_by(|(a, b, _), (c, d, _)| (a, b).cmp(&(c, d)));
        Ok(records.into_iter().map(|(_, _, record)| record).collect())
    }

    fn note(&mut self, key: Key, row: Option<Row>) {
        self.draft.reads.entry(key.clone()).or_insert(row.as_ref().map(|row| row.version));
        self.seen.entry(key).or_insert(row);
    }
}
