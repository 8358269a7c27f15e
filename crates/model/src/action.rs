//! What a caller asks to do, as ARM names it.

use std::{
    borrow::Cow,
    fmt,
    hash::{Hash, Hasher},
};

use ids::resource::ResourceType;

/// An operation of a resource provider: `Microsoft.Storage/storageAccounts/write`. Letters
/// compare without regard to case.
#[derive(Clone, Debug, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Action {
    name: Cow<'static, str>,
    #[serde(skip)]
    is_foreign: bool,
}

/// What a verb of HTTP is called in an action's name (`contracts`: ARM, verb to RBAC action).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    Read,
    Write,
    Delete,
}

impl Verb {
    /// The last word of the action.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Delete => "delete",
        }
    }
}

impl Action {
    pub const ROLE_ASSIGNMENTS_READ: Self =
        Self::known("Microsoft.Authorization/roleAssignments/read");
    pub const ROLE_ASSIGNMENTS_WRITE: Self =
        Self::known("Microsoft.Authorization/roleAssignments/write");
    pub const ROLE_ASSIGNMENTS_DELETE: Self =
        Self::known("Microsoft.Authorization/roleAssignments/delete");
    pub const DEFINITIONS_WRITE: Self =
        Self::known("Microsoft.ManagedServices/registrationDefinitions/write");
    pub const DEFINITIONS_DELETE: Self =
        Self::known("Microsoft.ManagedServices/registrationDefinitions/delete");
    pub const ASSIGNMENTS_WRITE: Self =
        Self::known("Microsoft.ManagedServices/registrationAssignments/write");
    pub const ASSIGNMENTS_DELETE: Self =
        Self::known("Microsoft.ManagedServices/registrationAssignments/delete");
    pub const GROUPS_READ: Self =
        Self::known("Microsoft.Resources/subscriptions/resourceGroups/read");
    pub const GROUPS_WRITE: Self =
        Self::known("Microsoft.Resources/subscriptions/resourceGroups/write");
    pub const GROUPS_DELETE: Self =
        Self::known("Microsoft.Resources/subscriptions/resourceGroups/delete");
    pub const SUBSCRIPTIONS_READ: Self = Self::known("Microsoft.Resources/subscriptions/read");

    pub const TAGS_WRITE: Self = Self::known("Microsoft.Resources/tags/write");
    pub const TAGS_DELETE: Self = Self::known("Microsoft.Resources/tags/delete");
    pub const ACTIVATIONS_READ: Self =
        Self::known("Microsoft.Authorization/roleAssignmentScheduleRequests/read");
    /// To ask for a role just in time, and to give it back.
    pub const ACTIVATIONS_WRITE: Self =
        Self::known("Microsoft.Authorization/roleAssignmentScheduleRequests/write");
    /// To take back what was asked for.
    pub const ACTIVATIONS_CANCEL: Self =
        Self::known("Microsoft.Authorization/roleAssignmentScheduleRequests/cancel/action");
    /// To decide about what somebody else asked for.
    pub const APPROVALS_WRITE: Self =
        Self::known("Microsoft.Authorization/roleAssignmentApprovals/stages/write");
    /// To say what a tenant's own people may activate.
    pub const ELIGIBILITIES_WRITE: Self =
        Self::known("Microsoft.Authorization/roleEligibilityScheduleRequests/write");
    /// To put a subscription into a management group.
    pub const PARENT_WRITE: Self =
        Self::known("Microsoft.Management/managementGroups/subscriptions/write");

    /// To take User Access Administrator over all of a tenant's resources.
    pub const ELEVATE_ACCESS: Self = Self::known("Microsoft.Authorization/elevateAccess/action");
    /// To change the account of somebody who manages people or groups.
    pub const MANAGERS_OF_PEOPLE_WRITE: Self = Self::known("Fyr.Directory/managersOfPeople/write");
    /// To change the account of somebody who manages how people sign in.
    pub const MANAGERS_OF_SIGN_IN_WRITE: Self = Self::known("Fyr.Directory/managersOfSignIn/write");
    /// To change the account of somebody who manages the directory otherwise.
    pub const PRIVILEGED_WRITE: Self = Self::known("Fyr.Directory/privileged/write");

    /// An action that the code names itself.
    pub const fn known(name: &'static str) -> Self {
        Self { name: Cow::Borrowed(name), is_foreign: false }
    }

    /// An action whose name is put together of what is known, or was kept.
    pub fn named(name: impl Into<String>) -> Self {
        Self { name: Cow::Owned(name.into()), is_foreign: false }
    }

    /// An action as somebody outside names it: nothing may be called so, and there are as many such
    /// names as anybody likes to send, so that none is remembered.
    pub fn foreign(name: impl Into<String>) -> Self {
        Self { name: Cow::Owned(name.into()), is_foreign: true }
    }

    /// Whether nobody has seen yet that anything is called so.
    pub fn is_foreign(&self) -> bool {
        self.is_foreign
    }

    /// What a verb is called on that type.
    pub fn of(kind: &ResourceType, verb: Verb) -> Self {
        Self::named(format!("{kind}/{}", verb.as_str()))
    }

    /// The full name.
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// The last word: `read`, `write`, `delete` or `action`.
    pub fn verb(&self) -> &str {
        self.name.rsplit('/').next().unwrap_or_default()
    }
}

impl PartialEq for Action {
    fn eq(&self, other: &Self) -> bool {
        self.name.eq_ignore_ascii_case(&other.name)
    }
}

impl Hash for Action {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.bytes().for_each(|b| state.write_u8(b.to_ascii_lowercase()));
        state.write_u8(0xff);
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_is_named_after_its_type_and_case_does_not_count() {
        let kind = ResourceType::parse("microsoft.authorization/RoleAssignments").unwrap();
        assert_eq!(Action::of(&kind, Verb::Write), Action::ROLE_ASSIGNMENTS_WRITE);
        assert_eq!(Action::ROLE_ASSIGNMENTS_WRITE.verb(), "write");
        let foreign = Action::foreign("microsoft.authorization/ROLEASSIGNMENTS/write");
        assert_eq!(foreign, Action::ROLE_ASSIGNMENTS_WRITE, "whoever says it");
    }
}
