//! What the front door answers, as clients ask for it: one page for each noun or rule.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test code")]

mod answers;
mod kit;
mod lists;
mod management_groups;
mod moves;
mod resources;
mod states;
mod tags;
