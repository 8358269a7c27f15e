//! Deployments inside deployments.
//!
//! A child template evaluated in *inner* scope is handed on as it is. In *outer* scope, the
//! default, all of its expressions are evaluated here, with the parent's parameters, loops and
//! place; what remains are literals, escaped so that the child reads them as such.

use serde_json::Value;

use crate::{
    budget::measure,
    copy::ResourceCopy,
    evaluate::{Evaluator, Frame, Refused, Stopped, Turn, Waiting},
    json::{Object, kind, present},
};

/// Members of a resource that steer its deployment and are no part of it.
const BOOKKEEPING: &[&str] = &[
    "apiVersion",
    "comments",
    "condition",
    "copy",
    "dependsOn",
    "existing",
    "metadata",
    "name",
    "resources",
    "scope",
    "type",
];
/// A nested deployment's, in addition: where it runs.
const BOOKKEEPING_OF_DEPLOYMENTS: &[&str] = &["resourceGroup", "subscriptionId"];

pub(crate) fn is_deployment(kind: &str) -> bool {
    kind.trim_end_matches('/').eq_ignore_ascii_case("Microsoft.Resources/deployments")
}

/// Whether a nested deployment's template is evaluated by itself. A linked one always is.
pub(crate) fn is_inner(resource: &Object) -> bool {
    let properties = present(resource, "properties").and_then(Value::as_object);
    let Some(properties) = properties else {
        return false;
    };
    let options = present(properties, "expressionEvaluationOptions").and_then(Value::as_object);
    let scope = options.and_then(|options| present(options, "scope")).and_then(Value::as_str);
    present(properties, "templateLink").is_some()
        || scope.is_some_and(|scope| scope.eq_ignore_ascii_case("inner"))
}

impl Evaluator<'_> {
    /// What is sent to a resource's provider.
    pub(crate) fn body(
        &self,
        resource: &Object,
        type_name: &str,
        frame: &Frame,
    ) -> Result<Value, Stopped> {
        let deployment = is_deployment(type_name);
        let within = |list: &[&str], key: &str| list.iter().any(|n| n.eq_ignore_ascii_case(key));
        let kept = resource.iter().filter(|(key, _)| {
            !(within(BOOKKEEPING, key) || deployment && within(BOOKKEEPING_OF_DEPLOYMENTS, key))
        });
        let mut body = Object::new();
        let mut waiting = Waiting::default();
        for (key, raw) in kept {
            let member = if deployment && key.eq_ignore_ascii_case("properties") {
                self.deployment(raw, is_inner(resource), frame)
                    .map(|properties| Some((key.clone(), properties)))
            } else {
                self.member(key, raw, frame)
            };
            body.extend(waiting.note(member)?.flatten());
        }
        let body = waiting.or(Value::Object(body))?;
        // What is deep itself may stand deep inside of the template.
        measure(&body, 0)?;
        Ok(body)
    }

    /// The properties of a nested deployment: all evaluated here but an inner template.
    fn deployment(&self, raw: &Value, inner: bool, frame: &Frame) -> Result<Value, Stopped> {
        let properties = raw.as_object().ok_or(Refused::Shape("properties", kind(raw)))?;
        let mut evaluated = Object::new();
        let mut waiting = Waiting::default();
        for (key, raw) in properties {
            let member = if !key.eq_ignore_ascii_case("template") {
                self.member(key, raw, frame)
            } else if inner {
                self.as_it_is(key, raw)
            } else {
                let template = raw.as_object().ok_or(Refused::Shape("template", kind(raw)))?;
                let escaping = Frame { escaping: true, ..frame.clone() };
                self.child(template, &escaping).map(|template| Some((key.clone(), template)))
            };
            evaluated.extend(waiting.note(member)?.flatten());
        }
        waiting.or(Value::Object(evaluated))
    }

    /// A child template, or one of its resources that has children.
    fn child(&self, template: &Object, frame: &Frame) -> Result<Value, Stopped> {
        let _entered = self.budget.enter()?;
        let own = present(template, "type").and_then(Value::as_str).unwrap_or_default();
        let mut child = Object::new();
        let mut waiting = Waiting::default();
        for (key, raw) in template {
            let is = |name: &str| key.eq_ignore_ascii_case(name);
            let member = if is("metadata") {
                self.as_it_is(key, raw)
            } else if is("parameters") && own.is_empty() {
                self.declarations(raw, frame).map(|parameters| Some((key.clone(), parameters)))
            } else if is("resources") {
                self.children(raw, frame).map(|resources| Some((key.clone(), resources)))
            } else if is("properties") && is_deployment(own) {
                self.deployment(raw, is_inner(template), frame)
                    .map(|properties| Some((key.clone(), properties)))
            } else {
                self.member(key, raw, frame)
            };
            child.extend(waiting.note(member)?.flatten());
        }
        waiting.or(Value::Object(child))
    }

    fn as_it_is(&self, key: &str, raw: &Value) -> Result<Option<(String, Value)>, Stopped> {
        self.budget.spend(measure(raw, 0)?)?;
        Ok(Some((key.to_owned(), raw.clone())))
    }

    /// A child's parameters. What only people read stays: descriptions may well be in brackets.
    fn declarations(&self, raw: &Value, frame: &Frame) -> Result<Value, Stopped> {
        let parameters = raw.as_object().ok_or(Refused::Shape("parameters", kind(raw)))?;
        let mut declared = Object::new();
        let mut waiting = Waiting::default();
        for (name, raw) in parameters {
            let raw = raw.as_object().ok_or(Refused::Shape("parameters", kind(raw)))?;
            let mut parameter = Object::new();
            for (key, raw) in raw {
                let member = if key.eq_ignore_ascii_case("metadata") {
                    self.as_it_is(key, raw)
                } else {
                    self.member(key, raw, frame)
                };
                parameter.extend(waiting.note(member)?.flatten());
            }
            declared.insert(name.clone(), Value::Object(parameter));
        }
        waiting.or(Value::Object(declared))
    }

    fn children(&self, raw: &Value, frame: &Frame) -> Result<Value, Stopped> {
        let Value::Array(resources) = raw else {
            return self.symbolic_children(raw, frame);
        };
        let mut children = Vec::new();
        let mut loops = Vec::new();
        let mut waiting = Waiting::default();
        for resource in resources {
            let resource = resource.as_object();
            let resource = resource.ok_or(Refused::Shape("resources", kind(raw)))?;
            let Some(copy) = ResourceCopy::of(resource)? else {
                children.extend(waiting.note(self.child(resource, frame))?);
                continue;
            };
            let once = without_copy(resource);
            let before = children.len();
            for index in 0..self.count(copy.count, frame)? {
                let turn = Turn { name: copy.name.to_owned(), index, named_only: false };
                children.extend(waiting.note(self.child(&once, &frame.with_turn(turn)))?);
            }
            let turns = children.get(before..).unwrap_or_default();
            loops.push((copy.name, turns.iter().filter_map(relative_id).collect::<Vec<_>>()));
        }
        for child in &mut children {
            unroll(child, &loops);
        }
        waiting.or(Value::Array(children))
    }

    fn symbolic_children(&self, raw: &Value, frame: &Frame) -> Result<Value, Stopped> {
        let symbols = raw.as_object().ok_or(Refused::Shape("resources", kind(raw)))?;
        let mut children = Object::new();
        let mut loops = Vec::new();
        let mut waiting = Waiting::default();
        for (symbol, resource) in symbols {
            let resource = resource.as_object();
            let resource = resource.ok_or(Refused::Shape("resources", kind(raw)))?;
            let Some(copy) = ResourceCopy::of(resource)? else {
                let child = waiting.note(self.child(resource, frame))?;
                children.extend(child.map(|child| (symbol.clone(), child)));
                continue;
            };
            let once = without_copy(resource);
            let mut turns = Vec::new();
            for index in 0..self.count(copy.count, frame)? {
                let turn = Turn { name: copy.name.to_owned(), index, named_only: false };
                let child = waiting.note(self.child(&once, &frame.with_turn(turn)))?;
                let own = format!("{symbol}[{index}]");
                turns.push(Value::from(own.as_str()));
                children.extend(child.map(|child| (own, child)));
            }
            loops.push((symbol.as_str(), turns.clone()));
            loops.push((copy.name, turns));
        }
        for child in children.values_mut() {
            unroll(child, &loops);
        }
        waiting.or(Value::Object(children))
    }
}

fn without_copy(resource: &Object) -> Object {
    let kept = resource.iter().filter(|(key, _)| !key.eq_ignore_ascii_case("copy"));
    kept.map(|(key, value)| (key.clone(), value.clone())).collect()
}

fn relative_id(resource: &Value) -> Option<Value> {
    let resource = resource.as_object()?;
    let text = |name| present(resource, name).and_then(Value::as_str);
    Some(format!("{}/{}", text("type")?.trim_end_matches('/'), text("name")?).into())
}

/// The loops are gone: who depends on one now depends on each of its turns.
fn unroll(resource: &mut Value, loops: &[(&str, Vec<Value>)]) {
    let mut members = resource.as_object_mut().into_iter().flatten();
    let depends_on = members.find(|(key, _)| key.eq_ignore_ascii_case("dependsOn"));
    let Some((_, Value::Array(dependencies))) = depends_on else {
        return;
    };
    let unrolled = std::mem::take(dependencies).into_iter().flat_map(|dependency| {
        let name = dependency.as_str().unwrap_or_default();
        let turns = loops.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
        turns.map_or_else(|| vec![dependency.clone()], |(_, turns)| turns.clone())
    });
    *dependencies = unrolled.collect();
}
