//! An engine, the access index that its journal adds up to, and the committer between them.

use std::sync::{Arc, Mutex, PoisonError};

use access::{catalogue::Catalogue, index::Index};
use arc_swap::ArcSwap;
use ids::{
    clock::{Clock, Random, Revision},
    guid::Principal,
};
use jiff::{SignedDuration, Timestamp};
use model::{activity::Activity, event::Event};
use serde_json::Value;
use tokio::{
    sync::{mpsc, oneshot, watch},
    task::JoinHandle,
};
use uuid::Uuid;

use crate::{
    activity::{ActivityQuery, Refusals},
    checkpoint::{self, Schedule},
    committer::{Committer, Work},
    engine::{Engine, Head, JournalRow, Row, UnitId, View},
    ephemeral::{self, Ephemeral, EphemeralKey},
    error::{Source, StoreError},
    jobs::Jobs,
    key::Key,
    overlay::Overlay,
    past::Kept,
    rebuild::{rebuild, rebuild_lagging},
    record::{Record, decode},
    snapshot::{Loaded, Page, Rows, Snapshot},
    unit::{Cause, Unit},
};

/// So many units wait for the committer; who comes later waits before the door.
const WAITING_MAX: usize = 256;

/// All state. Shared as `Arc<Store>`.
pub struct Store {
    shared: Arc<Shared>,
    work: mpsc::Sender<Work>,
    committer: Mutex<Option<JoinHandle<()>>>,
    /// Of a fork: the facts of the store that it was forked from.
    origin: Option<Arc<Index>>,
}

/// What the committer and its callers share.
pub(crate) struct Shared {
    pub(crate) engine: Arc<dyn Engine>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    /// How much later counts what a caller grants; not at all, unless that is simulated.
    pub(crate) lag: SignedDuration,
    pub(crate) index: ArcSwap<Index>,
    pub(crate) catalogue: Arc<Catalogue>,
    /// States of the past that were asked for lately.
    pub(crate) kept: Kept,
    pub(crate) published: watch::Sender<Published>,
    pub(crate) refusals: Mutex<Refusals>,
    /// Somebody enqueued a job or gave one back.
    pub(crate) jobs: watch::Sender<()>,
}

/// What everyone may know of the commits so far.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Published {
    pub(crate) head: Head,
    /// The store has stopped answering: the outcome of a commit is unknown, or it was shut
    /// down.
    pub(crate) stopped: bool,
}

/// What a store is made of.
struct Parts {
    engine: Arc<dyn Engine>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    lag: SignedDuration,
    head: Head,
    index: Arc<Index>,
    catalogue: Arc<Catalogue>,
    origin: Option<Arc<Index>>,
}

impl Parts {
    fn start(self, checkpoints: impl FnOnce(mpsc::WeakSender<Work>) -> Schedule) -> Arc<Store> {
        let Self { engine, clock, random, lag, head, index, catalogue, origin } = self;
        let (published, _) = watch::channel(Published { head, stopped: false });
        let shared = Arc::new(Shared {
            engine,
            clock,
            random,
            lag,
            index: ArcSwap::new(Arc::clone(&index)),
            catalogue,
            kept: Kept::default(),
            published,
            refusals: Mutex::default(),
            jobs: watch::Sender::new(()),
        });
        let (work, queue) = mpsc::channel(WAITING_MAX);
        // Its own task: a caller who hangs up must not stop it between the rows and the index.
        let checkpoints = checkpoints(work.downgrade());
        let committer = Committer::new(Arc::clone(&shared), head, index, checkpoints).run(queue);
        let committer = Mutex::new(Some(tokio::spawn(committer)));
        Arc::new(Store { shared, work, committer, origin })
    }
}

/// One entry of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub revision: Revision,
    /// Its place among the events of its revision, from 0.
    pub n: u32,
    pub event: Event,
}

impl Store {
    /// Opens what the engine keeps, and rebuilds the access index from the last checkpoint and
    /// what the journal has after it.
    pub async fn open(
        engine: Arc<dyn Engine>,
        catalogue: Arc<Catalogue>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Arc<Self>, StoreError> {
        Self::open_lagging(engine, catalogue, clock, random, SignedDuration::ZERO).await
    }

    /// The same, where what a caller grants counts only so much later.
    pub async fn open_lagging(
        engine: Arc<dyn Engine>,
        catalogue: Arc<Catalogue>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        lag: SignedDuration,
    ) -> Result<Arc<Self>, StoreError> {
        let head = engine.snapshot().await?.head();
        let (index, last) = if lag.is_zero() {
            rebuild(&*engine, Arc::clone(&catalogue), head).await?
        } else {
            let now = clock.now().max(head.last_time);
            let catalogue = Arc::clone(&catalogue);
            (rebuild_lagging(&*engine, catalogue, head, (now, lag)).await?, None)
        };
        let checkpoints = |work| Schedule::after(last.as_ref(), work);
        let (index, origin) = (Arc::new(index), None);
        Ok(Parts { engine, clock, random, lag, head, index, catalogue, origin }.start(checkpoints))
    }

    /// A store that begins as this one stands, and in which nothing that happens happens: it is
    /// in memory alone, and goes with the last who holds it. What is released from it is judged
    /// by the facts of this store, too ([`Store::origin`]).
    pub async fn fork(&self) -> Result<Arc<Self>, StoreError> {
        let view = self.view().await?;
        let seen = view.head();
        let index = self.index_since(seen.access_revision).await?;
        // The facts may be newer than the rows, and never older.
        let head = Head {
            revision: seen.revision.max(index.revision()),
            access_revision: seen.access_revision.max(index.access_revision()),
            last_time: seen.last_time,
        };
        let (clock, random) = (Arc::clone(&self.shared.clock), Arc::clone(&self.shared.random));
        let origin = Some(self.origin.clone().unwrap_or_else(|| Arc::clone(&index)));
        let engine = Arc::new(Overlay::over(view, head));
        let (lag, catalogue) = (self.shared.lag, Arc::clone(&self.shared.catalogue));
        let parts = Parts { engine, clock, random, lag, head, index, catalogue, origin };
        Ok(parts.start(Schedule::never))
    }

    /// Of a fork: the facts of the store it was forked from. What changes in a fork leaves no
    /// trace, so nobody may read by what they grant themselves in it.
    pub fn origin(&self) -> Option<&Index> {
        self.origin.as_deref()
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.shared
    }

    /// The index of this moment. Whoever has it keeps it; a commit puts another in its place.
    pub fn index(&self) -> Arc<Index> {
        self.shared.index.load_full()
    }

    /// The index, as new as every change that was acknowledged before this call (G1): for who
    /// asks the facts alone, and reads no row.
    pub async fn facts(&self) -> Result<Arc<Index>, StoreError> {
        self.index_since(self.head().access_revision).await
    }

    /// How far the order of commits has come.
    pub fn head(&self) -> Head {
        self.shared.published.borrow().head
    }

    /// The clock's time, or that of the last commit if the clock ran back behind it.
    pub fn now(&self) -> Timestamp {
        self.shared.clock.now().max(self.head().last_time)
    }

    /// Begins a unit of work.
    pub fn begin(self: &Arc<Self>, cause: Cause) -> Unit {
        Unit::begin(Arc::clone(self), cause)
    }

    /// The rows of one moment, which is not before this call. What is read from it leaves through
    /// [`Snapshot::seal`].
    pub async fn snapshot(&self) -> Result<Snapshot, StoreError> {
        let view = self.view().await?;
        self.answering()?;
        Ok(Snapshot::new(view))
    }

    /// Reads rows and head of one moment, which is not before this call.
    pub async fn load<T>(
        &self,
        read: impl AsyncFnOnce(&Snapshot) -> Result<T, StoreError>,
    ) -> Result<Loaded<T>, StoreError> {
        let snapshot = Snapshot::new(self.view().await?);
        let value = read(&snapshot).await?;
        self.answering()?;
        Ok(Loaded { value, head: snapshot.head() })
    }

    /// The record of that id, at a moment that is not before this call. One look instead of a
    /// snapshot's four.
    pub async fn find<R: Record>(&self, id: &R::Id) -> Result<Loaded<Option<R>>, StoreError> {
        let before = self.head();
        let Some(row) = self.row(&R::key(id)).await? else {
            // When it went, if it was there, only a snapshot tells.
            return self.load(async |snapshot| snapshot.find::<R>(id).await).await;
        };
        // The row stood just so from its own revision to after the call began: at the later of
        // the two, this is all that a snapshot would have shown.
        let head =
            if row.version <= before.revision { before } else { self.since(row.version).await? };
        Ok(Loaded { value: Some(decode(&row)?), head })
    }

    /// How far the order of commits has come, once that revision is part of it.
    async fn since(&self, revision: Revision) -> Result<Head, StoreError> {
        let mut published = self.shared.published.subscribe();
        let ready = |it: &Published| it.stopped || it.head.revision >= revision;
        let head = published.wait_for(ready).await.map_err(StoreError::unavailable)?.head;
        self.answering()?;
        Ok(head)
    }

    /// The index, once it is at least as new as that revision.
    pub(crate) async fn index_since(&self, access: Revision) -> Result<Arc<Index>, StoreError> {
        let ready = |it: &Published| it.stopped || it.head.access_revision >= access;
        let mut published = self.shared.published.subscribe();
        published.wait_for(ready).await.map_err(StoreError::unavailable)?;
        self.answering()?;
        Ok(self.index())
    }

    /// What became of a unit whose outcome was unknown: its revision, or nothing. A unit without
    /// changes has no revision of its own, and is not remembered.
    pub async fn committed(&self, unit: UnitId) -> Result<Option<Revision>, StoreError> {
        self.answering()?;
        self.shared.engine.committed(unit).await
    }

    /// A page of the activity log, the latest records first.
    pub async fn activity(
        &self,
        query: &ActivityQuery,
        page: Page,
    ) -> Result<Rows<Activity>, StoreError> {
        Snapshot::new(self.view().await?).activity(query, page).await
    }

    /// Puts a refusal of that principal into the activity log soon, whether its record names the
    /// principal or not. Never fails and never waits: of many by one principal some are counted
    /// instead of kept.
    pub fn note_refusal(&self, refused: Principal, refusal: Activity) {
        let first = {
            let refusals = &self.shared.refusals;
            refusals.lock().unwrap_or_else(PoisonError::into_inner).note(refused, refusal)
        };
        if first {
            // A full queue is as good: the next commit takes the refusals along.
            drop(self.work.try_send(Work::Flush { reply: None }));
        }
    }

    /// Writes the refusals that wait, and removes what is out of date. Commits do both as they
    /// go; this is for a quiet time.
    pub async fn sweep(&self) -> Result<(), StoreError> {
        let (reply, answer) = oneshot::channel();
        self.ask(Work::Flush { reply: Some(reply) }, answer).await
    }

    /// An ephemeral value, unless its time is over.
    pub async fn ephemeral(&self, key: &EphemeralKey) -> Result<Option<Value>, StoreError> {
        Ephemeral::alive(self.row(&key.key()).await?.as_ref(), self.now())
    }

    /// The ephemeral values of a kind that are there now and expire by then, the first to go
    /// first.
    pub async fn expiring(&self, kind: &str, by: Timestamp) -> Result<Vec<Ephemeral>, StoreError> {
        ephemeral::expiring(&*self.view().await?, kind, self.now(), by).await
    }

    /// Takes an ephemeral value away and hands it out. Of several who ask, one gets it.
    pub async fn take(&self, key: &EphemeralKey) -> Result<Option<Value>, StoreError> {
        let (reply, answer) = oneshot::channel();
        self.ask(Work::Take { key: key.clone(), reply }, answer).await
    }

    /// The jobs, for those who work on them.
    pub fn jobs(&self) -> Jobs<'_> {
        Jobs(self)
    }

    /// Keeps the access index of this moment as a checkpoint. The committer does so by itself in
    /// time; this is for who wants the next start to be quick.
    pub async fn checkpoint(&self) -> Result<(), StoreError> {
        self.answering()?;
        checkpoint::write(&self.work, self.index()).await
    }

    /// Writes a whole copy, of one moment, to a file that does not exist yet.
    pub async fn backup(&self, to: &std::path::Path) -> Result<(), StoreError> {
        self.answering()?;
        self.shared.engine.backup(to).await
    }

    /// Lets what waits be committed, then stops answering. Afterwards only the store itself
    /// holds the engine.
    pub async fn shutdown(&self) {
        // Where it cannot be asked it has stopped by itself, which is as good.
        drop(self.work.send(Work::Stop).await);
        let committer = self.committer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(committer) = committer
            && committer.await.is_err()
        {
            tracing::error!("the committer had panicked");
        }
    }

    /// Whether the store answers: not once it was shut down, nor after a commit whose outcome is
    /// unknown.
    pub fn is_answering(&self) -> bool {
        !self.shared.published.borrow().stopped
    }

    /// Refuses where the store has stopped.
    pub(crate) fn answering(&self) -> Result<(), StoreError> {
        if self.is_answering() { Ok(()) } else { Err(stopped()) }
    }

    pub(crate) async fn row(&self, key: &Key) -> Result<Option<Row>, StoreError> {
        self.answering()?;
        self.shared.engine.get(key).await
    }

    pub(crate) async fn view(&self) -> Result<Box<dyn View>, StoreError> {
        self.answering()?;
        self.shared.engine.snapshot().await
    }

    /// Hands work to the committer and waits for its answer.
    pub(crate) async fn ask<T>(
        &self,
        work: Work,
        answer: oneshot::Receiver<Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        self.answering()?;
        self.work.send(work).await.map_err(|_| stopped())?;
        // Once it was handed over, silence means that nobody knows.
        answer.await.map_err(|source| unknown(source.into()))?
    }
}

pub(crate) fn stopped() -> StoreError {
    StoreError::unavailable("the store has stopped answering")
}

/// Whoever asked puts its own unit in.
pub(crate) fn unknown(source: Source) -> StoreError {
    StoreError::UnknownOutcome { unit: UnitId(Uuid::nil()), source }
}

pub(crate) fn entry(row: &JournalRow) -> Result<Entry, StoreError> {
    let event = serde_json::from_slice(&row.bytes).map_err(StoreError::corrupt)?;
    Ok(Entry { revision: row.revision, n: row.n, event })
}

#[cfg(test)]
mod tests;
