//! Azure Policy as far as delegations need it: what a policy says, where it holds, and what it
//! refuses or notes.
//!
//! Pure: the policies, the thing that is written and a time go in, a verdict comes out. Fyr judges
//! what `Microsoft.ManagedServices` keeps, definitions and assignments, and nothing else; a policy
//! that this crate does not understand whole is kept by others and never enforced in part, and
//! [`enforcement`] says so to whoever writes it. Nothing here knows who may write a policy, stores
//! or clocks. The language is Azure's:
//! <https://learn.microsoft.com/azure/governance/policy/concepts/definition-structure-policy-rule>.
//! Start with [`judge`], then [`condition`].

pub mod assignment;
pub mod budget;
pub mod builtin;
pub mod condition;
pub mod definition;
pub mod disallowed;
pub mod enforcement;
pub mod evaluate;
pub mod exemption;
pub mod judge;
pub mod kind;
pub mod parameters;
pub mod refused;
pub mod remediation;
pub mod set;
pub mod size;
pub mod subject;
