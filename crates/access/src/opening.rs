//! Which roles can name an action at all, by how their patterns begin.
//!
//! Almost every pattern of the built-in roles begins with the namespace of a resource provider, so
//! most of the 928 roles need not be asked about an action of another.

use std::sync::Arc;

use hashbrown::HashMap;

use crate::{pattern::Folded, role::Role};

type Roles = Vec<Arc<Role>>;

/// Roles by what their patterns begin with.
#[derive(Default)]
pub(crate) struct Openings {
    /// Of which some pattern leaves the namespace open.
    anywhere: Roles,
    /// By namespace, in lower case.
    within: HashMap<Box<[u8]>, Roles, foldhash::fast::RandomState>,
}

impl Openings {
    pub(crate) fn new<'a>(roles: impl Iterator<Item = &'a Arc<Role>>) -> Self {
        let mut openings = Self::default();
        for role in roles {
            let permissions = role.definition.permissions.iter();
            let patterns = permissions.flat_map(|it| &it.actions);
            let mut spaces: Vec<Option<String>> =
                patterns.map(|pattern| namespace(pattern.as_str())).collect();
            spaces.sort_unstable();
            spaces.dedup();
            // `None` comes first.
            if matches!(spaces.first(), Some(None)) {
                openings.anywhere.push(Arc::clone(role));
                continue;
            }
            for space in spaces.into_iter().flatten() {
                let there = openings.within.entry(space.into_bytes().into()).or_default();
                there.push(Arc::clone(role));
            }
        }
        openings
    }

    /// All roles of which some pattern may name the action, and some others.
    pub(crate) fn may_name(&self, action: &Folded) -> impl Iterator<Item = &Arc<Role>> + use<'_> {
        let space = action.bytes().split(|byte| *byte == b'/').next().unwrap_or_default();
        self.anywhere.iter().chain(self.within.get(space).into_iter().flatten())
    }
}

/// The namespace that a pattern begins with; none where it leaves that open.
fn namespace(pattern: &str) -> Option<String> {
    let (space, _) = pattern.trim().split_once('/')?;
    (!space.contains('*')).then(|| space.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use crate::catalogue::Catalogue;

    use super::*;

    #[test]
    fn no_role_that_names_an_action_is_passed_over() {
        let catalogue = Catalogue::builtin();
        let all: Vec<&Arc<Role>> =
            catalogue.roles().filter_map(|role| catalogue.get(role.id)).collect();
        let openings = Openings::new(all.iter().copied());
        let patterns = all.iter().flat_map(|role| &role.definition.permissions);
        let mut actions: Vec<String> =
            patterns.flat_map(|it| &it.actions).map(|it| it.replace('*', "x/read")).collect();
        actions.sort_unstable();
        actions.dedup();
        actions.extend(["", "/", "read", "Microsoft.Nobody/x/read"].map(str::to_owned));
        let step = actions.len() / 200;
        for action in actions.iter().step_by(step) {
            let folded = Folded::new(action);
            let mut found: Vec<_> = openings
                .may_name(&folded)
                .filter(|role| role.grants_control(&folded))
                .map(|role| role.definition.id)
                .collect();
            let naming = all.iter().filter(|role| role.grants_control(&folded));
            let mut expected: Vec<_> = naming.map(|role| role.definition.id).collect();
            found.sort_unstable();
            expected.sort_unstable();
            assert_eq!(found, expected, "{action}");
        }
    }

    #[test]
    fn most_roles_are_not_asked_about_an_action() {
        let catalogue = Catalogue::builtin();
        let openings = Openings::new(catalogue.roles().filter_map(|role| catalogue.get(role.id)));
        let asked = openings.may_name(&Folded::new("Microsoft.Compute/virtualMachines/read"));
        let count = asked.count();
        assert!((1..300).contains(&count), "{count}");
    }

    #[test]
    fn what_a_pattern_leaves_open_is_no_namespace() {
        for (pattern, expected) in [
            ("*", None),
            ("*/read", None),
            ("Microsoft.*/read", None),
            ("Microsoft.Compute", None),
            (" Microsoft.Compute/*", Some("microsoft.compute")),
            ("Microsoft.Compute/virtualMachines/read", Some("microsoft.compute")),
        ] {
            assert_eq!(namespace(pattern).as_deref(), expected, "{pattern}");
        }
    }
}
