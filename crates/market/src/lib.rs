//! Offers: what a provider publishes, and what one version of it gives that another did not.
//!
//! Pure: facts go in, a verdict or a difference comes out. What a role allows is `access`'s to say
//! and comes in as [`rights::Rights`]; nothing here knows stores, clocks or files. Start with
//! [`difference::difference`].

pub mod audience;
pub mod compare;
pub mod difference;
pub mod eligibility;
pub mod enrolment;
pub mod html;
pub mod image;
pub mod lifecycle;
pub mod lint;
pub mod rights;
pub mod secrets;
pub mod sheet;
