//! Microsoft.ManagedServices as clients meet it: statuses, headers, bodies, refusals.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test code")]

mod managed_services {
    mod answers;
    mod kit;
    mod rules;
}
