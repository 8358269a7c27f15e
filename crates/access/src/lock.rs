//! Locks: what they bar, and where they stand.
//!
//! <https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources>

use ids::scope::Scope;
use model::{
    action::Action,
    role::{Lock, LockLevel},
};

use crate::index::Index;

/// Locks do not keep anyone from taking them away.
const LOCKS_THEMSELVES: &str = "Microsoft.Authorization/locks/";

/// Whether a lock of that level bars the action, wherever below it.
pub fn bars(level: LockLevel, action: &Action) -> bool {
    let name = action.as_str().as_bytes();
    let lead = name.get(..LOCKS_THEMSELVES.len()).unwrap_or_default();
    if lead.eq_ignore_ascii_case(LOCKS_THEMSELVES.as_bytes()) {
        return false;
    }
    let is = |verb: &str| action.verb().eq_ignore_ascii_case(verb);
    match level {
        LockLevel::CanNotDelete => is("delete"),
        LockLevel::ReadOnly => !is("read"),
    }
}

impl Index {
    /// The locks at the scope and around it, innermost first.
    pub fn locks(&self, scope: &Scope) -> Vec<Lock> {
        let around = self.lineage(scope);
        let anchors = around.iter().filter_map(|scope| self.anchors.get(scope));
        anchors.flat_map(|anchor| anchor.locks().iter().cloned()).collect()
    }

    /// The locks at scopes that lie in this one, without its own; sorted by scope.
    pub fn locks_below(&self, scope: &Scope) -> Vec<Lock> {
        let inner = self.anchors_below(scope).into_iter().filter(|(at, _)| at != scope);
        inner.flat_map(|(_, anchor)| anchor.locks().iter().cloned()).collect()
    }
}
