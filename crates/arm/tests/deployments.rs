//! Deployments through the front door: the stock templates, failures, and runs that are cut off.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test code")]

mod deployments {
    mod complete;
    mod exporting;
    mod failing;
    mod kit;
    mod lighthouse;
    mod linked;
    mod reading;
    mod resuming;
    mod scopes;
    mod what_if;
    mod what_if_law;
}
