use ids::resource::{AssignmentId, DefinitionId, ResourceId};
use jiff::SignedDuration;
use model::samples::{self, CUSTOMER, PROVIDER};
use serde_json::json;

use super::*;
use crate::{builtin, kind::Kind};

const ALLOW: &str = "7a8a51a3-ad87-4def-96f3-65a1839242b6";
const AUDIT: &str = "76bed37b-484f-430f-a009-fd7592dff818";

fn id(kind: Kind, scope: &Scope, name: &str) -> ResourceId {
    let at = if let Scope::Tenant(_) = scope { String::new() } else { scope.to_string() };
    ResourceId::parse(&format!("{at}/providers/{}/{name}", kind.name()), CUSTOMER).unwrap()
}

fn builtin(name: &str) -> Definition {
    let id = id(Kind::Definition, &Scope::Tenant(CUSTOMER), name);
    Definition::read(&id, builtin::find(&id).unwrap()).unwrap()
}

fn assigned(of: &ResourceId, more: &Value) -> Assignment {
    let mut properties = json!({ "policyDefinitionId": of.to_string() });
    properties.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let id = id(Kind::Assignment, &samples::whole(), "a");
    Assignment::read(&id, properties.as_object().unwrap(), CUSTOMER).unwrap()
}

fn alone(assignment: Assignment, definition: Definition) -> Policy {
    Policy::alone(assignment, definition, &mut Budget::of_write()).unwrap()
}

fn judged(policies: &[Policy], subject: &Subject, place: &Place) -> Verdict {
    judge(policies, subject, place, &mut Budget::of_write()).unwrap()
}

/// Azure's own list of managing tenants, assigned with more.
fn allowing(tenants: &Value, more: &Value) -> Policy {
    let definition = builtin(ALLOW);
    let mut all = json!({ "parameters": { "listOfAllowedTenants": { "value": tenants } } });
    all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    alone(assigned(&definition.id, &all), definition)
}

fn offer() -> Subject {
    let it = samples::definition(samples::SUBSCRIPTION);
    Subject::definition(&it.id, it.managed_by, it.name.as_deref())
}

fn accepted() -> Subject {
    let it = samples::assignment(samples::resource_group("app"));
    Subject::assignment(&it.id, &it.definition)
}

fn place(scopes: &[Scope]) -> Place {
    Place { lineage: scopes.to_vec(), exemptions: Vec::new(), now: samples::now() }
}

#[track_caller]
fn check(policy: Policy, subject: &Subject, place: &Place, (denied, noted): (usize, usize)) {
    let verdict = judged(&[policy], subject, place);
    assert_eq!((verdict.denied.len(), verdict.noted.len()), (denied, noted), "{verdict:?}");
}

#[test]
fn azures_list_of_managing_tenants_refuses_all_others() {
    let here = place(&[samples::whole()]);
    let spelled = json!(["x", PROVIDER.to_string().to_uppercase()]);
    check(allowing(&spelled, &json!({})), &offer(), &here, (0, 0));
    check(allowing(&json!([CUSTOMER]), &json!({})), &offer(), &here, (1, 0));
    check(allowing(&json!([]), &json!({})), &offer(), &here, (1, 0));
    check(allowing(&json!([]), &json!({})), &accepted(), &here, (0, 0));
}

#[test]
fn a_refusal_tells_by_which_tests() {
    let here = place(&[samples::whole()]);
    let found = judged(&[allowing(&json!(["x"]), &json!({}))], &offer(), &here).denied;
    let tested = &found[0].tested;
    assert_eq!(tested.len(), 2);
    assert_eq!((tested[0].met, tested[0].expression.as_str()), (true, "type"));
    assert_eq!((tested[1].met, tested[1].path.as_str()), (false, "properties.managedByTenantId"));
    assert_eq!((&tested[1].value, &tested[1].target), (&json!(PROVIDER), &json!(["x"])));
    assert_eq!(found[0].policy.told()["listOfAllowedTenants"]["value"], json!(["x"]));
}

#[test]
fn a_policy_holds_at_its_scope_and_below_while_it_is_enforced() {
    let none = json!([]);
    let app = samples::resource_group("app");
    let inner = place(&[app.clone(), samples::whole()]);
    check(allowing(&none, &json!({})), &offer(), &inner, (1, 0));
    check(allowing(&none, &json!({ "notScopes": [app.to_string()] })), &offer(), &inner, (0, 0));
    let elsewhere = place(&[Scope::Subscription(samples::NEIGHBOUR)]);
    check(allowing(&none, &json!({})), &offer(), &elsewhere, (0, 0));
    let lax = allowing(&none, &json!({ "enforcementMode": "DoNotEnforce" }));
    check(lax.clone(), &offer(), &inner, (0, 0));
    let found = compliance(&[lax], &offer(), &inner, &mut Budget::of_write()).unwrap();
    assert_eq!(found.len(), 1, "it is told of all the same");
    let overridden = allowing(&none, &json!({ "overrides": [{ "kind": "policyEffect" }] }));
    check(overridden, &offer(), &inner, (0, 0));
}

#[test]
fn an_exemption_ends() {
    let policy = allowing(&json!([]), &json!({}));
    let end = samples::now() + SignedDuration::from_mins(1);
    let properties = json!({
        "policyAssignmentId": policy.assignment.id.to_string(),
        "exemptionCategory": "Waiver",
        "expiresOn": end.to_string(),
    });
    let id = id(Kind::Exemption, &samples::whole(), "e");
    let exemption = Exemption::read(&id, properties.as_object().unwrap(), CUSTOMER).unwrap();
    let mut here = place(&[samples::whole()]);
    here.exemptions.push(exemption);
    check(policy.clone(), &offer(), &here, (0, 0));
    here.now = end;
    check(policy, &offer(), &here, (1, 0));
}

#[test]
fn azures_audit_notes_assignments_unless_it_is_disabled() {
    let definition = builtin(AUDIT);
    let here = place(&[samples::whole()]);
    let with = |more: &Value| alone(assigned(&definition.id, more), definition.clone());
    check(with(&json!({})), &accepted(), &here, (0, 1));
    check(with(&json!({})), &offer(), &here, (0, 0));
    let off = json!({ "parameters": { "effect": { "value": "Disabled" } } });
    check(with(&off), &accepted(), &here, (0, 0));
}

#[test]
fn a_set_tells_its_definitions_what_it_is_told_and_says_what_it_calls_them() {
    let definition = builtin(ALLOW);
    let set = |value: &str| {
        let properties = json!({
            "parameters": { "tenants": { "type": "Array" } },
            "policyDefinitions": [{
                "policyDefinitionId": definition.id.to_string(),
                "policyDefinitionReferenceId": "allow",
                "parameters": { "listOfAllowedTenants": { "value": value } },
            }],
        });
        let id = id(Kind::Set, &samples::whole(), "s");
        Set::read(&id, properties.as_object().unwrap(), CUSTOMER).unwrap()
    };
    let policy = |value: &str, tenant: &str| {
        let set = Arc::new(set(value));
        let mut budget = Budget::of_write();
        let given = json!({ "parameters": { "tenants": { "value": [tenant] } } });
        let assignment = assigned(&set.id, &given);
        let all = Assigned::new(assignment, Arc::clone(&set), &mut budget).unwrap();
        all.policy(&set.members[0], definition.clone(), &mut budget).unwrap()
    };
    let here = place(&[samples::whole()]);
    let named = "[parameters('tenants')]";
    check(policy(named, &PROVIDER.to_string()), &offer(), &here, (0, 0));
    check(policy(named, "x"), &offer(), &here, (1, 0));
    check(policy("[concat('x')]", "x"), &offer(), &here, (0, 0));
    let found = judged(&[policy(named, "x")], &offer(), &here).denied;
    assert_eq!(found[0].policy.within.as_ref().unwrap().reference, "allow");
    assert_eq!(found[0].policy.told()["tenants"]["value"], json!(["x"]));
}

#[test]
fn the_types_that_are_judged_are_those_of_delegations() {
    assert!(crate::subject::is_type(&DefinitionId::KIND.to_lowercase()));
    assert!(crate::subject::is_type(AssignmentId::KIND));
    assert!(!crate::subject::is_type("Microsoft.ManagedServices/operations"));
}

/// A definition of so many tests, each against a list of so many tenants, as nobody may write it
/// any more; it denies what it is about.
fn endless(tests: usize, tenants: usize) -> Policy {
    let test = json!({ "value": "y", "notIn": "[parameters('tenants')]" });
    let properties = json!({
        "mode": "All",
        "parameters": { "tenants": { "type": "Array" } },
        "policyRule": { "if": { "allOf": vec![test; tests] }, "then": { "effect": "deny" } },
    });
    let id = id(Kind::Definition, &samples::whole(), "p");
    let definition = Definition::read(&id, properties.as_object().unwrap()).unwrap();
    let list = vec!["x"; tenants];
    let given = json!({ "parameters": { "tenants": { "value": list } } });
    alone(assigned(&definition.id, &given), definition)
}

#[test]
fn what_takes_too_long_to_judge_is_not_let_through() {
    let here = place(&[samples::whole()]);
    let mut budget = Budget::of_write();
    let verdict = judge(&[endless(20_000, 300_000)], &offer(), &here, &mut budget);
    assert_eq!(verdict, Err(Spent));
    let other = allowing(&json!([PROVIDER]), &json!({}));
    let verdict = judge(&[other], &offer(), &here, &mut budget);
    assert_eq!(verdict, Err(Spent), "one budget is for all that a write is judged by");
}

#[test]
fn a_refusal_tells_the_beginning_of_a_long_list() {
    let here = place(&[samples::whole()]);
    let found = judged(&[endless(60, 1_000)], &offer(), &here).denied;
    assert_eq!(found[0].tested.len(), 50);
    assert!(found[0].tested.iter().all(|it| it.target.as_array().unwrap().len() == 50));
}

#[test]
fn a_set_that_names_one_long_definition_often_is_not_unfolded() {
    let long = json!({
        "parameters": { "p": { "type": "Array", "defaultValue": vec!["x"; 10_000] } },
        "policyRule": { "if": { "field": "type", "equals": "x" }, "then": { "effect": "deny" } },
    });
    let definition_id = id(Kind::Definition, &samples::whole(), "p");
    let read = Definition::read(&definition_id, long.as_object().unwrap()).unwrap();
    let definition = Arc::new(read);
    let one = |n: usize| json!({ "policyDefinitionId": definition_id.to_string(), "policyDefinitionReferenceId": n.to_string() });
    let members: Vec<Value> = (0..1_000).map(one).collect();
    let properties = json!({ "policyDefinitions": members });
    let set_id = id(Kind::Set, &samples::whole(), "s");
    let set = Set::read(&set_id, properties.as_object().unwrap(), CUSTOMER).unwrap();
    let (set, mut budget) = (Arc::new(set), Budget::of_write());
    let assignment = assigned(&set_id, &json!({}));
    let all = Assigned::new(assignment, Arc::clone(&set), &mut budget).unwrap();
    let mut unfold = |member| all.policy(member, Arc::clone(&definition), &mut budget);
    assert!(set.members.iter().map(&mut unfold).any(|it| it == Err(Spent)));
}
