//! The access index as facts, kept now and then, so that a start replays only what came after
//! the last one.
//!
//! Whole or not there: its parts are written one after the other while units go on, and its head
//! comes last. The journal stays as it is and says the same.

use std::sync::Arc;

use access::{
    catalogue::Catalogue,
    checkpoint::{FORM, Fact},
    index::Index,
};
use ids::clock::Revision;
use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, oneshot};

use crate::{
    committer::Work,
    engine::{Engine, View},
    error::StoreError,
    key::{Entry, Key, Range, Tuple},
    record::{Record, decode},
    store::stopped,
};

/// A checkpoint is due after so many revisions, or once as many came as the last one has facts:
/// then all checkpoints together are no larger than the journal.
const REVISIONS_MIN: u64 = 10_000;
/// So many facts make a part: some hundred kilobytes, which no unit waits for long.
const FACTS_PER_PART: usize = 1_000;

const LATEST: &str = "checkpoint.latest";

/// That a whole checkpoint of that revision is there.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Checkpoint {
    revision: Revision,
    /// What its facts say. The first ones did not note it.
    #[serde(default)]
    form: u32,
    access_revision: Revision,
    parts: usize,
    facts: usize,
}

/// Some of its facts.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Part {
    revision: Revision,
    n: usize,
    facts: Vec<Fact>,
}

impl Record for Checkpoint {
    const KIND: &'static str = "checkpoint";
    type Id = Revision;

    fn id(&self) -> Revision {
        self.revision
    }

    fn key(id: &Revision) -> Key {
        Key::exact(Self::KIND, &ordered(id.0))
    }

    fn entries(&self) -> Vec<Entry> {
        vec![Entry::new(LATEST, latest_first(self.revision))]
    }
}

impl Record for Part {
    const KIND: &'static str = "checkpointPart";
    type Id = (Revision, usize);

    fn id(&self) -> Self::Id {
        (self.revision, self.n)
    }

    fn key((revision, n): &Self::Id) -> Key {
        Key::exact(Self::KIND, &format!("{}/{n:08}", ordered(revision.0)))
    }

    fn entries(&self) -> Vec<Entry> {
        Vec::new()
    }
}

fn latest_first(revision: Revision) -> Tuple {
    Tuple::new().text(ordered(u64::MAX - revision.0))
}

/// Text that sorts as the number does.
fn ordered(number: u64) -> String {
    format!("{number:020}")
}

/// What is to be written of an index, in this order.
fn of(index: &Index) -> (Vec<Part>, Checkpoint) {
    let (revision, facts) = (index.revision(), index.facts());
    let part = |(n, facts): (usize, &[Fact])| Part { revision, n, facts: facts.to_vec() };
    let parts: Vec<Part> = facts.chunks(FACTS_PER_PART).enumerate().map(part).collect();
    let head = Checkpoint {
        revision,
        form: FORM,
        access_revision: index.access_revision(),
        parts: parts.len(),
        facts: facts.len(),
    };
    (parts, head)
}

/// Keeps that index. Units go on meanwhile; they wait for a part at most.
pub(crate) async fn write(work: &mpsc::Sender<Work>, index: Arc<Index>) -> Result<(), StoreError> {
    let made = tokio::task::spawn_blocking(move || of(&index)).await;
    let (parts, head) = made.map_err(StoreError::unavailable)?;
    for part in parts {
        keep(work, Keep::Part(Box::new(part))).await?;
    }
    keep(work, Keep::Head(head)).await
}

async fn keep(work: &mpsc::Sender<Work>, what: Keep) -> Result<(), StoreError> {
    let (reply, answer) = oneshot::channel();
    work.send(Work::Keep { what, reply }).await.map_err(|_| stopped())?;
    answer.await.map_err(|_| stopped())?
}

/// What the committer is asked to keep of a checkpoint.
pub(crate) enum Keep {
    Part(Box<Part>),
    Head(Checkpoint),
}

/// When the next checkpoint is due.
pub(crate) struct Schedule {
    due: Revision,
    /// Weak: the committer ends when nobody else can ask it for anything.
    work: mpsc::WeakSender<Work>,
}

impl Schedule {
    pub(crate) fn after(last: Option<&Checkpoint>, work: mpsc::WeakSender<Work>) -> Self {
        let mut schedule = Self { due: Revision(REVISIONS_MIN), work };
        if let Some(head) = last {
            schedule.kept(head);
        }
        schedule
    }

    /// No checkpoint is ever due.
    pub(crate) fn never(work: mpsc::WeakSender<Work>) -> Self {
        Self { due: Revision(u64::MAX), work }
    }

    /// A whole checkpoint is there.
    pub(crate) fn kept(&mut self, head: &Checkpoint) {
        let facts = u64::try_from(head.facts).unwrap_or(u64::MAX);
        let due = head.revision.0.saturating_add(facts.max(REVISIONS_MIN));
        self.due = self.due.max(Revision(due));
    }

    /// Sees to it that this index is kept, if that is due. What goes wrong waits for the next
    /// time: nobody asked for it.
    pub(crate) fn consider(&mut self, index: &Arc<Index>) {
        let revision = index.revision();
        let Some(work) = self.work.upgrade().filter(|_| revision >= self.due) else { return };
        self.due = Revision(revision.0.saturating_add(REVISIONS_MIN));
        let index = Arc::clone(index);
        tokio::spawn(async move {
            match write(&work, index).await {
                Ok(()) => tracing::info!(%revision, "a checkpoint was kept"),
                Err(error) => tracing::warn!(%error, "a checkpoint was not kept"),
            }
        });
    }
}

/// The last whole checkpoint, and the index that it keeps.
pub(crate) async fn latest(
    engine: &dyn Engine,
    catalogue: &Arc<Catalogue>,
) -> Result<Option<(Checkpoint, Index)>, StoreError> {
    newest(engine, catalogue, (Revision::default(), Revision(u64::MAX))).await
}

/// The last whole one of those after the first revision and up to the second. One of another form
/// counts for nothing.
pub(crate) async fn newest(
    engine: &dyn Engine,
    catalogue: &Arc<Catalogue>,
    (after, up_to): (Revision, Revision),
) -> Result<Option<(Checkpoint, Index)>, StoreError> {
    let view = engine.snapshot().await?;
    let older = Range { index: LATEST, from: latest_first(up_to), to: None };
    let Some(found) = view.scan(&older, None, 1).await?.into_iter().next() else { return Ok(None) };
    let head: Checkpoint = decode(&found.row)?;
    if head.revision <= after || head.form != FORM {
        return Ok(None);
    }
    let mut facts = Vec::with_capacity(head.facts);
    for n in 0..head.parts {
        facts.extend(part(&*view, &head, n).await?.facts);
    }
    let (catalogue, Checkpoint { revision, access_revision, .. }) = (Arc::clone(catalogue), head);
    let restore = move || Index::restore(catalogue, facts, revision, access_revision);
    let index = tokio::task::spawn_blocking(restore).await.map_err(StoreError::unavailable)?;
    Ok(Some((head, index)))
}

async fn part(view: &dyn View, head: &Checkpoint, n: usize) -> Result<Part, StoreError> {
    let missing = || StoreError::corrupt(format!("part {n} of a checkpoint is missing"));
    let row = view.get(&Part::key(&(head.revision, n))).await?.ok_or_else(missing)?;
    decode(&row)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(revision: u64) -> Arc<Index> {
        let revision = Revision(revision);
        Arc::new(Index::restore(Catalogue::builtin(), [], revision, revision))
    }

    #[tokio::test]
    async fn a_checkpoint_is_due_once_enough_has_happened() {
        let (work, mut asked) = mpsc::channel(1);
        let mut schedule = Schedule::after(None, work.downgrade());
        schedule.consider(&index(REVISIONS_MIN - 1));
        tokio::task::yield_now().await;
        assert!(asked.try_recv().is_err());

        schedule.consider(&index(REVISIONS_MIN));
        let Some(Work::Keep { what: Keep::Part(part), reply }) = asked.recv().await else {
            panic!("a part was to come first")
        };
        assert_eq!((part.revision, part.n), (Revision(REVISIONS_MIN), 0));
        reply.send(Ok(())).unwrap();
        let Some(Work::Keep { what: Keep::Head(head), .. }) = asked.recv().await else {
            panic!("the head was to come last")
        };
        assert_eq!((head.revision, head.parts), (Revision(REVISIONS_MIN), 1));

        schedule.kept(&Checkpoint { facts: 50_000, ..head });
        schedule.consider(&index(REVISIONS_MIN + 49_999));
        tokio::task::yield_now().await;
        assert!(asked.try_recv().is_err(), "as many revisions as there are facts come first");
    }
}
