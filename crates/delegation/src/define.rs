//! Making a registration definition, and changing one.

use ids::{
    guid::{RoleId, TenantId},
    offer::{PlanId, Slot},
    resource::DefinitionId,
    scope::Scope,
};
use model::{
    delegation::{Accepted, Authorization, Definition, EligibleAuthorization},
    resource::SystemData,
    role::{OWNER, USER_ACCESS_ADMINISTRATOR},
};

use crate::{
    delegable::{Roles, Why, delegable, listable},
    dialect::{Dialect, TooOld},
    eligible,
    names::{self, NotAGuid},
};

/// Far above any real definition; Azure states no bound for templates (B32).
const AUTHORIZATIONS_MAX: usize = 500;
/// More than there are built-in roles.
const DELEGATED_ROLES_MAX: usize = 1000;
/// Far above what any portal shows.
const TEXT_CHARS_MAX: usize = 4096;

/// A definition as somebody wants it to be.
#[derive(Clone, Debug)]
pub struct Request {
    pub id: DefinitionId,
    pub managed_by: TenantId,
    pub name: Option<String>,
    pub description: Option<String>,
    pub authorizations: Vec<Authorization>,
    pub eligible: Vec<EligibleAuthorization>,
    /// The plan that all this is of, where it was taken from one ([`crate::take`]).
    pub accepted: Option<Accepted>,
    pub dialect: Dialect,
}

/// What the world looks like as the request is judged.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// The subscription's own tenant.
    pub owner: TenantId,
    pub existing: Option<Definition>,
    pub roles: Roles<'a>,
    /// What a new definition notes of its maker.
    pub made: SystemData,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Create(Definition),
    /// The new form, in the old one's place: it holds at once at every assignment (B14, B46).
    Update(Definition),
}

/// Why a definition is not written. The texts are Azure's where it has one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error(
        "The registration definition scope '{0}' is invalid. The scope should be '/subscriptions/<subscriptionId>'."
    )]
    NotAtSubscription(Scope),
    #[error(transparent)]
    Name(#[from] NotAGuid),
    #[error(transparent)]
    TooOld(#[from] TooOld),
    #[error(
        "The registration definition '{id}' is invalid. The tenant '{tenant}' is not allowed to use '{tenant}' as ManagedByTenantId."
    )]
    ToItself { id: DefinitionId, tenant: TenantId },
    #[error(
        "The property ManagedByTenantId not allowed to update for registration definition '{0}'."
    )]
    OtherTenant(DefinitionId),
    #[error(
        "The plan of registration definition '{0}' is not allowed to update, but for its version. Use another registration definition id."
    )]
    OtherPlan(DefinitionId),
    #[error("The registration definition '{0}' must have at least one authorization.")]
    NoAuthorization(DefinitionId),
    #[error("The registration definition has too many {0}: at most {1} are allowed.")]
    TooMany(&'static str, usize),
    #[error("The property '{0}' is longer than {TEXT_CHARS_MAX} characters.")]
    TooLong(&'static str),
    #[error("{}", role_text(.id, .role, *.why))]
    Role { id: DefinitionId, role: NamedRole, why: Why },
    #[error(
        "The authorization of role definition 'User Access Administrator' ({USER_ACCESS_ADMINISTRATOR}) in registration definition '{0}' must list delegatedRoleDefinitionIds."
    )]
    NothingDelegated(DefinitionId),
    #[error(
        "The property delegatedRoleDefinitionIds is allowed only with role definition 'User Access Administrator' ({USER_ACCESS_ADMINISTRATOR}), not with '{role}' in registration definition '{id}'."
    )]
    DelegatesByAnother { id: DefinitionId, role: NamedRole },
    #[error(
        "The role definition '{role}' is not allowed in the eligible authorizations of registration definition '{id}'. Restricted role definition ids: '{OWNER};{USER_ACCESS_ADMINISTRATOR}'."
    )]
    NeverEligible { id: DefinitionId, role: NamedRole },
    #[error(transparent)]
    Eligible(eligible::Refused),
}

/// A role as a refusal calls it: by its name, or by its id where it is unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedRole {
    pub id: RoleId,
    pub name: Option<String>,
}

impl std::fmt::Display for NamedRole {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.name {
            Some(name) => f.write_str(name),
            None => self.id.fmt(f),
        }
    }
}

fn role_text(id: &DefinitionId, role: &NamedRole, why: Why) -> String {
    match why {
        Why::NotBuiltIn => format!(
            "The role definition '{role}' not allowed for registration definition '{id}'. Only built in role definitions without any data and notData actions are allowed."
        ),
        Why::Owner | Why::UserAccessAdministrator => format!(
            "The role definition '{}' is restricted for registration in registration definition '{id}'.",
            role.id
        ),
        Why::DataActions => format!(
            "The role definition '{role}' with data actions not allowed for registration definition '{id}'. Only built in role definitions without any data and notData actions are allowed."
        ),
        Why::RestrictedActions => format!(
            "The role definition '{role}' not allowed for registration definition '{id}' because of restricted actions"
        ),
    }
}

impl Request {
    /// Every role that the request names: what its facts must tell of.
    pub fn roles(&self) -> impl Iterator<Item = RoleId> + '_ {
        let listed = |it: &Authorization| it.delegated_roles.clone().unwrap_or_default();
        self.authorizations
            .iter()
            .flat_map(move |it| listed(it).into_iter().chain([it.role]))
            .chain(self.eligible.iter().map(|it| it.role))
    }
}

/// Whether the definition may be so, and what becomes of it.
pub fn define(request: Request, facts: Facts<'_>) -> Result<Verdict, Refused> {
    placed(&request.id)?;
    request.dialect.speaks_of(&request.eligible)?;
    if request.managed_by == facts.owner {
        return Err(Refused::ToItself { id: request.id, tenant: facts.owner });
    }
    if let Some(before) = &facts.existing {
        if before.managed_by != request.managed_by {
            return Err(Refused::OtherTenant(request.id));
        }
        // What was taken from a plan says what the plan says; to say more takes another id.
        if plan_of(before.accepted.as_ref()) != plan_of(request.accepted.as_ref()) {
            return Err(Refused::OtherPlan(request.id));
        }
        request.dialect.speaks_of(&before.eligible)?;
    }
    bounded(&request)?;
    for it in &request.authorizations {
        authorized(&request.id, it, &facts.roles)?;
    }
    eligible::judge(&request.eligible, &facts.roles)
        .map_err(|refused| from_eligible(&request.id, refused, &facts.roles))?;
    Ok(match facts.existing {
        None => Verdict::Create(made(request, facts.made)),
        Some(before) => {
            let SystemData { created_by, created_by_type, created_at, .. } = facts.made;
            let noted = before.system_data.modified(&created_by, created_by_type, created_at);
            Verdict::Update(Definition { id: before.id, ..made(request, noted) })
        }
    })
}

/// Whether a definition may stand under that id at all.
pub(crate) fn placed(id: &DefinitionId) -> Result<(), Refused> {
    if !names::is_subscription(id.scope()) {
        return Err(Refused::NotAtSubscription(id.scope().clone()));
    }
    Ok(names::guid(id.as_resource(), "registration definition")?)
}

fn plan_of(accepted: Option<&Accepted>) -> Option<(&PlanId, Slot)> {
    accepted.map(|it| (&it.plan.plan, it.plan.slot))
}

fn bounded(request: &Request) -> Result<(), Refused> {
    let Request { id, name, description, authorizations, eligible, .. } = request;
    if authorizations.is_empty() {
        return Err(Refused::NoAuthorization(id.clone()));
    }
    for (what, count) in
        [("authorizations", authorizations.len()), ("eligibleAuthorizations", eligible.len())]
    {
        if count > AUTHORIZATIONS_MAX {
            return Err(Refused::TooMany(what, AUTHORIZATIONS_MAX));
        }
    }
    let shown = |it: &Authorization| it.display_name.clone();
    let displayed = authorizations.iter().map(shown);
    let displayed = displayed.chain(eligible.iter().map(|it| it.display_name.clone()));
    let mut texts =
        [("registrationDefinitionName", name.clone()), ("description", description.clone())]
            .into_iter()
            .chain(displayed.map(|text| ("principalIdDisplayName", text)));
    let long = |text: &Option<String>| {
        text.as_ref().is_some_and(|text| text.chars().nth(TEXT_CHARS_MAX).is_some())
    };
    texts.find(|(_, text)| long(text)).map_or(Ok(()), |(what, _)| Err(Refused::TooLong(what)))
}

/// Whether that one authorization may stand in the definition.
fn authorized(id: &DefinitionId, it: &Authorization, roles: &Roles<'_>) -> Result<(), Refused> {
    let refuse = |role, why| Refused::Role { id: id.clone(), role: named(role, roles), why };
    let delegated = it.delegated_roles.as_deref().unwrap_or_default();
    if it.role != USER_ACCESS_ADMINISTRATOR {
        delegable(it.role, roles).map_err(|why| refuse(it.role, why))?;
        // Clients send an empty list with every role (Terraform does).
        return if delegated.is_empty() {
            Ok(())
        } else {
            Err(Refused::DelegatesByAnother { id: id.clone(), role: named(it.role, roles) })
        };
    }
    if delegated.is_empty() {
        return Err(Refused::NothingDelegated(id.clone()));
    }
    if delegated.len() > DELEGATED_ROLES_MAX {
        return Err(Refused::TooMany("delegatedRoleDefinitionIds", DELEGATED_ROLES_MAX));
    }
    for role in delegated {
        listable(*role, roles).map_err(|why| refuse(*role, why))?;
    }
    Ok(())
}

fn named(id: RoleId, roles: &Roles<'_>) -> NamedRole {
    NamedRole { id, name: roles.get(&id).map(|it| it.name.clone()) }
}

/// A role's own fault reads the same wherever the role stands.
fn from_eligible(id: &DefinitionId, refused: eligible::Refused, roles: &Roles<'_>) -> Refused {
    match refused {
        eligible::Refused::Role(role, Why::Owner | Why::UserAccessAdministrator) => {
            Refused::NeverEligible { id: id.clone(), role: named(role, roles) }
        }
        eligible::Refused::Role(role, why) => {
            Refused::Role { id: id.clone(), role: named(role, roles), why }
        }
        own @ (eligible::Refused::Duration(_)
        | eligible::Refused::Approvers(..)
        | eligible::Refused::UnlikePolicies(_)) => Refused::Eligible(own),
    }
}

fn made(request: Request, system_data: SystemData) -> Definition {
    let Request {
        id,
        managed_by,
        name,
        description,
        authorizations,
        eligible,
        accepted,
        dialect: _,
    } = request;
    Definition {
        id,
        managed_by,
        name,
        description,
        authorizations,
        eligible,
        accepted,
        system_data,
    }
}

#[cfg(test)]
mod tests;
