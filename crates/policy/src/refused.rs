//! Why something of Azure Policy was not written, read or removed.

use ids::{name::Name, resource::ResourceId, scope::Scope};

use crate::{budget::Spent, kind::Kind};

/// The texts are Azure's where it has one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error(
        "The name '{name}' of the {} is not valid: it has at most {most} characters, and does not end with a space.",
        .kind.words()
    )]
    Name { kind: Kind, name: Name, most: usize },
    #[error("A {} cannot stand at '{scope}'.", .kind.words())]
    Scope { kind: Kind, scope: Scope },
    #[error("The {} '{}' could not be found.", .kind.words(), .id.name())]
    NotFound { kind: Kind, id: ResourceId },
    #[error("The member '{member}' of the {} is not valid: {reason}.", .kind.words())]
    Member { kind: Kind, member: String, reason: String },
    #[error("The policy rule is not valid: {0}.")]
    Rule(String),
    #[error(
        "The policy '{policy}' has undefined parameter '{parameter}' which is used in the policy rule. Please either define it in policy definition or remove the reference in policy rule."
    )]
    UndefinedInRule { policy: Name, parameter: String },
    #[error(
        "The {} '{name}' has the parameter(s) '{}' which are not defined in the {} '{of}'.",
        .kind.words(), .names.join(","), .of_kind.words()
    )]
    Undefined { kind: Kind, name: Name, names: Vec<String>, of_kind: Kind, of: Name },
    #[error(
        "The {} '{name}' is missing the parameter(s) '{}' as defined in the {} '{of}'.",
        .kind.words(), .names.join(","), .of_kind.words()
    )]
    Missing { kind: Kind, name: Name, names: Vec<String>, of_kind: Kind, of: Name },
    #[error(
        "The value of the parameter '{parameter}' of the {} '{name}' is not valid: {reason}.",
        .kind.words()
    )]
    Value { kind: Kind, name: Name, parameter: String, reason: String },
    #[error(
        "The {} update is invalid: the parameter '{parameter}' {reason}.",
        .kind.words()
    )]
    Update { kind: Kind, parameter: String, reason: &'static str },
    #[error(
        "The policy definition specified in {} '{name}' is out of scope. Policy definitions should be specified only at or above the {} scope.",
        .kind.words(), .kind.words()
    )]
    OutOfScope { kind: Kind, name: Name },
    #[error(
        "The {} '{name}' cannot be deleted. It is referenced by the {} '{by}'. Please delete all of these referencing the policy.",
        .kind.words(), .by_kind.words()
    )]
    InUse { kind: Kind, name: Name, by_kind: Kind, by: ResourceId },
    #[error("At most {} of these stand at one scope, and '{scope}' holds as many {}s.", .kind.count_max(), .kind.words())]
    TooMany { kind: Kind, scope: Scope },
    #[error(transparent)]
    Spent(#[from] Spent),
}
