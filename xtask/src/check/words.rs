//! Names that say nothing, and words that put off.

use crate::{finding::Finding, sources::Source};

/// A file called so has no better name, so it has no home yet.
const NAMES: &[&str] = &["util", "utils", "helper", "helpers", "common", "misc", "manager"];

/// What must not stand in a file, and what to do instead. Written in pieces, since this file is
/// read too.
const CALLS: &[(&str, &str)] = &[
    (concat!("#[igno", "re"), "assert today's wrong answer with a comment, or remove the test"),
    (concat!("to", "do!("), "write it, or leave the whole feature out"),
    (concat!("unimpl", "emented!("), "write it, or leave the whole feature out"),
    (concat!("db", "g!("), "use tracing, or remove it"),
];

/// Allowed beside an issue's number only.
const PROMISES: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];

pub(super) fn findings(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources {
        findings.extend(in_path(&source.path));
        for (at, line) in source.text.lines().enumerate() {
            let found = if source.is_rust() { in_rust(line) } else { None };
            if let Some(advice) = found.or_else(|| in_text(line)) {
                findings.push(Finding::error(&source.path, at + 1, advice));
            }
        }
    }
    findings
}

fn in_path(path: &str) -> Option<Finding> {
    if path.ends_with("/mod.rs") {
        let advice = "write `foo.rs` beside the folder `foo/`, so that tabs and lists tell names";
        return Some(Finding::error(path, 0, advice));
    }
    let stems = path.split('/').map(|part| part.split('.').next().unwrap_or(part));
    let empty = stems.into_iter().find(|stem| NAMES.contains(stem))?;
    let advice = format!("`{empty}` names nothing: name the file after the noun or the operation");
    Some(Finding::error(path, 0, advice))
}

fn in_rust(line: &str) -> Option<String> {
    let (call, advice) = CALLS.iter().find(|(call, _)| line.contains(call))?;
    Some(format!("`{call}` stays out of the tree: {advice}"))
}

fn in_text(line: &str) -> Option<String> {
    let is_letter = |c: char| c.is_alphanumeric() || c == '_';
    let promise = line.split(|c| !is_letter(c)).find(|word| PROMISES.contains(word))?;
    let numbered =
        line.split('#').skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    (!numbered).then(|| format!("a {promise} needs an issue's number (`#12`), or be done now"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, line: &str, expected: usize) {
        let source = Source { path: path.into(), text: line.into() };
        let found = findings(&[source]);
        assert_eq!(found.len(), expected, "{path}: {line}: {found:?}");
    }

    #[test]
    fn files_are_named_after_something() {
        for path in ["crates/a/src/b/mod.rs", "crates/a/src/utils.rs", "crates/common/src/lib.rs"] {
            check(path, "", 1);
        }
        check("crates/a/src/model.rs", "", 0);
        check("crates/a/src/common_name.rs", "", 0);
    }

    #[test]
    fn nothing_is_put_off() {
        for (call, _) in CALLS {
            check("crates/a/src/b.rs", &format!("    {call})]"), 1);
            check("tests/clients/b.py", &format!("    {call})]"), 0);
        }
    }

    #[test]
    fn a_promise_names_its_issue() {
        for promise in PROMISES {
            check("crates/a/src/b.rs", &format!("// {promise}: later"), 1);
            check(".ci/run", &format!("# {promise} later"), 1);
            check("crates/a/src/b.rs", &format!("// {promise}(#12): later"), 0);
            check("crates/a/src/b.rs", &format!("\"{promise}{promise}\""), 0);
        }
    }
}
