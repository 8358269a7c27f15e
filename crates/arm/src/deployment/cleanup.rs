//! The deletions that a deployment in complete mode ends with, each judged as its caller's own.

use model::deployment::Step;
use operations::{
    deployments::{cleanup, progress, run::Run, steps},
    error::Error,
};
use serde_json::Value;

use super::{
    client::{Call, Client, error_of, newest},
    run::{Done, Left, NOTES_MAX, Runner, begin, settle},
};
use crate::request::Method;

impl Runner<'_> {
    /// Deletes what is to go. Answers something where the whole run is left with it.
    pub(super) async fn clean(&mut self, run: &mut Run) -> Result<Option<Left>, Error> {
        if run.record.cleanup.is_none() {
            run.record.cleanup = Some(cleanup::plan(self.plane, &run.record).await?);
            if !self.note(run).await? {
                return self.over(run).await.map(Some);
            }
        }
        let often = 1 + deletions(run).len() / NOTES_MAX;
        let mut unnoted = 0;
        while let Some(at) = steps::next(deletions(run)) {
            if self.is_stopping() {
                self.note(run).await?;
                return Ok(Some(Left::Stopped));
            }
            if progress::is_over(self.plane, &run.record).await? {
                return self.over(run).await.map(Some);
            }
            self.hold.renew(self.plane).await?;
            begin(self.plane, deletion(run, at));
            let done = self.delete(run, at).await;
            settle(self.plane, deletion(run, at), &done);
            unnoted += 1;
            if unnoted >= often {
                unnoted = 0;
                if !self.note(run).await? {
                    return self.over(run).await.map(Some);
                }
            }
        }
        Ok(None)
    }

    async fn delete(&self, run: &Run, at: usize) -> Done {
        let Some(step) = deletions(run).get(at) else { return Done::ok(204) };
        let (path, version) = (step.target.to_string(), newest(&step.target));
        let client = Client { plane: self.plane, deployment: &run.record };
        let call =
            Call { method: Method::Delete, path: &path, version: &version, body: Value::Null };
        let response = client.call(call).await;
        match response.status {
            status @ 200..=299 => Done::ok(status),
            status => Done::failed(status, error_of(&response)),
        }
    }
}

/// The deletions that failed, as ARM's error; none where all went.
pub(super) fn failed(run: &Run) -> Option<Value> {
    let failures = steps::failures(deletions(run));
    let id = run.record.id.to_string();
    (!failures.is_empty()).then(|| cleanup::failed(&id, &failures))
}

fn deletions(run: &Run) -> &[Step] {
    run.record.cleanup.as_deref().unwrap_or_default()
}

fn deletion(run: &mut Run, at: usize) -> Option<&mut Step> {
    run.record.cleanup.as_mut()?.get_mut(at)
}
