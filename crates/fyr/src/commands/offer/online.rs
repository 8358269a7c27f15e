//! Offers of a running Fyr, over the network: what a file says is compared with, applied and
//! published there.

pub(in crate::commands) mod apply;
pub(in crate::commands) mod export;
pub(in crate::commands) mod publish;

mod draft;
