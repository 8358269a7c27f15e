//! Why a text is no condition, and where.

use crate::{
    condition::{CHARS_MAX, DEPTH_MAX, TERMS_MAX},
    operator::{Operator, Quantifier},
    value::Kind,
};

/// How much of a text a refusal repeats.
const SHOWN_CHARS_MAX: usize = 40;

/// What is wrong with a text, at which of its characters, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} at character {at}")]
pub struct ConditionError {
    pub at: usize,
    pub what: Problem,
}

impl ConditionError {
    /// How to put it right; a whole sentence.
    pub fn advice(&self) -> &'static str {
        self.what.advice()
    }
}

/// What can be wrong with a text that is to be a condition.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    #[error("more than {CHARS_MAX} characters")]
    TooLong,
    #[error("more than {DEPTH_MAX} parentheses and negations in each other")]
    TooDeep,
    #[error("more than {TERMS_MAX} comparisons and matches")]
    TooManyTerms,
    #[error("an unexpected character `{}`", .0.escape_default())]
    Character(char),
    #[error("a `{0}` that is not closed")]
    Unclosed(char),
    #[error("`{found}` in the place of {wanted}")]
    Unexpected { wanted: &'static str, found: String },
    #[error("AND and OR side by side")]
    Mixed,
    #[error("`@{0}`, which has no attributes")]
    UnknownSource(String),
    #[error("`[{0}]`, which names no attribute")]
    NoAttribute(String),
    #[error("`{0}`, an attribute that nothing has")]
    UnknownAttribute(String),
    #[error("`{0}`, which is no operator")]
    UnknownOperator(String),
    #[error("`{}`, which `{}` cannot have before it", .1.name(), .0.name())]
    Unquantifiable(Operator, Quantifier),
    #[error("a set of values, of which `{}` compares one", .0.name())]
    Several(Operator),
    #[error("a single value, where `{}` asks for a set", .0.name())]
    Single(Quantifier),
    #[error("`{found}`, where `{}` compares {}", .operator.name(), kind(.operator.kind()))]
    OtherKind { operator: Operator, found: String },
    #[error("an empty pattern")]
    EmptyPattern,
    #[error("`{}`, which stands in no action", .0.escape_default())]
    PatternCharacter(char),
}

impl Problem {
    fn advice(&self) -> &'static str {
        match self {
            Self::TooLong | Self::TooDeep | Self::TooManyTerms => {
                "Say it shorter, or in several role assignments."
            }
            Self::Character(_) => {
                "Remove it; what was pasted from a word processor may hold characters that nobody \
                 sees."
            }
            Self::Unclosed(_) => "Close it.",
            Self::Unexpected { .. } => {
                "A condition is made of ActionMatches{'action'}, Exists @Source[attribute] and \
                 @Source[attribute] Operator value, with AND, OR, ! and parentheses."
            }
            Self::Mixed => "Put parentheses around what belongs together.",
            Self::UnknownSource(_) => {
                "Attributes are of @Request, @Resource, @Principal or @Environment."
            }
            Self::NoAttribute(_) => {
                "Write @Source[type:name], or @Source[type:key<$key_case_sensitive$>] for the \
                 value of a key."
            }
            Self::UnknownAttribute(_) => {
                "Write the type as its provider spells it, such as \
                 @Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId]."
            }
            Self::UnknownOperator(_) => {
                "Use an operator such as StringEquals, NumericLessThan, BoolEquals, \
                 DateTimeGreaterThan or ForAnyOfAnyValues:GuidEquals."
            }
            Self::Unquantifiable(..) => "Compare single values, and join them by AND or OR.",
            Self::Several(_) => "Put ForAnyOfAnyValues: before the operator, or name one value.",
            Self::Single(_) => "Put the value in braces.",
            Self::OtherKind { .. } => {
                "Texts and times stand in quotes, whole numbers, true, false and GUIDs without."
            }
            Self::EmptyPattern => "Name an action; `*` stands for any letters.",
            Self::PatternCharacter(_) => {
                "Remove it; `*` alone stands for other letters, and nobody sees some characters \
                 that were pasted."
            }
        }
    }
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "texts",
        Kind::Integer => "whole numbers",
        Kind::Boolean => "true and false",
        Kind::Moment => "times such as '2023-05-01T13:00:00.0Z'",
        Kind::Guid => "GUIDs",
    }
}

/// As much of a text as is shown, in one line, and with a name for every letter that nobody sees.
pub(crate) fn shown(text: &str) -> String {
    text.chars().take(SHOWN_CHARS_MAX).flat_map(char::escape_debug).collect()
}
