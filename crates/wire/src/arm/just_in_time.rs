//! Roles just in time, as Privileged Identity Management has them (`Microsoft.Authorization`,
//! 2020-10-01; approvals 2021-01-01-preview; ARM contract, §3.10).
//!
//! What stands in a body is said here in plain words; which activation of Fyr's that is, whoever
//! asks for it knows.

use ids::{
    guid::{ObjectId, RoleId},
    name::turns_direction,
};
use jiff::Timestamp;
use model::role::PrincipalType;
use serde::Serialize;

use crate::arm::content::{BadContent, Fields};

pub mod approval;
pub mod children;
pub mod eligibility;
pub mod filter;
pub mod instance;
pub mod policy;
pub mod request;
pub mod schedule;

/// The longest reason or ticket that is read; what is kept has bounds of its own.
const TEXT_CHARS_MAX: usize = 1_000;

/// A time as these resources write it, in thousandths of a second.
fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// What stands behind the ids, for people to read. What the caller may not read of it is absent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expanded {
    /// What the scope is called, and `subscription`, `resourcegroup` or a resource's type.
    pub scope: (String, String),
    pub role: String,
    pub is_custom: bool,
    /// What the principal is called, and by what people write to it.
    pub principal: Option<(String, Option<String>)>,
}

/// Who holds, or may hold, which role where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    pub scope: String,
    pub role: RoleId,
    /// The role's id as ARM spells it there.
    pub role_definition_id: String,
    pub principal: ObjectId,
    pub principal_type: PrincipalType,
    pub expanded: Expanded,
}

/// How somebody comes by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Membership {
    /// They are named themselves.
    Direct,
    /// A group of theirs is.
    Group,
    /// It is held at a scope around.
    Inherited,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct ExpandedBody {
    scope: NamedBody,
    role_definition: NamedBody,
    #[serde(skip_serializing_if = "Option::is_none")]
    principal: Option<PrincipalBody>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct NamedBody {
    id: String,
    display_name: String,
    r#type: String,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct PrincipalBody {
    id: ObjectId,
    display_name: String,
    email: Option<String>,
    r#type: PrincipalType,
}

impl ExpandedBody {
    fn new(held: &Held) -> Self {
        let Held { scope, role_definition_id, principal, principal_type, expanded, .. } = held;
        let (display_name, kind) = expanded.scope.clone();
        let role_kind = if expanded.is_custom { "CustomRole" } else { "BuiltInRole" };
        Self {
            scope: NamedBody { id: scope.clone(), display_name, r#type: kind },
            role_definition: NamedBody {
                id: role_definition_id.clone(),
                display_name: expanded.role.clone(),
                r#type: role_kind.to_owned(),
            },
            principal: expanded.principal.clone().map(|(display_name, email)| PrincipalBody {
                id: *principal,
                display_name,
                email,
                r#type: *principal_type,
            }),
        }
    }
}

#[cfg(test)]
mod tests;

/// Text that somebody may say; an empty one says nothing.
fn text(fields: &Fields<'_>, name: &str) -> Result<Option<String>, BadContent> {
    let Some(field) = fields.find(name) else { return Ok(None) };
    let text = field.text()?.trim();
    let plain = |c: char| (!c.is_control() || c == '\n') && !turns_direction(c);
    if text.chars().count() > TEXT_CHARS_MAX || !text.chars().all(plain) {
        return Err(field.refused(format!(
            "must have at most {TEXT_CHARS_MAX} characters, none of which controls anything or turns the direction of reading"
        )));
    }
    Ok(Some(text.to_owned()).filter(|text| !text.is_empty()))
}
