//! What is wrong with a file, and where.

use std::fmt;

use crate::place::Position;

/// More than anybody reads at once; what follows is mostly caused by what came before.
const FAULTS_MAX: usize = 100;
/// The longest piece of the file that a message repeats.
const QUOTED_CHARS_MAX: usize = 80;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Fault {
    pub at: Position,
    pub message: String,
    /// What to do about it.
    pub advice: Option<String>,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.at.line, self.at.column, self.message)?;
        self.advice.as_ref().map_or(Ok(()), |advice| write!(f, "; {advice}"))
    }
}

/// The faults found so far.
#[derive(Debug, Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// Notes that something is wrong there.
    pub fn add(&mut self, at: Position, message: impl Into<String>) {
        self.push(Fault { at, message: message.into(), advice: None });
    }

    /// Notes that something is wrong there, and what to do about it where that is known.
    pub fn advise(&mut self, at: Position, message: impl Into<String>, advice: Option<String>) {
        self.push(Fault { at, message: message.into(), advice });
    }

    fn push(&mut self, fault: Fault) {
        if self.0.len() < FAULTS_MAX && !self.0.contains(&fault) {
            self.0.push(fault);
        }
    }

    /// The value, if nothing was wrong; else all faults, in the order of the file.
    pub fn settle<T>(mut self, value: T) -> Result<T, Vec<Fault>> {
        self.0.sort_by_key(|fault| fault.at);
        if self.0.is_empty() { Ok(value) } else { Err(self.0) }
    }
}

/// A piece of the file, fit for a message.
pub fn quoted(text: &str) -> String {
    let shown: String = text.chars().filter(|c| !c.is_control()).take(QUOTED_CHARS_MAX).collect();
    format!("`{shown}`")
}

/// The nearest of the candidates, as advice, if one is near enough to be what was meant.
pub fn did_you_mean<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    let near = (word.chars().count() / 2).min(3);
    let word = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (distance(&word, &candidate.to_lowercase()), candidate))
        .filter(|(far, _)| *far <= near)
        .min_by_key(|(far, _)| *far)
        .map(|(_, candidate)| format!("did you mean `{candidate}`?"))
}

/// Levenshtein's distance, over bounded words.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().take(QUOTED_CHARS_MAX).collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, letter) in from.chars().take(QUOTED_CHARS_MAX).enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        let mut next = vec![left];
        for (other, above) in to.iter().zip(row.iter().skip(1)) {
            let replaced = diagonal + usize::from(letter != *other);
            left = replaced.min(left + 1).min(above + 1);
            next.push(left);
            diagonal = *above;
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn place(line: usize, column: usize) -> Position {
        Position { line, column }
    }

    #[test]
    fn faults_come_in_the_order_of_the_file_each_once_with_its_advice() {
        let mut faults = Faults::default();
        faults.add(place(3, 1), "third");
        faults.advise(place(1, 9), "first", Some("write it".to_owned()));
        faults.add(place(2, 4), "second");
        faults.add(place(3, 1), "third");
        let shown: Vec<String> =
            faults.settle(()).unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(shown, ["1:9: first; write it", "2:4: second", "3:1: third"]);
        assert_eq!(Faults::default().settle(7), Ok(7));
    }

    #[test]
    fn there_are_no_more_faults_than_anybody_reads() {
        let mut faults = Faults::default();
        for line in 1..=FAULTS_MAX + 1 {
            faults.add(place(line, 1), "wrong");
        }
        assert_eq!(faults.settle(()).unwrap_err().len(), FAULTS_MAX);
    }

    #[test]
    fn a_message_repeats_a_bounded_piece_without_control_characters() {
        assert_eq!(quoted("a\u{7}b\nc"), "`abc`");
        assert_eq!(quoted(&"x".repeat(1000)).len(), QUOTED_CHARS_MAX + 2);
    }

    #[test]
    fn the_nearest_word_is_proposed_and_a_far_one_is_not() {
        let words = ["members", "displayName", "kind"];
        let cases = [
            ("memebers", Some("members")),
            ("displayname", Some("displayName")),
            ("knd", Some("kind")),
            ("password", None),
            ("", None),
        ];
        for (word, meant) in cases {
            let expected = meant.map(|it| format!("did you mean `{it}`?"));
            assert_eq!(did_you_mean(word, words), expected, "{word}");
        }
    }

    #[test]
    fn distance_counts_insertions_deletions_and_replacements() {
        let cases = [("", "", 0), ("", "abc", 3), ("abc", "", 3), ("kitten", "sitting", 3)];
        for (from, to, far) in cases {
            assert_eq!(distance(from, to), far, "{from} {to}");
        }
    }
}
