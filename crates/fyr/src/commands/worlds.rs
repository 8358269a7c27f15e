//! `fyr world validate` and `fyr world apply`.

use std::path::Path;

use ids::clock::Clock;

use super::say;
use crate::{
    admin::{self, Answer, Ask, Leftovers},
    folder::Folder,
    system::SystemClock,
    wiring, worlds,
};

/// Says what is wrong with a file, or that nothing is.
pub(super) fn validate(file: &Path) -> anyhow::Result<()> {
    let name = file.display().to_string();
    let world = worlds::parse(&worlds::text(file)?, &name, SystemClock.now());
    let world = world.map_err(anyhow::Error::msg)?;
    say(&format!("{name}: a world of {} things\n", world.nouns.len() + world.secrets.len()));
    Ok(())
}

/// Applies a file through the running server, else to the store itself.
pub(super) fn apply(file: &Path, folder: &Path, leftovers: Leftovers) -> anyhow::Result<()> {
    let (name, text) = (file.display().to_string(), worlds::text(file)?);
    // Checked here, too: a wrong file needs no server.
    worlds::parse(&text, &name, SystemClock.now()).map_err(anyhow::Error::msg)?;
    let folder = Folder::open(folder)?;
    let ask = Ask::Apply { name: name.clone(), text: text.clone(), leftovers };
    let summary = match admin::ask(&folder, &ask)? {
        Some(Answer::Applied(summary)) => summary,
        Some(Answer::Refused(reason)) => anyhow::bail!(reason),
        Some(Answer::Ready { .. }) => anyhow::bail!("the server answered something else"),
        None => wiring::alone(&folder, &name, &text, leftovers)?,
    };
    let operations::world::Summary { created, changed, unchanged, removed, kept } = summary;
    let pruned = match leftovers {
        Leftovers::Kept => String::new(),
        Leftovers::Removed => format!(", {removed} removed, {kept} kept for what lies in them"),
    };
    say(&format!("{name}: {created} created, {changed} changed, {unchanged} unchanged{pruned}\n"));
    Ok(())
}
