//! World files on disk, and what the role data says of the roles they name.

use std::{fs, io::Read, path::Path, sync::Arc};

use access::catalogue::Catalogue;
use arm::{route::keeps_plainly, types::types};
use ids::{guid::RoleId, resource::ResourceType};
use jiff::Timestamp;
use model::{change::Noun, role::RoleDefinition};
use serde::{Deserialize, Serialize};
use world::{
    export::Export,
    pseudonym::pseudonyms,
    world::{Roles, Standing, Types, World},
};

use crate::{admin::Names, folder::Folder};

/// The world of a first start.
pub const SAMPLE: &str = include_str!("../worlds/sample.yaml");
/// What remembers which world a folder began with.
const MARK: &str = "world.json";
/// A little above the reader's own bound, so that its message is the one people see.
const BYTES_MAX: u64 = 16 * 1024 * 1024;

/// Which world a folder began with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Source {
    Sample,
    File(std::path::PathBuf),
}

impl Source {
    /// The world that the folder began with; none before its first start has ended well.
    pub fn remembered(folder: &Folder) -> anyhow::Result<Option<Self>> {
        let text = folder.read(MARK)?;
        Ok(text.map(|text| serde_json::from_str(&text)).transpose()?)
    }

    /// Notes that the folder has its world.
    pub fn remember(&self, folder: &Folder) -> anyhow::Result<()> {
        Ok(folder.write(MARK, serde_json::to_string(self)?.as_bytes())?)
    }

    /// The file's text, and what errors call it.
    pub fn text(&self) -> anyhow::Result<(String, String)> {
        match self {
            Self::Sample => Ok((SAMPLE.to_owned(), "sample.yaml".to_owned())),
            Self::File(path) => Ok((text(path)?, path.display().to_string())),
        }
    }
}

/// A file's text, up to a bound.
pub fn text(path: &Path) -> anyhow::Result<String> {
    let mut text = String::new();
    let read = fs::File::open(path).and_then(|file| file.take(BYTES_MAX).read_to_string(&mut text));
    read.map_err(|error| anyhow::anyhow!("`{}` cannot be read: {error}", path.display()))?;
    Ok(text)
}

/// Reads a world; on error one line for each fault, `file:line:column: what is wrong`.
pub fn parse(text: &str, name: &str, now: Timestamp) -> Result<World, String> {
    World::parse(text, &BuiltIn::roles(), &ArmsTypes, now).map_err(|faults| {
        let lines: Vec<String> = faults.iter().map(|fault| format!("{name}:{fault}")).collect();
        lines.join("\n")
    })
}

/// What of a world is made, and would be refused to whoever asked for it: one line for each.
pub fn warnings(world: &World, name: &str) -> Vec<String> {
    world.warnings().iter().map(|it| format!("{name}:{it}")).collect()
}

/// A world file that makes these.
pub fn export(nouns: &[Noun], names: Names) -> Export {
    let roles = BuiltIn::roles();
    match names {
        Names::Their => world::export::export(nouns, &roles, &ArmsTypes),
        Names::Pseudonyms => world::export::export(&pseudonyms(nouns, &roles), &roles, &ArmsTypes),
    }
}

/// The built-in roles, by name and id.
pub struct BuiltIn(Arc<Catalogue>);

impl BuiltIn {
    /// All of them.
    pub fn roles() -> Self {
        Self(Catalogue::builtin())
    }
}

impl Roles for BuiltIn {
    fn find(&self, name: &str) -> Option<RoleId> {
        if let Ok(id) = name.parse() {
            return self.0.role(id).map(|role| role.id);
        }
        self.0.roles().find(|role| role.name.eq_ignore_ascii_case(name)).map(|role| role.id)
    }

    fn names(&self) -> Vec<&str> {
        self.0.roles().map(|role| role.name.as_str()).collect()
    }

    fn definition(&self, id: RoleId) -> Option<&RoleDefinition> {
        self.0.role(id)
    }
}

/// The types that ARM keeps as plain resources.
struct ArmsTypes;

impl Types for ArmsTypes {
    fn standing(&self, kind: &ResourceType) -> Standing {
        if types().find(kind).is_none() {
            Standing::Unknown
        } else if keeps_plainly(kind) {
            Standing::Kept
        } else {
            Standing::OfItsOwn
        }
    }

    fn names(&self, kind: &ResourceType) -> Vec<String> {
        let namespace = types().namespace(&kind.namespace);
        let known = namespace
            .iter()
            .flat_map(|it| it.types.values().map(|known| format!("{}/{}", it.name, known.name)));
        known
            .filter(|name| ResourceType::parse(name).is_ok_and(|kind| keeps_plainly(&kind)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_names_real_roles_and_a_wrong_one_is_told_with_its_place() {
        parse(SAMPLE, "sample.yaml", Timestamp::UNIX_EPOCH).unwrap();
        let wrong = SAMPLE.replacen("role: Owner", "role: Onwer", 1);
        let line = SAMPLE.lines().position(|line| line.contains("role: Owner")).unwrap() + 1;
        let refused = parse(&wrong, "w.yaml", Timestamp::UNIX_EPOCH).unwrap_err();
        let expected = format!("w.yaml:{line}:36: there is no role `Onwer`; did you mean `Owner`?");
        assert_eq!(refused, expected);
    }

    #[test]
    fn resources_of_types_that_arm_does_not_keep_are_refused_with_their_place() {
        let refused = |kind: &str| {
            let wrong = SAMPLE.replacen("Microsoft.Storage/storageAccounts", kind, 1);
            parse(&wrong, "w", Timestamp::UNIX_EPOCH).unwrap_err()
        };
        let at = SAMPLE.lines().position(|line| line.contains("Microsoft.Storage/")).unwrap() + 1;
        let column = SAMPLE.lines().nth(at - 1).unwrap().find("Microsoft").unwrap() + 1;
        for (kind, expected) in [
            (
                "Microsoft.Storage/storageAcounts",
                "there is no type `Microsoft.Storage/storageAcounts`; did you mean \
                 `Microsoft.Storage/storageAccounts`?",
            ),
            (
                "Microsoft.Authorization/locks",
                "the type `Microsoft.Authorization/locks` is not made as a resource",
            ),
            (
                "Microsoft.Authorization/policyAssignments",
                "the type `Microsoft.Authorization/policyAssignments` is not made as a resource",
            ),
            ("Nobody.Knows/it", "there is no type `Nobody.Knows/it`"),
        ] {
            assert_eq!(refused(kind), format!("w:{at}:{column}: {expected}"));
        }
    }
}
