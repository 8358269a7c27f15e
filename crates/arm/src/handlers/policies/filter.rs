//! `$filter` of lists of policies: how far they look, and a few members.

use operations::policies::read::Reach;
use serde_json::Value;

use crate::{failure::Failure, route::Ask};

/// What a list is asked for.
pub(super) struct Filter {
    pub(super) reach: Reach,
    /// A member, by where it stands, and what it is to be.
    member: Option<(&'static str, String)>,
}

/// The members that can be asked for, each by itself.
const MEMBERS: [(&str, &str); 3] = [
    ("policyType", "/properties/policyType"),
    ("category", "/properties/metadata/category"),
    ("policyDefinitionId", "/properties/policyDefinitionId"),
];

/// Reads the filter of a request.
pub(super) fn read(ask: &Ask<'_>) -> Result<Filter, Failure> {
    parse(ask.query.get("$filter").unwrap_or_default()).ok_or_else(|| Failure::Query {
        name: "$filter",
        reason: "it is none of atScope(), atExactScope(), atScopeAndBelow(), and policyType, category or policyDefinitionId eq 'value'".to_owned(),
    })
}

fn parse(text: &str) -> Option<Filter> {
    let everywhere = |member| Filter { reach: Reach::Everywhere, member };
    let text = text.trim();
    match text.to_ascii_lowercase().as_str() {
        "" => return Some(everywhere(None)),
        "atscopeandbelow()" => return Some(Filter { reach: Reach::AtAndBelow, member: None }),
        "atscope()" => return Some(Filter { reach: Reach::AtAndAbove, member: None }),
        "atexactscope()" => return Some(Filter { reach: Reach::Exactly, member: None }),
        _ => {}
    }
    let (name, rest) = text.split_once(' ')?;
    let (_, place) = MEMBERS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
    let (operator, value) = rest.trim_start().split_once(' ')?;
    let value = value.trim().strip_prefix('\'')?.strip_suffix('\'')?;
    let is_one = operator.eq_ignore_ascii_case("eq") && !value.replace("''", "").contains('\'');
    is_one.then(|| everywhere(Some((*place, value.replace("''", "'")))))
}

impl Filter {
    /// Whether one of the list is asked for.
    pub(super) fn meets(&self, shown: &Value) -> bool {
        self.member.as_ref().is_none_or(|(place, wanted)| {
            let said = shown.pointer(place).and_then(Value::as_str);
            said.is_some_and(|said| said.eq_ignore_ascii_case(wanted))
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_filter_is_one_of_few() {
        for (text, reach) in [
            ("", Reach::Everywhere),
            ("AtScope()", Reach::AtAndAbove),
            (" atExactScope() ", Reach::Exactly),
            ("atScopeAndBelow()", Reach::AtAndBelow),
            ("policyType eq 'BuiltIn'", Reach::Everywhere),
        ] {
            assert_eq!(parse(text).unwrap().reach, reach, "{text}");
        }
        for bad in ["name eq 'x'", "policyType ne 'x'", "policyType eq x", "category eq 'a' or 'b'"]
        {
            assert!(parse(bad).is_none(), "{bad}");
        }
        let filter = parse("category eq 'It''s'").unwrap();
        assert!(filter.meets(&json!({ "properties": { "metadata": { "category": "it's" } } })));
        assert!(!filter.meets(&json!({ "properties": {} })));
    }
}
