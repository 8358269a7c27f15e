//! Conditions, read anew at each question by taking their text apart. Only what the generated worlds
//! and Azure's own roles say is understood; all else can be read by nobody.

use model::{
    question::{Assigned, Question, Via},
    role::PrincipalType,
};

/// What somebody would have to know, and what is known.
struct Asked<'a> {
    action: &'a str,
    assigned: Option<Assigned>,
}

/// Whether the condition is certainly so; or not certainly otherwise, while nobody has said what is
/// assigned.
pub(crate) fn lets(condition: &str, asked: &Question) -> bool {
    let assigned = match asked.via {
        Via::Assigning(it) => Some(it),
        _ => None,
    };
    let answer = is_so(condition, &Asked { action: asked.action.as_str(), assigned });
    let first = asked.via == Via::AssigningSome;
    is_readable(condition) && (answer == Some(true) || (first && answer.is_none()))
}

/// Whether a deny assignment under the condition counts: unless it is certainly otherwise; while nobody
/// has said what is assigned, only if it is certainly so.
pub(crate) fn bars(condition: &str, asked: &Question) -> bool {
    if !is_readable(condition) {
        return true;
    }
    let assigned = match asked.via {
        Via::Assigning(it) => Some(it),
        _ => None,
    };
    let first = asked.via == Via::AssigningSome;
    match is_so(condition, &Asked { action: asked.action.as_str(), assigned }) {
        Some(answer) => answer,
        None => !first,
    }
}

/// Whether a grant under the condition lets a subscription be read.
pub(crate) fn lets_read(condition: &str) -> bool {
    let asked = Asked { action: "Microsoft.Resources/subscriptions/read", assigned: None };
    is_readable(condition) && is_so(condition, &asked) == Some(true)
}

pub(crate) fn is_readable(condition: &str) -> bool {
    let words = ["ActionMatches{", "@Request[", "@Resource["];
    words.iter().any(|word| condition.contains(word))
}

/// None: that depends on what is not known.
fn is_so(text: &str, asked: &Asked<'_>) -> Option<bool> {
    let text = bare(text);
    for (sign, decisive) in [(" AND ", false), (" && ", false), (" OR ", true)] {
        let parts = split(text, sign);
        if parts.len() > 1 {
            let all: Vec<Option<bool>> = parts.iter().map(|part| is_so(part, asked)).collect();
            return match all {
                all if all.contains(&Some(decisive)) => Some(decisive),
                all if all.contains(&None) => None,
                _ => Some(!decisive),
            };
        }
    }
    if let Some(rest) = text.strip_prefix('!') {
        return is_so(rest, asked).map(|it| !it);
    }
    if let Some(rest) = text.strip_prefix("ActionMatches{'") {
        let (pattern, action) =
            (rest.trim_end_matches("'}").to_lowercase(), asked.action.to_lowercase());
        let (start, end) = pattern.split_once('*').unwrap_or((&pattern, ""));
        let open = pattern.contains('*');
        let fits = action.starts_with(start) && action.ends_with(end);
        return Some(if open {
            fits && action.len() >= start.len() + end.len()
        } else {
            action == pattern
        });
    }
    compare(text, asked)
}

/// `@Source[…roleAssignments:Name] Operator values`, true if one value is the one in question.
fn compare(text: &str, asked: &Asked<'_>) -> Option<bool> {
    let assigned = asked.assigned?;
    let action = asked.action.to_lowercase();
    let verb = action.strip_prefix("microsoft.authorization/roleassignments/")?;
    let (source, rest) = text.split_once("[Microsoft.Authorization/roleAssignments:")?;
    if (source, verb) != ("@Request", "write") && (source, verb) != ("@Resource", "delete") {
        return None;
    }
    let (name, rest) = rest.split_once(']')?;
    let is = match name {
        "RoleDefinitionId" => assigned.role.to_string(),
        "PrincipalId" => assigned.principal?.to_string(),
        "PrincipalType" => match assigned.kind? {
            PrincipalType::User => "user".to_owned(),
            PrincipalType::Group => "group".to_owned(),
            PrincipalType::ServicePrincipal => "serviceprincipal".to_owned(),
            PrincipalType::ForeignGroup => "foreigngroup".to_owned(),
        },
        _ => return None,
    };
    let values = rest.rsplit(['{', ' ']).next().filter(|_| !rest.contains('{'));
    let values = values.or_else(|| rest.split_once('{').map(|(_, values)| values))?;
    let plain = |text: &str| text.to_lowercase().replace(['-', '\'', ' ', '}'], "");
    let among = values.split(',').any(|value| plain(value) == plain(&is));
    Some(among != rest.contains("Not"))
}

/// Without the parentheses around all of it.
fn bare(text: &str) -> &str {
    let text = text.trim();
    match text.strip_prefix('(').and_then(|it| it.strip_suffix(')')) {
        Some(inner) if is_whole(inner) => bare(inner),
        _ => text,
    }
}

fn is_whole(text: &str) -> bool {
    let mut open = 0_i32;
    text.chars().all(|it| {
        open += i32::from(it == '(') - i32::from(it == ')');
        open >= 0
    })
}

/// At the signs that stand in no parentheses.
fn split<'a>(text: &'a str, sign: &str) -> Vec<&'a str> {
    let mut parts = Vec::new();
    let mut rest = text;
    let mut from = 0;
    while let Some(at) = rest.get(from..).and_then(|it| it.find(sign)).map(|at| from + at) {
        let (before, after) =
            (rest.get(..at).unwrap_or(""), rest.get(at + sign.len()..).unwrap_or(""));
        if before.matches('(').count() == before.matches(')').count() {
            parts.push(before);
            (rest, from) = (after, 0);
        } else {
            from = at + sign.len();
        }
    }
    parts.push(rest);
    parts
}
