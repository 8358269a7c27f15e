//! Whether a package's licence lets us ship it: SPDX expressions, as far as crates use them.

/// Licences that ask for no more than their notice.
const ACCEPTED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Exceptions only add leave, so that a licence `WITH` one is worth the licence.
const WITH: &str = "WITH";

/// Whether the expression can be met with accepted licences alone. What cannot be read is not.
pub(super) fn accepted(expression: &str) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let mut words: Vec<&str> = spaced.split_whitespace().rev().collect();
    either(&mut words) == Some(true) && words.is_empty()
}

fn either(words: &mut Vec<&str>) -> Option<bool> {
    let mut any = both(words)?;
    while words.pop_if(|word| *word == "OR").is_some() {
        any |= both(words)?;
    }
    Some(any)
}

fn both(words: &mut Vec<&str>) -> Option<bool> {
    let mut all = single(words)?;
    while words.pop_if(|word| *word == "AND").is_some() {
        all &= single(words)?;
    }
    Some(all)
}

fn single(words: &mut Vec<&str>) -> Option<bool> {
    let word = words.pop()?;
    if word == "(" {
        let inner = either(words)?;
        return (words.pop()? == ")").then_some(inner);
    }
    if words.pop_if(|word| *word == WITH).is_some() {
        words.pop()?;
    }
    Some(ACCEPTED.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_read_as_written() {
        for (expression, expected) in [
            ("MIT", true),
            ("GPL-3.0-only", false),
            ("MIT OR GPL-3.0-only", true),
            ("GPL-3.0-only OR MIT", true),
            ("MIT AND GPL-3.0-only", false),
            ("MIT/Apache-2.0", true),
            ("ISC AND (Apache-2.0 OR ISC)", true),
            ("ISC AND (OpenSSL OR GPL-2.0)", false),
            ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
            ("Apache-2.0 WITH LLVM-exception OR GPL-2.0", true),
            ("GPL-3.0 OR MIT AND GPL-2.0", false),
            ("(MIT", false),
            ("MIT MIT", false),
            ("", false),
        ] {
            assert_eq!(accepted(expression), expected, "{expression:?}");
        }
    }
}
