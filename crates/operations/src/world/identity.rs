//! Managed identities that are there already: a resource that was made through ARM before the
//! file named it keeps the identity that it has.

use std::collections::BTreeMap;

use ids::guid::{ObjectId, Principal};
use model::{
    change::Noun,
    directory::{Membership, ServicePrincipal, ServicePrincipalKind},
    ownership::Ownership,
    resource::{Identity, Resource},
    role::{Denied, DenyAssignment, RoleAssignment},
};
use serde_json::Value as Json;
use store::{
    error::StoreError,
    records::ranges,
    snapshot::{Page, Snapshot},
};

use crate::plane::Plane;

/// Those that are held, by the object ids that the file would give them.
type Held = BTreeMap<ObjectId, ServicePrincipal>;

/// The nouns with each such identity by the ids that it has.
pub(super) async fn as_held(plane: &Plane, nouns: &[Noun]) -> Result<Vec<Noun>, StoreError> {
    let snapshot = plane.store.snapshot().await?;
    let mut held = Held::new();
    for noun in nouns {
        if let Noun::ServicePrincipal(declared) = noun
            && let Some(other) = another(&snapshot, declared).await?
        {
            held.insert(declared.principal.object, other);
        }
    }
    Ok(nouns.iter().map(|noun| renamed(noun.clone(), &held)).collect())
}

/// The identity that the resource has, if it is not the one that is declared.
async fn another(
    snapshot: &Snapshot,
    declared: &ServicePrincipal,
) -> Result<Option<ServicePrincipal>, StoreError> {
    let ServicePrincipalKind::ManagedIdentity { resource } = &declared.kind else {
        return Ok(None);
    };
    let range = ranges::identity_of_resource(resource);
    let found = snapshot.list::<ServicePrincipal>(&range, Page::first()).await?.items;
    let is_there = found.iter().any(|it| it.principal == declared.principal);
    Ok(found.into_iter().next().filter(|_| !is_there))
}

fn renamed(noun: Noun, held: &Held) -> Noun {
    let who = |it: Principal| Principal { object: object(it.object, held), ..it };
    match noun {
        Noun::ServicePrincipal(it) => {
            Noun::ServicePrincipal(match held.get(&it.principal.object) {
                Some(other) => {
                    ServicePrincipal { principal: other.principal, app: other.app, ..it }
                }
                None => it,
            })
        }
        Noun::Resource(it) => Noun::Resource(resource(it, held)),
        Noun::RoleAssignment(it) => {
            Noun::RoleAssignment(RoleAssignment { principal: who(it.principal), ..it })
        }
        Noun::Membership(it) => {
            Noun::Membership(Membership { member: object(it.member, held), ..it })
        }
        Noun::Ownership(it) => Noun::Ownership(Ownership { owner: object(it.owner, held), ..it }),
        Noun::DenyAssignment(it) => {
            let principals = match it.principals {
                Denied::Everyone => Denied::Everyone,
                Denied::These(all) => Denied::These(all.into_iter().map(who).collect()),
            };
            let exclude = it.exclude.into_iter().map(who).collect();
            Noun::DenyAssignment(DenyAssignment { principals, exclude, ..it })
        }
        other @ (Noun::Settings(_)
        | Noun::SigningKey(_)
        | Noun::Tenant(_)
        | Noun::User(_)
        | Noun::Group(_)
        | Noun::Application(_)
        | Noun::Credential(_)
        | Noun::DirectoryRoleAssignment(_)
        | Noun::ManagementGroup(_)
        | Noun::Subscription(_)
        | Noun::Registration(_)
        | Noun::ResourceGroup(_)
        | Noun::RoleDefinition(_)
        | Noun::Lock(_)
        | Noun::Definition(_)
        | Noun::Assignment(_)
        | Noun::Activation(_)
        | Noun::ActivationPolicy(_)
        | Noun::EligibleAssignment(_)
        | Noun::Deployment(_)
        | Noun::Market(_)) => other,
    }
}

fn object(declared: ObjectId, held: &Held) -> ObjectId {
    held.get(&declared).map_or(declared, |it| it.principal.object)
}

fn resource(mut it: Resource, held: &Held) -> Resource {
    if let Some(Identity { system_assigned: Some(own), .. }) = &mut it.identity {
        *own = object(*own, held);
    }
    let shown = it.properties.get("principalId").and_then(Json::as_str);
    let shown = shown.and_then(|text| text.parse().ok()).and_then(|id: ObjectId| held.get(&id));
    if let Some(other) = shown {
        for (key, value) in [
            ("principalId", other.principal.object.to_string()),
            ("clientId", other.app.to_string()),
        ] {
            it.properties.insert(key.to_owned(), Json::String(value));
        }
    }
    it
}
