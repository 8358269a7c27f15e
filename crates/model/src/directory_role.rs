//! The roles that let people manage a tenant's own directory, by Entra's template ids
//! (<https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference>).
//!
//! They are not Azure's roles: they open no scope of resources, and no role of Azure's opens a
//! directory. Their actions are Fyr's own, as [`Change::requires`](crate::change::Change::requires)
//! names them.

use ids::guid::{Principal, RoleId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::action::Action;

/// A role of directories, the same in every tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DirectoryRole {
    pub id: RoleId,
    pub name: &'static str,
    pub description: &'static str,
    /// Patterns of what it allows in its holder's own tenant.
    pub actions: &'static [&'static str],
    /// Who changes the accounts of its holders.
    pub reach: Reach,
}

/// Who may reset, change, disable and remove the account of somebody, by what they hold: whoever
/// takes an account over gains what its holder may. Entra's tables
/// (<https://learn.microsoft.com/entra/identity/role-based-access-control/privileged-roles-permissions>,
/// "Who can reset passwords", "Who can perform sensitive actions"), of the roles that there are here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Whoever may change people at all.
    Everybody,
    /// Of these, only those who manage people and groups.
    ManagersOfPeople,
    /// Of these, only those who manage how people sign in.
    ManagersOfSignIn,
    /// Of these, only those who manage everything.
    GlobalAdministrators,
}

impl Reach {
    /// What it takes beside the leave for the change.
    pub fn leave(self) -> Option<Action> {
        match self {
            Self::Everybody => None,
            Self::ManagersOfPeople => Some(Action::MANAGERS_OF_PEOPLE_WRITE),
            Self::ManagersOfSignIn => Some(Action::MANAGERS_OF_SIGN_IN_WRITE),
            Self::GlobalAdministrators => Some(Action::PRIVILEGED_WRITE),
        }
    }
}

/// That somebody holds a directory role in their own tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectoryRoleAssignment {
    pub principal: Principal,
    pub role: RoleId,
}

/// What every member of a tenant may do in it (Entra: the role *User*).
pub const MEMBER_ACTIONS: &[&str] = &["Fyr.Directory/*/read", "Fyr.Directory/self/partnerLink/*"];
/// What guests and applications may do without a role: look at themselves, and say
/// which partner they work for.
pub const OTHER_ACTIONS: &[&str] = &["Fyr.Directory/self/read", "Fyr.Directory/self/partnerLink/*"];

const fn id(raw: u128) -> RoleId {
    RoleId::new(Uuid::from_u128(raw))
}

/// Manages everything, and gives access to Azure's resources to itself.
pub const GLOBAL_ADMINISTRATOR: RoleId = id(0x62e9_0394_69f5_4237_9190_0121_7714_5e10);
/// Manages who holds which directory role.
pub const PRIVILEGED_ROLE_ADMINISTRATOR: RoleId = id(0xe861_1ab8_c189_46e8_94e1_6021_3ab1_f814);
/// Manages people and groups.
pub const USER_ADMINISTRATOR: RoleId = id(0xfe93_0be7_5e62_47db_91af_98c3_a49a_38b1);
/// Manages how people sign in.
pub const AUTHENTICATION_ADMINISTRATOR: RoleId = id(0xc4e3_9bd9_1100_46d3_8c65_fb16_0da0_071f);
/// Manages groups.
pub const GROUPS_ADMINISTRATOR: RoleId = id(0xfdd7_a751_b60b_444a_984c_0265_2fe8_fa1c);
/// Manages applications.
pub const APPLICATION_ADMINISTRATOR: RoleId = id(0x9b89_5d92_2cd3_44c7_9d02_a6ac_2d5e_a5c3);
/// Reads the directory.
pub const DIRECTORY_READERS: RoleId = id(0x88d8_e3e3_8f55_4a1e_953a_9b98_98b8_876b);

/// Every role that can be held.
pub const ALL: [DirectoryRole; 7] = [
    DirectoryRole {
        id: GLOBAL_ADMINISTRATOR,
        name: "Global Administrator",
        description: "Can manage all aspects of Microsoft Entra ID and Microsoft services that use Microsoft Entra identities.",
        actions: &[
            "Fyr.Directory/*",
            "Fyr.Market/accounts/*",
            "Fyr.Market/owners/*",
            "Fyr.Market/members/*",
            "Microsoft.Authorization/elevateAccess/action",
        ],
        reach: Reach::GlobalAdministrators,
    },
    DirectoryRole {
        id: PRIVILEGED_ROLE_ADMINISTRATOR,
        name: "Privileged Role Administrator",
        description: "Can manage role assignments in Microsoft Entra ID.",
        actions: &["Fyr.Directory/*/read", "Fyr.Directory/roleAssignments/*"],
        reach: Reach::GlobalAdministrators,
    },
    DirectoryRole {
        id: USER_ADMINISTRATOR,
        name: "User Administrator",
        description: "Can manage all aspects of users and groups, including resetting passwords for limited admins.",
        actions: &[
            "Fyr.Directory/*/read",
            "Fyr.Directory/users/write",
            "Fyr.Directory/users/delete",
            "Fyr.Directory/users/credentials/write",
            "Fyr.Directory/managersOfPeople/write",
            "Fyr.Directory/groups/*",
        ],
        reach: Reach::ManagersOfPeople,
    },
    DirectoryRole {
        id: AUTHENTICATION_ADMINISTRATOR,
        name: "Authentication Administrator",
        description: "Can access to view, set and reset authentication method information for any non-admin user.",
        actions: &[
            "Fyr.Directory/*/read",
            "Fyr.Directory/users/credentials/*",
            "Fyr.Directory/managersOfSignIn/write",
        ],
        reach: Reach::ManagersOfSignIn,
    },
    DirectoryRole {
        id: GROUPS_ADMINISTRATOR,
        name: "Groups Administrator",
        description: "Can create and manage groups.",
        actions: &["Fyr.Directory/*/read", "Fyr.Directory/groups/*"],
        reach: Reach::ManagersOfPeople,
    },
    DirectoryRole {
        id: APPLICATION_ADMINISTRATOR,
        name: "Application Administrator",
        description: "Can create and manage all aspects of app registrations and enterprise apps.",
        actions: &[
            "Fyr.Directory/*/read",
            "Fyr.Directory/applications/*",
            "Fyr.Directory/servicePrincipals/*",
        ],
        reach: Reach::GlobalAdministrators,
    },
    DirectoryRole {
        id: DIRECTORY_READERS,
        name: "Directory Readers",
        description: "Can read basic directory information. Commonly used to grant directory read access to applications and guests.",
        actions: &["Fyr.Directory/*/read"],
        reach: Reach::Everybody,
    },
];

/// The role of that template id.
pub fn find(id: RoleId) -> Option<&'static DirectoryRole> {
    ALL.iter().find(|role| role.id == id)
}

/// The role of that name, letters without regard to case, or of that id.
pub fn named(text: &str) -> Option<&'static DirectoryRole> {
    let id = text.parse().ok();
    ALL.iter().find(|role| Some(role.id) == id || role.name.eq_ignore_ascii_case(text))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_role_is_found_by_its_name_and_by_its_id_and_none_by_anothers() {
        for role in &ALL {
            assert_eq!(find(role.id), Some(role));
            assert_eq!(named(&role.name.to_uppercase()), Some(role));
            assert_eq!(named(&role.id.to_string()), Some(role));
        }
        assert_eq!((named("Owner"), named("")), (None, None));
        assert_eq!(ALL.iter().map(|role| role.id).collect::<BTreeSet<_>>().len(), ALL.len());
    }

    #[test]
    fn only_the_global_administrator_and_whoever_manages_roles_gives_roles() {
        let gives = |role: &&DirectoryRole| {
            let all = ["Fyr.Directory/*", "Fyr.Directory/roleAssignments/*"];
            role.actions.iter().any(|action| all.contains(action))
        };
        let givers: Vec<RoleId> = ALL.iter().filter(gives).map(|role| role.id).collect();
        assert_eq!(givers, [GLOBAL_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR]);
    }
}
