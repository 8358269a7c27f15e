//! `fyr template`: ARM templates, read as the server reads them.

pub(super) mod expand;

mod files;
mod place;
mod table;
