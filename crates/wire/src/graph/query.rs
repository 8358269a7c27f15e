//! What of a view is shown, and which views are meant: `$select`, `$filter`, `$top`.

use serde_json::Value;

use super::{Kind, View};
use crate::odata::{self, Argument, BadFilter, Call, Filter, Literal, Operator};

/// Why a query is not answered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadQuery {
    #[error("Invalid filter clause: {0}")]
    Filter(#[from] BadFilter),
    #[error("Could not find a property named '{0}' on type 'microsoft.graph.{1}'.")]
    NoProperty(String, &'static str),
    #[error("The operator or function '{0}' is not supported in a filter.")]
    Unsupported(String),
    #[error("Too many clauses in the filter: at most {CLAUSES_MAX} are supported.")]
    TooManyClauses,
    #[error("The query option '{0}' is not supported.")]
    Option(String),
    #[error("Invalid value '{0}' for $top: it is a number from 1 to {TOP_MAX}.")]
    Top(String),
}

/// As many items as a page holds at most, and without `$top`. Graph's.
pub const TOP_MAX: usize = 999;
/// As many as a page holds where nobody says.
const TOP: usize = 100;
/// So many conditions may a filter have, and values of `in`, in all. Graph's.
const CLAUSES_MAX: usize = 15;
/// The most of somebody's text that an error repeats.
const QUOTED_CHARS_MAX: usize = 80;

fn quoted(text: &str) -> String {
    text.chars().take(QUOTED_CHARS_MAX).collect()
}

/// How many items a page is to hold.
pub fn top(text: Option<&str>) -> Result<usize, BadQuery> {
    let Some(text) = text else { return Ok(TOP) };
    let number = text.parse().ok().filter(|n| (1..=TOP_MAX).contains(n));
    number.ok_or_else(|| BadQuery::Top(quoted(text)))
}

/// The properties that a client selects, as Graph spells them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Select(Option<Vec<&'static str>>);

impl Select {
    /// Reads `$select`.
    pub fn parse(text: Option<&str>, kind: &Kind) -> Result<Self, BadQuery> {
        let Some(text) = text.filter(|it| !it.trim().is_empty()) else { return Ok(Self(None)) };
        let mut chosen = Vec::new();
        for name in text.split(',').map(str::trim) {
            let unknown = || BadQuery::NoProperty(quoted(name), kind.name);
            let property = kind.property(name).ok_or_else(unknown)?;
            if !chosen.contains(&property) {
                chosen.push(property);
            }
        }
        Ok(Self(Some(chosen)))
    }

    /// The part of the view that is shown.
    pub fn shown(&self, mut view: View, kind: &Kind) -> View {
        let chosen = self.0.as_deref().unwrap_or(kind.by_default);
        let take = |name: &&'static str| {
            Some(((*name).to_owned(), view.shift_remove(*name).unwrap_or(Value::Null)))
        };
        chosen.iter().filter_map(take).collect()
    }

    /// What a context says of it: `(id,displayName)`, or nothing.
    pub fn context(&self) -> String {
        self.0.as_ref().map_or_else(String::new, |names| format!("({})", names.join(",")))
    }
}

/// A filter whose properties and functions are all known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meant(Option<Filter>);

impl Meant {
    /// Reads `$filter`.
    pub fn parse(text: Option<&str>, kind: &Kind) -> Result<Self, BadQuery> {
        let Some(text) = text.filter(|it| !it.trim().is_empty()) else { return Ok(Self(None)) };
        let filter = odata::parse(text)?;
        if clauses(&filter) > CLAUSES_MAX {
            return Err(BadQuery::TooManyClauses);
        }
        known(&filter, kind, None)?;
        Ok(Self(Some(filter)))
    }

    /// Whether the thing is meant.
    pub fn meets(&self, view: &View) -> bool {
        self.0.as_ref().is_none_or(|filter| meets(filter, &|field| lookup(view, field)))
    }

    /// The value that a property must equal, if the filter says so: by it a list can be found
    /// sooner.
    pub fn equal(&self, property: &str) -> Option<&str> {
        let parts = self.0.as_ref().map_or(&[][..], Filter::conjuncts);
        parts
            .iter()
            .find_map(|part| if let Filter::Compare(it) = part { it.equal(property) } else { None })
    }

    /// The text that an element of a list must equal, if the filter says so.
    pub fn element(&self, property: &str) -> Option<&str> {
        let parts = self.0.as_ref().map_or(&[][..], Filter::conjuncts);
        parts.iter().find_map(|part| match part {
            Filter::Any { field, element, of } if field.eq_ignore_ascii_case(property) => {
                if let Filter::Compare(it) = &**of {
                    it.equal(element)
                } else {
                    None
                }
            }
            Filter::Any { .. }
            | Filter::And(_)
            | Filter::Or(_)
            | Filter::Not(_)
            | Filter::Compare(_)
            | Filter::OneOf { .. }
            | Filter::Call(_) => None,
        })
    }
}

/// What a filter costs for each thing that it is asked of.
fn clauses(filter: &Filter) -> usize {
    match filter {
        Filter::And(parts) | Filter::Or(parts) => parts.iter().map(clauses).sum(),
        Filter::Not(part) | Filter::Any { of: part, .. } => clauses(part),
        Filter::OneOf { values, .. } => values.len(),
        Filter::Compare(_) | Filter::Call(_) => 1,
    }
}

fn known(filter: &Filter, kind: &Kind, element: Option<&str>) -> Result<(), BadQuery> {
    let property = |field: &str| {
        let root = field.split('/').next().unwrap_or_default();
        let is_known = Some(root) == element || kind.property(root).is_some();
        let unknown = || BadQuery::NoProperty(quoted(root), kind.name);
        is_known.then_some(()).ok_or_else(unknown)
    };
    match filter {
        Filter::And(parts) | Filter::Or(parts) => {
            parts.iter().try_for_each(|it| known(it, kind, element))
        }
        Filter::Not(part) => known(part, kind, element),
        Filter::Compare(it) => match it.operator {
            Operator::Eq | Operator::Ne => property(&it.field),
            Operator::Gt => Err(BadQuery::Unsupported("gt".to_owned())),
            Operator::Ge => Err(BadQuery::Unsupported("ge".to_owned())),
            Operator::Lt => Err(BadQuery::Unsupported("lt".to_owned())),
            Operator::Le => Err(BadQuery::Unsupported("le".to_owned())),
        },
        Filter::OneOf { field, .. } => property(field),
        Filter::Call(call) => match text_of(call) {
            Some((field, _)) => property(field),
            None => Err(BadQuery::Unsupported(quoted(&call.name))),
        },
        Filter::Any { field, element, of } => {
            property(field)?;
            known(of, kind, Some(element))
        }
    }
}

/// The field and the text of `startswith(field, 'x')` and `endswith(field, 'x')`.
fn text_of(call: &Call) -> Option<(&str, &Literal)> {
    let known = call.is("startswith") || call.is("endswith");
    match call.arguments.as_slice() {
        [Argument::Word(field), Argument::Text(text)] if known => Some((field, text)),
        _ => None,
    }
}

fn lookup<'a>(view: &'a View, field: &str) -> &'a Value {
    let mut parts = field.split('/');
    let first = parts.next().unwrap_or_default();
    let found = view.iter().find(|(name, _)| name.eq_ignore_ascii_case(first));
    let found = found.map_or(&Value::Null, |(_, value)| value);
    parts.fold(found, |value, part| value.get(part).unwrap_or(&Value::Null))
}

fn meets<'a>(filter: &Filter, of: &dyn Fn(&str) -> &'a Value) -> bool {
    match filter {
        Filter::And(parts) => parts.iter().all(|it| meets(it, of)),
        Filter::Or(parts) => parts.iter().any(|it| meets(it, of)),
        Filter::Not(part) => !meets(part, of),
        Filter::Compare(it) => is(of(&it.field), &it.value) != (it.operator == Operator::Ne),
        Filter::OneOf { field, values } => values.iter().any(|it| is(of(field), it)),
        Filter::Call(call) => text_of(call).is_some_and(|(field, text)| {
            let (value, text) = (written(of(field)).to_lowercase(), text.folded());
            if call.is("startswith") { value.starts_with(text) } else { value.ends_with(text) }
        }),
        Filter::Any { field, element, of: inner } => {
            let items = of(field).as_array().map_or(&[][..], Vec::as_slice);
            items.iter().any(|item| {
                let inside = |field: &str| match field.strip_prefix(element.as_str()) {
                    Some("") => item,
                    Some(rest) => {
                        rest.strip_prefix('/').and_then(|it| item.get(it)).unwrap_or(&Value::Null)
                    }
                    None => &Value::Null,
                };
                meets(inner, &inside)
            })
        }
    }
}

fn is(value: &Value, literal: &Literal) -> bool {
    match value {
        Value::Null => literal.is_null(),
        Value::Array(_) | Value::Object(_) => false,
        Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            !literal.is_null() && written(value).to_lowercase() == literal.folded()
        }
    }
}

fn written(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other @ (Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
            other.to_string()
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const THING: Kind = Kind {
        name: "thing",
        set: "things",
        by_default: &["id", "displayName"],
        on_request: &["accountEnabled", "names", "api", "mail", "nickname"],
    };

    fn thing() -> View {
        let Value::Object(view) = json!({
            "id": "7", "displayName": "O'Neil & Co", "accountEnabled": true,
            "names": ["a", "https://b"], "api": { "version": 2 }, "mail": null,
            "nickname": "null",
        }) else {
            panic!("an object")
        };
        view
    }

    #[test]
    fn filters_are_answered_as_graph_answers_them() {
        for (filter, expected) in [
            ("displayName eq 'o''neil & co'", true),
            ("displayName ne 'x' and accountEnabled eq true", true),
            ("startswith(displayName,'O''N')", true),
            ("endswith(displayName,'co')", true),
            ("startsWith(displayName,'Co')", false),
            ("names/any(c:c eq 'https://b')", true),
            ("names/any(c:c eq 'https://c')", false),
            ("names/any(c:startswith(c,'https'))", true),
            ("id in ('6','7')", true),
            ("mail eq null", true),
            ("mail eq 'null'", false),
            ("mail in ('null')", false),
            ("nickname eq 'NULL'", true),
            ("nickname eq null", false),
            ("not(mail ne null)", true),
            ("api/version eq 2", true),
            ("id eq '7' or id eq '8'", true),
        ] {
            let meant = Meant::parse(Some(filter), &THING).unwrap();
            assert_eq!(meant.meets(&thing()), expected, "{filter}");
        }
        assert!(Meant::parse(None, &THING).unwrap().meets(&thing()));
    }

    #[test]
    fn what_is_not_known_is_refused_whatever_there_is() {
        for (filter, expected) in [
            (
                "shoeSize eq 44",
                "Could not find a property named 'shoeSize' on type 'microsoft.graph.thing'.",
            ),
            ("id gt '1'", "The operator or function 'gt' is not supported in a filter."),
            (
                "contains(id,'1')",
                "The operator or function 'contains' is not supported in a filter.",
            ),
            (
                "names/any(c:d eq '1')",
                "Could not find a property named 'd' on type 'microsoft.graph.thing'.",
            ),
            ("id eq", "Invalid filter clause: The filter ends where a value was expected."),
        ] {
            let refused = Meant::parse(Some(filter), &THING).unwrap_err();
            assert_eq!(refused.to_string(), expected, "{filter}");
        }
        assert!(Select::parse(Some("id,shoeSize"), &THING).is_err());
        for bad in ["0", "1000", "-1", "x", ""] {
            assert!(top(Some(bad)).is_err(), "{bad}");
        }
        assert_eq!((top(None), top(Some("999"))), (Ok(100), Ok(999)));
    }

    #[test]
    fn a_filter_has_no_more_clauses_than_graph_allows() {
        let values = |count: usize| vec!["'7'"; count].join(",");
        let any_of = |count: usize| format!("id in ({})", values(count));
        let either = |count: usize| vec!["id eq '7'"; count].join(" or ");
        let inside =
            |count: usize| format!("names/any(c:{})", vec!["c eq 'a'"; count].join(" or "));
        for write in [&any_of as &dyn Fn(usize) -> String, &either, &inside] {
            let parse = |count| Meant::parse(Some(&write(count)), &THING);
            assert!(parse(15).is_ok(), "{}", write(15));
            assert_eq!(parse(16), Err(BadQuery::TooManyClauses), "{}", write(16));
        }
        let mixed = format!("not({}) and displayName eq 'a'", any_of(15));
        assert_eq!(Meant::parse(Some(&mixed), &THING), Err(BadQuery::TooManyClauses));
    }

    #[test]
    fn a_client_selects_and_else_sees_the_usual() {
        let select = Select::parse(Some("ACCOUNTENABLED, id,id"), &THING).unwrap();
        let shown = Value::Object(select.shown(thing(), &THING));
        assert_eq!(shown, json!({ "accountEnabled": true, "id": "7" }));
        assert_eq!(select.context(), "(accountEnabled,id)");
        let usual = Select::parse(None, &THING).unwrap();
        let shown = Value::Object(usual.shown(thing(), &THING));
        assert_eq!(shown, json!({ "id": "7", "displayName": "O'Neil & Co" }));
    }

    #[test]
    fn a_filter_tells_by_what_a_list_is_found_sooner() {
        let meant = Meant::parse(Some("displayName eq 'a' and names/any(c:c eq 'b')"), &THING);
        let meant = meant.unwrap();
        assert_eq!(meant.equal("displayname"), Some("a"));
        assert_eq!(meant.element("names"), Some("b"));
        let either = Meant::parse(Some("displayName eq 'a' or id eq 'b'"), &THING).unwrap();
        assert_eq!((either.equal("displayName"), either.element("names")), (None, None));
    }
}
