#![expect(clippy::needless_pass_by_value, reason = "cases are written in place")]

use serde_json::json;
use uuid::Uuid;

use super::*;
use crate::{
    context::{Answer, List, Reference},
    outputs::outputs,
    parameters::Fresh,
};

mod hostile;
mod lighthouse;
mod limits;

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
fn children_inside_a_parent_get_its_type_and_name() {
    let child = json!({ "type": "parts", "apiVersion": "2020-01-01", "name": "p",
        "dependsOn": ["[resourceId('N.S/things', 'a')]"] });
    let other = json!({ "type": "N.S/things/parts", "apiVersion": "2020-01-01", "name": "a/q",
        "dependsOn": ["[resourceId('N.S/things/parts', 'a', 'p')]"] });
    let plan = of(json!([other, thing("a", json!({ "resources": [child] }))]));
    assert_eq!(order_of(&plan), ["a after []", "a/p after [\"a\"]", "a/q after [\"a/p\"]"]);
    assert!(plan.steps[1].id.ends_with("/providers/N.S/things/a/parts/p"));
    assert_eq!(plan.steps[1].source.path, ["resources", "1", "resources", "0"]);
}

#[test]
fn a_child_that_repeats_its_parents_type_and_name_is_taken_at_its_word() {
    let child = json!({ "type": "n.s/Things/parts", "apiVersion": "1", "name": "a/p" });
    let plan = of(json!([thing("a", json!({ "resources": [child] }))]));
    assert!(plan.steps[1].id.ends_with("/providers/n.s/Things/a/parts/p"), "{}", plan.steps[1].id);
    let child = json!({ "type": "N.S/things/parts", "apiVersion": "1", "name": "ab/p" });
    assert!(
        planned(json!({ "resources": [thing("a", json!({ "resources": [child] }))] })).is_err()
    );
}

#[test]
fn an_id_without_its_subscription_means_the_templates_own_resource_and_no_other() {
    let asks = |id: &str| {
        let reference = format!("[reference('{id}', '1').x]");
        let template = document(json!({ "resources":
            [thing("b", json!({ "properties": reference })), thing("a", json!({}))] }));
        let plan = expand(&template, &Parameters::default(), &subscription()).unwrap();
        match &plan.steps[0].body {
            Body::Deferred { waits_for } => waits_for.clone(),
            Body::Ready(body) => panic!("{body}"),
        }
    };
    let own = format!("/subscriptions/{SUBSCRIPTION}/providers/N.S/things/a");
    assert_eq!(asks("/providers/n.s/things/a"), own);
    assert_eq!(asks("/providers/N.S/things/z"), "/providers/N.S/things/z");
}

#[test]
fn loops_make_instances_and_are_waited_for_as_a_whole() {
    let copy = |name, count| {
        json!({ "copy": { "name": name, "count": count },
        "properties": { "i": "[copyIndex(10)]" } })
    };
    let plan = of(json!([
        thing("last", json!({ "dependsOn": ["loop"] })),
        thing("[concat('a', copyIndex())]", copy("loop", 2)),
        thing("[concat('z', copyIndex('none'))]", copy("none", 0)),
        thing("[concat('b', copyIndex('LOOP', 1))]", copy("loop", 1)),
    ]));
    assert_eq!(
        order_of(&plan),
        ["a0 after []", "a1 after []", "b1 after []", "last after [\"a0\", \"a1\", \"b1\"]"]
    );
    assert_eq!(ready(&plan, 1), &json!({ "properties": { "i": 11 } }));
}

#[test]
fn a_serial_loop_runs_in_batches() {
    let copy = json!({ "name": "l", "count": 5, "mode": "Serial", "batchSize": 2 });
    let plan = of(json!([
        thing("first", json!({})),
        thing("[concat('a', copyIndex())]", json!({ "copy": copy }))
    ]));
    assert_eq!(
        order_of(&plan),
        [
            "first after []",
            "a0 after []",
            "a1 after []",
            "a2 after [\"a0\", \"a1\"]",
            "a3 after [\"a0\", \"a1\"]",
            "a4 after [\"a2\", \"a3\"]",
        ]
    );
}

#[test]
fn loops_inside_of_properties_make_arrays() {
    let properties = json!({ "copy": [{ "name": "disks", "count": 2, "input": {
        "lun": "[copyIndex('disks')]", "of": "[copyIndex()]" } }], "[string('copy')]": "kept" });
    let copy = json!({ "name": "vm", "count": 2 });
    let plan = of(json!([thing(
        "[concat('a', copyIndex())]",
        json!({ "copy": copy, "properties": properties })
    )]));
    let disks = json!([{ "lun": 0, "of": 1 }, { "lun": 1, "of": 1 }]);
    assert_eq!(ready(&plan, 1), &json!({ "properties": { "disks": disks, "copy": "kept" } }));
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

#[test]
fn scopes_change_the_ids() {
    let lock = |scope: &str| {
        json!({ "type": "Microsoft.Authorization/locks", "name": "l",
        "apiVersion": "2020-05-01", "scope": scope })
    };
    let id = |resource: Value| of(json!([resource])).steps[0].id.clone();
    let base = format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/rg1");
    let cases = [
        (lock("/"), "/providers/Microsoft.Authorization/locks/l".to_owned()),
        (lock("N.S/things/a"), format!("{base}/providers/N.S/things/a/providers/Microsoft.Authorization/locks/l")),
        (lock("[resourceId('N.S/things', 'a')]"), format!("{base}/providers/N.S/things/a/providers/Microsoft.Authorization/locks/l")),
        (lock("Microsoft.Management/managementGroups/m"), "/providers/Microsoft.Management/managementGroups/m/providers/Microsoft.Authorization/locks/l".to_owned()),
        (json!({ "type": "N.S/things/providers/locks", "name": "a/Microsoft.Authorization/l", "apiVersion": "1" }),
            format!("{base}/providers/N.S/things/a/providers/Microsoft.Authorization/locks/l")),
    ];
    for (resource, expected) in cases {
        assert_eq!(id(resource), expected);
    }
    let resources =
        json!({ "type": "Microsoft.Resources/resourceGroups", "name": "g", "apiVersion": "1" });
    let template = document(json!({ "resources": [resources,
        { "type": "Microsoft.Resources/deployments", "apiVersion": "1", "name": "d", "resourceGroup": "g",
          "dependsOn": ["[resourceId('Microsoft.Resources/resourceGroups', 'g')]"],
          "properties": { "mode": "Incremental", "template": {} } }] }));
    let plan = expand(&template, &Parameters::default(), &subscription()).unwrap();
    assert_eq!(plan.steps[0].id, format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/g"));
    let group =
        Scope::ResourceGroup { subscription: SUBSCRIPTION.to_owned(), name: "g".to_owned() };
    assert_eq!(plan.steps[1].child, Some(group));
    assert_eq!(plan.steps[1].depends_on, [0]);
}

#[test]
fn dependencies_are_found_at_management_groups() {
    let at = Context::at(Scope::ManagementGroup { name: "m".to_owned() });
    let dependent = json!({ "dependsOn": ["[resourceId('N.S/things', 'a')]"] });
    let own = json!({ "dependsOn":
        ["[extensionResourceId(managementGroup().id, 'N.S/things', 'a')]"] });
    let template = document(json!({ "resources":
        [thing("b", dependent), thing("c", own), thing("a", json!({}))] }));
    let id = at.scope.id();
    let context = Context { management_group: Some(json!({ "id": id })), ..at };
    let plan = expand(&template, &Parameters::default(), &context).unwrap();
    assert_eq!(order_of(&plan), ["a after []", "b after [\"a\"]", "c after [\"a\"]"]);
}

fn nested(properties: Value) -> Value {
    json!({ "type": "Microsoft.Resources/deployments", "apiVersion": "2021-04-01", "name": "child",
        "properties": properties })
}

#[test]
fn an_outer_child_is_evaluated_here_and_reads_literals() {
    let inner = thing(
        "[variables('v')]",
        json!({
            "copy": { "name": "l", "count": 2 },
            "properties": { "text": "[variables('v')]", "i": "[copyIndex()]", "kept": "[[literal]" },
        }),
    );
    let after = thing("after", json!({ "dependsOn": ["l"] }));
    let template = json!({ "$schema": "x/deploymentTemplate.json#", "contentVersion": "1.0.0.0",
        "resources": [inner, after] });
    let plan = planned(json!({
        "variables": { "v": "[[not an expression]" },
        "resources": [nested(json!({ "mode": "Incremental", "template": template }))],
    }))
    .unwrap();
    let child = &ready(&plan, 0)["properties"]["template"];
    let name = "[[not an expression]";
    let turn = |i: i64| {
        thing(
            name,
            json!({
        "properties": { "text": name, "i": i, "kept": "[[literal]" } }),
        )
    };
    let id = "N.S/things/[[not an expression]";
    let after = thing("after", json!({ "dependsOn": [id, id] }));
    assert_eq!(child["resources"], json!([turn(0), turn(1), after]));

    let mut once = child.clone();
    once["resources"].as_array_mut().unwrap().remove(0);
    once["resources"][1]["dependsOn"] = json!(["[concat('[not an expression', ']')]"]);
    let plan = expand(&Template::parse(&once).unwrap(), &Parameters::default(), &group()).unwrap();
    assert_eq!(plan.steps[0].name, "[not an expression]");
    assert_eq!(ready(&plan, 0)["properties"]["kept"], "[literal]");
}

#[test]
fn an_inner_child_is_handed_on_as_it_is() {
    let template = json!({ "$schema": "x/deploymentTemplate.json#", "contentVersion": "1.0.0.0",
        "resources": [thing("[parameters('p')]", json!({}))] });
    let inner = nested(json!({
        "mode": "Incremental",
        "expressionEvaluationOptions": { "scope": "Inner" },
        "parameters": { "p": { "value": "[variables('v')]" } },
        "template": template,
    }));
    let middle = json!({ "$schema": "x/deploymentTemplate.json#", "contentVersion": "1.0.0.0",
        "resources": [inner.clone()] });
    let plan = planned(json!({ "variables": { "v": "x" }, "resources": [inner] })).unwrap();
    let properties = &ready(&plan, 0)["properties"];
    assert_eq!(properties["parameters"], json!({ "p": { "value": "x" } }));
    assert_eq!(properties["template"], template);

    // The same inside of an outer child.
    let outer = nested(json!({ "mode": "Incremental", "template": middle }));
    let plan = planned(json!({ "variables": { "v": "x" }, "resources": [outer] })).unwrap();
    let resource = &ready(&plan, 0)["properties"]["template"]["resources"][0];
    assert_eq!(resource["properties"]["template"], template);
    assert_eq!(resource["properties"]["parameters"], json!({ "p": { "value": "x" } }));
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
fn a_loop_that_does_not_turn_and_a_resource_that_is_not_deployed_can_be_waited_for() {
    let looped = |count: i64| json!({ "copy": { "name": "all", "count": count } });
    let plan = of(json!([
        thing("[concat('a', copyIndex())]", looped(0)),
        thing("off", json!({ "condition": false })),
        thing("b", json!({ "dependsOn": ["all", "off"] })),
    ]));
    assert_eq!(plan.steps.len(), 1);
    assert!(plan.steps[0].depends_on.is_empty());
    let symbolic = planned(json!({ "languageVersion": "2.0", "resources": {
        "none": thing("[concat('a', copyIndex())]", looped(0)),
        "b": thing("b", json!({ "dependsOn": ["none"] })),
    }}));
    assert_eq!(symbolic.unwrap().steps.len(), 1);
    let unknown = planned(json!({ "resources": [thing("b", json!({ "dependsOn": ["no"] }))] }));
    assert!(unknown.is_err());
}

#[test]
fn a_loop_is_referred_to_as_a_whole_and_in_its_order() {
    let parts = json!({ "languageVersion": "2.0", "resources": {
        "all": thing("[concat('a', copyIndex())]", json!({
            "copy": { "name": "all", "count": 3 },
            "condition": "[not(equals(copyIndex(), 1))]",
        })),
        "none": thing("[concat('n', copyIndex())]", json!({ "copy": { "name": "none", "count": 0 } })),
        "b": thing("b", json!({ "properties": {
            "k": "[map(references('all'), lambda('it', lambdaVariables('it').key))]",
            "z": "[references('none')]",
        } })),
    }});
    let (template, context) = (document(parts), group());
    let plan = expand(&template, &Parameters::default(), &context).unwrap();
    let last = plan.steps.last().unwrap();
    assert_eq!(last.depends_on, [0, 1], "it waits for all of them");
    let body = complete(&template, &Parameters::default(), &context, &last.source, &Names);
    let expected = json!({ "properties": { "k": ["a0", "a2"], "z": [] } });
    assert_eq!(body, Ok(Body::Ready(expected)));
}

/// Every resource's state is its name.
struct Names;

impl Host for Names {
    fn reference(&self, asked: &Reference) -> Answer {
        Answer::Known(json!({ "key": asked.id.rsplit('/').next() }))
    }

    fn list(&self, _: &List) -> Answer {
        Answer::NotYet
    }
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
fn a_symbolic_loop_of_an_outer_child_is_unrolled_and_waited_for() {
    let looped = json!({ "copy": { "name": "l", "count": "[length(variables('v'))]" } });
    let template = json!({ "$schema": "x/deploymentTemplate.json#", "contentVersion": "1.0.0.0",
        "languageVersion": "2.0", "resources": {
            "all": thing("[concat('a', copyIndex())]", looped),
            "after": thing("b", json!({ "dependsOn": ["all"] })),
        } });
    let plan = planned(json!({ "variables": { "v": [1, 2] },
        "resources": [nested(json!({ "mode": "Incremental", "template": template }))] }));
    let plan = plan.unwrap();
    let child = Template::parse(&ready(&plan, 0)["properties"]["template"]).unwrap();
    let plan = expand(&child, &Parameters::default(), &group()).unwrap();
    assert_eq!(order_of(&plan), ["a0 after []", "a1 after []", "b after [\"a0\", \"a1\"]"]);
}

#[test]
fn resources_of_extensions_are_refused_by_name() {
    let message = planned(json!({ "languageVersion": "2.0", "resources": {
        "g": { "extension": "microsoftGraph", "type": "Microsoft.Graph/groups@v1.0" } } }));
    let message = message.unwrap_err().to_string();
    assert!(message.contains("resources of extensions are not supported"), "{message}");
}
