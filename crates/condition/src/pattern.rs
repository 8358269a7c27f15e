//! Texts with gaps. Case is folded as everywhere in the house, in ASCII only.

/// One part of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece {
    /// Any letters, also none.
    Run,
    /// Any one letter.
    One,
    Letter(char),
}

/// Whether a pattern of `*` fits all of an action's name, whatever its case. Blanks around it were
/// taken away when it was read.
pub(crate) fn names(pattern: &str, action: &str) -> bool {
    let piece = |it: char| if it == '*' { Piece::Run } else { Piece::Letter(it) };
    let pieces: Vec<Piece> = fold(pattern, true).into_iter().map(piece).collect();
    fits(&pieces, &fold(action, true))
}

/// Whether a pattern of `*` and `?` fits all of a text. A backslash makes each of the two an
/// ordinary letter, and is one itself before any other.
pub(crate) fn like(text: &str, pattern: &str, ignores_case: bool) -> bool {
    let mut pieces = Vec::new();
    let mut letters = fold(pattern, ignores_case).into_iter().peekable();
    while let Some(letter) = letters.next() {
        pieces.push(match letter {
            '*' => Piece::Run,
            '?' => Piece::One,
            '\\' => Piece::Letter(letters.next_if(|it| matches!(it, '*' | '?')).unwrap_or('\\')),
            other => Piece::Letter(other),
        });
    }
    fits(&pieces, &fold(text, ignores_case))
}

/// The letters to compare.
pub(crate) fn fold(text: &str, ignores_case: bool) -> Vec<char> {
    let fold = |it: char| if ignores_case { it.to_ascii_lowercase() } else { it };
    text.chars().map(fold).collect()
}

/// Only the last run need ever take more: what stood before it has found its first place.
fn fits(mut pattern: &[Piece], mut text: &[char]) -> bool {
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
