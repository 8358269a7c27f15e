//! Where the azure profile copies what Azure is documented to get wrong.

use serde::{Deserialize, Serialize};

/// A defect of Azure's that a change was made by, or that it leads into. The activity record of
/// the change carries it, so that whoever tests here learns what will go wrong there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Defect {
    /// A delegation's end took along what like delegations gave (B56).
    TakenAlong,
    /// A lock of the customer's did not stop a managing tenant's caller (B35).
    LockPassed,
    /// A delegation was put beside one of another offer that names some of the same principals
    /// (B49).
    SharedPrincipals,
}

impl Defect {
    /// Every copied defect.
    pub const ALL: [Self; 3] = [Self::TakenAlong, Self::LockPassed, Self::SharedPrincipals];

    /// What it is called in records and logs. Never changes.
    pub fn id(self) -> &'static str {
        match self {
            Self::TakenAlong => "DelegationTakenAlong",
            Self::LockPassed => "LockPassedByManagingTenant",
            Self::SharedPrincipals => "DelegationsSharePrincipals",
        }
    }

    /// What happened, and what to do about it.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::TakenAlong => {
                "The end of this delegation took access away from another delegation of the same managing tenant that gives the same role to the same principal; put the other one's assignment again to cure it."
            }
            Self::LockPassed => {
                "A lock stood against this operation and did not stop it, since the caller acts through a delegation."
            }
            Self::SharedPrincipals => {
                "Another delegation of the same managing tenant stands at this scope and names some of the same principals; in Azure its users may lose all access, so remove the old delegation first."
            }
        }
    }

    /// Where Azure documents it.
    pub fn documented(self) -> &'static str {
        match self {
            Self::TakenAlong => {
                "https://learn.microsoft.com/azure/lighthouse/how-to/remove-delegation"
            }
            Self::LockPassed => {
                "https://learn.microsoft.com/azure/lighthouse/concepts/cross-tenant-management-experience"
            }
            Self::SharedPrincipals => {
                "https://learn.microsoft.com/azure/lighthouse/how-to/update-delegation"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_defect_has_an_id_of_its_own_and_says_where_it_is_documented() {
        let ids: BTreeSet<&str> = Defect::ALL.map(Defect::id).into();
        assert_eq!(ids.len(), Defect::ALL.len());
        for it in Defect::ALL {
            assert!(it.sentence().ends_with('.'), "{it:?}");
            assert!(it.documented().starts_with("https://learn.microsoft.com/"), "{it:?}");
        }
    }
}
