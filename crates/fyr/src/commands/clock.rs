//! `fyr clock`: to see without waiting what time brings.

use std::path::Path;

use super::say;
use crate::{
    admin::{self, Answer, Ask},
    folder::Folder,
    hands::{Shown, Turn},
};

/// Turns the clock of the folder's server, and says what it shows.
pub(super) fn turn(folder: &Path, turn: Turn) -> anyhow::Result<()> {
    let folder = Folder::open(folder)?;
    match admin::ask(&folder, &Ask::Clock(turn))? {
        Some(Answer::Clock(Shown { now, ahead })) => {
            let ahead = if ahead.is_zero() { String::new() } else { format!(" ({ahead:#} ahead)") };
            say(&format!("{now}{ahead}\n"));
            Ok(())
        }
        Some(Answer::Refused(reason)) => anyhow::bail!(reason),
        Some(
            Answer::Ready { .. }
            | Answer::Applied(_)
            | Answer::Exported { .. }
            | Answer::WhoCanDelegate(_)
            | Answer::Access(_)
            | Answer::Report(_),
        ) => {
            anyhow::bail!("the server answered something else")
        }
        None => anyhow::bail!(
            "no server runs on `{}`: its clock is the machine's",
            folder.path().display()
        ),
    }
}
