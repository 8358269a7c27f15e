//! `fyr offer leads`: who took the account's plans.

use serde_json::Value;

use crate::{
    cli::{Format, Leads},
    commands::{
        columns, say,
        server::{Server, text},
    },
};

/// All leads, or those of one offer.
pub(in crate::commands) fn run(Leads { offer, shown }: &Leads) -> anyhow::Result<()> {
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
