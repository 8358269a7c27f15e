//! What of the delegations in a scope does not meet a policy: judged anew at each look, by the
//! policies of that moment.

use access::index::Index;
use ids::{guid::SubscriptionId, scope::Scope};
use model::delegation::{Assignment, Definition};
use policy::{
    budget::Budget,
    judge::{Violation, compliance},
    refused::Refused,
    subject::Subject,
};
use store::{records::ranges, unit::Unit};

use super::{facts, referring::top};
use crate::{context::Context, error::Error, plane::Plane};

/// Something that does not meet a policy.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    pub subject: Subject,
    pub violation: Violation,
}

/// What in the scope does not meet a policy. A managing tenant's callers see none of it: it
/// speaks of others' delegations.
pub async fn states(plane: &Plane, context: &Context, scope: &Scope) -> Result<Vec<State>, Error> {
    let index = plane.index();
    let (mut found, mut budget) = (Vec::new(), Budget::of_look());
    if index.home(scope) == Some(context.caller.principal.tenant) {
        let mut unit = plane.begin(context);
        for subscription in subscriptions(&index, scope) {
            collect(&mut unit, (subscription, scope), &mut budget, &mut found).await?;
        }
    }
    let snapshot = plane.store.snapshot().await?;
    plane.release(context, snapshot, found).await
}

fn subscriptions(index: &Index, scope: &Scope) -> Vec<SubscriptionId> {
    if let Some(id) = scope.subscription() {
        return vec![id];
    }
    index.places_below(&top(scope)).iter().filter_map(Scope::subscription).collect()
}

async fn collect(
    unit: &mut Unit,
    (subscription, scope): (SubscriptionId, &Scope),
    budget: &mut Budget,
    found: &mut Vec<State>,
) -> Result<(), Error> {
    let offered = ranges::definitions_of_subscription(subscription);
    let offered = unit.list::<Definition>(&offered).await?;
    let accepted = ranges::assignments_of_subscription(subscription);
    let accepted = unit.list::<Assignment>(&accepted).await?;
    for subject in subjects(&offered, &accepted) {
        let facts = facts::of(unit, subject.id(), budget).await?;
        let lies_there = matches!(scope, Scope::Tenant(_)) || facts.place.lineage.contains(scope);
        if lies_there {
            let violations = compliance(&facts.policies, &subject, &facts.place, budget);
            let violations = violations.map_err(Refused::from)?;
            let state = |violation| State { subject: subject.clone(), violation };
            found.extend(violations.into_iter().map(state));
        }
    }
    Ok(())
}

fn subjects(offered: &[Definition], accepted: &[Assignment]) -> Vec<Subject> {
    let definition =
        |it: &Definition| Subject::definition(&it.id, it.managed_by, it.name.as_deref());
    let assignment = |it: &Assignment| Subject::assignment(&it.id, &it.definition);
    offered.iter().map(definition).chain(accepted.iter().map(assignment)).collect()
}
