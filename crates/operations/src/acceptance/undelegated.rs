//! What a tenant accepted and delegated nothing under: between the two steps the provider can do
//! nothing (B62), and who accepted may believe that it can.

use access::index::Index;
use ids::resource::DefinitionId;
use model::{
    action::Action, delegation::Definition, market::acceptance::Acceptance, question::Question,
};
use store::{
    records::ranges,
    snapshot::{Page, Snapshot},
};

use crate::{
    context::Context,
    delegation::read::{ASSIGNMENTS_READ, DEFINITIONS_READ},
    error::Error,
    plane::Plane,
};

/// How many acceptances are looked at.
const ACCEPTANCES_MAX: usize = 1_000;
/// How many are told of.
const TOLD_MAX: usize = 10;

/// An offer under which nothing is delegated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undelegated {
    /// What stands for it, in the first subscription that the caller sees.
    pub definition: DefinitionId,
    /// What it is called there.
    pub name: Option<String>,
}

/// The first of them, of the caller's own tenant, as far as the caller may read what stands for
/// them.
pub async fn list(plane: &Plane, context: &Context) -> Result<Vec<Undelegated>, Error> {
    let tenant = context.caller.principal.tenant;
    let (snapshot, index) = (plane.store.snapshot().await?, plane.index());
    let range = ranges::market::acceptances_of_customer(tenant);
    let page = Page { after: None, limit: ACCEPTANCES_MAX };
    let mut found = Vec::new();
    for acceptance in snapshot.list::<Acceptance>(&range, page).await?.items {
        if found.len() < TOLD_MAX {
            found.extend(of(plane, context, (&snapshot, &index), acceptance).await?);
        }
    }
    let judge = |index: &Index, mut found: Vec<Undelegated>| {
        found.retain(|it| sees(plane, context, index, &it.definition));
        Ok(found)
    };
    snapshot.seal(found).open(&plane.store, judge).await
}

/// What stands for the acceptance, if nothing that the caller sees of it is assigned.
async fn of(
    plane: &Plane,
    context: &Context,
    (snapshot, index): (&Snapshot, &Index),
    acceptance: Acceptance,
) -> Result<Option<Undelegated>, Error> {
    let Acceptance { customer, plan, slot, .. } = acceptance;
    let range = ranges::market::definitions_of_acceptance(customer, &plan, slot);
    let mut first = None;
    for it in snapshot.list::<Definition>(&range, Page::first()).await?.items {
        if !sees(plane, context, index, &it.id) {
            continue;
        }
        if snapshot.count(&ranges::assignments_of_definition(&it.id), 1).await? > 0 {
            return Ok(None);
        }
        first.get_or_insert(Undelegated { definition: it.id, name: it.name });
    }
    Ok(first)
}

/// Whether the caller reads definitions and assignments where it is, in its own tenant.
fn sees(plane: &Plane, context: &Context, index: &Index, id: &DefinitionId) -> bool {
    let may = |action: &Action| {
        plane.allowed(index, context, &Question::any(action.clone(), id.scope().clone()))
    };
    let own = index.home(id.scope()) == Some(context.caller.principal.tenant);
    own && may(&DEFINITIONS_READ) && may(&ASSIGNMENTS_READ)
}
