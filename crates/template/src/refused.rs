//! Why a template is refused, as ARM tells its callers.

use serde_json::{Value, json};

use crate::{
    document, evaluate,
    json::echo,
    lenient::{self, Position},
    parameters,
};

/// Everything that can be wrong with a deployment's template and parameters.
#[derive(Clone, Debug, PartialEq)]
pub enum Refused {
    Document(document::Refused),
    Parameters(parameters::Refused),
    /// An expression that cannot be right, in a part that is evaluated later if at all.
    Part {
        part: Part,
        name: String,
        problem: evaluate::Refused,
    },
    Resource {
        name: String,
        path: Vec<String>,
        problem: Problem,
    },
    Output {
        name: String,
        problem: evaluate::Refused,
    },
}

/// A named part of a template beside its resources.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Parameter,
    Variable,
    Output,
    Assert,
    Function,
}

impl Part {
    fn name(self) -> &'static str {
        match self {
            Part::Parameter => "parameter",
            Part::Variable => "variable",
            Part::Output => "output",
            Part::Assert => "assert",
            Part::Function => "function",
        }
    }
}

/// What is wrong with one resource.
#[derive(Clone, Debug, PartialEq)]
pub enum Problem {
    Expression(evaluate::Refused),
    Missing(&'static str),
    Shape {
        member: &'static str,
        expected: &'static str,
    },
    Segments {
        kind: String,
    },
    Scope(String),
    /// It is not ARM's, but an extension's: of Kubernetes, of Microsoft Graph.
    Extension,
    Twice {
        kind: String,
    },
    /// `dependsOn` names what the template does not have.
    Unknown(String),
    Circular {
        id: String,
    },
    TooMany {
        what: &'static str,
        limit: usize,
        actual: usize,
    },
}

impl Refused {
    /// ARM's error code.
    pub fn code(&self) -> &str {
        match self {
            Refused::Output { problem: evaluate::Refused::Host { code, .. }, .. }
            | Refused::Resource {
                problem: Problem::Expression(evaluate::Refused::Host { code, .. }),
                ..
            } => code,
            Refused::Output { .. } => "DeploymentOutputEvaluationFailed",
            Refused::Parameters(parameters::Refused::One {
                problem: parameters::Problem::KeyVault,
                ..
            }) => "KeyVaultParameterReferenceSecretRetrieveFailed",
            Refused::Document(_)
            | Refused::Parameters(_)
            | Refused::Part { .. }
            | Refused::Resource { .. } => "InvalidTemplate",
        }
    }

    /// Where in the template the trouble is: member names and indices.
    pub fn path(&self) -> Option<Vec<String>> {
        match self {
            Refused::Document(_) => None,
            Refused::Parameters(refused) => refused.path(),
            Refused::Part { part, name, .. } => {
                Some(vec![format!("{}s", part.name()), name.clone()])
            }
            Refused::Resource { path, .. } => Some(path.clone()),
            Refused::Output { name, .. } => Some(vec!["outputs".to_owned(), name.clone()]),
        }
    }

    /// The place in the text of a request; `prefix` leads to the template there.
    pub fn position(&self, text: &str, prefix: &[&str]) -> Option<Position> {
        let path = self.path()?;
        let whole: Vec<&str> =
            prefix.iter().copied().chain(path.iter().map(String::as_str)).collect();
        lenient::locate(text, &whole)
    }

    /// ARM's message, with the place in the text if it is known.
    pub fn message(&self, position: Option<Position>) -> String {
        let at = position.map_or_else(String::new, |Position { line, column }| {
            format!(" at line '{line}' and column '{column}'")
        });
        let detail = match self {
            Refused::Document(refused) => refused.to_string(),
            Refused::Parameters(refused) => refused.describe(&at),
            Refused::Part { part, name, problem } => format!(
                "The template {} '{}'{at} is not valid: {problem}. Please see \
                 https://aka.ms/arm-template-expressions for usage details.",
                part.name(),
                echo(name)
            ),
            Refused::Resource {
                problem: Problem::Expression(host @ evaluate::Refused::Host { .. }),
                ..
            }
            | Refused::Output { problem: host @ evaluate::Refused::Host { .. }, .. } => {
                return host.to_string();
            }
            Refused::Resource { name, problem, .. } => problem.describe(&echo(name), &at),
            // An output fails when the rest is done; no validation is to blame.
            Refused::Output { name, problem } => {
                return format!("The template output '{}' is not valid: {problem}.", echo(name));
            }
        };
        format!("Deployment template validation failed: '{detail}'.")
    }

    /// The `additionalInfo` of ARM's error.
    pub fn additional_info(&self, position: Option<Position>) -> Value {
        let Position { line, column } = position.unwrap_or(Position { line: 0, column: 0 });
        let path = self.path().unwrap_or_default().join(".");
        let info = json!({ "lineNumber": line, "linePosition": column, "path": path });
        json!([{ "type": "TemplateViolation", "info": info }])
    }
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message(None))
    }
}

impl std::error::Error for Refused {}

impl From<document::Refused> for Refused {
    fn from(refused: document::Refused) -> Self {
        Self::Document(refused)
    }
}

impl From<evaluate::Refused> for Problem {
    fn from(refused: evaluate::Refused) -> Self {
        Self::Expression(refused)
    }
}

impl Problem {
    fn describe(&self, name: &str, at: &str) -> String {
        const SEE: &str = "Please see https://aka.ms/arm-template/#resources for usage details.";
        match self {
            Problem::Expression(problem) => format!(
                "The template resource '{name}'{at} is not valid: {problem}. Please see \
                 https://aka.ms/arm-template-expressions for usage details."
            ),
            Problem::Missing(member) => format!(
                "The template resource '{name}'{at} is not valid: the property '{member}' is \
                 required. {SEE}"
            ),
            Problem::Shape { member, expected } => format!(
                "The template resource '{name}'{at} is not valid: the property '{member}' must be \
                 of type '{expected}'. {SEE}"
            ),
            Problem::Segments { kind } => format!(
                "The template resource '{name}' for type '{}'{at} has incorrect segment lengths. \
                 A nested resource type must have identical number of segments as its resource \
                 name. A root resource type must have segment length one greater than its \
                 resource name. {SEE}",
                echo(kind)
            ),
            Problem::Scope(scope) => format!(
                "The template resource '{name}'{at} is not valid: the scope '{}' is not one that \
                 can be deployed to. {SEE}",
                echo(scope)
            ),
            Problem::Extension => format!(
                "The template resource '{name}'{at} is not valid: resources of extensions are not \
                 supported. {SEE}"
            ),
            Problem::Twice { kind } => format!(
                "The resource '{}/{name}'{at} is defined multiple times in a template. {SEE}",
                echo(kind)
            ),
            Problem::Unknown(dependency) => format!(
                "The resource '{}' is not defined in the template. Please see \
                 https://aka.ms/arm-template for usage details.",
                echo(dependency)
            ),
            Problem::Circular { id } => {
                format!("Circular dependency detected on resource: '{}'. {SEE}", echo(id))
            }
            Problem::TooMany { what, limit, actual } => format!(
                "The number of template {what} limit exceeded. Limit: '{limit}' and actual: \
                 '{actual}'. {SEE}"
            ),
        }
    }
}
