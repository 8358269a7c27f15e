//! What customers take of what is published: terms, acceptances, and the definitions that stand for
//! them.
//!
//! Whether a plan is there for somebody is decided in one place, `published`; where it is not, the
//! answer is that of what does not exist.

use std::collections::BTreeSet;

use delegation::{
    acceptance::Refused,
    take::{Plan, named},
};
use ids::{
    guid::{SubscriptionId, TenantId},
    offer::{PlanId, PlanVersion, Slot},
    scope::Scope,
};
use model::{
    change::delegation_rule,
    delegation::Definition,
    market::acceptance::{Acceptance, TermsAccepted},
};
use store::{records::ranges, unit::Unit};

use crate::{context::Context, delegation::owner, error::Error, plane::Plane};

pub mod accept;
pub mod compare;
pub mod decide;
mod follow;
mod news;
pub(crate) mod published;
pub mod read;
pub mod shelf;
pub mod take;
pub mod terms;
pub mod undelegated;

/// A plan as somebody in a subscription names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At {
    pub subscription: SubscriptionId,
    pub publisher: String,
    pub product: String,
    pub plan: String,
}

impl At {
    /// The plan of that version, as somebody in the subscription names it.
    pub fn of(subscription: SubscriptionId, version: &PlanVersion) -> Self {
        let PlanVersion { plan: PlanId { offer, name }, slot, .. } = version;
        Self {
            subscription,
            publisher: offer.publisher.to_string(),
            product: slot.product(&offer.name),
            plan: name.to_string(),
        }
    }

    /// The plan that can be meant; refused as one that is not there.
    fn meant(&self) -> Result<(PlanId, Slot), Error> {
        let named = named(&self.publisher, &self.product, &self.plan);
        named.ok_or_else(|| self.missing())
    }

    /// That there is no such plan, or none for this subscription.
    fn missing(&self) -> Error {
        let Self { publisher, product, plan, .. } = self;
        let words = Plan {
            publisher: publisher.clone(),
            product: product.clone(),
            name: plan.clone(),
            version: String::new(),
        };
        refused(Refused::NoPlan(words.bare()))
    }

    fn scope(&self) -> Scope {
        Scope::Subscription(self.subscription)
    }
}

fn refused(why: Refused) -> Error {
    delegation::refused::Refused::from(why).into()
}

fn untaken(why: delegation::take::Refused) -> Error {
    delegation::refused::Refused::from(why).into()
}

/// Judges by the delegation rule before any fact is looked at. Answers whose the subscription is.
fn admit(plane: &Plane, context: &Context, at: &At) -> Result<TenantId, Error> {
    let asked = std::iter::once(context.question.clone()).chain(delegation_rule(&at.scope()));
    plane.authorize(&plane.index(), context, asked.collect())?;
    owner(&plane.index(), &at.scope())
}

/// Takes the delegation rule in every subscription that the acceptance covers, and where the last
/// word about it was given, until the commit: what is decided is decided for all of them.
async fn for_all(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    acceptance: &Acceptance,
) -> Result<(), Error> {
    let Acceptance { customer, plan, slot, subscription, .. } = acceptance;
    let range = ranges::market::definitions_of_acceptance(*customer, plan, *slot);
    let index = plane.index();
    let found = unit.list::<Definition>(&range).await?;
    let mut scopes: BTreeSet<Scope> = found.iter().map(|it| it.id.scope().clone()).collect();
    scopes.insert(Scope::Subscription(*subscription));
    for scope in scopes.iter().filter(|it| index.home(it) == Some(*customer)) {
        unit.hold(plane.authorize(&index, context, delegation_rule(scope))?);
    }
    Ok(())
}

/// The context's caller agrees to the terms of today.
fn agreement(context: &Context, unit: &Unit, published: &published::Published) -> TermsAccepted {
    TermsAccepted {
        by: context.caller.principal,
        name: context.caller.name.clone(),
        at: unit.now(),
        terms: published.edition.form.terms.clone(),
        is_standing: true,
    }
}
