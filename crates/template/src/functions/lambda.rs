//! Functions that take a `lambda(…)`.

use serde_json::{Map, Value};

use crate::{
    budget::Held,
    evaluate::{Evaluated, Refused, Stopped},
    expression::Expression,
    functions::{Calling, Function, scoped},
    json::echo,
};

pub(super) const FUNCTIONS: &[Function] = &[
    scoped("filter", 2, 2, filter),
    scoped("groupBy", 2, 2, group_by),
    scoped("lambda", 1, usize::MAX, |calling| Err(calling.not_here().into())),
    scoped("lambdaVariables", 1, 1, lambda_variables),
    scoped("map", 2, 2, map),
    scoped("mapValues", 2, 2, map_values),
    scoped("reduce", 3, 3, reduce),
    scoped("sort", 2, 2, sort),
    scoped("toObject", 2, 3, to_object),
];

/// A lambda of a call: the names of its variables, and what it computes.
struct Lambda<'a, 'c, 'e> {
    calling: &'a Calling<'c, 'e>,
    names: Vec<&'a str>,
    body: &'a Expression,
}

impl<'c, 'e> Calling<'c, 'e> {
    fn lambda(&self, index: usize) -> Result<Lambda<'_, 'c, 'e>, Refused> {
        let wrong = || Refused::argument(self.name, "a lambda function is expected");
        let Some(Expression::Call(call)) = self.arguments.get(index) else {
            return Err(wrong());
        };
        let lambda = call.namespace.is_none() && call.name.eq_ignore_ascii_case("lambda");
        let (body, names) = call.arguments.split_last().filter(|_| lambda).ok_or_else(wrong)?;
        let names: Option<Vec<&str>> = names.iter().map(literal).collect();
        Ok(Lambda { calling: self, names: names.ok_or_else(wrong)?, body })
    }

    fn elements(&self) -> Result<Vec<Value>, Stopped> {
        let first = self.argument(0)?;
        let array = first.value().as_array().cloned();
        Ok(array.ok_or_else(|| self.wrong("Array", first.value()))?)
    }
}

fn literal(expression: &Expression) -> Option<&str> {
    match expression {
        Expression::Text(text) => Some(text),
        Expression::Integer(_) | Expression::Call(_) | Expression::Access(..) => None,
    }
}

impl Lambda<'_, '_, '_> {
    /// Values beyond the names that the lambda declares are left out: an index is optional.
    fn call(&self, values: &[&Held]) -> Evaluated {
        let mut frame = self.calling.frame.clone();
        for (name, value) in self.names.iter().zip(values) {
            frame.lambdas.push(((*name).to_owned(), (*value).clone()));
        }
        self.calling.evaluator.expression(self.body, &frame)
    }

    fn each(&self, element: &Value, index: usize) -> Evaluated {
        let element = self.calling.hold(element.clone())?;
        let index = self.calling.hold(index.into())?;
        self.call(&[&element, &index])
    }

    fn holds(&self, values: &[&Held]) -> Result<bool, Stopped> {
        let verdict = self.call(values)?;
        let verdict = verdict.value();
        Ok(verdict.as_bool().ok_or_else(|| self.calling.wrong("Boolean", verdict))?)
    }

    fn key(&self, element: &Value) -> Result<String, Stopped> {
        let key = self.each(element, 0)?;
        let text = key.value().as_str().map(str::to_owned);
        Ok(text.ok_or_else(|| self.calling.wrong("String", key.value()))?)
    }
}

fn lambda_variables(calling: &Calling<'_, '_>) -> Evaluated {
    let name = calling.name_at(0)?;
    let mut innermost = calling.frame.lambdas.iter().rev();
    let found = innermost.find(|(own, _)| own.eq_ignore_ascii_case(&name));
    let missing = || Refused::NoLambdaVariable(echo(&name));
    Ok(found.map(|(_, held)| held.clone()).ok_or_else(missing)?)
}

fn map(calling: &Calling<'_, '_>) -> Evaluated {
    let (elements, lambda) = (calling.elements()?, calling.lambda(1)?);
    let mut mapped = Vec::with_capacity(elements.len());
    for (index, element) in elements.iter().enumerate() {
        mapped.push(lambda.each(element, index)?.value().clone());
    }
    calling.hold(Value::Array(mapped))
}

fn map_values(calling: &Calling<'_, '_>) -> Evaluated {
    let (first, lambda) = (calling.argument(0)?, calling.lambda(1)?);
    let object = first.value().as_object();
    let object = object.ok_or_else(|| calling.wrong("Object", first.value()))?;
    let mut mapped = Map::new();
    for (key, value) in object {
        mapped.insert(key.clone(), lambda.each(value, 0)?.value().clone());
    }
    calling.hold(Value::Object(mapped))
}

fn filter(calling: &Calling<'_, '_>) -> Evaluated {
    let (elements, lambda) = (calling.elements()?, calling.lambda(1)?);
    let mut kept = Vec::new();
    for (index, element) in elements.into_iter().enumerate() {
        let held = calling.hold(element)?;
        if lambda.holds(&[&held, &calling.hold(index.into())?])? {
            kept.push(held.value().clone());
        }
    }
    calling.hold(Value::Array(kept))
}

fn reduce(calling: &Calling<'_, '_>) -> Evaluated {
    let (elements, lambda) = (calling.elements()?, calling.lambda(2)?);
    let mut accumulated = calling.argument(1)?;
    for (index, element) in elements.into_iter().enumerate() {
        let (element, index) = (calling.hold(element)?, calling.hold(index.into())?);
        accumulated = lambda.call(&[&accumulated, &element, &index])?;
    }
    Ok(accumulated)
}

/// A stable merge sort: `lambda('a', 'b', less(…))` may refuse at any comparison.
fn sort(calling: &Calling<'_, '_>) -> Evaluated {
    let (elements, lambda) = (calling.elements()?, calling.lambda(1)?);
    let held: Result<Vec<Held>, _> = elements.into_iter().map(|e| calling.hold(e)).collect();
    let sorted = merge_sort(held?, &lambda)?;
    calling.hold(sorted.iter().map(|held| held.value().clone()).collect())
}

fn merge_sort(mut left: Vec<Held>, less: &Lambda<'_, '_, '_>) -> Result<Vec<Held>, Stopped> {
    if left.len() < 2 {
        return Ok(left);
    }
    let right = left.split_off(left.len() / 2);
    let mut left = merge_sort(left, less)?.into_iter().peekable();
    let mut right = merge_sort(right, less)?.into_iter().peekable();
    let mut sorted = Vec::new();
    while let (Some(first), Some(second)) = (left.peek(), right.peek()) {
        let next = if less.holds(&[second, first])? { right.next() } else { left.next() };
        sorted.extend(next);
    }
    sorted.extend(left.chain(right));
    Ok(sorted)
}

fn to_object(calling: &Calling<'_, '_>) -> Evaluated {
    let (elements, key) = (calling.elements()?, calling.lambda(1)?);
    let value = calling.arguments.get(2).map(|_| calling.lambda(2)).transpose()?;
    let mut object = Map::new();
    for element in elements {
        let name = key.key(&element)?;
        let member = match &value {
            Some(value) => value.each(&element, 0)?.value().clone(),
            None => element,
        };
        object.insert(name, member);
    }
    calling.hold(Value::Object(object))
}

fn group_by(calling: &Calling<'_, '_>) -> Evaluated {
    let (elements, key) = (calling.elements()?, calling.lambda(1)?);
    let mut groups = Map::new();
    for element in elements {
        let name = key.key(&element)?;
        if let Value::Array(group) = groups.entry(name).or_insert_with(|| Value::Array(Vec::new()))
        {
            group.push(element);
        }
    }
    calling.hold(Value::Object(groups))
}
