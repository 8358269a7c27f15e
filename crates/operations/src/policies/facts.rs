//! Which policies hold at a place, by the rows of this moment. A unit that reads them commits only
//! if they still hold so: an assignment, an exemption or a move that comes in between makes it run
//! again.

use std::{collections::BTreeMap, sync::Arc};

use ids::{
    guid::TenantId,
    resource::{ResourceId, ResourceType},
    scope::Scope,
};
use model::{
    resource::Resource,
    tree::{ManagementGroup, Subscription},
};
use policy::{
    assignment::Assignment,
    budget::Budget,
    builtin,
    definition::Definition,
    exemption::Exemption,
    judge::{Assigned, Place, Policy},
    kind::Kind,
    refused::Refused,
    set::Set,
};
use store::{error::StoreError, records::ranges, unit::Unit};

use crate::error::Error;

/// All that is said at a place.
pub(super) struct Facts {
    pub(super) policies: Vec<Policy>,
    pub(super) place: Place,
}

/// A scope and all around it, innermost first, up to the tenant's root group.
pub(super) struct Lineage {
    /// The tenant that it is at home in, if that is known.
    pub(super) home: Option<TenantId>,
    pub(super) scopes: Vec<Scope>,
}

/// The policies that may hold for a thing of that id, and where it stands. What is read and unfolded
/// for it is taken from the budget.
pub(super) async fn of(
    unit: &mut Unit,
    id: &ResourceId,
    budget: &mut Budget,
) -> Result<Facts, Error> {
    let Lineage { home, scopes } = lineage(unit, &Scope::Resource(id.clone())).await?;
    let mut place = Place { lineage: scopes, exemptions: Vec::new(), now: unit.now() };
    let mut policies = Vec::new();
    let Some(home) = home else { return Ok(Facts { policies, place }) };
    let mut named = Named::new(home);
    for scope in &place.lineage {
        for it in standing(unit, scope, Kind::Assignment).await? {
            assigned(unit, &it, (&mut named, &mut *budget), &mut policies).await?;
        }
        for it in standing(unit, scope, Kind::Exemption).await? {
            budget.spend_on_all(it.properties.values()).map_err(Refused::from)?;
            let read = Exemption::read(&it.id, &it.properties, home);
            place.exemptions.extend(known(read, &it.id));
        }
    }
    Ok(Facts { policies, place })
}

/// The scope and what is around it, by the rows that say so.
pub(super) async fn lineage(unit: &mut Unit, scope: &Scope) -> Result<Lineage, StoreError> {
    let mut scopes: Vec<Scope> = scope.lineage().collect();
    let (home, mut above) = match scopes.last() {
        Some(Scope::Subscription(id)) => {
            let found = unit.find::<Subscription>(id).await?;
            found.map_or((None, None), |it| (Some(it.tenant), it.parent))
        }
        Some(Scope::ManagementGroup(tenant, name)) => {
            let found = unit.find::<ManagementGroup>(&(*tenant, name.clone())).await?;
            (Some(*tenant), found.and_then(|it| it.parent))
        }
        Some(Scope::Tenant(tenant)) => (Some(*tenant), None),
        Some(Scope::ResourceGroup(..) | Scope::Resource(_)) | None => (None, None),
    };
    let Some(tenant) = home else { return Ok(Lineage { home, scopes }) };
    while let Some(name) = above.take() {
        let group = Scope::ManagementGroup(tenant, name.clone());
        if scopes.contains(&group) {
            break;
        }
        scopes.push(group);
        above = unit.find::<ManagementGroup>(&(tenant, name)).await?.and_then(|it| it.parent);
    }
    let root = tenant.to_string().parse().ok().map(|name| Scope::ManagementGroup(tenant, name));
    scopes.extend(root.filter(|root| !scopes.contains(root)));
    Ok(Lineage { home, scopes })
}

/// What of a kind stands at exactly that scope.
pub(super) async fn standing(
    unit: &mut Unit,
    scope: &Scope,
    kind: Kind,
) -> Result<Vec<Resource>, StoreError> {
    let Ok(name) = ResourceType::parse(kind.name()) else { return Ok(Vec::new()) };
    // What stands below one of them lies among them, and there may be any number of that.
    let (mut found, mut next) = (Vec::new(), Some(ranges::resources_at(scope, &name)));
    while let Some(range) = next {
        let (part, rest) = unit.list_part::<Resource>(&range).await?;
        let here = |it: &Resource| it.id.kind() == name && it.id.scope() == scope;
        found.extend(part.into_iter().filter(here));
        next = rest;
    }
    Ok(found)
}

/// Adds the definitions that an assignment assigns.
async fn assigned(
    unit: &mut Unit,
    it: &Resource,
    (named, budget): (&mut Named, &mut Budget),
    policies: &mut Vec<Policy>,
) -> Result<(), Error> {
    budget.spend_on_all(it.properties.values()).map_err(Refused::from)?;
    let read = Assignment::read(&it.id, &it.properties, named.home);
    let Some(assignment) = known(read, &it.id) else { return Ok(()) };
    if Kind::of(&assignment.of) != Some(Kind::Set) {
        if let Some(it) = named.definition(unit, &assignment.of, budget).await? {
            policies.push(Policy::alone(assignment, it, budget).map_err(Refused::from)?);
        }
        return Ok(());
    }
    let Some(set) = named.set(unit, &assignment.of, budget).await? else { return Ok(()) };
    let all = Assigned::new(assignment, Arc::clone(&set), budget).map_err(Refused::from)?;
    for member in &set.members {
        if let Some(it) = named.definition(unit, &member.definition, budget).await? {
            policies.push(all.policy(member, it, budget).map_err(Refused::from)?);
        }
    }
    Ok(())
}

/// Definitions and sets by id, each read once however often it is named.
pub(super) struct Named {
    /// The tenant that their ids are read in.
    home: TenantId,
    definitions: BTreeMap<ResourceId, Option<Arc<Definition>>>,
    sets: BTreeMap<ResourceId, Option<Arc<Set>>>,
}

impl Named {
    /// Nothing read yet.
    pub(super) fn new(home: TenantId) -> Self {
        Self { home, definitions: BTreeMap::new(), sets: BTreeMap::new() }
    }

    /// The definition of that id, Azure's own or one that was written.
    pub(super) async fn definition(
        &mut self,
        unit: &mut Unit,
        id: &ResourceId,
        budget: &mut Budget,
    ) -> Result<Option<Arc<Definition>>, Error> {
        budget.spend(1).map_err(Refused::from)?;
        if let Some(found) = self.definitions.get(id) {
            return Ok(found.clone());
        }
        let found = if let Some(properties) = builtin::find(id) {
            known(Definition::read(id, properties), id)
        } else if let Some(it) = unit.find::<Resource>(id).await? {
            budget.spend_on_all(it.properties.values()).map_err(Refused::from)?;
            known(Definition::read(&it.id, &it.properties), &it.id)
        } else {
            None
        };
        let found = found.map(Arc::new);
        self.definitions.insert(id.clone(), found.clone());
        Ok(found)
    }

    /// The set of that id.
    pub(super) async fn set(
        &mut self,
        unit: &mut Unit,
        id: &ResourceId,
        budget: &mut Budget,
    ) -> Result<Option<Arc<Set>>, Error> {
        if let Some(found) = self.sets.get(id) {
            return Ok(found.clone());
        }
        let found = match unit.find::<Resource>(id).await? {
            Some(it) => {
                budget.spend_on_all(it.properties.values()).map_err(Refused::from)?;
                known(Set::read(&it.id, &it.properties, self.home), &it.id)
            }
            None => None,
        };
        let found = found.map(Arc::new);
        self.sets.insert(id.clone(), found.clone());
        Ok(found)
    }
}

/// What was written has been read before. What was not, as that of a world file, may say nothing.
fn known<T>(read: Result<T, Refused>, id: &ResourceId) -> Option<T> {
    read.inspect_err(|why| tracing::warn!(%id, %why, "a policy is not understood")).ok()
}
