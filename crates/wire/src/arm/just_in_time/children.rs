//! `eligibleChildResources`: where somebody may activate something.

use serde::Serialize;

use super::filter::Refused;
use crate::odata::{self, Filter};

/// Which kinds are asked for; all where nothing is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kinds {
    pub subscriptions: bool,
    pub groups: bool,
}

impl Kinds {
    pub const ALL: Self = Self { subscriptions: true, groups: true };
    const NONE: Self = Self { subscriptions: false, groups: false };
}

/// `resourceType eq '…'`, or one or the other.
pub fn read(text: &str) -> Result<Kinds, Refused> {
    let mut kinds = Kinds::NONE;
    add(&odata::parse(text)?, &mut kinds)?;
    Ok(kinds)
}

fn add(filter: &Filter, kinds: &mut Kinds) -> Result<(), Refused> {
    let unsupported = |text: &str| Refused::Unsupported(text.chars().take(80).collect());
    match filter {
        Filter::Or(all) => all.iter().try_for_each(|it| add(it, kinds)),
        Filter::Compare(it) => {
            match it.equal("resourceType").map(str::to_ascii_lowercase).as_deref() {
                Some("microsoft.resources/subscriptions") => kinds.subscriptions = true,
                Some(
                    "microsoft.resources/resourcegroups"
                    | "microsoft.resources/subscriptions/resourcegroups",
                ) => kinds.groups = true,
                Some(other) => return Err(unsupported(other)),
                None => return Err(unsupported(&it.field)),
            }
            Ok(())
        }
        Filter::And(_) => Err(unsupported("and")),
        Filter::Not(_) => Err(unsupported("not")),
        Filter::Call(call) => Err(unsupported(&call.name)),
        Filter::OneOf { field, .. } | Filter::Any { field, .. } => Err(unsupported(field)),
    }
}

/// One of them as ARM shows it.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct ChildBody {
    pub id: String,
    pub name: String,
    /// `subscription` or `resourcegroup`.
    pub r#type: String,
}
