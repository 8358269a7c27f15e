//! Texts with gaps, and letters whose case does not count.

/// How far letters are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fold {
    /// Every letter is itself.
    Exact,
    /// The case of ASCII letters does not count, as everywhere in the house.
    Ascii,
    /// The case of no letter counts.
    Unicode,
}

/// One part of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Any letters, also none.
    Run,
    /// Any one letter.
    One,
    Letter(char),
}

/// Whether a pattern of `*`, whatever its case, fits all of an action's name, whose case was folded.
/// Blanks around the pattern were taken away when it was read.
pub(crate) fn names(pattern: &str, action: &[char]) -> bool {
    let piece = |it: char| if it == '*' { Piece::Run } else { Piece::Letter(it) };
    let pieces: Vec<Piece> = fold(pattern, Fold::Ascii).into_iter().map(piece).collect();
    fits(&pieces, action)
}

/// What a pattern of `*` and `?` is made of. A backslash makes each of the two an ordinary letter,
/// and is one itself before any other.
pub(crate) fn pieces(pattern: &str, by: Fold) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut letters = fold(pattern, by).into_iter().peekable();
    while let Some(letter) = letters.next() {
        pieces.push(match letter {
            '*' => Piece::Run,
            '?' => Piece::One,
            '\\' => Piece::Letter(letters.next_if(|it| matches!(it, '*' | '?')).unwrap_or('\\')),
            other => Piece::Letter(other),
        });
    }
    pieces
}

/// The letters to compare. Down, up and down again, since letters that become one when written
/// large need not be one when written small, and the other way round.
pub(crate) fn fold(text: &str, by: Fold) -> Vec<char> {
    match by {
        Fold::Exact => text.chars().collect(),
        Fold::Ascii => text.chars().map(|it| it.to_ascii_lowercase()).collect(),
        Fold::Unicode => text
            .chars()
            .flat_map(char::to_lowercase)
            .flat_map(char::to_uppercase)
            .flat_map(char::to_lowercase)
            .collect(),
    }
}

/// Whether a pattern fits all of a text.
///
/// Only the last run need ever take more: what stood before it has found its first place.
pub(crate) fn fits(mut pattern: &[Piece], mut text: &[char]) -> bool {
    let mut retry: Option<(&[Piece], &[char])> = None;
    loop {
        match (pattern.split_first(), text.split_first()) {
            (Some((Piece::Run, rest)), _) => {
                retry = Some((rest, text));
                pattern = rest;
            }
            (Some((piece, rest)), Some((letter, left))) if takes(*piece, *letter) => {
                (pattern, text) = (rest, left);
            }
            (None, None) => return true,
            (Some(_) | None, _) => {
                let Some((rest, from)) = retry else { return false };
                let Some((_, left)) = from.split_first() else { return false };
                retry = Some((rest, left));
                (pattern, text) = (rest, left);
            }
        }
    }
}

fn takes(piece: Piece, letter: char) -> bool {
    match piece {
        Piece::Run | Piece::One => true,
        Piece::Letter(it) => it == letter,
    }
}

#[cfg(test)]
mod tests;
