//! One thing that a file holds, known by its shape.

use serde_json::Value as Json;

use super::{File, Refused};

/// What a thing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Account,
    ResourceGroup,
    Definition,
    Assignment,
    RoleAssignment,
    RoleDefinition,
    User,
    Group,
    ServicePrincipal,
}

/// One thing, and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) kind: Kind,
    /// `file: the 3rd thing`.
    pub(super) place: String,
    value: Json,
}

/// The things of a file; what has no shape that is known is told.
pub(super) fn items(file: &File, notes: &mut Vec<String>) -> Result<Vec<Item>, Refused> {
    let text = file.text.strip_prefix('\u{feff}').unwrap_or(&file.text);
    let value: Json = serde_json::from_str(text).map_err(|error| Refused::NotJson {
        file: file.name.clone(),
        line: error.line(),
        column: error.column(),
    })?;
    let all = match value {
        Json::Array(all) => all,
        other @ (Json::Object(_)
        | Json::Null
        | Json::Bool(_)
        | Json::Number(_)
        | Json::String(_)) => {
            vec![other]
        }
    };
    let (mut items, mut unknown) = (Vec::new(), 0_usize);
    for (nth, value) in all.into_iter().enumerate() {
        match kind(&value) {
            Some(kind) => {
                let place = format!("{}, thing {}", file.name, nth + 1);
                items.push(Item { kind, place, value });
            }
            None => unknown += 1,
        }
    }
    if unknown > 0 {
        notes.push(format!("{}: {unknown} things are of no kind that is known", file.name));
    }
    Ok(items)
}

fn kind(value: &Json) -> Option<Kind> {
    let types = [
        ("microsoft.managedservices/registrationdefinitions", Kind::Definition),
        ("microsoft.managedservices/registrationassignments", Kind::Assignment),
        ("microsoft.authorization/roleassignments", Kind::RoleAssignment),
        ("microsoft.authorization/roledefinitions", Kind::RoleDefinition),
        ("microsoft.resources/resourcegroups", Kind::ResourceGroup),
        ("microsoft.resources/subscriptions/resourcegroups", Kind::ResourceGroup),
    ];
    let has = |key| value.get(key).is_some_and(|it| !it.is_null());
    if let Some(text) = value.get("type").and_then(Json::as_str) {
        let text = text.to_ascii_lowercase();
        if let Some((_, kind)) = types.iter().find(|(name, _)| *name == text) {
            return Some(*kind);
        }
    }
    if has("tenantId") && has("cloudName") {
        Some(Kind::Account)
    } else if has("userPrincipalName") {
        Some(Kind::User)
    } else if has("servicePrincipalType") {
        Some(Kind::ServicePrincipal)
    } else if has("securityEnabled") {
        Some(Kind::Group)
    } else {
        None
    }
}

impl Item {
    /// Text of the thing, or of its `properties`.
    pub(super) fn text(&self, key: &str) -> Option<&str> {
        text(self.get(key)?)
    }

    pub(super) fn flag(&self, key: &str) -> Option<bool> {
        self.get(key)?.as_bool()
    }

    pub(super) fn get(&self, key: &str) -> Option<&Json> {
        let inner = || self.value.get("properties")?.get(key);
        self.value.get(key).filter(|it| !it.is_null()).or_else(inner)
    }

    /// An id among the members.
    pub(super) fn id<T: std::str::FromStr>(&self, key: &str) -> Option<T> {
        self.text(key)?.parse().ok()
    }

    /// Something inside that is a thing itself.
    pub(super) fn inner(&self, key: &str) -> Option<Self> {
        let value = self.get(key)?;
        let kind = kind(value)?;
        Some(Self { kind, place: self.place.clone(), value: value.clone() })
    }

    pub(super) fn list(&self, key: &str) -> &[Json] {
        self.get(key).and_then(Json::as_array).map_or(&[], Vec::as_slice)
    }
}

/// Text that says something.
pub(super) fn text(value: &Json) -> Option<&str> {
    value.as_str().filter(|text| !text.is_empty())
}
