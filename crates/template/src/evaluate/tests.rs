#![expect(clippy::needless_pass_by_value, reason = "cases are written in place")]

use std::cell::RefCell;

use serde_json::json;

use super::*;
use crate::{
    context::{Answer, List, NothingYet, Reference, Scope},
    limits::{STEPS_MAX, VALUE_BYTES_MAX},
};

/// A template with these variables and nothing else.
fn template(variables: Value) -> Template {
    let document = json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "parameters": { "p": { "type": "object" } },
        "functions": [{ "namespace": "contoso", "members": { "greet": {
            "parameters": [{ "name": "who", "type": "string" }],
            "output": { "type": "string", "value": "[concat('hello ', parameters('who'))]" }
        } } }],
        "variables": variables,
        "resources": []
    });
    Template::parse(&document).unwrap()
}

fn group() -> Context {
    let subscription = "11111111-1111-4111-8111-111111111111".to_owned();
    let mut context = Context::at(Scope::ResourceGroup { subscription, name: "rg1".to_owned() });
    context.subscription = Some(json!({ "subscriptionId": "11111111-1111-4111-8111-111111111111",
        "managedByTenants": [] }));
    context.resource_group = Some(json!({ "name": "rg1", "location": "westeurope" }));
    context
}

fn evaluated(variables: &Value, text: &str, place: Place) -> Result<Value, Stopped> {
    let (template, context) = (template(variables.clone()), group());
    let evaluator = Evaluator::new(&template, &context, &NothingYet);
    evaluator.supply("p", json!({ "Name": "x", "list": [1, { "deep": true }] })).unwrap();
    evaluator.value(&json!(text), &Frame::new(place))
}

#[track_caller]
fn check(text: &str, expected: Value) {
    assert_eq!(evaluated(&json!({}), text, Place::Output), Ok(expected), "{text}");
}

#[track_caller]
fn refused(variables: Value, text: &str, expected: &str) {
    let message = evaluated(&variables, text, Place::Output).map_err(|stopped| stopped.to_string());
    assert_eq!(message, Err(expected.to_owned()), "{text}");
}

#[test]
fn properties_and_indices_are_followed_without_regard_to_case() {
    check("[parameters('P').NAME]", json!("x"));
    check("[parameters('p').list[1].deep]", json!(true));
    check("[parameters('p')['name']]", json!("x"));
    check("[parameters('p')['list'][sub(1, 1)]]", json!(1));
    check("[[parameters('p')]", json!("[parameters('p')]"));
    check("[parameters('p')", json!("[parameters('p')"));
    check("[RESOURCEGROUP().Name]", json!("rg1"));
    check("[contoso.greet('world')]", json!("hello world"));
    check("[empty(subscription().managedByTenants)]", json!(true));
}

#[test]
fn what_is_not_there_is_refused_in_arms_words() {
    let none = || json!({});
    refused(
        none(),
        "[parameters('p').nope]",
        "The language expression property 'nope' doesn't exist, available properties are 'Name, \
         list'.",
    );
    refused(
        none(),
        "[parameters('p').list[2]]",
        "The language expression property array index '2' is out of bounds; the array has '2' \
         elements.",
    );
    refused(
        none(),
        "[parameters('q')]",
        "The template parameter 'q' is not found. Please see \
         https://aka.ms/arm-template/#parameters for usage details.",
    );
    refused(
        none(),
        "[variables('v')]",
        "The template variable 'v' is not found. Please see \
         https://aka.ms/arm-template/#variables for usage details.",
    );
    refused(
        none(),
        "[frobnicate()]",
        "The template function 'frobnicate' is not valid. Please see \
         https://aka.ms/arm-template-expressions for usage details.",
    );
    refused(
        none(),
        "[empty()]",
        "Unable to evaluate template language function 'empty': function requires 1 argument(s) \
         while 0 were provided. Please see https://aka.ms/arm-template-expressions/#empty for \
         usage details.",
    );
    refused(
        none(),
        "[copyIndex()]",
        "The template function 'copyIndex' is not expected at this location. The function can \
         only be used in a resource with copy specified. Please see https://aka.ms/arm-copy for \
         usage details.",
    );
    refused(
        none(),
        "[managementGroup()]",
        "The template function 'managementGroup' is not expected at this location. Please see \
         https://aka.ms/arm-template-expressions for usage details.",
    );
}

#[test]
fn a_variable_is_evaluated_when_it_is_used() {
    let variables = json!({
        "broken": "[frobnicate()]",
        "a": "[concat(variables('b'), '!')]",
        "b": "[toLower('B')]",
        "list": { "copy": [{ "name": "n", "count": 3, "input": "[copyIndex('n', 1)]" }] },
        "copy": [{ "name": "top", "count": 2, "input": { "i": "[copyIndex('top')]" } }]
    });
    let check = |text, expected| {
        assert_eq!(evaluated(&variables, text, Place::Output), Ok(expected), "{text}");
    };
    check("[variables('A')]", json!("b!"));
    check("[variables('list').n]", json!([1, 2, 3]));
    check("[variables('top')]", json!([{ "i": 0 }, { "i": 1 }]));
}

#[test]
fn a_variable_that_needs_itself_is_refused() {
    let variables = json!({ "a": "[variables('b')]", "b": "[variables('A')]" });
    let stopped = evaluated(&variables, "[variables('a')]", Place::Output);
    assert!(stopped.unwrap_err().to_string().contains("Circular dependency detected on 'A'"));
}

#[test]
fn functions_that_see_resources_are_legal_in_bodies_and_outputs_only() {
    let asked = "[reference('/subscriptions/s/providers/A.B/c/d', '2020-01-01').x]";
    for place in [Place::Body, Place::Output] {
        assert!(matches!(evaluated(&json!({}), asked, place), Err(Stopped::NotYet(_))));
    }
    for place in [Place::Head, Place::Variable, Place::ParameterDefault, Place::UserFunction] {
        let refused = evaluated(&json!({}), asked, place);
        assert_eq!(refused, Err(Refused::NotHere("reference".to_owned()).into()));
    }
    let hidden = json!({ "v": asked });
    let refused = evaluated(&hidden, "[variables('v')]", Place::Output);
    assert!(refused.unwrap_err().to_string().contains("'reference' is not expected"));
    let now = evaluated(&json!({}), "[utcNow()]", Place::Output);
    assert_eq!(now, Err(Refused::NotHere("utcNow".to_owned()).into()));
}

struct Asked(RefCell<Vec<String>>);

impl Host for Asked {
    fn reference(&self, asked: &Reference) -> Answer {
        self.0.borrow_mut().push(format!("{} {:?} {}", asked.id, asked.api_version, asked.full));
        Answer::Known(json!({ "key": "k" }))
    }

    fn list(&self, asked: &List) -> Answer {
        self.0.borrow_mut().push(format!("{} {} {:?}", asked.action, asked.id, asked.body));
        Answer::Refused { code: "AuthorizationFailed".to_owned(), message: "no".to_owned() }
    }
}

#[test]
fn the_host_is_asked_and_its_refusal_passed_on() {
    let (template, context) = (template(json!({})), group());
    let host = Asked(RefCell::default());
    let evaluator = Evaluator::new(&template, &context, &host);
    let frame = Frame::new(Place::Output);
    let value = evaluator.text("reference('/a/b', '2020-01-01', 'full').key", &frame).unwrap();
    assert_eq!(value.value(), "k");
    let refused = evaluator.text("listKeys('/a/b', '2020-01-01', createObject())", &frame);
    let refusal =
        Refused::Host { code: "AuthorizationFailed".to_owned(), message: "no".to_owned() };
    assert_eq!(refused.unwrap_err(), refusal.into());
    assert_eq!(
        *host.0.borrow(),
        ["/a/b Some(\"2020-01-01\") true", "listKeys /a/b Some(Object {})"]
    );
}

#[test]
fn only_the_chosen_branch_is_evaluated() {
    check("[if(true(), 1, frobnicate())]", json!(1));
    check("[if(equals(1, 2), frobnicate(), 'else')]", json!("else"));
}

#[test]
fn growth_is_stopped_before_it_takes_memory() {
    let mut doubling = serde_json::Map::new();
    doubling.insert("v0".to_owned(), json!("0123456789"));
    for n in 1..60 {
        let half = format!("variables('v{}')", n - 1);
        doubling.insert(format!("v{n}"), json!(format!("[concat({half}, {half})]")));
    }
    let cases = [
        (Value::Object(doubling), "[variables('v59')]"),
        (json!({}), "[padLeft('x', 2000000000)]"),
        (json!({ "s": "[padLeft('', 10000000, 'a')]" }), "[replace(variables('s'), 'a', 'aaa')]"),
        (
            json!({ "l": "[range(0, 10000)]", "s": "[padLeft('', 100000, 'a')]" }),
            "[join(variables('l'), variables('s'))]",
        ),
        (
            json!({ "s": "[padLeft('', 10000000, 'a')]" }),
            "[format('{0}{0}{0}{0}', variables('s'))]",
        ),
        (
            json!({ "a": "[range(0, 10000)]" }),
            "[map(variables('a'), lambda('x', map(variables('a'), lambda('y', 1))))]",
        ),
        (
            json!({ "a": "[range(0, 10000)]" }),
            "[map(variables('a'), lambda('x', contains(variables('a'), 'y')))]",
        ),
    ];
    for (variables, text) in cases {
        let refused = evaluated(&variables, text, Place::Output).unwrap_err().to_string();
        assert!(refused.contains("exceeds a limit"), "{text}: {refused}");
    }
    const { assert!(STEPS_MAX < 10_000_000 && VALUE_BYTES_MAX < 100_000_000) };
}

#[test]
fn nesting_is_stopped_before_the_stack_ends() {
    let mut chain = serde_json::Map::new();
    chain.insert("v0".to_owned(), json!([]));
    for n in 1..250 {
        chain.insert(format!("v{n}"), json!([[format!("[variables('v{}')]", n - 1)]]));
    }
    let refused = evaluated(&Value::Object(chain.clone()), "[variables('v249')]", Place::Output);
    assert!(refused.unwrap_err().to_string().contains("nesting"));
    assert!(evaluated(&Value::Object(chain), "[variables('v20')]", Place::Output).is_ok());
    let wrapped = "[reduce(range(0, 9000), createArray(), lambda('a', 'b', \
                   createArray(lambdaVariables('a'))))]";
    let refused = evaluated(&json!({}), wrapped, Place::Output).unwrap_err().to_string();
    assert!(refused.contains("nesting"), "{refused}");
}
