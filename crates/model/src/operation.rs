//! What an operation takes, as far as its name and its place tell: the questions of a change that
//! depend on nothing else, and what somebody is told who asks whether another may.

use ids::scope::Scope;

use crate::{
    action::Action,
    change::delegation_rule,
    question::{Question, Via},
};

/// To write roles, which is a tenant's own, and to write and read what is activated in it by which
/// rules.
const DIRECT: [Action; 4] = [
    Action::known("Microsoft.Authorization/roleDefinitions/write"),
    Action::known("Microsoft.Authorization/roleDefinitions/delete"),
    Action::known("Microsoft.Authorization/roleManagementPolicies/read"),
    Action::known("Microsoft.Authorization/roleManagementPolicyAssignments/read"),
];
/// To say by which rules roles are activated: whoever does says who gets them.
const ACTIVATION_RULES: [Action; 2] = [
    Action::known("Microsoft.Authorization/roleManagementPolicies/write"),
    Action::known("Microsoft.Authorization/roleManagementPolicies/delete"),
];
/// What the platform alone does.
const PLATFORM: [Action; 2] = [
    Action::known("Microsoft.Authorization/denyAssignments/write"),
    Action::known("Microsoft.Authorization/denyAssignments/delete"),
];
/// What gives access away to another tenant, or changes what was given.
const DELEGATING: [Action; 4] = [
    Action::DEFINITIONS_WRITE,
    Action::DEFINITIONS_DELETE,
    Action::ASSIGNMENTS_WRITE,
    Action::ASSIGNMENTS_DELETE,
];
/// What people do by their part in an activation and by no role: the name does not say whose.
const BY_PART: [Action; 3] =
    [Action::ACTIVATIONS_WRITE, Action::ACTIVATIONS_CANCEL, Action::APPROVALS_WRITE];

/// Every question that must be answered with yes before the operation may happen there. What is
/// known of a change beside its name may ask for less or more ([`Change::requires`]).
///
/// [`Change::requires`]: crate::change::Change::requires
pub fn asked(action: Action, scope: Scope) -> Vec<Question> {
    if ACTIVATION_RULES.contains(&action) {
        return [action, Action::ROLE_ASSIGNMENTS_WRITE]
            .map(|action| Question { action, scope: scope.clone(), via: Via::Direct })
            .into();
    }
    let mut rule = Vec::new();
    if DELEGATING.contains(&action) {
        let whole = scope.subscription().map(Scope::Subscription);
        rule.extend(whole.iter().flat_map(delegation_rule));
    }
    [itself(action, scope)].into_iter().chain(rule).collect()
}

/// The question of the operation itself, of those that it takes.
pub fn itself(action: Action, scope: Scope) -> Question {
    let via = via(&action);
    Question { action, scope, via }
}

/// The ways in which somebody may come by the operation there: one of them is enough, with a yes to
/// all that it asks. None where the name does not say whom it is for.
pub fn ways(action: Action, scope: Scope) -> Vec<Vec<Question>> {
    if BY_PART.contains(&action) {
        return Vec::new();
    }
    let leaving = (action == Action::ASSIGNMENTS_DELETE).then(|| {
        vec![Question { action: action.clone(), scope: scope.clone(), via: Via::DeleteRole }]
    });
    [asked(action, scope)].into_iter().chain(leaving).collect()
}

/// Which grants count for the operation, by its name alone.
fn via(action: &Action) -> Via {
    if PLATFORM.contains(action) {
        Via::Platform
    } else if DIRECT.contains(action) {
        Via::Direct
    } else if *action == Action::ELEVATE_ACCESS {
        Via::Directory
    } else {
        Via::Any
    }
}

#[cfg(test)]
mod tests {
    use ids::guid::SubscriptionId;
    use uuid::Uuid;

    use super::*;

    const WHOLE: Scope = Scope::Subscription(SubscriptionId::new(Uuid::from_u128(5)));

    #[test]
    fn each_operation_is_asked_for_in_the_way_that_it_is_done() {
        let own = [Via::Ownership; 3];
        let delegating = [&[Via::Any][..], &own].concat();
        let cases: [(&str, Vec<Vec<Via>>); 9] = [
            ("Microsoft.Compute/virtualMachines/read", vec![vec![Via::Any]]),
            ("microsoft.managedservices/registrationdefinitions/write", vec![delegating.clone()]),
            (
                "Microsoft.ManagedServices/registrationAssignments/delete",
                vec![delegating, vec![Via::DeleteRole]],
            ),
            ("Microsoft.ManagedServices/registrationAssignments/read", vec![vec![Via::Any]]),
            ("Microsoft.Authorization/roleDefinitions/write", vec![vec![Via::Direct]]),
            ("Microsoft.Authorization/denyAssignments/write", vec![vec![Via::Platform]]),
            (
                "Microsoft.Authorization/roleManagementPolicies/write",
                vec![vec![Via::Direct, Via::Direct]],
            ),
            ("Microsoft.Authorization/elevateAccess/action", vec![vec![Via::Directory]]),
            ("Microsoft.Authorization/roleAssignmentScheduleRequests/write", vec![]),
        ];
        for (name, expected) in cases {
            let found = ways(Action::named(name), WHOLE);
            let found: Vec<Vec<Via>> =
                found.iter().map(|way| way.iter().map(|it| it.via).collect()).collect();
            assert_eq!(found, expected, "{name}");
        }
    }
}
