//! `fyr up --wait`: in the background, back when requests are answered.

use std::{
    fs::File,
    os::unix::process::CommandExt,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use anyhow::Context;

use super::say;
use crate::{
    admin::{self, Answer, Ask},
    cli::Up,
    folder::Folder,
};

/// What the server in the background logs, and what it says at its start.
const LOG: &str = "fyr.log";
const SAID: &str = "fyr.out";
/// What stands in the folder before the server is there.
pub(super) const FILES: [&str; 2] = [LOG, SAID];
/// How often, and how many times, the server is asked whether it is there: a minute.
const PAUSE: Duration = Duration::from_millis(100);
const ASKED_MAX: usize = 600;
/// The end of the log that an error shows.
const LINES_MAX: usize = 5;

/// Starts the server as a process of its own, and waits for it.
pub(in crate::commands) fn detached(wanted: &Up, _: &str) -> anyhow::Result<()> {
    let folder = super::folder(wanted)?;
    if let Some(Answer::Ready { process }) = admin::ask(&folder, &Ask::Ready)? {
        say(&format!("Fyr is up already, as process {process}.\n"));
        return Ok(());
    }
    let mut child = start(wanted, &folder)?;
    for _ in 0..ASKED_MAX {
        if let Some(status) = child.try_wait()? {
            anyhow::bail!("the server ended with {status}\n{}", end_of_log(&folder)?);
        }
        if admin::ask(&folder, &Ask::Ready).ok().flatten().is_some() {
            let said = folder.read(SAID)?.unwrap_or_default();
            say(&said);
            return Ok(());
        }
        thread::sleep(PAUSE);
    }
    child.kill()?;
    anyhow::bail!("the server was not ready within a minute\n{}", end_of_log(&folder)?)
}

fn start(wanted: &Up, folder: &Folder) -> anyhow::Result<Child> {
    for name in FILES {
        folder.write(name, b"")?;
    }
    let open = |name| File::options().append(true).open(folder.file(name));
    let arguments = std::env::args_os().skip(1).filter(|it| it != "--wait");
    let mut server = Command::new(std::env::current_exe()?);
    server.args(arguments);
    if wanted.folder.is_none() {
        server.arg("--data").arg(folder.path());
    }
    server
        .stdin(Stdio::null())
        .stdout(open(SAID)?)
        .stderr(open(LOG)?)
        .process_group(0) // the terminal's Ctrl-C is not meant for it
        .spawn()
        .context("the server cannot be started")
}

fn end_of_log(folder: &Folder) -> anyhow::Result<String> {
    let log = folder.read(LOG)?.unwrap_or_default();
    let mut lines: Vec<&str> = log.lines().rev().take(LINES_MAX).collect();
    lines.reverse();
    Ok(lines.join("\n"))
}
