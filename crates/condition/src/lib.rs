//! Conditions on grants, in the language of Azure's attribute-based access control, version 2.0:
//! read, written down again, and held against the facts of one request
//! (<https://learn.microsoft.com/azure/role-based-access-control/conditions-format>).
//!
//! Knows no role, no principal, and no request: which facts there are, who asks hands in as
//! [`facts::Facts`]. What a grant is worth whose condition does not hold is decided in `access`.
//!
//! Start with [`condition::Condition`]: `parse`, `Display`, and `truth`.

pub mod attribute;
pub mod condition;
pub mod facts;
pub mod operator;
pub mod refused;
pub mod truth;
pub mod value;

mod evaluate;
mod parse;
mod pattern;
mod print;
mod token;
