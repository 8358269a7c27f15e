//! Plans, their manifests, and what is expected of them.

use document::{
    fault::{Faults, quoted},
    fields::Fields,
    tree::Node,
};
use model::{
    delegation::JustInTimePolicy,
    market::form::{Expected, Visibility},
};

use super::{audience, sections};
use crate::offer::{
    declared::{Approver, Authorization, Content, Eligible, Manifest, Plan, Policy, Test},
    minutes,
};

pub(super) fn plan(node: &Node, faults: &mut Faults) -> Plan {
    const VISIBILITIES: [(&str, Visibility); 2] =
        [("public", Visibility::Public), ("private", Visibility::Private)];
    let mut fields = Fields::of(node, &sections::PLAN, faults);
    if fields.node("visibility").is_none() {
        fields.faults.add(fields.at, "a plan needs `visibility`");
    }
    Plan {
        name: fields.required_parsed("planId"),
        title: fields.text("name").unwrap_or_default(),
        summary: fields.text("summary").unwrap_or_default(),
        description: fields.text("description").unwrap_or_default(),
        visibility: fields.one_of("visibility", &VISIBILITIES),
        audience: audience("privateAudience", &mut fields),
        manifests: fields.each("manifests", manifest),
    }
}

fn manifest(node: &Node, faults: &mut Faults) -> Manifest {
    let mut fields = Fields::of(node, &sections::MANIFEST, faults);
    let version = fields.required_parsed("version");
    let content = match fields.word("file") {
        Some(file) => {
            for key in ["tenantId", "authorizations", "eligibleAuthorizations"] {
                if let Some(node) = fields.node(key) {
                    fields.faults.add(node.at, format!("`{key}` is what `file` says"));
                }
            }
            Content::File(file)
        }
        None => Content::Written {
            tenant: fields.required("tenantId"),
            authorizations: fields.each("authorizations", authorization),
            eligible: fields.each("eligibleAuthorizations", eligible),
        },
    };
    Manifest { version, content }
}

fn authorization(node: &Node, faults: &mut Faults) -> Authorization {
    let mut fields = Fields::of(node, &sections::AUTHORIZATION, faults);
    let has_list = fields.node("assignableRoles").is_some();
    let assignable_roles = fields.words("assignableRoles");
    Authorization {
        principal: fields.required("principalId"),
        role: fields.required("role"),
        display_name: fields.text("displayName"),
        assignable_roles: has_list.then_some(assignable_roles),
    }
}

fn eligible(node: &Node, faults: &mut Faults) -> Eligible {
    let mut fields = Fields::of(node, &sections::ELIGIBLE_AUTHORIZATION, faults);
    Eligible {
        principal: fields.required("principalId"),
        role: fields.required("role"),
        display_name: fields.text("displayName"),
        policy: policy(&mut fields),
    }
}

/// How it is activated, if the file says anything of it.
fn policy(fields: &mut Fields<'_, '_>) -> Option<Policy> {
    let keys = ["maximumActivationDuration", "requireMfa", "approvers"];
    let is_said = keys.iter().any(|key| fields.node(key).is_some());
    is_said.then(|| Policy {
        is_second_factor_required: fields.flag("requireMfa").unwrap_or(false),
        minutes_max: minutes_max(fields),
        approvers: fields.each("approvers", approver),
    })
}

fn minutes_max(fields: &mut Fields<'_, '_>) -> u32 {
    let Some(word) = fields.word("maximumActivationDuration") else {
        return JustInTimePolicy::MINUTES_MAX;
    };
    minutes::read(&word.it).unwrap_or_else(|| {
        let message = format!("{} is no duration of whole minutes", quoted(&word.it));
        fields.faults.advise(word.at, message, Some("write `PT4H`, or `PT30M`".to_owned()));
        JustInTimePolicy::MINUTES_MAX
    })
}

fn approver(node: &Node, faults: &mut Faults) -> Approver {
    let mut fields = Fields::of(node, &sections::APPROVER, faults);
    Approver { principal: fields.required("principalId"), display_name: fields.text("displayName") }
}

pub(super) fn test(node: &Node, faults: &mut Faults) -> Test {
    const EXPECTED: [(&str, Expected); 2] = [("allow", Expected::Allow), ("deny", Expected::Deny)];
    let mut fields = Fields::of(node, &sections::TEST, faults);
    if fields.node("expect").is_none() {
        fields.faults.add(fields.at, "a test needs `expect`");
    }
    Test {
        plan: fields.required_parsed("plan"),
        given: fields.required("given"),
        when: fields.required("when").it,
        expect: fields.one_of("expect", &EXPECTED),
    }
}
