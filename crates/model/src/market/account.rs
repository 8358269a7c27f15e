//! Publisher accounts: who publishes, who vouches for them, and who works in them.

use ids::{
    guid::{Principal, TenantId},
    offer::{PartnerId, PublisherId},
};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::in_account;
use crate::{action::Verb, question::Question};

/// A company's account in the marketplace. A tenant has one, or none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    pub tenant: TenantId,
    pub company: Company,
    /// That whoever signed up may bind the company.
    pub is_entitled: bool,
    /// What was agreed to, each kind once.
    pub agreements: Vec<Agreement>,
    /// What its influence is counted under; needed to publish.
    pub partner: Option<PartnerId>,
    /// Counts the changes; the account's entity tag.
    pub revision: u64,
    pub created: Timestamp,
}

/// Whose account it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Company {
    pub legal_name: String,
    pub street: String,
    pub city: String,
    pub postal_code: String,
    /// ISO 3166, two letters.
    pub country: String,
    pub contact: Person,
}

/// Whom to ask.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub name: String,
    pub email: String,
    pub phone: String,
}

/// That somebody agreed for the company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    pub kind: AgreementKind,
    pub by: Principal,
    pub at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AgreementKind {
    /// Always needed.
    Publisher,
    /// Needed once the company has a partner id.
    PartnerNetwork,
}

/// What the operators found out about a company. Only they write it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    pub tenant: TenantId,
    pub stage: VerificationStage,
    /// What the company is qualified by.
    pub qualifications: Vec<Qualification>,
    pub at: Timestamp,
}

/// How far the verification has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum VerificationStage {
    Email,
    Employment,
    Business,
    /// It may publish, as far as it is qualified.
    Authorized,
    /// The reason, for the company to read.
    Rejected(String),
}

/// A competency, a program or a designation that a company has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Qualification {
    pub kind: QualificationKind,
    /// The last day that it holds; for ever without one.
    pub valid_to: Option<Date>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum QualificationKind {
    /// As they were until 2022: `CloudPlatform` and the like.
    Competency { area: String, level: Level },
    /// `AzureExpertMsp`.
    Program(String),
    /// Solutions Partner for: `InfrastructureAzure`, `Security`.
    Designation(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Level {
    Silver,
    Gold,
}

/// That somebody of the tenant works in its account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountMember {
    pub principal: Principal,
    pub role: AccountRole,
}

/// What somebody may in a publisher account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AccountRole {
    Owner,
    Manager,
    Developer,
}

impl AccountRole {
    pub const ALL: [Self; 3] = [Self::Owner, Self::Manager, Self::Developer];

    /// Patterns of what it allows in its holder's own tenant's account. What customers' people are
    /// called is the owner's to read (`Fyr.Market/customers`, `Fyr.Market/leads`).
    pub fn actions(self) -> &'static [&'static str] {
        match self {
            Self::Owner => &["Fyr.Market/*"],
            Self::Manager => &[
                "Fyr.Market/accounts/read",
                "Fyr.Market/members/*",
                "Fyr.Market/publishers/*",
                "Fyr.Market/offers/*",
                "Fyr.Market/submissions/*",
                "Fyr.Market/reports/read",
                "Fyr.Market/leads/write",
            ],
            Self::Developer => &[
                "Fyr.Market/accounts/read",
                "Fyr.Market/members/read",
                "Fyr.Market/publishers/read",
                "Fyr.Market/offers/*",
                "Fyr.Market/submissions/*",
            ],
        }
    }

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Manager => "manager",
            Self::Developer => "developer",
        }
    }
}

impl AccountMember {
    /// Only owners make owners and take them away.
    pub(super) fn leave(&self, verb: Verb) -> Question {
        let noun = match self.role {
            AccountRole::Owner => "owners",
            AccountRole::Manager | AccountRole::Developer => "members",
        };
        in_account(self.principal.tenant, noun, verb)
    }
}

/// A name under which an account publishes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publisher {
    pub id: PublisherId,
    /// Whose account it is of.
    pub tenant: TenantId,
    pub display_name: String,
    pub created: Timestamp,
}
