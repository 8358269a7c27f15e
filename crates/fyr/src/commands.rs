//! One module for each command.

mod acceptance;
mod access;
mod account;
mod catalog;
mod clock;
mod columns;
mod connect;
mod findings;
mod manifest;
mod offer;
mod report;
mod server;
mod template;
mod up;
mod worlds;

use std::{io::Write as _, process::ExitCode};

use crate::{
    admin::{Leftovers, Names},
    cli::{Arguments, Clock, Command, Import, Manifest, Offer, Template, World},
    observe,
};

/// Runs the command; what goes wrong is told on stderr, and in the exit code.
pub fn run(arguments: Arguments) -> ExitCode {
    let done = match arguments.command {
        Command::Up(it) if it.wait => up::detached(&it, &arguments.log),
        Command::Up(it) => observe::log(&arguments.log).and_then(|()| up::run(&it)),
        Command::Connect(it) => connect::run(&it),
        Command::Clock(Clock { turn, folder }) => clock::turn(&folder, turn.into()),
        Command::World(World::Validate { file }) => worlds::validate(&file),
        Command::World(World::Apply { file, data, prune }) => {
            let leftovers = if prune { Leftovers::Removed } else { Leftovers::Kept };
            worlds::apply(&file, &data.folder, leftovers)
        }
        Command::Template(Template::Create(it)) => template::create::run(&it),
        Command::Template(Template::Expand(it)) => template::expand::run(&it),
        Command::Template(Template::Lint(it)) => return ended(template::lint::run(&it)),
        Command::Template(Template::WhatIf(it)) => return ended(template::what_if::run(&it)),
        Command::World(World::Import(Import::Azure { folder, pseudonyms })) => {
            worlds::import_azure(&folder, names(pseudonyms))
        }
        Command::World(World::Export { data, tenants, pseudonyms }) => {
            worlds::export(&data.folder, &tenants, names(pseudonyms))
        }
        Command::Access(it) => return ended(access::run(it)),
        Command::Report(it) => report::run(&it),
        Command::Manifest(Manifest::Diff { before, after, output }) => {
            return ended(manifest::diff(&before, &after, output));
        }
        Command::Offer(it) => return ended(offer(&it)),
        Command::Account(it) => account::run(&it),
        Command::Catalog(it) => catalog::run(&it),
        Command::Acceptance(it) => return ended(acceptance::run(&it)),
    };
    ended(done.map(|()| ExitCode::SUCCESS))
}

fn offer(wanted: &Offer) -> anyhow::Result<ExitCode> {
    let done = match wanted {
        Offer::Lint { files, output } => return offer::lint::run(files, *output),
        Offer::Diff { before, after, output } => return offer::diff::run(before, after, *output),
        Offer::Test { file } => return offer::test::run(file),
        Offer::Plan(it) => return offer::online::apply::plan(it),
        Offer::Publish(it) => return offer::online::publish::publish(it),
        Offer::GoLive(it) => return offer::online::publish::go_live(it),
        Offer::Leads(it) => return offer::online::leads::run(it),
        Offer::Init { folder } => offer::init::run(folder),
        Offer::Apply(it) => offer::online::apply::apply(it),
        Offer::Status(it) => offer::online::publish::status(it),
        Offer::Cancel(it) => offer::online::publish::cancel(it),
        Offer::Export(it) => offer::online::export::run(it),
        Offer::Stop(it) => offer::online::distribution::stop(it),
        Offer::Resume(it) => offer::online::distribution::resume(it),
        Offer::Audience(it) => offer::online::audience::run(it),
        Offer::Compare(it) => offer::online::compare::run(it),
        Offer::History(it) => offer::online::history::run(it),
        Offer::Review(it) => offer::online::review::run(it),
    };
    done.map(|()| ExitCode::SUCCESS)
}

fn ended(done: anyhow::Result<ExitCode>) -> ExitCode {
    match done {
        Ok(code) => code,
        Err(error) => {
            complain(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn names(pseudonyms: bool) -> Names {
    if pseudonyms { Names::Pseudonyms } else { Names::Their }
}

/// What the command is asked for. Whoever stops reading it, as `head` does, has read enough.
fn say(text: &str) {
    let _whether_it_was_read = std::io::stdout().write_all(visible(text).as_bytes());
}

#[expect(clippy::print_stderr, reason = "this is where a command's errors belong")]
fn complain(text: &str) {
    eprintln!("fyr: {}", visible(text));
}

/// The text as a terminal may have it: what others wrote moves no cursor and paints nothing over.
fn visible(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let is_kept = |it: char| !it.is_control() || matches!(it, '\n' | '\t');
    text.chars().map(|it| if is_kept(it) { it } else { char::REPLACEMENT_CHARACTER }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_wrote_does_nothing_to_the_terminal() {
        assert_eq!(visible("a\tb\r\nc\n"), "a\tb\nc\n");
        assert_eq!(visible("a\u{1b}[2Jb\rc\u{9b}d"), "a\u{fffd}[2Jb\u{fffd}c\u{fffd}d");
    }
}
