//! `eligibleChildResources`: where in a scope the caller may activate something.

use ids::scope::Scope;
use operations::activation::children;
use wire::arm::{
    just_in_time::children::{ChildBody, Kinds, read},
    scopes::ListBody,
};

use super::named;
use crate::{
    failure::Failure,
    handlers::roles::filter::bad,
    request::ArmResponse,
    route::{Answer, Ask},
};

pub(super) fn list(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let kinds = kinds(&ask)?;
        let found = children::list(ask.plane, &ask.context, &ask.scope()).await?;
        let mut value = Vec::new();
        for scope in found.into_iter().filter(|it| is_meant(kinds, it)) {
            let (name, kind) = named(&ask, &scope).await?;
            value.push(ChildBody { id: scope.to_string(), name, r#type: kind });
        }
        Ok(ArmResponse::json(200, ListBody::whole(value)))
    })
}

fn kinds(ask: &Ask<'_>) -> Result<Kinds, Failure> {
    let text = ask.query.get("$filter").filter(|it| !it.trim().is_empty());
    let read = text.map_or(Ok(Kinds::ALL), read);
    read.map_err(|refused| bad(refused.to_string()))
}

fn is_meant(kinds: Kinds, scope: &Scope) -> bool {
    match scope {
        Scope::Subscription(_) => kinds.subscriptions,
        Scope::ResourceGroup(..) => kinds.groups,
        Scope::Tenant(_) | Scope::ManagementGroup(..) | Scope::Resource(_) => false,
    }
}
