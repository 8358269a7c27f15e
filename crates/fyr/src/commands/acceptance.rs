//! `fyr acceptance`: what a subscription accepted of plans, and the customer's word on them.

mod accept;
mod decide;
mod difference;
mod show;
mod terms;

use std::process::ExitCode;

use super::server::Server;
use crate::cli::{Acceptance, InSubscription, OfPlan, Planned};

/// The API that tells of acceptances.
const VERSION: &str = "2026-12-01";

/// Runs one of its commands.
pub(super) fn run(wanted: &Acceptance) -> anyhow::Result<ExitCode> {
    match wanted {
        Acceptance::List { at, output } => show::list(at, *output).map(|()| ExitCode::SUCCESS),
        Acceptance::Show(it) => show::show(it).map(|()| ExitCode::SUCCESS),
        Acceptance::Accept(it) => accept::accept(it),
        Acceptance::Difference(it) => difference::difference(it),
        Acceptance::Update { word, terms } => decide::update(word, terms),
        Acceptance::Decline(it) => decide::decline(it).map(|()| ExitCode::SUCCESS),
        Acceptance::Reconsider(it) => decide::reconsider(it).map(|()| ExitCode::SUCCESS),
    }
}

/// Where the acceptances of a subscription are.
fn all(at: &InSubscription) -> String {
    format!("/subscriptions/{}/providers/Fyr.Marketplace/acceptances", at.subscription)
}

/// Where that of a plan is, or what `action` is done to it.
fn path(Planned { plan, at }: &Planned, action: &str) -> String {
    format!("{}/{plan}{action}?api-version={VERSION}", all(at))
}

/// The server that a plan's subscription is at.
fn server(of: &OfPlan) -> anyhow::Result<Server> {
    Server::resource_manager(&of.plan.at)
}

/// The plan in its subscription, as it stands on the command line.
fn spelt(Planned { plan, at }: &Planned) -> String {
    format!("{plan} --subscription {}", at.subscription)
}

#[cfg(test)]
mod tests;
