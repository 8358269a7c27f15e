//! Offers as their publisher works on them.

pub mod audience;
pub mod compare;
pub mod configure;
pub mod create;
pub mod decide;
pub mod delete;
pub mod distribution;
pub mod history;
pub mod media;
pub mod published;
pub mod read;
pub mod save;
pub mod sync;
pub mod uptake;
