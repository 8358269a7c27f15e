//! Work of which only so much is done at a time, and of one tenant only one piece: whoever asks
//! for much waits behind themselves, and nobody else does.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use ids::guid::TenantId;
use store::error::StoreError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};

/// The turns that there are. Who comes first is served first, in its tenant and among those whose
/// tenants have none. Who has no tenant is told apart by something else.
pub struct Turns<K: Ord + Copy = TenantId> {
    all: Semaphore,
    lines: Mutex<BTreeMap<K, Line>>,
}

/// Those of one tenant who work or wait.
struct Line {
    first: Arc<Semaphore>,
    count: usize,
}

/// One's turn, until it is dropped.
pub struct Turn<'a, K: Ord + Copy = TenantId> {
    _among_all: SemaphorePermit<'a>,
    _in_tenant: OwnedSemaphorePermit,
    _place: Place<'a, K>,
}

/// A place in a tenant's line. The last to leave takes the line along.
struct Place<'a, K: Ord + Copy> {
    turns: &'a Turns<K>,
    tenant: K,
}

impl<K: Ord + Copy> Turns<K> {
    /// So many at a time.
    pub const fn new(count: usize) -> Self {
        Self { all: Semaphore::const_new(count), lines: Mutex::new(BTreeMap::new()) }
    }

    /// Waits for a turn of that tenant's. Who no longer waits loses their place.
    pub async fn take(&self, tenant: K) -> Result<Turn<'_, K>, StoreError> {
        let (place, first) = self.enter(tenant);
        let in_tenant = first.acquire_owned().await.map_err(StoreError::unavailable)?;
        let among_all = self.all.acquire().await.map_err(StoreError::unavailable)?;
        Ok(Turn { _among_all: among_all, _in_tenant: in_tenant, _place: place })
    }

    /// Does pure work of a tenant's that may take long where it holds nobody up.
    pub async fn aside<T: Send + 'static>(
        &'static self,
        tenant: K,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, StoreError>
    where
        K: Send + 'static,
    {
        let turn = self.take(tenant).await?;
        // The work keeps its turn, even if nobody waits for it any more.
        let work = move || {
            let _turn = turn;
            work()
        };
        tokio::task::spawn_blocking(work).await.map_err(StoreError::unavailable)
    }

    fn enter(&self, tenant: K) -> (Place<'_, K>, Arc<Semaphore>) {
        let mut lines = self.lines();
        let new = || Line { first: Arc::new(Semaphore::new(1)), count: 0 };
        let line = lines.entry(tenant).or_insert_with(new);
        line.count += 1;
        (Place { turns: self, tenant }, Arc::clone(&line.first))
    }

    fn lines(&self) -> MutexGuard<'_, BTreeMap<K, Line>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Ord + Copy> Drop for Place<'_, K> {
    fn drop(&mut self) {
        let mut lines = self.turns.lines();
        let Some(line) = lines.get_mut(&self.tenant) else { return };
        line.count = line.count.saturating_sub(1);
        if line.count == 0 {
            lines.remove(&self.tenant);
        }
    }
}

#[cfg(test)]
mod tests {
    use model::samples::{CUSTOMER, PROVIDER};
    use uuid::Uuid;

    use super::*;

    const THIRD: TenantId = TenantId::new(Uuid::from_u128(3));

    /// Whether a turn is there at once.
    async fn at_once(turns: &Turns<TenantId>, tenant: TenantId) -> bool {
        tokio::select! {
            biased;
            turn = turns.take(tenant) => { drop(turn.unwrap()); true }
            () = tokio::task::yield_now() => false,
        }
    }

    #[tokio::test]
    async fn one_tenant_has_one_turn_and_leaves_the_others_to_others() {
        let turns = Turns::new(2);
        let first = turns.take(CUSTOMER).await.unwrap();
        assert!(!at_once(&turns, CUSTOMER).await, "a second of the same tenant waits");
        let second = turns.take(PROVIDER).await.unwrap();
        assert!(!at_once(&turns, THIRD).await, "all turns are taken");
        drop(first);
        assert!(at_once(&turns, CUSTOMER).await);
        assert!(at_once(&turns, THIRD).await);
        drop(second);
        assert!(turns.lines().is_empty(), "nothing is kept of who is gone");
    }

    #[tokio::test]
    async fn who_waits_behind_their_own_tenant_takes_no_place_among_all() {
        let turns = Turns::new(1);
        let first = turns.take(CUSTOMER).await.unwrap();
        let mut own = Box::pin(turns.take(CUSTOMER));
        let mut other = Box::pin(turns.take(PROVIDER));
        tokio::select! {
            biased;
            _ = &mut own => unreachable!(),
            _ = &mut other => unreachable!(),
            () = tokio::task::yield_now() => {}
        }
        drop(first);
        drop(other.await.unwrap());
        drop(own.await.unwrap());
    }
}
