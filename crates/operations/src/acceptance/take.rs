//! `PUT` of a registration definition with a plan.

use delegation::{
    define,
    delegable::Roles,
    refused::Refused,
    take::{Facts, Offered, Plan, Request, Step, Verdict, take as decide},
};
use ids::{
    guid::{SubscriptionId, TenantId},
    offer::PlanVersion,
    scope::Scope,
};
use model::{
    action::Action,
    change::{Change, Noun},
    delegation::{Assignment, Definition},
    market::{MarketNoun, acceptance::Acceptance, lead::LeadPerson},
};
use policy::subject::Subject;
use store::{records::ranges, unit::Unit};

use super::{
    follow, news,
    published::{self, Published, key},
};
use crate::{
    context::Context,
    delegation::{Shown, admit, define::Defined, notice, owner, parties, registered, settle},
    error::Error,
    market::leads::{self, News},
    plane::{Plane, retry},
    policies::enforce::enforce,
    status::{self, Outcome},
};

/// From where a plan is taken, and how, as its publisher is told.
const SOURCE: &str = "AzurePortal-Create";
const ACTION: &str = "Create";

/// Makes the definition, or gives it the version, which then holds for all that the tenant
/// delegated under the plan.
pub async fn take(plane: &Plane, context: &Context, request: Request) -> Result<Defined, Error> {
    retry(|| once(plane, context, request.clone())).await
}

async fn once(plane: &Plane, context: &Context, request: Request) -> Result<Defined, Error> {
    admit(plane, context, Action::DEFINITIONS_WRITE, request.id.as_resource())?;
    let owner = owner(&plane.index(), request.id.scope())?;
    let mut unit = plane.begin(context);
    registered(&mut unit, request.id.scope()).await?;
    let taken = taken(plane, context, &mut unit, owner, request, None).await?;
    commit(plane, context, unit, owner, taken).await
}

/// A plan taken: what of it is written, and what for.
pub(super) struct Taken {
    verdict: Verdict,
    plan: PlanVersion,
    subscription: SubscriptionId,
    published: Published,
}

/// Judges the request by what the unit reads. `agreed` is the acceptance as the unit is about to
/// write it, where it is.
pub(super) async fn taken(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    owner: TenantId,
    request: Request,
    agreed: Option<Acceptance>,
) -> Result<Taken, Error> {
    let (id, name, plan) = (request.id.clone(), request.name.clone(), request.plan.clone());
    let existing = unit.find::<Definition>(&id).await?;
    let known = existing.as_ref().map(|it| ranges::assignments_of_definition(&it.id));
    let (found, offered) = meant(unit, &plan, id.scope()).await?;
    let acceptance = match (&found, agreed) {
        (_, Some(agreed)) => Some(agreed),
        (Some(it), None) => unit.find(&key(owner, &it.id, it.slot)).await?,
        (None, None) => None,
    };
    let index = plane.index();
    let roles = roles(&index, offered.as_ref());
    let plain = define::Facts { owner, existing, roles, made: context.created(unit.now()) };
    let verdict = decide(request, Facts { plain, offered, acceptance });
    let (verdict, published) = match (verdict, found) {
        (Ok(verdict), Some(published)) => (verdict, published),
        (Ok(_), None) => return Err(refused(delegation::take::Refused::NoSuchPlan(plan))),
        (Err(why), _) => {
            let why = settle(plane, context, Refused::from(why)).await?;
            if let Some(range) = known {
                for it in unit.list::<Assignment>(&range).await? {
                    notice::failed(plane, context, owner, it.managed_by, it.id.scope());
                }
            }
            return Err(why.into());
        }
    };
    let subject = Subject::definition(&id, verdict.manifest.tenant, name.as_deref());
    enforce(plane, context, unit, &subject).await?;
    let subscription = id.scope().subscription();
    let (Some(plan), Some(subscription)) = (plan.meant(), subscription) else {
        return Err(refused(delegation::take::Refused::NoSuchPlan(plan)));
    };
    Ok(Taken { verdict, plan, subscription, published })
}

fn refused(why: delegation::take::Refused) -> Error {
    Refused::from(why).into()
}

/// What is published under the plan's name, and the facts of it for that subscription.
async fn meant(
    unit: &mut Unit,
    plan: &Plan,
    scope: &Scope,
) -> Result<(Option<Published>, Option<Offered>), Error> {
    let (Some(asked), Some(subscription)) = (plan.meant(), scope.subscription()) else {
        return Ok((None, None));
    };
    let Some(found) = published::read(unit, &asked.plan, asked.slot, subscription).await? else {
        return Ok((None, None));
    };
    let offered = found.offered(unit, asked.version).await?;
    Ok((Some(found), offered))
}

/// The roles that the plan's manifest speaks of.
fn roles<'a>(index: &'a access::index::Index, offered: Option<&Offered>) -> Roles<'a> {
    let manifest = offered.and_then(|it| it.manifest.as_ref());
    let always = manifest.into_iter().flat_map(|it| &it.authorizations);
    let named = always.flat_map(|it| it.delegated_roles.iter().flatten().chain([&it.role]));
    let eligible = manifest.into_iter().flat_map(|it| &it.eligible).map(|it| &it.role);
    let catalogue = index.catalogue();
    named.chain(eligible).filter_map(|id| Some((*id, catalogue.role(*id)?))).collect()
}

impl Taken {
    /// Whether it is the first definition of the acceptance, or a newer version of it.
    pub(super) fn step(&self) -> Step {
        self.verdict.step
    }

    /// Writes all of it into the unit.
    pub(super) async fn write(
        &self,
        plane: &Plane,
        context: &Context,
        unit: &mut Unit,
        person: Option<LeadPerson>,
    ) -> Result<(), Error> {
        let Self { verdict, plan, subscription, published } = self;
        let customer = verdict.acceptance.customer;
        if verdict.step != Step::Again {
            agree(plane, context, unit, &verdict.acceptance).await?;
        }
        if let define::Verdict::Create(_) = &verdict.definition {
            follow::room(plane, unit, customer, plan).await?;
        }
        let (define::Verdict::Create(it) | define::Verdict::Update(it)) = &verdict.definition;
        let change = Change::Put(Noun::Definition(it.clone()));
        unit.apply(plane.permit(context, &change)?, change)?;
        if let define::Verdict::Update(it) = &verdict.definition {
            follow::tell(plane, context, unit, customer, &it.id).await?;
        }
        if verdict.step == Step::Update {
            let version = follow::Version { customer, plan, manifest: &verdict.manifest };
            let followed = follow::all(plane, context, unit, version, Some(&it.id)).await;
            followed.map_err(|error| follow::elsewhere(error, *subscription, &plan.plan))?;
        }
        if verdict.step == Step::First {
            let news = News { source: SOURCE, action: ACTION, person };
            leads::add(plane, context, unit, &published.edition, news).await?;
        }
        Ok(())
    }
}

/// Puts the acceptance, and tells the plan's publisher of it.
pub(super) async fn agree(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    acceptance: &Acceptance,
) -> Result<(), Error> {
    news::tell(plane, unit, acceptance).await?;
    let change = Change::Put(Noun::Market(MarketNoun::Acceptance(acceptance.clone())));
    Ok(unit.apply(plane.permit(context, &change)?, change)?)
}

/// Writes what was taken, and answers as any definition is answered.
async fn commit(
    plane: &Plane,
    context: &Context,
    mut unit: Unit,
    owner: TenantId,
    taken: Taken,
) -> Result<Defined, Error> {
    taken.write(plane, context, &mut unit, None).await?;
    let Taken { verdict, plan, subscription, .. } = taken;
    let managing = verdict.manifest.tenant;
    let parties = parties(&mut unit, owner, managing).await?;
    let (defined, code) = match verdict.definition {
        define::Verdict::Create(it) => (Defined::Created(Shown { it, parties }), 201),
        define::Verdict::Update(it) => {
            let operation = status::note(plane, context, &mut unit, Outcome::Succeeded(None));
            (Defined::Updated(Shown { it, parties }, operation), 200)
        }
    };
    let committed = plane.commit(context, unit, code).await;
    committed.map_err(|error| follow::elsewhere(error, subscription, &plan.plan))?;
    Ok(defined)
}
