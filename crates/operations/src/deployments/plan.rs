//! A template made ready to run. Expanding one may take a while and reads nothing of the store,
//! so it happens beside the threads that serve requests.

use std::sync::Arc;

use crate::{error::Error, turns::Turns};
use ids::{clock::Random, guid::TenantId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use template::{
    context::Context,
    document::Template,
    expand::{Plan, expand},
    parameters::{Fresh, Parameters, bind},
    refused::Refused,
};

/// What a run needs beside its record: with secure parameters in it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) parameters: Parameters,
    pub(super) facts: Context,
}

/// A template that was understood.
#[derive(Debug)]
pub(super) struct Laid {
    pub(super) template: Template,
    pub(super) kept: Kept,
    pub(super) plan: Plan,
}

/// Reads a template and its parameters for the first time.
pub(super) fn first(
    document: &Value,
    supplied: &Value,
    facts: Context,
    now: Timestamp,
    random: &dyn Random,
) -> Result<Laid, Refused> {
    let template = Template::parse(document)?;
    let new_guid = || random.uuid();
    let parameters = bind(&template, supplied, &facts, Fresh { now, new_guid: &new_guid })?;
    let plan = expand(&template, &parameters, &facts)?;
    Ok(Laid { template, kept: Kept { parameters, facts }, plan })
}

/// The same plan again: an expansion asks nothing but what is kept.
pub(super) fn again(document: &Value, kept: Kept) -> Result<Laid, Refused> {
    let template = Template::parse(document)?;
    let plan = expand(&template, &kept.parameters, &kept.facts)?;
    Ok(Laid { template, kept, plan })
}

/// So many templates are laid out at a time, one of each tenant: each may take some hundred
/// megabytes while it is, and who comes later waits.
static LAYING: Turns = Turns::new(2);

/// Does pure work of a tenant's that may take long where it holds nobody up.
pub(super) async fn aside<T: Send + 'static>(
    tenant: TenantId,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Error> {
    Ok(LAYING.aside(tenant, work).await?)
}

/// The hash that ARM shows: of the template as it was understood, without its white space.
pub(super) fn hash(document: &Value) -> String {
    let text = document.to_string();
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
    let first = digest.as_ref().first_chunk::<8>().copied().unwrap_or_default();
    u64::from_be_bytes(first).to_string()
}

/// What all those who work on one template share.
pub(super) type Shared = Arc<Laid>;

#[cfg(test)]
mod tests {
    use std::sync::{Mutex, mpsc};

    use model::samples::{CUSTOMER, PROVIDER};
    use uuid::Uuid;

    use super::*;

    #[tokio::test]
    async fn two_templates_are_laid_out_at_a_time_and_each_keeps_its_turn_to_its_end() {
        let (started, mut starts) = tokio::sync::mpsc::channel(4);
        let (release, released) = mpsc::channel::<()>();
        let released = Arc::new(Mutex::new(released));
        let begin = |tenant| {
            let (started, released) = (started.clone(), Arc::clone(&released));
            tokio::spawn(aside(tenant, move || {
                started.blocking_send(()).unwrap();
                released.lock().unwrap().recv().unwrap();
            }))
        };
        let (first, second) = (begin(CUSTOMER), begin(PROVIDER));
        starts.recv().await.unwrap();
        starts.recv().await.unwrap();

        first.abort();
        assert!(first.await.unwrap_err().is_cancelled());
        let third = begin(TenantId::new(Uuid::nil()));
        let again = begin(PROVIDER);
        for _ in 0..8 {
            tokio::task::yield_now().await;
        }
        assert!(starts.try_recv().is_err(), "work that nobody waits for still takes its turn");

        release.send(()).unwrap();
        starts.recv().await.unwrap();
        for _ in 0..3 {
            release.send(()).unwrap();
        }
        second.await.unwrap().unwrap();
        third.await.unwrap().unwrap();
        again.await.unwrap().unwrap();
    }
}
