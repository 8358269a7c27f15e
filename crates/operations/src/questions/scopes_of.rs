//! Where somebody may do something.

use ids::{guid::Principal, scope::Scope};
use model::question::Question;

use super::{Asker, At, Told, facts::ask};
use crate::{error::Error, plane::Plane};

/// So many scopes are told at once.
pub const SCOPES_MAX: usize = 1_000;

/// Some scopes, and whether there are more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scopes {
    pub found: Vec<Scope>,
    pub is_cut: bool,
}

/// The outermost scopes where the principal may do what is asked, at its question's scope and below
/// it; asked at the root of a tenant, those in other tenants, too. Where it may already around the
/// question's scope, that is the one.
pub async fn scopes_of(
    plane: &Plane,
    asker: Asker<'_>,
    at: At,
    (who, asked): (Principal, &Question),
) -> Result<Told<Scopes>, Error> {
    ask(plane, asker, at, |sight| {
        sight.at(&asked.scope)?;
        sight.own(who, &asked.scope)?;
        let (index, now) = (sight.facts.index, sight.facts.now);
        let at = |scope: &Scope| Question { scope: scope.clone(), ..asked.clone() };
        let around = index.lineage(&asked.scope);
        let is_everywhere = matches!(asked.scope, Scope::Tenant(_));
        let mut found = Vec::new();
        for scope in index.scopes_of_within(who, at, now) {
            if around.contains(&scope) {
                // What a deny assignment ends further in is not told by what is around it.
                if index.check_within(who, asked, now).is_allowed() {
                    found.push(asked.scope.clone());
                }
            } else if (is_everywhere || index.lineage(&scope).contains(&asked.scope))
                && sight.side(&scope).is_some()
            {
                found.push(scope);
            }
        }
        found.sort();
        found.dedup();
        let is_cut = found.len() > SCOPES_MAX;
        found.truncate(SCOPES_MAX);
        Ok(Scopes { found, is_cut })
    })
    .await
}
