//! ARM deployment templates: what a template means, without doing any of it.
//!
//! Text goes in through [`lenient`], a [`document::Template`] comes out; [`parameters::bind`] checks
//! what the caller supplied; [`expand::expand`] gives the [`expand::Plan`], the steps in an order
//! that respects their dependencies; [`expand::complete`] finishes a body that had to wait for
//! another resource, and [`outputs::outputs`] answers at the end. [`preview::preview`] does all of it
//! for whoever only wants to see what would happen.
//!
//! This crate does not know who asks, what exists, or how a step is carried out. What a template
//! may learn of the world (the subscription, the time, another resource's state) is handed over as
//! a [`context::Context`], a [`parameters::Fresh`] and a [`context::Host`]. It reads no clock and no
//! random source, and it fails only by refusing. Everything a template can make grow is bounded in
//! [`limits`].
//!
//! ```
//! use template::{context::*, document::Template, expand::*, lenient, outputs::outputs, parameters::*};
//!
//! let request = lenient::read("{properties: {parameters: {}, template: { // as `az` sends it
//!     \"$schema\": 'https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#',
//!     \"contentVersion\": '1.0.0.0',
//!     resources: [{type: 'N.S/things', apiVersion: '2020-01-01', name: \"[guid('offer')]\"}],
//! }}}").unwrap();
//! let template = Template::parse(&request["properties"]["template"]).unwrap();
//! let context = Context::at(Scope::Subscription { subscription: "s".to_owned() });
//! let fresh = Fresh { now: jiff::Timestamp::UNIX_EPOCH, new_guid: &|| uuid::Uuid::nil() };
//! let parameters = bind(&template, &request["properties"]["parameters"], &context, fresh).unwrap();
//! let plan = expand(&template, &parameters, &context).unwrap();
//! assert!(plan.steps[0].id.starts_with("/subscriptions/s/providers/N.S/things/"));
//! assert!(matches!(&plan.steps[0].body, Body::Ready(_)));
//! assert!(outputs(&template, &parameters, &context, &NothingYet).is_ok());
//! ```
//!
//! Start reading at [`expand`]; the language itself is in [`expression`] (grammar), `evaluate`
//! (meaning) and `functions` (one table).

pub mod context;
pub mod delta;
pub mod document;
pub mod evaluate;
pub mod expand;
pub mod expression;
pub mod functions;
pub mod lenient;
pub mod limits;
pub mod outputs;
pub mod parameters;
pub mod preview;
pub mod refused;
pub mod schema;

mod budget;
mod copy;
mod identity;
mod json;
mod nested;
mod order;
mod syntax;
