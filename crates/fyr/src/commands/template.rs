//! `fyr template`: ARM templates, read as the server reads them.

pub(super) mod create;
pub(super) mod expand;
pub(super) mod lint;
pub(super) mod what_if;

mod changes;
pub(super) mod files;
mod place;
mod table;
