//! `fyr offer`: offers in files under version control, looked at without a server, and brought to
//! one.

pub(super) mod diff;
pub(super) mod init;
pub(super) mod lint;
pub(super) mod online;
pub(super) mod test;

mod beside;

use std::path::Path;

use world::offer::OfferFile;

use self::beside::Folder;
use crate::worlds;

/// Reads an offer file and what stands beside it; on error one line for each fault.
pub(in crate::commands) fn read(path: &Path) -> anyhow::Result<OfferFile> {
    let text = worlds::text(path)?;
    let roles = worlds::BuiltIn::roles();
    OfferFile::parse(&text, &roles, &Folder::of(path)?).map_err(|faults| {
        let told = |fault| format!("{}:{fault}", path.display());
        anyhow::Error::msg(faults.iter().map(told).collect::<Vec<_>>().join("\n"))
    })
}

/// The operations that are known, by their names.
fn operations() -> Vec<String> {
    arm::known_operations::actions()
}

#[cfg(test)]
mod tests;
