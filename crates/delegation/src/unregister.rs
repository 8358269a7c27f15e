//! Giving up `Microsoft.ManagedServices` in a subscription.

use model::delegation::{Assignment, Definition};

use crate::visible::Viewer;

/// What the world looks like as the request is judged.
#[derive(Clone, Debug)]
pub struct Facts {
    pub viewer: Viewer,
    /// Every definition of the subscription.
    pub definitions: Vec<Definition>,
    /// Every assignment of the subscription and its resource groups.
    pub assignments: Vec<Assignment>,
}

/// Why a subscription keeps the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// How many of each there are, as far as the caller may know of them.
    #[error(
        "The subscription cannot be unregistered from 'Microsoft.ManagedServices' while it has {assignments} registration assignment(s) and {definitions} registration definition(s). Delete the registration assignments, then the registration definitions, and try again."
    )]
    InUse { definitions: usize, assignments: usize },
}

/// Whether nothing needs the provider any more. A delegated Contributor could otherwise get in
/// the way of the owner, who needs it to change what was delegated.
pub fn unregister(facts: &Facts) -> Result<(), Refused> {
    let Facts { viewer, definitions, assignments } = facts;
    if definitions.is_empty() && assignments.is_empty() {
        return Ok(());
    }
    // A provider must not count what others manage.
    let definitions = definitions.iter().filter(|it| viewer.sees(it.managed_by)).count();
    let assignments = assignments.iter().filter(|it| viewer.sees(it.managed_by)).count();
    Err(Refused::InUse { definitions, assignments })
}

#[cfg(test)]
mod tests {
    use ids::guid::TenantId;
    use model::samples::{
        CUSTOMER, PROVIDER, SUBSCRIPTION, assignment, definition, resource_group, whole,
    };
    use uuid::Uuid;

    use super::*;

    #[test]
    fn the_provider_stays_as_long_as_anything_of_a_delegation_does() {
        let rival = TenantId::new(Uuid::from_u128(0xB));
        let theirs = Assignment { managed_by: rival, ..assignment(resource_group("rg1")) };
        let both = || vec![assignment(whole()), theirs.clone()];
        let one = || vec![definition(SUBSCRIPTION)];
        let in_use = |definitions, assignments| Err(Refused::InUse { definitions, assignments });
        let cases = [
            ("nothing", CUSTOMER, vec![], vec![], Ok(())),
            ("an offer that nobody accepted", CUSTOMER, one(), vec![], in_use(1, 0)),
            ("the customer counts all", CUSTOMER, one(), both(), in_use(1, 2)),
            ("a provider counts its own", PROVIDER, one(), both(), in_use(1, 1)),
            ("the rival counts its own", rival, one(), both(), in_use(0, 1)),
        ];
        for (name, tenant, definitions, assignments, expected) in cases {
            let viewer = Viewer { tenant, owner: CUSTOMER };
            let facts = Facts { viewer, definitions, assignments };
            assert_eq!(unregister(&facts), expected, "{name}");
        }
    }
}
