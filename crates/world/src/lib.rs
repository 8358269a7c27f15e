//! World files: tenants, people, subscriptions and grants, declared by name in YAML.
//!
//! Takes a file's text, reports everything that is wrong with it by line and column, or answers
//! with the nouns that it declares. Knows no store and hashes no password: applying a world is
//! an operation. Start with [`world::World::parse`]; `sections` lists every key there is.

mod declared;
pub mod fault;
mod names;
mod read;
mod resolve;
mod sections;
pub mod world;
mod yaml;
