//! Registration definitions.

use delegation::{
    define,
    dialect::Dialect,
    take::{self, Plan, Said},
    visible::Parties,
};
use ids::{
    guid::{ObjectId, RoleId, TenantId},
    offer::{PlanId, PlanVersion},
    resource::DefinitionId,
};
use model::{
    delegation::{Authorization, Definition, EligibleAuthorization},
    deployment::ProvisioningState,
};
use serde::Serialize;

use super::{
    eligible::{self, EligibleBody},
    generation::Generation,
};
use crate::arm::{
    content::{BadContent, Content, Field, Fields},
    resource::SystemDataBody,
};

/// What the body of a `PUT` asks for.
#[derive(Clone, Debug)]
pub enum Asked {
    /// What the caller says.
    Own(define::Request),
    /// What a published plan says.
    OfPlan(take::Request),
}

/// Reads the body of a `PUT`. What a plan says may be left out where there is one.
pub fn read(id: DefinitionId, body: &[u8], generation: Generation) -> Result<Asked, BadContent> {
    let content = Content::parse(body)?;
    let whole = content.fields()?;
    if let Some(named) = whole.find("plan") {
        return of_plan(id, &whole, plan(named)?, generation).map(Asked::OfPlan);
    }
    let properties = whole.get("properties")?.fields()?;
    Ok(Asked::Own(define::Request {
        id,
        managed_by: properties.get("managedByTenantId")?.guid()?,
        name: optional_text(&properties, "registrationDefinitionName")?,
        description: optional_text(&properties, "description")?,
        authorizations: properties.get("authorizations")?.each(authorization)?,
        eligible: eligible(&properties)?.unwrap_or_default(),
        accepted: None,
        dialect: generation.dialect(),
    }))
}

fn of_plan(
    id: DefinitionId,
    whole: &Fields<'_>,
    plan: Plan,
    generation: Generation,
) -> Result<take::Request, BadContent> {
    let dialect = generation.dialect();
    let Some(properties) = whole.find("properties").map(Field::fields).transpose()? else {
        let (said, name, description) = (Said::default(), None, None);
        return Ok(take::Request { id, plan, said, name, description, dialect });
    };
    let said = Said {
        managed_by: properties.find("managedByTenantId").map(|it| it.guid()).transpose()?,
        authorizations: properties
            .find("authorizations")
            .map(|it| it.each(authorization))
            .transpose()?,
        eligible: eligible(&properties)?,
    };
    let name = optional_text(&properties, "registrationDefinitionName")?;
    let description = optional_text(&properties, "description")?;
    Ok(take::Request { id, plan, said, name, description, dialect })
}

fn eligible(of: &Fields<'_>) -> Result<Option<Vec<EligibleAuthorization>>, BadContent> {
    of.find("eligibleAuthorizations").map(|it| it.each(eligible::read)).transpose()
}

pub(crate) fn optional_text(of: &Fields<'_>, name: &str) -> Result<Option<String>, BadContent> {
    of.find(name).map(|field| field.text().map(str::to_owned)).transpose()
}

pub(crate) fn authorization(field: Field<'_>) -> Result<Authorization, BadContent> {
    let it = field.fields()?;
    let delegated = it.find("delegatedRoleDefinitionIds");
    Ok(Authorization {
        principal: it.get("principalId")?.guid()?,
        role: it.get("roleDefinitionId")?.guid()?,
        display_name: optional_text(&it, "principalIdDisplayName")?,
        delegated_roles: delegated.map(|it| it.each(|role| role.guid())).transpose()?,
    })
}

fn plan(field: Field<'_>) -> Result<Plan, BadContent> {
    let it = field.fields()?;
    let word = |name| it.get(name)?.text().map(str::to_owned);
    Ok(Plan {
        name: word("name")?,
        publisher: word("publisher")?,
        product: word("product")?,
        version: word("version")?,
    })
}

/// A definition as ARM shows it.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DefinitionBody {
    properties: DefinitionProperties,
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<PlanBody>,
    id: String,
    r#type: &'static str,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    system_data: Option<SystemDataBody>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct DefinitionProperties {
    #[serde(skip_serializing_if = "Option::is_none")]
    registration_definition_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    managed_by_tenant_id: TenantId,
    authorizations: Vec<AuthorizationBody>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    eligible_authorizations: Vec<EligibleBody>,
    provisioning_state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    managee_tenant_id: Option<TenantId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    managee_tenant_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    managed_by_tenant_name: Option<String>,
}

/// A plan's version as a definition names it.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct PlanBody {
    name: String,
    publisher: String,
    product: String,
    version: String,
}

impl From<PlanVersion> for PlanBody {
    fn from(it: PlanVersion) -> Self {
        let PlanVersion { plan: PlanId { offer, name }, slot, version } = it;
        Self {
            name: name.into(),
            product: slot.product(&offer.name),
            publisher: offer.publisher.into(),
            version: version.into(),
        }
    }
}

#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AuthorizationBody {
    principal_id: ObjectId,
    #[serde(skip_serializing_if = "Option::is_none")]
    principal_id_display_name: Option<String>,
    role_definition_id: RoleId,
    #[serde(skip_serializing_if = "Option::is_none")]
    delegated_role_definition_ids: Option<Vec<RoleId>>,
}

impl From<Authorization> for AuthorizationBody {
    fn from(authorization: Authorization) -> Self {
        let Authorization { principal, role, display_name, delegated_roles } = authorization;
        Self {
            principal_id: principal,
            principal_id_display_name: display_name,
            role_definition_id: role,
            delegated_role_definition_ids: delegated_roles,
        }
    }
}

/// Where a definition is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Alone,
    /// In its assignment, where every generation shows the customer.
    Embedded,
}

impl DefinitionBody {
    /// A definition that stands alone.
    pub fn new(
        definition: Definition,
        parties: Parties,
        state: ProvisioningState,
        generation: Generation,
    ) -> Self {
        Self::placed(Place::Alone, definition, parties, state, generation)
    }

    pub(super) fn placed(
        place: Place,
        definition: Definition,
        parties: Parties,
        state: ProvisioningState,
        generation: Generation,
    ) -> Self {
        let Definition {
            id,
            managed_by,
            name,
            description,
            authorizations,
            eligible,
            accepted,
            system_data,
        } = definition;
        let shows_customer = place == Place::Embedded || generation.shows_customer();
        // A list in an older version shows the rest of a definition, too.
        let eligible = match generation.dialect() {
            Dialect::Eligible => eligible,
            Dialect::Plain => Vec::new(),
        };
        let properties = DefinitionProperties {
            registration_definition_name: name,
            description,
            managed_by_tenant_id: managed_by,
            authorizations: authorizations.into_iter().map(AuthorizationBody::from).collect(),
            eligible_authorizations: eligible.into_iter().map(EligibleBody::from).collect(),
            provisioning_state: state.as_str(),
            managee_tenant_id: shows_customer.then_some(parties.customer),
            managee_tenant_name: parties.customer_name.filter(|_| shows_customer),
            managed_by_tenant_name: parties.managing_name,
        };
        Self {
            properties,
            plan: accepted.map(|it| it.plan.into()),
            id: id.to_string(),
            r#type: DefinitionId::KIND,
            name: id.name().to_string(),
            system_data: generation.shows_system_data().then(|| system_data.into()),
        }
    }
}

#[cfg(test)]
mod tests;
