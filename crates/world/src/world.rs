//! What a world file declares.

use document::{
    fault::{Fault, Faults},
    place::Position,
    tree::{self, Kind},
};
use identity::one_time::Seed;
use ids::{
    guid::{Principal, RoleId},
    resource::ResourceType,
};
use jiff::Timestamp;
use model::{change::Noun, directory::Holder, role::RoleDefinition, settings::Profile};
use uuid::Uuid;

use crate::{read, resolve, sections};

/// A world of 10,000 subscriptions is about 2 MiB.
pub(crate) const FILE: Kind = Kind { root: &sections::WORLD, bytes_max: 8 * 1024 * 1024 };

/// Everything that a file declares, in an order in which it can be made: what is referred to
/// comes first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct World {
    pub nouns: Vec<Noun>,
    /// Where each of them stands in the file.
    pub places: Vec<Position>,
    /// Passwords and secrets in plain, for the operation that hashes them.
    pub secrets: Vec<Chosen>,
    /// What people's authenticators compute codes from, for the operation that seals it.
    pub seeds: Vec<Seeded>,
    pub switches: Switches,
}

/// The settings that a file asks for; what it leaves out stays as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Switches {
    pub profile: Option<Profile>,
    pub guest_delegation: Option<bool>,
}

/// A secret that the file's author chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    pub holder: Holder,
    pub key: Uuid,
    pub display_name: String,
    pub plain: Plain,
    pub expires: Option<Timestamp>,
}

/// An authenticator that a person has from the beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seeded {
    pub whose: Principal,
    pub seed: Seed,
}

/// A secret in plain; shown nowhere by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct Plain(pub(crate) String);

impl Plain {
    /// The secret itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Plain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Plain(…)")
    }
}

/// The built-in roles.
pub trait Roles {
    /// The role of that name or GUID, letters without regard to case.
    fn find(&self, name: &str) -> Option<RoleId>;
    /// All names, for advice.
    fn names(&self) -> Vec<&str>;
    /// What the role allows, by which it may be delegated or not.
    fn definition(&self, id: RoleId) -> Option<&RoleDefinition>;
}

/// The resource types.
pub trait Types {
    /// Whether resources of that type can be declared.
    fn standing(&self, kind: &ResourceType) -> Standing;
    /// The types of its namespace that can, for advice.
    fn names(&self, kind: &ResourceType) -> Vec<String>;
}

/// What a resource type is to a world file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Its resources are kept as they are declared.
    Kept,
    /// It stands for access or the tree of scopes, which have sections of their own.
    OfItsOwn,
    Unknown,
}

impl World {
    /// Reads a file; `now` is noted as the time of creation. On error, all faults in the order
    /// of the file.
    pub fn parse(
        text: &str,
        roles: &dyn Roles,
        types: &dyn Types,
        now: Timestamp,
    ) -> Result<Self, Vec<Fault>> {
        let mut faults = Faults::default();
        let node = tree::parse(text, &FILE, &mut faults);
        let declared = node.map(|node| read::world(&node, &mut faults));
        let world = resolve::world(&declared.unwrap_or_default(), roles, types, now, &mut faults);
        faults.settle(world)
    }
}

#[cfg(test)]
mod tests;
