//! What a world file declares.

use ids::guid::RoleId;
use jiff::Timestamp;
use model::{change::Noun, directory::Holder, settings::Profile};
use uuid::Uuid;

use crate::{
    fault::{Fault, Faults, Position},
    read, resolve, yaml,
};

/// Everything that a file declares, in an order in which it can be made: what is referred to
/// comes first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct World {
    pub nouns: Vec<Noun>,
    /// Where each of them stands in the file.
    pub places: Vec<Position>,
    /// Passwords and secrets in plain, for the operation that hashes them.
    pub secrets: Vec<Chosen>,
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

/// The built-in roles, by name.
pub trait Roles {
    /// The role of that name or GUID, letters without regard to case.
    fn find(&self, name: &str) -> Option<RoleId>;
    /// All names, for advice.
    fn names(&self) -> Vec<&str>;
}

impl World {
    /// Reads a file; `now` is noted as the time of creation. On error, all faults in the order
    /// of the file.
    pub fn parse(text: &str, roles: &dyn Roles, now: Timestamp) -> Result<Self, Vec<Fault>> {
        let mut faults = Faults::default();
        let declared = yaml::parse(text, &mut faults).map(|node| read::world(&node, &mut faults));
        let world = resolve::world(&declared.unwrap_or_default(), roles, now, &mut faults);
        faults.settle(world)
    }
}

#[cfg(test)]
mod tests;
