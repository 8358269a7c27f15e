//! Policy definitions: which rule, about what, told by which parameters.

use ids::resource::ResourceId;
use serde_json::{Map, Value};

use crate::{
    condition::{Condition, Term, Unread},
    kind::Kind,
    parameters::{Declarations, Type},
    refused::Refused,
};

/// A policy definition, as far as Fyr understands it.
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    pub id: ResourceId,
    pub display_name: Option<String>,
    pub version: Option<String>,
    pub mode: Mode,
    pub parameters: Declarations,
    pub effect: Term,
    /// When the effect takes place; or why Fyr does not evaluate that.
    pub condition: Result<Condition, String>,
}

/// Which resources a policy is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mode {
    All,
    /// Those that have tags and a location: none of a delegation's.
    Indexed,
    /// A resource provider's own.
    Other(String),
}

/// What Azure lets a definition do.
const EFFECTS: [&str; 13] = [
    "deny",
    "audit",
    "disabled",
    "append",
    "modify",
    "auditIfNotExists",
    "deployIfNotExists",
    "denyAction",
    "manual",
    "mutate",
    "addToNetworkGroup",
    "enforceOPAConstraint",
    "enforceRegoPolicy",
];

/// What Azure takes for the mode where none is named.
const MODE: &str = "Indexed";
/// Far above any real text. Azure documents less, and takes its own samples, which are longer.
const TEXT_CHARS_MAX: usize = 4_096;

impl Definition {
    /// Reads the properties of a definition.
    pub fn read(id: &ResourceId, properties: &Map<String, Value>) -> Result<Self, Refused> {
        let kind = Kind::Definition;
        let texts = Texts::read(kind, properties)?;
        let parameters = declarations(kind, properties)?;
        let rule = properties.get("policyRule").filter(|it| it.is_object());
        let rule = rule.ok_or_else(|| Refused::Rule("it is missing".to_owned()))?;
        let effect = effect(rule, &parameters)?;
        let condition =
            rule.get("if").ok_or_else(|| Refused::Rule("`if` is missing".to_owned()))?;
        let condition = match Condition::read(condition) {
            Ok(condition) => Ok(condition),
            Err(Unread::Unknown(what)) => Err(what),
            Err(Unread::Wrong(reason)) => return Err(Refused::Rule(reason)),
        };
        let definition = Self {
            id: id.clone(),
            display_name: texts.display_name,
            version: texts.version,
            mode: mode(properties)?,
            parameters,
            effect,
            condition,
        };
        definition.names_only_what_it_declares()?;
        Ok(definition)
    }

    fn names_only_what_it_declares(&self) -> Result<(), Refused> {
        let mut named = self.condition.as_ref().map(Condition::parameters).unwrap_or_default();
        if let Term::Parameter(name) = &self.effect {
            named.push(name);
        }
        let undeclared = named.into_iter().find(|name| self.parameters.get(name).is_none());
        undeclared.map_or(Ok(()), |parameter| {
            let (policy, parameter) = (self.id.name().clone(), parameter.to_owned());
            Err(Refused::UndefinedInRule { policy, parameter })
        })
    }
}

/// The properties as they are kept: with what Azure fills in.
#[must_use]
pub fn settled(mut properties: Map<String, Value>) -> Map<String, Value> {
    properties.insert("policyType".to_owned(), "Custom".into());
    properties.entry("mode").or_insert_with(|| MODE.into());
    properties
}

/// A change keeps what assignments already say: no parameter goes, or comes without a default.
pub fn check_update(
    kind: Kind,
    before: &Declarations,
    after: &Declarations,
) -> Result<(), Refused> {
    let refuse =
        |name: &str, reason| Err(Refused::Update { kind, parameter: name.to_owned(), reason });
    for it in before.iter() {
        match after.get(&it.name) {
            None => return refuse(&it.name, "was removed"),
            Some(now) if now.kind != it.kind => return refuse(&it.name, "has another type"),
            Some(_) => {}
        }
    }
    for it in after.iter().filter(|it| before.get(&it.name).is_none()) {
        if it.default.is_none() {
            return refuse(&it.name, "was added without a default value");
        }
    }
    Ok(())
}

/// What definitions, sets and assignments are called.
pub(crate) struct Texts {
    pub(crate) display_name: Option<String>,
    pub(crate) version: Option<String>,
}

impl Texts {
    pub(crate) fn read(kind: Kind, properties: &Map<String, Value>) -> Result<Self, Refused> {
        let display_name = text(kind, properties, ("displayName", TEXT_CHARS_MAX))?;
        text(kind, properties, ("description", TEXT_CHARS_MAX))?;
        let metadata = properties.get("metadata").filter(|it| !it.is_null());
        if metadata.is_some_and(|it| !it.is_object()) {
            return Err(member(kind, "metadata", "it is no object"));
        }
        let version = properties.get("version").or_else(|| metadata?.get("version"));
        let version = version.and_then(Value::as_str).map(str::to_owned);
        Ok(Self { display_name, version })
    }
}

pub(crate) fn text(
    kind: Kind,
    properties: &Map<String, Value>,
    (name, most): (&str, usize),
) -> Result<Option<String>, Refused> {
    match properties.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.chars().count() <= most => Ok(Some(text.clone())),
        Some(Value::String(_)) => {
            Err(member(kind, name, &format!("it is longer than {most} characters")))
        }
        Some(_) => Err(member(kind, name, "it is no text")),
    }
}

pub(crate) fn member(kind: Kind, member: &str, reason: &str) -> Refused {
    Refused::Member { kind, member: member.to_owned(), reason: reason.to_owned() }
}

pub(crate) fn declarations(
    kind: Kind,
    properties: &Map<String, Value>,
) -> Result<Declarations, Refused> {
    Declarations::read(properties.get("parameters"))
        .map_err(|bad| member(kind, &format!("parameters.{}", bad.parameter), &bad.reason))
}

fn mode(properties: &Map<String, Value>) -> Result<Mode, Refused> {
    let text = text(Kind::Definition, properties, ("mode", TEXT_CHARS_MAX))?;
    let text = text.unwrap_or_else(|| MODE.to_owned());
    Ok(match text.to_ascii_lowercase().as_str() {
        "all" => Mode::All,
        "indexed" => Mode::Indexed,
        _ if text.contains('.') => Mode::Other(text),
        _ => return Err(member(Kind::Definition, "mode", "it is none of Azure's")),
    })
}

fn effect(rule: &Value, parameters: &Declarations) -> Result<Term, Refused> {
    let wrong = |reason: &str| Refused::Rule(reason.to_owned());
    let said = rule.pointer("/then/effect").filter(|it| it.is_string());
    let said = said.ok_or_else(|| wrong("`then` has no effect"))?;
    let effect =
        Term::read(said).map_err(|_| wrong("the effect is neither text nor a parameter"))?;
    match &effect {
        Term::Literal(Value::String(text)) => {
            let known = EFFECTS.iter().any(|it| it.eq_ignore_ascii_case(text));
            known.then_some(effect).ok_or_else(|| wrong("its effect is none of Azure's"))
        }
        Term::Parameter(name) => match parameters.get(name) {
            Some(it) if it.kind != Type::String => Err(wrong("its effect is no text")),
            Some(_) | None => Ok(effect),
        },
        Term::Literal(_) | Term::List(_) => Err(wrong("its effect is no text")),
    }
}

#[cfg(test)]
mod tests;
