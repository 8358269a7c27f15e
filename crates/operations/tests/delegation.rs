//! Delegations over a plane in memory: what lands together, who is refused, who sees what.
#![expect(clippy::unwrap_used, reason = "test code")]

mod delegation {
    mod defects;
    mod escalation;
    mod growth;
    mod kit;
    mod lifecycle;
    mod managed;
    mod sight;
}
