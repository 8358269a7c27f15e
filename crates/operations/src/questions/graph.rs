//! Who reaches what, and through which chain: at a scope, or from one principal on.

use std::collections::{BTreeMap, BTreeSet};

use access::{
    graph::{Giving, Graph, Reaching, Wanted},
    index::PrincipalKind,
};
use ids::{
    guid::{Principal, RoleId},
    resource::DefinitionId,
    scope::Scope,
};

use super::{
    Asker, At, Told,
    facts::ask,
    names::{Names, Typed},
    sight::{Side, Sight},
};
use crate::{error::Error, plane::Plane};

/// So many grants, and so many memberships, are told at once.
pub const GRANTS_MAX: usize = 2_000;

/// What a graph is wanted of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub scope: Scope,
    /// Only what reaches this one, at the scope and below it; at the root of a tenant, in other
    /// tenants, too.
    pub from: Option<Principal>,
}

/// A graph, and what its parts are called and are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub graph: Graph,
    /// Those of whom the asker knows what they are.
    pub kinds: BTreeMap<Principal, PrincipalKind>,
    pub names: Names,
    pub typed: Typed,
    pub roles: BTreeMap<(Scope, RoleId), String>,
}

/// The chains that the asker may hear of.
pub async fn graph(
    plane: &Plane,
    asker: Asker<'_>,
    at: At,
    asked: &Asked,
) -> Result<Told<Named>, Error> {
    let told = ask(plane, asker, at, |sight| {
        let graph = match asked.from {
            None => around(sight, &asked.scope)?,
            Some(who) => from(sight, who, &asked.scope)?,
        };
        let names = graph.grants.iter();
        let roles = names.filter_map(|it| {
            let name = sight.role_name(&it.scope, it.role)?;
            Some(((it.scope.clone(), it.role), name))
        });
        let roles: BTreeMap<_, _> = roles.collect();
        let kinds = kinds(sight, &graph);
        Ok((graph, roles, kinds))
    })
    .await?;
    let (graph, _, kinds) = &told.value;
    let names = Names::of(plane, asker, kinds.keys().copied()).await?;
    let typed = Typed::of(plane, asker, definitions(graph)).await?;
    Ok(told.map(|(graph, roles, kinds)| Named { graph, kinds, names, typed, roles }))
}

fn around(sight: &Sight<'_>, scope: &Scope) -> Result<Graph, Error> {
    let (index, now, limit) = (sight.facts.index, sight.facts.now, GRANTS_MAX);
    let wanted = match sight.at(scope)? {
        Side::Home => Wanted { grantees_of: None, members_of: index.home(scope), limit },
        Side::Managing(viewer) => {
            Wanted { grantees_of: Some(viewer), members_of: Some(viewer), limit }
        }
        Side::Everything => Wanted { grantees_of: None, members_of: None, limit },
    };
    // Who reads at the scope need not read what stands around it, or where a deny assignment ends.
    Ok(index.graph_of(scope, wanted, |it| sight.side(&it.scope).is_some(), now))
}

fn from(sight: &Sight<'_>, who: Principal, scope: &Scope) -> Result<Graph, Error> {
    sight.at(scope)?;
    sight.own(who, scope)?;
    let (index, now) = (sight.facts.index, sight.facts.now);
    let is_everywhere = matches!(scope, Scope::Tenant(_));
    let around = index.lineage(scope);
    let tells = |it: &Reaching| {
        let is_near =
            is_everywhere || around.contains(&it.scope) || index.lineage(&it.scope).contains(scope);
        is_near && sight.side(&it.scope).is_some()
    };
    Ok(index.graph_from(who, GRANTS_MAX, tells, now))
}

/// What those are whom the asker's own tenant knows.
fn kinds(sight: &Sight<'_>, graph: &Graph) -> BTreeMap<Principal, PrincipalKind> {
    let members = graph.memberships.iter().flat_map(|it| [it.group, it.who()]);
    let all = graph.grants.iter().map(|it| it.grantee).chain(members);
    let all: BTreeSet<Principal> = all.filter(|it| sight.knows(*it)).collect();
    let kind = |who: Principal| Some((who, sight.facts.index.principal(who)?.kind));
    all.into_iter().filter_map(kind).collect()
}

fn definitions(graph: &Graph) -> BTreeSet<DefinitionId> {
    let definition = |by: &Giving| match by {
        Giving::Delegation { definition, .. } => Some(definition.clone()),
        Giving::Assignment(_) => None,
    };
    graph.grants.iter().filter_map(|it| definition(&it.by)).collect()
}
