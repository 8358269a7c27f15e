//! Which policies hold at a place, by the rows of this moment. A unit that reads them commits only
//! if they still hold so: an assignment, an exemption or a move that comes in between makes it run
//! again.

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
    builtin,
    definition::Definition,
    exemption::Exemption,
    judge::{Place, Policy},
    kind::Kind,
    set::Set,
};
use store::{error::StoreError, records::ranges, unit::Unit};

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

/// The policies that may hold for a thing of that id, and where it stands.
pub(super) async fn of(unit: &mut Unit, id: &ResourceId) -> Result<Facts, StoreError> {
    let Lineage { home, scopes } = lineage(unit, &Scope::Resource(id.clone())).await?;
    let mut place = Place { lineage: scopes, exemptions: Vec::new(), now: unit.now() };
    let mut policies = Vec::new();
    let Some(home) = home else { return Ok(Facts { policies, place }) };
    for scope in &place.lineage {
        for it in standing(unit, scope, Kind::Assignment).await? {
            policies.extend(assigned(unit, &it, home).await?);
        }
        for it in standing(unit, scope, Kind::Exemption).await? {
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
    let mut found = unit.list::<Resource>(&ranges::resources_at(scope, &name)).await?;
    found.retain(|it| it.id.kind() == name && it.id.scope() == scope);
    Ok(found)
}

/// The definitions that an assignment assigns.
async fn assigned(
    unit: &mut Unit,
    it: &Resource,
    home: TenantId,
) -> Result<Vec<Policy>, StoreError> {
    let Some(assignment) = known(Assignment::read(&it.id, &it.properties, home), &it.id) else {
        return Ok(Vec::new());
    };
    if Kind::of(&assignment.of) != Some(Kind::Set) {
        let found = definition(unit, &assignment.of).await?;
        return Ok(found.into_iter().map(|it| Policy::alone(assignment.clone(), it)).collect());
    }
    let Some(set) = set(unit, &assignment.of, home).await? else { return Ok(Vec::new()) };
    let mut policies = Vec::with_capacity(set.members.len());
    for member in &set.members {
        let found = definition(unit, &member.definition).await?;
        policies.extend(found.map(|it| Policy::member(assignment.clone(), &set, member, it)));
    }
    Ok(policies)
}

/// The definition of that id, Azure's own or one that was written.
pub(super) async fn definition(
    unit: &mut Unit,
    id: &ResourceId,
) -> Result<Option<Definition>, StoreError> {
    if let Some(properties) = builtin::find(id) {
        return Ok(known(Definition::read(id, properties), id));
    }
    let found = unit.find::<Resource>(id).await?;
    Ok(found.and_then(|it| known(Definition::read(&it.id, &it.properties), &it.id)))
}

/// The set of that id.
pub(super) async fn set(
    unit: &mut Unit,
    id: &ResourceId,
    home: TenantId,
) -> Result<Option<Set>, StoreError> {
    let found = unit.find::<Resource>(id).await?;
    Ok(found.and_then(|it| known(Set::read(&it.id, &it.properties, home), &it.id)))
}

/// What was written has been read before. What was not, as that of a world file, may say nothing.
fn known<T>(read: Result<T, policy::refused::Refused>, id: &ResourceId) -> Option<T> {
    read.inspect_err(|why| tracing::warn!(%id, %why, "a policy is not understood")).ok()
}
