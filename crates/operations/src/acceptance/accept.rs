//! Accepting a plan in a subscription, all in one: the terms, the definition, and the lead; and
//! accepting a newer version of it.

use delegation::{
    acceptance::{
        Refused, Subject, definition_id, is_agreed, signed, taken as taken_version, waited_for,
    },
    dialect::Dialect,
    take::{Plan, Request, Said, Step},
};
use ids::{
    guid::TenantId,
    offer::{PlanId, Slot},
    version::Version,
};
use model::{
    delegation::Definition,
    market::{acceptance::Acceptance, lead::LeadPerson},
};
use store::{records::ranges, unit::Unit};

use super::{
    At, admit, agreement, follow, for_all,
    published::{self, Published, key},
    read::{self, Accepted},
    refused,
    take::{agree, taken},
    untaken,
};
use crate::{
    context::Context,
    delegation::registered,
    error::Error,
    plane::{Plane, retry},
    put::Put,
};

/// A plan as a customer wants it.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub at: At,
    /// The one in force, where there is one and it is not said.
    pub version: Option<Version>,
    /// That the terms of today are agreed to.
    pub is_agreed: bool,
    /// What the offer is called here; as its publisher does, where it is not said.
    pub name: Option<String>,
    pub description: Option<String>,
    /// What the publisher may know of who took it.
    pub person: Option<LeadPerson>,
}

/// Takes the plan. Nothing is delegated by that.
pub async fn accept(
    plane: &Plane,
    context: &Context,
    wanted: Wanted,
) -> Result<Put<Accepted>, Error> {
    let is_new = retry(|| once(plane, context, wanted.clone())).await?;
    let shown = read::get(plane, context, &wanted.at).await?;
    Ok(if is_new { Put::Created(shown) } else { Put::Updated(shown) })
}

async fn once(plane: &Plane, context: &Context, wanted: Wanted) -> Result<bool, Error> {
    let Wanted { at, version, is_agreed, name, description, person } = wanted;
    let customer = admit(plane, context, &at)?;
    let mut unit = plane.begin(context);
    registered(&mut unit, &at.scope()).await?;
    let case = Case::read(context, &mut unit, (customer, &at), is_agreed).await?;
    let in_force = case.acceptance.as_ref().and_then(|it| it.version);
    let newest = case.published.newest();
    let version = taken_version(&case.plan, version, in_force, newest).map_err(refused)?;
    let own = case.own(&mut unit, &at).await?;
    let made = || definition_id(at.subscription, &case.plan, case.slot);
    let id = own.as_ref().map(|it| it.id.clone()).or_else(made).ok_or_else(|| at.missing())?;
    let said = own.as_ref();
    let title = Some(case.published.edition.form.listing.title.clone());
    let request = Request {
        id,
        plan: case.words(version),
        said: Said::default(),
        name: name.or_else(|| said.and_then(|it| it.name.clone())).or(title),
        description: description.or_else(|| said.and_then(|it| it.description.clone())),
        dialect: Dialect::Eligible,
    };
    let code = if own.is_none() { 201 } else { 200 };
    case.commit(plane, context, unit, (&at, request), (person, code)).await?;
    Ok(own.is_none())
}

/// Accepts the version that waits, for all that the tenant delegated under the plan.
pub async fn update(
    plane: &Plane,
    context: &Context,
    at: &At,
    version: Option<Version>,
    is_agreed: bool,
) -> Result<Accepted, Error> {
    retry(|| updating(plane, context, at, version, is_agreed)).await?;
    read::get(plane, context, at).await
}

async fn updating(
    plane: &Plane,
    context: &Context,
    at: &At,
    version: Option<Version>,
    is_agreed: bool,
) -> Result<(), Error> {
    let customer = admit(plane, context, at)?;
    let shown = read::get(plane, context, at).await?;
    let (plan, _) = at.meant()?;
    let missing = || refused(Refused::NotAccepted(plan.clone()));
    let mut unit = plane.begin(context);
    let newest = shown.waiting.map(|it| it.version);
    let waits = waited_for(&shown.acceptance, newest, version).map_err(refused)?;
    let case = Case::read(context, &mut unit, (customer, at), is_agreed).await?;
    let own = case.own(&mut unit, at).await?.ok_or_else(missing)?;
    let request = Request {
        id: own.id,
        plan: case.words(waits),
        said: Said::default(),
        name: own.name,
        description: own.description,
        dialect: Dialect::Eligible,
    };
    case.commit(plane, context, unit, (at, request), (None, 200)).await
}

/// What the unit read about a plan that is there for the subscription.
struct Case {
    customer: TenantId,
    plan: PlanId,
    slot: Slot,
    published: Published,
    acceptance: Option<Acceptance>,
    /// The acceptance is agreed to anew.
    is_signed: bool,
    /// What was agreed to before that.
    replaced: Option<Acceptance>,
}

impl Case {
    async fn read(
        context: &Context,
        unit: &mut Unit,
        (customer, at): (TenantId, &At),
        agrees: bool,
    ) -> Result<Self, Error> {
        let (plan, slot) = at.meant()?;
        let published = published::read(unit, &plan, slot, at.subscription).await?;
        let published = published.filter(Published::is_there);
        let published = published.ok_or_else(|| at.missing())?;
        let before = unit.find::<Acceptance>(&key(customer, &plan, slot)).await?;
        let is_signed = agrees && !is_agreed(before.as_ref(), &published.edition.form.terms);
        let replaced = before.clone().filter(|_| is_signed);
        let acceptance = if is_signed {
            let (subscription, plan) = (at.subscription, plan.clone());
            let subject = Subject { customer, subscription, plan, slot };
            Some(signed(before, subject, agreement(context, unit, &published)))
        } else {
            before
        };
        Ok(Self { customer, plan, slot, published, acceptance, is_signed, replaced })
    }

    /// The definition that stands for the acceptance in this subscription.
    async fn own(&self, unit: &mut Unit, at: &At) -> Result<Option<Definition>, Error> {
        let Self { customer, plan, slot, .. } = self;
        let range = ranges::market::definitions_of_acceptance(*customer, plan, *slot);
        let all = unit.list::<Definition>(&range).await?;
        Ok(all.into_iter().find(|it| *it.id.scope() == at.scope()))
    }

    fn words(&self, version: Version) -> Plan {
        Plan {
            name: self.plan.name.to_string(),
            publisher: self.plan.offer.publisher.to_string(),
            product: self.slot.product(&self.plan.offer.name),
            version: version.to_string(),
        }
    }

    async fn commit(
        self,
        plane: &Plane,
        context: &Context,
        mut unit: Unit,
        (at, request): (&At, Request),
        (person, code): (Option<LeadPerson>, u16),
    ) -> Result<(), Error> {
        let plan = request
            .plan
            .meant()
            .ok_or_else(|| untaken(delegation::take::Refused::NoSuchPlan(request.plan.clone())))?;
        let Self { customer, acceptance, is_signed, replaced, .. } = self;
        if let Some(before) = &replaced {
            let held = Box::pin(for_all(plane, context, &mut unit, before)).await;
            held.map_err(|error| follow::elsewhere(error, at.subscription, &plan.plan))?;
        }
        // What taking looks at is much: it does not grow what waits for it.
        let judged = taken(plane, context, &mut unit, customer, request, acceptance.clone());
        let taken = Box::pin(judged).await?;
        if let (Step::Again, true, Some(it)) = (taken.step(), is_signed, &acceptance) {
            agree(plane, context, &mut unit, it).await?;
        }
        Box::pin(taken.write(plane, context, &mut unit, person)).await?;
        let committed = plane.commit(context, unit, code).await;
        committed.map_err(|error| follow::elsewhere(error, at.subscription, &plan.plan))
    }
}
