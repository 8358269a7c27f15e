//! Resources inside of a resource, and deployments inside of one.

use super::*;

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
