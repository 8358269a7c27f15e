//! What enforcement points ask: whether somebody may do something, who may, to what, and what
//! else they may there.
//!
//! Whoever asks about others needs leave at the place that the question is about
//! ([`decide::DECISIONS_READ`]); about oneself everybody may ask. An answer is by facts as new as
//! every change that was acknowledged before the question came, and what is listed is judged again
//! by facts as new as itself. What is not known, and what is another's, is answered alike: no.
//!
//! Start with [`moment::Moment`]; how things are called is in [`language`].

use ids::{clock::Revision, scope::Scope};
use model::{
    action::Action,
    question::{Question, Via},
};

use crate::{context::Context, error::Error, plane::Plane, roles::explain, turns::Turns};

pub mod actions;
pub mod decide;
pub mod known;
pub mod language;
pub mod moment;
pub mod resources;
pub mod subjects;

use decide::{DECISIONS_READ, Subject};
use language::{Asked, Language};
use moment::Moment;

/// Searches look through much: so many at a time, and one of each tenant's.
static TURNS: Turns = Turns::new(2);

/// A part of what a search finds, and where the next begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed<T> {
    pub items: Vec<T>,
    pub next: Option<String>,
    pub revision: Revision,
}

/// Which part is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Where the part before ended, as it said itself.
    pub after: Option<String>,
    pub limit: usize,
}

/// Why the answer is what it is, for whoever may be told; with what the answer was then. Of several
/// questions that the operation takes, the one that tells most is explained.
pub async fn reason(
    plane: &Plane,
    context: &Context,
    language: &Language,
    (moment, asked): (&Moment, &Asked),
) -> Result<Option<(bool, String)>, Error> {
    let Subject { who, kind, is_own } = moment.subject(&asked.subject);
    let ways = language.ways(asked, context.caller.principal.tenant);
    let (Some(who), Some(_), true, Some(ways)) = (who, kind, is_own, ways) else {
        return Ok(None);
    };
    let Some(question) = moment.facts().telling(who, &ways).cloned() else { return Ok(None) };
    // The request's own question is none about the place: this one is, and is asked as well.
    let (action, scope) = (Action::ROLE_ASSIGNMENTS_READ, question.scope.clone());
    let needed = Question { action, scope, via: Via::Direct };
    let context = Context { question: needed, ..context.clone() };
    let asked = explain::Asked { who: who.object, question };
    match explain::explain(plane, &context, asked).await {
        Ok(explain::Told { explanation, .. }) => {
            let answer = explain::words::answer(&explanation);
            Ok(Some((explanation.verdict.is_allowed(), answer)))
        }
        Err(Error::Denied(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// What stands for the question of a request whose own questions are in its body.
pub fn question(scope: Scope) -> Question {
    Question::any(DECISIONS_READ, scope)
}
