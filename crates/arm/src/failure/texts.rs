//! ARM's sentences for whoever may not do what was asked.

use access::{permit::Denied, verdict::Refusal};
use model::{event::Caller, question::Question};

use crate::managed_services::refusals;

fn client(caller: &Caller) -> String {
    format!("The client '{}' with object id '{}'", caller.name, caller.principal.object)
}

/// ARM's sentence for whoever may do what was asked, and not what it takes elsewhere.
pub(super) fn linked(asked: &Question, linked: &Denied) -> String {
    let (who, elsewhere) = (client(&linked.caller), &linked.question);
    format!(
        "{who} has permission to perform action '{}' on scope '{}'; however, it does not have permission to perform action '{}' on the linked scope(s) '{}' or the linked scope(s) are invalid.",
        asked.action, asked.scope, elsewhere.action, elsewhere.scope
    )
}

/// ARM's sentence for each kind of refusal.
pub(super) fn denied(denied: &Denied) -> String {
    let who = client(&denied.caller);
    let (action, scope) = (&denied.question.action, &denied.question.scope);
    match &denied.refusal {
        Refusal::NoGrant if refusals::lacks_delete_role(denied) => refusals::SORRY.to_owned(),
        Refusal::NoGrant => format!(
            "{who} does not have authorization to perform action '{action}' over scope '{scope}' or the scope is invalid. If access was recently granted, please refresh your credentials."
        ),
        Refusal::Denied { id, name, scope: barred } => format!(
            "{who} has permission to perform action '{action}' on scope '{scope}'; however, the access is denied because of the deny assignment with name '{name}' and Id '{}' at scope '{barred}'.",
            id.name().as_str().replace('-', "")
        ),
        Refusal::NotOwner(_) => refusals::SORRY.to_owned(),
        Refusal::Locked { locks } => {
            let verb = if action.verb() == "delete" { "delete" } else { "write" };
            let locks: Vec<String> = locks.iter().map(ToString::to_string).collect();
            format!(
                "The scope '{scope}' cannot perform {verb} operation because following scope(s) are locked: '{}'. Please remove the lock and try again.",
                locks.join(",")
            )
        }
    }
}
