//! What a condition means, said once more and otherwise: by the operators' names, over lists of
//! pairs. None: undecided.

use super::*;

pub(super) fn holds(expression: &Expression, facts: &Facts<'_>) -> Option<bool> {
    let each = |parts: &[Expression]| -> Vec<Option<bool>> {
        parts.iter().map(|part| holds(part, facts)).collect()
    };
    match expression {
        Expression::All(parts) => {
            let each = each(parts);
            let decided = each.contains(&Some(false)) || !each.contains(&None);
            decided.then(|| !each.contains(&Some(false)))
        }
        Expression::Any(parts) => {
            let each = each(parts);
            let decided = each.contains(&Some(true)) || !each.contains(&None);
            decided.then(|| each.contains(&Some(true)))
        }
        Expression::Not(part) => holds(part, facts).map(|it| !it),
        Expression::Action(pattern) => Some(glob(pattern, facts.action())),
        Expression::SubOperation(pattern) => match facts.sub_operation() {
            Known::Unknown => None,
            Known::Absent => Some(false),
            Known::Is(name) => Some(glob(pattern, name)),
        },
        Expression::Exists(attribute) => match facts.attribute(attribute) {
            Known::Unknown => None,
            Known::Absent => Some(false),
            Known::Is(_) => Some(true),
        },
        Expression::Compare(it) => compare(it, facts),
    }
}

/// `*` at the end or alone is all that the generated patterns hold.
fn glob(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.to_lowercase(), text.to_lowercase());
    match pattern.strip_suffix('*') {
        Some(start) => text.starts_with(start),
        None => text == pattern,
    }
}

fn side(operand: &Operand, facts: &Facts<'_>) -> Option<Vec<Value>> {
    match operand {
        Operand::One(value) => Some(vec![value.clone()]),
        Operand::Set(values) => Some(values.clone()),
        Operand::Attribute(attribute) => match facts.attribute(attribute) {
            Known::Is(values) => Some(values.to_vec()),
            Known::Absent | Known::Unknown => None,
        },
    }
}

fn compare(it: &Comparison, facts: &Facts<'_>) -> Option<bool> {
    let (left, right) = (side(&it.left, facts)?, side(&it.right, facts)?);
    let narrow = pairs(it, &left, &right, str::to_ascii_uppercase)?;
    (pairs(it, &left, &right, str::to_uppercase)? == narrow).then_some(narrow)
}

fn pairs(
    it: &Comparison,
    left: &[Value],
    right: &[Value],
    large: fn(&str) -> String,
) -> Option<bool> {
    let name = it.operator.name();
    let mut rows = Vec::new();
    for one in left {
        let mut row = Vec::new();
        for two in right {
            row.push(pair(name, one, two, large)?);
        }
        rows.push(row);
    }
    let count = |row: &Vec<bool>| row.iter().filter(|it| **it).count();
    match it.quantifier.map(Quantifier::name) {
        None if rows.len() == 1 && rows[0].len() == 1 => Some(rows[0][0]),
        None => None,
        Some("ForAnyOfAnyValues") => Some(rows.iter().any(|row| count(row) > 0)),
        Some("ForAllOfAnyValues") => Some(!rows.iter().any(|row| count(row) == 0)),
        Some("ForAnyOfAllValues") => Some(rows.iter().any(|row| count(row) == row.len())),
        Some(_) => Some(rows.concat().iter().filter(|it| !**it).count() == 0),
    }
}

fn pair(name: &str, one: &Value, two: &Value, large: fn(&str) -> String) -> Option<bool> {
    let contrary = name.contains("Not");
    let bare = name.replace("Not", "");
    let is_so = match (one, two) {
        (Value::Text(one), Value::Text(two)) => {
            let bare = bare.strip_prefix("String")?;
            let (bare, one, two) = match bare.strip_suffix("IgnoreCase") {
                Some(bare) => (bare, large(one), large(two)),
                None => (bare, one.clone(), two.clone()),
            };
            match bare {
                "Equals" => one == two,
                "StartsWith" => one.get(..two.len()) == Some(&two),
                _ => like(&one, &two),
            }
        }
        (Value::Integer(one), Value::Integer(two)) => {
            ordered(bare.strip_prefix("Numeric")?, one.cmp(two))
        }
        (Value::Moment(one), Value::Moment(two)) => {
            ordered(bare.strip_prefix("DateTime")?, one.cmp(two))
        }
        (Value::Boolean(one), Value::Boolean(two)) => {
            ordered(bare.strip_prefix("Bool")?, one.cmp(two))
        }
        (Value::Guid(one), Value::Guid(two)) => ordered(bare.strip_prefix("Guid")?, one.cmp(two)),
        _ => return None,
    };
    Some(is_so ^ contrary)
}

fn ordered(name: &str, order: std::cmp::Ordering) -> bool {
    (name.starts_with("Less") && order.is_lt())
        || (name.starts_with("Greater") && order.is_gt())
        || (name.ends_with("Equals") && order.is_eq())
}

fn like(text: &str, pattern: &str) -> bool {
    let mut letters = pattern.chars();
    let Some(first) = letters.next() else { return text.is_empty() };
    let rest = letters.as_str();
    let escaped = rest.chars().next().filter(|it| first == '\\' && "*?".contains(*it));
    match (first, escaped) {
        (_, Some(sign)) => text.strip_prefix(sign).is_some_and(|left| {
            let after = rest.split_at(sign.len_utf8()).1;
            like(left, after)
        }),
        ('*', None) => {
            let starts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
            starts.into_iter().any(|at| like(text.split_at(at).1, rest))
        }
        ('?', None) => {
            let mut left = text.chars();
            left.next().is_some() && like(left.as_str(), rest)
        }
        (letter, None) => text.strip_prefix(letter).is_some_and(|left| like(left, rest)),
    }
}
