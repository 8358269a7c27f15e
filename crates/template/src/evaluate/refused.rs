//! Why an expression has no value, in ARM's words.

use crate::{expression, json::echo, limits::RANGE_MAX};

/// Why an evaluation stopped.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Stopped {
    /// It needs the state of this resource, which the host does not have yet.
    #[error("the state of `{0}` is not known yet")]
    NotYet(String),
    #[error(transparent)]
    Refused(#[from] Refused),
}

/// What a template may use up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Resource {
    #[error("evaluation steps")]
    Steps,
    #[error("nesting of values and expressions")]
    Depth,
    #[error("bytes of one value")]
    ValueBytes,
    #[error("bytes of all values")]
    TotalBytes,
    #[error("bytes read")]
    Work,
}

/// What is wrong with an expression.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error(transparent)]
    Expression(#[from] expression::Refused),
    #[error(
        "The template function '{0}' is not valid. Please see \
         https://aka.ms/arm-template-expressions for usage details."
    )]
    NoFunction(String),
    #[error(
        "The template function '{0}' is not expected at this location. Please see \
         https://aka.ms/arm-template-expressions for usage details."
    )]
    NotHere(String),
    #[error(
        "The template function 'copyIndex' is not expected at this location. The function can \
         only be used in a resource with copy specified. Please see https://aka.ms/arm-copy for \
         usage details."
    )]
    NoLoop,
    #[error(
        "Unable to evaluate template language function '{function}': function requires {expected} \
         argument(s) while {given} were provided. Please see \
         https://aka.ms/arm-template-expressions/#{function} for usage details."
    )]
    Arity { function: String, expected: String, given: usize },
    #[error(
        "Unable to evaluate template language function '{function}': {problem}. Please see \
         https://aka.ms/arm-template-expressions/#{function} for usage details."
    )]
    Argument { function: String, problem: String },
    #[error(
        "The template language function '{function}' was invoked with a parameter that is not \
         valid. {problem}"
    )]
    Parameter { function: String, problem: &'static str },
    #[error(
        "The template language function '{function}' expects its parameter to be of type \
         '{expected}'. The provided value is of type '{given}'. Please see \
         https://aka.ms/arm-template-expressions/#{function} for usage details."
    )]
    Type { function: String, expected: &'static str, given: &'static str },
    #[error(
        "The template language function 'int' cannot convert provided value '{0}' to integer \
         value. Please see https://aka.ms/arm-function-int for usage details."
    )]
    NoInteger(String),
    #[error(
        "Unable to evaluate language function 'format': the format is invalid: '{0}'. Please see \
         https://aka.ms/arm-function-format for usage details."
    )]
    Format(&'static str),
    #[error(
        "The index and length parameters must refer to a location within the string. The index \
         parameter: '{index}', the length parameter: '{length}', the length of the string \
         parameter: '{actual}'."
    )]
    Substring { index: i64, length: i64, actual: usize },
    #[error(
        "The template language function 'range' expects a count between '0' and '{RANGE_MAX}'; \
         the count is '{0}'."
    )]
    Range(i64),
    #[error(
        "The template parameter '{0}' is not found. Please see \
         https://aka.ms/arm-template/#parameters for usage details."
    )]
    NoParameter(String),
    #[error(
        "The value for the template parameter '{0}' is not provided. Please see \
         https://aka.ms/arm-create-parameter-file for usage details."
    )]
    NoValue(String),
    #[error(
        "The template variable '{0}' is not found. Please see \
         https://aka.ms/arm-template/#variables for usage details."
    )]
    NoVariable(String),
    #[error(
        "The template variable '{0}' is not valid: {1}. Please see \
         https://aka.ms/arm-template-expressions for usage details."
    )]
    Variable(String, Box<Refused>),
    #[error("Circular dependency detected on '{0}': its value depends on itself.")]
    Circle(String),
    #[error("The template lambda variable '{0}' is not found.")]
    NoLambdaVariable(String),
    #[error("A property name must be a string; the given value is of type '{0}'.")]
    Key(&'static str),
    #[error(
        "The language expression property '{property}' doesn't exist, available properties are \
         '{available}'."
    )]
    NoProperty { property: String, available: String },
    #[error(
        "The language expression property '{property}' can't be evaluated, since the value it is \
         taken of is of type '{kind}', not 'Object'."
    )]
    NoMembers { property: String, kind: &'static str },
    #[error(
        "The language expression property array index '{index}' is out of bounds; the array has \
         '{length}' elements."
    )]
    OutOfBounds { index: String, length: usize },
    #[error("A value of type '{value}' can't be indexed with a value of type '{index}'.")]
    WrongIndex { value: &'static str, index: &'static str },
    #[error(
        "The template reference '{0}' is not valid: could not find template resource or resource \
         copy with this name. Please see https://aka.ms/arm-function-reference for usage details."
    )]
    NoResource(String),
    #[error(
        "The value for copy count '{given}' is not valid: it must be an integer between '0' and \
         '{limit}'. Please see https://aka.ms/arm-copy for usage details."
    )]
    CopyCount { given: String, limit: usize },
    #[error(
        "The template 'copy' definition is not valid: {0}. Please see https://aka.ms/arm-copy for \
         usage details."
    )]
    Copy(&'static str),
    #[error(
        "The evaluation of the template exceeds a limit ({0}). Limit: '{1}'. Please see \
         https://aka.ms/arm-template for usage details."
    )]
    TooMuch(Resource, usize),
    #[error("The template property '{0}' is not valid: its value is of type '{1}'.")]
    Shape(&'static str, &'static str),
    #[error(
        "Template output JToken type is not valid. Expected '{expected}'. Actual '{given}'. Please \
         see https://aka.ms/arm-template/#outputs for usage details."
    )]
    OutputType { expected: &'static str, given: &'static str },
    #[error(
        "Template output value is not valid at '{path}': {problem} Please see \
         https://aka.ms/arm-template/#outputs for usage details."
    )]
    OutputValue { path: String, problem: String },
    #[error(
        "The external input '{0}' is not found. Please see \
         https://aka.ms/arm-create-parameter-file for usage details."
    )]
    NoExternalInput(String),
    #[error(
        "The built-in role definition '{0}' is not found. Please see \
         https://aka.ms/arm-template-expressions/#roleDefinitions for usage details."
    )]
    NoRole(String),
    #[error(
        "The resource provider '{0}' is not found. Please see \
         https://aka.ms/arm-template-expressions/#providers for usage details."
    )]
    NoProvider(String),
    /// The template's author said so with `fail(…)`.
    #[error("{0}")]
    Failed(String),
    /// The host's own refusal, when a resource was asked for.
    #[error("{message}")]
    Host { code: String, message: String },
}

impl Refused {
    /// Names the variable in which it happened, once.
    pub(crate) fn in_variable(name: &str, stopped: Stopped) -> Stopped {
        match stopped {
            Stopped::NotYet(id) => Stopped::NotYet(id),
            Stopped::Refused(refused) if refused.is_placed() => refused.into(),
            Stopped::Refused(refused) => Refused::Variable(echo(name), Box::new(refused)).into(),
        }
    }

    /// Whether naming the place again would say nothing new.
    fn is_placed(&self) -> bool {
        matches!(self, Refused::Variable(..) | Refused::TooMuch(..))
    }

    pub(crate) fn argument(function: &str, problem: impl Into<String>) -> Self {
        Self::Argument { function: function.to_owned(), problem: problem.into() }
    }
}
