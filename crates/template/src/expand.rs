//! From a template and its parameters to the steps of a deployment.

mod dependencies;
mod heads;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    context::{Context, Host, NothingYet, Scope},
    document::{Declared, Template},
    evaluate::{Evaluator, Frame, Place, Stopped, Turn},
    identity::{Known, Own},
    order::order,
    parameters::Parameters,
    refused::{Problem, Refused},
    syntax,
};
use heads::Instance;

/// What a deployment does.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// Each step comes after those it depends on.
    pub steps: Vec<Step>,
    /// Ids of resources whose condition is false.
    pub skipped: Vec<String>,
}

/// One resource to deploy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: String,
    /// All segments: `server/database`.
    pub name: String,
    pub api_version: String,
    /// The id of what the resource lies in or extends; empty for the tenant.
    pub scope: String,
    /// It is only looked at, never written.
    pub existing: bool,
    /// For a nested deployment: where it runs. Its template and parameters are in the body's
    /// `properties`, evaluated as far as its scope asks for.
    pub child: Option<Scope>,
    /// Indices of earlier steps.
    pub depends_on: Vec<usize>,
    pub body: Body,
    pub source: Source,
}

/// What is sent to the resource's provider, without the members that steer the deployment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Body {
    Ready(Value),
    /// It needs the state of the resource of this id; ask [`complete`] when the steps that this
    /// one depends on are done.
    Deferred {
        waits_for: String,
    },
}

/// Which resource of the template a step is, and in which turns of its loops.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Source {
    pub path: Vec<String>,
    pub loops: Vec<Turn>,
}

/// Lays out a deployment. Nothing is asked of the world: bodies that need another resource's
/// state are deferred.
pub fn expand(
    template: &Template,
    parameters: &Parameters,
    context: &Context,
) -> Result<Plan, Refused> {
    syntax::check(template)?;
    let evaluator = prepared(template, parameters, context, &NothingYet)?;
    let instances = heads::all(&evaluator)?;
    learn(&evaluator, &instances);
    let mut bodies = Vec::with_capacity(instances.len());
    let mut depends_on = Vec::with_capacity(instances.len());
    for instance in &instances {
        let mut dependencies = dependencies::written(&evaluator, instance)?;
        let body = body(&evaluator, instance)?;
        dependencies.extend(dependencies::referred(&evaluator));
        depends_on.push(dependencies);
        bodies.push(body);
    }
    dependencies::batches(&instances, &mut depends_on);
    dependencies::without_skipped(&instances, &mut depends_on);
    laid_out(instances, bodies, &depends_on)
}

/// Finishes a deferred body with what the host knows by now. A body that still waits stays
/// deferred.
pub fn complete(
    template: &Template,
    parameters: &Parameters,
    context: &Context,
    source: &Source,
    host: &dyn Host,
) -> Result<Body, Refused> {
    let evaluator = prepared(template, parameters, context, host)?;
    let instances = heads::all(&evaluator)?;
    learn(&evaluator, &instances);
    let same = |instance: &&Instance<'_>| {
        instance.declared.path == source.path && instance.loops == source.loops
    };
    match instances.iter().find(same) {
        Some(instance) => body(&evaluator, instance),
        None => Err(Refused::Resource {
            name: source.path.join("."),
            path: source.path.clone(),
            problem: Problem::Unknown(source.path.join(".")),
        }),
    }
}

/// An evaluator that knows the parameters; and, after [`learn`], the template's resources.
pub(crate) fn prepared<'a>(
    template: &'a Template,
    parameters: &Parameters,
    context: &'a Context,
    host: &'a dyn Host,
) -> Result<Evaluator<'a>, Refused> {
    let evaluator = Evaluator::new(template, context, host);
    for (name, value) in &parameters.0 {
        let one = |problem| crate::parameters::Refused::One {
            name: name.clone(),
            problem: crate::parameters::Problem::Default(problem),
        };
        let supplied = evaluator.supply(name, value.clone());
        supplied.map_err(|refused| Refused::Parameters(one(refused)))?;
    }
    Ok(evaluator)
}

/// Teaches the evaluator all resources of the template, for outputs.
pub(crate) fn learn_all(evaluator: &Evaluator<'_>) -> Result<(), Refused> {
    learn(evaluator, &heads::all(evaluator)?);
    Ok(())
}

fn learn(evaluator: &Evaluator<'_>, instances: &[Instance<'_>]) {
    let base = evaluator.context.scope.base();
    let own = instances.iter().map(|instance| Own {
        id: instance.id.clone(),
        kind: instance.kind.clone(),
        name: instance.name.clone(),
        api_version: Some(instance.api_version.clone()),
        base: base.clone(),
        groups: instance.groups(),
        deployed: instance.condition,
    });
    *evaluator.known.borrow_mut() = Known::new(own.collect());
}

fn body(evaluator: &Evaluator<'_>, instance: &Instance<'_>) -> Result<Body, Refused> {
    if !instance.condition || instance.existing {
        return Ok(Body::Ready(Value::Object(serde_json::Map::new())));
    }
    let frame = Frame::looping(Place::Body, instance.loops.clone());
    match evaluator.body(&instance.declared.raw, &instance.kind, &frame) {
        Ok(body) => Ok(Body::Ready(body)),
        Err(Stopped::NotYet(waits_for)) => Ok(Body::Deferred { waits_for }),
        Err(Stopped::Refused(problem)) => Err(instance.refused(problem.into())),
    }
}

fn laid_out(
    instances: Vec<Instance<'_>>,
    bodies: Vec<Body>,
    depends_on: &[BTreeSet<usize>],
) -> Result<Plan, Refused> {
    let ordered = order(depends_on).map_err(|index| circular(&instances, index))?;
    let mut numbered: Vec<Option<(Instance<'_>, Body)>> =
        instances.into_iter().zip(bodies).map(Some).collect();
    let mut steps_of = vec![None; numbered.len()];
    let mut plan = Plan::default();
    for index in ordered {
        let Some((instance, body)) = numbered.get_mut(index).and_then(Option::take) else {
            continue;
        };
        if !instance.condition {
            plan.skipped.push(instance.id);
            continue;
        }
        let before = depends_on.get(index).into_iter().flatten();
        let before = before.filter_map(|index| steps_of.get(*index).copied().flatten()).collect();
        if let Some(step) = steps_of.get_mut(index) {
            *step = Some(plan.steps.len());
        }
        plan.steps.push(instance.step(before, body));
    }
    Ok(plan)
}

fn circular(instances: &[Instance<'_>], index: usize) -> Refused {
    match instances.get(index) {
        Some(instance) => instance.refused(Problem::Circular { id: instance.id.clone() }),
        None => Refused::Resource {
            name: String::new(),
            path: Vec::new(),
            problem: Problem::Circular { id: String::new() },
        },
    }
}

impl Instance<'_> {
    fn step(self, depends_on: Vec<usize>, body: Body) -> Step {
        Step {
            id: self.id,
            kind: self.kind,
            name: self.name,
            api_version: self.api_version,
            scope: self.scope,
            existing: self.existing,
            child: self.child,
            depends_on,
            body,
            source: Source { path: self.declared.path.clone(), loops: self.loops },
        }
    }

    pub(crate) fn refused(&self, problem: Problem) -> Refused {
        refused(self.declared, &self.name, problem)
    }
}

fn refused(declared: &Declared, name: &str, problem: Problem) -> Refused {
    Refused::Resource { name: name.to_owned(), path: declared.path.clone(), problem }
}

#[cfg(test)]
mod tests;
