//! What of a world would be refused to whoever asked for it, and is made all the same: a world may be of
//! what was there before.

use access::attributes;
use condition::condition::Condition;
use document::{fault::Fault, place::Position};
use model::{change::Noun, role::Permission};

use crate::world::World;

impl World {
    /// Conditions that no request may write, in the order of the file.
    pub fn warnings(&self) -> Vec<Fault> {
        let all = self.nouns.iter().zip(&self.places);
        let mut found: Vec<Fault> = all.flat_map(|(noun, at)| warnings(noun, *at)).collect();
        found.sort_by_key(|it| it.at);
        found
    }
}

fn warnings(noun: &Noun, at: Position) -> Vec<Fault> {
    let of_each = |permissions: &[Permission], whose| {
        let each = permissions.iter().map(|it| (&it.condition, &it.condition_version));
        each.flat_map(|it| warning(it, whose, at)).collect()
    };
    // Other nouns depend on nothing.
    if let Noun::RoleAssignment(it) = noun {
        warning((&it.condition, &it.condition_version), Whose::Assignment, at)
    } else if let Noun::RoleDefinition(it) = noun {
        of_each(&it.permissions, Whose::Role)
    } else if let Noun::DenyAssignment(it) = noun {
        of_each(&it.permissions, Whose::Deny)
    } else {
        Vec::new()
    }
}

/// What a condition is of.
#[derive(Clone, Copy, Debug)]
enum Whose {
    Assignment,
    Role,
    Deny,
}

impl Whose {
    fn noun(self) -> &'static str {
        match self {
            Self::Assignment => "role assignment",
            Self::Role => "role",
            Self::Deny => "deny assignment",
        }
    }

    /// What it is worth where nobody knows whether it holds.
    fn worth(self) -> &'static str {
        match self {
            Self::Assignment | Self::Role => "grants nothing",
            Self::Deny => "denies all the same",
        }
    }
}

fn warning(
    (condition, version): (&Option<String>, &Option<String>),
    whose: Whose,
    at: Position,
) -> Vec<Fault> {
    let Some(text) = condition else { return Vec::new() };
    let unclear = Condition::parse_of(text, attributes::is_known).err().map(|error| {
        let (noun, worth) = (whose.noun(), whose.worth());
        let message =
            format!("the condition of this {noun} has {error}: what depends on it {worth}");
        Fault { at, message, advice: Some(error.advice().to_owned()) }
    });
    let other = version.as_deref().filter(|it| *it != "2.0").map(|version| {
        let shown: String = version.chars().take(20).flat_map(char::escape_debug).collect();
        let message = format!("a condition of version `{shown}` is read as one of version `2.0`");
        Fault { at, message, advice: None }
    });
    unclear.into_iter().chain(other).collect()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use model::{
        role::{Denied, DenyAssignment, RoleAssignment, RoleDefinition},
        samples::{self, OLOF, READER, whole},
    };

    use super::*;

    fn told(noun: Noun) -> Vec<String> {
        let at = Position { line: 7, column: 9 };
        let world = World {
            nouns: vec![noun],
            places: vec![at],
            secrets: Vec::new(),
            seeds: Vec::new(),
            switches: crate::world::Switches::default(),
        };
        world.warnings().iter().map(ToString::to_string).collect()
    }

    fn under(condition: &str, version: Option<&str>) -> Noun {
        Noun::RoleAssignment(RoleAssignment {
            condition: Some(condition.to_owned()),
            condition_version: version.map(str::to_owned),
            created_on: Timestamp::UNIX_EPOCH,
            ..samples::role_assignment(whole(), OLOF, READER)
        })
    }

    #[test]
    fn a_condition_is_warned_of_as_it_would_be_refused() {
        for (condition, version) in
            [("ActionMatches{'*/read'}", None), ("Exists @Environment[UtcNow]", Some("2.0"))]
        {
            assert_eq!(told(under(condition, version)), [""; 0], "{condition}");
        }
        for (condition, version, expected) in [
            (
                "true",
                None,
                "7:9: the condition of this role assignment has `the end` in the place of",
            ),
            (
                "Exists @Request[x]",
                None,
                "7:9: the condition of this role assignment has `@Request[x]`, an attribute that nothing has at character 8: what depends on it grants nothing; ",
            ),
            (
                "ActionMatches{'*'}",
                Some("1.0"),
                "7:9: a condition of version `1.0` is read as one of version `2.0`",
            ),
        ] {
            let told = told(under(condition, version));
            assert!(told.len() == 1 && told[0].starts_with(expected), "{condition}: {told:?}");
        }
    }

    #[test]
    fn roles_and_deny_assignments_are_warned_of_too() {
        let permission = Permission { condition: Some("x".to_owned()), ..Permission::default() };
        let role = RoleDefinition {
            permissions: vec![permission.clone(), Permission::default()],
            ..samples::custom_role(whole())
        };
        let told_of_role = told(Noun::RoleDefinition(role));
        assert!(told_of_role[0].contains("of this role has"), "{told_of_role:?}");
        let deny = DenyAssignment {
            id: ids::resource::DenyAssignmentId::at(
                whole(),
                "00000000-0000-4000-8000-000000000001".parse().unwrap(),
            )
            .unwrap(),
            name: "deny".to_owned(),
            description: String::new(),
            permissions: vec![permission],
            principals: Denied::Everyone,
            exclude: Vec::new(),
            does_not_apply_to_child_scopes: false,
            is_system_protected: false,
        };
        let told = told(Noun::DenyAssignment(deny));
        assert!(told[0].contains("denies all the same"), "{told:?}");
    }
}
