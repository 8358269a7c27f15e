//! Looks at every expression of a template before anything is deployed: a typing error in an
//! output must not wait until the resources are there.

use serde_json::Value;

use crate::{
    document::Template,
    evaluate::Refused as Wrong,
    expression::{self, Accessor, Call, Expression, Text},
    functions,
    json::{Object, echo, present},
    limits::READ_DEPTH_MAX,
    nested::is_deployment,
    refused::{Part, Refused},
};

/// Members that only people read.
const REMARKS: &[&str] = &["comments", "metadata"];

/// Refuses a template with a malformed expression, a function that does not exist, or one with a
/// wrong number of arguments, even where it would not be evaluated.
pub(crate) fn check(template: &Template) -> Result<(), Refused> {
    for parameter in &template.parameters {
        let default = parameter.default.as_ref().map_or(Ok(()), |raw| value(template, raw, 0));
        default.map_err(|problem| part(Part::Parameter, &parameter.name, problem))?;
    }
    for (name, raw) in template.variables() {
        value(template, raw, 0).map_err(|problem| part(Part::Variable, name, problem))?;
    }
    for (name, output) in template.user_functions() {
        value(template, output, 0).map_err(|problem| part(Part::Function, name, problem))?;
    }
    for declared in &template.resources {
        resource(template, &declared.raw).map_err(|problem| Refused::Resource {
            name: present(&declared.raw, "name").map(plain).unwrap_or_default(),
            path: declared.path.clone(),
            problem: problem.into(),
        })?;
    }
    for output in &template.outputs {
        let evaluated = ["condition", "copy", "value"];
        let mut raws = evaluated.iter().filter_map(|member| present(&output.raw, member));
        let checked = raws.try_for_each(|raw| value(template, raw, 0));
        checked.map_err(|problem| part(Part::Output, &output.name, problem))?;
    }
    for (name, raw) in &template.asserts {
        value(template, raw, 0).map_err(|problem| part(Part::Assert, name, problem))?;
    }
    Ok(())
}

fn part(part: Part, name: &str, problem: Wrong) -> Refused {
    Refused::Part { part, name: name.to_owned(), problem }
}

fn plain(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// All of a resource but remarks, children (which stand for themselves), and the properties of a
/// nested deployment: what is to be evaluated of them is evaluated when the plan is made.
fn resource(template: &Template, raw: &Object) -> Result<(), Wrong> {
    let kind = present(raw, "type").and_then(Value::as_str).unwrap_or_default();
    let later = if is_deployment(kind) { "properties" } else { "resources" };
    let skipped = |key: &str| {
        let mut names = REMARKS.iter().chain([&"resources", &later]);
        names.any(|name| key.eq_ignore_ascii_case(name))
    };
    let mut evaluated = raw.iter().filter(|(key, _)| !skipped(key));
    evaluated.try_for_each(|(_, member)| value(template, member, 1))
}

fn value(template: &Template, raw: &Value, depth: usize) -> Result<(), Wrong> {
    // Deeper values are refused when they are evaluated.
    if depth > READ_DEPTH_MAX {
        return Ok(());
    }
    match raw {
        Value::String(string) => text(template, string),
        Value::Array(elements) => {
            elements.iter().try_for_each(|element| value(template, element, depth + 1))
        }
        Value::Object(members) => members.iter().try_for_each(|(key, member)| {
            text(template, key)?;
            value(template, member, depth + 1)
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
    }
}

fn text(template: &Template, string: &str) -> Result<(), Wrong> {
    match expression::text(string) {
        Text::Literal(_) => Ok(()),
        Text::Expression(text) => expression(template, &expression::parse(text)?),
    }
}

/// As deep as the parser lets an expression be.
fn expression(template: &Template, parsed: &Expression) -> Result<(), Wrong> {
    match parsed {
        Expression::Text(_) | Expression::Integer(_) => Ok(()),
        Expression::Call(called) => {
            call(template, called)?;
            called.arguments.iter().try_for_each(|argument| expression(template, argument))
        }
        Expression::Access(base, accessor) => {
            expression(template, base)?;
            match accessor.as_ref() {
                Accessor::Property(_) => Ok(()),
                Accessor::Index(index) => expression(template, index),
            }
        }
    }
}

fn call(template: &Template, call: &Call) -> Result<(), Wrong> {
    let Some(namespace) = &call.namespace else {
        return functions::exists(call);
    };
    let name = format!("{namespace}.{}", call.name);
    match template.function(&name) {
        Some(_) => Ok(()),
        None => Err(Wrong::NoFunction(echo(&name))),
    }
}
