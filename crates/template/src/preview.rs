//! What a template would deploy, with what is nested in it, told without deploying anything.

use std::{cell::Cell, collections::BTreeMap};

use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    context::{Context, NothingYet, Scope},
    document::Template,
    expand::{Body, Plan, Step, expand},
    json::{Object, present},
    limits::PREVIEWED_TEMPLATES_MAX,
    outputs::{Told, asserts, told},
    parameters::{Fresh, Parameters, bind},
    refused::Refused,
};

/// What stands for a secret.
const MASK: &str = "********";

/// A deployment that is not made.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Preview {
    /// In an order in which they could be deployed.
    pub resources: Vec<Resource>,
    /// Ids of resources whose condition is false.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub skipped: Vec<String>,
    /// `{type, value}`, or `{waitsFor}`, by name.
    #[serde(skip_serializing_if = "Object::is_empty")]
    pub outputs: Object,
    /// What the template states of itself, and whether it is so.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub asserts: BTreeMap<String, bool>,
}

/// One resource of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Resource {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub api_version: String,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub existing: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub depends_on: Vec<String>,
    #[serde(flatten)]
    pub shown: Shown,
    /// What a nested deployment would deploy in turn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nested: Option<Preview>,
}

/// A body, or why there is none.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Shown {
    Body(Value),
    /// It needs the state of the resource of this id.
    WaitsFor(String),
}

/// A deployment as it would be asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    pub name: String,
    pub scope: Scope,
    /// The template's document.
    pub document: Value,
    /// `{name: {value}}`.
    pub parameters: Value,
}

/// What surrounds it.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    pub fresh: Fresh<'a>,
    /// What a template may know of a scope; the value is `deployment()`.
    pub facts: &'a dyn Fn(&Scope, Value) -> Context,
}

/// Why there is nothing to show.
#[derive(Clone, Debug, PartialEq)]
pub struct Wrong {
    pub refused: Box<Refused>,
    /// The way to the nested template that is wrong; empty for the outermost.
    pub inside: Vec<String>,
}

/// Lays out a deployment and all that is nested in it, the first [`PREVIEWED_TEMPLATES_MAX`]
/// templates of it. Values of secure parameters are masked wherever they went.
pub fn preview(asked: &Asked, surroundings: &Surroundings<'_>) -> Result<Preview, Wrong> {
    let left = Cell::new(PREVIEWED_TEMPLATES_MAX);
    Walk { surroundings, left: &left, inside: Vec::new() }.preview(asked)
}

struct Walk<'a> {
    surroundings: &'a Surroundings<'a>,
    left: &'a Cell<usize>,
    inside: Vec<String>,
}

impl Walk<'_> {
    fn preview(&self, asked: &Asked) -> Result<Preview, Wrong> {
        let wrong = |refused| Wrong { refused: Box::new(refused), inside: self.inside.clone() };
        let about = about(asked);
        let context = (self.surroundings.facts)(&asked.scope, about);
        let template = Template::parse(&asked.document).map_err(|refused| wrong(refused.into()))?;
        let fresh = self.surroundings.fresh;
        let parameters = bind(&template, &asked.parameters, &context, fresh).map_err(wrong)?;
        let plan = expand(&template, &parameters, &context).map_err(wrong)?;
        let told = told(&template, &parameters, &context, &NothingYet).map_err(wrong)?;
        let asserts = asserts(&template, &parameters, &context).map_err(wrong)?;
        let secrets = secrets(&template, &parameters);
        let resources = plan.steps.iter().map(|step| self.resource(step, &plan, &secrets));
        let outputs = told.into_iter().map(|(name, told)| match told {
            Told::Known(shown) => (name, masked(shown, &secrets)),
            Told::Later { waits_for } => (name, json!({ "waitsFor": waits_for })),
        });
        Ok(Preview {
            resources: resources.collect::<Result<_, _>>()?,
            skipped: plan.skipped.clone(),
            outputs: outputs.collect(),
            asserts: asserts.into_iter().collect(),
        })
    }

    fn resource(&self, step: &Step, plan: &Plan, secrets: &[String]) -> Result<Resource, Wrong> {
        let nested = self.nested(step)?;
        let shown = match &step.body {
            Body::Ready(body) if nested.is_some() => Shown::Body(without_template(body)),
            Body::Ready(body) => Shown::Body(body.clone()),
            Body::Deferred { waits_for } => Shown::WaitsFor(waits_for.clone()),
        };
        let before = step.depends_on.iter().filter_map(|index| plan.steps.get(*index));
        Ok(Resource {
            id: step.id.clone(),
            kind: step.kind.clone(),
            api_version: step.api_version.clone(),
            existing: step.existing,
            depends_on: before.map(|step| step.id.clone()).collect(),
            shown: match shown {
                Shown::Body(body) => Shown::Body(masked(body, secrets)),
                waits @ Shown::WaitsFor(_) => waits,
            },
            nested,
        })
    }

    /// What a nested deployment would deploy, unless its template lies elsewhere or there were
    /// enough of them.
    fn nested(&self, step: &Step) -> Result<Option<Preview>, Wrong> {
        let (Some(scope), Body::Ready(body)) = (&step.child, &step.body) else {
            return Ok(None);
        };
        let properties = body.get("properties").and_then(Value::as_object);
        let document = properties.and_then(|properties| present(properties, "template"));
        let (Some(properties), Some(document)) = (properties, document) else {
            return Ok(None);
        };
        let Some(left) = self.left.get().checked_sub(1) else {
            return Ok(None);
        };
        self.left.set(left);
        let way = step.source.path.iter().cloned();
        let way = way.chain(["properties".to_owned(), "template".to_owned()]);
        let inside = self.inside.iter().cloned().chain(way).collect();
        let asked = Asked {
            name: step.name.clone(),
            scope: scope.clone(),
            document: document.clone(),
            parameters: present(properties, "parameters").cloned().unwrap_or_default(),
        };
        Walk { inside, ..*self }.preview(&asked).map(Some)
    }
}

/// `deployment()`.
fn about(asked: &Asked) -> Value {
    json!({
        "name": asked.name,
        "properties": {
            "template": asked.document,
            "parameters": asked.parameters,
            "mode": "Incremental",
            "provisioningState": "Accepted",
        },
    })
}

/// What a nested deployment's own preview shows is not shown twice.
fn without_template(body: &Value) -> Value {
    let mut body = body.clone();
    if let Some(properties) = body.get_mut("properties").and_then(Value::as_object_mut) {
        properties.retain(|key, _| !key.eq_ignore_ascii_case("template"));
    }
    body
}

/// All texts in values of secure parameters, the longest first.
fn secrets(template: &Template, parameters: &Parameters) -> Vec<String> {
    let secure = template.parameters.iter().filter(|declared| declared.is_secret());
    let mut secrets = Vec::new();
    for declared in secure {
        gather(parameters.get(&declared.name).unwrap_or(&Value::Null), &mut secrets);
    }
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    secrets
}

fn gather(value: &Value, secrets: &mut Vec<String>) {
    match value {
        Value::String(text) if !text.is_empty() => secrets.push(text.clone()),
        Value::Array(elements) => elements.iter().for_each(|element| gather(element, secrets)),
        Value::Object(members) => members.values().for_each(|member| gather(member, secrets)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn masked(value: Value, secrets: &[String]) -> Value {
    match value {
        Value::String(text) => {
            let hide = |text: String, secret: &String| text.replace(secret.as_str(), MASK);
            Value::String(secrets.iter().fold(text, hide))
        }
        Value::Array(elements) => elements.into_iter().map(|it| masked(it, secrets)).collect(),
        Value::Object(members) => {
            let members = members.into_iter().map(|(key, it)| (key, masked(it, secrets)));
            Value::Object(members.collect())
        }
        scalar @ (Value::Null | Value::Bool(_) | Value::Number(_)) => scalar,
    }
}

#[cfg(test)]
mod tests;
