//! What a picture looks like, as far as the guidelines for logos ask: no black or white background,
//! and where one sees through it, neither black, white nor blue.

use model::market::media::Background;

use super::{Picture, Pixel};

/// What the rules are told of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Whether nothing of it can be seen.
    pub blank: bool,
    pub background: Background,
    /// What a picture without a background is drawn in, where that is one colour.
    pub ink: Option<Ink>,
}

/// A colour that gets lost on some page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    Black,
    White,
    Blue,
}

/// How many of a hundred pixels have to agree: edges are softened, and a mark may touch them.
const AGREE_PERCENT: usize = 90;
/// Below this, a pixel is not seen.
const SEEN_ALPHA_MIN: u8 = 128;
/// How far from black or white a colour may be and still be taken for it.
const NEAR: u8 = 24;

pub(super) fn of(picture: &Picture) -> Look {
    let seen: Vec<Pixel> = picture.pixels.iter().copied().filter(|it| is_seen(*it)).collect();
    let edge = edge(picture);
    let background = if most(&edge, |it| !is_seen(it)) {
        Background::Transparent
    } else if most(&edge, |it| is_seen(it) && is_black(it)) {
        Background::Black
    } else if most(&edge, |it| is_seen(it) && is_white(it)) {
        Background::White
    } else {
        Background::Other
    };
    let ink = match background {
        Background::Transparent if most(&seen, is_black) => Some(Ink::Black),
        Background::Transparent if most(&seen, is_white) => Some(Ink::White),
        Background::Transparent if most(&seen, is_blue) => Some(Ink::Blue),
        Background::Transparent | Background::Black | Background::White | Background::Other => None,
    };
    Look { blank: picture.pixels.iter().all(|[.., alpha]| *alpha == 0), background, ink }
}

/// The outermost pixels, all around.
fn edge(picture: &Picture) -> Vec<Pixel> {
    let width = usize::try_from(picture.width.max(1)).unwrap_or(usize::MAX);
    let rows = picture.pixels.chunks(width);
    let last = rows.len().saturating_sub(1);
    rows.enumerate()
        .flat_map(|(nth, row)| {
            let inner = row.len().saturating_sub(1).max(1);
            let step = if nth == 0 || nth == last { 1 } else { inner };
            row.iter().copied().step_by(step)
        })
        .collect()
}

fn most(pixels: &[Pixel], is: impl Fn(Pixel) -> bool) -> bool {
    let agreeing = pixels.iter().filter(|it| is(**it)).count();
    !pixels.is_empty() && agreeing * 100 >= pixels.len() * AGREE_PERCENT
}

fn is_seen([.., alpha]: Pixel) -> bool {
    alpha >= SEEN_ALPHA_MIN
}

fn is_black([red, green, blue, _]: Pixel) -> bool {
    [red, green, blue].into_iter().all(|it| it <= NEAR)
}

fn is_white([red, green, blue, _]: Pixel) -> bool {
    [red, green, blue].into_iter().all(|it| it >= u8::MAX - NEAR)
}

/// More blue than anything else, by as much as one sees.
fn is_blue([red, green, blue, _]: Pixel) -> bool {
    i16::from(blue) - i16::from(red.max(green)) > i16::from(NEAR)
}
