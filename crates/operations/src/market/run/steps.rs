//! A submission's steps, one after the other, each judged by what is so at that moment.

use ids::offer::Slot;
use jiff::SignedDuration;
use market::lint::{
    Finding,
    offer::test_lead,
    publish,
    rules::{self, Severity},
};
use model::market::{
    offer::{Edition, Stage},
    submission::{StepKind, Submission, SubmissionId},
};

use super::{
    Means,
    case::{Case, Then},
    certify, publish as publishing,
};
use crate::{
    deployments::progress::Hold,
    error::Error,
    market::{
        day,
        leads::{Unsent, address, test},
        submissions::decide,
    },
    plane::{Plane, retry},
};

/// How long after each attempt a test lead is sent once more: whoever publishes waits for it.
const PAUSES_SECONDS: [i64; 2] = [10, 60];

/// Takes the steps of the submission that a job is about, until it ends or waits for somebody.
pub(super) async fn advance(plane: &Plane, means: &Means, mut hold: Hold) -> Result<(), Error> {
    let Some((id, _)) = of_job(&hold) else { return hold.finish(plane).await };
    loop {
        hold.renew(plane).await?;
        let found = plane.store.snapshot().await?.find::<Submission>(&id).await?;
        let Some(kind) = found.as_ref().and_then(decide::due) else {
            return hold.finish(plane).await;
        };
        let then = match kind {
            StepKind::Prerequisites => retry(|| prerequisites(plane, &hold, id)).await?,
            StepKind::Certification => retry(|| certify::certify(plane, means, &hold, id)).await?,
            StepKind::Leads => leads(plane, means, &mut hold, id).await?,
            StepKind::Preview => retry(|| publishing::preview(plane, &hold, id)).await?,
            StepKind::Live => retry(|| publishing::live(plane, &hold, id)).await?,
            StepKind::PublisherSignOff => None,
        };
        match then {
            Some(Then::Next) => {}
            Some(Then::Left) => return Ok(()),
            // Somebody called it back meanwhile, or removed it.
            None => return hold.finish(plane).await,
        }
    }
}

fn of_job(hold: &Hold) -> Option<(SubmissionId, u32)> {
    let read = |name: &str| hold.job.state.get(name).cloned();
    let id = serde_json::from_value(read("submission")?).ok()?;
    let attempts = read("attempts").and_then(|it| serde_json::from_value(it).ok());
    Some((id, attempts.unwrap_or_default()))
}

/// Whether the account may publish.
async fn prerequisites(
    plane: &Plane,
    hold: &Hold,
    id: SubmissionId,
) -> Result<Option<Then>, Error> {
    let Some(mut case) = Case::open(plane, hold, (id, StepKind::Prerequisites)).await? else {
        return Ok(None);
    };
    let findings = standing(&mut case).await?;
    let then = match worst(&findings) {
        Some(reason) => case.reject(&findings, reason).await?,
        None => case.complete(None, None).await?,
    };
    Ok(Some(then))
}

/// What is against the account at this moment.
pub(super) async fn standing(case: &mut Case<'_>) -> Result<Vec<Finding>, Error> {
    let (account, verification) = case.account().await?;
    let Some(account) = account else {
        let reason = "there is no publisher account any more".to_owned();
        return Ok(vec![Finding {
            rule: &rules::NOT_ENROLLED,
            field: "account".to_owned(),
            reason,
        }]);
    };
    let (verification, day) = (verification.as_ref(), day(case.unit.now()));
    let facts = publish::Facts { account: &account, verification, day, is_running: false };
    Ok(publish::lint(&[], &facts))
}

/// The first error, in words.
pub(super) fn worst(findings: &[Finding]) -> Option<String> {
    let mut errors = findings.iter().filter(|it| it.rule.severity == Severity::Error);
    errors.next().map(|it| format!("{}: {}", it.rule.id, it.reason))
}

/// Sends a test lead to where leads will go, and goes on once it was taken.
async fn leads(
    plane: &Plane,
    means: &Means,
    hold: &mut Hold,
    id: SubmissionId,
) -> Result<Option<Then>, Error> {
    let attempts = of_job(hold).map_or(0, |(_, attempts)| attempts);
    let snapshot = plane.store.snapshot().await?;
    let Some(submission) = snapshot.find::<Submission>(&id).await? else { return Ok(None) };
    let stage = match submission.target {
        Slot::Preview => Stage::Submitted,
        Slot::Live => Stage::Published(Slot::Preview),
    };
    let edition = snapshot.find::<Edition>(&(submission.offer.clone(), stage)).await?;
    drop(snapshot);
    let url = edition.map(|it| address::of(plane, &it)).transpose()?.flatten();
    let now = plane.store.now();
    let lead = test::lead(plane.random.uuid_at(now), &submission.offer, submission.tenant, now);
    let answer = match &url {
        Some(url) => {
            let sending = async { Ok(means.sender.send(url, &lead).await) };
            hold.keeping(plane, sending).await?
        }
        None => Err(Unsent::Address),
    };
    retry(|| heard(plane, hold, id, (answer, attempts))).await
}

async fn heard(
    plane: &Plane,
    hold: &Hold,
    id: SubmissionId,
    (answer, attempts): (Result<u16, Unsent>, u32),
) -> Result<Option<Then>, Error> {
    let Some(case) = Case::open(plane, hold, (id, StepKind::Leads)).await? else {
        return Ok(None);
    };
    let finding = match answer {
        Ok(status) => test_lead(status),
        Err(unsent) => Some(Finding {
            rule: &rules::LEAD_REFUSED,
            field: "setup.customerLeads".to_owned(),
            reason: unsent.to_string(),
        }),
    };
    let Some(finding) = finding else { return case.complete(None, None).await.map(Some) };
    let reason = finding.reason.clone();
    let made = usize::try_from(attempts).unwrap_or(usize::MAX);
    let then = match PAUSES_SECONDS.get(made) {
        Some(seconds) => {
            let pause = SignedDuration::from_secs(*seconds);
            case.again(attempts.saturating_add(1), reason, pause).await?
        }
        None => case.reject(&[finding], reason).await?,
    };
    Ok(Some(then))
}
