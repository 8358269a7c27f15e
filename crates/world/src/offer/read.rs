//! The file's tree into declarations: keys, shapes and words, but no file opened and no name looked
//! up.

mod listing;
mod plan;

use std::collections::BTreeMap;

use document::{
    fault::Faults,
    fields::Fields,
    tree::{Entry, Node, Value},
};
use model::market::form::{Destination, Form, Terms};

use super::{
    declared::{Audience, AudienceEntry, Offer},
    sections,
};

type Categories = BTreeMap<String, Vec<String>>;

pub(crate) fn offer(node: &Node, faults: &mut Faults) -> Offer {
    let mut fields = Fields::of(node, &sections::OFFER, faults);
    let listing = fields.one("listing", listing::listing).unwrap_or_default();
    let form = Form {
        alias: fields.text("alias").unwrap_or_default(),
        leads: fields.one("customerLeads", leads).unwrap_or_default(),
        categories: categories(&mut fields),
        terms: fields.one("legal", legal).unwrap_or_default(),
        listing: listing.plain,
        notes: fields.text("notesForCertification").unwrap_or_default(),
        ..Form::default()
    };
    Offer {
        at: fields.at,
        publisher: fields.parsed("publisherId"),
        name: fields.required_parsed("offerId"),
        form,
        pictures: listing.pictures,
        preview_audience: audience("previewAudience", &mut fields),
        plans: fields.each("plans", plan::plan),
        tests: fields.each("tests", plan::test),
    }
}

fn leads(node: &Node, faults: &mut Faults) -> Destination {
    let mut fields = Fields::of(node, &sections::CUSTOMER_LEADS, faults);
    let wanted = fields.one_of("destination", &[("none", false), ("httpsEndpoint", true)]);
    let url = fields.text("httpsEndpointUrl");
    let emails = fields.texts("contactEmail");
    match (wanted.unwrap_or(url.is_some()), url) {
        (true, Some(url)) => return Destination::HttpsEndpoint { url, sealed: None, emails },
        (true, None) => fields.faults.add(fields.at, "`httpsEndpoint` needs `httpsEndpointUrl`"),
        (false, Some(_)) => {
            let message = "`httpsEndpointUrl` goes with the destination `httpsEndpoint`";
            fields.faults.add(fields.at, message);
        }
        (false, None) if !emails.is_empty() => {
            let message = "`contactEmail` goes with the destination `httpsEndpoint`";
            fields.faults.add(fields.at, message);
        }
        (false, None) => {}
    }
    Destination::None
}

fn legal(node: &Node, faults: &mut Faults) -> Terms {
    let mut fields = Fields::of(node, &sections::LEGAL, faults);
    match (fields.text("terms"), fields.text("termsUrl")) {
        (Some(_), Some(_)) => {
            fields.faults.add(fields.at, "`terms` or `termsUrl` is given, not both");
            Terms::None
        }
        (Some(text), None) => Terms::Text(text),
        (None, Some(url)) => Terms::Url(url),
        (None, None) => Terms::None,
    }
}

/// Categories, each with the list of its subcategories.
fn categories(fields: &mut Fields<'_, '_>) -> Categories {
    let Some(node) = fields.node("categories") else { return Categories::new() };
    let Value::Map(entries) = &node.value else {
        let message = format!("`categories` is a mapping, not {}", node.describe());
        fields.faults.add(node.at, message);
        return Categories::new();
    };
    let one = |entry: &Entry| (entry.key.clone(), subcategories(&entry.value, fields.faults));
    entries.iter().map(one).collect()
}

fn subcategories(node: &Node, faults: &mut Faults) -> Vec<String> {
    let words: Option<Vec<String>> = match &node.value {
        Value::List(items) => items.iter().map(word).collect(),
        Value::Scalar { .. } if node.is_null() => Some(Vec::new()),
        Value::Scalar { .. } | Value::Map(_) => None,
    };
    words.unwrap_or_else(|| {
        faults.add(node.at, "a category has a list of subcategories");
        Vec::new()
    })
}

fn word(node: &Node) -> Option<String> {
    match &node.value {
        Value::Scalar { text, .. } if !node.is_null() => Some(text.clone()),
        Value::Scalar { .. } | Value::List(_) | Value::Map(_) => None,
    }
}

/// A list of subscriptions, or the path of one.
fn audience(key: &'static str, fields: &mut Fields<'_, '_>) -> Audience {
    match fields.node(key).map(|node| &node.value) {
        Some(Value::Scalar { .. }) => {
            fields.word(key).map_or_else(Audience::default, Audience::File)
        }
        Some(Value::List(_) | Value::Map(_)) => Audience::List(fields.each(key, audience_entry)),
        None => Audience::default(),
    }
}

fn audience_entry(node: &Node, faults: &mut Faults) -> AudienceEntry {
    let mut fields = Fields::of(node, &sections::AUDIENCE_ENTRY, faults);
    AudienceEntry {
        subscription: fields.required("id"),
        description: fields.text("description").unwrap_or_default(),
    }
}
