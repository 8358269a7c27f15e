//! Azure Policy's JSON: what policies are made of, what they refuse, and what does not meet them.

use std::collections::BTreeSet;

use ids::resource::ResourceId;
use jiff::Timestamp;
use policy::{
    disallowed::{Against, Disallowed},
    evaluate::Tested,
    judge::{Policy, Violation},
    kind::Kind,
    subject::Subject,
};
use serde_json::{Map, Value, json};

use super::error::{AdditionalInfo, ErrorDetail};

/// ARM's code for what a policy denies.
pub const DISALLOWED: &str = "RequestDisallowedByPolicy";

/// One of Azure's own definitions.
pub fn built_in(id: &ResourceId, properties: &Map<String, Value>) -> Value {
    json!({
        "properties": properties,
        "id": id.to_string(),
        "type": id.kind().to_string(),
        "name": id.name().as_str(),
    })
}

/// What was written. Of these things only remediations have a state.
pub fn kept(mut shown: Value) -> Value {
    let kind = shown.get("type").and_then(Value::as_str).unwrap_or_default();
    let is_task = kind.eq_ignore_ascii_case(Kind::Remediation.name());
    if let Some(Value::Object(properties)) = shown.get_mut("properties").filter(|_| !is_task) {
        properties.remove("provisioningState");
    }
    shown
}

/// That policies refuse something (ARM contract, §7).
pub fn disallowed(refused: &Disallowed) -> ErrorDetail {
    let name = refused.id.name().to_string();
    let identifiers: Value =
        refused.against.iter().map(|it| identifier(&it.violation.policy)).collect();
    let text =
        format!("Resource '{name}' was disallowed by policy. Policy identifiers: '{identifiers}'.");
    let mut error = ErrorDetail::new(DISALLOWED, text).about(name);
    error.additional_info = refused.against.iter().map(violation).collect();
    error
}

fn identifier(policy: &Policy) -> Value {
    let named = |display: Option<&String>, id: &ResourceId, version: Option<&String>| {
        let name = display.map_or_else(|| id.name().to_string(), Clone::clone);
        let mut one = json!({ "name": name, "id": id.to_string() });
        put(&mut one, "version", version.map(|it| json!(it)));
        one
    };
    let Policy { assignment, within, definition, values: _ } = policy;
    let mut all = json!({
        "policyAssignment": named(assignment.display_name.as_ref(), &assignment.id, None),
        "policyDefinition":
            named(definition.display_name.as_ref(), &definition.id, definition.version.as_ref()),
    });
    let set = within
        .as_ref()
        .map(|it| &it.set)
        .map(|it| named(it.display_name.as_ref(), &it.id, it.version.as_ref()));
    put(&mut all, "policySetDefinition", set);
    all
}

/// Adds a member that is there.
fn put(to: &mut Value, name: &str, value: Option<Value>) {
    if let (Value::Object(members), Some(value)) = (to, value) {
        members.insert(name.to_owned(), value);
    }
}

fn violation(Against { violation, is_readable }: &Against) -> AdditionalInfo {
    let Violation { policy, effect, tested } = violation;
    let (definition, assignment) = (&policy.definition, &policy.assignment);
    let mut info = json!({
        "policyDefinitionDisplayName": definition.display_name,
        "policyDefinitionId": definition.id.to_string(),
        "policyDefinitionName": definition.id.name().as_str(),
        "policyDefinitionEffect": effect.name(),
        "policyAssignmentId": assignment.id.to_string(),
        "policyAssignmentName": assignment.id.name().as_str(),
        "policyAssignmentDisplayName": assignment.display_name,
        "policyAssignmentScope": assignment.id.scope().to_string(),
    });
    if let Some(within) = &policy.within {
        put(&mut info, "policySetDefinitionId", Some(json!(within.set.id.to_string())));
        put(&mut info, "policySetDefinitionName", Some(json!(within.set.id.name().as_str())));
        put(&mut info, "policySetDefinitionDisplayName", Some(json!(within.set.display_name)));
        put(&mut info, "policyDefinitionReferenceId", Some(json!(within.reference)));
    }
    if *is_readable {
        put(&mut info, "policyAssignmentParameters", Some(Value::Object(policy.told())));
        let tested: Vec<Value> = tested.iter().map(expression).collect();
        put(&mut info, "evaluationDetails", Some(json!({ "evaluatedExpressions": tested })));
    }
    AdditionalInfo { r#type: "PolicyViolation".to_owned(), info }
}

fn expression(tested: &Tested) -> Value {
    let Tested { met, kind, expression, path, value, target, operator } = tested;
    json!({
        "result": if *met { "True" } else { "False" },
        "expressionKind": kind,
        "expression": expression,
        "path": path,
        "expressionValue": value,
        "targetValue": target,
        "operator": operator.name(),
    })
}

/// The answer to `policyStates/latest/queryResults`: a record for each thing and policy that it
/// does not meet.
pub fn results<'a>(
    found: impl Iterator<Item = (&'a Subject, &'a Violation)>,
    now: Timestamp,
) -> Value {
    let value: Vec<Value> =
        found.map(|(subject, violation)| state(subject, violation, now)).collect();
    json!({ "@odata.count": value.len(), "@odata.nextLink": null, "value": value })
}

fn state(subject: &Subject, violation: &Violation, now: Timestamp) -> Value {
    let (id, policy) = (subject.id(), &violation.policy);
    let (definition, assignment) = (&policy.definition, &policy.assignment);
    let within = policy.within.as_ref();
    json!({
        "timestamp": now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        "resourceId": id.to_string(),
        "resourceType": id.kind().to_string(),
        "resourceGroup": id.scope().resource_group().map(ToString::to_string),
        "subscriptionId": id.scope().subscription().map(|it| it.to_string()),
        "policyAssignmentId": assignment.id.to_string(),
        "policyAssignmentName": assignment.id.name().as_str(),
        "policyAssignmentScope": assignment.id.scope().to_string(),
        "policyDefinitionId": definition.id.to_string(),
        "policyDefinitionName": definition.id.name().as_str(),
        "policyDefinitionAction": violation.effect.name(),
        "policySetDefinitionId": within.map(|it| it.set.id.to_string()),
        "policyDefinitionReferenceId": within.map(|it| &it.reference),
        "isCompliant": false,
        "complianceState": "NonCompliant",
    })
}

/// The answer to `policyStates/latest/summarize`: how many things do not meet how many policies.
pub fn summary<'a>(found: impl Iterator<Item = (&'a Subject, &'a Violation)>) -> Value {
    let (mut things, mut assigned) = (BTreeSet::new(), BTreeSet::new());
    for (subject, violation) in found {
        let policy = &violation.policy;
        let (of, by) = (policy.definition.id.clone(), policy.assignment.id.clone());
        things.insert(subject.id().clone());
        assigned.insert((by, of));
    }
    json!({
        "@odata.count": 1,
        "value": [{
            "results": {
                "nonCompliantResources": things.len(),
                "nonCompliantPolicies": assigned.len(),
            },
            "policyAssignments": assigned.iter().map(|(by, of)| json!({
                "policyAssignmentId": by.to_string(),
                "policyDefinitions": [{ "policyDefinitionId": of.to_string() }],
            })).collect::<Vec<_>>(),
        }],
    })
}
