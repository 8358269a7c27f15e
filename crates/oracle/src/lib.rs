//! The one decision as the documentation words it: no index, no shortcut, text compared with
//! text. For tests only; it cannot see `access`, which it judges.
//!
//! Every rule can be left out ([`book::Rule`]), so that a test can tell how often each one decides.
//! Start with [`book::Oracle::ask`]; what counts while new grants wait is told by
//! [`chronicle::Chronicle::at`].

#![expect(clippy::wildcard_enum_match_arm, reason = "it picks the facts it needs out of a list")]

pub mod book;
pub mod chronicle;

mod activations;
mod conditions;
mod facts;
mod grants;
mod reach;
