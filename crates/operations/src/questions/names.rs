//! What those are called who stand in an answer, as far as whoever asks may hear it: as the own
//! directory says it now, and of another's people what a definition says.

use std::collections::{BTreeMap, BTreeSet};

use access::index::Index;
use ids::{
    guid::{ObjectId, Principal, RoleId},
    resource::DefinitionId,
    scope::Scope,
};
use model::{
    action::Action,
    delegation::Definition,
    directory::{Group, ServicePrincipal, User},
    question::Question,
};
use store::{error::StoreError, snapshot::Snapshot};

use super::Asker;
use crate::{delegation::read::DEFINITIONS_READ, error::Error, plane::Plane};

/// So many are looked up for one answer.
const NAMES_MAX: usize = 5_000;

/// What kind of thing a name is of, as the directory's actions call it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Noun {
    Users,
    Groups,
    ServicePrincipals,
}

impl Noun {
    fn read(self) -> Action {
        Action::known(match self {
            Self::Users => "Fyr.Directory/users/read",
            Self::Groups => "Fyr.Directory/groups/read",
            Self::ServicePrincipals => "Fyr.Directory/servicePrincipals/read",
        })
    }
}

/// Names of principals.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names(BTreeMap<Principal, String>);

impl Names {
    /// Of those among them that are in a directory which the asker reads.
    pub(crate) async fn of(
        plane: &Plane,
        asker: Asker<'_>,
        whom: impl IntoIterator<Item = Principal>,
    ) -> Result<Self, Error> {
        let is_own = |it: &Principal| match asker {
            Asker::Caller(context) => it.tenant == context.caller.principal.tenant,
            Asker::Folder => true,
        };
        let whom: BTreeSet<Principal> = whom.into_iter().filter(is_own).collect();
        let snapshot = plane.store.snapshot().await?;
        let mut found = Vec::new();
        for who in whom.into_iter().take(NAMES_MAX) {
            found.extend(look_up(&snapshot, who).await?.map(|(noun, name)| (who, noun, name)));
        }
        let told = |index: &Index, found: Vec<(Principal, Noun, String)>| {
            let reads = |noun: Noun, who: &Principal| match asker {
                Asker::Caller(context) => {
                    let asked = Question::directory(noun.read(), who.tenant);
                    plane.allowed(index, context, &asked)
                }
                Asker::Folder => true,
            };
            let shown = found.into_iter().filter(|(who, noun, _)| reads(*noun, who));
            Ok::<_, Error>(Self(shown.map(|(who, _, name)| (who, name)).collect()))
        };
        snapshot.seal(found).open(&plane.store, told).await
    }

    /// What that one is called.
    pub fn of_one(&self, who: Principal) -> Option<&str> {
        self.0.get(&who).map(String::as_str)
    }
}

async fn look_up(
    snapshot: &Snapshot,
    who: Principal,
) -> Result<Option<(Noun, String)>, StoreError> {
    if let Some(it) = snapshot.find::<User>(&who).await? {
        return Ok(Some((Noun::Users, it.user_principal_name)));
    }
    if let Some(it) = snapshot.find::<Group>(&who).await? {
        return Ok(Some((Noun::Groups, it.display_name)));
    }
    let found = snapshot.find::<ServicePrincipal>(&who).await?;
    Ok(found.map(|it| (Noun::ServicePrincipals, it.display_name)))
}

/// What definitions call those whom they name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed(BTreeMap<(DefinitionId, ObjectId, RoleId), String>);

impl Typed {
    /// What these say, as far as the asker reads them; nothing of those that are gone.
    pub(crate) async fn of(
        plane: &Plane,
        asker: Asker<'_>,
        definitions: BTreeSet<DefinitionId>,
    ) -> Result<Self, Error> {
        let snapshot = plane.store.snapshot().await?;
        let mut found = Vec::new();
        for id in definitions.into_iter().take(NAMES_MAX) {
            found.extend(snapshot.find::<Definition>(&id).await?);
        }
        let told = |index: &Index, found: Vec<Definition>| {
            let reads = |it: &Definition| match asker {
                Asker::Caller(context) => {
                    let scope = Scope::Resource(it.id.as_resource().clone());
                    plane.allowed(index, context, &Question::any(DEFINITIONS_READ, scope))
                }
                Asker::Folder => true,
            };
            let names = found.into_iter().filter(reads).flat_map(|definition| {
                let Definition { id, authorizations, .. } = definition;
                authorizations.into_iter().filter_map(move |it| {
                    Some(((id.clone(), it.principal, it.role), it.display_name?))
                })
            });
            Ok::<_, Error>(Self(names.collect()))
        };
        snapshot.seal(found).open(&plane.store, told).await
    }

    /// What the definition calls the one whom it gives that role.
    pub fn of_one(&self, definition: &DefinitionId, who: ObjectId, role: RoleId) -> Option<&str> {
        self.0.get(&(definition.clone(), who, role)).map(String::as_str)
    }
}
