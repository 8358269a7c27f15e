//! What asks a running Fyr about offers.

use std::path::PathBuf;

use clap::Args;
use ids::offer::{OfferId, PublisherId};

/// Which Fyr, and as whom. An application signs in by the variables that Azure's own clients read;
/// a person brings a token, as `az account get-access-token --resource` prints it.
#[derive(Clone, Debug, Args)]
pub struct Online {
    /// Where the marketplace is; without it, that of the data folder's Fyr.
    #[arg(long, env = "FYR_MARKETPLACE", value_name = "URL")]
    pub server: Option<String>,
    /// The data folder of a Fyr on this machine, whose address and certificate authority are used.
    #[arg(long = "data", default_value = ".fyr", value_name = "DIR")]
    pub folder: PathBuf,
    /// An access token for the marketplace; from the environment, so that nobody reads it in a
    /// list of processes.
    #[arg(env = "FYR_TOKEN", long, hide = true, hide_env_values = true)]
    pub token: Option<String>,
    #[arg(env = "AZURE_TENANT_ID", long, value_name = "GUID")]
    pub tenant: Option<String>,
    #[arg(env = "AZURE_CLIENT_ID", long, value_name = "GUID")]
    pub client: Option<String>,
    #[arg(env = "AZURE_CLIENT_SECRET", long, hide = true, hide_env_values = true)]
    pub secret: Option<String>,
}

/// An offer that is there.
#[derive(Clone, Debug, Args)]
pub struct Named {
    /// `publisher.offer`.
    #[arg(value_name = "OFFER", value_parser = offer)]
    pub offer: OfferId,
    #[command(flatten)]
    pub online: Online,
}

/// An offer as a file.
#[derive(Clone, Debug, Args)]
pub struct Export {
    #[command(flatten)]
    pub named: Named,
    /// A new folder, for the file and its pictures.
    pub folder: PathBuf,
}

/// An offer in a file.
#[derive(Clone, Debug, Args)]
pub struct InFile {
    pub file: PathBuf,
    #[command(flatten)]
    pub online: Online,
}

/// A publication.
#[derive(Clone, Debug, Args)]
pub struct Publish {
    #[command(flatten)]
    pub named: Named,
    /// Comes back as soon as it is submitted, instead of when it is over.
    #[arg(long)]
    pub no_wait: bool,
}

fn offer(text: &str) -> Result<OfferId, String> {
    let wrong = || format!("`{text}` is no offer: it reads publisher.offer");
    let (publisher, name) = text.split_once('.').ok_or_else(wrong)?;
    let publisher: PublisherId = publisher.parse().map_err(|_| wrong())?;
    Ok(OfferId { publisher, name: name.parse().map_err(|_| wrong())? })
}
