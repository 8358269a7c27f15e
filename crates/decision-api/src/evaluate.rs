//! Whether somebody may: once, or several times by the facts of one moment.

use operations::decisions::{
    self,
    decide::Answer as Said,
    language::{Asked, SubjectName},
    moment::Moment,
};
use wire::authzen::{
    BadRequest, Batch, ContextBody, DecisionBody, ErrorBody, Evaluation, Evaluations,
    EvaluationsBody, ReasonBody,
};

use crate::{
    answer::Answer,
    failure::Failure,
    front_door::Ask,
    search::{action, resource, subject},
};

/// So many answers of one request are explained: an explanation looks at all that stands at a place
/// and around it, an answer at next to nothing.
const EXPLAINED_MAX: usize = 20;
/// What stands for the reason of the others.
const NOT_EXPLAINED: &str = "Not explained: a request has the first 20 explanations that it asks for. Ask again about this one alone.";
/// What whoever was to be let in may be told.
const YES: &str = "You may do this.";
const NO: &str = "You may not do this. Ask whoever manages access there for a role that allows it.";

/// One question.
pub(crate) async fn one(ask: &Ask<'_>, asked: Evaluation) -> Result<Answer, Failure> {
    let (asked, reasons) = meant(asked);
    let moment = open(ask, std::iter::once(&asked.subject)).await?;
    match moment.answer(&ask.language, &asked) {
        Said::NoLeave => Err(Failure::NoLeave),
        said @ (Said::Yes | Said::No) => {
            Answer::decision(&told(ask, &moment, (&asked, reasons), said).await?)
        }
    }
}

/// Several questions. What a question lacks, or the leave to ask it, is said with its own answer.
pub(crate) async fn several(ask: &Ask<'_>, asked: Evaluations) -> Result<Answer, Failure> {
    let Batch { semantic, items } = match asked {
        Evaluations::One(asked) => return one(ask, asked).await,
        Evaluations::Many(batch) => batch,
    };
    let items: Vec<Result<(Asked, bool), BadRequest>> =
        items.into_iter().map(|item| item.map(meant)).collect();
    let subjects = items.iter().filter_map(|item| item.as_ref().ok()).map(|(it, _)| &it.subject);
    let moment = open(ask, subjects).await?;
    let mut evaluations = Vec::with_capacity(items.len());
    let mut explained = 0_usize;
    for item in &items {
        let body = match item {
            Err(bad) => failed(&moment, &Failure::Body(bad.clone())),
            Ok((asked, reasons)) => match moment.answer(&ask.language, asked) {
                Said::NoLeave => failed(&moment, &Failure::NoLeave),
                said @ (Said::Yes | Said::No) if *reasons && explained >= EXPLAINED_MAX => {
                    unexplained(&moment, said)
                }
                said @ (Said::Yes | Said::No) => {
                    explained += usize::from(*reasons);
                    told(ask, &moment, (asked, *reasons), said).await?
                }
            },
        };
        let is_last = semantic.ends_with(body.decision);
        evaluations.push(body);
        if is_last {
            break;
        }
    }
    Answer::decision(&EvaluationsBody { evaluations })
}

async fn open<'a>(
    ask: &Ask<'_>,
    subjects: impl Iterator<Item = &'a SubjectName>,
) -> Result<Moment, Failure> {
    Ok(Moment::open(ask.plane(), ask.caller.principal, subjects).await?)
}

fn meant(asked: Evaluation) -> (Asked, bool) {
    let Evaluation { subject: who, action: what, resource: at, reasons } = asked;
    let asked = Asked { subject: subject(who), action: action(what), resource: resource(at) };
    (asked, reasons)
}

/// The answer, with its reasons where they are wanted and the caller may be told them. Reasons of
/// other facts than the answer's are none.
async fn told(
    ask: &Ask<'_>,
    moment: &Moment,
    (asked, reasons): (&Asked, bool),
    said: Said,
) -> Result<DecisionBody, Failure> {
    let decision = said == Said::Yes;
    let mut context = revision(moment);
    if reasons {
        let (plane, language) = (ask.plane(), &ask.language);
        let reason = decisions::reason(plane, &ask.context(), language, (moment, asked)).await?;
        if let Some((_, text)) = reason.filter(|(is_allowed, _)| *is_allowed == decision) {
            let user = if decision { YES } else { NO };
            context.reason_admin = Some(ReasonBody { en: text });
            context.reason_user = Some(ReasonBody { en: user.to_owned() });
        }
    }
    Ok(DecisionBody { decision, context })
}

fn unexplained(moment: &Moment, said: Said) -> DecisionBody {
    let reason = ReasonBody { en: NOT_EXPLAINED.to_owned() };
    let context = ContextBody { reason_admin: Some(reason), ..revision(moment) };
    DecisionBody { decision: said == Said::Yes, context }
}

fn failed(moment: &Moment, failure: &Failure) -> DecisionBody {
    let (status, message) = (failure.status().as_u16(), failure.to_string());
    let error = Some(ErrorBody { status, message });
    DecisionBody { decision: false, context: ContextBody { error, ..revision(moment) } }
}

fn revision(moment: &Moment) -> ContextBody {
    ContextBody { revision: Some(moment.revision().0), ..ContextBody::default() }
}
