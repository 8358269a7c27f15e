//! How many jobs of each tenant run at a time: whoever starts many leaves room for others.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use ids::guid::TenantId;

/// So many of one tenant's run at a time.
const TENANT_MAX: usize = 4;

/// Which tenants have how many running.
#[derive(Default)]
pub struct Shares(Mutex<BTreeMap<TenantId, usize>>);

/// A place of a tenant's, until it is dropped.
pub struct Share {
    shares: Arc<Shares>,
    tenant: TenantId,
}

impl Shares {
    /// One more place for that tenant; none where it has all that one may have.
    pub fn take(self: &Arc<Self>, tenant: TenantId) -> Option<Share> {
        let mut counts = self.counts();
        let count = counts.entry(tenant).or_default();
        if *count >= TENANT_MAX {
            return None;
        }
        *count += 1;
        Some(Share { shares: Arc::clone(self), tenant })
    }

    fn counts(&self) -> MutexGuard<'_, BTreeMap<TenantId, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut counts = self.shares.counts();
        let Some(count) = counts.get_mut(&self.tenant) else { return };
        *count = count.saturating_sub(1);
        if *count == 0 {
            counts.remove(&self.tenant);
        }
    }
}
