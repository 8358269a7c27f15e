//! What looks at files and asks no server.

use std::{path::PathBuf, str::FromStr};

use clap::{Args, Subcommand, ValueEnum};
use ids::{guid::TenantId, offer::PlanName, version::Version};
use uuid::Uuid;

use super::Format;

#[derive(Debug, Subcommand)]
pub enum Manifest {
    /// Tells what everybody could do, and could no more, who now agrees to the second manifest
    /// after the first: each operation by its name, keys and passwords marked. Asks no server.
    ///
    /// Exits with 0 where nothing changes, with 3 where there is only less, and with 4 where
    /// anybody could do more, or the same more easily.
    Diff {
        /// What was agreed to: the parameters of an onboarding template, or a registration
        /// definition as `az managedservices definition show` prints it.
        before: PathBuf,
        /// What is asked for now.
        after: PathBuf,
        #[arg(short, long, value_enum, default_value_t = Format::Table)]
        output: Format,
    },
}

#[derive(Debug, Subcommand)]
pub enum Template {
    /// Writes a template, and its parameters, by which a customer is onboarded without a
    /// marketplace: of an offer's plan, or of what the options say.
    Create(Create),
    /// Prints what a template would deploy. Asks no server, so `reference` and its kin stay open.
    Expand(Expand),
    /// Prints what deploying a template would change, in the manner of `az … what-if`. Asks no
    /// server: it is deployed in memory, by an owner, and gone afterwards.
    WhatIf(WhatIf),
    /// Says what is wrong with what an onboarding template asks for, by rule, line and column.
    /// Asks no server, so nothing is known of who the principals are.
    ///
    /// Exits with 1 where a rule is broken that is an error.
    Lint(Lint),
}

/// What a customer is to be asked for.
#[derive(Clone, Debug, Args)]
pub struct Create {
    /// The folder for both files; it is made.
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// An offer file.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["managing_tenant", "authorizations"])]
    pub offer: Option<PathBuf>,
    /// The plan of it, where it has several.
    #[arg(long, requires = "offer")]
    pub plan: Option<PlanName>,
    /// The version of its manifest; the newest unless given.
    #[arg(long, requires = "offer", value_name = "VERSION")]
    pub plan_version: Option<Version>,
    /// What the customer sees as the offer's name.
    #[arg(long)]
    pub name: Option<String>,
    #[arg(long)]
    pub description: Option<String>,
    #[arg(long, value_name = "ID")]
    pub managing_tenant: Option<TenantId>,
    /// Somebody of the managing tenant, and a built-in role by its name or id. May be given more
    /// than once.
    #[arg(long = "authorization", value_name = "PRINCIPAL=ROLE[=NAME]")]
    pub authorizations: Vec<Granted>,
    /// A resource group to delegate, instead of the whole subscription. May be given more than once.
    #[arg(short = 'g', long = "resource-group", value_name = "NAME")]
    pub resource_groups: Vec<String>,
}

/// A role for somebody, as it stands on the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Granted {
    pub principal: Uuid,
    pub role: String,
    pub display_name: Option<String>,
}

impl FromStr for Granted {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut parts = text.splitn(3, '=');
        let principal = parts.next().and_then(|it| it.parse().ok());
        let role = parts.next().filter(|it| !it.is_empty());
        let (Some(principal), Some(role)) = (principal, role) else {
            return Err("it reads PRINCIPAL=ROLE, with an object id and a role".to_owned());
        };
        let display_name = parts.next().map(str::to_owned);
        Ok(Self { principal, role: role.to_owned(), display_name })
    }
}

/// What is to be looked at.
#[derive(Clone, Debug, Args)]
pub struct Lint {
    /// Onboarding templates, files of their parameters, or registration definitions as az prints
    /// them. Of several files, it is also said whether one customer could take all.
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// A parameter file of the templates; given several times, the later file has the last word.
    #[arg(long, value_name = "FILE")]
    pub parameters: Vec<PathBuf>,
    #[command(flatten)]
    pub place: Place,
    #[arg(short, long, value_enum, default_value_t = ReportFormat::Text)]
    pub output: ReportFormat,
}

/// How findings are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    Text,
    Json,
    /// SARIF 2.1.0, which code-scanning services read.
    Sarif,
}

/// A template and its place, and what is there already.
#[derive(Clone, Debug, Args)]
pub struct WhatIf {
    #[command(flatten)]
    pub template: Expand,
    /// A world file that says what is there; without it, an empty subscription, or group.
    #[arg(long, value_name = "WORLD")]
    pub against: Option<PathBuf>,
    /// What becomes of resources of the group that the template does not name.
    #[arg(long, value_enum, default_value_t = ModeName::Incremental)]
    pub mode: ModeName,
    /// Exit with 2 where something would change, and with 0 only where nothing would.
    #[arg(long)]
    pub exit_code: bool,
}

/// The modes of a deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ModeName {
    Incremental,
    Complete,
}

impl ModeName {
    /// As ARM writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Incremental => "Incremental",
            Self::Complete => "Complete",
        }
    }
}

/// A template, its parameters, and the place that is assumed for it.
#[derive(Clone, Debug, Args)]
pub struct Expand {
    /// The template, as JSON.
    pub file: PathBuf,
    /// A parameter file; given several times, the later file has the last word.
    #[arg(long, value_name = "FILE")]
    pub parameters: Vec<PathBuf>,
    #[command(flatten)]
    pub place: Place,
    #[arg(short, long, value_enum, default_value_t = Format::Table)]
    pub output: Format,
}

/// The place that is assumed for a template, where no server says what it is.
#[derive(Clone, Debug, Args)]
pub struct Place {
    /// Where it is deployed; what the template's schema says unless given.
    #[arg(long, value_enum)]
    pub scope: Option<ScopeName>,
    /// The location of the deployment and of its resource group.
    #[arg(short, long, default_value = "westeurope")]
    pub location: String,
    /// The id of the subscription.
    #[arg(long, value_name = "ID", default_value = "11111111-1111-4111-8111-111111111111")]
    pub subscription: Uuid,
    /// The id of the tenant.
    #[arg(long, value_name = "ID", default_value = "99999999-9999-4999-8999-999999999999")]
    pub tenant: Uuid,
    #[arg(short = 'g', long, value_name = "NAME", default_value = "rg")]
    pub resource_group: String,
    #[arg(long, value_name = "NAME", default_value = "mg")]
    pub management_group: String,
}

/// The kinds of scopes, as `az deployment` calls them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ScopeName {
    Group,
    Sub,
    Mg,
    Tenant,
}
