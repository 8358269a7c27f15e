//! Management groups: the tree that a tenant's subscriptions stand in, and who may see and
//! change it. Above all stands the root, which is the tenant itself and is named by its id.

use ids::{
    guid::{SubscriptionId, TenantId},
    name::Name,
    scope::Scope,
};
use model::{action::Action, question::Question, tree::ManagementGroup};

pub mod decide;
pub mod delete;
pub mod put;
pub mod read;
pub mod subscriptions;
pub mod tree;

/// What seeing a group takes.
const READ: Action = Action::known("Microsoft.Management/managementGroups/read");
/// What changing one takes, and also what is put into it or taken out of it.
const WRITE: Action = Action::known("Microsoft.Management/managementGroups/write");

/// What Azure calls the group that is the tenant itself.
pub const ROOT_NAME: &str = "Tenant Root Group";

/// The id of a group, as the store knows it.
pub type GroupId = (TenantId, Name);

/// Why a management group was not read or changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("The management group '{0}' cannot be found.")]
    NotFound(Name),
    #[error("The parent management group '{0}' cannot be found.")]
    NoParent(Name),
    #[error("The subscription '{id}' is not in the management group '{group}'.")]
    NotInside { id: SubscriptionId, group: Name },
    #[error(
        "The name '{0}' is not valid. A management group's name has 1 to {most} letters, digits, and - _ . ( ).",
        most = decide::NAME_CHARS_MAX
    )]
    BadName(Name),
    #[error(
        "The display name of a management group has 1 to {most} characters, none of them a control character.",
        most = decide::DISPLAY_NAME_CHARS_MAX
    )]
    BadDisplayName,
    #[error("The management group '{group}' cannot stand in '{parent}', which stands in it.")]
    Circular { group: Name, parent: Name },
    #[error(
        "There are at most {most} levels of management groups below the root.",
        most = decide::LEVELS_MAX
    )]
    TooDeep,
    #[error(
        "The management group '{0}' holds others or subscriptions. Put them elsewhere before it is deleted."
    )]
    HasChildren(Name),
    #[error("The root management group is the tenant itself and cannot be changed.")]
    Root,
}

/// Whether that is the name of the tenant's root.
pub fn is_root((tenant, name): &GroupId) -> bool {
    name.is(&tenant.to_string())
}

/// Where what directly stands in that group says it stands: none is the root.
fn within(id: &GroupId) -> Option<&Name> {
    (!is_root(id)).then_some(&id.1)
}

/// What putting something into a group, or taking it out of it, takes there. Nothing at the root:
/// all stands in it in any case.
fn write_at(tenant: TenantId, group: Option<&Name>) -> Option<Question> {
    let scope = Scope::ManagementGroup(tenant, group?.clone());
    Some(Question::any(WRITE, scope))
}

/// What seeing the group takes.
fn readable(group: &ManagementGroup) -> Question {
    Question::any(READ, group.scope())
}
