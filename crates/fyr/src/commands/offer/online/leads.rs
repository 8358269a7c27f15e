//! `fyr offer leads`: who took the account's plans, and whether leads arrive.

use std::{process::ExitCode, thread, time::Duration};

use ids::offer::OfferId;
use serde_json::{Value, json};

use crate::{
    cli::{Format, Leads},
    commands::{
        columns, say,
        server::{Server, text},
    },
};

/// How long there is between two looks at a test lead.
const PAUSE: Duration = Duration::from_millis(500);

/// All leads, or those of one offer; or a test lead.
pub(in crate::commands) fn run(wanted: &Leads) -> anyhow::Result<ExitCode> {
    match &wanted.offer {
        Some(offer) if wanted.test => test(wanted, offer),
        Some(_) | None => listed(wanted).map(|()| ExitCode::SUCCESS),
    }
}

/// Sends a test lead, and waits until it is known whether it was taken.
fn test(Leads { shown, .. }: &Leads, offer: &OfferId) -> anyhow::Result<ExitCode> {
    let server = Server::marketplace(&shown.online)?;
    let path = format!("/market/offers/{offer}/test-lead");
    let mut lead = server.post(&path, &json!({}))?;
    while text(&lead, "/delivery/state") == "pending" {
        thread::sleep(PAUSE);
        lead = server.get(&path)?;
    }
    say(&match shown.output {
        Format::Json => format!("{lead:#}\n"),
        Format::Table => tested(&lead),
    });
    let is_taken = text(&lead, "/delivery/state") == "delivered";
    Ok(if is_taken { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What became of a test lead.
pub(super) fn tested(lead: &Value) -> String {
    let name = text(lead, "/offerTitle");
    match text(lead, "/delivery/reason") {
        "" => format!("The test lead {name} was taken.\n"),
        reason => format!("The test lead {name} was not taken: {reason}.\n"),
    }
}

fn listed(Leads { offer, shown, .. }: &Leads) -> anyhow::Result<()> {
    let mut found = Server::marketplace(&shown.online)?.all("/market/leads")?;
    if let Some(offer) = offer {
        found.retain(|it| text(it, "/offer") == offer.to_string());
    }
    say(&match shown.output {
        Format::Json => format!("{:#}\n", Value::from(found)),
        Format::Table if found.is_empty() => {
            "There is no lead yet. Submissions send a test lead before they become a preview.\n"
                .to_owned()
        }
        Format::Table => columns::table(
            ["When", "Offer", "Action", "Who", "Company", "Delivery"],
            found.iter().map(row),
        ),
    });
    Ok(())
}

pub(super) fn row(lead: &Value) -> [String; 6] {
    let of = |name: &str| text(lead, name).to_owned();
    let names = ["firstName", "lastName", "email"];
    let who = names.map(|name| text(lead, &format!("/userDetails/{name}")));
    let who: Vec<&str> = who.into_iter().filter(|it| !it.is_empty()).collect();
    let delivery = match (text(lead, "/delivery/state"), text(lead, "/delivery/reason")) {
        (state, "") => state.to_owned(),
        (state, reason) => format!("{state}: {reason}"),
    };
    [
        of("/created"),
        of("/offer"),
        of("/actionCode"),
        who.join(" "),
        of("/userDetails/company"),
        delivery,
    ]
}
