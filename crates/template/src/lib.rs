//! ARM deployment templates: what a template means, without doing any of it.
//!
//! Text goes in through [`lenient`], a [`document::Template`] comes out; [`parameters::bind`] checks
//! what the caller supplied; [`expand::expand`] gives the [`expand::Plan`], the steps in an order
//! that respects their dependencies; [`expand::complete`] finishes a body that had to wait for
//! another resource, and [`outputs::outputs`] answers at the end.
//!
//! This crate does not know who asks, what exists, or how a step is carried out. What a template
//! may learn of the world (the subscription, the time, another resource's state) is handed over as
//! a [`context::Context`], a [`parameters::Fresh`] and a [`context::Host`]. It reads no clock and no
//! random source, and it fails only by refusing. Everything a template can make grow is bounded in
//! [`limits`].
//!
//! Start reading at [`expand`]; the language itself is in [`expression`] (grammar), `evaluate`
//! (meaning) and `functions` (one table).

pub mod context;
pub mod document;
pub mod evaluate;
pub mod expand;
pub mod expression;
pub mod functions;
pub mod lenient;
pub mod limits;
pub mod outputs;
pub mod parameters;
pub mod refused;

mod budget;
mod copy;
mod identity;
mod json;
mod nested;
mod order;
mod syntax;
