//! Ids that follow from names, so that a world file needs none and means the same everywhere.

use uuid::Uuid;

/// The namespace of all ids that follow from a world's names. Changing it changes every id.
const WORLD: Uuid = Uuid::from_u128(0x6f1d_3a52_8c47_4f0e_9b6a_2d5e_71c4_a903);

/// The type whose resources are identities themselves.
pub(crate) const USER_ASSIGNED: &str = "Microsoft.ManagedIdentity/userAssignedIdentities";

/// The id of the thing of that kind with that name, letters without regard to case. The parts
/// are joined by a character that no name has.
pub(crate) fn derived(kind: &str, path: &[&str]) -> Uuid {
    let mut name = kind.to_owned();
    for part in path {
        name.push('\n');
        name.push_str(&part.to_lowercase());
    }
    Uuid::new_v5(&WORLD, name.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_depends_on_kind_and_path_and_on_nothing_else() {
        assert_eq!(derived("user", &["Fabrikam", "Ada"]), derived("user", &["fabrikam", "ada"]));
        assert_ne!(derived("user", &["a", "bc"]), derived("user", &["ab", "c"]));
        assert_ne!(derived("user", &["a"]), derived("group", &["a"]));
        let fyr = derived("tenant", &["fyr"]);
        assert_eq!(model::directory::OPERATORS.to_string(), fyr.to_string());
        // Recorded: people write these ids down.
        let ada = derived("user", &["fabrikam", "ada"]).to_string();
        assert_eq!(ada, "7e8844d0-0872-5e48-803d-b57814d28906");
    }
}
