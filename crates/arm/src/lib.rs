//! The front door without HTTP: an ARM request comes in, an ARM response goes out.
//!
//! It keeps the order of checks, the one table of routes and the one table of failures. It knows
//! no sockets and no headers' syntax, so that a deployment's resources come in here too. Start
//! with [`front_door::answer`], then [`routes::TABLES`].

pub mod deployment;
pub mod failure;
mod filters;
pub mod front_door;
pub mod handlers;
pub mod known_operations;
pub mod locations;
pub mod managed_services;
mod paging;
pub mod request;
pub mod route;
pub mod routes;
pub mod types;
pub(crate) mod versions;
