//! Deny assignments: what some may not do, whatever is granted. Only the platform makes them;
//! reading is here, writing in the modules below.

use ids::{
    guid::{ObjectId, Principal},
    resource::DenyAssignmentId,
    scope::Scope,
};
use model::role::DenyAssignment;
use store::records::ranges;

use self::decide::{Whose, meant, shown};
use super::Refused;
use crate::{
    around::{Kind, Reach},
    context::Context,
    error::Error,
    plane::Plane,
};

pub mod decide;
pub mod delete;
pub mod put;

const DENIALS: Kind =
    Kind { name: "Microsoft.Authorization/denyAssignments", below: ranges::deny_assignments_below };

/// Which deny assignments are asked for; all that is given must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    pub reach: Reach,
    /// `denyAssignmentName eq`, without regard to case.
    pub name: Option<String>,
    pub whose: Whose,
}

impl From<decide::Refused> for Error {
    fn from(refused: decide::Refused) -> Self {
        Refused::from(refused).into()
    }
}

/// The deny assignment of that id, as far as the caller may see it.
pub async fn get(
    plane: &Plane,
    context: &Context,
    id: DenyAssignmentId,
) -> Result<DenyAssignment, Error> {
    let found = plane.find::<DenyAssignment>(context, &id).await?;
    let viewer = context.caller.principal.tenant;
    let home = plane.index().home(id.scope());
    let seen = found.zip(home).and_then(|(found, home)| shown(found, viewer, home));
    seen.ok_or_else(|| Refused::NoDenial(id.name().to_string()).into())
}

/// The deny assignments at the scope, around it and, if the reach goes there, below it.
pub async fn list(
    plane: &Plane,
    context: &Context,
    scope: &Scope,
    filter: &Filter,
) -> Result<Vec<DenyAssignment>, Error> {
    let found: Vec<DenyAssignment> = DENIALS.list(plane, context, scope, filter.reach).await?;
    let index = plane.index();
    let Some(home) = index.home(scope) else { return Ok(Vec::new()) };
    let groups: Vec<ObjectId> = match filter.whose {
        Whose::Reaching(object) => {
            let groups = index.groups_of(Principal { tenant: home, object });
            groups.into_iter().map(|group| group.object).collect()
        }
        Whose::Everyones | Whose::Naming(_) | Whose::Mentioning(_) => Vec::new(),
    };
    let viewer = context.caller.principal.tenant;
    let named = |it: &DenyAssignment| {
        filter.name.as_ref().is_none_or(|name| it.name.eq_ignore_ascii_case(name))
    };
    let seen = found.into_iter().filter_map(|it| shown(it, viewer, home));
    Ok(seen.filter(|it| named(it) && meant(it, &filter.whose, &groups)).collect())
}
