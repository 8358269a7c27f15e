//! `roleManagementPolicies`: what a customer demands before a role is active at its scopes. Azure
//! has one for each role, which demands little until somebody says more; so it looks here, too.

use std::collections::BTreeSet;

use ids::{guid::RoleId, resource::ActivationPolicyId, scope::Scope};
use jiff::SignedDuration;
use model::{
    activation::policy::{ActivationPolicy, Proof},
    delegation::Approver,
};
use operations::{
    activation::{Refused, policies},
    around::Reach,
    error::Error,
};
use wire::{
    arm::{
        just_in_time::policy::{
            self, ApproverPut, Enabled, PolicyAssignmentBody, PolicyBody, Rules, Shown,
        },
        roles::role_id,
        scopes::ListBody,
    },
    odata::{self, Filter},
};

use crate::{
    failure::Failure,
    handlers::roles::filter::{bad, reach, unknown},
    request::ArmResponse,
    route::{Answer, Ask},
};

pub(super) fn get(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let id = id(&ask)?;
        let found = current(&ask, &id).await?;
        Ok(ArmResponse::json(200, PolicyBody::from(shown(id.scope(), found))))
    })
}

pub(super) fn list(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let found = policies::list(ask.plane, &ask.context, &ask.scope(), reach(&ask)?).await?;
        let body =
            |it: ActivationPolicy| PolicyBody::from(shown(it.id.scope(), Current::of(&ask, &it)));
        Ok(ArmResponse::json(200, ListBody::whole(found.into_iter().map(body).collect())))
    })
}

pub(super) fn patch(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let (id, patch) = (id(&ask)?, policy::read(&ask.body)?);
        let role = current(&ask, &id).await?.role;
        let change = |before: ActivationPolicy| {
            let rules = Current::of(&ask, &before).rules;
            let Rules { longest, enabled, approvers } = patch.clone().applied(rules);
            ActivationPolicy {
                minutes_max: longest.map(minutes),
                asks: enabled.into_iter().map(proof).collect(),
                approvers: approvers.into_iter().map(approver).collect(),
                ..before
            }
        };
        let at = (id.scope().clone(), role);
        let put = policies::patch(ask.plane, &ask.context, at, change).await?.into_inner();
        let after = Current::of(&ask, &put);
        Ok(ArmResponse::json(200, PolicyBody::from(shown(id.scope(), after))))
    })
}

/// The policies at the scope, each with its role; of one role only where the filter names it, and
/// then also where nothing was said of it yet.
pub(super) fn ties(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let scope = ask.scope();
        let found = if let Some(role) = role_of_filter(&ask)? {
            let id = ActivationPolicy::id_at(scope.clone(), role)?;
            vec![(scope.clone(), current(&ask, &id).await?)]
        } else {
            let all = policies::list(ask.plane, &ask.context, &scope, Reach::AtAndAbove);
            let of = |it: ActivationPolicy| (it.id.scope().clone(), Current::of(&ask, &it));
            all.await?.into_iter().map(of).collect()
        };
        let body = |(scope, current): (Scope, Current)| {
            let role = current.role;
            let shown = shown(&scope, current);
            PolicyAssignmentBody::new(shown, role, role_id(role, scope.subscription()))
        };
        Ok(ArmResponse::json(200, ListBody::whole(found.into_iter().map(body).collect())))
    })
}

/// The policy of a role at that scope, by the name that lists show: of both.
pub(super) fn tie(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let id = ask.resource()?;
        let missing = || Failure::NotFound { name: id.name().to_string(), group: None };
        let parts = id.name().as_str().split_once('_');
        let role = parts.filter(|(policy, role)| policy.eq_ignore_ascii_case(role));
        let role: RoleId = role.and_then(|(_, role)| role.parse().ok()).ok_or_else(missing)?;
        let scope = id.scope().clone();
        let current = current(&ask, &ActivationPolicy::id_at(scope.clone(), role)?).await?;
        let definition = role_id(role, scope.subscription());
        let body = PolicyAssignmentBody::new(shown(&scope, current), role, definition);
        Ok(ArmResponse::json(200, body))
    })
}

/// `roleDefinitionId eq '{id}'`, as clients look for the policy of a role.
fn role_of_filter(ask: &Ask<'_>) -> Result<Option<RoleId>, Failure> {
    let text = ask.query.get("$filter").filter(|it| !it.trim().is_empty());
    let Some(text) = text else { return Ok(None) };
    let filter = odata::parse(text).map_err(|refused| bad(refused.to_string()))?;
    let Filter::Compare(it) = filter else { return Err(bad(unknown())) };
    let id = it.equal("roleDefinitionId").and_then(|id| id.rsplit('/').next()?.parse().ok());
    id.map(Some).ok_or_else(|| bad(unknown()))
}

/// What is demanded for a role, and who has said so when.
struct Current {
    role: RoleId,
    rules: Rules,
    said: Option<model::resource::SystemData>,
}

impl Current {
    fn of(ask: &Ask<'_>, it: &ActivationPolicy) -> Self {
        let home = ask.plane.index().home(it.id.scope());
        let approvers = it.approvers.iter().map(|approver| ApproverPut {
            id: approver.principal,
            is_group: home.is_some_and(|tenant| is_group(ask, tenant, approver)),
            description: approver.display_name.clone(),
        });
        let rules = Rules {
            longest: it.minutes_max.map(|minutes| SignedDuration::from_mins(minutes.into())),
            enabled: it.asks.iter().map(|it| enabled(*it)).collect::<BTreeSet<_>>(),
            approvers: approvers.collect(),
        };
        Self { role: it.role, rules, said: Some(it.system_data.clone()) }
    }
}

fn is_group(ask: &Ask<'_>, tenant: ids::guid::TenantId, approver: &Approver) -> bool {
    let who = ids::guid::Principal { tenant, object: approver.principal };
    let kind = ask.plane.index().principal(who).map(|it| it.kind);
    matches!(kind, Some(access::index::PrincipalKind::Group(_)))
}

/// What stands there, or what goes without saying for a role that there is.
async fn current(ask: &Ask<'_>, id: &ActivationPolicyId) -> Result<Current, Failure> {
    match policies::get(ask.plane, &ask.context, id.clone()).await {
        Ok(it) => Ok(Current::of(ask, &it)),
        Err(Error::Activation(Refused::NoPolicy(name))) => {
            let role = name.parse().ok();
            let index = ask.plane.index();
            let known = role.filter(|role| index.catalogue().role(*role).is_some());
            let none = || Failure::from(Error::from(Refused::NoPolicy(name)));
            Ok(Current { role: known.ok_or_else(none)?, rules: Rules::default(), said: None })
        }
        Err(other) => Err(other.into()),
    }
}

fn id(ask: &Ask<'_>) -> Result<ActivationPolicyId, Failure> {
    Ok(ask.resource()?.try_into()?)
}

fn shown(scope: &Scope, current: Current) -> Shown {
    let Current { role, rules, said } = current;
    Shown {
        id: format!("{scope}/providers/{}/{role}", ActivationPolicyId::KIND),
        name: role.to_string(),
        scope: scope.to_string(),
        is_default: said.is_none(),
        rules,
        modified: said.map(|it| (it.last_modified_at, Some(it.last_modified_by))),
    }
}

/// In minutes, as it was read; what is longer than anything is refused as too long.
fn minutes(longest: SignedDuration) -> u32 {
    u32::try_from(longest.as_mins()).unwrap_or(u32::MAX)
}

fn approver(put: ApproverPut) -> Approver {
    Approver { principal: put.id, display_name: put.description }
}

fn proof(enabled: Enabled) -> Proof {
    match enabled {
        Enabled::MultiFactorAuthentication => Proof::SecondFactor,
        Enabled::Justification => Proof::Justification,
        Enabled::Ticketing => Proof::Ticket,
    }
}

fn enabled(proof: Proof) -> Enabled {
    match proof {
        Proof::SecondFactor => Enabled::MultiFactorAuthentication,
        Proof::Justification => Enabled::Justification,
        Proof::Ticket => Enabled::Ticketing,
    }
}
