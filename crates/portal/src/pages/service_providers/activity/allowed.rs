//! Whom a subscription may be delegated to: Azure's own policy of allowed managing tenants, where
//! it is assigned.

use std::collections::BTreeMap;

use arm::request::Method::Get;
use ids::{
    guid::{SubscriptionId, TenantId},
    scope::Scope,
};
use model::resource::Resource;
use operations::{
    context::Context,
    policies::read::{self, Found, Listing, Reach},
};
use policy::kind::Kind;

use crate::{ask::Ask, trouble::Trouble, words::Id};

/// *Allow managing tenant ids to onboard through Azure Lighthouse*.
const ALLOWED_TENANTS: &str = "7a8a51a3-ad87-4def-96f3-65a1839242b6";
/// The api-version of policy assignments.
const POLICIES: &str = "2022-06-01";

/// One assignment of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Allowed {
    pub(super) name: String,
    pub(super) scope: String,
    pub(super) is_enforced: bool,
    pub(super) tenants: Vec<Tenant>,
}

/// A tenant that may manage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tenant {
    /// Where something is delegated to it already.
    pub(super) name: Option<String>,
    pub(super) id: Id,
}

/// All that hold in the subscription.
pub(super) async fn allowed(
    ask: &Ask,
    id: SubscriptionId,
    managing: &BTreeMap<TenantId, String>,
) -> Result<Vec<Allowed>, Trouble> {
    let plane = ask.plane();
    let path = format!("/subscriptions/{id}/providers/{}", Kind::Assignment.name());
    let listing = Listing {
        scope: Scope::Subscription(id),
        kind: Kind::Assignment,
        reach: Reach::AtAndAbove,
    };
    let work = |context: Context| async move { read::list(plane, &context, &listing).await };
    let found = ask.arm((Get, path, POLICIES), work).await?;
    let kept = found.into_iter().filter_map(|it| match it {
        Found::Kept(shown) => Some(shown.resource),
        Found::BuiltIn(..) => None,
    });
    Ok(kept.filter_map(|it| told(&it, managing)).collect())
}

/// What an assignment says, if it is one of that policy.
fn told(it: &Resource, managing: &BTreeMap<TenantId, String>) -> Option<Allowed> {
    let of = it.properties.get("policyDefinitionId")?.as_str()?.to_ascii_lowercase();
    if !of.ends_with(&format!("/{ALLOWED_TENANTS}")) {
        return None;
    }
    let word = |name: &str| it.properties.get(name).and_then(|it| it.as_str());
    let parameters = it.properties.get("parameters");
    let listed = parameters.and_then(|it| it.get("listOfAllowedTenants")?.get("value")?.as_array());
    let tenant = |text: &str| {
        let known = text.parse().ok().and_then(|id| managing.get(&id).cloned());
        Tenant { name: known, id: Id::new(text) }
    };
    let listed = listed.into_iter().flatten().filter_map(|it| it.as_str()).map(tenant);
    Some(Allowed {
        name: word("displayName").map_or_else(|| it.id.name().to_string(), str::to_owned),
        scope: it.id.scope().to_string(),
        is_enforced: word("enforcementMode") != Some("DoNotEnforce"),
        tenants: listed.collect(),
    })
}
