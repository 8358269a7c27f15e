//! What a delegation may be: who may ask for what, where it may be assigned, when it may end,
//! and who sees it.
//!
//! Pure: a request and the facts go in, a verdict or a refusal comes out. Whether the caller may
//! ask at all is `access`'s to say, and has been said before; nothing here knows grants, stores
//! or clocks. The rules are Azure's, numbered B1 to B77 in the project's notes on Lighthouse;
//! <https://learn.microsoft.com/azure/lighthouse/concepts/architecture> tells most of them.
//! Start with [`define`] and [`assign`]; what comes of an offer begins in [`take`].

pub mod acceptance;
pub mod assign;
pub mod define;
pub mod delegable;
pub mod dialect;
pub mod eligible;
pub mod end;
pub mod names;
pub mod refused;
pub mod take;
pub mod unregister;
pub mod visible;
pub mod withdraw;
