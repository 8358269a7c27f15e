//! What the platform has for everyone: built-in roles, resource providers; and what a request
//! brings from outside.

use serde_json::{Value, json};

use crate::{
    evaluate::{Evaluated, Place, Refused},
    functions::{Calling, Function, scoped},
    json::{echo, present},
};

pub(super) const FUNCTIONS: &[Function] = &[
    scoped("externalInputs", 1, 1, external_input),
    scoped("providers", 1, 2, providers),
    scoped("roleDefinitions", 1, 1, role_definition),
];

/// A value that the request brought. Only the request's own expressions for parameters see it.
fn external_input(calling: &Calling<'_, '_>) -> Evaluated {
    if calling.frame.place != Place::Supplied {
        return Err(calling.not_here().into());
    }
    let name = calling.name_at(0)?;
    let all = calling.evaluator.context.external_inputs.as_object();
    let input = all.and_then(|all| present(all, &name)).and_then(Value::as_object);
    let value = input.map(|input| present(input, "value").cloned().unwrap_or_default());
    calling.hold(value.ok_or_else(|| Refused::NoExternalInput(echo(&name)))?)
}

/// A built-in role, by the name that people know.
fn role_definition(calling: &Calling<'_, '_>) -> Evaluated {
    let name = calling.name_at(0)?;
    let roles = &calling.evaluator.context.catalogue.roles;
    let mut named = roles.iter().filter(|(own, _)| own.eq_ignore_ascii_case(&name));
    let (_, id) = named.next().ok_or_else(|| Refused::NoRole(echo(&name)))?;
    let path = format!("/providers/Microsoft.Authorization/roleDefinitions/{id}");
    calling.hold(json!({ "id": path, "roleDefinitionId": id }))
}

/// A resource provider with all of its types, or one type of it.
fn providers(calling: &Calling<'_, '_>) -> Evaluated {
    let name = calling.name_at(0)?;
    let is = |value: &Value, member: &str, name: &str| {
        let own = value.get(member).and_then(Value::as_str);
        own.is_some_and(|own| own.eq_ignore_ascii_case(name))
    };
    let mut all = calling.evaluator.context.catalogue.providers.iter();
    let found = all.find(|provider| is(provider, "namespace", &name));
    let found = found.ok_or_else(|| Refused::NoProvider(echo(&name)))?;
    if calling.arguments.len() < 2 {
        return calling.hold(found.clone());
    }
    let kind = calling.name_at(1)?;
    let types = found.get("resourceTypes").and_then(Value::as_array);
    let one = types.into_iter().flatten().find(|one| is(one, "resourceType", &kind));
    let missing = || Refused::NoProvider(echo(&format!("{name}/{kind}")));
    calling.hold(one.ok_or_else(missing)?.clone())
}
