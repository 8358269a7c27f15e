//! A picture in another size: each new pixel is the mean of the area that it covers.

use super::{Picture, Pixel};

/// How much of something an old pixel gives to a new one.
struct Share {
    old: usize,
    weight: u64,
}

pub(super) fn to(picture: &Picture, width: u32, height: u32) -> Picture {
    let columns = shares(picture.width, width);
    let rows = shares(picture.height, height);
    let old_width = usize::try_from(picture.width).unwrap_or(usize::MAX);
    let pixels = rows.iter().flat_map(|across| {
        columns.iter().map(move |along| {
            let area = across.iter().flat_map(|row| {
                along.iter().map(move |column| {
                    (row.old * old_width + column.old, row.weight * column.weight)
                })
            });
            mean(area.filter_map(|(at, weight)| Some((picture.pixels.get(at)?, weight))))
        })
    });
    Picture { width, height, pixels: pixels.collect() }
}

/// Which old pixels of a line each new one covers, and how much of each, in parts so small that
/// both lines are of whole parts.
fn shares(old: u32, new: u32) -> Vec<Vec<Share>> {
    let (old, new) = (u64::from(old), u64::from(new));
    let covered = |nth: u64| {
        let (start, end) = (nth * old, (nth + 1) * old);
        let share = |at: u64| {
            let weight = end.min((at + 1) * new) - start.max(at * new);
            Some(Share { old: usize::try_from(at).ok()?, weight })
        };
        (start / new..end.div_ceil(new)).filter_map(share).collect()
    };
    (0..new).map(covered).collect()
}

/// The mean colour. What is not seen does not colour what is.
fn mean<'a>(area: impl Iterator<Item = (&'a Pixel, u64)>) -> Pixel {
    let (mut colours, mut opacity, mut weights) = ([0; 3], 0, 0);
    for ([red, green, blue, alpha], weight) in area {
        let seen = u64::from(*alpha) * weight;
        for (sum, part) in colours.iter_mut().zip([red, green, blue]) {
            *sum += u64::from(*part) * seen;
        }
        opacity += seen;
        weights += weight;
    }
    let [red, green, blue] = colours.map(|sum| rounded(sum, opacity));
    [red, green, blue, rounded(opacity, weights)]
}

/// The quotient, which is a mean of bytes, to the nearest byte.
fn rounded(sum: u64, of: u64) -> u8 {
    let quotient = (sum + of / 2).checked_div(of).unwrap_or_default();
    u8::try_from(quotient).unwrap_or(u8::MAX)
}
