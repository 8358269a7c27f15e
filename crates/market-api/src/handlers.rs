//! One module for each noun.

pub(crate) mod account;
pub(crate) mod catalog;
pub(crate) mod policies;
