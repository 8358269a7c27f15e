//! The built-in roles, the same in every tenant.

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use hashbrown::{HashMap, HashSet};
use ids::guid::RoleId;
use model::{
    action::Action,
    role::{Permission, RoleDefinition},
};
use serde::Deserialize;

use crate::{
    opening::Openings,
    operation::{Class, Classes, Row},
    pattern::Folded,
    role::Role,
};

/// Role data that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("the data of the built-in roles is malformed")]
pub struct BadCatalogue(#[source] serde_json::Error);

/// All built-in roles.
pub struct Catalogue {
    roles: HashMap<RoleId, Arc<Role>, foldhash::fast::RandomState>,
    digest: String,
    classes: Classes,
    openings: OnceLock<Openings>,
    /// The same of what is done to data.
    data_classes: Classes,
    data_openings: OnceLock<Openings>,
    /// The actions that roles name one by one, in lower case.
    named: OnceLock<HashSet<Vec<u8>, foldhash::fast::RandomState>>,
}

/// A role as `az role definition list` prints it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Raw {
    name: RoleId,
    role_name: String,
    description: String,
    actions: Vec<String>,
    not_actions: Vec<String>,
    data_actions: Vec<String>,
    not_data_actions: Vec<String>,
    /// Only where there are several, or one has a condition.
    #[serde(default)]
    permissions: Vec<Permission>,
}

impl Raw {
    fn into_role(self) -> RoleDefinition {
        let only = || {
            vec![Permission {
                actions: self.actions,
                not_actions: self.not_actions,
                data_actions: self.data_actions,
                not_data_actions: self.not_data_actions,
                condition: None,
                condition_version: None,
            }]
        };
        RoleDefinition {
            id: self.name,
            tenant: None,
            name: self.role_name,
            description: self.description,
            permissions: if self.permissions.is_empty() { only() } else { self.permissions },
            assignable_scopes: Vec::new(), // all of every tenant, for which no scope has a name
            written: None,
        }
    }
}

impl Catalogue {
    /// Reads roles as `az role definition list` prints them. `digest` is the SHA-256 of the
    /// text, lower-case hex.
    pub fn parse(roles: &[u8], digest: &str) -> Result<Self, BadCatalogue> {
        let raw: Vec<Raw> = serde_json::from_slice(roles).map_err(BadCatalogue)?;
        let role = |(number, raw): (usize, Raw)| {
            (raw.name, Arc::new(Role::numbered(raw.into_role(), number)))
        };
        let roles = raw.into_iter().enumerate().map(role).collect();
        let digest = digest.trim().to_owned();
        Ok(Self {
            roles,
            digest,
            classes: Classes::of_control(),
            openings: OnceLock::new(),
            data_classes: Classes::of_data(),
            data_openings: OnceLock::new(),
            named: OnceLock::new(),
        })
    }

    /// Azure's roles, as this build carries them.
    ///
    /// # Panics
    ///
    /// Never: a test reads the same bytes.
    pub fn builtin() -> Arc<Self> {
        static BUILTIN: OnceLock<Arc<Catalogue>> = OnceLock::new();
        let read = || {
            let roles = include_bytes!("../data/builtin-roles.json");
            let digest = include_str!("../data/builtin-roles.sha256");
            #[expect(clippy::expect_used, reason = "the bytes are part of the build")]
            Arc::new(Self::parse(roles, digest).expect("the built-in roles can be read"))
        };
        Arc::clone(BUILTIN.get_or_init(read))
    }

    /// The built-in role of that id. `assignable_scopes` is empty: it may be assigned anywhere.
    pub fn role(&self, id: RoleId) -> Option<&RoleDefinition> {
        self.roles.get(&id).map(|role| &role.definition)
    }

    /// All built-in roles, in no particular order.
    pub fn roles(&self) -> impl Iterator<Item = &RoleDefinition> {
        self.roles.values().map(|role| &role.definition)
    }

    /// SHA-256 of the role data, lower-case hex.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// What the action is to the built-in roles; none where it was not asked for before and is not
    /// to be remembered, or there is no room to.
    pub(crate) fn class(&self, action: &Action) -> Option<&Class> {
        let folded = Folded::new(action.as_str());
        if action.is_foreign() && !self.names(&folded) {
            return self.classes.find(&folded);
        }
        self.classes.get(action, &folded, || {
            let openings = self.openings.get_or_init(|| Openings::of_control(self.roles.values()));
            let granting = openings.may_name(&folded).filter(|role| role.grants_control(&folded));
            Row::of(granting.filter_map(|role| role.number))
        })
    }

    /// The same of an action that is done to data.
    pub(crate) fn data_class(&self, action: &Action) -> Option<&Class> {
        let folded = Folded::new(action.as_str());
        if action.is_foreign() && !self.names(&folded) {
            return self.data_classes.find(&folded);
        }
        self.data_classes.get(action, &folded, || {
            let of_data = || Openings::of_data(self.roles.values());
            let openings = self.data_openings.get_or_init(of_data);
            let granting = openings.may_name(&folded).filter(|role| role.grants_data(&folded));
            Row::of(granting.filter_map(|role| role.number))
        })
    }

    /// Whether a role names it by itself, and so something is called so.
    fn names(&self, action: &Folded) -> bool {
        let collect = || {
            let permissions = self.roles().flat_map(|role| &role.permissions);
            let all = permissions.flat_map(|it| it.actions.iter().chain(&it.data_actions));
            let single = all.filter(|it| !it.contains('*'));
            single.map(|it| it.to_ascii_lowercase().into_bytes()).collect()
        };
        self.named.get_or_init(collect).contains(action.bytes())
    }

    pub(crate) fn get(&self, id: RoleId) -> Option<&Arc<Role>> {
        self.roles.get(&id)
    }
}

impl fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Catalogue({} roles, {:?})", self.roles.len(), self.digest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_made_up_is_not_remembered_and_what_roles_name_is() {
        let catalogue = Catalogue::builtin();
        let made_up = "Contoso.Things/whatever-7f3a/read";
        assert!(catalogue.class(&Action::foreign(made_up)).is_none());
        assert!(catalogue.class(&Action::foreign(made_up)).is_none(), "nor the second time");
        assert!(catalogue.class(&Action::named(made_up)).is_some(), "Fyr's own words are");
        assert!(catalogue.class(&Action::foreign(made_up)).is_some(), "and then they are known");
        let known = "microsoft.compute/VIRTUALMACHINES/start/action";
        assert!(catalogue.class(&Action::foreign(known)).is_some());
    }
}
