//! One all-or-nothing piece of work. It holds no lock while it thinks: it notes what it read,
//! and the committer looks whether that still stands.

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

use access::permit::Permit;
use ids::{
    clock::Revision,
    guid::{CorrelationId, EventId, TenantId},
    scope::Scope,
};
use jiff::Timestamp;
use model::{
    action::Action,
    activity::Activity,
    change::{Change, Noun},
    event::{Actor, Event},
    market::MarketNoun,
};
use serde_json::Value;
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::{
    activity::bounded,
    committer::Work,
    engine::{Row, UnitId},
    ephemeral::{Ephemeral, EphemeralKey},
    error::StoreError,
    jobs::{Job, JobChange, JobId, Lease},
    key::{Entry, Key, Range},
    records,
    store::Store,
};

mod counted;
mod reading;
mod written;

pub(crate) use counted::Counted;
use written::Written;

/// What a unit of work is part of.
#[derive(Clone, Copy, Debug)]
pub struct Cause {
    /// What ties it to the client's request.
    pub correlation: CorrelationId,
}

/// Work that becomes one revision, or nothing. Dropped without [`Unit::commit`], it never
/// happened.
pub struct Unit {
    store: Arc<Store>,
    cause: Cause,
    now: Timestamp,
    seen: BTreeMap<Key, Option<Row>>,
    /// Where lists find what it writes.
    written: Written,
    draft: Draft,
}

/// What the committer gets of a unit.
pub(crate) struct Draft {
    pub(crate) id: UnitId,
    /// The revision that was published when the unit began.
    pub(crate) begun: Revision,
    pub(crate) permits: Vec<Permit>,
    /// The version of each row it read; none where there was no row.
    pub(crate) reads: BTreeMap<Key, Option<Revision>>,
    /// Each range it looked at, and all that it saw there.
    pub(crate) ranges: Vec<(Range, Vec<(Key, Revision)>)>,
    /// Each range of which it knows only how many rows were there.
    pub(crate) counts: Vec<Counted>,
    pub(crate) writes: BTreeMap<Key, Write>,
    pub(crate) events: Vec<Event>,
    /// What happens, whole: the events keep it without secrets.
    pub(crate) changes: Vec<Change>,
    pub(crate) activities: Vec<Activity>,
    pub(crate) jobs: Vec<JobChange>,
    /// The ephemeral rows it read, and the bytes it saw.
    pub(crate) ephemeral_reads: BTreeMap<Key, Option<Arc<[u8]>>>,
    /// The ephemeral rows it writes; none where one goes.
    pub(crate) ephemerals: BTreeMap<EphemeralKey, Option<Ephemeral>>,
}

/// The new form of one row, and what leads to it.
pub(crate) struct Write {
    pub(crate) after: Option<(Vec<u8>, Vec<Entry>)>,
    /// What led to the form that was read.
    pub(crate) before: Vec<Entry>,
}

impl Unit {
    pub(crate) fn begin(store: Arc<Store>, cause: Cause) -> Self {
        let draft = Draft {
            id: UnitId(store.shared().random.uuid_at(store.now())),
            begun: store.head().revision,
            permits: Vec::new(),
            reads: BTreeMap::new(),
            ranges: Vec::new(),
            counts: Vec::new(),
            writes: BTreeMap::new(),
            events: Vec::new(),
            changes: Vec::new(),
            activities: Vec::new(),
            jobs: Vec::new(),
            ephemeral_reads: BTreeMap::new(),
            ephemerals: BTreeMap::new(),
        };
        Self {
            now: store.now(),
            store,
            cause,
            seen: BTreeMap::new(),
            written: Written::default(),
            draft,
        }
    }

    /// The same unit, to be committed by another store over the same engine.
    #[cfg(any(test, feature = "conformance"))]
    #[must_use]
    pub fn moved_to(self, store: &Arc<Store>) -> Self {
        Self { store: Arc::clone(store), ..self }
    }

    /// What to ask [`Store::committed`] for, should the outcome of the commit be unknown.
    pub fn id(&self) -> UnitId {
        self.draft.id
    }

    /// The time of this unit's beginning.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Adds the change and its event; there is no way to add one alone. Uses up the permit.
    ///
    /// # Panics
    ///
    /// Where the permit is for something else, or the row was never read: a bug in an
    /// operation, never in a request.
    pub fn apply(&mut self, permit: Permit, change: Change) -> Result<(), StoreError> {
        assert!(permit.covers(&change), "{permit:?} does not cover {change:?}");
        let key = records::key_of(&change);
        let seen = self.seen.get(&key);
        assert!(seen.is_some(), "the change writes the unread row `{}`", key.as_str());
        let effect = records::effect(&change, seen.and_then(Option::as_ref))?;
        let write = Write { after: effect.after, before: effect.before };
        self.written.put(&effect.key, self.draft.writes.get(&effect.key), &write);
        self.draft.writes.insert(effect.key, write);
        let event = self.event(permit.actor(), &change);
        self.draft.events.push(event);
        self.draft.changes.push(change);
        self.draft.permits.push(permit);
        Ok(())
    }

    /// Makes the commit take this leave, too, though no change of the unit is what it is for:
    /// that of a thing which the unit's own only names.
    pub fn hold(&mut self, permit: Permit) {
        self.draft.permits.push(permit);
    }

    /// What it changes so far.
    pub fn changes(&self) -> &[Change] {
        &self.draft.changes
    }

    /// The leave that it takes so far.
    pub fn permits(&self) -> &[Permit] {
        &self.draft.permits
    }

    fn event(&self, actor: Actor, change: &Change) -> Event {
        let (action, scope) = asked(change);
        Event {
            id: EventId::new(self.store.shared().random.uuid()),
            at: self.now,
            tenants: self.concerned(&actor, &scope, change),
            actor,
            action,
            scope,
            correlation: self.cause.correlation,
            change: change.redacted(),
        }
    }

    /// The scope's home tenant, the managing tenant of a delegation or of what is activated by one,
    /// the actor's tenant.
    fn concerned(&self, actor: &Actor, scope: &Scope, change: &Change) -> Vec<TenantId> {
        let home = scope.tenant().or_else(|| self.store.index().home(scope));
        let manager = match change {
            Change::Put(Noun::Definition(it)) | Change::Remove(Noun::Definition(it)) => {
                Some(it.managed_by)
            }
            Change::Put(Noun::Assignment(it))
            | Change::Remove(Noun::Assignment(it))
            | Change::Leave(it) => Some(it.managed_by),
            Change::Put(Noun::Activation(it)) | Change::Remove(Noun::Activation(it)) => {
                Some(it.who.tenant)
            }
            Change::Put(_) | Change::Remove(_) | Change::Alter(_) => None,
        };
        let own = match actor {
            Actor::Caller(caller) => Some(caller.principal.tenant),
            Actor::System(_) => None,
        };
        let mut known = HashSet::new();
        [home, manager, own].into_iter().flatten().filter(|id| known.insert(*id)).collect()
    }

    /// Adds a record to the activity log, with text of the caller's cut to size.
    pub fn record(&mut self, activity: Activity) {
        self.draft.activities.push(bounded(activity));
    }

    /// Adds follow-up work.
    pub fn enqueue(&mut self, job: Job) {
        self.draft.jobs.push(JobChange::Enqueue(job));
    }

    /// Notes how far a job has come, and keeps its lease. A lost lease is a conflict at commit.
    ///
    /// # Panics
    ///
    /// Where the lease is of another job.
    pub fn checkpoint(&mut self, job: &JobId, lease: &Lease, state: Value) {
        self.job(job, JobChange::Checkpoint { lease: lease.clone(), state });
    }

    /// Notes how far a job has come, and gives it back until it is due again.
    ///
    /// # Panics
    ///
    /// Where the lease is of another job.
    pub fn postpone(&mut self, job: &JobId, lease: &Lease, state: Value, due: Timestamp) {
        self.job(job, JobChange::Postpone { lease: lease.clone(), state, due });
    }

    /// Ends a job. A lost lease is a conflict at commit.
    ///
    /// # Panics
    ///
    /// Where the lease is of another job.
    pub fn finish(&mut self, job: &JobId, lease: &Lease) {
        self.job(job, JobChange::Finish { lease: lease.clone() });
    }

    fn job(&mut self, job: &JobId, change: JobChange) {
        assert_eq!(change.id(), *job, "the lease is of another job");
        self.draft.jobs.push(change);
    }

    /// An ephemeral value, unless its time is over. What another changes of it afterwards makes
    /// the commit a conflict.
    pub async fn ephemeral(&mut self, key: &EphemeralKey) -> Result<Option<Value>, StoreError> {
        let row = self.store.row(&key.key()).await?;
        let bytes = row.as_ref().map(|row| Arc::clone(&row.bytes));
        self.draft.ephemeral_reads.entry(key.key()).or_insert(bytes);
        Ephemeral::alive(row.as_ref(), self.now)
    }

    /// Keeps a value until it expires, in the place of what was there.
    pub fn keep(&mut self, ephemeral: Ephemeral) {
        self.draft.ephemerals.insert(ephemeral.key.clone(), Some(ephemeral));
    }

    /// Lets an ephemeral value go, if there is one.
    pub fn drop_ephemeral(&mut self, key: &EphemeralKey) {
        self.draft.ephemerals.insert(key.clone(), None);
    }

    /// Makes it happen, if what it read still stands and its permits still hold. Answers the
    /// revision it became; a unit without changes has none of its own and answers the last.
    pub async fn commit(self) -> Result<Revision, StoreError> {
        let Self { store, draft, .. } = self;
        let id = draft.id;
        let (reply, answer) = oneshot::channel();
        let outcome = store.ask(Work::Unit { draft: Box::new(draft), reply }, answer).await;
        if let Err(StoreError::UnknownOutcome { source, .. }) = outcome {
            return Err(StoreError::UnknownOutcome { unit: id, source });
        }
        outcome
    }
}

/// What the change asked for first; for what only the system does, an action of Fyr's own.
fn asked(change: &Change) -> (Action, Scope) {
    if let Change::Put(Noun::Market(MarketNoun::Acceptance(it))) = change {
        // What it asks for is what a role assignment asks for, and says nothing of what happened.
        let action = Action::known("Fyr.Marketplace/acceptances/write");
        return (action, Scope::Subscription(it.subscription));
    }
    if let Some(first) = change.requires().into_iter().next() {
        return (first.action, first.scope);
    }
    let action = match change {
        Change::Put(Noun::RoleDefinition(_)) => "Microsoft.Authorization/roleDefinitions/write",
        Change::Remove(Noun::RoleDefinition(_)) => "Microsoft.Authorization/roleDefinitions/delete",
        Change::Put(Noun::SigningKey(_)) => "Fyr.Platform/signingKeys/write",
        Change::Remove(Noun::SigningKey(_)) => "Fyr.Platform/signingKeys/delete",
        Change::Put(_) | Change::Alter(_) => "Fyr.Platform/settings/write",
        Change::Remove(_) | Change::Leave(_) => "Fyr.Platform/settings/delete",
    };
    // The whole installation is no tenant's.
    (Action::known(action), Scope::Tenant(TenantId::new(Uuid::nil())))
}

#[cfg(test)]
mod tests;
