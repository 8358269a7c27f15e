//! Just in time: what it takes before an eligible role is active, and how it ends again.
//!
//! Pure: a request and the facts go in, with the time, and the activation's new form or a refusal
//! comes out. Knows no store and no clock. Who is eligible and who approves is `access`'s to say,
//! and has been said before; what the activation then allows, and that it ends with what it is
//! from, is `access`'s, too. The rules are Azure's, B67 to B77 in the project's notes on
//! Lighthouse; <https://learn.microsoft.com/azure/lighthouse/how-to/create-eligible-authorizations>
//! tells most of them. That a customer may ask for its own approval is Fyr's.
//!
//! Start with [`request`] and [`decide`]; what a policy asks for is [`demands`], and what the
//! clock makes of an activation [`standing`].

pub mod decide;
pub mod demands;
pub mod eligible;
pub mod policy;
pub mod refused;
pub mod request;
pub mod standing;
pub mod withdraw;

#[cfg(test)]
mod tests;
