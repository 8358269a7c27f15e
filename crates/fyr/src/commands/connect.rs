//! `fyr connect`: how a client is pointed at a Fyr.

mod recipe;

use std::process::Command;

use anyhow::Context;
use ids::clock::Clock;

use self::recipe::{Recipe, Target};
use super::say;
use crate::{
    cli::{Client, Connect},
    folder::Folder,
    ports::Ports,
    summary,
    system::SystemClock,
    worlds::{self, Source},
};

/// Prints the recipe, or follows it.
pub(super) fn run(wanted: &Connect) -> anyhow::Result<()> {
    let folder = Folder::open(&wanted.data.folder)?;
    let ports = Ports::remembered(&folder)?;
    let ports = ports.context("this Fyr was never started; `fyr up` does that")?;
    let world = Source::remembered(&folder)?.and_then(|source| {
        let (text, name) = source.text().ok()?;
        worlds::parse(&text, &name, SystemClock.now()).ok()
    });
    let accounts = world.as_ref().map(summary::accounts).unwrap_or_default();
    let subscriptions = world.as_ref().map(summary::subscriptions).unwrap_or_default();
    let (accounts, subscriptions) = (accounts.as_slice(), subscriptions.as_slice());
    let target =
        Target { folder: folder.path(), origins: ports.origins(), accounts, subscriptions };
    let recipe = Recipe::of(wanted.client, &target);
    if wanted.run {
        return follow(&recipe, wanted);
    }
    say(&recipe.render());
    Ok(())
}

fn follow(recipe: &Recipe, wanted: &Connect) -> anyhow::Result<()> {
    anyhow::ensure!(
        recipe.blanks.is_empty(),
        "no application of this Fyr's world is known to fill in {}; leave `--run` out to see \
         what to set",
        recipe.blanks.join(", ")
    );
    if wanted.client == Client::Az {
        let script = recipe.setup.join("\n");
        run_one(recipe, "sh", &["-ec".to_owned(), script])?;
    }
    let given = wanted.command.split_first();
    let given = given.map(|(program, arguments)| (program.clone(), arguments.to_vec()));
    let command = given.or_else(|| recipe.otherwise.clone());
    let command = command.context("say what to run, after `--`")?;
    run_one(recipe, &command.0, &command.1)
}

fn run_one(recipe: &Recipe, program: &str, arguments: &[String]) -> anyhow::Result<()> {
    let environment = recipe.environment.iter().map(|(name, value)| (*name, value.as_str()));
    let status = Command::new(program).args(arguments).envs(environment).status();
    let status = status.with_context(|| format!("`{program}` cannot be run"))?;
    anyhow::ensure!(status.success(), "`{program}` ended with {status}");
    Ok(())
}
