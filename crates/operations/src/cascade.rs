//! What follows from a change that somebody asked for: what lies in a thing goes with it.

use access::{
    permit::{Denied, Permit},
    verdict::Refusal,
};
use ids::{guid::Principal, scope::Scope};
use model::{
    activation::{Activation, eligible::EligibleAssignment, policy::ActivationPolicy},
    change::{Change, Noun},
    defect::Defect,
    delegation::Assignment,
    deployment::Deployment,
    directory::{Membership, ServicePrincipal},
    directory_role::DirectoryRoleAssignment,
    event::SystemReason,
    market::{MarketNoun, account::AccountMember, partner::PartnerLink},
    ownership::{Owned, Ownership},
    resource::Resource,
    role::{DenyAssignment, Lock, RoleAssignment},
    settings::Profile,
};
use store::{records::ranges, unit::Unit};

use crate::{context::Context, error::Error, plane::Plane, resources::identity};

/// Applies a change that the system makes for that reason.
///
/// # Panics
///
/// Where the reason does not cover the change: a bug in an operation, never in a request.
pub(crate) fn apply(unit: &mut Unit, reason: SystemReason, change: Change) -> Result<(), Error> {
    let permit = Permit::system(reason, &change);
    assert!(permit.is_some(), "{reason:?} does not cover {change:?}");
    if let Some(permit) = permit {
        unit.apply(permit, change)?;
    }
    Ok(())
}

fn remove(unit: &mut Unit, noun: Noun) -> Result<(), Error> {
    apply(unit, SystemReason::Cascade, Change::Remove(noun))
}

/// Removes everything that lies below the scope: resources with their identities, delegations,
/// locks, grants and deployments. The scope itself is the caller's to remove.
pub(crate) async fn empty(plane: &Plane, unit: &mut Unit, scope: &Scope) -> Result<(), Error> {
    for it in unit.list::<Resource>(&ranges::resources_below(scope)).await? {
        identity::follow(plane, unit, Some(&it), None).await?;
        remove(unit, Noun::Resource(it))?;
    }
    for it in delegations(unit, scope).await? {
        remove(unit, Noun::Assignment(it))?;
    }
    ungrant(unit, scope).await?;
    for it in unit.list::<Deployment>(&ranges::deployments_at(scope)).await? {
        remove(unit, Noun::Deployment(it))?;
    }
    Ok(())
}

/// Removes what says below the scope, itself included, who may do what there.
pub(crate) async fn ungrant(unit: &mut Unit, scope: &Scope) -> Result<(), Error> {
    for it in unit.list::<RoleAssignment>(&ranges::role_assignments_below(scope)).await? {
        remove(unit, Noun::RoleAssignment(it))?;
    }
    for it in unit.list::<DenyAssignment>(&ranges::deny_assignments_below(scope)).await? {
        remove(unit, Noun::DenyAssignment(it))?;
    }
    for it in unit.list::<Lock>(&ranges::locks_below(scope)).await? {
        remove(unit, Noun::Lock(it))?;
    }
    // There may be many, since what is over is kept for a while.
    let mut next = Some(ranges::activations_below(scope));
    while let Some(range) = next {
        let (part, rest) = unit.list_part::<Activation>(&range).await?;
        for it in part {
            remove(unit, Noun::Activation(it))?;
        }
        next = rest;
    }
    for it in unit.list::<ActivationPolicy>(&ranges::activation_policies_below(scope)).await? {
        remove(unit, Noun::ActivationPolicy(it))?;
    }
    for it in unit.list::<EligibleAssignment>(&ranges::eligible_assignments_below(scope)).await? {
        remove(unit, Noun::EligibleAssignment(it))?;
    }
    Ok(())
}

async fn delegations(unit: &mut Unit, scope: &Scope) -> Result<Vec<Assignment>, Error> {
    let Some(subscription) = scope.subscription() else { return Ok(Vec::new()) };
    let all = unit.list::<Assignment>(&ranges::assignments_of_subscription(subscription)).await?;
    Ok(all.into_iter().filter(|it| scope.contains(it.id.scope())).collect())
}

/// Refuses the removal of a scope in which something is locked. In the azure profile a managing
/// tenant's caller is not stopped by a customer's locks; that is answered, then. The locks are among what the unit has
/// read, so that one which comes in between is heeded, too, and not removed with the rest.
pub(crate) async fn bar_removal(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    scope: &Scope,
) -> Result<Option<Defect>, Error> {
    let index = plane.index();
    let foreign = index.home(scope) != Some(context.caller.principal.tenant);
    let mut locks = unit.list::<Lock>(&ranges::locks_below(scope)).await?;
    locks.retain(|lock| lock.id.scope() != scope); // its own are asked for with the permit
    if locks.is_empty() {
        return Ok(None);
    }
    if foreign && index.settings().profile == Profile::Azure {
        return Ok(Some(Defect::LockPassed));
    }
    Err(locked(context, &locks))
}

/// The refusal of what locks are in the way of.
pub(crate) fn locked(context: &Context, locks: &[Lock]) -> Error {
    let locks = locks.iter().map(|lock| lock.id.scope().clone()).collect();
    Error::Denied(Denied {
        caller: Box::new(context.caller.clone()),
        question: Box::new(context.question.clone()),
        refusal: Refusal::Locked { locks },
    })
}

/// Takes from a principal what makes it somebody in its directory: memberships, directory roles,
/// what it owns, its role in the publisher account and the partner it works for.
pub(crate) async fn strip(unit: &mut Unit, who: Principal) -> Result<(), Error> {
    for it in unit.list::<Membership>(&ranges::memberships_of_member(who)).await? {
        remove(unit, Noun::Membership(it))?;
    }
    for it in unit.list::<DirectoryRoleAssignment>(&ranges::directory_roles_of(who)).await? {
        remove(unit, Noun::DirectoryRoleAssignment(it))?;
    }
    for it in unit.list::<Ownership>(&ranges::owned_by(who)).await? {
        remove(unit, Noun::Ownership(it))?;
    }
    if let Some(it) = unit.find::<AccountMember>(&who).await? {
        remove(unit, Noun::Market(MarketNoun::AccountMember(it)))?;
    }
    if let Some(it) = unit.find::<PartnerLink>(&who).await? {
        remove(unit, Noun::Market(MarketNoun::PartnerLink(it)))?;
    }
    Ok(())
}

/// Leaves something without owners, as it goes.
pub(crate) async fn disown(unit: &mut Unit, thing: Owned) -> Result<(), Error> {
    for it in unit.list::<Ownership>(&ranges::owners_of(thing)).await? {
        remove(unit, Noun::Ownership(it))?;
    }
    Ok(())
}

/// Removes a service principal with what it is a member of and what was granted to it.
pub(crate) async fn remove_principal(
    _plane: &Plane,
    unit: &mut Unit,
    principal: ServicePrincipal,
) -> Result<(), Error> {
    let who = principal.principal;
    strip(unit, who).await?;
    disown(unit, Owned::ServicePrincipal(who)).await?;
    remove(unit, Noun::ServicePrincipal(principal))
}
