//! What a deployment answers when all of its steps are done.

use serde_json::{Value, json};

use crate::{
    context::{Context, Host},
    copy::Copy,
    document::{Output, Template},
    evaluate::{self, Evaluator, Frame, Place, Stopped},
    expand::{learn_all, prepared},
    json::{Object, kind, present},
    parameters::Parameters,
    refused::Refused,
};

/// All outputs as ARM shows them: `{name: {type, value}}`. Secure values are left out, outputs
/// whose condition is false are, too. The host must know every resource by now.
pub fn outputs(
    template: &Template,
    parameters: &Parameters,
    context: &Context,
    host: &dyn Host,
) -> Result<Value, Refused> {
    let evaluator = prepared(template, parameters, context, host)?;
    learn_all(&evaluator)?;
    let mut all = Object::new();
    for output in &template.outputs {
        let refused = |problem| Refused::Output { name: output.name.clone(), problem };
        let value = value(&evaluator, output).map_err(|stopped| match stopped {
            Stopped::Refused(problem) => refused(problem),
            Stopped::NotYet(id) => refused(evaluate::Refused::NoResource(id)),
        })?;
        let shown = value.map(|value| shown(output, &value)).transpose().map_err(refused)?;
        all.extend(shown.map(|shown| (output.name.clone(), shown)));
    }
    Ok(Value::Object(all))
}

fn value(evaluator: &Evaluator<'_>, output: &Output) -> Result<Option<Value>, Stopped> {
    let frame = Frame::new(Place::Output);
    if let Some(raw) = present(&output.raw, "condition") {
        let condition = evaluator.value(raw, &frame)?;
        let wrong = || evaluate::Refused::Shape("condition", kind(&condition));
        if !condition.as_bool().ok_or_else(wrong)? {
            return Ok(None);
        }
    }
    if let Some(copy) = present(&output.raw, "copy") {
        let copy = copy.as_object().and_then(Copy::unnamed);
        let copy = copy.ok_or(evaluate::Refused::Copy("it must have a count and an input"))?;
        return evaluator.repeat(copy, &frame).map(|elements| Some(Value::Array(elements)));
    }
    let raw = present(&output.raw, "value").unwrap_or(&Value::Null);
    evaluator.value(raw, &frame).map(Some)
}

fn shown(output: &Output, value: &Value) -> Result<Value, evaluate::Refused> {
    let nullable = present(&output.raw, "nullable") == Some(&Value::Bool(true));
    let fits = output.kind.takes(value) || nullable && value.is_null();
    if !fits {
        return Err(evaluate::Refused::OutputType {
            expected: output.kind.expected(),
            given: kind(value),
        });
    }
    let name = output.kind.name();
    Ok(if output.kind.is_secure() {
        json!({ "type": name })
    } else {
        json!({ "type": name, "value": value })
    })
}
