//! Who somebody is: what a sign-in request says, who may sign in where, what a token claims,
//! and whether a token can be believed. In the shape of Microsoft Entra ID's v2.0 endpoints.
//!
//! Knows no store, no HTTP and no clock: facts and the time come in, a verdict goes out. What a
//! caller may *do* is no business of this crate either; tokens say who, never what. Start with
//! [`request`], then read [`account`] and [`client`] for the decisions, [`verifier`] for the
//! other side.

pub mod account;
pub mod assertion;
pub mod authorize;
pub mod browser;
pub mod certificate;
pub mod claims;
pub mod client;
pub mod code;
pub mod consent;
pub mod cross_origin;
pub mod device;
pub mod ended;
pub mod federated;
pub mod form;
pub mod issuer_keys;
pub mod jwt;
pub mod keys;
pub mod logout;
pub mod one_time;
mod open_codes;
pub mod password;
pub mod redirect;
pub mod refresh;
pub mod refusal;
pub mod request;
pub mod resource;
pub mod secret;
pub mod step_up;
pub mod throttle;
pub mod verifier;
