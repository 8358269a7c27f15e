//! What a template knows of itself and of the place it is deployed to.

use serde_json::Value;

use crate::{
    evaluate::{Evaluated, Place, Refused},
    functions::{Calling, Function, scoped},
};

pub(super) const FUNCTIONS: &[Function] = &[
    scoped("copyIndex", 0, 2, copy_index),
    scoped("deployer", 0, 0, |calling| fact(calling, calling.evaluator.context.deployer.as_ref())),
    scoped("deployment", 0, 0, |calling| {
        fact(calling, Some(&calling.evaluator.context.deployment))
    }),
    scoped("environment", 0, 0, |calling| {
        fact(calling, Some(&calling.evaluator.context.environment))
    }),
    scoped("managementGroup", 0, 0, |calling| {
        fact(calling, calling.evaluator.context.management_group.as_ref())
    }),
    scoped("newGuid", 0, 0, new_guid),
    scoped("parameters", 1, 1, parameters),
    scoped("resourceGroup", 0, 0, |calling| {
        fact(calling, calling.evaluator.context.resource_group.as_ref())
    }),
    scoped("subscription", 0, 0, |calling| {
        fact(calling, calling.evaluator.context.subscription.as_ref())
    }),
    scoped("tenant", 0, 0, |calling| fact(calling, Some(&calling.evaluator.context.tenant))),
    scoped("variables", 1, 1, variables),
];

fn fact(calling: &Calling<'_, '_>, fact: Option<&Value>) -> Evaluated {
    calling.hold(fact.ok_or_else(|| calling.not_here())?.clone())
}

/// A user function sees its own parameters and no others.
fn parameters(calling: &Calling<'_, '_>) -> Evaluated {
    let name = calling.name_at(0)?;
    match calling.frame.place {
        Place::Supplied => return Err(calling.not_here().into()),
        Place::UserFunction => {}
        Place::ParameterDefault | Place::Variable | Place::Head | Place::Body | Place::Output => {
            return calling.evaluator.parameter(&name);
        }
    }
    let own = calling.frame.arguments.iter().find(|(own, _)| own.eq_ignore_ascii_case(&name));
    let missing = || Refused::NoParameter(crate::json::echo(&name));
    Ok(own.map(|(_, held)| held.clone()).ok_or_else(missing)?)
}

fn variables(calling: &Calling<'_, '_>) -> Evaluated {
    if matches!(
        calling.frame.place,
        Place::UserFunction | Place::ParameterDefault | Place::Supplied
    ) {
        return Err(calling.not_here().into());
    }
    calling.evaluator.variable(&calling.name_at(0)?)
}

/// Ids may be fresh in the default of a parameter only, so that an expansion can be repeated.
fn new_guid(calling: &Calling<'_, '_>) -> Evaluated {
    let fresh = calling.evaluator.fresh.as_ref();
    let fresh = fresh.filter(|_| calling.frame.place == Place::ParameterDefault);
    let id = (fresh.ok_or_else(|| calling.not_here())?.new_guid)();
    calling.hold(id.to_string().into())
}

/// `copyIndex()`, `copyIndex(offset)`, `copyIndex('loop')`, `copyIndex('loop', offset)`.
fn copy_index(calling: &Calling<'_, '_>) -> Evaluated {
    let values = calling.values()?;
    let (named, offset) = match values.first().map(crate::budget::Held::value) {
        Some(Value::String(name)) => (Some(name.as_str()), values.get(1)),
        _ => (None, values.first()),
    };
    let offset = match offset.map(crate::budget::Held::value) {
        None => 0,
        Some(offset) => offset
            .as_i64()
            .ok_or_else(|| Refused::argument("copyIndex", "the offset must be an integer"))?,
    };
    let turn = calling.frame.loops.iter().rev().find(|turn| match named {
        Some(name) => turn.name.eq_ignore_ascii_case(name),
        None => !turn.named_only,
    });
    let index = turn.ok_or(Refused::NoLoop)?.index.checked_add(offset);
    let index = index.ok_or_else(|| Refused::argument("copyIndex", "the index is too large"))?;
    calling.hold(index.into())
}
