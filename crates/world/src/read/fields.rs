//! The keys of one mapping, each asked for by name and type.

use std::{collections::BTreeSet, fmt::Display, str::FromStr};

use model::tree::Tags;
use serde_json::{Map, Value as Json};

use crate::{
    declared::Word,
    fault::{Faults, Position, Spanned, did_you_mean, quoted},
    sections::Section,
    yaml::{self, Entry, Node, Value},
};

/// A mapping of a known section, and where to complain about it.
pub(super) struct Fields<'n, 'f> {
    pub(super) at: Position,
    section: &'static Section,
    entries: &'n [Entry],
    pub(super) faults: &'f mut Faults,
}

impl<'n, 'f> Fields<'n, 'f> {
    /// The node as that section; keys that it does not have and keys given twice are faults.
    pub(super) fn of(node: &'n Node, section: &'static Section, faults: &'f mut Faults) -> Self {
        let entries = match &node.value {
            Value::Map(entries) => entries.as_slice(),
            Value::Scalar { .. } | Value::List(_) => {
                let found = node.describe();
                faults.add(node.at, format!("a {} is a mapping, not {found}", section.name));
                &[]
            }
        };
        let mut seen = BTreeSet::new();
        for Entry { key, at, .. } in entries {
            if !section.keys.contains(&key.as_str()) {
                let message = format!("a {} has no key {}", section.name, quoted(key));
                faults.advise(*at, message, did_you_mean(key, section.keys.iter().copied()));
            } else if !seen.insert(key) {
                faults.add(*at, format!("{} is given twice", quoted(key)));
            }
        }
        Self { at: node.at, section, entries, faults }
    }

    /// The value of a key, unless it is absent or null.
    pub(super) fn node(&self, key: &'static str) -> Option<&'n Node> {
        debug_assert!(self.section.keys.contains(&key), "{key}");
        let entry = self.entries.iter().find(|entry| entry.key == key)?;
        Some(&entry.value).filter(|node| !node.is_null())
    }

    /// A word.
    pub(super) fn word(&mut self, key: &'static str) -> Option<Word> {
        let node = self.node(key)?;
        self.as_word(key, node)
    }

    /// A word, without its place.
    pub(super) fn text(&mut self, key: &'static str) -> Option<String> {
        self.word(key).map(|word| word.it)
    }

    /// A word that must be there; an empty one stands in for it.
    pub(super) fn required(&mut self, key: &'static str) -> Word {
        let missing = self.node(key).is_none();
        if missing {
            self.faults.add(self.at, format!("a {} needs `{key}`", self.section.name));
        }
        self.word(key).unwrap_or(Spanned { at: self.at, it: String::new() })
    }

    /// A word with a form of its own.
    pub(super) fn parsed<T: FromStr<Err: Display>>(&mut self, key: &'static str) -> Option<T> {
        let word = self.word(key)?;
        self.parse(&word)
    }

    /// A word with a form of its own that must be there.
    pub(super) fn required_parsed<T: FromStr<Err: Display>>(
        &mut self,
        key: &'static str,
    ) -> Option<T> {
        let word = self.required(key);
        if word.it.is_empty() { None } else { self.parse(&word) }
    }

    /// True or false.
    pub(super) fn flag(&mut self, key: &'static str) -> Option<bool> {
        self.one_of(key, &[("true", true), ("false", false)])
    }

    /// One of a few words.
    pub(super) fn one_of<T: Copy>(
        &mut self,
        key: &'static str,
        choices: &[(&str, T)],
    ) -> Option<T> {
        let word = self.word(key)?;
        let chosen = choices.iter().find(|(name, _)| word.it.eq_ignore_ascii_case(name));
        if chosen.is_none() {
            let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
            let message = format!("`{key}` is {}, not {}", names.join(" or "), quoted(&word.it));
            self.faults.add(word.at, message);
        }
        chosen.map(|(_, value)| *value)
    }

    /// A list of mappings, each read by `read`.
    pub(super) fn each<T>(
        &mut self,
        key: &'static str,
        read: fn(&Node, &mut Faults) -> T,
    ) -> Vec<T> {
        self.list(key).iter().map(|item| read(item, self.faults)).collect()
    }

    /// A list of words.
    pub(super) fn words(&mut self, key: &'static str) -> Vec<Word> {
        self.list(key).iter().filter_map(|item| self.as_word(key, item)).collect()
    }

    /// A list of words, without their places.
    pub(super) fn texts(&mut self, key: &'static str) -> Vec<String> {
        self.words(key).into_iter().map(|word| word.it).collect()
    }

    /// A list of words with a form of their own.
    pub(super) fn all_parsed<T: FromStr<Err: Display>>(&mut self, key: &'static str) -> Vec<T> {
        let words = self.words(key);
        words.iter().filter_map(|word| self.parse(word)).collect()
    }

    /// Name-value pairs.
    pub(super) fn tags(&mut self) -> Tags {
        let mut tags = Tags::new();
        for entry in self.map("tags") {
            if let Some(word) = self.as_word("tags", &entry.value) {
                tags.insert(entry.key.clone(), word.it);
            }
        }
        tags
    }

    /// Anything that JSON can hold, in a mapping.
    pub(super) fn object(&mut self, key: &'static str) -> Map<String, Json> {
        yaml::object(self.map(key))
    }

    fn map(&mut self, key: &'static str) -> &'n [Entry] {
        let Some(node) = self.node(key) else { return &[] };
        if let Value::Map(entries) = &node.value {
            return entries;
        }
        self.faults.add(node.at, format!("`{key}` is a mapping, not {}", node.describe()));
        &[]
    }

    fn list(&mut self, key: &'static str) -> &'n [Node] {
        let Some(node) = self.node(key) else { return &[] };
        if let Value::List(items) = &node.value {
            return items;
        }
        self.faults.add(node.at, format!("`{key}` is a list, not {}", node.describe()));
        &[]
    }

    fn as_word(&mut self, key: &'static str, node: &Node) -> Option<Word> {
        if let Value::Scalar { text, .. } = &node.value
            && !node.is_null()
        {
            return Some(Spanned { at: node.at, it: text.clone() });
        }
        self.faults.add(node.at, format!("`{key}` holds plain values, not {}", node.describe()));
        None
    }

    fn parse<T: FromStr<Err: Display>>(&mut self, word: &Word) -> Option<T> {
        word.it.parse().map_err(|error: T::Err| self.faults.add(word.at, error.to_string())).ok()
    }
}
