//! Templates that are wrong, or mean harm: each is refused, in ARM's words, with little effort.

use proptest::prelude::*;

use super::*;
use crate::limits::{READ_DEPTH_MAX, RESOURCES_MAX};

#[test]
fn cycles_are_refused() {
    let id = |name: &str| {
        format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/rg1/providers/N.S/things/{name}")
    };
    let circular = |name: &str| {
        format!(
            "Deployment template validation failed: 'Circular dependency detected on resource: \
             '{}'. {SEE}'.",
            id(name)
        )
    };
    let a = thing("a", json!({ "dependsOn": ["b"] }));
    let b = thing("b", json!({ "properties": { "x": "[reference('a').x]" } }));
    refused(json!({ "resources": [a, b] }), &circular("a"));
    let own = thing("a", json!({ "dependsOn": ["a"] }));
    refused(json!({ "resources": [own] }), &circular("a"));
    let own = thing("a", json!({ "properties": { "x": "[listKeys('a', '1').x]" } }));
    refused(json!({ "resources": [own] }), &circular("a"));
}

#[test]
fn an_unknown_dependency_is_refused() {
    refused(
        json!({ "resources": [thing("a", json!({ "dependsOn": ["N.S/things/b"] }))] }),
        "Deployment template validation failed: 'The resource 'N.S/things/b' is not defined in the \
         template. Please see https://aka.ms/arm-template for usage details.'.",
    );
}

#[test]
fn names_must_have_as_many_segments_as_types() {
    refused(
        json!({ "resources": [thing("a/b", json!({}))] }),
        &format!(
            "Deployment template validation failed: 'The template resource 'a/b' for type \
             'N.S/things' has incorrect segment lengths. A nested resource type must have \
             identical number of segments as its resource name. A root resource type must have \
             segment length one greater than its resource name. {SEE}'."
        ),
    );
}

#[test]
fn the_same_resource_twice_is_refused() {
    refused(
        json!({ "resources": [thing("a", json!({})), thing("A", json!({}))] }),
        &format!(
            "Deployment template validation failed: 'The resource 'N.S/things/A' is defined \
             multiple times in a template. {SEE}'."
        ),
    );
}

#[test]
fn a_million_copies_are_refused() {
    let copy = |count: Value| json!({ "copy": { "name": "l", "count": count } });
    for (count, given) in [
        (json!(1_000_000), "1000000"),
        (json!("[mul(1000, 1000)]"), "1000000"),
        (json!(-1), "-1"),
        (json!("many"), "String"),
    ] {
        let name = "[concat('a', copyIndex())]";
        refused(
            json!({ "resources": [thing(name, copy(count))] }),
            &format!(
                "Deployment template validation failed: 'The template resource '{name}' is not \
                 valid: The value for copy count '{given}' is not valid: it must be an integer \
                 between '0' and '800'. Please see https://aka.ms/arm-copy for usage details.. \
                 Please see https://aka.ms/arm-template-expressions for usage details.'."
            ),
        );
    }
    let two = [thing("[concat('a', copyIndex())]", copy(json!(800))), thing("b", json!({}))];
    refused(
        json!({ "resources": two }),
        &format!(
            "Deployment template validation failed: 'The number of template resources limit \
             exceeded. Limit: '800' and actual: '801'. {SEE}'."
        ),
    );
}

#[test]
fn loops_in_loops_are_stopped() {
    let mut input = json!("[copyIndex('l0')]");
    for depth in 0..6 {
        input = json!({ "copy": [{ "name": format!("l{depth}"), "count": 800, "input": input }] });
    }
    let refused = planned(json!({ "resources": [thing("a", json!({ "properties": input }))] }));
    assert!(refused.unwrap_err().to_string().contains("exceeds a limit"));
}

#[test]
fn a_large_text_in_a_loop_is_stopped() {
    let more = json!({ "copy": { "name": "l", "count": 800 }, "tags": "x".repeat(1_000_000) });
    let resources = json!([thing("[concat('a', copyIndex())]", more)]);
    let refused = planned(json!({ "resources": resources }));
    assert!(refused.unwrap_err().to_string().contains("exceeds a limit"));
}

#[test]
fn a_large_template_of_the_largest_size_still_fits() {
    let more = json!({ "copy": { "name": "l", "count": RESOURCES_MAX },
        "properties": { "a": "[range(0, 100)]", "copy": [{ "name": "b", "count": 50,
            "input": { "n": "[format('{0}-{1}', copyIndex(), copyIndex('b'))]" } }] } });
    let plan = of(json!([thing("[concat('a', copyIndex())]", more)]));
    assert_eq!(plan.steps.len(), RESOURCES_MAX);
}

#[test]
fn depth_of_a_template_is_bounded() {
    let mut deep = json!("[createArray()]");
    for _ in 0..READ_DEPTH_MAX * 3 {
        deep = json!([deep]);
    }
    let refused = planned(json!({ "resources": [thing("a", json!({ "properties": deep }))] }));
    assert!(refused.unwrap_err().to_string().contains("nesting"));
}

#[test]
fn what_is_no_template_is_refused() {
    let schema = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#";
    let cases = [
        (json!([]), "must be a JSON object"),
        (json!({}), "'$schema' is required"),
        (json!({ "$schema": "x", "contentVersion": "1" }), "schema 'x' is not supported"),
        (json!({ "$schema": schema }), "'contentVersion' is required"),
        (json!({ "$schema": schema, "contentVersion": "1" }), "'resources' is required"),
        (json!({ "$schema": schema, "contentVersion": "1", "resources": 1 }), "type 'Integer'"),
        (json!({ "$schema": schema, "contentVersion": "1", "resources": [1] }), "'resources.0'"),
        (
            json!({ "$schema": schema, "contentVersion": "1", "resources": [],
                "parameters": { "p": { "type": "date" } } }),
            "parameter 'p' has an invalid type 'date'",
        ),
    ];
    for (document, expected) in cases {
        let refused = Refused::from(Template::parse(&document).unwrap_err());
        assert_eq!(refused.code(), "InvalidTemplate");
        assert!(refused.to_string().contains(expected), "{refused}");
    }
    let many: serde_json::Map<_, _> =
        (0..257).map(|n| (format!("p{n}"), json!({ "type": "int" }))).collect();
    let document = json!({ "$schema": schema, "contentVersion": "1", "resources": [],
        "parameters": many });
    assert_eq!(
        Template::parse(&document).unwrap_err().to_string(),
        "The number of template parameters limit exceeded. Limit: '256' and actual: '257'. Please \
         see https://aka.ms/arm-template/#parameters for usage details."
    );
}

#[test]
fn a_wrong_expression_names_its_resource_and_place() {
    let refused = planned(json!({ "resources": [thing("a", json!({})), thing("b", json!({
        "properties": { "x": "[nope()]" } }))] }))
    .unwrap_err();
    assert_eq!(refused.path(), Some(vec!["resources".to_owned(), "1".to_owned()]));
    let text = "{ properties: { template: { resources: [ {},\n {} ] } } }";
    let found = refused.position(text, &["properties", "template"]);
    assert_eq!(found, Some(crate::lenient::Position { line: 2, column: 2 }));
    let position = Some(crate::lenient::Position { line: 96, column: 31 });
    assert_eq!(
        refused.message(position),
        "Deployment template validation failed: 'The template resource 'b' at line '96' and \
         column '31' is not valid: The template function 'nope' is not valid. Please see \
         https://aka.ms/arm-template-expressions for usage details.. Please see \
         https://aka.ms/arm-template-expressions for usage details.'."
    );
    assert_eq!(
        refused.additional_info(position),
        json!([{ "type": "TemplateViolation",
            "info": { "lineNumber": 96, "linePosition": 31, "path": "resources.1" } }])
    );
}

#[test]
fn a_typing_error_is_found_before_anything_is_deployed() {
    let wrong = |what: &str, problem: &str| {
        format!(
            "Deployment template validation failed: 'The template {what} is not valid: {problem}. \
             Please see https://aka.ms/arm-template-expressions for usage details.'."
        )
    };
    let unknown = "The template function 'nope' is not valid. Please see \
                   https://aka.ms/arm-template-expressions for usage details.";
    refused(
        json!({ "outputs": { "o": { "type": "int", "value": "[nope()]" } } }),
        &wrong("output 'o'", unknown),
    );
    refused(
        json!({ "variables": { "v": ["[if(1, 2, nope())]"] } }),
        &wrong("variable 'v'", unknown),
    );
    let default = json!({ "type": "int", "defaultValue": "[nope()]" });
    refused(json!({ "parameters": { "p": default } }), &wrong("parameter 'p'", unknown));
    refused(
        json!({ "variables": { "v": "[concat('a'))]" } }),
        &wrong(
            "variable 'v'",
            "Unable to parse language expression 'concat('a'))': expected token 'EndOfData' and \
             actual 'RightParenthesis'.",
        ),
    );
    // What only people read, and what is evaluated elsewhere, may look as it likes.
    let child = json!({ "$schema": "x/deploymentTemplate.json", "contentVersion": "1",
        "parameters": { "p": { "type": "int", "metadata": { "description": "[Optional] [x]" } } },
        "resources": [] });
    let inner = json!({ "mode": "Incremental", "template": { "outputs": "[later.on()]" },
        "expressionEvaluationOptions": { "scope": "inner" } });
    let name = |name: &str, mut deployment: Value| {
        deployment["name"] = json!(name);
        deployment
    };
    let plan = of(json!([
        thing("a", json!({ "comments": "[a note]", "metadata": { "d": "[x]" } })),
        name("b", nested(json!({ "mode": "Incremental", "template": child }))),
        name("c", nested(inner)),
    ]));
    let kept = &ready(&plan, 1)["properties"]["template"]["parameters"]["p"]["metadata"];
    assert_eq!(kept, &json!({ "description": "[Optional] [x]" }));
}

/// JSON of the words that templates are made of, put together without sense.
fn any_template() -> impl Strategy<Value = Value> {
    let words = [
        "name",
        "type",
        "apiVersion",
        "copy",
        "count",
        "input",
        "properties",
        "resources",
        "scope",
        "dependsOn",
        "condition",
        "template",
        "parameters",
        "variables",
        "value",
        "mode",
        "serial",
    ];
    let texts = [
        "N.S/things",
        "a",
        "a/b",
        "[copyIndex()]",
        "[copyIndex('a')]",
        "[reference('a')]",
        "",
        "[variables('a')]",
        "[parameters('a')]",
        "[concat('a', 'b')]",
        "[[a]",
        "[",
        "/",
        "Inner",
        "Microsoft.Resources/deployments",
        "[resourceId('N.S/things', 'a')]",
        "[json('null')]",
    ];
    let leaf = prop_oneof![
        4 => prop::sample::select(texts.to_vec()).prop_map(Value::from),
        1 => (-2..4_i64).prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
    ];
    leaf.prop_recursive(6, 60, 8, move |inner| {
        let key = prop::sample::select(words.to_vec()).prop_map(str::to_owned);
        let members = prop::collection::vec((key, inner.clone()), 0..8);
        prop_oneof![
            2 => members.prop_map(|members| Value::Object(members.into_iter().collect())),
            1 => prop::collection::vec(inner, 0..3).prop_map(Value::from),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_template_makes_it_panic(
        resources in prop::collection::vec(any_template(), 0..4),
        variables in any_template(),
    ) {
        let resources: Vec<Value> = resources
            .into_iter()
            .map(|more| thing("a", if more.is_object() { more } else { json!({ "properties": more }) }))
            .collect();
        let document = json!({ "$schema": "x/deploymentTemplate.json", "contentVersion": "1",
            "resources": resources, "variables": variables,
            "outputs": { "o": { "type": "object", "value": "[variables('a')]" } } });
        if let Ok(template) = Template::parse(&document) {
            let _ = expand(&template, &Parameters::default(), &group());
            let _ = outputs(&template, &Parameters::default(), &group(), &Knows(""));
        }
    }
}
