//! The one binary: the command line, the data folder, certificates, ports, and the wiring of
//! everything below.
//!
//! Knows no rule of ARM's and no record of the store's; it opens them, serves them and stops
//! them. Start with [`cli::Arguments`] and `commands::up`; [`wiring`] is where the parts meet.

pub mod admin;
pub mod authority;
pub mod cli;
pub mod commands;
pub mod folder;
pub mod hands;
pub mod issuers;
pub mod leads;
pub mod observe;
pub mod outgoing;
pub mod plain;
pub mod ports;
pub mod server;
pub mod summary;
pub mod system;
pub mod tokens;
pub mod wiring;
pub mod worlds;
