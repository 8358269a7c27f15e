//! Accepting a definition at a scope.

use ids::{
    guid::TenantId,
    name::GroupName,
    offer::PartnerId,
    resource::{AssignmentId, DefinitionId},
    scope::Scope,
};
use model::{
    delegation::{Assignment, Definition},
    period::{OpenPeriod, Phase},
    resource::SystemData,
};

use crate::{
    dialect::{Dialect, TooOld},
    names::{self, NotAGuid},
};

/// An assignment as somebody wants it to be.
#[derive(Clone, Debug)]
pub struct Request {
    pub id: AssignmentId,
    pub definition: DefinitionId,
    /// The definition's id as the caller wrote it.
    pub definition_as_sent: String,
    /// When it is to count; as it was, where nothing is said, and always at first.
    pub period: Option<OpenPeriod>,
    pub dialect: Dialect,
}

/// What the world looks like as the request is judged.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The subscription's own tenant.
    pub owner: TenantId,
    pub definition: Option<Definition>,
    pub existing: Option<Assignment>,
    /// Every assignment of the definition.
    pub others: Vec<Assignment>,
    /// Whether the resource group of the scope, if it is one, is there.
    pub group: GroupFact,
    /// Whether the end of a like delegation took something of this one along (azure profile).
    pub is_diminished: bool,
    /// Whose influence a new assignment counts for, where the definition is of a plan.
    pub partner: Option<PartnerId>,
    /// What a new assignment notes of its maker.
    pub made: SystemData,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupFact {
    /// The scope is no resource group.
    NotAsked,
    Present,
    Absent,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Create(Assignment),
    /// It stands there just so.
    Keep(Assignment),
    /// It stands there, and to put it again brings back what it had lost (B56).
    Restore(Assignment),
    /// It stands there, and is to count at another time.
    Reschedule(Assignment),
}

/// Why a definition is not assigned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error(
        "The registration assignment scope '{0}' is invalid. The scope should be '/subscriptions/<subscriptionId>' or '/subscriptions/<subscriptionId>/resourceGroups/<resourceGroupName>'."
    )]
    NotDelegable(Scope),
    #[error(transparent)]
    Name(#[from] NotAGuid),
    #[error(
        "The registration definition '{0}' is invalid. The registration definition must be at the subscription of the registration assignment."
    )]
    ForeignDefinition(DefinitionId),
    #[error("Resource group '{0}' could not be found.")]
    NoGroup(GroupName),
    #[error("The registration definition '{0}' could not be found.")]
    NoDefinition(DefinitionId),
    #[error(transparent)]
    TooOld(#[from] TooOld),
    #[error(
        "The registration definition '{id}' is invalid. The tenant '{tenant}' is not allowed to use '{tenant}' as ManagedByTenantId."
    )]
    ToItself { id: DefinitionId, tenant: TenantId },
    #[error(
        "The registration assignment '{id}' exists with registration definition '{definition}'. Delete it to assign another registration definition under this name."
    )]
    Taken { id: AssignmentId, definition: DefinitionId },
    #[error(
        "Multiple registration assignments are not allowed for the same scope '{scope}' and registration definition '{definition}'."
    )]
    AssignedAlready { scope: Scope, definition: DefinitionId },
    #[error("The registration assignment '{0}' is invalid. It must not end before now.")]
    OverAlready(AssignmentId),
}

/// Whether the definition may be accepted there.
pub fn assign(request: Request, facts: Facts) -> Result<Verdict, Refused> {
    placed(&request)?;
    let Request { id, definition, definition_as_sent, period, dialect } = request;
    if let (Some(name), GroupFact::Absent) = (id.scope().resource_group(), facts.group) {
        return Err(Refused::NoGroup(name.clone()));
    }
    let Some(offered) = facts.definition else {
        return Err(Refused::NoDefinition(definition));
    };
    dialect.speaks_of(&offered.eligible)?;
    // The subscription may have moved since the definition was made (B57).
    if offered.managed_by == facts.owner {
        return Err(Refused::ToItself { id: definition, tenant: facts.owner });
    }
    match facts.existing {
        Some(existing) if existing.definition == definition => {
            if let Some(period) = period.filter(|it| existing.period != Some(*it)) {
                ahead(&id, period, &facts.made)?;
                let system_data = touched(&existing.system_data, &facts.made);
                let period = Some(period);
                return Ok(Verdict::Reschedule(Assignment { period, system_data, ..existing }));
            }
            let again = if facts.is_diminished { Verdict::Restore } else { Verdict::Keep };
            return Ok(again(existing));
        }
        Some(existing) => return Err(Refused::Taken { id, definition: existing.definition }),
        None => {}
    }
    // Subscription and group may overlap, and so may several definitions; only the same one
    // twice at the same place may not (B11, B12, B13).
    let here =
        |other: &Assignment| other.definition == definition && other.id.scope() == id.scope();
    if facts.others.iter().any(here) {
        return Err(Refused::AssignedAlready { scope: id.scope().clone(), definition });
    }
    if let Some(period) = period {
        ahead(&id, period, &facts.made)?;
    }
    Ok(Verdict::Create(Assignment {
        id,
        definition,
        definition_as_sent,
        managed_by: offered.managed_by,
        partner: facts.partner,
        period,
        system_data: facts.made,
    }))
}

/// What is over before it begins was hardly meant.
fn ahead(id: &AssignmentId, period: OpenPeriod, made: &SystemData) -> Result<(), Refused> {
    match period.phase(made.created_at) {
        Phase::Ahead | Phase::Within => Ok(()),
        Phase::Over => Err(Refused::OverAlready(id.clone())),
    }
}

fn touched(before: &SystemData, by: &SystemData) -> SystemData {
    before.modified(&by.created_by, by.created_by_type, by.created_at)
}

/// What the ids alone tell: nobody learns whether a stranger's definition exists (B9).
fn placed(request: &Request) -> Result<(), Refused> {
    let (id, definition) = (&request.id, &request.definition);
    match id.scope() {
        Scope::Subscription(_) | Scope::ResourceGroup(..) => {}
        Scope::Tenant(_) | Scope::ManagementGroup(..) | Scope::Resource(_) => {
            return Err(Refused::NotDelegable(id.scope().clone()));
        }
    }
    names::guid(id.as_resource(), "registration assignment")?;
    let own = id.scope().subscription().map(Scope::Subscription);
    if own.as_ref() != Some(definition.scope()) {
        return Err(Refused::ForeignDefinition(definition.clone()));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
