//! What asks a running Fyr about offers.

use std::path::PathBuf;

use clap::Args;
use ids::offer::{OfferId, PublisherId};

/// Which Fyr.
#[derive(Clone, Debug, Args)]
pub struct Online {
    /// Where the marketplace is; without it, that of the data folder's Fyr.
    #[arg(long, env = "FYR_MARKETPLACE", value_name = "URL")]
    pub server: Option<String>,
    /// The data folder of a Fyr on this machine, whose address and certificate authority are used.
    #[arg(long = "data", default_value = ".fyr", value_name = "DIR")]
    pub folder: PathBuf,
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
    #[arg(value_name = "DIR")]
    pub into: PathBuf,
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

/// A preview that goes live.
#[derive(Clone, Debug, Args)]
pub struct GoLive {
    #[command(flatten)]
    pub publish: Publish,
    /// The preview that was looked at, by the id that `fyr offer publish` printed; the newest that
    /// succeeded, if it is not said.
    #[arg(long, value_name = "SUBMISSION")]
    pub preview: Option<String>,
}

/// An offer's id, as one writes it.
pub(super) fn offer(text: &str) -> Result<OfferId, String> {
    let wrong = || format!("`{text}` is no offer: it reads publisher.offer");
    let (publisher, name) = text.split_once('.').ok_or_else(wrong)?;
    let publisher: PublisherId = publisher.parse().map_err(|_| wrong())?;
    Ok(OfferId { publisher, name: name.parse().map_err(|_| wrong())? })
}
