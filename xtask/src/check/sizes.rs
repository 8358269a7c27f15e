//! A file that can be read in a sitting. Functions are clippy's business (`too_many_lines`).

use crate::{finding::Finding, sources::Source};

/// From here on, the idea in the file has parts that deserve names of their own.
const LINES_GOOD_MAX: usize = 400;
/// Nobody finds anything in a longer file.
const LINES_MAX: usize = 600;

pub(super) fn findings(sources: &[Source]) -> Vec<Finding> {
    let production = sources.iter().filter(|source| source.is_rust() && !is_test(&source.path));
    production.filter_map(|source| judge(&source.path, production_lines(&source.text))).collect()
}

fn judge(path: &str, lines: usize) -> Option<Finding> {
    let said = format!("{lines} lines of production code; split it by its ideas (`foo/part.rs`)");
    if lines > LINES_MAX {
        Some(Finding::error(path, LINES_MAX, said))
    } else if lines > LINES_GOOD_MAX {
        Some(Finding::warning(path, LINES_GOOD_MAX, said))
    } else {
        None
    }
}

fn is_test(path: &str) -> bool {
    let folders = ["/tests/", "/benches/", "/fuzz/"];
    path.ends_with("/tests.rs") || folders.iter().any(|folder| path.contains(folder))
}

/// The lines above the file's own tests. A `#[cfg(test)]` on anything but a module counts as
/// production, since code goes on below it.
fn production_lines(text: &str) -> usize {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let opens_tests = |at: usize| {
        let mut after = lines.iter().skip(at + 1).skip_while(|line| line.starts_with("#["));
        lines.get(at) == Some(&"#[cfg(test)]")
            && after.next().is_some_and(|line| line.starts_with("mod ") && line.ends_with('{'))
    };
    (0..lines.len()).find(|at| opens_tests(*at)).unwrap_or(lines.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Weight::{Error, Warning};

    fn file(path: &str, lines: usize, tests: usize) -> Source {
        let tests =
            format!("#[cfg(test)]\n#[rustfmt::skip]\nmod tests {{\n{}}}\n", "//\n".repeat(tests));
        Source { path: path.into(), text: "fn f() {}\n".repeat(lines) + &tests }
    }

    #[test]
    fn long_files_are_found_and_very_long_ones_stop_the_check() {
        let weight =
            |lines| findings(&[file("crates/a/src/b.rs", lines, 900)]).pop().map(|f| f.weight);
        for (lines, expected) in
            [(400, None), (401, Some(Warning)), (600, Some(Warning)), (601, Some(Error))]
        {
            assert_eq!(weight(lines), expected, "{lines} lines");
        }
    }

    #[test]
    fn tests_of_their_own_may_be_long() {
        for path in ["crates/a/src/b/tests.rs", "crates/a/tests/world.rs", "crates/a/benches/c.rs"]
        {
            assert_eq!(findings(&[file(path, 900, 0)]), [], "{path}");
        }
    }

    #[test]
    fn a_test_only_item_does_not_hide_what_follows() {
        let text = "#[cfg(test)]\nuse x;\n#[cfg(test)]\nmod tests;\nfn f() {}\n";
        assert_eq!(production_lines(text), 5);
    }
}
