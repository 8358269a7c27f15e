//! Role definitions: the built-in ones, which are every tenant's, and a tenant's own. Reading is
//! here; writing a tenant's own is in the modules below.

use std::collections::BTreeMap;

use access::index::Index;
use ids::{
    guid::{RoleId, TenantId},
    scope::Scope,
};
use model::{action::Action, question::Question, role::RoleDefinition};
use store::records::ranges;

use self::decide::shown;
use super::{Refused, decide::assignable, permissions::of_index};
use crate::{around, context::Context, error::Error, plane::Plane};

pub mod decide;
pub mod delete;
pub mod put;

/// What reading a role takes, where it can be assigned.
pub(crate) const READ: Action = Action::known("Microsoft.Authorization/roleDefinitions/read");

impl From<decide::Refused> for Error {
    fn from(refused: decide::Refused) -> Self {
        Refused::from(refused).into()
    }
}

/// Which roles are asked for; all that is given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// `roleName eq`, without regard to case.
    pub name: Option<String>,
    pub kind: Option<Kind>,
    /// `atScopeAndBelow()`: roles that can be assigned only below, too.
    pub below: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    BuiltIn,
    Custom,
}

/// The role of that GUID, as the scope's tenant knows it.
pub async fn get(
    plane: &Plane,
    context: &Context,
    scope: &Scope,
    name: &str,
) -> Result<RoleDefinition, Error> {
    let id = name.parse::<RoleId>().map_err(|_| Refused::NoDefinition(name.to_owned()))?;
    let viewer = context.caller.principal.tenant;
    let find = |index: &Index| {
        let home = index.home(scope)?;
        let role = known(index, viewer, scope, id)?;
        Some(shown(role.clone(), viewer, scope, home))
    };
    let found = of_index(plane, context, find).await?;
    found.ok_or_else(|| Refused::NoDefinition(name.to_owned()).into())
}

/// What roles are called that something at the scope names, as far as the caller may read them
/// there. The built-in ones are everybody's to read.
pub fn names(
    plane: &Plane,
    context: &Context,
    scope: &Scope,
    roles: impl IntoIterator<Item = RoleId>,
) -> BTreeMap<RoleId, String> {
    names_by(plane, context, &plane.index(), (scope, roles))
}

/// The same by the facts of that index.
pub(crate) fn names_by(
    plane: &Plane,
    context: &Context,
    index: &Index,
    (scope, roles): (&Scope, impl IntoIterator<Item = RoleId>),
) -> BTreeMap<RoleId, String> {
    let viewer = context.caller.principal.tenant;
    let reads = plane.allowed(index, context, &Question::any(READ, scope.clone()));
    let named = |id: RoleId| {
        let role = known(index, viewer, scope, id)?;
        (reads || role.tenant.is_none()).then(|| (id, role.name.clone()))
    };
    roles.into_iter().filter_map(named).collect()
}

/// The role of that id, if it is one that somebody of that tenant finds at the scope.
fn known<'a>(
    index: &'a Index,
    viewer: TenantId,
    scope: &Scope,
    id: RoleId,
) -> Option<&'a RoleDefinition> {
    let home = index.home(scope)?;
    let role = index.role(home, id)?;
    let is_near = || listed(role, scope, &index.lineage(scope), true);
    (role.tenant.is_none() || viewer == home || is_near()).then_some(role)
}

/// The roles that can be assigned at the scope, by name.
pub async fn list(
    plane: &Plane,
    context: &Context,
    scope: &Scope,
    filter: &Filter,
) -> Result<Vec<RoleDefinition>, Error> {
    let meant = |role: &RoleDefinition| meets(role, filter);
    let built_in = |index: &Index| {
        let roles: Vec<RoleDefinition> =
            index.catalogue().roles().filter(|role| meant(role)).cloned().collect();
        (roles, index.home(scope), index.lineage(scope))
    };
    let (mut roles, home, around) = of_index(plane, context, built_in).await?;
    if let Some(home) = home {
        let own = own(plane, context, home).await?;
        let here = |role: &RoleDefinition| listed(role, scope, &around, filter.below);
        let viewer = context.caller.principal.tenant;
        let here = own.into_iter().filter(|role| meant(role) && here(role));
        roles.extend(here.map(|role| shown(role, viewer, scope, home)));
    }
    roles.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.id.cmp(&b.id)));
    Ok(roles)
}

/// A tenant's own roles, all of them.
async fn own(
    plane: &Plane,
    context: &Context,
    home: TenantId,
) -> Result<Vec<RoleDefinition>, Error> {
    let snapshot = plane.store.snapshot().await?;
    let range = ranges::roles_of_tenant(home);
    let mut found = Vec::new();
    around::collect(&snapshot, &range, &mut found).await?;
    plane.release(context, snapshot, found).await
}

fn meets(role: &RoleDefinition, filter: &Filter) -> bool {
    let kind = if role.tenant.is_none() { Kind::BuiltIn } else { Kind::Custom };
    let named = |name: &String| role.name.eq_ignore_ascii_case(name);
    filter.name.as_ref().is_none_or(named) && filter.kind.is_none_or(|it| it == kind)
}

/// Whether a custom role can be assigned at the scope, or, if that is asked, somewhere below it.
fn listed(role: &RoleDefinition, scope: &Scope, around: &[Scope], below: bool) -> bool {
    let inside = |it: &Scope| below && scope.contains(it);
    assignable(role, around) || role.assignable_scopes.iter().any(inside)
}

#[cfg(test)]
mod tests {
    use model::samples::{CUSTOMER, READER, resource_group, whole};

    use super::*;

    fn custom(at: Scope) -> RoleDefinition {
        RoleDefinition {
            id: READER,
            tenant: Some(CUSTOMER),
            name: "Operator".to_owned(),
            description: String::new(),
            permissions: Vec::new(),
            assignable_scopes: vec![at],
            written: None,
        }
    }

    #[test]
    fn a_filter_compares_names_without_regard_to_case() {
        let role = custom(whole());
        let named = |name: &str| Filter { name: Some(name.to_owned()), ..Filter::default() };
        assert!(meets(&role, &named("OPERATOR")));
        assert!(!meets(&role, &named("Operators")));
        assert!(!meets(&role, &Filter { kind: Some(Kind::BuiltIn), ..named("Operator") }));
        assert!(meets(&role, &Filter { kind: Some(Kind::Custom), ..named("Operator") }));
    }

    #[test]
    fn a_custom_role_is_listed_where_it_can_be_assigned() {
        let around = [resource_group("app"), whole(), Scope::Tenant(CUSTOMER)];
        let cases = [
            ("around", custom(whole()), resource_group("app"), false, true),
            ("elsewhere", custom(resource_group("rg1")), resource_group("app"), true, false),
            ("below, not asked", custom(resource_group("app")), whole(), false, false),
            ("below, asked", custom(resource_group("app")), whole(), true, true),
        ];
        for (name, role, scope, below, expected) in cases {
            let around = if scope == whole() { &around[1..] } else { &around[..] };
            assert_eq!(listed(&role, &scope, around, below), expected, "{name}");
        }
    }
}
