//! Which roles can name an action at all, by how their patterns begin.
//!
//! Almost every pattern of the built-in roles begins with the namespace of a resource provider, so
//! most of the 928 roles need not be asked about an action of another.

use std::sync::Arc;

use hashbrown::HashMap;
use model::role::Permission;

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
    pub(crate) fn of_control<'a>(roles: impl Iterator<Item = &'a Arc<Role>>) -> Self {
        Self::new(roles, |it| &it.actions)
    }

    pub(crate) fn of_data<'a>(roles: impl Iterator<Item = &'a Arc<Role>>) -> Self {
        Self::new(roles, |it| &it.data_actions)
    }

    fn new<'a>(
        roles: impl Iterator<Item = &'a Arc<Role>>,
        patterns: fn(&Permission) -> &[String],
    ) -> Self {
        let mut openings = Self::default();
        for role in roles {
            let permissions = role.definition.permissions.iter();
            let patterns = permissions.flat_map(patterns);
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
    use std::sync::LazyLock;

    use super::*;
    use crate::catalogue::Catalogue;

    fn all() -> Vec<&'static Arc<Role>> {
        static CATALOGUE: LazyLock<Arc<Catalogue>> = LazyLock::new(Catalogue::builtin);
        CATALOGUE.roles().filter_map(|role| CATALOGUE.get(role.id)).collect()
    }

    fn passes_over_none(
        openings: &Openings,
        patterns: impl Fn(&Permission) -> &[String],
        names: impl Fn(&Role, &Folded) -> bool,
    ) {
        let all = all();
        let permissions = all.iter().flat_map(|role| &role.definition.permissions);
        let mut actions: Vec<String> =
            permissions.flat_map(patterns).map(|it| it.replace('*', "x/read")).collect();
        actions.sort_unstable();
        actions.dedup();
        actions.extend(["", "/", "read", "Microsoft.Nobody/x/read"].map(str::to_owned));
        let step = actions.len() / 200;
        for action in actions.iter().step_by(step) {
            let folded = Folded::new(action);
            let of = |role: &&&Arc<Role>| names(role, &folded);
            let found = openings.may_name(&folded).collect::<Vec<_>>();
            let mut found: Vec<_> = found.iter().filter(of).map(|it| it.definition.id).collect();
            let mut expected: Vec<_> = all.iter().filter(of).map(|it| it.definition.id).collect();
            found.sort_unstable();
            expected.sort_unstable();
            assert_eq!(found, expected, "{action}");
        }
    }

    #[test]
    fn no_role_that_names_an_action_is_passed_over() {
        let openings = Openings::of_control(all().into_iter());
        passes_over_none(&openings, |it| &it.actions, Role::grants_control);
        let openings = Openings::of_data(all().into_iter());
        passes_over_none(&openings, |it| &it.data_actions, Role::grants_data);
    }

    #[test]
    fn most_roles_are_not_asked_about_an_action() {
        let openings = Openings::of_control(all().into_iter());
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
