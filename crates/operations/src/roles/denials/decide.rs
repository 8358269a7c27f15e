//! Whether a deny assignment may be written as it is asked for (ARM contract, §3.6), and who sees
//! what of one: facts in, verdict out.

use ids::guid::{ObjectId, TenantId};
use model::role::{Denied, DenyAssignment, Permission};

use crate::roles::definitions::decide as roles;

/// As long as a role's own name may become.
const NAME_CHARS_MAX: usize = 512;
/// As long as a role's own description may become.
const DESCRIPTION_CHARS_MAX: usize = 2_048;
/// Each check at the scope and below it may look through all of them.
const PRINCIPALS_MAX: usize = 1_000;

/// Why a deny assignment was not written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("The deny assignment ID '{0}' is not valid. The deny assignment ID must be a GUID.")]
    NotAGuid(String),
    #[error("A deny assignment needs a name of at most {NAME_CHARS_MAX} characters.")]
    Name,
    #[error("The property 'description' is longer than {DESCRIPTION_CHARS_MAX} characters.")]
    Description,
    #[error("A deny assignment needs at least one action or data action that it denies.")]
    Nothing,
    #[error(
        "A deny assignment needs principals: the all-zero 'SystemDefined' one alone, which is everyone, or {PRINCIPALS_MAX} others at most. Everyone cannot be excluded."
    )]
    Principals,
    #[error(transparent)]
    Permission(#[from] roles::Refused),
}

/// Which deny assignments are asked for by whom they name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    Everyones,
    /// `principalId eq`: those against exactly this one.
    Naming(ObjectId),
    /// `assignedTo()`: those that stand against this one, through groups and through everyone.
    Reaching(ObjectId),
    /// `gdprExportPrincipalId eq`: those that name this one, even to spare it.
    Mentioning(ObjectId),
}

/// What can be said of the request without any fact.
pub fn valid(deny: &DenyAssignment) -> Result<(), Refused> {
    let control = deny.name.chars().any(char::is_control);
    if deny.name.trim().is_empty() || control || deny.name.chars().count() > NAME_CHARS_MAX {
        return Err(Refused::Name);
    }
    if deny.description.chars().count() > DESCRIPTION_CHARS_MAX {
        return Err(Refused::Description);
    }
    roles::permissions(&deny.permissions)?;
    let denies = |it: &Permission| !it.actions.is_empty() || !it.data_actions.is_empty();
    if !deny.permissions.iter().any(denies) {
        return Err(Refused::Nothing);
    }
    let named = match &deny.principals {
        Denied::Everyone => 1,
        Denied::These(principals) => principals.len(),
    };
    let all = named.saturating_add(deny.exclude.len());
    if named == 0 || all > PRINCIPALS_MAX { Err(Refused::Principals) } else { Ok(()) }
}

/// Whether the filter means the deny assignment; `groups` are those whose rights the one shares
/// whom it asks for.
pub fn meant(deny: &DenyAssignment, whose: &Whose, groups: &[ObjectId]) -> bool {
    let names = |list: &[ids::guid::Principal], who: &[ObjectId]| {
        list.iter().any(|it| who.contains(&it.object))
    };
    let against = |who: &[ObjectId]| match &deny.principals {
        Denied::Everyone => false,
        Denied::These(list) => names(list, who),
    };
    match whose {
        Whose::Everyones => true,
        Whose::Naming(who) => against(&[*who]),
        Whose::Reaching(who) => {
            let all: Vec<ObjectId> = groups.iter().copied().chain([*who]).collect();
            let reached = deny.principals == Denied::Everyone || against(&all);
            reached && !names(&deny.exclude, &all)
        }
        Whose::Mentioning(who) => against(&[*who]) || names(&deny.exclude, &[*who]),
    }
}

/// The deny assignment as somebody of that tenant sees it: to a managing tenant's people only
/// what stands against everyone, and never who of the customer's is spared.
pub fn shown(deny: DenyAssignment, viewer: TenantId, home: TenantId) -> Option<DenyAssignment> {
    if viewer == home {
        return Some(deny);
    }
    let everyones = deny.principals == Denied::Everyone;
    everyones.then(|| DenyAssignment { exclude: Vec::new(), ..deny })
}

#[cfg(test)]
mod tests;
