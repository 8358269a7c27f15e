//! Ending a delegation: deleting an assignment, by either side.

use ids::guid::TenantId;
use model::delegation::Assignment;

/// What the world looks like as the request is judged.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The subscription's own tenant.
    pub owner: TenantId,
    /// The caller's.
    pub caller: TenantId,
    pub existing: Option<Assignment>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// There is none; asking for what is so already is no fault.
    Absent,
    /// The customer takes it back.
    Remove(Assignment),
    /// The managing tenant gives it back.
    Leave(Assignment),
}

/// Why an assignment stays.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("a managing tenant can delete only its own registration assignments")]
    NotYours,
}

/// Who may end it: the customer, or the managing tenant that it was given to (B5).
pub fn end(facts: Facts) -> Result<Verdict, Refused> {
    let Facts { owner, caller, existing } = facts;
    match existing {
        Some(assignment) if caller == owner => Ok(Verdict::Remove(assignment)),
        None if caller == owner => Ok(Verdict::Absent),
        Some(assignment) if assignment.managed_by == caller => Ok(Verdict::Leave(assignment)),
        // Another provider's assignment looks like none, so none is refused too: a provider
        // must not learn who else manages the customer.
        Some(_) | None => Err(Refused::NotYours),
    }
}

#[cfg(test)]
mod tests {
    use model::samples::{CUSTOMER, PROVIDER, assignment, whole};
    use uuid::Uuid;

    use super::*;

    #[test]
    fn b5_either_side_ends_it_and_nobody_else() {
        let held = || Some(assignment(whole()));
        let other = TenantId::new(Uuid::from_u128(0xB));
        let cases = [
            ("the customer", CUSTOMER, held(), Ok(Verdict::Remove(assignment(whole())))),
            ("its provider", PROVIDER, held(), Ok(Verdict::Leave(assignment(whole())))),
            ("another provider", other, held(), Err(Refused::NotYours)),
            ("the customer, again", CUSTOMER, None, Ok(Verdict::Absent)),
            ("a provider, of nothing", other, None, Err(Refused::NotYours)),
        ];
        for (name, caller, existing, expected) in cases {
            assert_eq!(end(Facts { owner: CUSTOMER, caller, existing }), expected, "{name}");
        }
    }
}
