//! Marketplace registration definitions: what published plans ask for.

use ids::{guid::TenantId, offer::PlanVersion};
use model::market::manifest::Manifest;
use serde::Serialize;

use super::{
    definition::{AuthorizationBody, PlanBody},
    eligible::EligibleBody,
    generation::Generation,
};
use delegation::dialect::Dialect;

/// What kind of thing it is.
pub const KIND: &str = "Microsoft.ManagedServices/marketplaceRegistrationDefinitions";

/// A version of a plan as ARM shows it.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MarketplaceBody {
    properties: Properties,
    plan: PlanBody,
    id: String,
    r#type: &'static str,
    name: String,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Properties {
    managed_by_tenant_id: TenantId,
    authorizations: Vec<AuthorizationBody>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    eligible_authorizations: Vec<EligibleBody>,
    offer_display_name: String,
    publisher_display_name: String,
    plan_display_name: String,
}

/// What things are called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Titles {
    pub offer: String,
    pub publisher: String,
    pub plan: String,
}

impl MarketplaceBody {
    /// The version, at the scope where it was asked for; empty for none.
    pub fn new(
        version: PlanVersion,
        manifest: Manifest,
        titles: Titles,
        scope: &str,
        generation: Generation,
    ) -> Self {
        let name = version.to_string();
        let Manifest { tenant, authorizations, eligible } = manifest;
        // A list in an older version shows the rest of a plan, too.
        let eligible = match generation.dialect() {
            Dialect::Eligible => eligible,
            Dialect::Plain => Vec::new(),
        };
        Self {
            properties: Properties {
                managed_by_tenant_id: tenant,
                authorizations: authorizations.into_iter().map(AuthorizationBody::from).collect(),
                eligible_authorizations: eligible.into_iter().map(EligibleBody::from).collect(),
                offer_display_name: titles.offer,
                publisher_display_name: titles.publisher,
                plan_display_name: titles.plan,
            },
            plan: version.into(),
            id: format!("{scope}/providers/{KIND}/{name}"),
            r#type: KIND,
            name,
        }
    }
}
