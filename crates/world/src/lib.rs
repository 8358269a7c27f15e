//! World files, in which tenants, people, subscriptions and grants are declared by name, and offer
//! files, in which a publisher writes an offer: both in YAML or JSON.
//!
//! Takes a file's text, reports everything that is wrong with it by line and column, or answers
//! with the nouns that it declares. How a file is read at all is `document`'s; this crate knows no
//! store and hashes no password: applying a world is an operation. Start with
//! [`world::World::parse`]; `sections` lists every key there is, and [`export::export`] is the way
//! back. [`offer`] says the same of offers.

pub mod azure;
mod declared;
pub mod export;
mod names;
pub mod offer;
pub mod pseudonym;
mod read;
mod resolve;
mod sections;
mod warnings;
pub mod world;
