//! Azure Policy: definitions, sets, assignments, exemptions and remediations, kept as resources
//! and read as what they say; and what they say to what is written.

use access::index::Index;
use ids::{resource::ResourceId, scope::Scope};
use model::{
    action::{Action, Verb},
    question::Question,
};
use policy::{builtin, kind::Kind};

use crate::{context::Context, management_groups, plane::Plane};

mod check;
pub mod compliance;
pub mod delete;
pub mod enforce;
mod facts;
mod note;
pub mod put;
pub mod read;
mod referring;

/// Whether the id is of something of Azure Policy, at the tenant's root group: that is there
/// without anybody making it, and is the one place of the root that such things stand at.
pub(crate) fn stands_at_root(id: &ResourceId) -> bool {
    let is_root = |scope: &Scope| match scope {
        Scope::ManagementGroup(tenant, name) => {
            management_groups::is_root(&(*tenant, name.clone()))
        }
        Scope::Tenant(_)
        | Scope::Subscription(_)
        | Scope::ResourceGroup(..)
        | Scope::Resource(_) => false,
    };
    Kind::of(id).is_some() && is_root(id.scope())
}

/// Whether the caller may know of something of Azure Policy, from a scope that it is good for:
/// Azure's own are everybody's; of others, whoever may read them, and the tenant's own people that
/// may read such things at the scope itself. A managing tenant hears of nothing above what was
/// delegated to it.
fn is_visible(
    plane: &Plane,
    index: &Index,
    context: &Context,
    (id, from): (&ResourceId, &Scope),
) -> bool {
    let read = |scope: Scope| {
        let asked = Question::any(Action::of(&id.kind(), Verb::Read), scope);
        plane.allowed(index, context, &asked)
    };
    let own = index.home(from).or_else(|| from.tenant()) == Some(context.caller.principal.tenant);
    builtin::find(id).is_some() || read(Scope::Resource(id.clone())) || (own && read(from.clone()))
}
