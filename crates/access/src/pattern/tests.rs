use std::iter;

use condition::{condition::Condition, facts::Facts};

use super::*;

fn matches(pattern: &str, action: &str) -> bool {
    Pattern::new(pattern).matches(&Folded::new(action))
}

/// The rule as the documentation words it.
fn glob(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern, text) {
        ([], []) => true,
        ([b'*', rest @ ..], _) => {
            glob(rest, text) || (!text.is_empty() && glob(pattern, &text[1..]))
        }
        ([p, ps @ ..], [t, ts @ ..]) => p.eq_ignore_ascii_case(t) && glob(ps, ts),
        _ => false,
    }
}

/// Every word over `alphabet` of at most `longest` letters, shortest first.
fn words(alphabet: &str, longest: usize) -> Vec<String> {
    let one_letter_longer = |words: &Vec<String>| {
        let extended =
            words.iter().flat_map(|word| alphabet.chars().map(move |c| format!("{word}{c}")));
        Some(extended.collect())
    };
    let generations = iter::successors(Some(vec![String::new()]), one_letter_longer);
    generations.take(longest + 1).flatten().collect()
}

/// A small world, whole: 1,365 patterns against 364 actions.
#[test]
fn every_short_pattern_matches_as_the_book_says() {
    let actions = words("mx/", 5);
    for pattern in words("mX/*", 5) {
        for action in &actions {
            let expected = glob(pattern.as_bytes(), action.as_bytes());
            assert_eq!(matches(&pattern, action), expected, "{pattern:?} on {action:?}");
        }
    }
}

/// What a condition on a grant calls an action and what a role calls one is the same.
#[test]
fn a_pattern_in_a_condition_names_the_actions_that_it_names_in_a_role() {
    let agree = |pattern: &str, actions: &[String]| {
        let text = format!("ActionMatches{{'{pattern}'}}");
        let condition = Condition::parse(&text).unwrap();
        for action in actions {
            let expected = matches(pattern, action);
            let said = condition.holds(&Facts::new(action));
            assert_eq!(said, expected, "{pattern:?} on {action:?}");
            let contrary = Condition::parse(&format!("!({text})")).unwrap();
            assert_eq!(
                contrary.holds(&Facts::new(action)),
                !expected,
                "!{pattern:?} on {action:?}"
            );
        }
    };
    let actions = words("mX/", 4);
    for pattern in words("Mx/*", 4).iter().filter(|it| !it.is_empty()) {
        agree(pattern, &actions);
    }
    let named = ["a.b/c/Read", "A.B/c/d/write", "a.b/c", ""].map(str::to_owned);
    for pattern in [" a.b/*/read ", "*/READ", "a.b/c", "*", "a.b/*/*", "*.b/*/d/*"] {
        agree(pattern, &named);
    }
}

#[test]
fn the_documented_examples_hold() {
    let cases = [
        ("Microsoft.CostManagement/exports/*", "microsoft.costmanagement/EXPORTS/run/action", true),
        ("Microsoft.Network/*/read", "Microsoft.Network/virtualNetworks/subnets/read", true),
        ("*/read", "Any.Thing/at/all/read", true),
        ("*", "Any.Thing/at/all/action", true),
        ("Microsoft.Network/virtualNetworks/read ", "Microsoft.Network/virtualNetworks/read", true),
        ("Microsoft.Network/*", "Microsoft.NetworkX/a/read", false),
        ("*/read", "Any.Thing/spread", false),
        ("a/*/b/*/c", "a/x/b/y/c", true),
        ("a/*/b/*/c", "a/x/c/y/c", false),
    ];
    for (pattern, action, expected) in cases {
        assert_eq!(matches(pattern, action), expected, "{pattern} on {action}");
    }
}

#[test]
fn an_action_of_any_length_is_folded_whole() {
    for length in [0, 1, 31, 32, 33, 64, 65, 159, 160, 161, 1000] {
        let action = "A".repeat(length);
        assert!(matches(&"a".repeat(length), &action), "{length}");
        assert!(!matches(&"a".repeat(length + 1), &action), "{length}");
    }
}
