//! What is done with offers: as files, as drafts, and where they are published.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use ids::{
    guid::SubscriptionId,
    offer::{OfferId, PlanName, Slot},
};
use model::market::submission::SubmissionId;

use super::{
    Export, Format, GoLive, InFile, Named, Online, Publish, ReportFormat, Shown, online::offer,
};

#[derive(Debug, Subcommand)]
pub enum Offer {
    /// Writes an offer to begin with, complete and with a logo, into a folder.
    Init {
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
    /// Says what certification would object to, by rule, line and column. Asks no server, so
    /// nothing is known of who the principals are.
    ///
    /// Exits with 1 where a rule is broken that is an error.
    Lint {
        /// Offer files. Of several, it is also said what they take from each other.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        #[arg(short, long, value_enum, default_value_t = ReportFormat::Text)]
        output: ReportFormat,
    },
    /// Tells of each plan what everybody could do, and could no more, who now agrees to its newest
    /// manifest, and what else the second file says otherwise. Asks no server.
    ///
    /// Exits with 0 where nobody's rights change, with 3 where there is only less, and with 4 where
    /// anybody could do more, or the same more easily. A plan that is new counts as more.
    Diff {
        before: PathBuf,
        after: PathBuf,
        #[arg(short, long, value_enum, default_value_t = Format::Table)]
        output: Format,
    },
    /// Runs the tests that stand in the file: whether the newest manifest of a plan lets somebody do
    /// something, as long as nothing was activated. Asks no server.
    ///
    /// Exits with 1 where a test fails.
    Test { file: PathBuf },
    /// Tells what applying the file would change in the marketplace's draft.
    ///
    /// Exits with 0 where that is nothing, and with 2 where it is something.
    Plan(InFile),
    /// Gives the marketplace's draft the form that the file has; makes the offer if it is new.
    /// Nothing is published.
    Apply(InFile),
    /// Submits the draft: it is certified, and becomes a preview.
    ///
    /// Exits with 1 where it does not, or waits for an operator first.
    Publish(Publish),
    /// Signs off a preview: it goes live.
    ///
    /// Exits with 1 where it does not.
    #[command(name = "golive")]
    GoLive(GoLive),
    /// Tells where an offer stands, with the steps of its newest submissions.
    Status(Named),
    /// Writes the marketplace's draft and its pictures into a folder, as `fyr offer apply` takes
    /// them. The key in the address of a leads' receiver is not among it.
    Export(Export),
    /// Stops that anybody new takes an offer, or one of its plans. What is delegated goes on.
    ///
    /// A plan stops with the next publication. An offer stops at once or soon after, and comes back
    /// by being published and going live again.
    Stop(Distributed),
    /// Takes a stop back, as long as it is pending.
    Resume(Distributed),
    /// Who sees the preview, and who may take a private plan.
    #[command(subcommand)]
    Audience(Audience),
    /// Tells what the draft, or the preview, says otherwise than what is published.
    Compare(Compare),
    /// Lists what happened to an offer, the latest first.
    History(Told),
    /// Calls a submission back that is on its way to a preview.
    Cancel(Named),
    /// Lists who took the account's plans, and whether that reached the leads' receiver; for owners.
    ///
    /// Each submission sends a test lead before it becomes a preview; `--test` sends one before that,
    /// for owners and managers.
    Leads(Leads),
    /// What waits for this Fyr's operators, where `fyr up --certification manual` has them approve
    /// each submission.
    #[command(subcommand)]
    Review(Review),
}

/// An offer, or a plan of it.
#[derive(Clone, Debug, Args)]
pub struct Distributed {
    #[command(flatten)]
    pub named: Named,
    /// That plan alone.
    #[arg(long)]
    pub plan: Option<PlanName>,
}

/// What is told of an offer.
#[derive(Clone, Debug, Args)]
pub struct Told {
    #[command(flatten)]
    pub named: Named,
    #[arg(short, long, value_enum, default_value_t = Format::Table)]
    pub output: Format,
}

/// The draft beside what is published.
#[derive(Clone, Debug, Args)]
pub struct Compare {
    #[command(flatten)]
    pub told: Told,
    /// The preview instead of the draft: what going live would change.
    #[arg(long, conflicts_with = "with")]
    pub preview: bool,
    /// What the draft is compared with.
    #[arg(long, value_parser = slot, default_value = "live", value_name = "preview|live")]
    pub with: Slot,
    /// Also what is alike.
    #[arg(long)]
    pub all: bool,
}

#[derive(Clone, Debug, Args)]
pub struct Leads {
    /// Of that offer alone, as `publisher.offer`.
    #[arg(value_name = "OFFER", value_parser = offer)]
    pub offer: Option<OfferId>,
    /// Sends a test lead to where the offer's saved draft says that leads go, and tells whether it
    /// was taken. Exits with 1 where it was not.
    #[arg(long, requires = "offer")]
    pub test: bool,
    #[command(flatten)]
    pub shown: Shown,
}

/// The preview's audience, and with `--plan` that of a private plan.
#[derive(Debug, Subcommand)]
pub enum Audience {
    /// Prints it as a list (CSV: `Id,Description,Type`), which `set` and `--file` take.
    Show(Distributed),
    /// Replaces the draft's audience by a list. It counts from the next publication on.
    Set {
        #[command(flatten)]
        of: Distributed,
        /// The list (CSV).
        #[arg(value_name = "FILE")]
        list: PathBuf,
    },
    /// Adds subscriptions. Of a private plan, that counts at once, in preview and live too, and
    /// without certification; of the preview, in the draft.
    Add {
        #[command(flatten)]
        of: Distributed,
        /// Subscriptions, each with what it is called here.
        #[arg(value_name = "SUBSCRIPTION[=DESCRIPTION]", required_unless_present = "list")]
        subscriptions: Vec<Entry>,
        /// Also those of a list (CSV).
        #[arg(long = "file", value_name = "FILE")]
        list: Option<PathBuf>,
    },
    /// Takes subscriptions out, as `add` brings them in. What they took stays theirs.
    Remove {
        #[command(flatten)]
        of: Distributed,
        #[arg(value_name = "SUBSCRIPTION", required_unless_present = "list")]
        subscriptions: Vec<SubscriptionId>,
        /// Also those of a list (CSV).
        #[arg(long = "file", value_name = "FILE")]
        list: Option<PathBuf>,
    },
}

/// A subscription in an audience.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub subscription: SubscriptionId,
    pub description: String,
}

impl std::str::FromStr for Entry {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (id, description) = text.split_once('=').unwrap_or((text, ""));
        let bad = |_| format!("`{id}` is no subscription's id");
        let subscription = id.parse().map_err(bad)?;
        Ok(Self { subscription, description: description.to_owned() })
    }
}

#[derive(Debug, Subcommand)]
pub enum Review {
    /// Lists the submissions that wait.
    List {
        #[command(flatten)]
        shown: Shown,
    },
    /// Shows what was submitted, and what the rules noted about it.
    Show {
        #[command(flatten)]
        submission: Submitted,
        #[arg(short, long, value_enum, default_value_t = Format::Table)]
        output: Format,
    },
    /// Approves a submission: it becomes a preview.
    Approve {
        #[command(flatten)]
        submission: Submitted,
        /// What the publisher reads about it.
        #[arg(long, value_name = "TEXT", default_value = "")]
        report: String,
    },
    /// Refuses a submission, with a report of what the publisher has to mend.
    Refuse {
        #[command(flatten)]
        submission: Submitted,
        #[arg(long, value_name = "TEXT", required_unless_present = "report_file")]
        report: Option<String>,
        /// The report in a file.
        #[arg(long, value_name = "FILE", conflicts_with = "report")]
        report_file: Option<PathBuf>,
    },
}

/// A submission that waits.
#[derive(Clone, Debug, Args)]
pub struct Submitted {
    /// Its id, as `fyr offer review list` shows it: what was looked at is what is judged.
    #[arg(value_name = "SUBMISSION", value_parser = submission)]
    pub id: SubmissionId,
    #[command(flatten)]
    pub online: Online,
}

fn submission(text: &str) -> Result<SubmissionId, String> {
    text.parse().map(SubmissionId).map_err(|_| format!("`{text}` is no submission's id"))
}

fn slot(text: &str) -> Result<Slot, String> {
    [Slot::Preview, Slot::Live]
        .into_iter()
        .find(|it| it.as_str() == text)
        .ok_or_else(|| "it is `preview` or `live`".to_owned())
}
