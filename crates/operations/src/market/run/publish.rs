//! The last steps: what was certified becomes the preview, and the preview the storefront's. Each
//! writes what the offer has, whatever the number of its customers.

use ids::offer::{PlanId, PlanName, Slot};
use market::{
    edition::moved,
    lifecycle::{Event, plan},
    lint::{Finding, offer::title_taken},
};
use model::market::{
    MarketNoun,
    form::Form,
    offer::{Audience, Distribution, Edition, PlanManifest, Stage},
    submission::{StepKind, SubmissionId},
};
use store::records::ranges::market as ranges;

use super::{
    case::{Case, Then},
    steps::{standing, worst},
};
use crate::{
    deployments::progress::Hold,
    error::Error,
    market::{
        By,
        submissions::{drop_submitted, facts::is_title_taken, put_edition},
    },
    plane::Plane,
};

/// Makes what was submitted the preview, in the place of the last one.
pub(super) async fn preview(
    plane: &Plane,
    hold: &Hold,
    id: SubmissionId,
) -> Result<Option<Then>, Error> {
    let Some(mut case) = Case::open(plane, hold, (id, StepKind::Preview)).await? else {
        return Ok(None);
    };
    let Some((edition, audiences)) = taken(&mut case, Stage::Submitted).await? else {
        return case.reject(&[], "what was submitted is gone".to_owned()).await.map(Some);
    };
    let findings = standing(&mut case).await?;
    if let Some(reason) = worst(&findings) {
        return case.reject(&findings, reason).await.map(Some);
    }
    let offer = case.id();
    drop_submitted(By::Job, &mut case.unit, &offer).await?;
    freeze(&mut case, &edition.form).await?;
    let to = Stage::Published(Slot::Preview);
    let edition = Edition { stage: to, at: case.unit.now(), ..edition };
    put_edition(By::Job, &mut case.unit, edition, moved(audiences, to)).await?;
    case.complete(None, Some(Event::Previewed)).await.map(Some)
}

/// Makes the preview what is live. Delegations born of it count for the partner that the account
/// names now.
pub(super) async fn live(
    plane: &Plane,
    hold: &Hold,
    id: SubmissionId,
) -> Result<Option<Then>, Error> {
    let Some(mut case) = Case::open(plane, hold, (id, StepKind::Live)).await? else {
        return Ok(None);
    };
    let from = Stage::Published(Slot::Preview);
    let Some((edition, audiences)) = taken(&mut case, from).await? else {
        return case.reject(&[], "the preview is gone".to_owned()).await.map(Some);
    };
    let mut findings = standing(&mut case).await?;
    findings.extend(collision(&mut case, &edition.form).await?);
    if let Some(reason) = worst(&findings) {
        return case.reject(&findings, reason).await.map(Some);
    }
    let (account, _) = case.account().await?;
    let partner = account.and_then(|it| it.partner).unwrap_or(edition.partner);
    let stopped = distribute(&mut case, &edition.form)?;
    release(&mut case, &edition.form).await?;
    let to = Stage::Published(Slot::Live);
    let edition = Edition { stage: to, partner, stopped, at: case.unit.now(), ..edition };
    put_edition(By::Job, &mut case.unit, edition, moved(audiences, to)).await?;
    case.complete(None, Some(Event::WentLive)).await.map(Some)
}

/// That another provider has gone live under the title since the preview was certified.
async fn collision(case: &mut Case<'_>, form: &Form) -> Result<Option<Finding>, Error> {
    let (id, title) = (case.id(), form.listing.title.as_str());
    let is_taken = is_title_taken(&mut case.unit, &id, title).await?;
    Ok(is_taken.then(|| title_taken(title)))
}

/// An edition and its audiences.
async fn taken(
    case: &mut Case<'_>,
    stage: Stage,
) -> Result<Option<(Edition, Vec<Audience>)>, Error> {
    let id = case.id();
    let edition = case.unit.find::<Edition>(&(id.clone(), stage)).await?;
    let Some(edition) = edition else { return Ok(None) };
    let audiences = case.unit.list::<Audience>(&ranges::audiences_of(&id, stage)).await?;
    Ok(Some((edition, audiences)))
}

/// Keeps each manifest of the form that was never in a preview. The others stay as they are:
/// certification has seen that the form does not differ from them.
async fn freeze(case: &mut Case<'_>, form: &Form) -> Result<(), Error> {
    let (offer, tenant, now) = (case.id(), case.offer.tenant, case.unit.now());
    for plan in &form.plans {
        let id = PlanId { offer: offer.clone(), name: plan.name.clone() };
        for it in &plan.manifests {
            if case.unit.find::<PlanManifest>(&(id.clone(), it.version)).await?.is_some() {
                continue;
            }
            let manifest = PlanManifest {
                plan: id.clone(),
                tenant,
                version: it.version,
                manifest: it.manifest.clone(),
                previewed: now,
                live: None,
            };
            By::Job.put(&mut case.unit, MarketNoun::PlanManifest(manifest)).await?;
        }
    }
    Ok(())
}

/// Notes since when each manifest of the form is live.
async fn release(case: &mut Case<'_>, form: &Form) -> Result<(), Error> {
    let (offer, now) = (case.id(), case.unit.now());
    for plan in &form.plans {
        let id = PlanId { offer: offer.clone(), name: plan.name.clone() };
        for it in &plan.manifests {
            let found = case.unit.find::<PlanManifest>(&(id.clone(), it.version)).await?;
            if let Some(it) = found.filter(|it| it.live.is_none()) {
                let it = PlanManifest { live: Some(now), ..it };
                By::Job.put(&mut case.unit, MarketNoun::PlanManifest(it)).await?;
            }
        }
    }
    Ok(())
}

/// Says of each plan of the form that it is out there, and answers which ones nobody new may take.
fn distribute(case: &mut Case<'_>, form: &Form) -> Result<Vec<PlanName>, Error> {
    let mut stopped = Vec::new();
    for plan in &form.plans {
        let Some(facts) = case.offer.plans.get_mut(&plan.name) else { continue };
        if let Some(after) = plan::next(facts.distribution, plan::Event::WentLive, 0)? {
            facts.distribution = after;
        }
        if facts.distribution == Distribution::Stopped {
            stopped.push(plan.name.clone());
        }
    }
    Ok(stopped)
}
