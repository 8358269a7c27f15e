//! One module for each noun.

pub(crate) mod catalog;
pub(crate) mod policies;
