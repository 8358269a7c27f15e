//! Reads a template's JSON into its parts, and refuses what cannot be a template.

use serde_json::Value;

use crate::{
    copy::Copy,
    json::{Object, echo, kind, member, present},
    limits::{OUTPUTS_MAX, PARAMETERS_MAX, RESOURCES_MAX, VARIABLES_MAX},
    schema::Definitions,
};

mod kind;

pub use self::kind::Kind;

/// The kind of scope that a template's schema names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    ResourceGroup,
    Subscription,
    ManagementGroup,
    Tenant,
}

/// A declared parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    pub name: String,
    pub kind: Kind,
    pub default: Option<Value>,
    pub nullable: bool,
    /// As it is written: what else its type says.
    pub(crate) raw: Object,
    secret: bool,
}

impl Parameter {
    /// Whether its value, or any part of it, is never shown again.
    pub fn is_secret(&self) -> bool {
        self.secret
    }
}

/// A declared output; its value is `value`, or what the loop `copy` makes.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    pub name: String,
    pub kind: Kind,
    pub(crate) raw: Object,
    secret: bool,
}

impl Output {
    /// Whether its value, or any part of it, is never shown.
    pub fn is_secret(&self) -> bool {
        self.secret
    }
}

/// A function of the template's own, called as `namespace.name`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct UserFunction {
    pub(crate) name: String,
    pub(crate) parameters: Vec<String>,
    pub(crate) output: Value,
}

/// A resource as the template writes it, children lifted out of their parents.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Declared {
    /// Where it stands in the template: `resources`, `1`.
    pub(crate) path: Vec<String>,
    pub(crate) symbol: Option<String>,
    pub(crate) raw: Object,
    /// The index of the resource that it stands inside of.
    pub(crate) parent: Option<usize>,
}

/// A template whose outer form is sound. Its expressions are still text.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    pub target: Target,
    pub parameters: Vec<Parameter>,
    pub outputs: Vec<Output>,
    pub(crate) resources: Vec<Declared>,
    pub(crate) definitions: Definitions,
    pub(crate) asserts: Object,
    variables: Object,
    functions: Vec<UserFunction>,
}

/// Why a JSON value is no template. The text is the inner one, which
/// [`crate::refused::Refused`] wraps.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("The template must be a JSON object.")]
    NotAnObject,
    #[error("The template property '{0}' is required and is not provided.")]
    Missing(&'static str),
    #[error(
        "The template schema '{0}' is not supported. Please see https://aka.ms/arm-template for \
         usage details."
    )]
    Schema(String),
    #[error(
        "The template property '{name}' must be of type '{expected}'; the provided value is of \
         type '{given}'."
    )]
    Shape { name: String, expected: &'static str, given: &'static str },
    #[error(
        "The template {what} '{name}' has an invalid type '{given}'. Please see \
         https://aka.ms/arm-template/#parameters for usage details."
    )]
    Type { what: &'static str, name: String, given: String },
    #[error(
        "The number of template {what} limit exceeded. Limit: '{limit}' and actual: '{actual}'. \
         Please see https://aka.ms/arm-template/#{what} for usage details."
    )]
    TooMany { what: &'static str, limit: usize, actual: usize },
    #[error(
        "The template {what} '{name}' has a type reference that leads to no definition of the \
         template. Please see https://aka.ms/arm-syntax-definitions for usage details."
    )]
    Reference { what: &'static str, name: String },
    #[error("The template language version '{0}' is not supported.")]
    LanguageVersion(String),
}

impl Template {
    /// Reads a template.
    pub fn parse(document: &Value) -> Result<Self, Refused> {
        let root = document.as_object().ok_or(Refused::NotAnObject)?;
        let schema = present(root, "$schema").and_then(Value::as_str);
        let target = target(schema.ok_or(Refused::Missing("$schema"))?)?;
        present(root, "contentVersion").ok_or(Refused::Missing("contentVersion"))?;
        let language = language(present(root, "languageVersion"))?;
        let definitions = definitions(section(root, "definitions")?)?;
        let parameters = section(root, "parameters")?;
        let parameters = parameters.iter().map(|(name, raw)| parameter(&definitions, name, raw));
        let outputs = section(root, "outputs")?;
        let outputs = outputs.iter().map(|(name, raw)| output(&definitions, name, raw));
        let template = Self {
            target,
            parameters: parameters.collect::<Result<_, _>>()?,
            outputs: outputs.collect::<Result<_, _>>()?,
            resources: resources(language, present(root, "resources"))?,
            definitions,
            asserts: section(root, "asserts")?,
            variables: section(root, "variables")?,
            functions: functions(present(root, "functions"))?,
        };
        bounded("parameters", template.parameters.len(), PARAMETERS_MAX)?;
        bounded("variables", template.variables.len(), VARIABLES_MAX)?;
        bounded("outputs", template.outputs.len(), OUTPUTS_MAX)?;
        bounded("resources", template.resources.len(), RESOURCES_MAX)?;
        Ok(template)
    }

    pub(crate) fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|parameter| parameter.name.eq_ignore_ascii_case(name))
    }

    pub(crate) fn variable(&self, name: &str) -> Option<&Value> {
        member(&self.variables, name)
            .filter(|raw| !name.eq_ignore_ascii_case("copy") || Copy::all(raw).is_none())
    }

    /// All variables, loops at the top included, as they are written.
    pub(crate) fn variables(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.variables.iter()
    }

    /// A variable that a loop at the top of `variables` makes.
    pub(crate) fn variable_copy(&self, name: &str) -> Option<Copy<'_>> {
        let copies = Copy::all(member(&self.variables, "copy")?)?;
        copies.into_iter().find(|copy| copy.name.eq_ignore_ascii_case(name))
    }

    /// What the template's own functions compute, by their whole names.
    pub(crate) fn user_functions(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.functions.iter().map(|function| (function.name.as_str(), &function.output))
    }

    pub(crate) fn function(&self, name: &str) -> Option<&UserFunction> {
        self.functions.iter().find(|function| function.name.eq_ignore_ascii_case(name))
    }
}

/// `…/schemas/…/subscriptionDeploymentTemplate.json#`, whatever the host and the date.
fn target(schema: &str) -> Result<Target, Refused> {
    let lower = schema.to_ascii_lowercase();
    let file = lower.trim_end_matches('#').rsplit('/').next().unwrap_or_default();
    match file {
        "deploymenttemplate.json" => Ok(Target::ResourceGroup),
        "subscriptiondeploymenttemplate.json" => Ok(Target::Subscription),
        "managementgroupdeploymenttemplate.json" => Ok(Target::ManagementGroup),
        "tenantdeploymenttemplate.json" => Ok(Target::Tenant),
        _ => Err(Refused::Schema(echo(schema))),
    }
}

fn section(root: &Object, name: &'static str) -> Result<Object, Refused> {
    present(root, name).map_or(Ok(Object::new()), |raw| object(name, raw).cloned())
}

fn object<'a>(name: &str, raw: &'a Value) -> Result<&'a Object, Refused> {
    let wrong = || Refused::Shape { name: echo(name), expected: "Object", given: kind(raw) };
    raw.as_object().ok_or_else(wrong)
}

fn bounded(what: &'static str, actual: usize, limit: usize) -> Result<(), Refused> {
    if actual > limit { Err(Refused::TooMany { what, limit, actual }) } else { Ok(()) }
}

/// How a template writes its resources.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Language {
    /// As a list.
    One,
    /// As an object, by symbolic names.
    Two,
}

fn language(version: Option<&Value>) -> Result<Language, Refused> {
    let version = version.map_or("1.0", |version| version.as_str().unwrap_or_default());
    match version.split('.').next() {
        Some("1") => Ok(Language::One),
        Some("2") => Ok(Language::Two),
        Some(_) | None => Err(Refused::LanguageVersion(echo(version))),
    }
}

fn definitions(raw: Object) -> Result<Definitions, Refused> {
    let definitions = Definitions(raw);
    for (name, raw) in &definitions.0 {
        definitions.sound("definition", name, object(name, raw)?)?;
    }
    Ok(definitions)
}

fn typed(
    definitions: &Definitions,
    (what, name): (&'static str, &str),
    raw: &Object,
) -> Result<Kind, Refused> {
    definitions.sound(what, name, raw)?;
    let kind = definitions.described(raw).kind();
    kind.ok_or_else(|| Refused::Type { what, name: echo(name), given: String::new() })
}

fn parameter(definitions: &Definitions, name: &str, raw: &Value) -> Result<Parameter, Refused> {
    let raw = object(name, raw)?;
    Ok(Parameter {
        name: name.to_owned(),
        kind: typed(definitions, ("parameter", name), raw)?,
        default: present(raw, "defaultValue").cloned(),
        nullable: definitions.described(raw).is_nullable(),
        secret: definitions.is_secret(raw),
        raw: raw.clone(),
    })
}

fn output(definitions: &Definitions, name: &str, raw: &Value) -> Result<Output, Refused> {
    let raw = object(name, raw)?;
    Ok(Output {
        name: name.to_owned(),
        kind: typed(definitions, ("output", name), raw)?,
        secret: definitions.is_secret(raw),
        raw: raw.clone(),
    })
}

fn functions(raw: Option<&Value>) -> Result<Vec<UserFunction>, Refused> {
    let mut functions = Vec::new();
    for group in raw.and_then(Value::as_array).into_iter().flatten() {
        let group = object("functions", group)?;
        let namespace = present(group, "namespace").and_then(Value::as_str).unwrap_or_default();
        for (name, raw) in section(group, "members")? {
            functions.push(user_function(format!("{namespace}.{name}"), &raw)?);
        }
    }
    Ok(functions)
}

fn user_function(name: String, raw: &Value) -> Result<UserFunction, Refused> {
    let raw = object(&name, raw)?;
    let declared = present(raw, "parameters").and_then(Value::as_array);
    let parameters = declared.into_iter().flatten().filter_map(|parameter| {
        present(parameter.as_object()?, "name")?.as_str().map(str::to_owned)
    });
    let output = object("output", present(raw, "output").ok_or(Refused::Missing("output"))?)?;
    let output = present(output, "value").ok_or(Refused::Missing("value"))?.clone();
    Ok(UserFunction { parameters: parameters.collect(), name, output })
}

/// A list, or (language version 2.0) an object keyed by symbolic names.
fn resources(language: Language, raw: Option<&Value>) -> Result<Vec<Declared>, Refused> {
    let raw = raw.ok_or(Refused::Missing("resources"))?;
    let (expected, fits) = match language {
        Language::One => ("Array", raw.is_array()),
        Language::Two => ("Object", raw.is_object()),
    };
    if !fits {
        let (name, given) = ("resources".to_owned(), kind(raw));
        return Err(Refused::Shape { name, expected, given });
    }
    let mut declared = Vec::new();
    let at = ["resources".to_owned()];
    declare(raw, &at, None, &mut declared)?;
    Ok(declared)
}

fn declare(
    raw: &Value,
    at: &[String],
    parent: Option<usize>,
    declared: &mut Vec<Declared>,
) -> Result<(), Refused> {
    let members: Vec<(String, Option<String>, &Value)> = match raw {
        Value::Array(list) => {
            list.iter().enumerate().map(|(index, raw)| (index.to_string(), None, raw)).collect()
        }
        Value::Object(symbols) => symbols
            .iter()
            .map(|(symbol, raw)| (symbol.clone(), Some(symbol.clone()), raw))
            .collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            let (name, given) = ("resources".to_owned(), kind(raw));
            return Err(Refused::Shape { name, expected: "Array", given });
        }
    };
    bounded("resources", declared.len() + members.len(), RESOURCES_MAX)?;
    for (segment, symbol, raw) in members {
        let path: Vec<String> = at.iter().cloned().chain([segment]).collect();
        let raw = object(&path.join("."), raw)?;
        let own = declared.len();
        declared.push(Declared { path: path.clone(), symbol, raw: raw.clone(), parent });
        if let Some(children) = present(raw, "resources") {
            let inside: Vec<String> = path.into_iter().chain(["resources".to_owned()]).collect();
            declare(children, &inside, Some(own), declared)?;
        }
    }
    Ok(())
}
