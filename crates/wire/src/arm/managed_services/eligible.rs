//! Eligible authorizations.

use ids::guid::{ObjectId, RoleId};
use jiff::SignedDuration;
use model::delegation::{Approver, EligibleAuthorization, JustInTimePolicy, MultiFactor};
use serde::Serialize;

use crate::arm::{
    content::{BadContent, Field, Fields},
    duration,
};

pub(super) fn read(field: Field<'_>) -> Result<EligibleAuthorization, BadContent> {
    let it = field.fields()?;
    Ok(EligibleAuthorization {
        principal: it.get("principalId")?.guid()?,
        role: it.get("roleDefinitionId")?.guid()?,
        display_name: super::definition::optional_text(&it, "principalIdDisplayName")?,
        policy: it.find("justInTimeAccessPolicy").map(policy).transpose()?,
    })
}

fn policy(field: Field<'_>) -> Result<JustInTimePolicy, BadContent> {
    let it = field.fields()?;
    let approvers = it.find("managedByTenantApprovers");
    Ok(JustInTimePolicy {
        multi_factor: multi_factor(&it)?,
        minutes_max: match it.find("maximumActivationDuration") {
            Some(field) => minutes(&field)?,
            None => JustInTimePolicy::MINUTES_MAX,
        },
        approvers: approvers.map(|it| it.each(approver)).transpose()?.unwrap_or_default(),
    })
}

fn multi_factor(policy: &Fields<'_>) -> Result<MultiFactor, BadContent> {
    let Some(field) = policy.find("multiFactorAuthProvider") else { return Ok(MultiFactor::None) };
    match field.text()? {
        it if it.eq_ignore_ascii_case("Azure") => Ok(MultiFactor::Azure),
        it if it.eq_ignore_ascii_case("None") => Ok(MultiFactor::None),
        _ => Err(field.refused("must be 'Azure' or 'None'")),
    }
}

/// An ISO 8601 duration in whole minutes. How long it may be is not for this floor.
fn minutes(field: &Field<'_>) -> Result<u32, BadContent> {
    let refused = || field.refused("must be an ISO 8601 duration of whole minutes, such as 'PT8H'");
    let duration = duration::parse(field.text()?).ok_or_else(refused)?;
    let whole = duration.as_secs() % 60 == 0 && duration.subsec_nanos() == 0;
    let minutes = u32::try_from(duration.as_mins()).map_err(|_| refused())?;
    if whole { Ok(minutes) } else { Err(refused()) }
}

fn approver(field: Field<'_>) -> Result<Approver, BadContent> {
    let it = field.fields()?;
    Ok(Approver {
        principal: it.get("principalId")?.guid()?,
        display_name: super::definition::optional_text(&it, "principalIdDisplayName")?,
    })
}

/// An eligible authorization as ARM shows it.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EligibleBody {
    principal_id: ObjectId,
    #[serde(skip_serializing_if = "Option::is_none")]
    principal_id_display_name: Option<String>,
    role_definition_id: RoleId,
    #[serde(skip_serializing_if = "Option::is_none")]
    just_in_time_access_policy: Option<PolicyBody>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct PolicyBody {
    multi_factor_auth_provider: MultiFactor,
    maximum_activation_duration: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    managed_by_tenant_approvers: Vec<ApproverBody>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct ApproverBody {
    principal_id: ObjectId,
    #[serde(skip_serializing_if = "Option::is_none")]
    principal_id_display_name: Option<String>,
}

impl From<EligibleAuthorization> for EligibleBody {
    fn from(authorization: EligibleAuthorization) -> Self {
        let EligibleAuthorization { principal, role, display_name, policy } = authorization;
        Self {
            principal_id: principal,
            principal_id_display_name: display_name,
            role_definition_id: role,
            just_in_time_access_policy: policy.map(PolicyBody::from),
        }
    }
}

impl From<JustInTimePolicy> for PolicyBody {
    fn from(policy: JustInTimePolicy) -> Self {
        let JustInTimePolicy { multi_factor, minutes_max, approvers } = policy;
        let approver = |Approver { principal, display_name }| ApproverBody {
            principal_id: principal,
            principal_id_display_name: display_name,
        };
        Self {
            multi_factor_auth_provider: multi_factor,
            maximum_activation_duration: duration::write(SignedDuration::from_mins(
                minutes_max.into(),
            )),
            managed_by_tenant_approvers: approvers.into_iter().map(approver).collect(),
        }
    }
}
