//! Lists of what hangs on scopes: role assignments, deny assignments, locks. Their lists show
//! what stands at a scope, at the scopes around it, and mostly what lies below it, too.

use ids::scope::Scope;
use store::{
    error::StoreError,
    key::{Range, Tuple},
    record::Record,
    snapshot::{Page, Snapshot},
};

use crate::{context::Context, error::Error, plane::Plane};

/// Twice what Azure lets a subscription and the groups around it hold. ARM answers these lists
/// in one page.
const ITEMS_MAX: usize = 10_000;

/// One kind of extension: the full name of its type, and where its records lie.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    /// What lies at a scope and below it.
    pub(crate) below: fn(&Scope) -> Range,
}

/// How far a list looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// `atScope()`: the scope itself, and those around it.
    AtAndAbove,
    /// What lies below it, too.
    Everywhere,
}

impl Kind {
    /// What lies at exactly that scope.
    pub(crate) fn at(&self, scope: &Scope) -> Range {
        let index = (self.below)(scope).index;
        let path = format!("{}/providers/{}", scope.stored(), self.name);
        Range::under(index, Tuple::new().path(&path))
    }

    /// What lies at the scope, around it and, if the reach goes there, below it. Released as
    /// the context's question is answered.
    pub(crate) async fn list<R: Record>(
        &self,
        plane: &Plane,
        context: &Context,
        scope: &Scope,
        reach: Reach,
    ) -> Result<Vec<R>, Error> {
        let snapshot = plane.store.snapshot().await?;
        let mut found = Vec::new();
        for around in plane.index().lineage(scope).iter().filter(|around| *around != scope) {
            collect(&snapshot, &self.at(around), &mut found).await?;
        }
        for own in self.own(plane, scope, reach) {
            collect(&snapshot, &own, &mut found).await?;
        }
        plane.release(context, snapshot, found).await
    }

    /// What lies at the scope, and as far below it as the reach goes. By its id nothing tells
    /// which subscriptions and groups stand in a management group.
    pub(crate) fn own(&self, plane: &Plane, scope: &Scope, reach: Reach) -> Vec<Range> {
        let inside = |it: &Scope| it != scope && !matches!(it, Scope::Tenant(_));
        match (reach, scope) {
            (Reach::AtAndAbove, _) => vec![self.at(scope)],
            (Reach::Everywhere, Scope::Tenant(_)) => {
                let places = plane.index().places_below(scope);
                let subscriptions = places.iter().filter(|it| it.subscription().is_some());
                let ranges = subscriptions.map(|it| (self.below)(it));
                std::iter::once((self.below)(scope)).chain(ranges).collect()
            }
            (Reach::Everywhere, Scope::ManagementGroup(..)) => {
                let places = plane.index().places_below(scope);
                let ranges = places.iter().filter(|it| inside(it)).map(|it| (self.below)(it));
                std::iter::once((self.below)(scope)).chain(ranges).collect()
            }
            (
                Reach::Everywhere,
                Scope::Subscription(_) | Scope::ResourceGroup(..) | Scope::Resource(_),
            ) => vec![(self.below)(scope)],
        }
    }
}

/// Does the same with all records of a range, however many there are.
pub(crate) async fn each<R: Record>(
    snapshot: &Snapshot,
    range: &Range,
    mut with: impl FnMut(R),
) -> Result<(), StoreError> {
    let mut page = Page::first();
    loop {
        let rows = snapshot.list(range, page).await?;
        rows.items.into_iter().for_each(&mut with);
        let Some(next) = rows.next else { return Ok(()) };
        page = Page { after: Some(next), ..Page::first() };
    }
}

/// All records of a range.
pub(crate) async fn collect<R: Record>(
    snapshot: &Snapshot,
    range: &Range,
    into: &mut Vec<R>,
) -> Result<(), StoreError> {
    let mut page = Page::first();
    loop {
        let rows = snapshot.list(range, page).await?;
        into.extend(rows.items);
        let Some(next) = rows.next else { return Ok(()) };
        if into.len() > ITEMS_MAX {
            return Err(StoreError::TooMany);
        }
        page = Page { after: Some(next), ..Page::first() };
    }
}

/// How many records a range holds, as far as it matters: counting ends at `enough`.
pub(crate) async fn count(
    plane: &Plane,
    range: &Range,
    enough: usize,
) -> Result<usize, StoreError> {
    plane.store.snapshot().await?.count(range, enough).await
}
