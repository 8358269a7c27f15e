//! Offers of a running Fyr, over the network: what a file says is compared with, applied and
//! published there, and what is published is seen to.

pub(in crate::commands) mod apply;
pub(in crate::commands) mod audience;
pub(in crate::commands) mod compare;
pub(in crate::commands) mod distribution;
pub(in crate::commands) mod export;
pub(in crate::commands) mod history;
pub(in crate::commands) mod leads;
pub(in crate::commands) mod publish;
pub(in crate::commands) mod review;

mod draft;

#[cfg(test)]
mod tests;
