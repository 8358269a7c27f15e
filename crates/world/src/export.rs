//! A world file that makes what is there: the way back from nouns to names.
//!
//! Every id is written out, since nobody knows from which name it came. Passwords, secrets, keys,
//! deployments and who made what are never in it. What no world file can say is told in a note.

mod access;
mod delegation;
mod directory;
mod facts;
pub(crate) mod names;
pub(crate) mod text;
mod tree;

use model::{change::Noun, settings::Profile};
use serde_json::{Map, Value as Json, json};

use self::{facts::Facts, names::Names};
use crate::world::{FILE, Roles, Types};

/// What stands above every such file.
const HEAD: &str =
    "# A world as `fyr world apply` takes it. Passwords and secrets are not in it.\n";

/// A world file, and what it does not say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    pub text: String,
    pub notes: Vec<String>,
}

/// What the parts of an export share.
struct Scribe<'a> {
    facts: &'a Facts<'a>,
    names: &'a Names,
    roles: &'a dyn Roles,
    types: &'a dyn Types,
    notes: Vec<String>,
}

/// The file that declares these nouns.
pub fn export(nouns: &[Noun], roles: &dyn Roles, types: &dyn Types) -> Export {
    let facts = Facts::of(nouns);
    let names = Names::of(&facts, roles);
    let mut scribe = Scribe { facts: &facts, names: &names, roles, types, notes: Vec::new() };
    let tenants: Vec<Json> = facts.tenants().map(|tenant| scribe.tenant(tenant)).collect();
    let mut world = Map::new();
    if let Some(settings) = facts.settings() {
        let profile = match settings.profile {
            Profile::Azure => "azure",
            Profile::Strict => "strict",
        };
        let guests = settings.guest_delegation;
        world.insert(
            "settings".to_owned(),
            json!({ "profile": profile, "guestDelegation": guests }),
        );
    }
    world.insert("tenants".to_owned(), Json::Array(tenants));
    let text = format!("{HEAD}{}", text::document(&world));
    let mut notes = scribe.notes;
    notes.extend(facts.accounts.iter().map(|tenant| {
        let tenant = names.tenant(*tenant);
        format!("the publisher account of `{tenant}` is left out, with its offers")
    }));
    if text.len() > FILE.bytes_max {
        notes.push(format!("no world of {} bytes is taken: export fewer tenants", text.len()));
    }
    Export { text, notes }
}

/// A mapping whose keys come only where there is something to say.
#[derive(Default)]
pub(crate) struct Entry(pub(crate) Map<String, Json>);

impl Entry {
    pub(crate) fn set(mut self, key: &str, value: impl Into<Json>) -> Self {
        self.0.insert(key.to_owned(), value.into());
        self
    }

    pub(crate) fn some(self, key: &str, value: Option<impl Into<Json>>) -> Self {
        match value {
            Some(value) => self.set(key, value),
            None => self,
        }
    }

    /// A list, unless it is empty.
    pub(crate) fn list<T: Into<Json>>(self, key: &str, items: impl IntoIterator<Item = T>) -> Self {
        let items: Vec<Json> = items.into_iter().map(Into::into).collect();
        if items.is_empty() { self } else { self.set(key, items) }
    }

    /// A mapping, unless it is empty.
    pub(crate) fn map(self, key: &str, map: Map<String, Json>) -> Self {
        if map.is_empty() { self } else { self.set(key, map) }
    }

    /// A text that is only said where it is not the one that would be taken anyway.
    pub(crate) fn unless(self, key: &str, value: &str, usual: &str) -> Self {
        if value == usual { self } else { self.set(key, value) }
    }
}

impl From<Entry> for Json {
    fn from(entry: Entry) -> Self {
        Self::Object(entry.0)
    }
}
