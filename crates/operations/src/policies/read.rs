//! Reading what policies are made of.

use access::index::Index;
use ids::{
    resource::{ResourceId, ResourceType},
    scope::Scope,
};
use model::resource::Resource;
use policy::{builtin, kind::Kind};
use serde_json::{Map, Value};
use store::{key::Range, records::ranges};

use super::{check::absent, is_visible, referring::top};
use crate::{
    around,
    context::Context,
    error::Error,
    plane::Plane,
    resources::{
        self,
        identity::Shown,
        read::{self, show},
    },
};

/// One of Azure's own, or one that was written.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    BuiltIn(ResourceId, Map<String, Value>),
    Kept(Box<Shown>),
}

/// Which of a kind are asked for.
#[derive(Clone, Debug)]
pub struct Listing {
    pub scope: Scope,
    pub kind: Kind,
    pub reach: Reach,
}

/// How far a list looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// `atExactScope()`.
    Exactly,
    /// `atScope()`: the scope itself, and those around it.
    AtAndAbove,
    /// `atScopeAndBelow()`: the scope itself, and what lies below it.
    AtAndBelow,
    /// What lies around it and below it.
    Everywhere,
}

/// The one of that id. Azure's own are everybody's, and nothing else of their kind stands beside
/// them.
pub async fn get(plane: &Plane, context: &Context, id: ResourceId) -> Result<Found, Error> {
    if let Some(properties) = builtin::find(&id) {
        return Ok(Found::BuiltIn(id, properties.clone()));
    }
    if let (Some(Kind::Definition | Kind::Set), Scope::Tenant(_)) = (Kind::of(&id), id.scope()) {
        return Err(absent(&id));
    }
    match read::get(plane, context, id).await {
        Ok(shown) => Ok(Found::Kept(Box::new(shown))),
        Err(Error::Resource(resources::Refused::NotFound(id))) => Err(absent(&id)),
        Err(error) => Err(error),
    }
}

/// What the caller may see of a kind. Azure's own definitions are part of every list but one of
/// what stands at exactly one scope.
pub async fn list(
    plane: &Plane,
    context: &Context,
    listing: &Listing,
) -> Result<Vec<Found>, Error> {
    let snapshot = plane.store.snapshot().await?;
    let mut kept: Vec<Resource> = Vec::new();
    for range in ranges_of(plane, listing) {
        around::collect(&snapshot, &range, &mut kept).await?;
    }
    let reaches = |it: &Resource| {
        let at = it.id.scope();
        Kind::of(&it.id) == Some(listing.kind)
            && (listing.reach != Reach::Exactly || *at == listing.scope)
    };
    kept.retain(reaches);
    let mut shown = Vec::with_capacity(kept.len());
    for it in kept {
        shown.push(show(&snapshot, it).await?);
    }
    let judge = |index: &Index, shown: Vec<Shown>| {
        let seen =
            |it: &Shown| is_visible(plane, index, context, (&it.resource.id, &listing.scope));
        Ok::<_, Error>(
            shown.into_iter().filter(seen).map(|it| Found::Kept(Box::new(it))).collect::<Vec<_>>(),
        )
    };
    let shown = snapshot.seal(shown).open(&plane.store, judge).await?;
    Ok(own(context, listing).into_iter().chain(shown).collect())
}

/// Azure's own, where a list shows them.
fn own(context: &Context, listing: &Listing) -> Vec<Found> {
    let at_tenant = matches!(listing.scope, Scope::Tenant(_));
    if listing.kind != Kind::Definition || (listing.reach == Reach::Exactly && !at_tenant) {
        return Vec::new();
    }
    let tenant = context.caller.principal.tenant;
    let one = |it: &builtin::BuiltIn| {
        let path = format!("/providers/{}/{}", Kind::Definition.name(), it.name);
        let id = ResourceId::parse(&path, tenant).ok()?;
        Some(Found::BuiltIn(id, it.properties.clone()))
    };
    builtin::all().iter().filter_map(one).collect()
}

/// Where those lie that are asked for. Definitions and sets are good below where they stand, and
/// are not looked for there.
fn ranges_of(plane: &Plane, listing: &Listing) -> Vec<Range> {
    let Listing { scope, kind, reach } = listing;
    let Ok(name) = ResourceType::parse(kind.name()) else { return Vec::new() };
    let at = |scope: &Scope| ranges::resources_at(scope, &name);
    if *reach == Reach::Exactly {
        return vec![at(scope)];
    }
    let mut around = Vec::new();
    if *reach != Reach::AtAndBelow {
        around = plane.index().lineage(scope);
        around.extend(root_of(plane, scope));
        around.retain(|it| it != scope);
    }
    let own: Vec<Range> = match (kind, reach) {
        (Kind::Definition | Kind::Set, _) | (_, Reach::Exactly | Reach::AtAndAbove) => {
            vec![at(scope)]
        }
        (
            Kind::Assignment | Kind::Exemption | Kind::Remediation,
            Reach::AtAndBelow | Reach::Everywhere,
        ) => below(plane, scope, &name),
    };
    around.iter().map(at).chain(own).collect()
}

fn root_of(plane: &Plane, scope: &Scope) -> Option<Scope> {
    let tenant = plane.index().home(scope)?;
    tenant.to_string().parse().ok().map(|name| Scope::ManagementGroup(tenant, name))
}

fn below(plane: &Plane, scope: &Scope, name: &ResourceType) -> Vec<Range> {
    match scope {
        Scope::Subscription(id) => vec![ranges::resources_of_subscription_and_type(*id, name)],
        Scope::ResourceGroup(..) | Scope::Resource(_) => {
            vec![ranges::resources_below(scope)]
        }
        Scope::Tenant(_) | Scope::ManagementGroup(..) => {
            let mut places = plane.index().places_below(&top(scope));
            places.insert(scope.clone());
            let range = |place: &Scope| match place {
                Scope::Subscription(id) => ranges::resources_of_subscription_and_type(*id, name),
                Scope::Tenant(_)
                | Scope::ManagementGroup(..)
                | Scope::ResourceGroup(..)
                | Scope::Resource(_) => ranges::resources_at(place, name),
            };
            places.iter().map(range).collect()
        }
    }
}
