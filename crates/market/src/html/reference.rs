//! Character references: `&amp;`, `&#233;`.

use super::is_seen;

/// Those with names that a description is likely to need
/// (<https://html.spec.whatwg.org/multipage/named-characters.html>).
const NAMED: [(&str, char); 24] = [
    ("amp", '&'),
    ("apos", '\''),
    ("bull", '•'),
    ("copy", '©'),
    ("deg", '°'),
    ("euro", '€'),
    ("gt", '>'),
    ("hellip", '…'),
    ("laquo", '«'),
    ("ldquo", '“'),
    ("lsquo", '‘'),
    ("lt", '<'),
    ("mdash", '—'),
    ("middot", '·'),
    ("nbsp", '\u{A0}'),
    ("ndash", '–'),
    ("pound", '£'),
    ("quot", '"'),
    ("raquo", '»'),
    ("rdquo", '”'),
    ("reg", '®'),
    ("rsquo", '’'),
    ("times", '×'),
    ("trade", '™'),
];

/// The letter that stands for what is between `&` and `;`.
pub(super) fn letter(name: &str) -> Option<char> {
    let Some(number) = name.strip_prefix('#') else {
        return NAMED.iter().find(|(known, _)| *known == name).map(|(_, letter)| *letter);
    };
    let (digits, radix) =
        number.strip_prefix(['x', 'X']).map_or((number, 10), |digits| (digits, 16));
    // `from_str_radix` takes a sign, too.
    let all_digits = digits.chars().all(|it| it.is_digit(radix));
    let code = all_digits.then(|| u32::from_str_radix(digits, radix).ok())??;
    char::from_u32(code).filter(|letter| is_seen(*letter))
}
