//! Reading definitions and assignments. A customer sees all of its subscription's, a managing
//! tenant only its own.

use std::collections::{BTreeMap, btree_map::Entry};

use access::index::Index;
use delegation::{
    dialect::Dialect,
    visible::{Parties, Refused, Viewer, showable},
};
use ids::{
    guid::TenantId,
    resource::{AssignmentId, DefinitionId},
    scope::Scope,
};
use model::{
    action::Action,
    delegation::{Assignment, Definition},
    directory::Tenant,
    question::Question,
};
use store::{
    error::StoreError,
    records::ranges,
    snapshot::{Page, Snapshot},
};

use super::{Shown, owner};
use crate::{
    context::Context,
    error::Error,
    page::{Found, Paged, examine},
    plane::Plane,
};

/// What reading a definition takes.
pub const DEFINITIONS_READ: Action =
    Action::known("Microsoft.ManagedServices/registrationDefinitions/read");
/// What reading an assignment takes.
pub const ASSIGNMENTS_READ: Action =
    Action::known("Microsoft.ManagedServices/registrationAssignments/read");

/// An assignment with its definition. The definition outlives its assignments, so that it is
/// there but for a moment between two reads.
pub type Expanded = (Assignment, Option<Shown<Definition>>);

/// Which delegations are listed.
#[derive(Clone, Debug)]
pub struct Listing {
    /// A subscription, with its resource groups; or one resource group.
    pub scope: Scope,
    /// Only these managing tenants' delegations; all, if none is named.
    pub managing: Option<Vec<TenantId>>,
    pub page: Page,
}

impl Listing {
    /// Whether a managing tenant's delegations are asked for, and the viewer's to see.
    fn shows(&self, viewer: Viewer, managed_by: TenantId) -> bool {
        let wanted = self.managing.as_ref().is_none_or(|wanted| wanted.contains(&managed_by));
        wanted && viewer.sees(managed_by)
    }
}

/// The definition of that id.
pub async fn definition(
    plane: &Plane,
    context: &Context,
    id: DefinitionId,
    dialect: Dialect,
) -> Result<Shown<Definition>, Error> {
    let snapshot = plane.store.snapshot().await?;
    let found = snapshot.find::<Definition>(&id).await?;
    let mut names = Names::default();
    if let Some(it) = &found {
        names.learn(plane, &snapshot, it.id.scope(), it.managed_by).await?;
    }
    let judge = |index: &Index, found| {
        let viewer = judge(plane, context, index, id.scope())?;
        let missing = || Refused::NoDefinition(id.clone());
        let it = viewer.definition(found).ok_or_else(missing).map_err(wrapped)?;
        showable(&it, dialect).map_err(wrapped)?;
        let parties = names.parties(viewer.owner, it.managed_by);
        Ok(Shown { it, parties })
    };
    snapshot.seal(found).open(&plane.store, judge).await
}

/// The subscription's definitions that the caller may see.
pub async fn definitions(
    plane: &Plane,
    context: &Context,
    listing: &Listing,
) -> Result<Paged<Shown<Definition>>, Error> {
    let Scope::Subscription(subscription) = listing.scope else {
        return Err(wrapped(Refused::NotAtSubscription(listing.scope.clone())));
    };
    let range = ranges::definitions_of_subscription(subscription);
    let (snapshot, index) = (plane.store.snapshot().await?, plane.index());
    let viewer = judge(plane, context, &index, &listing.scope)?;
    let seen = |index: &Index, viewer: Viewer, it: &Definition| {
        let question = readable(&DEFINITIONS_READ, it.id.as_resource());
        listing.shows(viewer, it.managed_by) && plane.allowed(index, context, &question)
    };
    let wanted = |it: &Definition| seen(&index, viewer, it);
    let found = examine(&snapshot, &range, listing.page.clone(), wanted).await?;
    let mut names = Names::default();
    for it in found.items() {
        names.learn(plane, &snapshot, &listing.scope, it.managed_by).await?;
    }
    let judge = |index: &Index, found: Found<Definition>| {
        let viewer = judge(plane, context, index, &listing.scope)?;
        let shown = |it: Definition| {
            let parties = names.parties(viewer.owner, it.managed_by);
            Shown { it, parties }
        };
        let Paged { items, next } = found.page(|it| seen(index, viewer, it));
        Ok(Paged { items: items.into_iter().map(shown).collect(), next })
    };
    snapshot.seal(found).open(&plane.store, judge).await
}

/// The assignment of that id, and what was accepted with it.
pub async fn assignment(
    plane: &Plane,
    context: &Context,
    id: AssignmentId,
    dialect: Dialect,
) -> Result<Expanded, Error> {
    let snapshot = plane.store.snapshot().await?;
    let found = match snapshot.find::<Assignment>(&id).await? {
        Some(it) => Some((snapshot.find::<Definition>(&it.definition).await?, it)),
        None => None,
    };
    let mut names = Names::default();
    if let Some((_, it)) = &found {
        names.learn(plane, &snapshot, it.id.scope(), it.managed_by).await?;
    }
    let judge = |index: &Index, found: Option<(Option<Definition>, Assignment)>| {
        let viewer = judge(plane, context, index, id.scope())?;
        let missing = || wrapped(Refused::NoAssignment(id.clone()));
        let (definition, it) = found.ok_or_else(missing)?;
        let it = viewer.assignment(Some(it)).ok_or_else(missing)?;
        definition.iter().try_for_each(|it| showable(it, dialect)).map_err(wrapped)?;
        Ok(names.expanded(viewer.owner, it, definition))
    };
    snapshot.seal(found).open(&plane.store, judge).await
}

/// The assignments at the scope and below it that the caller may see, each with its definition.
pub async fn assignments(
    plane: &Plane,
    context: &Context,
    listing: &Listing,
) -> Result<Paged<Expanded>, Error> {
    let (Scope::Subscription(subscription) | Scope::ResourceGroup(subscription, _)) = listing.scope
    else {
        return Err(wrapped(Refused::NotDelegable(listing.scope.clone())));
    };
    let range = ranges::assignments_of_subscription(subscription);
    let (snapshot, index) = (plane.store.snapshot().await?, plane.index());
    let viewer = judge(plane, context, &index, &listing.scope)?;
    let seen = |index: &Index, viewer: Viewer, it: &Assignment| {
        let question = readable(&ASSIGNMENTS_READ, it.id.as_resource());
        listing.scope.contains(it.id.scope())
            && listing.shows(viewer, it.managed_by)
            && plane.allowed(index, context, &question)
    };
    let wanted = |it: &Assignment| seen(&index, viewer, it);
    let found = examine(&snapshot, &range, listing.page.clone(), wanted).await?;
    let mut names = Names::default();
    let mut definitions = BTreeMap::new();
    for it in found.items() {
        names.learn(plane, &snapshot, &listing.scope, it.managed_by).await?;
        let definition = snapshot.find::<Definition>(&it.definition).await?;
        definitions.extend(definition.map(|definition| (it.definition.clone(), definition)));
    }
    let judge = |index: &Index, found: Found<Assignment>| {
        let viewer = judge(plane, context, index, &listing.scope)?;
        let shown = |it: Assignment| {
            let definition = definitions.get(&it.definition).cloned();
            names.expanded(viewer.owner, it, definition)
        };
        let Paged { items, next } = found.page(|it| seen(index, viewer, it));
        Ok(Paged { items: items.into_iter().map(shown).collect(), next })
    };
    snapshot.seal(found).open(&plane.store, judge).await
}

/// Asks the context's question of that index, and tells from where the caller looks.
fn judge(plane: &Plane, context: &Context, index: &Index, scope: &Scope) -> Result<Viewer, Error> {
    let asked = vec![context.question.clone()];
    plane.authorize(index, context, asked)?;
    Ok(Viewer { tenant: context.caller.principal.tenant, owner: owner(index, scope)? })
}

fn readable(action: &Action, id: &ids::resource::ResourceId) -> Question {
    Question::any(action.clone(), Scope::Resource(id.clone()))
}

fn wrapped(refused: Refused) -> Error {
    delegation::refused::Refused::from(refused).into()
}

/// The display names of the tenants in an answer.
#[derive(Default)]
struct Names(BTreeMap<TenantId, Option<String>>);

impl Names {
    /// Looks up the managing tenant's name and that of the scope's home.
    async fn learn(
        &mut self,
        plane: &Plane,
        snapshot: &Snapshot,
        scope: &Scope,
        managing: TenantId,
    ) -> Result<(), StoreError> {
        for id in plane.index().home(scope).into_iter().chain([managing]) {
            if let Entry::Vacant(unknown) = self.0.entry(id) {
                let found = snapshot.find::<Tenant>(&id).await?;
                unknown.insert(found.map(|it| it.display_name));
            }
        }
        Ok(())
    }

    fn parties(&self, customer: TenantId, managing: TenantId) -> Parties {
        let name = |id| self.0.get(&id).cloned().flatten();
        Parties { customer, customer_name: name(customer), managing_name: name(managing) }
    }

    fn expanded(
        &self,
        owner: TenantId,
        it: Assignment,
        definition: Option<Definition>,
    ) -> Expanded {
        let parties = self.parties(owner, it.managed_by);
        (it, definition.map(|it| Shown { it, parties }))
    }
}
