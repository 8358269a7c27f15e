use super::*;

fn like(text: &str, pattern: &str, by: Fold) -> bool {
    fits(&pieces(pattern, by), &fold(text, by))
}

/// By trying everything.
fn naive(pattern: &[char], text: &[char]) -> bool {
    match (pattern, text) {
        ([], text) => text.is_empty(),
        (['\\', sign @ ('*' | '?'), rest @ ..], text) => {
            text.split_first().is_some_and(|(first, left)| first == sign && naive(rest, left))
        }
        (['*', rest @ ..], text) => (0..=text.len()).any(|from| naive(rest, &text[from..])),
        (['?', rest @ ..], text) => text.split_first().is_some_and(|(_, left)| naive(rest, left)),
        ([letter, rest @ ..], text) => {
            text.split_first().is_some_and(|(first, left)| first == letter && naive(rest, left))
        }
    }
}

fn all(letters: &[char], length_max: usize) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut last = found.clone();
    for _ in 0..length_max {
        let longer =
            last.iter().flat_map(|it| letters.iter().map(move |letter| format!("{it}{letter}")));
        last = longer.collect();
        found.extend(last.iter().cloned());
    }
    found
}

#[test]
fn every_short_pattern_fits_what_trying_everything_finds() {
    let texts = all(&['a', 'b', '*', '\\'], 4);
    let mut fitting = 0;
    for pattern in all(&['a', 'b', '*', '?', '\\'], 4) {
        let letters: Vec<char> = pattern.chars().collect();
        for text in &texts {
            let expected = naive(&letters, &text.chars().collect::<Vec<_>>());
            assert_eq!(like(text, &pattern, Fold::Exact), expected, "{pattern} {text}");
            fitting += usize::from(expected);
        }
    }
    assert!(fitting > 1_000, "{fitting}");
}

#[test]
fn a_pattern_of_many_runs_takes_no_longer_than_its_lengths_multiplied() {
    let pattern = "*a".repeat(2_000);
    assert!(!like(&"a".repeat(1_999), &pattern, Fold::Exact));
    assert!(!like(&format!("{}b", "a".repeat(4_000)), &pattern, Fold::Ascii));
}

#[test]
fn an_action_is_named_over_segments_and_in_any_case() {
    for (pattern, action, expected) in [
        (
            "Microsoft.Authorization/roleAssignments/*",
            "microsoft.authorization/roleassignments/write",
            true,
        ),
        (
            "Microsoft.Authorization/roleDefinitions/*",
            "Microsoft.Authorization/roleAssignments/write",
            false,
        ),
        ("a/*/read", "A/b/c/Read", true),
        ("a/?ead", "a/read", false),
        ("*", "anything/at/all", true),
    ] {
        assert_eq!(names(pattern, &fold(action, Fold::Ascii)), expected, "{pattern} {action}");
    }
}
