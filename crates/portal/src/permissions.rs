//! What a manifest asks for, as people read it: in plain words first, the actions behind.

use std::collections::BTreeSet;

use access::catalogue::Catalogue;
use ids::guid::{ObjectId, RoleId};
use market::plain::activation;
use model::{
    delegation::{Authorization, EligibleAuthorization},
    market::manifest::Manifest,
};
use operations::offers::plain::{Plain, plain};

use crate::{ask::Ask, trouble::Trouble, words::Id};

/// Everything that a manifest asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Permissions {
    pub(crate) people: Vec<Granted>,
    pub(crate) roles: Vec<Role>,
}

/// One role for one principal of the provider's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Granted {
    /// As the provider calls it.
    pub(crate) who: String,
    pub(crate) id: Id,
    pub(crate) role: String,
    /// *Always*, or what has to happen first.
    pub(crate) when: String,
    /// Which roles it may give to managed identities.
    pub(crate) gives: Vec<String>,
}

/// What a role lets somebody do in what was delegated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Role {
    pub(crate) name: String,
    pub(crate) words: Vec<String>,
    /// Operations that reveal keys, passwords or tokens.
    pub(crate) secrets: Vec<String>,
    pub(crate) actions: Vec<String>,
    pub(crate) not_actions: Vec<String>,
}

impl Permissions {
    /// What the manifest asks for, worked out in the turn of its publisher.
    pub(crate) async fn of(ask: &Ask, manifest: &Manifest) -> Result<Self, Trouble> {
        let always = manifest.authorizations.iter().map(|it| it.role);
        let all: BTreeSet<RoleId> =
            always.chain(manifest.eligible.iter().map(|it| it.role)).collect();
        let known = plain(manifest.tenant, all, &ask.surface.operations).await?;
        let mut roles: Vec<Role> = known.values().map(|it| role(it)).collect();
        roles.sort_by(|a, b| a.name.cmp(&b.name));
        let always = manifest.authorizations.iter().map(granted);
        let people = always.chain(manifest.eligible.iter().map(|it| eligible(manifest, it)));
        Ok(Self { people: people.collect(), roles })
    }

    /// Whether any of the roles reveals secrets.
    pub(crate) fn reveals(&self) -> bool {
        self.roles.iter().any(|it| !it.secrets.is_empty())
    }
}

fn role(it: &Plain) -> Role {
    Role {
        name: it.name.clone(),
        words: it.gives.clone(),
        secrets: it.reveals.clone(),
        actions: it.actions.clone(),
        not_actions: it.not_actions.clone(),
    }
}

fn granted(it: &Authorization) -> Granted {
    let given = it.delegated_roles.iter().flatten();
    Granted {
        who: called(it.principal, it.display_name.as_deref()),
        id: Id::new(it.principal),
        role: role_name(it.role),
        when: "Always".to_owned(),
        gives: given.map(|role| role_name(*role)).collect(),
    }
}

fn eligible(manifest: &Manifest, it: &EligibleAuthorization) -> Granted {
    Granted {
        who: called(it.principal, it.display_name.as_deref()),
        id: Id::new(it.principal),
        role: role_name(it.role),
        when: activation(it, manifest),
        gives: Vec::new(),
    }
}

fn called(who: ObjectId, name: Option<&str>) -> String {
    name.filter(|it| !it.trim().is_empty()).map_or_else(|| who.to_string(), str::to_owned)
}

/// What a built-in role is called; no other can be delegated.
pub(crate) fn role_name(role: RoleId) -> String {
    let catalogue = Catalogue::builtin();
    catalogue.role(role).map_or_else(|| format!("Role {role}"), |it| it.name.clone())
}
