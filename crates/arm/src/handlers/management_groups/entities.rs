//! `getEntities`: everything in the tenant's tree that the caller may see.

use ids::guid::TenantId;
use operations::management_groups::{
    is_root,
    read::{self, Entity, Leave},
    tree::Place,
};
use wire::arm::management_groups::{
    EntitiesBody, EntityBody, EntityProperties, ParentBody, ParentLink,
};

use crate::{
    request::ArmResponse,
    route::{Answer, Ask},
};

pub(super) fn list(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let tenant = ask.context.caller.principal.tenant;
        let found = read::entities(ask.plane, &ask.context).await?;
        let value: Vec<EntityBody> = found.into_iter().map(|it| body(it, tenant)).collect();
        let count = value.len();
        Ok(ArmResponse::json(200, EntitiesBody { value, count }))
    })
}

fn body(entity: Entity, tenant_id: TenantId) -> EntityBody {
    let Entity { place, around, children, child_groups, descendants, own, inherited } = entity;
    let (r#type, name) = match &place {
        Place::Group(it) => ("Microsoft.Management/managementGroups", it.name.to_string()),
        Place::Subscription(it) => ("/subscriptions", it.id.to_string()),
    };
    let root = match &place {
        Place::Group(it) => is_root(&(tenant_id, it.name.clone())),
        Place::Subscription(_) => false,
    };
    let parent = || ParentLink { id: ParentBody::new(tenant_id, place.parent(), None).id };
    EntityBody {
        id: place.scope().to_string(),
        r#type,
        name,
        properties: EntityProperties {
            tenant_id,
            display_name: place.display_name().to_owned(),
            parent: (!root).then(parent),
            permissions: word(own),
            inherited_permissions: word(inherited),
            number_of_descendants: descendants,
            number_of_children: children,
            number_of_child_groups: child_groups,
            parent_display_name_chain: around.iter().map(|it| it.display_name.clone()).collect(),
            parent_name_chain: around.iter().map(|it| it.name.to_string()).collect(),
        },
    }
}

fn word(leave: Leave) -> &'static str {
    match leave {
        Leave::Nothing => "noaccess",
        Leave::View => "view",
        Leave::Edit => "edit",
    }
}
