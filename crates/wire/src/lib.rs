//! The outside's JSON and query language: the only place that spells a JSON field's name.
//!
//! Knows how things are written in each api-version, and turns that into the words of the floors
//! below and back. Decides nothing, and knows no HTTP: statuses, headers and routes are `arm`'s.
//! Start with [`arm`]; [`graph`] is Microsoft Graph's; [`odata`] reads `$filter`;
//! [`acceptance`], [`access`], [`account`], [`difference`], [`influence`], [`offers`] and [`uptake`] are of Fyr's own;
//! [`authzen`] is what enforcement points speak; [`ingestion`] and [`catalog`] are the marketplace's; [`cloud`] is what clients and templates learn of the whole.

pub mod acceptance;
pub mod access;
pub mod account;
pub mod arm;
pub mod authzen;
pub mod catalog;
pub mod cloud;
pub mod difference;
pub mod graph;
pub mod influence;
pub mod ingestion;
pub mod leads;
pub mod odata;
pub mod offers;
pub mod uptake;
