//! Resources of every type that has no row of its own.

use ids::{path::Path, resource::ResourceId, scope::Scope};
use model::question::Via;
use operations::{
    context::Context,
    plane::Plane,
    resources::{
        self, Expected,
        decide::{PatchResource, PutResource, WantedIdentity},
        identity::{Acting, Shown},
        read::{self, Within},
    },
};
use serde_json::Value;
use wire::arm::resource::{ActingBody, IdentityPut, ResourcePut, body};

use crate::{
    failure::Failure,
    request::{
        ArmResponse,
        Method::{Delete, Get, Patch, Post, Put},
    },
    route::{
        Answer, Ask,
        Judge::{Action, Each},
        Level::{ResourceGroup, Subscription},
        Route,
        Target::{AnyAction, AnyItem, AnyList, Words},
        Versions::{OfType, These},
        row,
    },
    versions::RESOURCES,
};

pub(crate) const ROUTES: &[Route] = &[
    row(
        Get,
        Words(Subscription, &["resources"]),
        These(RESOURCES),
        Each("Microsoft.Resources/subscriptions/resources/read"),
        list,
    ),
    row(
        Get,
        Words(ResourceGroup, &["resources"]),
        These(RESOURCES),
        Each("Microsoft.Resources/subscriptions/resourceGroups/resources/read"),
        list,
    ),
    row(Get, AnyItem, OfType, Action("{kind}/read", Via::Any), get),
    row(Put, AnyItem, OfType, Action("{kind}/write", Via::Any), put),
    row(Patch, AnyItem, OfType, Action("{kind}/write", Via::Any), patch),
    row(Delete, AnyItem, OfType, Action("{kind}/delete", Via::Any), delete),
    row(Post, AnyAction, OfType, Action("{kind}/action", Via::Any), act),
    row(Get, AnyList, OfType, Each("{kind}/read"), list_type),
];

pub(crate) fn get(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let found = read::get(ask.plane, &ask.context, ask.resource()?).await?;
        Ok(answer(&ask, 200, found))
    })
}

pub(crate) fn put(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let request = putting(&ask)?;
        let put = resources::put::put(ask.plane, &ask.context, request).await?;
        Ok(answer(&ask, put.status(), put.into_inner()))
    })
}

pub(crate) fn patch(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let request = patching(&ask)?;
        let put = resources::put::patch(ask.plane, &ask.context, request).await?;
        Ok(answer(&ask, 200, put.into_inner()))
    })
}

/// The whole resource that a body describes.
pub(crate) fn putting(ask: &Ask<'_>) -> Result<PutResource, Failure> {
    let sent: ResourcePut = ask.json()?;
    of_its_type(ask, &sent)?;
    Ok(PutResource {
        id: ask.resource()?,
        envelope: sent.envelope(),
        identity: sent.identity.map(|it| identity(ask, it)).transpose()?,
        location: sent.location,
        tags: sent.tags,
        properties: sent.properties.unwrap_or_default(),
        expected: ask.expected(),
    })
}

/// What a body changes of a resource.
pub(crate) fn patching(ask: &Ask<'_>) -> Result<PatchResource, Failure> {
    let sent: ResourcePut = ask.json()?;
    of_its_type(ask, &sent)?;
    Ok(PatchResource {
        id: ask.resource()?,
        envelope: sent.envelope(),
        location: sent.location.clone(),
        identity: sent.identity.map(|it| identity(ask, it)).transpose()?,
        tags: sent.tags,
        properties: sent.properties.unwrap_or_default(),
        expected: ask.expected(),
    })
}

/// A body that names another type than the URL is about something else. A template spells the
/// types of extensions in ways of its own.
fn of_its_type(ask: &Ask<'_>, sent: &ResourcePut) -> Result<(), Failure> {
    let kind = ask.resource()?.kind();
    match sent.kind() {
        Some(said) if ask.inside.is_none() && !kind.is(said) => {
            Err(Failure::Content(format!("the body is of type '{said}', and the URL of '{kind}'")))
        }
        Some(_) | None => Ok(()),
    }
}

/// 200 for what was there, 204 for what was not.
pub(crate) fn delete(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let (id, expected) = (ask.resource()?, ask.expected());
        let was = resources::delete::delete(ask.plane, &ask.context, id, expected).await?;
        Ok(ArmResponse::empty(if was { 200 } else { 204 }))
    })
}

/// Whoever may, and names a resource that is there, hears that it is not run.
pub(crate) fn act(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let (id, action) = ask.action()?;
        let found = read::get(ask.plane, &ask.context, id).await?;
        Err(Failure::NotRun { action, id: found.resource.id })
    })
}

/// All of a type at a scope, its resource groups included.
pub(crate) fn list_type(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let Path::Collection(collection) = &ask.path else { return Err(Failure::NoSuchPath) };
        let kind = collection.kind().ok_or(Failure::NoSuchPath)?;
        let holder = collection.holder()?;
        page(&ask, &Within::OfType(holder, kind)).await
    })
}

/// `GET …/resources`, at a subscription or a resource group.
pub(crate) fn list(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let within = match ask.scope() {
            Scope::Subscription(id) => Within::Subscription(id),
            Scope::ResourceGroup(id, name) => Within::Group(id, name),
            Scope::Tenant(_) | Scope::ManagementGroup(..) | Scope::Resource(_) => {
                return Err(Failure::NoSuchPath);
            }
        };
        page(&ask, &within).await
    })
}

async fn page(ask: &Ask<'_>, within: &Within) -> Result<ArmResponse, Failure> {
    let filter = ask.filter()?;
    let page = operations::page::page(ask.cursor()?, ask.top()?);
    let found = read::list(ask.plane, &ask.context, within, page).await?;
    let items = found.items.into_iter().filter(|it| filter.as_ref().is_none_or(|f| f.meets(it)));
    let shown: Vec<Value> = items.map(|it| expanded(ask, it)).collect();
    Ok(ask.list(shown, found.next.as_ref()))
}

/// A resource in a list, with what `$expand` asks for beside it.
fn expanded(ask: &Ask<'_>, it: Shown) -> Value {
    let asked = ask.query.get("$expand").unwrap_or_default();
    let asks = |name: &str| asked.split(',').any(|word| word.trim().eq_ignore_ascii_case(name));
    let mut body = show(ask, it);
    for (name, place) in [
        ("createdTime", "/systemData/createdAt"),
        ("changedTime", "/systemData/lastModifiedAt"),
        ("provisioningState", "/properties/provisioningState"),
    ] {
        let value = body.pointer(place).filter(|_| asks(name)).cloned();
        if let (Some(members), Some(value)) = (body.as_object_mut(), value) {
            members.insert(name.to_owned(), value);
        }
    }
    body
}

pub(crate) fn show(ask: &Ask<'_>, shown: Shown) -> Value {
    show_to(ask.plane, &ask.context, shown)
}

/// A resource as it is shown in an answer to that request.
pub(crate) fn show_to(plane: &Plane, context: &Context, shown: Shown) -> Value {
    let Shown { resource, acting } = shown;
    let tenant = plane.index().home(&Scope::Resource(resource.id.clone()));
    let told = |it: Acting| {
        let Acting { id, principal, client } = it;
        (id, ActingBody { principal_id: principal, client_id: client })
    };
    let acting: Vec<(ResourceId, ActingBody)> = acting.into_iter().map(told).collect();
    body(resource, tenant.unwrap_or(context.caller.principal.tenant), &acting)
}

fn answer(ask: &Ask<'_>, status: u16, shown: Shown) -> ArmResponse {
    let etag = resources::shown_etag(&shown.resource);
    ArmResponse::json(status, show(ask, shown)).with("ETag", etag)
}

fn identity(ask: &Ask<'_>, sent: IdentityPut) -> Result<WantedIdentity, Failure> {
    let IdentityPut { r#type, user_assigned_identities } = sent;
    let home = ask.context.caller.principal.tenant;
    let ids = user_assigned_identities.unwrap_or_default();
    let wanted = ids.iter().filter(|(_, value)| !value.is_null());
    let user = wanted
        .map(|(id, _)| ResourceId::parse(id, home))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|bad| Failure::Content(format!("identity.userAssignedIdentities: {bad}")))?;
    Ok(WantedIdentity::parse(&r#type, user).map_err(operations::error::Error::from)?)
}

impl Ask<'_> {
    pub(crate) fn expected(&self) -> Expected {
        let matching = self.preconditions.if_match.clone().filter(|it| !it.is_empty());
        let absent = self.preconditions.if_none_match.as_deref() == Some("*");
        Expected { matching, absent }
    }
}
