//! Each crate says at its front door what it is for.

use crate::{finding::Finding, sources::Source};

pub(super) fn findings(sources: &[Source]) -> Vec<Finding> {
    let roots = sources.iter().filter(|source| is_root(&source.path));
    roots
        .filter(|source| !opens_with_docs(&source.text))
        .map(|source| silent(&source.path))
        .collect()
}

fn is_root(path: &str) -> bool {
    path.ends_with("/src/lib.rs") || path.ends_with("/src/main.rs")
}

fn opens_with_docs(text: &str) -> bool {
    let opening = text.lines().map(str::trim).find(|line| !line.is_empty());
    opening.and_then(|line| line.strip_prefix("//!")).is_some_and(|said| !said.trim().is_empty())
}

fn silent(path: &str) -> Finding {
    let advice = "open with `//!`: what the crate is for, what it does not know, where to start";
    Finding::error(path, 1, advice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_opens_with_its_purpose() {
        let cases = [
            ("crates/a/src/lib.rs", "//! What it is for.\nuse x;", 0),
            ("crates/a/src/lib.rs", "\n//! What it is for.", 0),
            ("crates/a/src/lib.rs", "use x;\n//! too late", 1),
            ("crates/a/src/lib.rs", "//!\nuse x;", 1),
            ("crates/a/src/main.rs", "", 1),
            ("crates/a/src/other.rs", "use x;", 0),
        ];
        for (path, text, expected) in cases {
            let source = Source { path: path.into(), text: text.into() };
            assert_eq!(findings(&[source]).len(), expected, "{path}: {text:?}");
        }
    }
}
