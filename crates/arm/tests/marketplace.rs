//! The customer's side of the marketplace as clients meet it.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test code")]

mod marketplace {
    mod acceptances;
    mod covering;
    mod differences;
    mod kit;
    mod partners;
    mod shelf;
    mod templates;
    mod terms;
    mod terraform;
}
