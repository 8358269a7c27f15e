//! A company's account: signing up, what the company tells of itself, and what the operators
//! found out about it.

use ids::offer::PartnerId;
use model::market::account::{AgreementKind, Company};

pub mod checklist;
pub mod decide;
pub mod list;
pub mod show;
pub mod sign_up;
pub mod update;
pub mod verify;

/// What a company tells of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub company: Company,
    /// That whoever tells it may bind the company.
    pub is_entitled: bool,
    /// What is agreed to now. What was agreed to before stays so.
    pub agreements: Vec<AgreementKind>,
    pub partner: Option<PartnerId>,
}
