//! Reading definitions and assignments. A customer sees all of its subscription's, a managing
//! tenant only its own.

use std::collections::{BTreeMap, btree_map::Entry};

use access::{index::Index, permit::authorize};
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
    snapshot::{Page, Rows, Snapshot},
};

use super::{Shown, owner};
use crate::{context::Context, error::Error, page::Paged, plane::Plane};

const DEFINITIONS_READ: Action =
    Action::known("Microsoft.ManagedServices/registrationDefinitions/read");
const ASSIGNMENTS_READ: Action =
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
    fn wants(&self, managed_by: TenantId) -> bool {
        self.managing.as_ref().is_none_or(|wanted| wanted.contains(&managed_by))
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
    let snapshot = plane.store.snapshot().await?;
    let rows: Rows<Definition> = snapshot.list(&range, listing.page.clone()).await?;
    let mut names = Names::default();
    for it in &rows.items {
        names.learn(plane, &snapshot, &listing.scope, it.managed_by).await?;
    }
    let judge = |index: &Index, rows: Rows<Definition>| {
        let viewer = judge(plane, context, index, &listing.scope)?;
        let readable = |it: &Definition| readable(&DEFINITIONS_READ, it.id.as_resource());
        let seen = |it: &Definition| {
            listing.wants(it.managed_by)
                && viewer.sees(it.managed_by)
                && plane.allowed(index, context, &readable(it))
        };
        let shown = |it: Definition| {
            let parties = names.parties(viewer.owner, it.managed_by);
            Shown { it, parties }
        };
        let items = rows.items.into_iter().filter(seen).map(shown).collect();
        Ok(Paged { items, next: rows.next })
    };
    snapshot.seal(rows).open(&plane.store, judge).await
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
    let snapshot = plane.store.snapshot().await?;
    let Rows { items, next } = snapshot.list::<Assignment>(&range, listing.page.clone()).await?;
    let mut names = Names::default();
    let mut found = Vec::with_capacity(items.len());
    for it in items.into_iter().filter(|it| listing.scope.contains(it.id.scope())) {
        names.learn(plane, &snapshot, &listing.scope, it.managed_by).await?;
        found.push((snapshot.find::<Definition>(&it.definition).await?, it));
    }
    let judge = |index: &Index, found: Vec<(Option<Definition>, Assignment)>| {
        let viewer = judge(plane, context, index, &listing.scope)?;
        let seen = |(_, it): &(_, Assignment)| {
            listing.wants(it.managed_by)
                && viewer.sees(it.managed_by)
                && plane.allowed(index, context, &readable(&ASSIGNMENTS_READ, it.id.as_resource()))
        };
        let shown = |(definition, it)| names.expanded(viewer.owner, it, definition);
        Ok(Paged { items: found.into_iter().filter(seen).map(shown).collect(), next })
    };
    snapshot.seal(found).open(&plane.store, judge).await
}

/// Asks the context's question of that index, and tells from where the caller looks.
fn judge(plane: &Plane, context: &Context, index: &Index, scope: &Scope) -> Result<Viewer, Error> {
    let asked = vec![context.question.clone()];
    authorize(index, &context.caller, asked, plane.store.now())?;
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
