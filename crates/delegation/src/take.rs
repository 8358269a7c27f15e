//! Taking a published plan: a registration definition that says what the plan's manifest says.
//!
//! All definitions that a customer's tenant has of a plan are of one version of it, the one
//! accepted: whoever takes a newer one takes it for all of them.

use ids::{
    guid::TenantId,
    offer::{OfferId, PlanId, PlanVersion, Slot},
    resource::DefinitionId,
    scope::Scope,
    version::Version,
};
use model::{
    delegation::{Accepted, Authorization, Definition, EligibleAuthorization},
    market::{acceptance::Acceptance, form::Terms, manifest::Manifest},
    resource::SystemData,
};

use crate::{
    define::{self, define},
    dialect::Dialect,
};

mod difference;

pub use difference::{Difference, Grant, Said};

/// The longest piece of a name that a refusal repeats.
const QUOTED_CHARS_MAX: usize = 80;

/// A definition with a plan, as somebody wants it to be.
#[derive(Clone, Debug)]
pub struct Request {
    pub id: DefinitionId,
    pub plan: Plan,
    /// What of the plan's own the caller says, too.
    pub said: Said,
    pub name: Option<String>,
    pub description: Option<String>,
    pub dialect: Dialect,
}

/// A plan's version as a caller names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    pub name: String,
    pub publisher: String,
    pub product: String,
    pub version: String,
}

impl Plan {
    /// What can be meant by it. Names are read without regard to case, as all of ARM's are; none
    /// where nothing can be called so.
    pub fn meant(&self) -> Option<PlanVersion> {
        let (plan, slot) = named(&self.publisher, &self.product, &self.name)?;
        Some(PlanVersion { plan, slot, version: self.version.parse().ok()? })
    }

    /// The plan without its version, as a refusal calls it.
    pub fn bare(&self) -> String {
        let Self { name, publisher, product, version: _ } = self;
        format!("{}.{}.{}", short(publisher), short(product), short(name))
    }
}

/// The plan of that name, by any spelling.
pub fn named(publisher: &str, product: &str, plan: &str) -> Option<(PlanId, Slot)> {
    let (name, slot) = Slot::of_product(&product.to_ascii_lowercase()).ok()?;
    let offer = OfferId { publisher: publisher.to_ascii_lowercase().parse().ok()?, name };
    Some((PlanId { offer, name: plan.to_ascii_lowercase().parse().ok()? }, slot))
}

/// A name of somebody's as far as a refusal repeats it.
fn short(text: &str) -> String {
    text.chars().filter(|it| !it.is_control()).take(QUOTED_CHARS_MAX).collect()
}

impl std::fmt::Display for Plan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.bare(), short(&self.version))
    }
}

/// What is published under the plan's name in its slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    pub plan: PlanId,
    pub slot: Slot,
    /// The version that the publisher offers today.
    pub newest: Version,
    /// What the version asked for gives; none if it was never published there.
    pub manifest: Option<Manifest>,
    /// What has to be agreed to today.
    pub terms: Terms,
    /// Whether the plan is there for the subscription.
    pub is_there: bool,
}

/// What the world looks like as the request is judged.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    pub plain: define::Facts<'a>,
    /// None where nothing is published under that name.
    pub offered: Option<Offered>,
    /// What the customer's tenant accepted of the plan.
    pub acceptance: Option<Acceptance>,
}

/// What taking the plan does to the acceptance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing was in force.
    First,
    /// The version in force holds for one definition more, or the same again.
    Again,
    /// All definitions of the acceptance follow.
    Update,
}

/// What becomes of the definition, and of what it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub definition: define::Verdict,
    pub step: Step,
    /// The acceptance as it is now.
    pub acceptance: Acceptance,
    /// What the plan gives.
    pub manifest: Manifest,
}

/// Why a plan is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Also where it is there for others.
    #[error(
        "The plan '{0}' of the registration definition is not published. Leave 'plan' out to delegate without an offer."
    )]
    NoSuchPlan(Plan),
    /// Said only where the definition tells of the plan already.
    #[error(
        "The plan '{0}' is no longer offered to this subscription. What is delegated stays as it is; nothing new can be made of the plan."
    )]
    NoLongerOffered(PlanVersion),
    #[error(
        "Marketplace purchase eligibility check returned errors. The legal terms of the plan '{0}' are not accepted. Accept them, and try again."
    )]
    NoTerms(PlanVersion),
    #[error(
        "Marketplace purchase eligibility check returned errors. The legal terms of the plan '{0}' have changed since they were accepted. Accept those of today, and try again."
    )]
    OtherTerms(PlanVersion),
    #[error("{}", version_text(.asked, *.accepted, *.newest))]
    OtherVersion { asked: PlanVersion, accepted: Option<Version>, newest: Version },
    #[error("{}", differs_text(.id, .plan, .differences))]
    Differs { id: DefinitionId, plan: PlanVersion, differences: Vec<Difference> },
    #[error(
        "What is decided about the plan '{0}' holds for all that the tenant delegated under it. It takes role assignments' read, write and delete at each of these subscriptions."
    )]
    CoversMore(PlanId),
    #[error(
        "The tenant delegated under the plan '{plan}' in {most} registration definitions, which is as many as can follow to another version together. Delete one before you make another."
    )]
    TooMany { plan: PlanId, most: usize },
    #[error(transparent)]
    Define(#[from] define::Refused),
}

fn version_text(asked: &PlanVersion, accepted: Option<Version>, newest: Version) -> String {
    let PlanVersion { plan, version, .. } = asked;
    match accepted {
        Some(accepted) if accepted != newest => format!(
            "Version '{version}' of the plan '{plan}' cannot be accepted: version '{accepted}' is in force, and version '{newest}' is the newest."
        ),
        Some(accepted) => format!(
            "Version '{version}' of the plan '{plan}' cannot be accepted: version '{accepted}', the newest, is in force."
        ),
        None => format!(
            "Version '{version}' of the plan '{plan}' cannot be accepted: version '{newest}' is the newest."
        ),
    }
}

fn differs_text(id: &DefinitionId, plan: &PlanVersion, differences: &[Difference]) -> String {
    let all: Vec<String> = differences.iter().map(ToString::to_string).collect();
    format!(
        "The registration definition '{id}' differs from its plan '{plan}': {}. Leave out what the plan says, or say the same.",
        all.join("; ")
    )
}

/// Whether the subscription may have the definition, and what follows from it.
pub fn take(request: Request, facts: Facts<'_>) -> Result<Verdict, Refused> {
    define::placed(&request.id)?;
    let Request { id, plan, said, name, description, dialect } = request;
    let (asked, offered, manifest) = offered(&plan, facts.offered, facts.plain.existing.as_ref())?;
    let acceptance = agreed(&asked, &offered, facts.acceptance)?;
    let step = step(&asked, &offered, &acceptance)?;
    let differences = said.differences(&manifest);
    if !differences.is_empty() {
        return Err(Refused::Differs { id, plan: asked, differences });
    }
    let owner = facts.plain.owner;
    let wanted = define::Request {
        managed_by: manifest.tenant,
        name,
        description,
        authorizations: manifest.authorizations.clone(),
        eligible: manifest.eligible.clone(),
        accepted: Some(Accepted { customer: owner, plan: asked.clone() }),
        dialect,
        id,
    };
    let acceptance = match (step, wanted.id.scope().clone()) {
        (Step::First | Step::Update, Scope::Subscription(subscription)) => {
            Acceptance { version: Some(asked.version), declined: None, subscription, ..acceptance }
        }
        _ => acceptance,
    };
    let definition = define(wanted, facts.plain)?;
    Ok(Verdict { definition, step, acceptance, manifest })
}

/// The plan's version and what it gives, if all that is there for the subscription.
fn offered(
    plan: &Plan,
    offered: Option<Offered>,
    existing: Option<&Definition>,
) -> Result<(PlanVersion, Offered, Manifest), Refused> {
    let Some(asked) = plan.meant() else { return Err(Refused::NoSuchPlan(plan.clone())) };
    let gone = || {
        let own = existing.and_then(|it| it.accepted.as_ref()).map(|it| &it.plan);
        match own.filter(|it| it.plan == asked.plan && it.slot == asked.slot) {
            Some(own) => Refused::NoLongerOffered(own.clone()),
            None => Refused::NoSuchPlan(plan.clone()),
        }
    };
    let mut offered = offered.filter(|it| it.is_there).ok_or_else(gone)?;
    let manifest = offered.manifest.take();
    let manifest = manifest.ok_or_else(|| Refused::NoSuchPlan(plan.clone()))?;
    Ok((asked, offered, manifest))
}

/// The acceptance, if it stands. What is in force goes on by the terms it was taken under.
fn agreed(
    asked: &PlanVersion,
    offered: &Offered,
    acceptance: Option<Acceptance>,
) -> Result<Acceptance, Refused> {
    let standing = acceptance.filter(|it| it.terms.is_standing);
    let it = standing.ok_or_else(|| Refused::NoTerms(asked.clone()))?;
    let is_in_force = it.version == Some(asked.version);
    if it.terms.terms == offered.terms || is_in_force {
        Ok(it)
    } else {
        Err(Refused::OtherTerms(asked.clone()))
    }
}

fn step(asked: &PlanVersion, offered: &Offered, it: &Acceptance) -> Result<Step, Refused> {
    let (accepted, newest) = (it.version, offered.newest);
    match accepted {
        Some(accepted) if accepted == asked.version => Ok(Step::Again),
        Some(accepted) if asked.version == newest && newest > accepted => Ok(Step::Update),
        None if asked.version == newest => Ok(Step::First),
        Some(_) | None => Err(Refused::OtherVersion { asked: asked.clone(), accepted, newest }),
    }
}

/// A definition of the acceptance as it follows to another version.
pub fn followed(
    before: Definition,
    customer: TenantId,
    plan: &PlanVersion,
    manifest: &Manifest,
    noted: SystemData,
) -> Definition {
    let (authorizations, eligible): (Vec<Authorization>, Vec<EligibleAuthorization>) =
        (manifest.authorizations.clone(), manifest.eligible.clone());
    let accepted = Some(Accepted { customer, plan: plan.clone() });
    Definition { authorizations, eligible, accepted, system_data: noted, ..before }
}

#[cfg(test)]
mod tests;
