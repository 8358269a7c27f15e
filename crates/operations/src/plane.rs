//! What every operation works on.

use std::{collections::BTreeSet, sync::Arc};

use access::{
    index::Index,
    permit::{Denied, Permit},
    verdict::Verdict,
};
use ids::clock::{Clock, Random};
use jiff::{SignedDuration, Timestamp};
use model::{change::Change, defect::Defect, question::Question};
use store::{error::StoreError, record::Record, snapshot::Snapshot, store::Store, unit::Unit};

use crate::{context::Context, error::Error, seal::Seal, sign_in::seeds::SeedSeal, taken::Taken};

/// The state, and what operations need of the world around it.
pub struct Plane {
    pub store: Arc<Store>,
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
    pub origins: Origins,
    pub simulated: Simulated,
    /// Seals continuation links.
    pub seal: Seal,
    /// Seals the seeds of people's second factors.
    pub seeds: SeedSeal,
    /// Of a fork: what was done in it by whose leave.
    pub taken: Option<Taken>,
}

/// What is done as Azure does it though there is no need, for clients to be tried on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Simulated {
    /// How long an operation runs that clients poll; none runs longer than it takes unless asked.
    pub operations: SignedDuration,
}

/// Where clients reach each surface: scheme, host and port, without a slash at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origins {
    pub arm: String,
    pub login: String,
    pub graph: String,
    pub portal: String,
}

/// How often an operation runs again because another changed what it had read.
const ATTEMPTS_MAX: usize = 8;

impl Plane {
    /// The access index of this moment.
    pub fn index(&self) -> Arc<Index> {
        self.store.index()
    }

    /// A plane that begins as this one stands, and in which nothing that happens happens. What is
    /// read there is judged by the facts of this plane, too.
    pub async fn fork(&self) -> Result<Self, Error> {
        Ok(Self {
            store: self.store.fork().await?,
            clock: Arc::clone(&self.clock),
            random: Arc::clone(&self.random),
            origins: self.origins.clone(),
            simulated: Simulated::default(), // nobody polls for what only seems to happen
            seal: self.seal.clone(),
            seeds: self.seeds.clone(),
            taken: Some(Taken::default()),
        })
    }

    /// A unit of work on behalf of the context's caller.
    pub fn begin(&self, context: &Context) -> Unit {
        self.store.begin(store::unit::Cause { correlation: context.correlation })
    }

    /// Leave for a change, by the facts of this moment.
    pub fn permit(&self, context: &Context, change: &Change) -> Result<Permit, Error> {
        Ok(self.authorize(&self.index(), context, change.requires())?)
    }

    /// Leave for all that is asked, by the facts of that index.
    pub(crate) fn authorize(
        &self,
        index: &Index,
        context: &Context,
        asked: Vec<Question>,
    ) -> Result<Permit, Denied> {
        let noted = self.taken.as_ref().map(|_| asked.clone());
        let permit = access::permit::authorize(index, &context.caller, asked, self.store.now())?;
        noted.iter().flatten().for_each(|asked| self.note(context, asked));
        Ok(permit)
    }

    /// Whether the context's caller may do what the context asks for.
    pub fn admit(&self, context: &Context) -> Result<(), Denied> {
        let (index, asked) = (self.index(), &context.question);
        access::permit::judge(&index, &context.caller, asked, self.store.now())?;
        self.note(context, asked);
        Ok(())
    }

    /// The same of a caller who only looks: in a fork by the facts outside of it, too.
    pub fn admit_reader(&self, context: &Context) -> Result<(), Denied> {
        self.seen(&self.index(), context)
    }

    /// In a fork, notes what its facts allow.
    fn note(&self, context: &Context, asked: &Question) {
        if let (Some(taken), Some(origin)) = (&self.taken, self.store.origin()) {
            taken.note(origin, context.caller.principal, asked, self.store.now());
        }
    }

    /// Leave at something that the request names beside what it asks for: the caller's, or that
    /// of one of those whose tokens came beside the caller's. What is refused to all of them is
    /// told of the caller.
    pub(crate) fn linked(&self, context: &Context, asked: &Question) -> Result<Permit, Error> {
        let (index, now) = (self.index(), self.store.now());
        let denied = match self.authorize(&index, context, vec![asked.clone()]) {
            Ok(permit) => return Ok(permit),
            Err(denied) => denied,
        };
        let by = |caller| access::permit::authorize(&index, caller, vec![asked.clone()], now);
        let other = context.auxiliary.iter().find_map(|caller| by(caller).ok());
        other.ok_or_else(|| Error::linked(&context.question, denied))
    }

    /// Leave of the caller's own at something beside what is asked for.
    pub(crate) fn own(&self, context: &Context, asked: &Question) -> Result<Permit, Error> {
        let permit = self.authorize(&self.index(), context, vec![asked.clone()]);
        permit.map_err(|denied| Error::linked(&context.question, denied))
    }

    /// Whether the context's caller may, by the facts of this moment.
    pub fn may(&self, context: &Context, question: &Question) -> bool {
        self.allowed(&self.index(), context, question)
    }

    /// Whether the context's caller may, by the facts of that index.
    pub fn allowed(&self, index: &Index, context: &Context, question: &Question) -> bool {
        let yes = |index: &Index| {
            let verdict = index.check(context.caller.principal, question, self.store.now());
            matches!(verdict, Verdict::Allowed(_))
        };
        let allowed = yes(index) && self.store.origin().is_none_or(yes);
        if let Some(taken) = self.taken.as_ref().filter(|_| allowed) {
            taken.hold(question);
        }
        allowed
    }

    /// The record of that id, released as the context's question is answered by facts as new as
    /// the record.
    pub async fn find<R: Record>(&self, context: &Context, id: &R::Id) -> Result<Option<R>, Error> {
        let found = self.store.find::<R>(id).await?;
        found.open(&self.store, |index, value| self.judged(index, context, value)).await
    }

    /// Releases what was read, if the context's question is answered with yes by facts as new
    /// as the data.
    pub async fn release<T>(
        &self,
        context: &Context,
        snapshot: Snapshot,
        value: T,
    ) -> Result<T, Error> {
        let judge = |index: &Index, value| self.judged(index, context, value);
        snapshot.seal(value).open(&self.store, judge).await
    }

    fn judged<T>(&self, index: &Index, context: &Context, value: T) -> Result<T, Error> {
        self.seen(index, context)?;
        Ok(value)
    }

    fn seen(&self, index: &Index, context: &Context) -> Result<(), Denied> {
        self.shown(index, context, &context.question)
    }

    /// Whether the context's caller may be told what that question asks for, by the facts of that
    /// index: in a fork by the facts outside of it, too.
    pub(crate) fn shown(
        &self,
        index: &Index,
        context: &Context,
        asked: &Question,
    ) -> Result<(), Denied> {
        for facts in [Some(index), self.store.origin()].into_iter().flatten() {
            access::permit::judge(facts, &context.caller, asked, self.store.now())?;
        }
        if let Some(taken) = &self.taken {
            taken.hold(asked);
        }
        Ok(())
    }

    /// Until when what was begun then is shown as going on.
    pub fn settled(&self, begun: Timestamp) -> Timestamp {
        begun.saturating_add(self.simulated.operations).unwrap_or(begun)
    }

    /// Adds the activity records of a change that is about to succeed, and commits.
    pub async fn commit(
        &self,
        context: &Context,
        unit: Unit,
        status_code: u16,
    ) -> Result<(), Error> {
        self.commit_marked(context, unit, status_code, None).await
    }

    /// What the unit's changes and their permits tell of defects of Azure's that it copies.
    pub(crate) fn defects(&self, unit: &Unit) -> BTreeSet<Defect> {
        let mut defects = self.index().defects_of(unit.changes().iter());
        if unit.permits().iter().any(|permit| !permit.passed_locks().is_empty()) {
            defects.insert(Defect::LockPassed);
        }
        defects
    }

    /// The same, where the operation itself has done as Azure does though it is wrong. What the
    /// changes and their permits tell of such defects is found here for every operation.
    pub(crate) async fn commit_marked(
        &self,
        context: &Context,
        mut unit: Unit,
        status_code: u16,
        copied: Option<Defect>,
    ) -> Result<(), Error> {
        let mut defects = self.defects(&unit);
        defects.extend(copied);
        if let Some(activity) = context.succeeded(self, unit.now(), status_code, &defects) {
            unit.record(activity);
        }
        unit.commit().await?;
        for defect in defects {
            let (action, scope) = (&context.question.action, &context.question.scope);
            tracing::warn!(
                defect = defect.id(),
                %action,
                %scope,
                correlation = %context.correlation,
                documented = defect.documented(),
                "{}",
                defect.sentence()
            );
        }
        Ok(())
    }
}

/// Runs an operation again, from its facts, as long as others change what it had read.
pub async fn retry<T, F>(mut operation: impl FnMut() -> F) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    for _ in 1..ATTEMPTS_MAX {
        match operation().await {
            Err(Error::Store(StoreError::Conflict)) => {}
            settled => return settled,
        }
    }
    operation().await
}
