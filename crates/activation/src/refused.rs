//! Why an activation is not asked for, decided about, or ended.

use std::fmt;

use ids::scope::Scope;

/// A rule of a policy, as Azure names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// The length, or the start, is out of bounds.
    Expiration,
    Justification,
    Ticketing,
    /// No second factor.
    Mfa,
    /// There is nothing that could be activated.
    Eligibility,
}

impl Rule {
    fn name(self) -> &'static str {
        match self {
            Self::Expiration => "ExpirationRule",
            Self::Justification => "JustificationRule",
            Self::Ticketing => "TicketingRule",
            Self::Mfa => "MfaRule",
            Self::Eligibility => "EligibilityRule",
        }
    }
}

/// All rules that failed, in a fixed order; never none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules(Vec<Rule>);

impl Rules {
    /// These, if there are any.
    pub fn of(rules: impl IntoIterator<Item = Rule>) -> Option<Self> {
        let mut rules: Vec<Rule> = rules.into_iter().collect();
        rules.sort_unstable();
        rules.dedup();
        (!rules.is_empty()).then_some(Self(rules))
    }

    /// The one.
    pub fn only(rule: Rule) -> Self {
        Self(vec![rule])
    }

    /// All of them.
    pub fn all(&self) -> &[Rule] {
        &self.0
    }
}

impl fmt::Display for Rules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<String> = self.0.iter().map(|it| format!("\"{}\"", it.name())).collect();
        write!(f, "[{}]", names.join(","))
    }
}

/// Why not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("The following policy rules failed: {0}")]
    Rules(Rules),
    #[error("The Role assignment already exists.")]
    Exists,
    #[error("The Role assignment request already exists.")]
    Requested,
    #[error("The role assignment schedule request name '{0}' is invalid. It must be a GUID.")]
    NotAGuid(String),
    #[error("The {what} has more than {most} characters.")]
    TooLong { what: &'static str, most: usize },
    #[error("Nobody decides about what they asked for themselves.")]
    OwnRequest,
    #[error("Whoever agreed for one side does not decide for the other.")]
    SamePerson,
    #[error("The role assignment request does not wait for this decision.")]
    NotWaiting,
    #[error("The role assignment request cannot be canceled, since it is not pending.")]
    NotPending,
    #[error("The Role assignment does not exist.")]
    NotActive,
    #[error("At most {0} eligible assignments are allowed at one scope.")]
    TooMany(usize),
    #[error(
        "At most {0} requests of one person wait or are active at a time. Give one back, or wait until one is over."
    )]
    TooManyOpen(usize),
    #[error("Only users and groups can be eligible for a role.")]
    NotAPerson,
    #[error(
        "The schedule is invalid. It must end after it begins and after now; extending is to a later end, before it is over, and renewing is of what is over."
    )]
    BadPeriod,
    #[error(
        "The scope '{0}' is invalid. Activations are governed at a management group, a subscription or a resource group."
    )]
    PolicyScope(Scope),
    #[error("The maximum duration must be between {least} and {most} minutes.")]
    PolicyLength { least: u32, most: u32 },
    #[error("At most {0} approvers are allowed.")]
    PolicyApprovers(usize),
}

impl From<Rules> for Refused {
    fn from(rules: Rules) -> Self {
        Self::Rules(rules)
    }
}
