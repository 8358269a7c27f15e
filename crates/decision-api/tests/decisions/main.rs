//! Decisions through HTTP: who is let in, what is answered, what is told to nobody.
#![expect(
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "test code, whose builders stand beside the tests"
)]

mod certification;
mod evaluation;
mod hostile;
mod kit;
mod searches;
mod strangers;
