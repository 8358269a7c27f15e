//! What is held without being activated, as the lists of schedules show it beside what is: role
//! assignments, for whoever reads them there, and one's own.

use access::index::Index;
use ids::{
    guid::{ObjectId, Principal},
    scope::Scope,
};
use model::{
    action::Action,
    question::{Question, Via},
    role::RoleAssignment,
};
use store::{key::Range, records::ranges};

use crate::{
    around::{self, Reach},
    context::Context,
    error::Error,
    plane::Plane,
    roles::ASSIGNMENTS,
};

/// Whose are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    Everyones,
    /// `asTarget()`: the caller's own, through groups too.
    Mine,
    /// `principalId eq`: those that name that one.
    Naming(ObjectId),
}

/// The role assignments at the scope, around it and, as the reach says, below it. At a tenant: the
/// caller's own, wherever they are.
pub async fn list(
    plane: &Plane,
    context: &Context,
    scope: &Scope,
    (reach, whose): (Reach, Whose),
) -> Result<Vec<RoleAssignment>, Error> {
    let names = names(&plane.index(), context.caller.principal);
    let snapshot = plane.store.snapshot().await?;
    let mut found: Vec<RoleAssignment> = Vec::new();
    for range in places(plane, scope, reach, &names) {
        around::collect(&snapshot, &range, &mut found).await?;
    }
    found.retain(|it| match whose {
        Whose::Everyones => true,
        Whose::Mine => names.contains(&it.principal),
        Whose::Naming(object) => it.principal.object == object,
    });
    let judge = |index: &Index, mut found: Vec<RoleAssignment>| {
        found.retain(|it| is_seen(plane, index, context, it));
        Ok::<_, Error>(found)
    };
    snapshot.seal(found).open(&plane.store, judge).await
}

fn places(plane: &Plane, scope: &Scope, reach: Reach, names: &[Principal]) -> Vec<Range> {
    if let Scope::Tenant(_) = scope {
        return names.iter().map(|name| ranges::role_assignments_of(*name)).collect();
    }
    let around = plane.index().lineage(scope);
    let outer = around.iter().filter(|it| *it != scope).map(|it| ASSIGNMENTS.at(it));
    outer.chain(ASSIGNMENTS.own(plane, scope, reach)).collect()
}

/// Whom an assignment names to mean that one.
fn names(index: &Index, who: Principal) -> Vec<Principal> {
    std::iter::once(who).chain(index.groups_of(who)).collect()
}

/// One's own counts where one is at home; those of others are their tenant's to read.
fn is_seen(plane: &Plane, index: &Index, context: &Context, it: &RoleAssignment) -> bool {
    let (who, now) = (context.caller.principal, plane.store.now());
    let scope = it.id.scope().clone();
    let reads = Question { action: Action::ROLE_ASSIGNMENTS_READ, scope, via: Via::Direct };
    let sees = |facts: &Index| {
        let is_home = facts.home(it.id.scope()) == Some(who.tenant);
        is_home
            && (names(facts, who).contains(&it.principal)
                || facts.check(who, &reads, now).is_allowed())
    };
    sees(index) && plane.store.origin().is_none_or(sees)
}
