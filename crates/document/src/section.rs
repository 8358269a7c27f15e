//! The keys that a kind of mapping may have: what the reader takes, and what a published JSON
//! Schema is held against.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};

/// One kind of mapping.
#[derive(Debug)]
pub struct Section {
    /// What a message calls it, and its name among the schema's definitions.
    pub name: &'static str,
    pub keys: &'static [&'static str],
}

impl Section {
    /// The section of that name with those keys.
    pub const fn new(name: &'static str, keys: &'static [&'static str]) -> Self {
        Self { name, keys }
    }

    /// One of its kind, as a message speaks of it: `a user`, `an offer`.
    pub fn one(&self) -> String {
        let article = if self.name.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" };
        format!("{article} {}", self.name)
    }
}

/// What a file's published JSON Schema says otherwise than its sections, a line for each: the root
/// is the schema itself, every other section one of its `$defs`, and none has a key more or less,
/// nor takes any other. Definitions that have no keys of their own are the schema's affair.
pub fn disagreements(root: &Section, others: &[Section], schema: &Json) -> Vec<String> {
    let definitions = schema["$defs"].as_object().cloned().unwrap_or_default();
    let mut lines = disagreement(root, schema);
    for section in others {
        let definition = definitions.get(section.name).unwrap_or(&Json::Null);
        lines.extend(disagreement(section, definition));
    }
    let known = |name: &str| others.iter().any(|section| section.name == name);
    let keyed = definitions.iter().filter(|(_, it)| it.get("properties").is_some());
    let unread = keyed.filter(|(name, _)| !known(name));
    lines.extend(unread.map(|(name, _)| format!("`{name}` is published and never read")));
    lines
}

fn disagreement(section: &Section, definition: &Json) -> Vec<String> {
    let none = Map::new();
    let properties = definition["properties"].as_object().unwrap_or(&none);
    let published: BTreeSet<&str> = properties.keys().map(String::as_str).collect();
    let read: BTreeSet<&str> = section.keys.iter().copied().collect();
    let mut lines = Vec::new();
    if definition["additionalProperties"] != Json::Bool(false) {
        lines.push(format!("`{}` is published as open to other keys", section.name));
    }
    let unpublished = read.difference(&published);
    lines.extend(unpublished.map(|key| format!("`{}.{key}` is not published", section.name)));
    let unread = published.difference(&read);
    lines.extend(unread.map(|key| format!("`{}.{key}` is published and never read", section.name)));
    lines
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const MENU: Section = Section::new("menu", &["name", "dishes"]);
    const DISH: Section = Section::new("dish", &["name"]);

    #[test]
    fn a_message_speaks_of_one_with_the_right_article() {
        for (name, expected) in [("user", "a user"), ("offer", "an offer"), ("app", "an app")] {
            assert_eq!(Section::new(name, &[]).one(), expected);
        }
    }

    #[track_caller]
    fn check(schema: &Json, expected: &[&str]) {
        assert_eq!(disagreements(&MENU, &[DISH], schema), expected, "{schema}");
    }

    #[test]
    fn a_schema_says_neither_more_nor_less_than_the_sections() {
        let schema = json!({
            "additionalProperties": false,
            "properties": { "name": {}, "dishes": {} },
            "$defs": {
                "dish": { "additionalProperties": false, "properties": { "name": {} } },
                "text": { "type": "string" },
            },
        });
        check(&schema, &[]);
        let mut open = schema.clone();
        open["$defs"]["dish"]["additionalProperties"] = json!(true);
        check(&open, &["`dish` is published as open to other keys"]);
        let mut more = schema.clone();
        more["$defs"]["drink"] = json!({ "properties": {} });
        more["properties"]["drinks"] = json!({});
        check(
            &more,
            &["`menu.drinks` is published and never read", "`drink` is published and never read"],
        );
        let mut less = schema;
        less["$defs"] = json!({});
        check(
            &less,
            &["`dish` is published as open to other keys", "`dish.name` is not published"],
        );
    }
}
