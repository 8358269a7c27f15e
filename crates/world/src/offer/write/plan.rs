//! Plans, their manifests, and what is expected of them.

use ids::guid::RoleId;
use model::{
    delegation::{Approver, Authorization, EligibleAuthorization, JustInTimePolicy, MultiFactor},
    market::form::{Expectation, Expected, Plan, VersionedManifest, Visibility},
};

use super::audience_entry;
use crate::{
    export::{Entry, names::Names},
    offer::minutes,
    world::Roles,
};

pub(super) fn plan(it: &Plan, roles: &dyn Roles) -> Entry {
    let visibility = match it.visibility {
        Visibility::Public => "public",
        Visibility::Private => "private",
    };
    Entry::default()
        .set("planId", it.name.as_str())
        .unless("name", &it.title, "")
        .unless("summary", &it.summary, "")
        .unless("description", &it.description, "")
        .set("visibility", visibility)
        .list("privateAudience", it.audience.iter().map(audience_entry))
        .list("manifests", it.manifests.iter().map(|own| manifest(own, roles)))
}

fn manifest(it: &VersionedManifest, roles: &dyn Roles) -> Entry {
    let VersionedManifest { version, manifest } = it;
    let always = manifest.authorizations.iter().map(|own| authorization(own, roles));
    let activated = manifest.eligible.iter().map(|own| eligible(own, roles));
    Entry::default()
        .set("version", version.to_string())
        .set("tenantId", manifest.tenant.to_string())
        .list("authorizations", always)
        .list("eligibleAuthorizations", activated)
}

fn authorization(it: &Authorization, roles: &dyn Roles) -> Entry {
    let assignable = it
        .delegated_roles
        .as_ref()
        .map(|all| all.iter().map(|id| role(*id, roles)).collect::<Vec<_>>());
    Entry::default()
        .set("principalId", it.principal.to_string())
        .some("displayName", it.display_name.clone())
        .set("role", role(it.role, roles))
        .some("assignableRoles", assignable)
}

fn eligible(it: &EligibleAuthorization, roles: &dyn Roles) -> Entry {
    let entry = Entry::default()
        .set("principalId", it.principal.to_string())
        .some("displayName", it.display_name.clone())
        .set("role", role(it.role, roles));
    let Some(policy) = &it.policy else { return entry };
    let JustInTimePolicy { multi_factor, minutes_max, approvers } = policy;
    entry
        .set("maximumActivationDuration", minutes::write(*minutes_max))
        .set("requireMfa", *multi_factor == MultiFactor::Azure)
        .list("approvers", approvers.iter().map(approver))
}

fn approver(it: &Approver) -> Entry {
    Entry::default()
        .set("principalId", it.principal.to_string())
        .some("displayName", it.display_name.clone())
}

fn role(id: RoleId, roles: &dyn Roles) -> String {
    Names::built_in(id, roles).unwrap_or_else(|| id.to_string())
}

pub(super) fn test(it: &Expectation) -> Entry {
    let expect = match it.expect {
        Expected::Allow => "allow",
        Expected::Deny => "deny",
    };
    Entry::default()
        .set("plan", it.plan.as_str())
        .set("given", it.given.to_string())
        .set("when", it.when.as_str())
        .set("expect", expect)
}
