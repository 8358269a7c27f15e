//! Each bound of ARM's, met and passed.

use super::*;
use crate::limits::{EXPRESSION_CHARS_MAX, OUTPUTS_MAX, PARAMETERS_MAX, VARIABLES_MAX};

/// So many members, each the same.
fn members(count: usize, each: Value) -> Value {
    Value::Object((0..count).map(|n| (format!("m{n}"), each.clone())).collect())
}

fn parsed(parts: Value) -> Result<(), String> {
    let mut document = json!({ "$schema": "x/deploymentTemplate.json", "contentVersion": "1",
        "resources": [] });
    let Value::Object(parts) = parts else { panic!("parts are an object") };
    document.as_object_mut().unwrap().extend(parts);
    Template::parse(&document).map(drop).map_err(|refused| refused.to_string())
}

#[test]
fn parts_of_a_template_are_counted() {
    let output = json!({ "type": "int", "value": 1 });
    let cases = [
        ("parameters", PARAMETERS_MAX, 256, json!({ "type": "int" })),
        ("variables", VARIABLES_MAX, 256, json!(1)),
        ("outputs", OUTPUTS_MAX, 64, output),
    ];
    for (section, limit, documented, each) in cases {
        assert_eq!(limit, documented);
        assert_eq!(parsed(json!({ section: members(limit, each.clone()) })), Ok(()));
        let refused = parsed(json!({ section: members(limit + 1, each) })).unwrap_err();
        let expected = format!(
            "The number of template {section} limit exceeded. Limit: '{limit}' and actual: '{}'.",
            limit + 1
        );
        assert!(refused.starts_with(&expected), "{refused}");
    }
    let written = |count: usize| -> Value {
        (0..count).map(|n| thing(&format!("a{n}"), json!({}))).collect()
    };
    assert_eq!(parsed(json!({ "resources": written(800) })), Ok(()));
    let refused = parsed(json!({ "resources": written(801) })).unwrap_err();
    assert!(refused.contains("template resources limit exceeded. Limit: '800'"), "{refused}");
}

#[test]
fn an_expression_is_no_longer_than_arm_allows() {
    let tags = |length: usize| {
        let text = "x".repeat(length - "concat('')".len());
        planned(json!({ "resources":
            [thing("a", json!({ "tags": { "t": format!("[concat('{text}')]") } }))] }))
    };
    assert!(tags(EXPRESSION_CHARS_MAX).is_ok());
    let refused = tags(EXPRESSION_CHARS_MAX + 1).unwrap_err().to_string();
    assert!(refused.contains("24577"), "{refused}");
}

#[test]
fn a_missing_parameter_is_named() {
    let template = document(json!({ "parameters": { "p": { "type": "string" } } }));
    let refused = crate::parameters::bind(&template, &json!({}), &group(), fresh()).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "Deployment template validation failed: 'The value for the template parameter 'p' is not \
         provided. Please see https://aka.ms/arm-create-parameter-file for usage details.'."
    );
}

/// A function of the template's own; `again` calls it anew.
fn recursive(body: &str) -> Value {
    json!([{ "namespace": "own", "members": { "again": {
        "parameters": [{ "name": "n", "type": "int" }],
        "output": { "type": "int", "value": body } } } }])
}

#[test]
fn what_calls_itself_is_refused() {
    let output = |value: &str| json!({ "o": { "type": "int", "value": value } });
    let asked = |parts: Value| {
        let template = document(parts);
        let plan = expand(&template, &Parameters::default(), &group());
        let outputs = outputs(&template, &Parameters::default(), &group(), &NothingYet);
        plan.map(drop).and(outputs.map(drop)).unwrap_err().to_string()
    };
    let own = asked(json!({ "functions": recursive("[own.again(parameters('n'))]"),
        "outputs": output("[own.again(1)]") }));
    assert!(own.contains("'own.again' is not expected at this location"), "{own}");
    let circle = asked(json!({ "variables": { "a": "[variables('b')]", "b": "[variables('a')]" },
        "outputs": output("[variables('a')]") }));
    assert!(circle.contains("Circular dependency detected on 'a'"), "{circle}");
    let lambda = "[map(range(0, 3), lambda('x', lambda('x', 1)))]";
    let lambda = asked(json!({ "outputs": output(lambda) }));
    assert!(lambda.contains("'lambda' is not expected at this location"), "{lambda}");
}

#[test]
fn a_typing_error_in_a_function_of_the_templates_own_is_found_before_it_is_called() {
    let refused = planned(json!({ "functions": recursive("[nope()]") })).unwrap_err().to_string();
    assert!(refused.contains("The template function 'own.again' is not valid"), "{refused}");
}

#[test]
fn lambdas_in_lambdas_are_stopped() {
    let mut body = "1".to_owned();
    for depth in 0..12 {
        body = format!("map(range(0, 1000), lambda('x{depth}', {body}))");
    }
    let refused =
        planned(json!({ "resources": [thing("a", json!({ "tags": format!("[{body}]") }))] }));
    assert!(refused.unwrap_err().to_string().contains("exceeds a limit"));
}

#[test]
fn templates_in_templates_are_stopped() {
    for scope in ["inner", "outer"] {
        let mut child = json!({ "$schema": "x/deploymentTemplate.json", "contentVersion": "1",
            "resources": [] });
        for _ in 0..60 {
            let nested = nested(json!({ "mode": "Incremental", "template": child,
                "expressionEvaluationOptions": { "scope": scope } }));
            child = json!({ "$schema": "x/deploymentTemplate.json", "contentVersion": "1",
                "resources": [nested] });
        }
        let template = Template::parse(&child).unwrap();
        let refused = expand(&template, &Parameters::default(), &group()).map(drop);
        let refused = refused.unwrap_err().to_string();
        assert!(refused.contains("nesting"), "{scope}: {refused}");
    }
}

#[test]
fn one_expression_cannot_fill_the_memory() {
    for text in [
        "[padLeft('', 2000000000)]",
        "[range(0, 1000000)]",
        "[map(range(0, 10000), lambda('x', padLeft('', 100000)))]",
        "[join(range(0, 10000), padLeft('', 100000))]",
        "[reduce(range(0, 10000), 'x', lambda('a', 'b', concat(lambdaVariables('a'), \
         lambdaVariables('a'))))]",
        "[flatten(map(range(0, 10000), lambda('x', range(0, 10000))))]",
    ] {
        let refused = planned(json!({ "resources": [thing("a", json!({ "tags": text }))] }));
        let refused = refused.unwrap_err().to_string();
        let bounded = refused.contains("exceeds a limit") || refused.contains("a count between");
        assert!(bounded, "{text}: {refused}");
    }
}

/// Each is allowed by itself; together they are deeper than what can be read back from a store.
#[test]
fn a_deep_value_deep_inside_of_a_template_is_stopped() {
    let deep = "[reduce(range(0, 70), createArray(), lambda('a', 'b', createArray(lambdaVariables('a'))))]";
    let mut inside = json!(deep);
    for _ in 0..60 {
        inside = json!([inside]);
    }
    let shallow = json!({ "resources": [thing("a", json!({ "tags": deep }))] });
    assert!(planned(shallow).is_ok());
    let refused = planned(json!({ "resources": [thing("a", json!({ "tags": inside.clone() }))] }));
    assert!(refused.unwrap_err().to_string().contains("nesting"));
    let template = document(json!({ "outputs": { "o": { "type": "array", "value": inside } } }));
    let refused = outputs(&template, &Parameters::default(), &group(), &NothingYet);
    assert!(refused.unwrap_err().to_string().contains("nesting"));
}
