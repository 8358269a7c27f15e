//! The keys of one mapping, each asked for by name and type.

use std::{collections::BTreeMap, fmt::Display, str::FromStr};

use serde_json::{Map, Value as Json};

use crate::{
    fault::{Faults, did_you_mean, quoted},
    place::{Position, Word},
    section::Section,
    tree::{self, Entry, Node, Value},
};

/// A mapping of a known section, and where to complain about it. Asking for a key that its section
/// does not have is a mistake of the program's, which tests of it see.
#[derive(Debug)]
pub struct Fields<'n, 'f> {
    /// Where the mapping stands.
    pub at: Position,
    section: &'static Section,
    entries: &'n [Entry],
    /// For what else is wrong with it.
    pub faults: &'f mut Faults,
}

impl<'n, 'f> Fields<'n, 'f> {
    /// The node as that section; keys that it does not have are faults.
    pub fn of(node: &'n Node, section: &'static Section, faults: &'f mut Faults) -> Self {
        let entries = match &node.value {
            Value::Map(entries) => entries.as_slice(),
            Value::Scalar { .. } | Value::List(_) => {
                let found = node.describe();
                faults.add(node.at, format!("{} is a mapping, not {found}", section.one()));
                &[]
            }
        };
        for Entry { key, at, .. } in entries {
            if !section.keys.contains(&key.as_str()) {
                let message = format!("{} has no key {}", section.one(), quoted(key));
                faults.advise(*at, message, did_you_mean(key, section.keys.iter().copied()));
            }
        }
        Self { at: node.at, section, entries, faults }
    }

    /// The value of a key, unless it is absent or null.
    pub fn node(&self, key: &'static str) -> Option<&'n Node> {
        debug_assert!(self.section.keys.contains(&key), "{key}");
        let entry = self.entries.iter().find(|entry| entry.key == key)?;
        Some(&entry.value).filter(|node| !node.is_null())
    }

    /// A word.
    pub fn word(&mut self, key: &'static str) -> Option<Word> {
        let node = self.node(key)?;
        self.as_word(key, node)
    }

    /// A word, without its place.
    pub fn text(&mut self, key: &'static str) -> Option<String> {
        self.word(key).map(|word| word.it)
    }

    /// A word that must be there; an empty one stands in for it.
    pub fn required(&mut self, key: &'static str) -> Word {
        let missing = self.node(key).is_none();
        if missing {
            self.faults.add(self.at, format!("{} needs `{key}`", self.section.one()));
        }
        self.word(key).unwrap_or(Word { at: self.at, it: String::new() })
    }

    /// A word with a form of its own.
    pub fn parsed<T: FromStr<Err: Display>>(&mut self, key: &'static str) -> Option<T> {
        let word = self.word(key)?;
        self.parse(&word)
    }

    /// A word with a form of its own that must be there.
    pub fn required_parsed<T: FromStr<Err: Display>>(&mut self, key: &'static str) -> Option<T> {
        let word = self.required(key);
        if word.it.is_empty() { None } else { self.parse(&word) }
    }

    /// A whole number that is not negative.
    pub fn number(&mut self, key: &'static str) -> Option<u32> {
        let word = self.word(key)?;
        let number = word.it.parse().ok();
        if number.is_none() {
            let message = format!("`{key}` is a whole number, not {}", quoted(&word.it));
            self.faults.add(word.at, message);
        }
        number
    }

    /// True or false.
    pub fn flag(&mut self, key: &'static str) -> Option<bool> {
        self.one_of(key, &[("true", true), ("false", false)])
    }

    /// One of a few words, letters without regard to case.
    pub fn one_of<T: Copy>(&mut self, key: &'static str, choices: &[(&str, T)]) -> Option<T> {
        let word = self.word(key)?;
        let chosen = choices.iter().find(|(name, _)| word.it.eq_ignore_ascii_case(name));
        if chosen.is_none() {
            let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
            let message = format!("`{key}` is {}, not {}", names.join(" or "), quoted(&word.it));
            self.faults.add(word.at, message);
        }
        chosen.map(|(_, value)| *value)
    }

    /// A mapping, read by `read`.
    pub fn one<T>(&mut self, key: &'static str, read: fn(&Node, &mut Faults) -> T) -> Option<T> {
        self.node(key).map(|node| read(node, self.faults))
    }

    /// A list of mappings, each read by `read`.
    pub fn each<T>(&mut self, key: &'static str, read: fn(&Node, &mut Faults) -> T) -> Vec<T> {
        self.list(key).iter().map(|item| read(item, self.faults)).collect()
    }

    /// A list of words.
    pub fn words(&mut self, key: &'static str) -> Vec<Word> {
        self.list(key).iter().filter_map(|item| self.as_word(key, item)).collect()
    }

    /// A list of words, without their places.
    pub fn texts(&mut self, key: &'static str) -> Vec<String> {
        self.words(key).into_iter().map(|word| word.it).collect()
    }

    /// A list of words with a form of their own.
    pub fn all_parsed<T: FromStr<Err: Display>>(&mut self, key: &'static str) -> Vec<T> {
        let words = self.words(key);
        words.iter().filter_map(|word| self.parse(word)).collect()
    }

    /// A mapping of any keys to words.
    pub fn pairs(&mut self, key: &'static str) -> BTreeMap<String, String> {
        let mut pairs = BTreeMap::new();
        for entry in self.map(key) {
            if let Some(word) = self.as_word(key, &entry.value) {
                pairs.insert(entry.key.clone(), word.it);
            }
        }
        pairs
    }

    /// Anything that JSON can hold, in a mapping.
    pub fn object(&mut self, key: &'static str) -> Map<String, Json> {
        tree::object(self.map(key))
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
            return Some(Word { at: node.at, it: text.clone() });
        }
        self.faults.add(node.at, format!("`{key}` holds plain values, not {}", node.describe()));
        None
    }

    fn parse<T: FromStr<Err: Display>>(&mut self, word: &Word) -> Option<T> {
        word.it.parse().map_err(|error: T::Err| self.faults.add(word.at, error.to_string())).ok()
    }
}

#[cfg(test)]
mod tests;
