//! `fyr offer init`: an offer to begin with.

use std::{fs, io::Write as _, path::Path};

use anyhow::Context as _;

use crate::commands::say;

/// What is written, each under its name.
const FILES: [(&str, &[u8]); 2] = [
    ("offer.yaml", include_bytes!("../../../offers/offer.yaml")),
    ("logo.png", include_bytes!("../../../offers/logo.png")),
];

/// Writes the files into a folder, which is made. Nothing that is there is written over.
pub(in crate::commands) fn run(folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("`{}`", folder.display()))?;
    for (name, _) in FILES {
        let path = folder.join(name);
        anyhow::ensure!(!path.exists(), "`{}` is there already", path.display());
    }
    for (name, bytes) in FILES {
        new(&folder.join(name), bytes)?;
    }
    let file = folder.join("offer.yaml");
    let shown = file.display();
    say(&format!("{shown}: an offer to edit; then `fyr offer lint {shown}`\n"));
    Ok(())
}

/// Writes a file that was not there.
pub(in crate::commands) fn new(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let made = fs::File::create_new(path).and_then(|mut file| file.write_all(bytes));
    made.with_context(|| format!("`{}` cannot be written", path.display()))
}
