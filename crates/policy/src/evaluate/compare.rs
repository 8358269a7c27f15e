//! The operators of conditions.

use serde_json::Value;

use crate::condition::Operator;

/// Whether the value stands to the target as the operator says. What cannot be compared is
/// neither equal nor alike.
pub(super) fn compare(operator: Operator, value: &Value, target: &Value) -> bool {
    match operator {
        Operator::Equals => same(value, target),
        Operator::NotEquals => !same(value, target),
        Operator::Like => both(value, target, like),
        Operator::NotLike => !both(value, target, like),
        Operator::Match => both(value, target, matches),
        Operator::NotMatch => !both(value, target, matches),
        Operator::MatchInsensitively => both(value, target, matches_insensitively),
        Operator::NotMatchInsensitively => !both(value, target, matches_insensitively),
        Operator::Contains => contains(value, target),
        Operator::NotContains => !contains(value, target),
        Operator::In => among(value, target),
        Operator::NotIn => !among(value, target),
        Operator::ContainsKey => has_key(value, target),
        Operator::NotContainsKey => !has_key(value, target),
        Operator::Exists => truth(target).is_some_and(|wanted| wanted != value.is_null()),
    }
}

/// Text, numbers and truth values compare by how they are written, letters without regard to
/// case; all else by what it holds.
fn same(one: &Value, other: &Value) -> bool {
    match (written(one), written(other)) {
        (Some(one), Some(other)) => one.to_lowercase() == other.to_lowercase(),
        _ => one == other,
    }
}

fn written(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn truth(value: &Value) -> Option<bool> {
    match written(value)?.to_ascii_lowercase().as_str() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

fn among(value: &Value, list: &Value) -> bool {
    list.as_array().is_some_and(|all| all.iter().any(|it| same(value, it)))
}

fn contains(value: &Value, part: &Value) -> bool {
    let list = value.as_array().is_some_and(|all| all.iter().any(|it| same(it, part)));
    list || both(value, part, |text, part| text.to_lowercase().contains(&part.to_lowercase()))
}

fn has_key(value: &Value, key: &Value) -> bool {
    let named = |name: &str| {
        value.as_object().is_some_and(|all| all.keys().any(|it| it.eq_ignore_ascii_case(name)))
    };
    key.as_str().is_some_and(named)
}

fn both(value: &Value, target: &Value, compare: fn(&str, &str) -> bool) -> bool {
    value.as_str().zip(target.as_str()).is_some_and(|(text, pattern)| compare(text, pattern))
}

/// `*` stands for any text. Each piece between two stars is found as early as it can be.
fn like(text: &str, pattern: &str) -> bool {
    let (text, pattern) = (text.to_lowercase(), pattern.to_lowercase());
    let Some((first, rest)) = pattern.split_once('*') else { return text == pattern };
    let Some(mut left) = text.strip_prefix(first) else { return false };
    let (middle, last) = rest.rsplit_once('*').unwrap_or(("", rest));
    for piece in middle.split('*').filter(|piece| !piece.is_empty()) {
        let Some((_, after)) = left.split_once(piece) else { return false };
        left = after;
    }
    left.ends_with(last)
}

/// `#` stands for a digit, `?` for a letter, `.` for any sign, all else for itself.
fn matches(text: &str, pattern: &str) -> bool {
    let one = |(sign, stands): (char, char)| match stands {
        '#' => sign.is_ascii_digit(),
        '?' => sign.is_alphabetic(),
        '.' => true,
        _ => sign == stands,
    };
    text.chars().count() == pattern.chars().count() && text.chars().zip(pattern.chars()).all(one)
}

fn matches_insensitively(text: &str, pattern: &str) -> bool {
    matches(&text.to_lowercase(), &pattern.to_lowercase())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_operator_says_what_azures_says() {
        use Operator::{
            Contains, ContainsKey, Equals, Exists, In, Like, Match, MatchInsensitively,
            NotContains, NotContainsKey, NotEquals, NotIn, NotLike, NotMatch,
            NotMatchInsensitively,
        };
        let nothing = || Value::Null;
        for (value, operator, opposite, target, met) in [
            (json!("Ab"), Equals, NotEquals, json!("aB"), true),
            (json!(true), Equals, NotEquals, json!("True"), true),
            (json!(1), Equals, NotEquals, json!("1"), true),
            (json!("a"), Equals, NotEquals, json!("b"), false),
            (nothing(), Equals, NotEquals, json!(""), false),
            (json!("a"), In, NotIn, json!(["b", "A"]), true),
            (json!("a"), In, NotIn, json!(["b"]), false),
            (json!("a"), In, NotIn, json!([]), false),
            (json!("a"), In, NotIn, json!("a"), false),
            (json!("a"), In, NotIn, nothing(), false),
            (nothing(), In, NotIn, json!(["a"]), false),
            (json!("contoso-prod"), Like, NotLike, json!("CONTOSO*"), true),
            (json!("contoso-prod"), Like, NotLike, json!("*prod"), true),
            (json!("contoso-prod"), Like, NotLike, json!("c*o*p*d"), true),
            (json!("contoso-prod"), Like, NotLike, json!("c**d"), true),
            (json!("contoso"), Like, NotLike, json!("contoso*contoso"), false),
            (json!("contoso"), Like, NotLike, json!("conto"), false),
            (nothing(), Like, NotLike, json!("*"), false),
            (json!("ab1"), Match, NotMatch, json!("??#"), true),
            (json!("ab1"), Match, NotMatch, json!("A.."), false),
            (json!("ab1"), MatchInsensitively, NotMatchInsensitively, json!("A.."), true),
            (json!("ab1"), Match, NotMatch, json!("ab"), false),
            (json!("abc"), Contains, NotContains, json!("B"), true),
            (json!(["abc"]), Contains, NotContains, json!("ABC"), true),
            (json!(["abc"]), Contains, NotContains, json!("b"), false),
            (json!({ "Team": 1 }), ContainsKey, NotContainsKey, json!("team"), true),
            (nothing(), ContainsKey, NotContainsKey, json!("team"), false),
        ] {
            assert_eq!(compare(operator, &value, &target), met, "{value} {operator:?} {target}");
            assert_eq!(compare(opposite, &value, &target), !met, "{value} {opposite:?} {target}");
        }
        for (value, target, met) in [
            (json!("a"), json!(true), true),
            (json!("a"), json!("TRUE"), true),
            (json!("a"), json!(false), false),
            (nothing(), json!("false"), true),
            (nothing(), json!(true), false),
            (json!("a"), json!("x"), false),
        ] {
            assert_eq!(compare(Exists, &value, &target), met, "{value} exists {target}");
        }
    }
}
