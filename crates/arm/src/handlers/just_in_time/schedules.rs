//! What may be activated, and what is: `roleEligibilitySchedules`, `roleAssignmentSchedules`, and
//! the instances of both. A schedule has one instance, of the same name, while it counts.

use activation::standing::Standing;
use ids::{
    guid::{ObjectId, Principal},
    scope::Scope,
};
use model::{
    activation::{Eligibility, State},
    period::OpenPeriod,
    role::PrincipalType,
};
use operations::{
    activation::{
        Shown,
        eligibility::{self, Eligible},
        read, standing,
    },
    around::Reach,
};
use uuid::Uuid;
use wire::arm::{
    just_in_time::{
        Membership,
        filter::Wanted,
        instance::{Item, ItemBody, List, Origin},
        request::Status,
    },
    scopes::ListBody,
};

use super::{held, requests, wanted};
use crate::{
    failure::Failure,
    handlers::roles::filter::{bad, unknown},
    request::ArmResponse,
    route::{Answer, Ask},
};

pub(super) fn assigned(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(one(ask, List::AssignmentSchedules))
}

pub(super) fn assigned_now(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(one(ask, List::AssignmentInstances))
}

pub(super) fn eligible(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(one(ask, List::EligibilitySchedules))
}

pub(super) fn eligible_now(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(one(ask, List::EligibilityInstances))
}

pub(super) fn all_assigned(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(all(ask, List::AssignmentSchedules))
}

pub(super) fn all_assigned_now(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(all(ask, List::AssignmentInstances))
}

pub(super) fn all_eligible(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(all(ask, List::EligibilitySchedules))
}

pub(super) fn all_eligible_now(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(all(ask, List::EligibilityInstances))
}

/// The one of that name at that scope, among what the caller may see there.
async fn one(ask: Ask<'_>, list: List) -> Result<ArmResponse, Failure> {
    let id = ask.resource()?;
    let name = id.name().as_str().parse::<Uuid>().ok();
    let items = items(&ask, id.scope(), &Wanted::default(), list).await?;
    let scope = id.scope().to_string();
    let is_it = |it: &Item| Some(it.name) == name && it.held.scope.eq_ignore_ascii_case(&scope);
    let found = items.into_iter().find(is_it);
    let missing = || Failure::NotFound { name: id.name().to_string(), group: None };
    Ok(ArmResponse::json(200, ItemBody::new(found.ok_or_else(missing)?, list)))
}

async fn all(ask: Ask<'_>, list: List) -> Result<ArmResponse, Failure> {
    let items = items(&ask, &ask.scope(), &wanted(&ask)?, list).await?;
    let value = items.into_iter().map(|it| ItemBody::new(it, list)).collect();
    Ok(ArmResponse::json(200, ListBody::whole(value)))
}

async fn items(
    ask: &Ask<'_>,
    scope: &Scope,
    wanted: &Wanted,
    list: List,
) -> Result<Vec<Item>, Failure> {
    match list {
        List::EligibilitySchedules | List::EligibilityInstances => {
            let all = eligibilities(ask, scope, wanted).await?;
            let (now, is_now) = (ask.plane.store.now(), list == List::EligibilityInstances);
            Ok(all.into_iter().filter(|it| !is_now || it.start <= now).collect())
        }
        List::AssignmentSchedules | List::AssignmentInstances => {
            let is_now = list == List::AssignmentInstances;
            let meant: &[Standing] =
                if is_now { &[Standing::Active] } else { &[Standing::Scheduled, Standing::Active] };
            let mut all = activated(ask, scope, wanted, meant).await?;
            all.extend(standing(ask, scope, wanted).await?);
            Ok(all)
        }
    }
}

/// What is held without being activated. Nobody asked for that.
async fn standing(ask: &Ask<'_>, scope: &Scope, wanted: &Wanted) -> Result<Vec<Item>, Failure> {
    let reach = if wanted.at_scope { Reach::AtAndAbove } else { Reach::Everywhere };
    let own = ask.context.caller.principal;
    let mine = wanted.as_target || wanted.assigned_to == Some(own.object);
    let whose = match (mine, wanted.principal.or(wanted.assigned_to)) {
        (true, _) => standing::Whose::Mine,
        (false, Some(object)) => standing::Whose::Naming(object),
        (false, None) => standing::Whose::Everyones,
    };
    if wanted.as_requestor {
        return Ok(Vec::new());
    }
    let found = standing::list(ask.plane, &ask.context, scope, (reach, whose)).await?;
    let mut items = Vec::new();
    for it in found {
        let Ok(name) = it.id.name().as_str().parse() else { continue };
        let at = it.id.scope();
        let membership = if at != scope && !scope.contains(at) {
            Membership::Inherited
        } else if it.principal != own && mine {
            Membership::Group
        } else {
            Membership::Direct
        };
        items.push(Item {
            name,
            held: held(ask, at, it.role, (it.principal, it.principal_type)).await?,
            membership,
            status: Status::Provisioned,
            start: it.created_on,
            end: None,
            created: it.created_on,
            of: Origin::Assignment { id: it.id.to_string() },
        });
    }
    Ok(items)
}

async fn activated(
    ask: &Ask<'_>,
    scope: &Scope,
    wanted: &Wanted,
    meant: &[Standing],
) -> Result<Vec<Item>, Failure> {
    if wanted.as_approver {
        return Err(bad(unknown()));
    }
    let filter = requests::filtered(wanted)?;
    let found = read::list(ask.plane, &ask.context, scope, filter).await?;
    let mut items = Vec::new();
    for it in found.into_iter().filter(|it| meant.contains(&it.standing)) {
        items.extend(item(ask, it).await?);
    }
    Ok(items)
}

/// None of what has no period.
async fn item(ask: &Ask<'_>, shown: Shown) -> Result<Option<Item>, Failure> {
    let Shown { it, standing } = shown;
    let (State::Granted { period, .. }, Ok(name)) = (&it.state, it.id.name().as_str().parse())
    else {
        return Ok(None);
    };
    let who = (it.who, PrincipalType::User);
    Ok(Some(Item {
        name,
        held: held(ask, it.id.scope(), it.eligibility.role, who).await?,
        membership: if it.eligibility.principal == it.who.object {
            Membership::Direct
        } else {
            Membership::Group
        },
        status: requests::status(standing),
        start: period.from(),
        end: Some(period.until()),
        created: it.asked.on,
        of: Origin::Activation { request: it.id.to_string(), eligibility: it.eligibility.name() },
    }))
}

async fn eligibilities(
    ask: &Ask<'_>,
    scope: &Scope,
    wanted: &Wanted,
) -> Result<Vec<Item>, Failure> {
    if wanted.as_approver || wanted.as_requestor {
        return Err(bad(unknown()));
    }
    let own = ask.context.caller.principal.object;
    // Of others nobody knows here which groups they are in.
    let mine = wanted.as_target || wanted.assigned_to == Some(own);
    let whose = if mine { eligibility::Whose::Mine } else { eligibility::Whose::Everyones };
    let named = wanted.principal.or(wanted.assigned_to.filter(|it| *it != own));
    let found = eligibility::list(ask.plane, &ask.context, scope, whose).await?;
    let mut items = Vec::new();
    for it in found {
        if is_meant(&it, scope, named, wanted.at_scope) {
            items.push(offered(ask, scope, it).await?);
        }
    }
    Ok(items)
}

fn is_meant(it: &Eligible, scope: &Scope, named: Option<ObjectId>, at_scope: bool) -> bool {
    let Eligibility { basis, principal, .. } = &it.eligibility;
    let is_below = basis.scope() != scope && scope.contains(basis.scope());
    named.is_none_or(|named| named == *principal) && !(at_scope && is_below)
}

async fn offered(ask: &Ask<'_>, scope: &Scope, it: Eligible) -> Result<Item, Failure> {
    let own = ask.context.caller.principal;
    let at = it.eligibility.basis.scope().clone();
    let who = Principal { tenant: it.managed_by, object: it.eligibility.principal };
    let is_inherited = at != *scope && at.contains(scope);
    let membership = match (it.eligibility.principal == own.object, is_inherited) {
        (false, _) if it.managed_by == own.tenant => Membership::Group,
        (_, true) => Membership::Inherited,
        (_, false) => Membership::Direct,
    };
    Ok(Item {
        name: it.eligibility.name(),
        held: held(ask, &at, it.eligibility.role, (who, kind(ask, who))).await?,
        membership,
        status: Status::Provisioned,
        start: it.period.map_or(it.since, OpenPeriod::from),
        end: it.period.and_then(OpenPeriod::until),
        created: it.since,
        of: Origin::Eligibility { request: it.request },
    })
}

/// What a principal is, for those of its own tenant: to others it is somebody.
fn kind(ask: &Ask<'_>, who: Principal) -> PrincipalType {
    use access::index::PrincipalKind;
    let is_own = who.tenant == ask.context.caller.principal.tenant;
    match ask.plane.index().principal(who).filter(|_| is_own).map(|it| it.kind) {
        Some(PrincipalKind::Group(_)) => PrincipalType::Group,
        Some(PrincipalKind::Application | PrincipalKind::ManagedIdentity) => {
            PrincipalType::ServicePrincipal
        }
        Some(PrincipalKind::User | PrincipalKind::Guest { .. }) | None => PrincipalType::User,
    }
}
