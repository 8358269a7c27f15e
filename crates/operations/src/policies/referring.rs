//! What names a definition or a set: assignments and sets, of its subscription, or of the whole
//! tenant where it stands in a management group.

use ids::{
    guid::TenantId,
    resource::{ResourceId, ResourceType},
    scope::Scope,
};
use model::resource::Resource;
use policy::{assignment::Assignment, kind::Kind, set::Set};
use store::{error::StoreError, key::Range, records::ranges, unit::Unit};

use crate::{management_groups, plane::Plane};

/// So many are looked through; where there are more, nobody can say that nothing names it.
const LOOKED_AT_MAX: usize = 200_000;

/// Something that names it, if there is any. Of exemptions, remediations and assignments nothing
/// is asked: they go whatever names them.
pub(super) async fn to(
    plane: &Plane,
    unit: &mut Unit,
    (kind, id): (Kind, &ResourceId),
) -> Result<Option<(Kind, ResourceId)>, StoreError> {
    let by: &[Kind] = match kind {
        Kind::Definition => &[Kind::Assignment, Kind::Set],
        Kind::Set => &[Kind::Assignment],
        Kind::Assignment | Kind::Exemption | Kind::Remediation => &[],
    };
    let Some(home) = plane.index().home(id.scope()) else { return Ok(None) };
    let mut left = LOOKED_AT_MAX;
    for by in by {
        for range in ranges_below(plane, id.scope(), *by) {
            let mut rest = Some(range);
            while let Some(range) = rest {
                let (found, more) = unit.skim_part::<Resource>(&range).await?;
                left = left.checked_sub(found.len()).ok_or(StoreError::TooMany)?;
                if let Some(it) = found.into_iter().find(|it| names(*by, it, (id, home))) {
                    return Ok(Some((*by, it.id)));
                }
                rest = more;
            }
        }
    }
    Ok(None)
}

/// Where things of that kind lie that may name what stands at the scope.
fn ranges_below(plane: &Plane, scope: &Scope, kind: Kind) -> Vec<Range> {
    let Ok(name) = ResourceType::parse(kind.name()) else { return Vec::new() };
    let range = |place: &Scope| match place {
        Scope::Subscription(id) => ranges::resources_of_subscription_and_type(*id, &name),
        Scope::Tenant(_)
        | Scope::ManagementGroup(..)
        | Scope::ResourceGroup(..)
        | Scope::Resource(_) => ranges::resources_at(place, &name),
    };
    // A subscription that moved out of a group may still name what stands there.
    let all = scope.tenant().map_or_else(|| scope.clone(), Scope::Tenant);
    let mut places = plane.index().places_below(&all);
    places.insert(scope.clone());
    places.iter().map(range).collect()
}

/// The root group holds all of its tenant.
pub(super) fn top(scope: &Scope) -> Scope {
    match scope {
        Scope::ManagementGroup(tenant, name)
            if management_groups::is_root(&(*tenant, name.clone())) =>
        {
            Scope::Tenant(*tenant)
        }
        Scope::Tenant(_)
        | Scope::ManagementGroup(..)
        | Scope::Subscription(_)
        | Scope::ResourceGroup(..)
        | Scope::Resource(_) => scope.clone(),
    }
}

fn names(kind: Kind, it: &Resource, (id, home): (&ResourceId, TenantId)) -> bool {
    match kind {
        Kind::Assignment => {
            Assignment::read(&it.id, &it.properties, home).is_ok_and(|it| it.of == *id)
        }
        Kind::Set => Set::read(&it.id, &it.properties, home)
            .is_ok_and(|it| it.members.iter().any(|member| member.definition == *id)),
        Kind::Definition | Kind::Exemption | Kind::Remediation => false,
    }
}
