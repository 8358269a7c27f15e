//! What providers were trusted with.

use ids::guid::{ObjectId, Principal, TenantId};
use model::{
    activation::policy::ActivationPolicy,
    delegation::{
        Assignment, Authorization, Definition, EligibleAuthorization, JustInTimePolicy, MultiFactor,
    },
};
use serde_json::Value as Json;

use super::{
    Entry, Scribe,
    facts::{OfSubscription, OfTenant},
    names::Names,
};
use crate::read::delegation::PROOFS;

impl Scribe<'_> {
    pub(super) fn delegations(&mut self, of: &OfTenant<'_>) -> Vec<Json> {
        let inside = of.subscriptions.iter().filter_map(|it| self.facts.subscription(it.id));
        let all = inside.flat_map(|of| of.definitions.iter().map(move |it| (*it, of)));
        all.filter_map(|(it, of)| self.delegation(it, of)).collect()
    }

    fn delegation(&mut self, it: &Definition, of: &OfSubscription<'_>) -> Option<Json> {
        let what = format!("the delegation `{}`", it.id);
        if let Some(accepted) = &it.accepted {
            self.note(format!(
                "{what} was accepted of `{}`, which the file leaves out",
                accepted.plan
            ));
        }
        let scope = self.names.scope(it.id.scope());
        let subscription = self.known(scope, &what, "its subscription")?;
        let authorizations = it.authorizations.iter().map(|own| self.authorization(own, it));
        let authorizations = authorizations.collect::<Option<Vec<Json>>>();
        let eligible = it.eligible.iter().map(|own| self.eligible(own, it));
        let eligible = eligible.collect::<Option<Vec<Json>>>();
        let (Some(authorizations), Some(eligible)) = (authorizations, eligible) else {
            self.note(format!("{what} is left out: it names a role that is not built in"));
            return None;
        };
        let accepted: Vec<&Assignment> =
            of.assigned.iter().copied().filter(|own| own.definition == it.id).collect();
        let assignments: Vec<Json> =
            accepted.into_iter().filter_map(|own| self.assignment(own)).collect();
        let entry = Entry::default()
            .some("name", it.name.clone())
            .set("id", it.id.name().to_string())
            .set("subscription", subscription)
            .set("provider", self.names.tenant(it.managed_by))
            .some("description", it.description.clone())
            .list("authorizations", authorizations)
            .list("eligibleAuthorizations", eligible)
            .set("assignments", assignments);
        Some(entry.into())
    }

    fn assignment(&mut self, it: &Assignment) -> Option<Json> {
        let scope = self.names.scope(it.id.scope());
        let scope = self.known(scope, &format!("the assignment `{}`", it.id), "its scope")?;
        let period = it.period.map(|it| {
            Entry::default()
                .set("from", it.from().to_string())
                .some("until", it.until().map(|until| until.to_string()))
        });
        let entry = Entry::default()
            .set("scope", scope)
            .set("id", it.id.name().to_string())
            .some("period", period);
        Some(entry.into())
    }

    pub(super) fn activation_policies(&mut self, tenant: TenantId, of: &OfTenant<'_>) -> Vec<Json> {
        of.policies.iter().filter_map(|it| self.activation_policy(tenant, it)).collect()
    }

    /// Whole or not at all: with fewer approvers it would ask for less.
    fn activation_policy(&mut self, tenant: TenantId, it: &ActivationPolicy) -> Option<Json> {
        let what = format!("the activation policy `{}`", it.id);
        let role = self.names.role(tenant, it.role, self.roles);
        let role = self.known(role, &what, &format!("the role `{}`", it.role))?;
        let scope = self.names.scope(it.id.scope());
        let scope = self.known(scope, &what, "its scope")?;
        let approvers = it.approvers.iter().map(|own| {
            let who = self.refer(Principal { tenant, object: own.principal }, &what)?;
            let name = own.display_name.clone();
            Some(Entry::default().set("principal", who).some("displayName", name))
        });
        let approvers = approvers.collect::<Option<Vec<_>>>()?;
        let asks = PROOFS.iter().filter(|(_, proof)| it.asks.contains(proof));
        let entry = Entry::default()
            .set("role", role)
            .set("scope", scope)
            .some("activationMinutesMax", it.minutes_max)
            .list("asks", asks.map(|(name, _)| *name))
            .list("approvers", approvers);
        Some(entry.into())
    }

    fn authorization(&self, it: &Authorization, of: &Definition) -> Option<Json> {
        let role = |id| Names::built_in(id, self.roles);
        let delegated = match &it.delegated_roles {
            Some(all) => Some(all.iter().map(|id| role(*id)).collect::<Option<Vec<_>>>()?),
            None => None,
        };
        let entry = Entry::default()
            .set("principal", self.trusted(of.managed_by, it.principal))
            .set("role", role(it.role)?)
            .some("displayName", it.display_name.clone())
            .some("delegatedRoles", delegated);
        Some(entry.into())
    }

    fn eligible(&self, it: &EligibleAuthorization, of: &Definition) -> Option<Json> {
        let entry = Entry::default()
            .set("principal", self.trusted(of.managed_by, it.principal))
            .set("role", Names::built_in(it.role, self.roles)?)
            .some("displayName", it.display_name.clone())
            .some("policy", it.policy.as_ref().map(|policy| self.policy(policy, of)));
        Some(entry.into())
    }

    fn policy(&self, it: &JustInTimePolicy, of: &Definition) -> Json {
        let factor = match it.multi_factor {
            MultiFactor::Azure => "Azure",
            MultiFactor::None => "None",
        };
        let approvers = it.approvers.iter().map(|it| {
            Entry::default()
                .set("principal", self.trusted(of.managed_by, it.principal))
                .some("displayName", it.display_name.clone())
        });
        Entry::default()
            .set("multiFactor", factor)
            .set("activationMinutesMax", it.minutes_max)
            .list("approvers", approvers)
            .into()
    }

    /// Someone of the managing tenant, whom the file need not know.
    fn trusted(&self, tenant: TenantId, object: ObjectId) -> String {
        let who = Principal { tenant, object };
        self.names.reference(who).map_or_else(|| object.to_string(), str::to_owned)
    }
}
