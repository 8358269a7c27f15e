//! Complete mode: what of a resource group goes, since the template does not name it.

use std::collections::HashSet;

use ids::{guid::OperationId, resource::ResourceId, scope::Scope};
use model::{
    action::{Action, Verb},
    deployment::{Deployment, Mode, Step, StepState},
    question::Question,
    resource::Resource,
};
use serde_json::{Value, json};
use store::{records::ranges, snapshot::Page};

use super::{
    family::{self, Targets},
    on_behalf,
};
use crate::{
    error::Error,
    page::{self, Paged},
    plane::Plane,
};

/// The deletions that the deployment ends with. What its caller may not read is none of them: to
/// them it is not there.
pub async fn plan(plane: &Plane, record: &Deployment) -> Result<Vec<Step>, Error> {
    let group = record.id.scope();
    let (Mode::Complete, Some(caller)) = (record.mode, on_behalf::caller(record)) else {
        return Ok(Vec::new());
    };
    let (Some(subscription), Some(name)) = (group.subscription(), group.resource_group()) else {
        return Ok(Vec::new());
    };
    let context = on_behalf::context(plane, record, caller);
    let readable = |it: &Resource| {
        let action = Action::of(&it.id.kind(), Verb::Read);
        Some(Question::any(action, Scope::Resource(it.id.clone())))
    };
    let range = ranges::resources_of_group(subscription, name);
    let (mut there, mut page) = (Vec::new(), page::page(None, None));
    loop {
        let found: Paged<Resource> = page::list(plane, &context, &range, page, readable).await?;
        there.extend(found.items.into_iter().map(|it| it.id));
        let Some(next) = found.next else { break };
        page = Page { after: Some(next), limit: page::PAGE_ROWS };
    }
    Ok(match family::targets(plane, record).await? {
        Targets::All(named) => unnamed(there, &named, group)
            .into_iter()
            .map(|id| step(plane, Scope::Resource(id)))
            .collect(),
        Targets::Lost(inside) => vec![lost(plane, inside)],
    })
}

/// What lies directly in the group, and is neither named nor holds what is.
fn unnamed(there: Vec<ResourceId>, named: &[Scope], group: &Scope) -> Vec<ResourceId> {
    let kept: HashSet<Scope> = named.iter().flat_map(Scope::lineage).collect();
    let goes = |id: &ResourceId| {
        id.parent() == *group && !stays(id) && !kept.contains(&Scope::Resource(id.clone()))
    };
    there.into_iter().filter(goes).collect()
}

/// Azure's complete mode leaves what says who may do what
/// (<https://learn.microsoft.com/azure/azure-resource-manager/templates/deployment-complete-mode-deletion>).
fn stays(id: &ResourceId) -> bool {
    id.namespace().is("Microsoft.Authorization")
}

/// Nothing is deleted where nobody knows any more what the run has made.
fn lost(plane: &Plane, inside: Scope) -> Step {
    let message = format!(
        "The record of the nested deployment '{inside}' was removed or replaced while this deployment ran, so that it is not known any more what it deployed. Nothing was deleted; deploy again."
    );
    let error = json!({ "code": "DeploymentNotFound", "target": inside, "message": message });
    let (finished, status) = (Some(plane.store.now()), Some(404));
    let state = StepState::Failed;
    Step { state, finished, status, error: Some(error), ..step(plane, inside) }
}

fn step(plane: &Plane, target: Scope) -> Step {
    Step {
        operation: OperationId::new(plane.random.uuid()),
        target,
        api_version: String::new(),
        existing: false,
        after: Vec::new(),
        state: StepState::Waiting,
        timestamp: plane.store.now(),
        finished: None,
        status: None,
        error: None,
    }
}

/// ARM's error of a deployment that could not delete all that was to go.
pub fn failed(id: &str, details: &[Value]) -> Value {
    json!({
        "code": "DeploymentFailedCleanUp",
        "target": id,
        "message": "The deployment could not delete all resources that its template does not name. Please list deployment operations for details. Please see https://aka.ms/arm-deployment-operations for usage details.",
        "details": details,
    })
}

#[cfg(test)]
mod tests {
    use model::samples;

    use super::*;

    fn id(below: &str) -> ResourceId {
        let group = samples::resource_group("app");
        ResourceId::parse(&format!("{group}/providers/{below}"), samples::CUSTOMER).unwrap()
    }

    #[test]
    fn what_is_named_or_holds_what_is_named_stays_and_so_do_rights() {
        let there = vec![
            id("N.S/things/named"),
            id("N.S/things/holder"),
            id("N.S/things/extended"),
            id("N.S/things/goes"),
            id("N.S/things/goes/parts/with"),
            id("Microsoft.Authorization/policyAssignments/rule"),
        ];
        let named = [
            id("n.s/THINGS/Named"),
            id("N.S/things/holder/parts/a"),
            id("N.S/things/extended/providers/Microsoft.Authorization/locks/l"),
        ]
        .map(Scope::Resource);
        let group = samples::resource_group("app");
        assert_eq!(unnamed(there, &named, &group), [id("N.S/things/goes")]);
    }
}
