//! What may stand on the command line.

mod access;
mod account;
mod customer;
mod offer;
mod offline;
mod online;
mod report;

use std::{net::SocketAddr, path::PathBuf, str::FromStr};

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::{SignedDuration, Span, SpanRelativeTo, Timestamp};
use model::settings::Profile;
use operations::market::run::Certification;

pub use self::access::{Access, Common};
pub use self::account::{
    Account, Competency, Dated, FormFile, Members, Publishers, Shown, Stage, Verify, Who,
};
pub use self::customer::{
    Accept, Acceptance, Catalog, Contact, InSubscription, OfPlan, PlanPath, Planned, Search, Terms,
    Visitor, Word,
};
pub use self::offer::{
    Audience, Compare, Distributed, Entry, Leads, Offer, Review, Submitted, Told,
};
pub use self::offline::{
    Create, Expand, Granted, Lint, Manifest, ModeName, Place, ReportFormat, ScopeName, Template,
    WhatIf,
};
pub use self::online::{Export, GoLive, InFile, Named, Online, Publish};
pub use self::report::{Paper, Provider, Report};
use crate::{hands::Turn, issuers::TrustedIssuer};

/// How whoever asks a running Fyr says who they are. The environment tells it, so that nobody reads
/// a secret in a list of processes.
const SIGN_IN: &str = "\
What asks a server does so as whoever has signed in to the Azure CLI (`az login`; `fyr connect az`
points it at a Fyr), as an application by AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET,
or by a token in FYR_TOKEN, as `az account get-access-token --resource URL` prints it for the URL of
the service that is asked.";

/// Fyr: a control plane for managed services that speaks Azure Resource Manager's protocol.
#[derive(Debug, Parser)]
#[command(name = "fyr", version, about)]
pub struct Arguments {
    /// What is logged, as `level` or `target=level,…`; JSON where stderr is no terminal.
    #[arg(long, global = true, env = "FYR_LOG", default_value = "info", value_name = "FILTER")]
    pub log: String,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Starts Fyr on this machine, with a sample world on first start.
    Up(Up),
    /// Prints how a client is pointed at the Fyr of a data folder, or does it.
    Connect(Connect),
    /// Shows or sets the clock of the Fyr of a data folder, to see without waiting what time brings.
    Clock(Clock),
    /// Checks, applies or writes world files.
    #[command(subcommand)]
    World(World),
    /// Looks at ARM templates before anybody deploys them.
    #[command(subcommand)]
    Template(Template),
    /// Tells who may do what.
    #[command(subcommand)]
    Access(Access),
    /// Writes down what there is, for whoever reviews it.
    #[command(subcommand)]
    Report(Report),
    /// Looks at what providers ask for before anybody agrees.
    #[command(subcommand)]
    Manifest(Manifest),
    /// Looks at offers in files under version control, brings them to the marketplace, and sees to
    /// them there.
    #[command(subcommand, after_help = SIGN_IN)]
    Offer(Offer),
    /// Signs a company up to publish, and verifies who did.
    #[command(subcommand, after_help = SIGN_IN)]
    Account(Account),
    /// Looks through the storefront: what is live, for everybody or for a subscription.
    #[command(subcommand, after_help = SIGN_IN)]
    Catalog(Catalog),
    /// Accepts plans for a subscription, shows what newer versions would change, and answers them.
    #[command(subcommand, after_help = SIGN_IN)]
    Acceptance(Acceptance),
}

/// Where everything is kept.
#[derive(Clone, Debug, Args)]
pub struct Data {
    /// The data folder.
    #[arg(long = "data", default_value = ".fyr", value_name = "DIR")]
    pub folder: PathBuf,
}

#[derive(Clone, Debug, Args)]
pub struct Up {
    /// The data folder; `.fyr` unless given.
    #[arg(long = "data", value_name = "DIR")]
    pub folder: Option<PathBuf>,
    /// ARM and sign-in; port 0 takes a free one. Remembered in the data folder.
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Option<SocketAddr>,
    /// Microsoft Graph; a port near the first unless given.
    #[arg(long, value_name = "ADDRESS")]
    pub listen_graph: Option<SocketAddr>,
    /// The portal; a port near the first unless given.
    #[arg(long, value_name = "ADDRESS")]
    pub listen_portal: Option<SocketAddr>,
    /// Leaves 127.0.0.1:443 to another Fyr: `az login -u NAME -p PASSWORD` asks there, whatever the
    /// port of the one that it means.
    #[arg(long)]
    pub leave_443: bool,
    /// The world to begin with, instead of the sample.
    #[arg(long, value_name = "FILE")]
    pub world: Option<PathBuf>,
    /// Whether Azure's documented defects are copied or mended.
    #[arg(long, value_enum)]
    pub profile: Option<ProfileName>,
    /// What Azure does and Fyr does not unless asked, for clients to be tried on: `throttle`, 429
    /// for whoever asks more often than ARM allows; `lro=15s`, operations that clients poll take
    /// so long; `propagation=5m`, what somebody grants counts only so much later, and what is
    /// revoked counts no more at once. What a world file grants counts at once.
    #[arg(long, value_delimiter = ',', value_name = "WHAT")]
    pub simulate: Vec<Simulation>,
    /// An issuer whose tokens may count as an application's word. Its keys are fetched from it
    /// when they are needed; with a file, a JSON Web Key Set, nothing is. May be given more than
    /// once.
    #[arg(long = "trust-issuer", value_name = "URL[=JWKS_FILE]")]
    pub trusted_issuers: Vec<TrustedIssuer>,
    /// Who certifies offers: the rules alone, or the rules and then an operator.
    #[arg(long, value_enum, default_value_t)]
    pub certification: Certifier,
    /// Keeps everything in a new folder, `--data` if given, that goes when Fyr stops.
    #[arg(long)]
    pub ephemeral: bool,
    /// Starts in the background, and returns when requests are answered.
    #[arg(long)]
    pub wait: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Simulation {
    /// 429 for whoever asks more often than ARM allows.
    Throttle,
    /// How long an operation runs that clients poll.
    Operations(SignedDuration),
    /// How much later counts what somebody grants.
    Propagation(SignedDuration),
}

impl FromStr for Simulation {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            None if text == "throttle" => Ok(Self::Throttle),
            Some(("lro", length)) => duration(length).map(Self::Operations),
            Some(("propagation", length)) => duration(length).map(Self::Propagation),
            None | Some(_) => {
                Err("what can be simulated is `throttle`, `lro=15s` and `propagation=5m`"
                    .to_owned())
            }
        }
    }
}

/// What people write for a length of time, such as `15s`, `2h` or `30d`. It is not negative.
fn duration(text: &str) -> Result<SignedDuration, String> {
    let span: Span = text.parse().map_err(|error| format!("{error}"))?;
    let length = span.to_duration(SpanRelativeTo::days_are_24_hours());
    let length = length.map_err(|error| format!("{error}"))?;
    if length.is_negative() { Err("it is negative".to_owned()) } else { Ok(length) }
}

#[derive(Clone, Debug, Args)]
pub struct Clock {
    #[command(subcommand)]
    pub turn: ClockTurn,
    /// The data folder.
    #[arg(long = "data", default_value = ".fyr", value_name = "DIR", global = true)]
    pub folder: PathBuf,
}

#[derive(Clone, Copy, Debug, Subcommand)]
pub enum ClockTurn {
    /// What it shows.
    Show,
    /// It shows that time, as `2026-03-01T00:00:00Z`, and goes on from there.
    Set { to: Timestamp },
    /// It goes ahead by so much more, as `2h` or `30d`.
    Advance {
        #[arg(value_parser = duration)]
        by: SignedDuration,
    },
    /// It shows the machine's time again.
    Reset,
}

impl From<ClockTurn> for Turn {
    fn from(turn: ClockTurn) -> Self {
        match turn {
            ClockTurn::Show => Self::Show,
            ClockTurn::Set { to } => Self::Set(to),
            ClockTurn::Advance { by } => Self::Advance(by),
            ClockTurn::Reset => Self::Reset,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ProfileName {
    Azure,
    Strict,
}

/// Who certifies offers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Certifier {
    #[default]
    Automatic,
    Manual,
}

impl From<Certifier> for Certification {
    fn from(certifier: Certifier) -> Self {
        match certifier {
            Certifier::Automatic => Self::Automatic,
            Certifier::Manual => Self::Manual,
        }
    }
}

impl From<ProfileName> for Profile {
    fn from(name: ProfileName) -> Self {
        match name {
            ProfileName::Azure => Self::Azure,
            ProfileName::Strict => Self::Strict,
        }
    }
}

impl ProfileName {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Azure => "azure",
            Self::Strict => "strict",
        }
    }
}

#[derive(Debug, Args)]
pub struct Connect {
    pub client: Client,
    #[command(flatten)]
    pub data: Data,
    /// Does it, instead of printing it; what follows `--` runs in the environment made.
    #[arg(long)]
    pub run: bool,
    #[arg(last = true, requires = "run", value_name = "COMMAND")]
    pub command: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Client {
    Az,
    Python,
    Javascript,
    Terraform,
}

#[derive(Debug, Subcommand)]
pub enum World {
    /// Makes what the file declares, through the running server where there is one.
    Apply {
        file: PathBuf,
        #[command(flatten)]
        data: Data,
        /// Then removes what world files made in the file's tenants and it no longer declares;
        /// never what people made, nor publisher accounts and what they offer.
        #[arg(long)]
        prune: bool,
    },
    /// Says what is wrong with the file, by line and column.
    Validate { file: PathBuf },
    /// Prints a world file that makes what another cloud's tools have told of it.
    #[command(subcommand)]
    Import(Import),
    /// Prints a world file that makes what is there: without passwords, secrets and keys.
    Export {
        #[command(flatten)]
        data: Data,
        /// Only these tenants, each by its id, domain or name.
        #[arg(long = "tenant", value_name = "NAME")]
        tenants: Vec<String>,
        /// Other names, ids and addresses instead of the true ones, and no properties or tags.
        #[arg(long)]
        pseudonyms: bool,
    },
}

#[derive(Debug, Subcommand)]
pub enum Import {
    /// From a folder of JSON files that the Azure CLI printed: `az account list --all`, `az group
    /// list`, `az managedservices definition list`, `az managedservices assignment list
    /// --include-definition`, `az role assignment list --all`, `az role definition list
    /// --custom-role-only`, `az ad user|group|sp list`.
    Azure {
        folder: PathBuf,
        /// Other names, ids and addresses instead of the true ones.
        #[arg(long)]
        pseudonyms: bool,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Json,
    Table,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn what_is_simulated_is_told_by_name_and_length() {
        assert_eq!("throttle".parse(), Ok(Simulation::Throttle));
        let quarter = SignedDuration::from_secs(15);
        assert_eq!("lro=15s".parse(), Ok(Simulation::Operations(quarter)));
        let minutes = SignedDuration::from_mins(5);
        assert_eq!("propagation=5m".parse(), Ok(Simulation::Propagation(minutes)));
        assert_eq!(duration("30d"), Ok(SignedDuration::from_hours(720)));
        for bad in ["", "lro", "lro=", "lro=-1s", "lro=1y", "throttle=1s", "propagation", "weather"]
        {
            assert!(bad.parse::<Simulation>().is_err(), "{bad}");
        }
    }

    #[test]
    fn the_command_line_is_sound_and_its_help_is_recorded() {
        Arguments::command().debug_assert();
        let mut command = Arguments::command();
        command.build();
        let mut text = command.render_long_help().to_string();
        for name in [
            "up",
            "connect",
            "clock",
            "world",
            "template",
            "access",
            "report",
            "offer",
            "account",
            "catalog",
            "acceptance",
        ] {
            let sub = command.find_subcommand_mut(name).unwrap();
            text += &sub.render_long_help().to_string();
        }
        for flag in [
            "--listen-graph",
            "--ephemeral",
            "--wait",
            "--profile",
            "--run",
            "validate",
            "who-can-delegate",
            "scopes-of",
            "--simulate",
            "expand",
            "what-if",
            "import",
            "export",
            "difference",
            "reconsider",
            "az login",
        ] {
            assert!(text.contains(flag), "{flag} is missing in\n{text}");
        }
    }
}
