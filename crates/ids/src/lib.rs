//! Names and ids, scopes and resource ids, the clock and the source of randomness: the words
//! that every other crate speaks.
//!
//! Only this crate takes a path apart. It knows nothing of what the names stand for: not who
//! owns a subscription, nor which types exist. Start with [`scope::Scope`] and
//! [`resource::ResourceId`]; [`path::Path`] is what the front door reads.

pub mod clock;
pub mod guid;
pub mod name;
pub mod offer;
pub mod path;
pub mod resource;
pub mod scope;
pub mod version;
