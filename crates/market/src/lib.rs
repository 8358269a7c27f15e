//! Offers: what a provider publishes, what is asked of it before, and what one version of it gives that
//! another did not.
//!
//! Pure: facts go in, a verdict or a difference comes out. What a role allows is `access`'s to say
//! and comes in as [`rights::Rights`]; days come in as dates; nothing here knows stores, clocks or
//! files. Start with [`difference::difference`] for what a customer agrees to, and with
//! [`lint::rules`] for what a publisher is told.

pub mod audience;
pub mod compare;
pub mod difference;
pub mod edition;
pub mod eligibility;
pub mod enrolment;
pub mod html;
pub mod image;
pub mod influence;
pub mod lifecycle;
pub mod lint;
pub mod plain;
pub mod rights;
pub mod secrets;
pub mod sheet;
pub mod sight;
