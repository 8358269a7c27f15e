//! `fyr world validate`, `apply`, `export` and `import`.

use std::{fs, path::Path};

use ids::clock::Clock;
use world::{azure, export::Export};

use super::{complain, say};
use crate::{
    admin::{self, Answer, Ask, Leftovers, Names},
    folder::Folder,
    system::SystemClock,
    wiring, worlds,
};

/// More files than the commands print.
const FILES_MAX: usize = 100;

/// A server of another version.
const SOMETHING_ELSE: &str = "the server answered something else";

/// Says what is wrong with a file, or that nothing is.
pub(super) fn validate(file: &Path) -> anyhow::Result<()> {
    let name = file.display().to_string();
    let world = worlds::parse(&worlds::text(file)?, &name, SystemClock.now());
    let world = world.map_err(anyhow::Error::msg)?;
    for warning in worlds::warnings(&world, &name) {
        complain(&warning);
    }
    say(&format!("{name}: a world of {} things\n", world.nouns.len() + world.secrets.len()));
    Ok(())
}

/// Applies a file through the running server, else to the store itself.
pub(super) fn apply(file: &Path, folder: &Path, leftovers: Leftovers) -> anyhow::Result<()> {
    let (name, text) = (file.display().to_string(), worlds::text(file)?);
    // Checked here, too: a wrong file needs no server.
    let world = worlds::parse(&text, &name, SystemClock.now()).map_err(anyhow::Error::msg)?;
    for warning in worlds::warnings(&world, &name) {
        complain(&warning);
    }
    let folder = Folder::open(folder)?;
    let ask = Ask::Apply { name: name.clone(), text: text.clone(), leftovers };
    let summary = match admin::ask(&folder, &ask)? {
        Some(Answer::Applied(summary)) => summary,
        Some(Answer::Refused(reason)) => anyhow::bail!(reason),
        Some(
            Answer::Ready { .. }
            | Answer::Exported { .. }
            | Answer::Clock(_)
            | Answer::WhoCanDelegate(_)
            | Answer::Access(_)
            | Answer::Report(_),
        ) => {
            anyhow::bail!(SOMETHING_ELSE)
        }
        None => wiring::alone(&folder, async |office| {
            let applied = office.apply(&name, &text, leftovers).await;
            applied.map_err(anyhow::Error::msg)
        })?,
    };
    let operations::world::Summary { created, changed, unchanged, removed, kept } = summary;
    let pruned = match leftovers {
        Leftovers::Kept => String::new(),
        Leftovers::Removed => format!(", {removed} removed, {kept} kept for what lies in them"),
    };
    say(&format!("{name}: {created} created, {changed} changed, {unchanged} unchanged{pruned}\n"));
    Ok(())
}

/// Prints a world file of what is there, and on stderr what it leaves out.
pub(super) fn export(folder: &Path, tenants: &[String], names: Names) -> anyhow::Result<()> {
    let folder = Folder::open(folder)?;
    let ask = Ask::Export { tenants: tenants.to_vec(), names };
    let Export { text, notes } = match admin::ask(&folder, &ask)? {
        Some(Answer::Exported { text, notes }) => Export { text, notes },
        Some(Answer::Refused(reason)) => anyhow::bail!(reason),
        Some(
            Answer::Ready { .. }
            | Answer::Applied(_)
            | Answer::Clock(_)
            | Answer::WhoCanDelegate(_)
            | Answer::Access(_)
            | Answer::Report(_),
        ) => {
            anyhow::bail!(SOMETHING_ELSE)
        }
        None => wiring::alone(&folder, async |office| office.export(tenants, names).await)?,
    };
    say(&text);
    for note in &notes {
        complain(note);
    }
    Ok(())
}

/// Prints a world file of what the Azure CLI printed into a folder.
pub(super) fn import_azure(folder: &Path, names: Names) -> anyhow::Result<()> {
    let listed = fs::read_dir(folder)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| anyhow::anyhow!("`{}` cannot be read: {error}", folder.display()))?;
    let mut paths: Vec<_> = listed.into_iter().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|it| it.eq_ignore_ascii_case("json")));
    paths.sort();
    if paths.is_empty() || paths.len() > FILES_MAX {
        let count = paths.len();
        anyhow::bail!("`{}` has {count} JSON files; 1 to {FILES_MAX} are read", folder.display());
    }
    let files = paths.iter().map(|path| {
        Ok(azure::File { name: path.display().to_string(), text: worlds::text(path)? })
    });
    let imported = azure::import(&files.collect::<anyhow::Result<Vec<_>>>()?)?;
    let Export { text, notes } = worlds::export(&imported.nouns, names);
    say(&text);
    imported.notes.iter().chain(&notes).for_each(|note| complain(note));
    Ok(())
}
