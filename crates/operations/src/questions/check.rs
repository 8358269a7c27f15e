//! Whether somebody may do something: many such questions at once.

use ids::guid::Principal;
use model::question::Question;

use super::{Asker, At, Refused, Told, facts::ask};
use crate::{error::Error, plane::Plane};

/// So many questions are answered at once.
pub const QUESTIONS_MAX: usize = 1_000;

/// Whether somebody may do that there, by any grant or to what a resource holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub who: Principal,
    pub question: Question,
}

/// The answers in the order of the questions, all by the same facts. One that is not the asker's
/// to ask refuses all.
pub async fn check(
    plane: &Plane,
    asker: Asker<'_>,
    at: At,
    asked: &[Asked],
) -> Result<Told<Vec<bool>>, Error> {
    if asked.len() > QUESTIONS_MAX {
        return Err(Refused::TooMany(QUESTIONS_MAX).into());
    }
    ask(plane, asker, at, |sight| {
        let one = |Asked { who, question }: &Asked| {
            sight.at(&question.scope)?;
            sight.own(*who, &question.scope)?;
            let verdict = sight.facts.index.check_within(*who, question, sight.facts.now);
            Ok(verdict.is_allowed())
        };
        asked.iter().map(one).collect()
    })
    .await
}
