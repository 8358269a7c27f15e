//! Management groups (`/providers/Microsoft.Management/managementGroups`), and the subscriptions
//! in them.

use ids::{
    guid::SubscriptionId,
    name::Name,
    path::Path,
    scope::{BadId, Scope},
};
use model::question::Via;
use operations::management_groups::{
    GroupId, delete as deletion, is_root,
    put::{self as writing, PutGroup},
    read::{self, Shown},
    subscriptions,
    tree::{Node, Place, Reach},
};
use serde_json::json;
use wire::arm::{
    management_groups::{
        ChildBody, DescendantBody, GroupBody, GroupPatch, GroupPut, ParentBody, SubscriptionBody,
    },
    scopes::ListBody,
};

use crate::{
    failure::Failure,
    request::{
        ArmResponse,
        Method::{Delete, Get, Patch, Post, Put},
    },
    route::{
        Answer, Ask,
        Judge::{Action, Each, Starter},
        Level::ManagementGroup,
        Route,
        Target::{self, Item, List, Words},
        Versions::These,
        row,
    },
    versions::MANAGEMENT_GROUPS,
};

mod entities;

const READ: &str = "Microsoft.Management/managementGroups/read";
const SUBSCRIPTIONS_READ: &str = "Microsoft.Management/managementGroups/subscriptions/read";
const RESULTS: &str = "Microsoft.Management/operationResults";
/// A subscription in a group.
const INSIDE: Target = Words(ManagementGroup, &["subscriptions", "*"]);

pub(crate) const ROUTES: &[Route] = &[
    row(Get, Target::Scope(ManagementGroup), These(MANAGEMENT_GROUPS), Action(READ, Via::Any), get),
    row(
        Put,
        Target::Scope(ManagementGroup),
        These(MANAGEMENT_GROUPS),
        Action("Microsoft.Management/managementGroups/write", Via::Any),
        put,
    ),
    row(
        Patch,
        Target::Scope(ManagementGroup),
        These(MANAGEMENT_GROUPS),
        Action("Microsoft.Management/managementGroups/write", Via::Any),
        patch,
    ),
    row(
        Delete,
        Target::Scope(ManagementGroup),
        These(MANAGEMENT_GROUPS),
        Action("Microsoft.Management/managementGroups/delete", Via::Any),
        delete,
    ),
    row(
        Get,
        List("Microsoft.Management/managementGroups"),
        These(MANAGEMENT_GROUPS),
        Each(READ),
        list,
    ),
    row(
        Get,
        Words(ManagementGroup, &["descendants"]),
        These(MANAGEMENT_GROUPS),
        Action("Microsoft.Management/managementGroups/descendants/read", Via::Any),
        descendants,
    ),
    row(
        Get,
        Words(ManagementGroup, &["subscriptions"]),
        These(MANAGEMENT_GROUPS),
        Action(SUBSCRIPTIONS_READ, Via::Any),
        subscriptions_of,
    ),
    row(
        Get,
        INSIDE,
        These(MANAGEMENT_GROUPS),
        Action(SUBSCRIPTIONS_READ, Via::Any),
        get_subscription,
    ),
    row(
        Put,
        INSIDE,
        These(MANAGEMENT_GROUPS),
        Action("Microsoft.Management/managementGroups/subscriptions/write", Via::Any),
        put_subscription,
    ),
    row(
        Delete,
        INSIDE,
        These(MANAGEMENT_GROUPS),
        Action("Microsoft.Management/managementGroups/subscriptions/delete", Via::Any),
        delete_subscription,
    ),
    row(
        Post,
        List("Microsoft.Management/getEntities"),
        These(MANAGEMENT_GROUPS),
        Each(READ),
        entities::list,
    ),
    row(Get, Item(RESULTS), These(MANAGEMENT_GROUPS), Starter, super::status::result),
];

/// `$expand=children`, and with `$recurse=true` all that stands below.
fn get(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let is = |name: &str, value: &str| {
            ask.query.get(name).is_some_and(|it| it.eq_ignore_ascii_case(value))
        };
        let reach = if is("$recurse", "true") { Reach::Everything } else { Reach::Children };
        let children = is("$expand", "children").then_some(reach);
        let Shown { group, parent_display_name, children } =
            read::get(ask.plane, &ask.context, id(&ask)?, children).await?;
        let around = ParentBody::new(group.tenant, group.parent.as_ref(), parent_display_name);
        let root = is_root(&(group.tenant, group.name.clone()));
        let children = children.map(|it| it.iter().map(|node| child(node, reach)).collect());
        let body = GroupBody::whole(group, (!root).then_some(around), children);
        Ok(ArmResponse::json(200, body))
    })
}

fn child(node: &Node, reach: Reach) -> ChildBody {
    let below = || node.children.iter().map(|it| child(it, reach)).collect();
    match &node.place {
        Place::Group(it) => ChildBody::group(it, (reach == Reach::Everything).then(below)),
        Place::Subscription(it) => ChildBody::subscription(it),
    }
}

fn list(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let page = operations::page::page(ask.cursor()?, ask.top()?);
        let found = read::list(ask.plane, &ask.context, page).await?;
        let value = found.items.into_iter().map(GroupBody::bare).collect();
        Ok(ask.list(value, found.next.as_ref()))
    })
}

/// 200 for what is new, too: that is all that clients take.
fn put(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let GroupPut { properties } = ask.json()?;
        let properties = properties.unwrap_or_default();
        let parent = properties.details.and_then(|it| it.parent).and_then(|it| it.id);
        let wanted = wanted(&ask, properties.display_name, parent)?;
        let put = writing::put(ask.plane, &ask.context, wanted).await?;
        Ok(written(put.into_inner()))
    })
}

fn patch(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let GroupPatch { display_name, parent_group_id } = ask.json()?;
        let wanted = wanted(&ask, display_name, parent_group_id)?;
        let put = writing::patch(ask.plane, &ask.context, wanted).await?;
        Ok(written(put.into_inner()))
    })
}

fn wanted(
    ask: &Ask<'_>,
    display_name: Option<String>,
    parent: Option<String>,
) -> Result<PutGroup, Failure> {
    let id = id(ask)?;
    let parent = parent.map(|text| match Scope::parse(&text, id.0) {
        Ok(Scope::ManagementGroup(_, name)) => Ok(name),
        Ok(_) | Err(_) => Err(Failure::Content("the parent is no management group's id".into())),
    });
    Ok(PutGroup { id, display_name, parent: parent.transpose()? })
}

fn written(group: model::tree::ManagementGroup) -> ArmResponse {
    let parent = ParentBody::new(group.tenant, group.parent.as_ref(), None);
    ArmResponse::json(200, GroupBody::whole(group, Some(parent), None))
}

fn delete(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let id = id(&ask)?;
        let shown = Scope::ManagementGroup(id.0, id.1.clone()).to_string();
        let name = id.1.to_string();
        let Some(operation) = deletion::delete(ask.plane, &ask.context, id).await? else {
            return Ok(ArmResponse::empty(204));
        };
        let body = json!({
            "id": shown,
            "type": "Microsoft.Management/managementGroups",
            "name": name,
            "status": "Succeeded",
        });
        let location = ask.link(&format!("/providers/{RESULTS}/{operation}"));
        Ok(ArmResponse::json(202, body).with("Location", location).with("Retry-After", "1"))
    })
}

fn descendants(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let id = id(&ask)?;
        let found = read::descendants(ask.plane, &ask.context, &id).await?;
        let body = |place: Place| {
            let parent = ParentBody::new(id.0, place.parent(), None);
            let child = match &place {
                Place::Group(it) => ChildBody::group(it, None),
                Place::Subscription(it) => ChildBody::subscription(it),
            };
            DescendantBody::new(child, parent)
        };
        let value: Vec<DescendantBody> = found.into_iter().map(body).collect();
        Ok(ArmResponse::json(200, ListBody::whole(value)))
    })
}

fn subscriptions_of(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let found = subscriptions::list(ask.plane, &ask.context, &id(&ask)?).await?;
        let value: Vec<_> = found.into_iter().map(SubscriptionBody::from).collect();
        Ok(ArmResponse::json(200, ListBody::whole(value)))
    })
}

fn get_subscription(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let (group, inside) = (id(&ask)?, inside(&ask)?);
        let found = subscriptions::get(ask.plane, &ask.context, &group, inside).await?;
        Ok(ArmResponse::json(200, SubscriptionBody::from(found)))
    })
}

fn put_subscription(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let (group, inside) = (id(&ask)?, inside(&ask)?);
        let put = subscriptions::put(ask.plane, &ask.context, &group, inside).await?;
        Ok(ArmResponse::json(200, SubscriptionBody::from(put.into_inner())))
    })
}

fn delete_subscription(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let (group, inside) = (id(&ask)?, inside(&ask)?);
        let was = subscriptions::delete(ask.plane, &ask.context, &group, inside).await?;
        Ok(ArmResponse::empty(if was { 200 } else { 204 }))
    })
}

fn id(ask: &Ask<'_>) -> Result<GroupId, Failure> {
    match ask.scope() {
        Scope::ManagementGroup(tenant, name) => Ok((tenant, name)),
        Scope::Tenant(_)
        | Scope::Subscription(_)
        | Scope::ResourceGroup(..)
        | Scope::Resource(_) => Err(Failure::NoSuchPath),
    }
}

/// The subscription that the path names behind the group.
fn inside(ask: &Ask<'_>) -> Result<SubscriptionId, Failure> {
    let last: Option<&Name> = match &ask.path {
        Path::Words(_, words) => words.last(),
        Path::Scope(_) | Path::Resource(_) | Path::Collection(_) => None,
    };
    let last = last.ok_or(Failure::NoSuchPath)?;
    Ok(last.as_str().parse().map_err(BadId::Subscription)?)
}
