//! `GET /tenants`.

use model::directory::Tenant;
use operations::tenants::{Relation, Wanted};
use wire::arm::scopes::{LinkedListBody, TenantBody, TenantCategory};

use crate::{
    request::{ArmResponse, Method::Get},
    route::{Answer, Ask, Judge::Each, Level, Route, Target::Words, Versions::These, row},
    versions::SUBSCRIPTIONS,
};

pub(crate) const ROUTES: &[Route] = &[row(
    Get,
    Words(Level::Tenant, &["tenants"]),
    These(SUBSCRIPTIONS),
    Each("Microsoft.Resources/tenants/read"),
    list,
)];

/// Home tenants only, unless all categories are asked for: clients sign in to each they are told.
pub(crate) fn list(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let all = ask.query.get("$includeAllTenantCategories");
        let all = all.is_some_and(|value| value.eq_ignore_ascii_case("true"));
        let wanted = if all { Wanted::All } else { Wanted::Home };
        let found = operations::tenants::list(ask.plane, &ask.context, wanted).await?;
        let old = ask.version < "2020-01-01";
        let body = |(tenant, relation): (Tenant, Relation)| {
            if old {
                TenantBody::bare(tenant.id)
            } else {
                TenantBody::new(tenant, category(relation))
            }
        };
        let value = found.into_iter().map(body).collect();
        Ok(ArmResponse::json(200, LinkedListBody { value, next_link: None }))
    })
}

fn category(relation: Relation) -> TenantCategory {
    match relation {
        Relation::Home => TenantCategory::Home,
        Relation::ProjectedBy => TenantCategory::ProjectedBy,
        Relation::ManagedBy => TenantCategory::ManagedBy,
    }
}
