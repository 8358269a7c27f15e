//! `PUT` of a deployment, and `POST …/validate`, which looks as closely and does nothing.

use std::sync::Arc;

use ids::{
    guid::{OperationId, TenantId},
    resource::DeploymentId,
    scope::Scope,
};
use jiff::{SignedDuration, Timestamp};
use model::{
    change::{Change, Noun},
    deployment::{Deployment, Link, Mode, ProvisioningState, Step, StepState},
    event::Actor,
    tree::Tags,
};
use serde_json::Value;
use store::{
    ephemeral::Ephemeral,
    error::StoreError,
    jobs::{Job, JobId},
    unit::Unit,
};
use template::{context, expand::Body, lenient};

use super::{JOB, Refused, bound, family, history, kept, plan, refused::Wrong, state};
use crate::{
    context::Context,
    error::Error,
    groups,
    plane::{Plane, retry},
    policies,
    put::Put,
    scopes,
    status::{self, Outcome},
};

/// ARM's own bound.
pub(super) const NAME_CHARS_MAX: usize = 64;
/// The longest piece of a request that a message repeats.
const DETAIL_CHARS_MAX: usize = 64;
/// A deployment that has not ended by then never will.
const RUN_KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);

/// A deployment, as a request describes it.
#[derive(Debug)]
pub struct Start {
    pub id: DeploymentId,
    pub location: Option<String>,
    pub tags: Tags,
    pub mode: Mode,
    pub template: Value,
    /// Where the template was found, if it was not sent along.
    pub link: Option<Link>,
    /// `{name: {value}}`.
    pub parameters: Value,
    /// `debugSetting.detailLevel`.
    pub debug: Option<String>,
    /// Whether another deployment is to follow if this one fails.
    pub otherwise: bool,
    /// What the template may know of the place it is deployed to.
    pub facts: context::Context,
    /// The request as it was sent, to tell where in it something is wrong.
    pub text: String,
    /// The deployment that this one is a step of: its run goes on as a part of that one's.
    pub parent: Option<DeploymentId>,
}

/// Begins to deploy, in one unit: the record, what can be polled, and the job. A refusal leaves
/// nothing.
pub async fn start(
    plane: &Plane,
    context: &Context,
    start: Start,
) -> Result<Put<Deployment>, Error> {
    let (start, laid) = lay(plane, context, start).await?;
    let fresh = record(plane, context, &start, &laid)?;
    foresee(plane, context, &fresh, &laid).await?;
    let private = serde_json::to_string(&laid.kept).map_err(StoreError::corrupt)?;
    retry(|| once(plane, context, fresh.clone(), &private)).await
}

/// The deployment that [`start`] would begin, as far as it can be judged without running it.
pub async fn validate(plane: &Plane, context: &Context, start: Start) -> Result<Deployment, Error> {
    let (start, laid) = lay(plane, context, start).await?;
    let mut fresh = record(plane, context, &start, &laid)?;
    let mut unit = plane.begin(context);
    let existing = unit.find::<Deployment>(&start.id).await?;
    settle(&mut fresh, existing.as_ref(), unit.now())?;
    foresee(plane, context, &fresh, &laid).await?;
    may_clean(&mut unit, &fresh).await?;
    plane.commit(context, unit, 200).await?;
    Ok(fresh)
}

/// Refuses what policies would refuse of its steps, as far as that can be told before they are
/// taken.
async fn foresee(
    plane: &Plane,
    context: &Context,
    fresh: &Deployment,
    laid: &plan::Laid,
) -> Result<(), Error> {
    let ready = |(step, laid): (&Step, &template::expand::Step)| match &laid.body {
        Body::Ready(body) if !step.existing => Some((step.target.clone(), body.clone())),
        Body::Ready(_) | Body::Deferred { .. } => None,
    };
    let planned: Vec<(Scope, Value)> =
        fresh.steps.iter().zip(&laid.plan.steps).filter_map(ready).collect();
    let refused = policies::enforce::foresee(plane, context, &planned).await?;
    if refused.is_empty() { Ok(()) } else { Err(Error::Foreseen(refused)) }
}

async fn once(
    plane: &Plane,
    context: &Context,
    mut fresh: Deployment,
    private: &str,
) -> Result<Put<Deployment>, Error> {
    let mut unit = plane.begin(context);
    scopes::exists(&mut unit, fresh.id.scope()).await?;
    let existing = unit.find::<Deployment>(&fresh.id).await?;
    settle(&mut fresh, existing.as_ref(), unit.now())?;
    keeps_whole(&mut unit, &fresh, existing.as_ref()).await?;
    goes_on(&mut unit, fresh.parent.as_ref()).await?;
    may_clean(&mut unit, &fresh).await?;
    if existing.is_none() {
        history::make_room(plane, &mut unit, &fresh).await?;
    }
    fresh.started = unit.now();
    fresh.operation = status::note(plane, context, &mut unit, Outcome::Running);
    keep(plane, &mut unit, &fresh, private);
    if fresh.parent.is_none() {
        unit.enqueue(job(plane, &fresh));
    }
    let change = Change::Put(Noun::Deployment(fresh.clone()));
    unit.apply(plane.permit(context, &change)?, change)?;
    let put = match existing {
        Some(_) => Put::Updated(fresh),
        None => Put::Created(fresh),
    };
    plane.commit(context, unit, put.status()).await?;
    Ok(put)
}

/// A deployment inside one that still runs is replaced by that run alone: the run counts on it.
async fn keeps_whole(
    unit: &mut Unit,
    fresh: &Deployment,
    existing: Option<&Deployment>,
) -> Result<(), Error> {
    let Some(old) = existing else { return Ok(()) };
    let same = old.parent == fresh.parent && old.correlation == fresh.correlation;
    match family::unfinished(unit, old).await? {
        Some(around) if !same => {
            Err(Refused::Active { name: around.id.name().clone(), since: around.started }.into())
        }
        Some(_) | None => Ok(()),
    }
}

/// Seals what the run needs and nobody else may read.
fn keep(plane: &Plane, unit: &mut Unit, fresh: &Deployment, private: &str) {
    let operation = fresh.operation;
    let sealed = plane.seal.close(&*plane.random, &bound(operation), private);
    let expires = unit.now().saturating_add(RUN_KEPT).unwrap_or(unit.now());
    unit.keep(Ephemeral { key: kept(operation), value: Value::String(sealed), expires });
}

/// Where operations are to take a while, it is begun only then: what it makes is not there before.
fn job(plane: &Plane, fresh: &Deployment) -> Job {
    Job {
        id: JobId(fresh.operation.raw()),
        kind: JOB.to_owned(),
        actor: fresh.actor.clone(),
        correlation: fresh.correlation,
        due: plane.settled(fresh.started),
        state: state(&fresh.id, fresh.operation),
    }
}

/// What the request says by itself, then what its template says.
async fn lay(
    plane: &Plane,
    context: &Context,
    start: Start,
) -> Result<(Arc<Start>, plan::Laid), Error> {
    sound(&start)?;
    let start = Arc::new(start);
    let (work, now, random) = (Arc::clone(&start), plane.store.now(), Arc::clone(&plane.random));
    let laid = plan::aside(context.caller.principal.tenant, move || {
        plan::first(&work.template, &work.parameters, work.facts.clone(), now, &*random)
            .map_err(|refused| wrong(&work.text, refused))
    });
    Ok((start, laid.await??))
}

fn wrong(text: &str, refused: template::refused::Refused) -> Refused {
    let inside = refused.path().and_then(|path| {
        let path: Vec<&str> =
            ["properties", "template"].into_iter().chain(path.iter().map(String::as_str)).collect();
        lenient::locate(text, &path)
    });
    Refused::Template(Box::new(Wrong { refused, position: inside }))
}

fn sound(start: &Start) -> Result<(), Refused> {
    let name = start.id.name();
    let text = name.as_str();
    if text.chars().count() > NAME_CHARS_MAX {
        return Err(Refused::NameLength(name.clone()));
    }
    if !text.chars().all(|c| c.is_alphanumeric() || "-_.()".contains(c)) {
        return Err(Refused::NameCharacters(name.clone()));
    }
    let group = matches!(start.id.scope(), Scope::ResourceGroup(..));
    if start.mode == Mode::Complete && (!group || start.parent.is_some()) {
        return Err(Refused::Complete);
    }
    if start.otherwise {
        return Err(Refused::Otherwise);
    }
    let levels = start.debug.iter().flat_map(|level| level.split(',')).map(str::trim);
    if let Some(level) = levels.into_iter().find(|level| !is_level(level)) {
        return Err(Refused::DetailLevel(level.chars().take(DETAIL_CHARS_MAX).collect()));
    }
    match start.id.scope() {
        Scope::Resource(_) => Err(Refused::Scope),
        // A group's deployments are where the group is.
        Scope::ResourceGroup(..) => Ok(()),
        Scope::Tenant(_) | Scope::ManagementGroup(..) | Scope::Subscription(_) => {
            let given = groups::location(start.location.as_deref())?.is_some();
            if given { Ok(()) } else { Err(Refused::NoLocation(name.clone())) }
        }
    }
}

fn is_level(level: &str) -> bool {
    const LEVELS: [&str; 3] = ["none", "requestContent", "responseContent"];
    LEVELS.iter().any(|known| known.eq_ignore_ascii_case(level))
}

/// A step of a deployment that was stopped meanwhile begins nothing.
async fn goes_on(unit: &mut Unit, parent: Option<&DeploymentId>) -> Result<(), Error> {
    let Some(id) = parent else { return Ok(()) };
    let parent = unit.find::<Deployment>(id).await?;
    let runs = parent.is_some_and(|it| !it.state.is_final());
    if runs { Ok(()) } else { Err(Refused::Over(id.name().clone()).into()) }
}

/// What lies under a lock is not deleted, so nothing is begun that must end with deleting it.
async fn may_clean(unit: &mut Unit, fresh: &Deployment) -> Result<(), Error> {
    let scope = fresh.id.scope();
    match (fresh.mode, scope.resource_group()) {
        (Mode::Complete, Some(name)) if history::is_locked(unit, scope).await? => {
            Err(Refused::Locked(name.clone()).into())
        }
        (Mode::Complete | Mode::Incremental, _) => Ok(()),
    }
}

/// What the deployment of that name that is there says to a new one.
fn settle(
    fresh: &mut Deployment,
    existing: Option<&Deployment>,
    now: Timestamp,
) -> Result<(), Refused> {
    let Some(before) = existing else { return Ok(()) };
    let name = before.id.name().clone();
    let lost = now.duration_since(before.started) > RUN_KEPT;
    if !before.state.is_final() && !lost {
        return Err(Refused::Active { name, since: before.started });
    }
    match (&fresh.location, &before.location) {
        (Some(wanted), Some(is)) if wanted != is => {
            Err(Refused::OtherLocation { name, wanted: wanted.clone(), is: is.clone() })
        }
        _ => {
            fresh.id = before.id.clone();
            Ok(())
        }
    }
}

fn record(
    plane: &Plane,
    context: &Context,
    start: &Start,
    laid: &plan::Laid,
) -> Result<Deployment, Refused> {
    let at_group = matches!(start.id.scope(), Scope::ResourceGroup(..));
    let location = groups::location(start.location.as_deref())?.filter(|_| !at_group);
    let Value::Object(parameters) = laid.kept.parameters.shown(&laid.template) else {
        return Err(Refused::Scope);
    };
    let home = start.id.scope().tenant().unwrap_or(context.caller.principal.tenant);
    Ok(Deployment {
        id: start.id.clone(),
        location,
        tags: groups::tags(start.tags.clone())?,
        mode: start.mode,
        state: ProvisioningState::Accepted,
        operation: OperationId::new(plane.random.uuid()),
        parent: start.parent.clone(),
        actor: Actor::Caller(context.caller.clone()),
        correlation: context.correlation,
        started: plane.store.now(),
        finished: None,
        template: start.template.clone(),
        link: start.link.clone(),
        parameters,
        template_hash: plan::hash(&start.template),
        debug: start.debug.clone(),
        steps: steps(plane, &laid.plan, home)?,
        cleanup: None,
        outputs: None,
        error: None,
    })
}

/// Whether a deployment inside this one asks for what only the outermost may do.
fn is_complete(body: &Body) -> bool {
    let Body::Ready(body) = body else { return false };
    let mode = body.pointer("/properties/mode").and_then(Value::as_str);
    mode.is_some_and(|mode| mode.eq_ignore_ascii_case(Mode::Complete.as_str()))
}

fn steps(
    plane: &Plane,
    plan: &template::expand::Plan,
    home: TenantId,
) -> Result<Vec<Step>, Refused> {
    let now = plane.store.now();
    plan.steps
        .iter()
        .map(|step| {
            if is_complete(&step.body) && step.child.is_some() {
                return Err(Refused::Complete);
            }
            let bad = |reason: String| Refused::Target { id: step.id.clone(), reason };
            let target = Scope::parse(&step.id, home).map_err(|bad_id| bad(bad_id.to_string()))?;
            Ok(Step {
                operation: OperationId::new(plane.random.uuid()),
                target,
                api_version: step.api_version.clone(),
                existing: step.existing,
                after: step.depends_on.clone(),
                state: StepState::Waiting,
                timestamp: now,
                finished: None,
                status: None,
                error: None,
            })
        })
        .collect()
}
