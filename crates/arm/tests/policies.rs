//! Azure Policy as clients meet it: what is kept and refused, what is enforced, the samples.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test code")]

mod policies {
    mod enforced;
    mod kit;
    mod samples;
    mod written;
}
