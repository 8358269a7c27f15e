//! *Properties*: where customers look for the offer, and what they agree to.

use std::collections::BTreeMap;

use market::lint::{Finding, limits::CATEGORIES, publish::Page};
use model::market::form::{Form, Terms};
use operations::market::submissions::lint::Judged;

use super::{
    draft::{Place, Sheet, Way},
    sheet::{Block, Kind, Text, fields, take},
    to::{Tab, To},
};
use crate::fields::Fields;

/// The page as it is typed.
#[derive(Default)]
pub(super) struct Properties {
    /// A key on each line, and `category/subcategory` for those below it.
    categories: String,
    kind: String,
    text: String,
    url: String,
}

const CHOSEN: [Text<Properties>; 1] = [Text {
    name: "categories",
    at: "categories",
    label: "Categories and subcategories",
    hint: "Up to two categories, and of each up to two subcategories.",
    kind: Kind::Many(categories),
    of: |it| &mut it.categories,
}];

const TERMS: [Text<Properties>; 3] = [
    Text {
        name: "kind",
        at: "legal",
        label: "What customers agree to",
        hint: "",
        kind: Kind::One(&[
            ("none", "Not chosen yet"),
            ("text", "The text below"),
            ("url", "What stands at the address below"),
        ]),
        of: |it| &mut it.kind,
    },
    Text {
        name: "text",
        at: "legal.terms",
        label: "Terms and conditions",
        hint: "Each acceptance keeps what was agreed to, word for word.",
        kind: Kind::Text,
        of: |it| &mut it.text,
    },
    Text {
        name: "url",
        at: "legal.termsUrl",
        label: "Address of the terms",
        hint: "It begins with https://.",
        kind: Kind::Line("url"),
        of: |it| &mut it.url,
    },
];

fn categories() -> Vec<(String, String)> {
    let told = |key: &str| {
        let words = key.trim_end_matches("-amp").replace('-', " ");
        let mut letters = words.chars();
        let first = letters.next().map(|it| it.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    };
    let of_category = |(key, below): &(&str, &[&str])| {
        let below: Vec<_> = below
            .iter()
            .map(|it| (format!("{key}/{it}"), format!("{} / {}", told(key), told(it))))
            .collect();
        std::iter::once(((*key).to_owned(), told(key))).chain(below).collect::<Vec<_>>()
    };
    CATEGORIES.iter().flat_map(of_category).collect()
}

impl Sheet for Properties {
    const TITLE: &'static str = "Properties";
    const TAB: Tab = Tab::Properties;
    const SAYS: &'static str =
        "The categories in which a customer finds the offer, and the terms that they accept.";

    fn of(judged: &Judged, _place: &Place) -> Option<Self> {
        let form = &judged.offer.form;
        let of_category = |(key, below): (&String, &Vec<String>)| {
            let below = below.iter().map(|it| format!("{key}/{it}")).collect::<Vec<_>>();
            std::iter::once(key.clone()).chain(below).collect::<Vec<_>>()
        };
        let chosen: Vec<String> = form.categories.iter().flat_map(of_category).collect();
        let mut it = Self { categories: chosen.join("\n"), ..Self::default() };
        let kind = match &form.terms {
            Terms::None => "none",
            Terms::Text(text) => {
                it.text.clone_from(text);
                "text"
            }
            Terms::Url(url) => {
                it.url.clone_from(url);
                "url"
            }
        };
        kind.clone_into(&mut it.kind);
        Some(it)
    }

    fn take(&mut self, sent: &Fields) {
        take(&CHOSEN, self, "", sent);
        take(&TERMS, self, "", sent);
    }

    fn put(&self, form: &mut Form, _place: &Place) -> Vec<Finding> {
        let mut chosen: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for line in self.categories.lines() {
            match line.split_once('/') {
                Some((key, below)) => {
                    chosen.entry(key.to_owned()).or_default().push(below.to_owned());
                }
                None => drop(chosen.entry(line.to_owned()).or_default()),
            }
        }
        form.categories = chosen;
        form.terms = match self.kind.as_str() {
            "text" => Terms::Text(self.text.clone()),
            "url" => Terms::Url(self.url.clone()),
            _ => Terms::None,
        };
        Vec::new()
    }

    fn blocks(&mut self, _form: &Form, _place: &Place) -> Vec<Block> {
        vec![
            Block {
                heading: "Categories",
                fields: fields(&CHOSEN, self, "", ""),
                ..Block::default()
            },
            Block {
                heading: "Legal",
                says: "A customer accepts the terms before they can delegate anything.",
                fields: fields(&TERMS, self, "", ""),
                ..Block::default()
            },
        ]
    }

    fn is_here(field: &str, _form: &Form, _place: &Place) -> bool {
        Page::of(field) == Page::Properties
    }

    fn ways(&self, _judged: &Judged, place: &Place) -> Vec<Way> {
        vec![Way::new("Next: Offer listing", To::Offer(&place.id, Tab::Listing))]
    }
}
