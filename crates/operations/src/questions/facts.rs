//! The facts that a question is asked of, and the way of every answer out.

use access::index::Index;
use jiff::Timestamp;
use model::directory::OPERATORS;
use store::past::{Past, Point};

use super::{Asker, At, Told, sight::Sight};
use crate::{error::Error, plane::Plane, turns::Turns};

/// In how many turns the past is made out of the journal, which takes some seconds where it lies
/// far back.
static LOOKING_BACK: Turns = Turns::new(1);

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
    let past = match at {
        Some(point) => Some(look_back(plane, asker, point).await?),
        None => None,
    };
    let answer = |live: &Index, ()| {
        judge(live)?;
        let facts = match &past {
            Some(Past { index, now }) => Facts { index, now: *now },
            None => Facts { index: live, now: plane.store.now() },
        };
        let value = read(&Sight::new(plane, asker, live, facts)?)?;
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

async fn look_back(plane: &Plane, asker: Asker<'_>, point: Point) -> Result<Past, Error> {
    let tenant = match asker {
        Asker::Caller(context) => context.caller.principal.tenant,
        Asker::Folder => OPERATORS,
    };
    let _turn = LOOKING_BACK.take(tenant).await?;
    Ok(plane.store.past(point).await?)
}
