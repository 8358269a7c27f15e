//! What is asked: the same questions of everybody.

use access::{
    handle::{Operation, Place, Who},
    index::Index,
};
use ids::guid::Principal;
use model::{action::Action, question::Question, samples};

use crate::world::{Draws, PEOPLE, World, person};

/// So many different questions of each kind.
const QUESTIONS: usize = 1 << 15;

/// What those who manage others' resources do.
pub(crate) const ACTIONS: [&str; 16] = [
    "Microsoft.Compute/virtualMachines/read",
    "Microsoft.Compute/virtualMachines/write",
    "Microsoft.Compute/virtualMachines/start/action",
    "Microsoft.Compute/virtualMachines/restart/action",
    "Microsoft.Storage/storageAccounts/read",
    "Microsoft.Storage/storageAccounts/write",
    "Microsoft.Storage/storageAccounts/listKeys/action",
    "Microsoft.Network/virtualNetworks/subnets/write",
    "Microsoft.Network/networkSecurityGroups/read",
    "Microsoft.Insights/alertRules/write",
    "Microsoft.OperationalInsights/workspaces/search/action",
    "Microsoft.RecoveryServices/Vaults/backupPolicies/write",
    "Microsoft.Support/supportTickets/write",
    "Microsoft.Resources/subscriptions/resourceGroups/read",
    "Microsoft.Resources/deployments/write",
    "Microsoft.Authorization/roleAssignments/write",
];

/// A question, with names and with numbers.
pub(crate) struct Asked {
    pub(crate) who: Principal,
    /// Its action, as peers are told it.
    #[cfg(feature = "peers")]
    pub(crate) action: &'static str,
    pub(crate) question: Question,
    pub(crate) numbers: (Who, Operation, Place),
}

/// Questions about delegations, all of which have that answer.
pub(crate) fn questions(world: &World, index: &Index, is_allowed: bool) -> Vec<Asked> {
    let draws = Draws::new(7);
    let operations: Vec<Operation> =
        ACTIONS.map(|name| index.operation(Action::known(name))).into();
    let ask = || {
        let delegated = &world.delegated[draws.below(world.delegated.len())];
        let (who, place) = (person(delegated.provider, draws.below(PEOPLE)), &delegated.scope);
        let action = draws.below(ACTIONS.len());
        let question = Question::any(Action::known(ACTIONS[action]), place.clone());
        let operation = operations[action].clone();
        let numbers = (index.who(who), operation, index.place(place.clone()));
        Asked {
            who,
            #[cfg(feature = "peers")]
            action: ACTIONS[action],
            question,
            numbers,
        }
    };
    let all = std::iter::repeat_with(ask);
    let is_meant =
        |it: &Asked| index.check(it.who, &it.question, samples::now()).is_allowed() == is_allowed;
    all.filter(is_meant).take(QUESTIONS).collect()
}
