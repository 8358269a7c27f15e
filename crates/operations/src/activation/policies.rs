//! What a customer demands before a role is active at its scopes (`roleManagementPolicies`).

use activation::policy::judge;
use ids::{guid::RoleId, resource::ActivationPolicyId, scope::Scope};
use model::{
    activation::policy::{ActivationPolicy, Proof},
    change::{Change, Noun},
    delegation::Approver,
};
use std::collections::BTreeSet;
use store::records::ranges;

use super::Refused;
use crate::{
    around::{Kind, Reach},
    context::Context,
    error::Error,
    plane::{Plane, retry},
    put::Put,
    scopes,
};

const POLICIES: Kind =
    Kind { name: ActivationPolicyId::KIND, below: ranges::activation_policies_below };

/// A whole policy, as a `PUT` describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PutPolicy {
    pub scope: Scope,
    pub role: RoleId,
    pub minutes_max: Option<u32>,
    pub asks: BTreeSet<Proof>,
    pub approvers: Vec<Approver>,
}

/// Demands it from now on. What is active already stays so.
pub async fn put(
    plane: &Plane,
    context: &Context,
    request: PutPolicy,
) -> Result<Put<ActivationPolicy>, Error> {
    let PutPolicy { scope, role, minutes_max, asks, approvers } = request;
    let whole = |before: ActivationPolicy| ActivationPolicy {
        minutes_max,
        asks: asks.clone(),
        approvers: approvers.clone(),
        ..before
    };
    patch(plane, context, (scope, role), whole).await
}

/// Demands what the change makes of what is demanded now, whatever others change meanwhile.
pub async fn patch(
    plane: &Plane,
    context: &Context,
    (scope, role): (Scope, RoleId),
    change: impl Fn(ActivationPolicy) -> ActivationPolicy,
) -> Result<Put<ActivationPolicy>, Error> {
    let id = ActivationPolicy::id_at(scope, role);
    let id = id.map_err(|_| Refused::NoPolicy(role.to_string()))?;
    retry(|| once(plane, context, (id.clone(), role), &change)).await
}

async fn once(
    plane: &Plane,
    context: &Context,
    (id, role): (ActivationPolicyId, RoleId),
    change: impl Fn(ActivationPolicy) -> ActivationPolicy,
) -> Result<Put<ActivationPolicy>, Error> {
    let mut unit = plane.begin(context);
    let (minutes_max, asks, approvers) = (None, BTreeSet::new(), Vec::new());
    let system_data = context.created(unit.now());
    let nothing = ActivationPolicy { id, role, minutes_max, asks, approvers, system_data };
    // Judged before it is known what there is: who may not learns nothing of that.
    let permit = plane.permit(context, &Change::Put(Noun::ActivationPolicy(nothing.clone())))?;
    let existing = unit.find::<ActivationPolicy>(&nothing.id).await?;
    let wanted = change(existing.clone().unwrap_or_else(|| nothing.clone()));
    judge(&wanted)?;
    let put = if let Some(before) = existing {
        let system_data = before.system_data.clone();
        let same = ActivationPolicy { system_data, ..wanted.clone() };
        if same == before {
            return Ok(Put::Unchanged(before));
        }
        let system_data = context.modified(&before.system_data, unit.now());
        Put::Updated(ActivationPolicy { system_data, ..wanted })
    } else {
        scopes::exists(&mut unit, wanted.id.scope()).await?;
        Put::Created(wanted)
    };
    unit.apply(permit, Change::Put(Noun::ActivationPolicy(put.clone().into_inner())))?;
    plane.commit(context, unit, put.status()).await?;
    Ok(put)
}

/// The policy of that id, for whoever may read such there.
pub async fn get(
    plane: &Plane,
    context: &Context,
    id: ActivationPolicyId,
) -> Result<ActivationPolicy, Error> {
    let found = plane.find::<ActivationPolicy>(context, &id).await?;
    found.ok_or_else(|| Refused::NoPolicy(id.name().to_string()).into())
}

/// The policies at the scope, around it and, as the reach says, below it.
pub async fn list(
    plane: &Plane,
    context: &Context,
    scope: &Scope,
    reach: Reach,
) -> Result<Vec<ActivationPolicy>, Error> {
    POLICIES.list(plane, context, scope, reach).await
}

/// Demands nothing any more; answers whether anything was demanded.
pub async fn delete(
    plane: &Plane,
    context: &Context,
    id: ActivationPolicyId,
) -> Result<bool, Error> {
    retry(async || {
        let mut unit = plane.begin(context);
        let Some(existing) = unit.find::<ActivationPolicy>(&id).await? else { return Ok(false) };
        let change = Change::Remove(Noun::ActivationPolicy(existing));
        unit.apply(plane.permit(context, &change)?, change)?;
        plane.commit(context, unit, 200).await?;
        Ok(true)
    })
    .await
}
