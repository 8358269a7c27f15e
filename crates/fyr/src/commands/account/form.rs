//! The form of a sign-up, as a file.

use std::{
    fs,
    io::{ErrorKind, Write as _},
    path::Path,
};

use document::{
    fault::Faults,
    fields::Fields,
    section::Section,
    tree::{self, Kind, Node},
};
use serde_json::{Value, json};

use crate::{commands::say, worlds};

/// The form to fill in.
const EMPTY: &str = include_str!("form.yaml");

const FORM: Section = Section::new(
    "sign-up",
    &["legalName", "address", "primaryContact", "authorizedToSign", "agreements", "partnerId"],
);
const ADDRESS: Section = Section::new("address", &["street", "city", "postalCode", "country"]);
const CONTACT: Section = Section::new("contact", &["name", "email", "phone"]);
const FILE: Kind = Kind { root: &FORM, bytes_max: 64 * 1024 };

/// Writes the form; a file that is there already stays as it is.
pub(super) fn init(file: &Path) -> anyhow::Result<()> {
    let shown = file.display();
    let made = fs::OpenOptions::new().write(true).create_new(true).open(file);
    let written = made.and_then(|mut it| it.write_all(EMPTY.as_bytes()));
    written.map_err(|error| {
        if error.kind() == ErrorKind::AlreadyExists {
            return anyhow::anyhow!("`{shown}` is there already, and stays");
        }
        anyhow::anyhow!("`{shown}` cannot be written: {error}")
    })?;
    say(&format!("Fill in {shown}, then sign up with it:\n  fyr account sign-up {shown}\n"));
    Ok(())
}

/// What the file says, in the API's words; on error one line for each fault.
pub(super) fn read(file: &Path) -> anyhow::Result<Value> {
    parse(&worlds::text(file)?, &file.display().to_string())
}

pub(super) fn parse(text: &str, name: &str) -> anyhow::Result<Value> {
    let mut faults = Faults::default();
    let body = tree::parse(text, &FILE, &mut faults).map(|it| form(&it, &mut faults));
    faults.settle(body.unwrap_or_default()).map_err(|faults| {
        let lines: Vec<String> = faults.iter().map(|fault| format!("{name}:{fault}")).collect();
        anyhow::Error::msg(lines.join("\n"))
    })
}

/// What is left open is told as such: `fyr account show` says what is missing.
fn form(node: &Node, faults: &mut Faults) -> Value {
    let mut it = Fields::of(node, &FORM, faults);
    let legal_name = it.required("legalName").it;
    let address = it.one("address", |node, faults| words(node, faults, &ADDRESS));
    let contact = it.one("primaryContact", |node, faults| words(node, faults, &CONTACT));
    let mut body = json!({
        "legalName": legal_name,
        "address": address.unwrap_or_else(|| nothing(&ADDRESS)),
        "primaryContact": contact.unwrap_or_else(|| nothing(&CONTACT)),
        "authorizedToSign": it.flag("authorizedToSign").unwrap_or_default(),
        "agreements": it.texts("agreements"),
    });
    let partner = it.text("partnerId").filter(|it| !it.is_empty());
    if let (Some(partner), Some(members)) = (partner, body.as_object_mut()) {
        members.insert("partnerId".to_owned(), partner.into());
    }
    body
}

/// What is said under each key of a section.
fn words(node: &Node, faults: &mut Faults, of: &'static Section) -> Value {
    let mut it = Fields::of(node, of, faults);
    let mut word = |key: &'static str| Value::from(it.text(key).unwrap_or_default());
    of.keys.iter().map(|key| ((*key).to_owned(), word(key))).collect()
}

fn nothing(of: &Section) -> Value {
    of.keys.iter().map(|key| ((*key).to_owned(), Value::from(""))).collect()
}
