//! One module for each noun.

pub(crate) mod account;
pub(crate) mod catalog;
pub(crate) mod ingestion;
pub(crate) mod offers;
pub(crate) mod policies;
pub(crate) mod reports;
