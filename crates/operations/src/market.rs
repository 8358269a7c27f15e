//! The publisher's side of the marketplace: accounts, offers, and what is published of them.
//!
//! Everything here is of the caller's own tenant, but what the operators do, who name the account
//! by the scope of what they ask. Reads are judged by what they read, whatever the context asks.

use std::sync::Arc;

use access::permit::Permit;
use ids::{
    guid::TenantId,
    offer::{OfferId, PlanName, PublisherId},
};
use jiff::{Timestamp, civil::Date, tz::Offset};
use market::{
    audience,
    enrolment::MEANWHILE,
    image,
    lifecycle::{self, plan},
    lint::{
        Finding,
        rules::{self, Severity},
    },
};
use model::{
    action::Verb,
    change::{Change, Noun},
    event::SystemReason,
    market::{
        MarketNoun, account::VerificationStage, in_account, offer::Offer, submission::SubmissionId,
    },
};
use store::{error::StoreError, unit::Unit};
use uuid::Uuid;

use crate::{context::Context, error::Error, plane::Plane, turns::Turns};

pub mod account;
pub mod configured;
pub mod leads;
pub mod members;
pub mod offers;
pub mod publishers;
pub mod run;
pub mod submissions;

/// In how many turns accounts' reports are gathered: each may look through a hundred thousand rows.
pub(crate) static REPORTING: Turns = Turns::new(2);

/// Why something was not done in the marketplace.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Also where it is another's.
    #[error("there is no such {0}")]
    NotFound(Thing),
    #[error("the tenant has no publisher account: a Global Administrator signs up for one")]
    NoAccount,
    #[error("the tenant has a publisher account already")]
    AccountExists,
    #[error("a publisher account takes a work account of the company's own tenant")]
    NoWorkAccount,
    #[error("`{field}`: {why}")]
    Invalid { field: &'static str, why: String },
    #[error("`{0}` was verified: it changes only once the operators verify the company again")]
    Verified(&'static str),
    #[error("a verification that is {before} does not become {after}", before = stage(before.as_ref()), after = stage(Some(after)))]
    Stage { before: Option<VerificationStage>, after: VerificationStage },
    #[error("an account keeps an owner who can sign in: name another one first")]
    LastOwner,
    #[error("only people and applications of the tenant's own work in its account")]
    NoMember,
    #[error("the publisher id `{0}` is taken")]
    PublisherTaken(PublisherId),
    #[error("the publisher has an offer `{0}` already")]
    OfferTaken(OfferId),
    #[error("there may be {max} {what}, and no more")]
    TooMany { what: &'static str, max: usize },
    #[error("it was changed meanwhile: it is at `{is}` now")]
    Stale { is: u64 },
    /// What the rules object to, at least one of which is an error.
    #[error("{}", objections(.0))]
    Objections(Vec<Finding>),
    #[error(transparent)]
    State(#[from] lifecycle::Refusal),
    #[error(transparent)]
    Plan(#[from] plan::Refusal),
    #[error("`{field}` is a picture that was not uploaded")]
    NoPicture { field: String },
    #[error(transparent)]
    Picture(#[from] image::Problem),
    #[error("{}", faults(.0))]
    Audience(Vec<audience::Fault>),
    #[error("the plan `{0}` is private nowhere")]
    NotPrivate(PlanName),
    #[error("the preview was made by submission `{is}`")]
    OtherPreview { is: SubmissionId },
    #[error("the submission waits for no review")]
    NoReview,
    #[error("a test lead is under way: its answer comes first")]
    Testing,
    #[error("the account sent a test lead just now: it may send the next one in {seconds} seconds")]
    TestedLately { seconds: i64 },
}

/// The operations of the control plane by their full names, which roles are judged by.
pub type Operations = Arc<Vec<String>>;

/// What was not found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    Member,
    Publisher,
    Offer,
    Plan,
    Submission,
    Picture,
    TestLead,
    /// What is in a preview, or live.
    Edition,
}

impl std::fmt::Display for Thing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Member => "member",
            Self::Publisher => "publisher",
            Self::Offer => "offer",
            Self::Plan => "plan",
            Self::Submission => "submission",
            Self::Picture => "picture",
            Self::TestLead => "test lead",
            Self::Edition => "published edition",
        })
    }
}

/// Which form of a thing a change is meant for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfMatch {
    /// Whichever there is.
    Any,
    /// The one of that revision, and no other.
    Revision(u64),
}

impl IfMatch {
    fn check(self, is: u64) -> Result<(), Refused> {
        match self {
            Self::Any => Ok(()),
            Self::Revision(wanted) if wanted == is => Ok(()),
            Self::Revision(_) => Err(Refused::Stale { is }),
        }
    }
}

fn stage(stage: Option<&VerificationStage>) -> &'static str {
    match stage {
        None => "not begun",
        Some(VerificationStage::Email) => "at the e-mail address",
        Some(VerificationStage::Employment) => "at the employment",
        Some(VerificationStage::Business) => "at the business",
        Some(VerificationStage::Authorized) => "done",
        Some(VerificationStage::Rejected(_)) => "refused",
    }
}

/// What is wrong, and where it is the account itself, what can be done meanwhile.
fn objections(findings: &[Finding]) -> String {
    let is_error = |it: &&Finding| it.rule.severity == Severity::Error;
    let told = |Finding { rule, field, reason }: &Finding| {
        let (id, source) = (rule.id, rule.source);
        format!("{id} at `{field}`: {reason} ({source}, {})", rule.path())
    };
    let mut all: Vec<String> = findings.iter().filter(is_error).map(told).collect();
    let enrolment = [&rules::NOT_ELIGIBLE, &rules::NO_PARTNER, &rules::NOT_ENROLLED];
    if findings.iter().any(|it| enrolment.contains(&it.rule)) {
        all.push(MEANWHILE.to_owned());
    }
    all.join("; ")
}

fn faults(faults: &[audience::Fault]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// Whose account a member's request is about: the caller's own tenant's.
fn own(context: &Context) -> TenantId {
    context.caller.principal.tenant
}

/// Whose account an operator's request is about: that of the scope that is asked for. What is
/// about no tenant is about one that is nobody's.
fn asked(context: &Context) -> TenantId {
    context.question.scope.tenant().unwrap_or_else(|| TenantId::new(Uuid::nil()))
}

/// The request as one that reads that of the caller's own account.
fn reading(context: &Context, noun: &str) -> Context {
    Context { question: in_account(own(context), noun, Verb::Read), ..context.clone() }
}

/// A unit for a change in the caller's own account, which [`admit`]s it.
fn begin(plane: &Plane, context: &Context, noun: &str, verb: Verb) -> Result<Unit, Error> {
    let mut unit = plane.begin(context);
    admit(plane, context, &mut unit, noun, verb)?;
    Ok(unit)
}

/// Lets a unit change something in the caller's own account: whoever has no leave for it learns
/// nothing of what is there, and the commit takes that leave.
fn admit(
    plane: &Plane,
    context: &Context,
    unit: &mut Unit,
    noun: &str,
    verb: Verb,
) -> Result<(), Error> {
    let asked = in_account(own(context), noun, verb);
    unit.hold(plane.authorize(&plane.index(), context, vec![asked])?);
    Ok(())
}

/// The day on which rules are asked: their dates are of no place.
fn day(now: Timestamp) -> Date {
    Offset::UTC.to_datetime(now).date()
}

/// By whose leave something is written.
#[derive(Clone, Copy)]
enum By<'a> {
    Caller(&'a Plane, &'a Context),
    /// A step of a job.
    Job,
}

impl By<'_> {
    async fn put(self, unit: &mut Unit, noun: MarketNoun) -> Result<(), Error> {
        self.apply(unit, Change::Put(Noun::Market(noun))).await
    }

    async fn remove(self, unit: &mut Unit, noun: MarketNoun) -> Result<(), Error> {
        self.apply(unit, Change::Remove(Noun::Market(noun))).await
    }

    async fn apply(self, unit: &mut Unit, change: Change) -> Result<(), Error> {
        let permit = match self {
            Self::Caller(plane, context) => plane.permit(context, &change)?,
            Self::Job => {
                let uncovered = || StoreError::corrupt("a submission's step does not cover this");
                Permit::system(SystemReason::JobProgress, &change).ok_or_else(uncovered)?
            }
        };
        unit.look(&change).await?;
        Ok(unit.apply(permit, change)?)
    }
}

/// The offer, if it is of the caller's own account.
async fn find(unit: &mut Unit, context: &Context, id: &OfferId) -> Result<Offer, Error> {
    let found = unit.find::<Offer>(id).await?.filter(|it| it.tenant == own(context));
    found.ok_or_else(|| Refused::NotFound(Thing::Offer).into())
}

/// A text that somebody typed, on one line.
fn line(field: &'static str, text: &str, chars_max: usize) -> Result<(), Refused> {
    let length = text.chars().count();
    if length > chars_max {
        let why = format!("it has {length} characters, and at most {chars_max} are kept");
        return Err(Refused::Invalid { field, why });
    }
    if text.chars().any(char::is_control) {
        let why = "it goes over the end of the line, or holds what cannot be seen".to_owned();
        return Err(Refused::Invalid { field, why });
    }
    Ok(())
}
