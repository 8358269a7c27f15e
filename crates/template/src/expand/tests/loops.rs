//! Loops: their instances, their order, and who waits for them.

use super::*;

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
