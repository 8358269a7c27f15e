//! What a deployment answers when all of its steps are done.

use serde_json::{Value, json};

use crate::{
    budget::measure,
    context::{Context, Host, NothingYet},
    copy::Copy,
    document::{Output, Template},
    evaluate::{self, Evaluator, Frame, Place, Stopped},
    expand::{learn_all, prepared},
    json::{Object, kind, present},
    parameters::Parameters,
    refused::{Part, Refused},
    schema::{Fitting, Mismatch, Problem, Secret},
};

/// All outputs as ARM shows them: `{name: {type, value}}`. Secure values are left out, outputs
/// whose condition is false are, too. The host must know every resource by now.
pub fn outputs(
    template: &Template,
    parameters: &Parameters,
    context: &Context,
    host: &dyn Host,
) -> Result<Value, Refused> {
    let mut all = Object::new();
    for (name, told) in told(template, parameters, context, host)? {
        match told {
            Told::Known(shown) => all.insert(name, shown),
            Told::Later { waits_for } => {
                let problem = evaluate::Refused::NoResource(waits_for);
                return Err(Refused::Output { name, problem });
            }
        };
    }
    Ok(Value::Object(all))
}

/// What can be said of an output.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    /// `{type, value}`.
    Known(Value),
    /// It needs the state of the resource of this id.
    Later { waits_for: String },
}

/// The outputs by their names, as far as the host knows what they ask for.
pub fn told(
    template: &Template,
    parameters: &Parameters,
    context: &Context,
    host: &dyn Host,
) -> Result<Vec<(String, Told)>, Refused> {
    let evaluator = prepared(template, parameters, context, host)?;
    learn_all(&evaluator)?;
    let mut all = Vec::new();
    for output in &template.outputs {
        let refused = |problem| Refused::Output { name: output.name.clone(), problem };
        let told = match value(&evaluator, output) {
            Ok(None) => continue,
            Ok(Some(value)) => Told::Known(shown(&evaluator, output, &value).map_err(refused)?),
            Err(Stopped::NotYet(waits_for)) => Told::Later { waits_for },
            Err(Stopped::Refused(problem)) => return Err(refused(problem)),
        };
        all.push((output.name.clone(), told));
    }
    Ok(all)
}

/// What the template states of itself, and whether it is so, by name. It sees no resource.
pub fn asserts(
    template: &Template,
    parameters: &Parameters,
    context: &Context,
) -> Result<Vec<(String, bool)>, Refused> {
    let evaluator = prepared(template, parameters, context, &NothingYet)?;
    let holds = template.asserts.iter().map(|(name, raw)| {
        let wrong = |problem| Refused::Part { part: Part::Assert, name: name.clone(), problem };
        let value = evaluator.value(raw, &Frame::new(Place::Head)).map_err(|it| match it {
            Stopped::Refused(problem) => wrong(problem),
            Stopped::NotYet(id) => wrong(evaluate::Refused::NoResource(id)),
        })?;
        let shape = || wrong(evaluate::Refused::Shape("asserts", kind(&value)));
        Ok((name.clone(), value.as_bool().ok_or_else(shape)?))
    });
    holds.collect()
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

fn shown(
    evaluator: &Evaluator<'_>,
    output: &Output,
    value: &Value,
) -> Result<Value, evaluate::Refused> {
    let definitions = &evaluator.template.definitions;
    let secret = if output.is_secret() { Secret::Yes } else { Secret::No };
    let fitting = Fitting { definitions, budget: &evaluator.budget, secret };
    measure(value, 0)?;
    fitting.check(&output.raw, value, "").map_err(unfit)?;
    let name = output.kind.name();
    Ok(if output.is_secret() {
        json!({ "type": name })
    } else {
        json!({ "type": name, "value": value })
    })
}

fn unfit(Mismatch { path, problem }: Mismatch) -> evaluate::Refused {
    match problem {
        Problem::Type { expected, given } if path.is_empty() => {
            evaluate::Refused::OutputType { expected, given }
        }
        Problem::TooMuch(refused) => refused,
        Problem::Type { .. }
        | Problem::NotAllowed { .. }
        | Problem::Bound { .. }
        | Problem::Absent(_)
        | Problem::Unexpected(_)
        | Problem::NoVariant { .. } => {
            evaluate::Refused::OutputValue { path, problem: problem.to_string() }
        }
    }
}
