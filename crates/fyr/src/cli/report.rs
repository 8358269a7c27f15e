//! Reports.

use clap::{Args, Subcommand, ValueEnum};

use super::Data;

#[derive(Debug, Subcommand)]
pub enum Report {
    /// Tells what a provider's people may do at a customer's, always and after an activation, what
    /// reveals keys and passwords, who activated what and why, what was used and what never, and
    /// what changed.
    ///
    /// It holds what the customer may see. `--members` adds who is in the provider's groups.
    Provider(Provider),
}

#[derive(Clone, Debug, Args)]
pub struct Provider {
    /// The managing tenant, by its domain or id.
    pub provider: String,
    /// The tenant that delegated, by its domain or id.
    #[arg(long, value_name = "TENANT")]
    pub customer: String,
    /// Tells who is in the provider's groups, and by which of them somebody acted: for the
    /// provider's eyes and the operator's.
    #[arg(long)]
    pub members: bool,
    #[command(flatten)]
    pub data: Data,
    #[arg(short, long, value_enum, default_value = "table")]
    pub output: Paper,
}

/// What a report is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Paper {
    Json,
    /// A row for each right.
    Csv,
    Table,
}
