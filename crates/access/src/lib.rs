//! The one decision: may this principal do this action at this scope, now?
//!
//! Facts come in as [`model::change::Change`]s, in the order of their commits; a verdict comes
//! out. Knows no store, no clock, no HTTP and no token: who a caller is, others have proved.
//! What may be delegated is not decided here either (crate `delegation`); what somehow got
//! in all the same grants nothing here.
//!
//! Start with [`index::Index::check`], which walks in the private module `judge`, and with
//! [`permit::authorize`], the only maker of a permit. The order of the rules and their sources
//! stand in `judge`; what a single grant is worth stands in `offer`, and when one under a condition
//! counts in `conditional`. The usual question is answered by `quick`, from lines that `reline`
//! derives from the facts; who asks often looks numbers up beforehand ([`handle`]). Lists of
//! somebody's own begin in `reach`.

pub mod attributes;
pub mod catalogue;
pub mod checkpoint;
pub mod defect;
pub mod delegators;
pub mod explain;
pub mod graph;
pub mod handle;
pub mod index;
pub mod late;
pub mod lock;
pub mod pattern;
pub mod permit;
pub mod questions;
pub mod verdict;

mod activated;
mod anchor;
mod anchors;
mod apply;
mod conditional;
mod cover;
mod definitions;
mod delegation;
mod directory;
mod directory_role;
mod dump;
mod few;
mod judge;
mod line;
mod map;
mod numbers;
mod offer;
mod opening;
mod operation;
mod ordered;
mod pages;
mod postings;
mod quick;
mod reach;
mod reline;
mod role;
mod shard;
mod tree;
mod within;
