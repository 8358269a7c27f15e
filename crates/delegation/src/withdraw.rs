//! Deleting a definition.

use ids::resource::DefinitionId;
use model::delegation::{Assignment, Definition};

/// What the world looks like as the request is judged.
#[derive(Clone, Debug)]
pub struct Facts {
    pub existing: Option<Definition>,
    /// Every assignment of the definition.
    pub assignments: Vec<Assignment>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "a verdict lives for one request")]
pub enum Verdict {
    /// There is none; asking for what is so already is no fault.
    Absent,
    Remove(Definition),
}

/// Why a definition stays.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error(
        "The registration definition '{0}' cannot be deleted while it has registration assignments. Delete its {1} registration assignment(s) first."
    )]
    InUse(DefinitionId, usize),
}

/// Whether the definition may go: not while it is assigned anywhere (B54).
pub fn withdraw(facts: Facts) -> Result<Verdict, Refused> {
    let Some(definition) = facts.existing else { return Ok(Verdict::Absent) };
    match facts.assignments.len() {
        0 => Ok(Verdict::Remove(definition)),
        uses => Err(Refused::InUse(definition.id, uses)),
    }
}

#[cfg(test)]
mod tests {
    use model::samples::{SUBSCRIPTION, assignment, definition, whole};

    use super::*;

    #[test]
    fn b54_a_definition_in_use_stays() {
        let existing = Some(definition(SUBSCRIPTION));
        let facts = Facts { existing, assignments: vec![assignment(whole())] };
        let id = definition(SUBSCRIPTION).id;
        assert_eq!(withdraw(facts), Err(Refused::InUse(id, 1)));
    }

    #[test]
    fn b53_a_definition_without_assignments_goes_by_itself() {
        let existing = Some(definition(SUBSCRIPTION));
        let unused = Facts { existing, assignments: Vec::new() };
        assert_eq!(withdraw(unused), Ok(Verdict::Remove(definition(SUBSCRIPTION))));
        let gone = Facts { existing: None, assignments: Vec::new() };
        assert_eq!(withdraw(gone), Ok(Verdict::Absent));
    }
}
