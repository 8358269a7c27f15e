//! Who sees which delegations of a subscription.

use ids::{
    guid::TenantId,
    resource::{AssignmentId, DefinitionId},
    scope::Scope,
};
use model::delegation::{Assignment, Definition};

use crate::dialect::{Dialect, TooOld};

/// From where somebody looks at a subscription's delegations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// The viewer's tenant.
    pub tenant: TenantId,
    /// The subscription's own.
    pub owner: TenantId,
}

impl Viewer {
    /// Whether the viewer sees what was given to that tenant: a customer sees all of its own
    /// subscription's, a managing tenant only its own (B45).
    pub fn sees(self, managed_by: TenantId) -> bool {
        self.tenant == self.owner || self.tenant == managed_by
    }

    /// The definition, if the viewer sees it.
    pub fn definition(self, definition: Option<Definition>) -> Option<Definition> {
        definition.filter(|it| self.sees(it.managed_by))
    }

    /// The assignment, if the viewer sees it.
    pub fn assignment(self, assignment: Option<Assignment>) -> Option<Assignment> {
        assignment.filter(|it| self.sees(it.managed_by))
    }
}

/// What is shown of a delegation's two sides beside it. A tenant that is no longer known has no
/// name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parties {
    pub customer: TenantId,
    pub customer_name: Option<String>,
    pub managing_name: Option<String>,
}

/// Why something is not shown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("The registration definition '{0}' could not be found.")]
    NoDefinition(DefinitionId),
    #[error("The registration assignment '{0}' could not be found.")]
    NoAssignment(AssignmentId),
    #[error(
        "The registration definition scope '{0}' is invalid. The scope should be '/subscriptions/<subscriptionId>'."
    )]
    NotAtSubscription(Scope),
    #[error(
        "The registration assignment scope '{0}' is invalid. The scope should be '/subscriptions/<subscriptionId>' or '/subscriptions/<subscriptionId>/resourceGroups/<resourceGroupName>'."
    )]
    NotDelegable(Scope),
    #[error(transparent)]
    TooOld(#[from] TooOld),
}

/// Whether a definition can be shown whole in that dialect.
pub fn showable(definition: &Definition, dialect: Dialect) -> Result<(), Refused> {
    Ok(dialect.speaks_of(&definition.eligible)?)
}

#[cfg(test)]
mod tests {
    use model::samples::{CUSTOMER, PROVIDER, SUBSCRIPTION, definition};
    use uuid::Uuid;

    use super::*;

    const OTHER: TenantId = TenantId::new(Uuid::from_u128(0xB));

    /// The rule as a sentence: who owns the subscription sees all; who manages some of it sees
    /// what it was given.
    #[test]
    fn b45_a_provider_sees_its_own_and_a_customer_all() {
        let given = Some(definition(SUBSCRIPTION));
        for (tenant, seen) in [(CUSTOMER, true), (PROVIDER, true), (OTHER, false)] {
            let viewer = Viewer { tenant, owner: CUSTOMER };
            assert_eq!(viewer.definition(given.clone()).is_some(), seen, "{tenant}");
        }
    }

    #[test]
    fn owning_one_subscription_shows_nothing_of_anothers() {
        let elsewhere = Viewer { tenant: CUSTOMER, owner: OTHER };
        assert_eq!(elsewhere.definition(Some(definition(SUBSCRIPTION))), None);
    }
}
