//! Whether a role may be assigned, and whether an assignment may go: facts in, verdict out.

use access::{
    attributes,
    index::{PrincipalFacts, PrincipalKind},
};
use condition::condition::{CHARS_MAX, Condition};
use ids::{
    guid::{ObjectId, Principal, TenantId},
    scope::Scope,
};
use jiff::Timestamp;
use model::role::{PrincipalType, RoleAssignment, RoleDefinition};

use super::{PutAssignment, Refused, Undelegated, type_name};
use crate::put::Put;

/// Azure's bound for a subscription with all that lies in it.
pub const SUBSCRIPTION_ASSIGNMENTS_MAX: usize = 4_000;
/// Azure's bound for a management group.
pub const GROUP_ASSIGNMENTS_MAX: usize = 500;
/// As long as a role's own description may become.
const DESCRIPTION_CHARS_MAX: usize = 2_048;

/// What is known when somebody assigns a role.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The scope's home tenant, which the principal must be in.
    pub home: TenantId,
    pub caller: Principal,
    /// What stands under this name already.
    pub existing: Option<RoleAssignment>,
    /// All that the principal was granted, anywhere.
    pub held: Vec<RoleAssignment>,
    /// The assignments of that name, anywhere in the home tenant and whosever they are.
    pub named: Vec<RoleAssignment>,
    /// The role, as the home tenant knows it.
    pub role: Option<RoleDefinition>,
    /// The scope of the assignment and each around it.
    pub around: Vec<Scope>,
    /// What the home tenant knows of the principal.
    pub principal: Option<PrincipalFacts>,
    /// Whose identity the named resource has, if it is one of this subscription.
    pub identity: Option<Principal>,
    /// How many assignments there are where the bound counts.
    pub count: usize,
    pub now: Timestamp,
}

/// The assignment that the request makes, leaves or changes.
pub fn put(request: PutAssignment, facts: &Facts) -> Result<Put<RoleAssignment>, Refused> {
    delegated(&request, facts)?;
    let role = facts.role.as_ref().filter(|role| assignable(role, &facts.around));
    let role = role.ok_or(Refused::NoRole(request.role))?;
    if !available(role, request.id.scope()) {
        return Err(Refused::DataOutsideSubscription(role.id));
    }
    bounded(&request)?;
    if let Some(existing) = facts.existing.clone() {
        return update(request, existing, facts);
    }
    let principal = Principal { tenant: facts.home, object: request.principal };
    if let Some(taken) = facts.held.iter().find(|held| same_grant(held, &request)) {
        return Err(exists(taken, facts));
    }
    if !facts.named.is_empty() {
        return Err(Refused::UpdateNotPermitted);
    }
    let principal_type = principal_type(&request, principal, facts.principal)?;
    let bound = bound(&request);
    if facts.count >= bound {
        return Err(Refused::LimitExceeded(bound));
    }
    let made_by = (facts.caller.tenant != facts.home).then_some(facts.caller.tenant);
    Ok(Put::Created(RoleAssignment {
        id: request.id,
        principal,
        principal_type,
        role: request.role,
        description: request.description,
        condition_version: version(request.condition.as_ref(), request.condition_version),
        condition: request.condition,
        delegated_managed_identity: request.managed_identity_of,
        made_by,
        created_by: Some(facts.caller.object),
        created_on: facts.now,
        updated_by: Some(facts.caller.object),
        updated_on: facts.now,
    }))
}

/// What binds a managing tenant's caller beyond the role's being listed, which access judges.
fn delegated(request: &PutAssignment, facts: &Facts) -> Result<(), Undelegated> {
    if facts.caller.tenant == facts.home {
        return Ok(());
    }
    let subscription = request.id.scope().subscription().ok_or(Undelegated::OutsideSubscription)?;
    let resource = request.managed_identity_of.as_ref().ok_or(Undelegated::NoResource)?;
    if request.principal_type != Some(PrincipalType::ServicePrincipal) {
        return Err(Undelegated::NoType);
    }
    let here = resource.scope().subscription() == Some(subscription);
    let principal = Principal { tenant: facts.home, object: request.principal };
    if here && facts.identity == Some(principal) { Ok(()) } else { Err(Undelegated::OtherIdentity) }
}

/// Whether the role can be assigned at the innermost of these scopes: a tenant's own only where
/// its assignable scopes say so.
pub(crate) fn assignable(role: &RoleDefinition, around: &[Scope]) -> bool {
    role.tenant.is_none() || role.assignable_scopes.iter().any(|it| around.contains(it))
}

/// A custom role that reaches data is assigned in subscriptions only (ARM contract, §3.1).
pub(crate) fn available(role: &RoleDefinition, scope: &Scope) -> bool {
    let reaches_data = role.permissions.iter().any(|it| !it.data_actions.is_empty());
    scope.subscription().is_some() || role.tenant.is_none() || !reaches_data
}

fn bounded(request: &PutAssignment) -> Result<(), Refused> {
    let texts = [
        ("condition", &request.condition, CHARS_MAX),
        ("description", &request.description, DESCRIPTION_CHARS_MAX),
    ];
    for (name, text, most) in texts {
        if text.as_ref().is_some_and(|text| text.chars().count() > most) {
            return Err(Refused::TooLong(name, most));
        }
    }
    understood(request.condition.as_deref(), request.condition_version.as_deref())
}

/// A condition is of the one version that there is, and says something. Without one, a version means
/// nothing.
fn understood(condition: Option<&str>, version: Option<&str>) -> Result<(), Refused> {
    match (condition, version) {
        (None, None | Some("2.0" | "1.0")) => Ok(()),
        (Some(text), None | Some("2.0")) => {
            let read = Condition::parse_of(text, attributes::is_known);
            read.map(drop).map_err(Refused::Condition)
        }
        (_, Some(other)) => Err(Refused::ConditionVersion(other.chars().take(20).collect())),
    }
}

/// A condition without a version is of the only one that there is.
fn version(condition: Option<&String>, given: Option<String>) -> Option<String> {
    given.or_else(|| condition.map(|_| "2.0".to_owned()))
}

/// Of an assignment, only what describes or narrows it may change.
fn update(
    request: PutAssignment,
    existing: RoleAssignment,
    facts: &Facts,
) -> Result<Put<RoleAssignment>, Refused> {
    let (principal, role) = (request.principal, request.role);
    let kind = request.principal_type.is_none_or(|kind| kind == existing.principal_type);
    let foreign = hidden(&existing, facts);
    if foreign || existing.principal.object != principal || existing.role != role || !kind {
        return Err(Refused::UpdateNotPermitted);
    }
    let after = RoleAssignment {
        description: request.description,
        condition_version: version(request.condition.as_ref(), request.condition_version),
        condition: request.condition,
        delegated_managed_identity: request
            .managed_identity_of
            .or_else(|| existing.delegated_managed_identity.clone()),
        ..existing.clone()
    };
    if after == existing {
        return Ok(Put::Unchanged(existing));
    }
    let updated_by = Some(facts.caller.object);
    Ok(Put::Updated(RoleAssignment { updated_by, updated_on: facts.now, ..after }))
}

fn same_grant(held: &RoleAssignment, request: &PutAssignment) -> bool {
    held.role == request.role && held.id.scope() == request.id.scope()
}

/// That the grant stands under another name; which, is told only to who may see it.
fn exists(taken: &RoleAssignment, facts: &Facts) -> Refused {
    let shown = !hidden(taken, facts);
    Refused::Exists(shown.then(|| taken.id.name().as_str().replace('-', "")))
}

fn hidden(assignment: &RoleAssignment, facts: &Facts) -> bool {
    !visible(assignment, facts.caller.tenant, facts.home)
}

/// Whether somebody of that tenant sees the assignment: the home tenant's people see all, a
/// managing tenant's only what their own tenant made (Lighthouse contract, B39).
pub fn visible(assignment: &RoleAssignment, viewer: TenantId, home: TenantId) -> bool {
    viewer == home || assignment.made_by == Some(viewer)
}

fn principal_type(
    request: &PutAssignment,
    principal: Principal,
    facts: Option<PrincipalFacts>,
) -> Result<PrincipalType, Refused> {
    let found = facts.map(|facts| type_of(facts.kind));
    match (request.principal_type, found) {
        (Some(wanted), Some(is)) if wanted != is => Err(Refused::OtherType {
            principal: principal.object,
            is: type_name(is),
            wanted: type_name(wanted),
        }),
        (Some(kind), _) | (None, Some(kind)) => Ok(kind),
        (None, None) => Err(Refused::NoPrincipal(principal)),
    }
}

/// What ARM calls such a principal.
pub(crate) fn type_of(kind: PrincipalKind) -> PrincipalType {
    match kind {
        PrincipalKind::User | PrincipalKind::Guest { .. } => PrincipalType::User,
        PrincipalKind::Group(_) => PrincipalType::Group,
        PrincipalKind::Application | PrincipalKind::ManagedIdentity => {
            PrincipalType::ServicePrincipal
        }
    }
}

/// How many assignments there may be where the request makes one.
fn bound(request: &PutAssignment) -> usize {
    match request.id.scope().subscription() {
        Some(_) => SUBSCRIPTION_ASSIGNMENTS_MAX,
        None => GROUP_ASSIGNMENTS_MAX,
    }
}

/// Who may see and remove what of an assignment that is to go.
#[derive(Clone, Debug)]
pub struct Removal {
    pub home: TenantId,
    pub viewer: TenantId,
    /// Whether nobody else could give access in the subscription afterwards.
    pub last_admin: bool,
}

/// Whether the assignment goes. None: for this caller there is none.
pub fn delete(
    existing: Option<RoleAssignment>,
    facts: &Removal,
) -> Result<Option<RoleAssignment>, Refused> {
    let seen = existing.filter(|it| visible(it, facts.viewer, facts.home));
    if seen.is_some() && facts.last_admin { Err(Refused::LastAdmin) } else { Ok(seen) }
}

/// Whether that principal is the one whom a filter asks for, directly or through its groups.
pub fn assigned_to(assignment: &RoleAssignment, whom: &[ObjectId]) -> bool {
    whom.contains(&assignment.principal.object)
}

#[cfg(test)]
mod tests;
