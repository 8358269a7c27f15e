//! The facts that a question is asked of, and the way of every answer out.

use std::sync::Arc;

use access::index::Index;
use ids::guid::TenantId;
use jiff::Timestamp;
use model::directory::OPERATORS;
use store::{
    error::StoreError,
    past::{Past, Point},
};
use tokio::runtime::{Handle, RuntimeFlavor};

use super::{Asker, At, Refused, Told, looks::Looks, sight::Sight};
use crate::{
    error::Error,
    plane::Plane,
    turns::{Turn, Turns},
};

/// In how many turns the past is asked. It is made out of the journal, which takes some seconds where
/// it lies far back, and may be as large as all that is so now: one is in use at a time.
static LOOKING_BACK: Turns = Turns::new(1);

/// How often each caller has looked back lately.
static LOOKS: Looks = Looks::new();

/// Some questions look through much: so many at a time, and one of each tenant's.
static ASKING: Turns = Turns::new(2);

/// The facts, and the time by which they are judged.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    pub index: &'a Index,
    pub now: Timestamp,
}

/// Answers by the facts of that point, or of now. Whatever they are of, what the asker may hear is
/// judged by facts of now, before anything is looked for and again as the answer is released.
pub async fn ask<T>(
    plane: &Plane,
    asker: Asker<'_>,
    at: At,
    read: impl FnOnce(&Sight<'_>) -> Result<T, Error>,
) -> Result<Told<T>, Error> {
    let judge = |live: &Index| match asker {
        Asker::Caller(context) => plane.shown(live, context, &context.question),
        Asker::Folder => Ok(()),
    };
    judge(&plane.index())?;
    let tenant = match asker {
        Asker::Caller(context) => context.caller.principal.tenant,
        Asker::Folder => OPERATORS,
    };
    let past = match at {
        Some(point) => {
            if let Asker::Caller(context) = asker {
                // By the machine's time: who sets Fyr's clock ahead makes no machine faster.
                let now = plane.clock.outside();
                LOOKS.take(context.caller.principal, now).map_err(Refused::Often)?;
            }
            Some(look_back(plane, tenant, point).await?)
        }
        None => None,
    };
    let _turn = ASKING.take(tenant).await?;
    let answer = |live: &Index, ()| {
        judge(live)?;
        let facts = match &past {
            Some((Past { index, now }, _)) => Facts { index, now: *now },
            None => Facts { index: live, now: plane.store.now() },
        };
        let sight = Sight::new(plane, asker, live, facts)?;
        let value = aside(|| read(&sight))?;
        let known = &facts.index.settings().roles_digest;
        Ok::<_, Error>(Told {
            value,
            revision: facts.index.revision(),
            moment: facts.now,
            roles_are_newer: !known.is_empty() && known != facts.index.catalogue().digest(),
        })
    };
    plane.store.snapshot().await?.seal(()).open(&plane.store, answer).await
}

/// The facts of that point, and the turn to ask them, which lasts as long as they are held.
async fn look_back(
    plane: &Plane,
    tenant: TenantId,
    point: Point,
) -> Result<(Past, Turn<'static>), Error> {
    let store = Arc::clone(&plane.store);
    // The work keeps its turn, even if nobody waits for it any more.
    let looking = tokio::spawn(async move {
        let turn = LOOKING_BACK.take(tenant).await?;
        Ok::<_, Error>((store.past(point).await?, turn))
    });
    looking.await.map_err(StoreError::unavailable)?
}

/// Reads what may take long where it holds up none of the other tasks of its thread.
fn aside<T>(read: impl FnOnce() -> T) -> T {
    match Handle::try_current().map(|it| it.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(read),
        Ok(_) | Err(_) => read(),
    }
}
