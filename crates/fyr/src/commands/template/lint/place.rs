//! Where in its files a finding stands.

use std::path::PathBuf;

use document::place::Position;
use market::lint::{Finding, template::Onboarding};
use template::lenient::locate;

use super::{DEFINITION, Placed};

const BEGINNING: Position = Position { line: 1, column: 1 };

/// What is looked at, and where it comes from.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) onboarding: Onboarding,
    pub(super) file: Text,
    /// The files of parameters, the last first: its word counts.
    pub(super) parameters: Vec<Text>,
}

/// A file and what is in it.
#[derive(Clone, Debug)]
pub(super) struct Text {
    pub(super) path: PathBuf,
    pub(super) text: String,
}

impl Source {
    /// The finding at the value that it is about, as far as that can be found; else where the
    /// resource is written, or at the file's beginning.
    pub(super) fn placed(&self, finding: Finding) -> Placed {
        let steps = steps(&finding.field);
        let mut all = self.parameters.iter().chain([&self.file]);
        let exact = all.find_map(|it| Some((it, value(&it.text, &steps)?)));
        let (file, at) = exact.unwrap_or_else(|| (&self.file, mentioned(&self.file.text)));
        Placed { finding, file: file.path.clone(), at }
    }
}

/// `a[2].b` as `a`, `2`, `b`.
fn steps(field: &str) -> Vec<&str> {
    field.split(['.', '[']).map(|step| step.trim_end_matches(']')).collect()
}

/// Where the value stands, or the nearest thing around it that is there.
fn value(text: &str, steps: &[&str]) -> Option<Position> {
    let (first, rest) = steps.split_first()?;
    let ways: [&[&str]; 4] =
        [&["parameters", first, "value"], &["parameters", first], &["properties", first], &[first]];
    (0..=rest.len()).rev().find_map(|depth| {
        let inner = rest.get(..depth).unwrap_or_default();
        ways.iter().find_map(|way| {
            let at = locate(text, &[way, inner].concat())?;
            Some(Position { line: at.line, column: at.column })
        })
    })
}

/// Where the text first speaks of a registration definition.
fn mentioned(text: &str) -> Position {
    let folded = DEFINITION.to_ascii_lowercase();
    let found = text.lines().enumerate().find_map(|(nth, line)| {
        let before = line.get(..line.to_ascii_lowercase().find(&folded)?)?;
        Some(Position { line: nth + 1, column: before.chars().count() + 1 })
    });
    found.unwrap_or(BEGINNING)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_found_in_each_form_of_a_file_or_else_what_is_around_it() {
        let at =
            |text: &str, field: &str| value(text, &steps(field)).map(|it| (it.line, it.column));
        let parameters = "{\"parameters\": {\n \"authorizations\": {\"value\": [\n  {\"a\": 1}]}}}";
        assert_eq!(at(parameters, "authorizations[0].a"), Some((3, 9)));
        assert_eq!(at(parameters, "authorizations[0].b"), Some((3, 3)), "the item");
        assert_eq!(at(parameters, "authorizations[7].b"), Some((2, 30)), "the list");
        assert_eq!(
            at("{\"properties\":\n{\"authorizations\": []}}", "authorizations"),
            Some((2, 20))
        );
        assert_eq!(at("{}", "authorizations[0].a"), None);
    }

    #[test]
    fn what_is_written_nowhere_stands_at_the_resource() {
        let text = "{\n  \"type\": \"microsoft.managedservices/registrationdefinitions\"";
        assert_eq!(mentioned(text), Position { line: 2, column: 12 });
        assert_eq!(mentioned("{}"), BEGINNING);
    }
}
