#![expect(clippy::needless_pass_by_value, reason = "cases are written in place")]

use serde_json::json;
use uuid::Uuid;

use super::*;
use crate::{
    context::{Answer, List, Reference},
    outputs::outputs,
    parameters::Fresh,
};

mod children;
mod hostile;
mod lighthouse;
mod limits;
mod loops;
mod places;

const SUBSCRIPTION: &str = "11111111-1111-4111-8111-111111111111";

fn fresh() -> Fresh<'static> {
    Fresh { now: jiff::Timestamp::UNIX_EPOCH, new_guid: &|| Uuid::from_u128(7) }
}

fn subscription() -> Context {
    let mut context = Context::at(Scope::Subscription { subscription: SUBSCRIPTION.to_owned() });
    context.subscription = Some(json!({ "subscriptionId": SUBSCRIPTION }));
    context
}

fn group() -> Context {
    let subscription = SUBSCRIPTION.to_owned();
    let mut context = Context::at(Scope::ResourceGroup { subscription, name: "rg1".to_owned() });
    context.resource_group = Some(json!({ "name": "rg1", "location": "westeurope" }));
    context
}

fn document(parts: Value) -> Template {
    let mut document = json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "resources": []
    });
    let Value::Object(parts) = parts else { panic!("parts are an object") };
    document.as_object_mut().unwrap().extend(parts);
    Template::parse(&document).unwrap()
}

fn planned(parts: Value) -> Result<Plan, Refused> {
    expand(&document(parts), &Parameters::default(), &group())
}

fn of(resources: Value) -> Plan {
    planned(json!({ "resources": resources })).unwrap()
}

/// A resource that is valid; the test adds what it is about.
fn thing(name: &str, more: Value) -> Value {
    let mut thing = json!({ "type": "N.S/things", "apiVersion": "2020-01-01", "name": name });
    let Value::Object(more) = more else { panic!("more is an object") };
    thing.as_object_mut().unwrap().extend(more);
    thing
}

/// `name after [names]`, in order.
fn order_of(plan: &Plan) -> Vec<String> {
    let before = |step: &Step| -> Vec<&str> {
        step.depends_on.iter().map(|index| plan.steps[*index].name.as_str()).collect()
    };
    plan.steps.iter().map(|step| format!("{} after {:?}", step.name, before(step))).collect()
}

fn ready(plan: &Plan, index: usize) -> &Value {
    match &plan.steps[index].body {
        Body::Ready(body) => body,
        Body::Deferred { waits_for } => panic!("waits for {waits_for}"),
    }
}

#[track_caller]
fn refused(parts: Value, expected: &str) {
    let message = planned(parts).unwrap_err().to_string();
    assert_eq!(message, expected);
}

const SEE: &str = "Please see https://aka.ms/arm-template/#resources for usage details.";

#[test]
fn a_body_has_no_bookkeeping_and_no_nulls() {
    let more = json!({ "location": "[resourceGroup().location]", "condition": true, "tags": null,
        "plan": "[json('null')]", "comments": "x", "dependsOn": [], "scope": null,
        "properties": { "a": null, "b": { "c": "[null()]" }, "[concat('k', 1)]": "[[x]" } });
    let plan = of(json!([thing("a", more)]));
    let properties = json!({ "b": {}, "k1": "[x]" });
    assert_eq!(ready(&plan, 0), &json!({ "location": "westeurope", "properties": properties }));
    let id = format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/rg1/providers/N.S/things/a");
    assert_eq!(plan.steps[0].id, id);
}

#[test]
fn dependencies_are_found_by_every_name() {
    let b = |dependency: &str| {
        of(json!([thing("b", json!({ "dependsOn": [dependency] })), thing("a", json!({}))]))
    };
    let id = format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/RG1/providers/n.s/THINGS/a/");
    for dependency in ["a", "N.S/things/a", "[resourceId('N.S/things', 'a')]", &id] {
        assert_eq!(order_of(&b(dependency)), ["a after []", "b after [\"a\"]"], "{dependency}");
    }
}

#[test]
fn a_false_condition_skips_the_resource_and_frees_who_waits_for_it() {
    let plan = of(json!([
        thing("a", json!({ "condition": "[equals(1, 2)]" })),
        thing("b", json!({ "dependsOn": ["a"] })),
        thing("a", json!({})),
    ]));
    assert_eq!(order_of(&plan), ["a after []", "b after [\"a\"]"]);
    assert_eq!(plan.skipped.len(), 1);
}

#[test]
fn a_skipped_resource_closes_no_circle() {
    let never = json!({ "condition": "[false()]", "dependsOn": ["b"] });
    let plan = of(json!([thing("a", never), thing("b", json!({ "dependsOn": ["a"] }))]));
    assert_eq!(order_of(&plan), ["b after []"]);
}

struct Knows(&'static str);

impl Host for Knows {
    fn reference(&self, asked: &Reference) -> Answer {
        if asked.id.ends_with(self.0) {
            return Answer::Known(json!({ "key": "[secret]", "own": asked.own }));
        }
        Answer::NotYet
    }

    fn list(&self, _: &List) -> Answer {
        Answer::NotYet
    }
}

#[test]
fn a_body_that_needs_anothers_state_waits_and_is_completed() {
    let parts = json!({ "resources": [
        thing("b", json!({ "properties": { "k": "[reference('a').key]", "z": "[reference('c').key]" } })),
        thing("a", json!({})),
        thing("c", json!({})),
    ] });
    let template = document(parts);
    let (parameters, context) = (Parameters::default(), group());
    let plan = expand(&template, &parameters, &context).unwrap();
    assert_eq!(order_of(&plan), ["a after []", "c after []", "b after [\"a\", \"c\"]"]);
    let step = &plan.steps[2];
    assert!(matches!(step.body, Body::Deferred { .. }));
    let complete = |host| complete(&template, &parameters, &context, &step.source, host).unwrap();
    assert!(
        matches!(complete(&Knows("/a")), Body::Deferred { waits_for } if waits_for.ends_with("/c"))
    );
    let properties = json!({ "k": "[secret]", "z": "[secret]" });
    assert_eq!(complete(&Knows("")), Body::Ready(json!({ "properties": properties })));
}

#[test]
fn symbolic_names_are_dependencies_and_references() {
    let existing = json!({ "existing": true });
    let parts = json!({ "languageVersion": "2.0", "resources": {
        "two": thing("b", json!({ "dependsOn": ["one"], "properties": { "k": "[reference('old').key]" } })),
        "one": thing("a", json!({})),
        "old": thing("c", existing),
    } });
    let plan = planned(parts).unwrap();
    assert_eq!(order_of(&plan), ["a after []", "c after []", "b after [\"a\", \"c\"]"]);
    assert!(plan.steps[1].existing);
}

fn nested(properties: Value) -> Value {
    json!({ "type": "Microsoft.Resources/deployments", "apiVersion": "2021-04-01", "name": "child",
        "properties": properties })
}

#[test]
fn outputs_are_typed_and_secrets_left_out() {
    let template = document(json!({
        "resources": [thing("a", json!({}))],
        "outputs": {
            "s": { "type": "string", "value": "[concat('a', 'b')]" },
            "l": { "type": "array", "copy": { "count": 2, "input": "[copyIndex(1)]" } },
            "k": { "type": "securestring", "value": "[reference('a').key]" },
            "none": { "type": "int", "value": 1, "condition": "[false()]" },
        },
    }));
    let all = |template: &Template| outputs(template, &Parameters::default(), &group(), &Knows(""));
    let expected = json!({ "s": { "type": "String", "value": "ab" },
        "l": { "type": "Array", "value": [1, 2] }, "k": { "type": "SecureString" } });
    assert_eq!(all(&template), Ok(expected));

    let wrong = document(json!({ "outputs": { "o": { "type": "int", "value": "[nope()]" } } }));
    let refused = all(&wrong).unwrap_err();
    assert_eq!(refused.code(), "DeploymentOutputEvaluationFailed");
    assert!(refused.to_string().starts_with("The template output 'o' is not valid: "));
}

#[test]
fn a_plan_survives_storage() {
    let copy = json!({ "copy": { "name": "l", "count": 2 },
        "properties": { "k": "[reference('b').x]" } });
    let plan = of(json!([thing("[concat('a', copyIndex())]", copy), thing("b", json!({}))]));
    let stored = serde_json::to_string(&plan).unwrap();
    assert_eq!(serde_json::from_str::<Plan>(&stored).unwrap(), plan);
}

#[test]
fn what_is_known_of_a_symbol_is_told_before_it_is_deployed() {
    let plan = planned(json!({ "languageVersion": "2.0", "resources": {
        "it": { "type": "N.S/things/parts", "apiVersion": "2020-01-01", "name": "a/p" },
        "b": thing("b", json!({ "properties": "[resourceInfo('IT')]" })),
    } }))
    .unwrap();
    let id =
        format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/rg1/providers/N.S/things/a/parts/p");
    let info = json!({ "id": id, "name": "p", "fullName": "a/p", "type": "N.S/things/parts",
        "apiVersion": "2020-01-01" });
    assert_eq!(ready(&plan, 1), &json!({ "properties": info }));
}

#[test]
fn asserts_are_judged_without_any_resource() {
    let template = document(json!({ "asserts": { "small": "[less(1, 2)]", "no": false } }));
    let judged =
        |template: &Template| crate::outputs::asserts(template, &Parameters::default(), &group());
    let expected = vec![("small".to_owned(), true), ("no".to_owned(), false)];
    assert_eq!(judged(&template), Ok(expected));
    let wrong = document(json!({ "asserts": { "a": "[reference('/x')]" } }));
    assert!(
        judged(&wrong).unwrap_err().to_string().contains("The template assert 'a' is not valid")
    );
}

#[test]
fn resources_of_extensions_are_refused_by_name() {
    let message = planned(json!({ "languageVersion": "2.0", "resources": {
        "g": { "extension": "microsoftGraph", "type": "Microsoft.Graph/groups@v1.0" } } }));
    let message = message.unwrap_err().to_string();
    assert!(message.contains("resources of extensions are not supported"), "{message}");
}
