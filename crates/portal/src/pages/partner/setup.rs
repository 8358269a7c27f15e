//! *Offer setup*: what the publisher calls the offer, and where leads go.

use market::lint::{Finding, publish::Page};
use model::market::form::{Destination, Form};
use operations::market::submissions::lint::Judged;

use super::{
    draft::{Fixed, Place, Sheet, Way},
    sheet::{Block, Kind, Text, fields, take},
    to::{Tab, To},
};
use crate::fields::Fields;

/// The page as it is typed.
pub(super) struct Setup {
    alias: String,
    url: String,
    /// One on each line.
    emails: String,
}

const ALIAS: [Text<Setup>; 1] = [Text {
    name: "alias",
    at: "alias",
    label: "Alias",
    hint: "What you call the offer among yourselves. No customer sees it.",
    kind: Kind::Line("text"),
    of: |it| &mut it.alias,
}];

const LEADS: [Text<Setup>; 2] = [
    Text {
        name: "url",
        at: "customerLeads|customerLeads.httpsEndpointUrl",
        label: "HTTPS endpoint",
        hint: "Each lead is sent there as JSON by POST. A key in the address is kept and never shown again: leave the address as it is, and it stays.",
        kind: Kind::Line("url"),
        of: |it| &mut it.url,
    },
    Text {
        name: "emails",
        at: "customerLeads.contactEmail",
        label: "Who else is told",
        hint: "E-mail addresses, one on each line.",
        kind: Kind::Text,
        of: |it| &mut it.emails,
    },
];

impl Sheet for Setup {
    const TITLE: &'static str = "Offer setup";
    const TAB: Tab = Tab::Setup;
    const SAYS: &'static str =
        "Where leads go: whoever takes the offer, or asks to be contacted, is told of there.";

    fn of(judged: &Judged, _place: &Place) -> Option<Self> {
        let form = &judged.offer.form;
        let (url, emails) = match &form.leads {
            Destination::None => (String::new(), String::new()),
            Destination::HttpsEndpoint { url, sealed: _, emails } => {
                (url.clone(), emails.join("\n"))
            }
        };
        Some(Self { alias: form.alias.clone(), url, emails })
    }

    fn take(&mut self, sent: &Fields) {
        take(&ALIAS, self, "", sent);
        take(&LEADS, self, "", sent);
    }

    fn put(&self, form: &mut Form, _place: &Place) -> Vec<Finding> {
        form.alias.clone_from(&self.alias);
        let emails = self.emails.lines().map(str::trim).filter(|it| !it.is_empty());
        form.leads = if self.url.is_empty() {
            Destination::None
        } else {
            let emails = emails.map(str::to_owned).collect();
            Destination::HttpsEndpoint { url: self.url.clone(), sealed: None, emails }
        };
        Vec::new()
    }

    fn blocks(&mut self, _form: &Form, _place: &Place) -> Vec<Block> {
        vec![
            Block { heading: "Alias", fields: fields(&ALIAS, self, "", ""), ..Block::default() },
            Block {
                heading: "Customer leads",
                says: "Lead management: without a place for leads, the offer is not published.",
                fields: fields(&LEADS, self, "", ""),
                ..Block::default()
            },
        ]
    }

    fn is_here(field: &str, _form: &Form, _place: &Place) -> bool {
        Page::of(field) == Page::Setup
    }

    fn fixed(&self, judged: &Judged, _place: &Place) -> Vec<Fixed> {
        let id = &judged.offer.id;
        vec![
            Fixed {
                name: "Offer ID",
                value: id.name.to_string(),
                why: "It stands in addresses and templates, and never changes.",
            },
            Fixed {
                name: "Publisher",
                value: id.publisher.to_string(),
                why: "An offer never changes its publisher.",
            },
            Fixed {
                name: "Offer type",
                value: "Managed service".to_owned(),
                why: "Another type takes another offer.",
            },
        ]
    }

    fn ways(&self, _judged: &Judged, place: &Place) -> Vec<Way> {
        vec![
            Way::new("Send a test lead", To::Offer(&place.id, Tab::TestLead)),
            Way::new("Next: Properties", To::Offer(&place.id, Tab::Properties)),
        ]
    }
}
