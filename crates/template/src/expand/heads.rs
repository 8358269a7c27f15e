//! First pass: which resources there are, in which turns of their loops, and what they are called.

use std::collections::HashSet;

use serde_json::Value;

use crate::{
    context::Scope,
    copy::ResourceCopy,
    document::Declared,
    evaluate::{self, Evaluator, Frame, Place, Stopped, Turn},
    expand::refused,
    identity::{group_id, resource_id, type_segments},
    json::present,
    limits::RESOURCES_MAX,
    nested::is_deployment,
    refused::{Problem, Refused},
};

/// One resource in one turn of its loop.
pub(crate) struct Instance<'a> {
    pub(crate) declared: &'a Declared,
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) name: String,
    pub(crate) api_version: String,
    pub(crate) scope: String,
    pub(crate) child: Option<Scope>,
    pub(crate) loops: Vec<Turn>,
    pub(crate) condition: bool,
    pub(crate) existing: bool,
    /// Of a serial loop: how many instances may run together.
    pub(crate) batch: Option<usize>,
}

impl Instance<'_> {
    /// The names under which others mean it together with its siblings.
    pub(crate) fn groups(&self) -> Vec<String> {
        let loops = self.loops.iter().map(|turn| turn.name.clone());
        loops.chain(self.declared.symbol.clone()).collect()
    }
}

/// Every resource of the template, conditions and all.
pub(crate) fn all<'a>(evaluator: &Evaluator<'a>) -> Result<Vec<Instance<'a>>, Refused> {
    let declared = &evaluator.template.resources;
    let mut instances: Vec<Instance<'a>> = Vec::with_capacity(declared.len());
    let mut of_declared: Vec<std::ops::Range<usize>> = Vec::with_capacity(declared.len());
    for resource in declared {
        let before = instances.len();
        match resource.parent.and_then(|parent| of_declared.get(parent).cloned()) {
            Some(parents) => {
                for parent in parents {
                    bounded(resource, instances.len() + 1)?;
                    if let Some(parent) = instances.get(parent) {
                        instances.push(child(evaluator, resource, parent)?);
                    }
                }
            }
            None => turns(evaluator, resource, &mut instances)?,
        }
        of_declared.push(before..instances.len());
    }
    unique(&instances)?;
    Ok(instances)
}

fn turns<'a>(
    evaluator: &Evaluator<'a>,
    declared: &'a Declared,
    instances: &mut Vec<Instance<'a>>,
) -> Result<(), Refused> {
    let wrong = |problem: evaluate::Refused| unnamed(declared, problem.into());
    let Some(copy) = ResourceCopy::of(&declared.raw).map_err(wrong)? else {
        bounded(declared, instances.len() + 1)?;
        instances.push(Head { evaluator, declared, loops: Vec::new() }.read(None)?);
        return Ok(());
    };
    let count = evaluator.count(copy.count, &Frame::new(Place::Head));
    let count = count.map_err(|stopped| unnamed(declared, problem(stopped)))?;
    bounded(declared, instances.len() + usize::try_from(count).unwrap_or(usize::MAX))?;
    for index in 0..count {
        let turn = Turn { name: copy.name.to_owned(), index, named_only: false };
        let head = Head { evaluator, declared, loops: vec![turn] };
        instances.push(Instance { batch: copy.batch, ..head.read(None)? });
    }
    Ok(())
}

fn child<'a>(
    evaluator: &Evaluator<'a>,
    declared: &'a Declared,
    parent: &Instance<'a>,
) -> Result<Instance<'a>, Refused> {
    if present(&declared.raw, "copy").is_some() {
        let inside = "a resource that stands inside of its parent must not have it";
        return Err(unnamed(declared, evaluate::Refused::Copy(inside).into()));
    }
    let head = Head { evaluator, declared, loops: parent.loops.clone() };
    head.read(Some(parent))
}

/// The members that must be known before anything is deployed.
struct Head<'e, 'a> {
    evaluator: &'e Evaluator<'a>,
    declared: &'a Declared,
    loops: Vec<Turn>,
}

impl<'a> Head<'_, 'a> {
    fn read(self, parent: Option<&Instance<'a>>) -> Result<Instance<'a>, Refused> {
        if ["extension", "import"].iter().any(|name| present(&self.declared.raw, name).is_some()) {
            return Err(unnamed(self.declared, Problem::Extension));
        }
        let own_kind = self.required("type")?.trim_end_matches('/').to_owned();
        let own_name = self.required("name")?;
        let (kind, name) = match parent {
            Some(parent) if !is_whole(parent, &own_kind, &own_name) => {
                (format!("{}/{own_kind}", parent.kind), format!("{}/{own_name}", parent.name))
            }
            Some(_) | None => (own_kind, own_name),
        };
        let name = name.trim_end_matches('/').to_owned();
        if type_segments(&kind) != name.split('/').count() {
            return Err(refused(self.declared, &name, Problem::Segments { kind }));
        }
        let own = self.evaluator.context.scope.clone();
        let child = if is_deployment(&kind) { Some(self.target(&own)?) } else { None };
        let scope = match (&child, parent) {
            (Some(target), _) => target.id(),
            (None, Some(parent)) => parent.scope.clone(),
            (None, None) => self.scope(&own)?,
        };
        Ok(Instance {
            id: own_id(&scope, &kind, &name, &own),
            api_version: self.required("apiVersion")?,
            condition: self.truth("condition", true)?,
            existing: self.truth("existing", false)?,
            declared: self.declared,
            loops: self.loops,
            batch: None,
            kind,
            name,
            scope,
            child,
        })
    }

    fn value(&self, member: &'static str) -> Result<Option<Value>, Refused> {
        let Some(raw) = present(&self.declared.raw, member) else {
            return Ok(None);
        };
        let frame = Frame::looping(Place::Head, self.loops.clone());
        let value = self.evaluator.value(raw, &frame);
        let value = value.map_err(|stopped| unnamed(self.declared, problem(stopped)))?;
        Ok(Some(value).filter(|value| !value.is_null()))
    }

    fn text(&self, member: &'static str) -> Result<Option<String>, Refused> {
        match self.value(member)? {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.shape(member, "String")),
        }
    }

    fn required(&self, member: &'static str) -> Result<String, Refused> {
        let text = self.text(member)?.filter(|text| !text.is_empty());
        text.ok_or_else(|| unnamed(self.declared, Problem::Missing(member)))
    }

    fn truth(&self, member: &'static str, absent: bool) -> Result<bool, Refused> {
        match self.value(member)? {
            None => Ok(absent),
            Some(Value::Bool(truth)) => Ok(truth),
            Some(_) => Err(self.shape(member, "Boolean")),
        }
    }

    fn shape(&self, member: &'static str, expected: &'static str) -> Refused {
        unnamed(self.declared, Problem::Shape { member, expected })
    }

    /// Where a nested deployment runs.
    fn target(&self, own: &Scope) -> Result<Scope, Refused> {
        if let Some(scope) = self.text("scope")? {
            return Scope::parse(&scope)
                .ok_or_else(|| unnamed(self.declared, Problem::Scope(scope)));
        }
        let subscription = self.text("subscriptionId")?;
        let group = self.text("resourceGroup")?;
        let elsewhere = subscription.is_some();
        let subscription = subscription.or_else(|| own.subscription().map(str::to_owned));
        match (subscription, group) {
            (Some(subscription), Some(name)) => Ok(Scope::ResourceGroup { subscription, name }),
            (Some(subscription), None) if elsewhere => Ok(Scope::Subscription { subscription }),
            (None, Some(_)) => Err(unnamed(self.declared, Problem::Missing("subscriptionId"))),
            (_, None) => Ok(own.clone()),
        }
    }

    /// What another resource lies in or extends: by default where the deployment runs.
    fn scope(&self, own: &Scope) -> Result<String, Refused> {
        let Some(scope) = self.text("scope")? else {
            return Ok(own.id());
        };
        if scope.starts_with('/') {
            return Ok(scope.trim_end_matches('/').to_owned());
        }
        Ok(match Scope::parse(&scope) {
            Some(group @ Scope::ManagementGroup { .. }) => group.id(),
            _ => extended(&own.id(), &scope),
        })
    }
}

/// Whether a child inside of its parent repeats the parent's type and name, as some templates do.
fn is_whole(parent: &Instance<'_>, kind: &str, name: &str) -> bool {
    let below = |own: &str, parent: &str| {
        own.split_at_checked(parent.len())
            .is_some_and(|(head, rest)| head.eq_ignore_ascii_case(parent) && rest.starts_with('/'))
    };
    below(kind, &parent.kind) && below(name, &parent.name)
}

/// `Namespace/type/name`, relative to the deployment's scope. Compiled templates write types and
/// names interleaved, as in an id.
fn extended(own: &str, relative: &str) -> String {
    format!("{own}/providers/{}", relative.trim_end_matches('/'))
}

fn own_id(scope: &str, kind: &str, name: &str, own: &Scope) -> String {
    let subscription = Scope::parse(scope).or_else(|| Some(own.clone()));
    let subscription = subscription.as_ref().and_then(Scope::subscription);
    match subscription {
        Some(subscription) if kind.eq_ignore_ascii_case("Microsoft.Resources/resourceGroups") => {
            group_id(subscription, name)
        }
        _ => resource_id(scope, kind, name),
    }
}

/// Two resources must not be the same one, unless only one of them is deployed.
fn unique(instances: &[Instance<'_>]) -> Result<(), Refused> {
    let mut seen = HashSet::new();
    for instance in instances.iter().filter(|instance| instance.condition && !instance.existing) {
        if !seen.insert(instance.id.to_ascii_lowercase()) {
            let kind = instance.kind.clone();
            return Err(instance.refused(Problem::Twice { kind }));
        }
    }
    Ok(())
}

fn bounded(declared: &Declared, actual: usize) -> Result<(), Refused> {
    if actual <= RESOURCES_MAX {
        return Ok(());
    }
    let limit = RESOURCES_MAX;
    Err(unnamed(declared, Problem::TooMany { what: "resources", limit, actual }))
}

/// A refusal of a resource whose name may not be known: the text in the template stands for it.
fn unnamed(declared: &Declared, problem: Problem) -> Refused {
    let name = present(&declared.raw, "name").and_then(Value::as_str).unwrap_or_default();
    refused(declared, name, problem)
}

/// Nothing here may wait, so nothing here asks: [`Place::Head`] refuses it.
fn problem(stopped: Stopped) -> Problem {
    match stopped {
        Stopped::Refused(refused) => refused.into(),
        Stopped::NotYet(id) => evaluate::Refused::NoResource(id).into(),
    }
}
