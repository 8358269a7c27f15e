//! What customers take of what is published: terms, acceptances, and the definitions that stand for
//! them.
//!
//! Whether a plan is there for somebody is decided in one place, [`published`]; what it is not
//! there for is answered as what does not exist.

mod follow;
mod lead;
mod published;
pub mod take;
