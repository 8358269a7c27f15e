//! What certification, or a careful reader, would object to: rules with ids that stay, and findings
//! that say where, why and what to do.

pub mod change;
pub mod limits;
pub mod manifest;
pub mod offer;
pub mod page;
pub mod publish;
pub mod rules;
pub mod spelled;
pub mod template;

use crate::lint::rules::Rule;

/// One thing that a rule objects to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub rule: &'static Rule,
    /// Where, as a path of members: `authorizations[2].roleDefinitionId`.
    pub field: String,
    /// What is wrong just there.
    pub reason: String,
}

impl Finding {
    pub(crate) fn new(
        rule: &'static Rule,
        field: impl Into<String>,
        reason: impl Into<String>,
    ) -> Self {
        Self { rule, field: field.into(), reason: reason.into() }
    }
}

#[cfg(test)]
mod tests;
