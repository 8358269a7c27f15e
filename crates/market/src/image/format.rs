//! What a file is, whatever its name says.

use std::fmt;

use super::Problem;

/// A kind of file, by how it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Png,
    Jpeg,
    Gif,
    WebP,
    Bmp,
    Icon,
    Tiff,
    Pdf,
    Svg,
    Html,
    Empty,
    Unknown,
}

/// How files begin (each format's own specification).
const BEGINNINGS: [(&[u8], Format); 9] = [
    (SIGNATURE, Format::Png),
    (b"\xFF\xD8\xFF", Format::Jpeg),
    (b"GIF87a", Format::Gif),
    (b"GIF89a", Format::Gif),
    (b"BM", Format::Bmp),
    (b"\0\0\x01\0", Format::Icon),
    (b"II*\0", Format::Tiff),
    (b"MM\0*", Format::Tiff),
    (b"%PDF", Format::Pdf),
];
const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1A\n";
/// How much of a text is looked at: a prologue may stand before the first element.
const PROLOGUE_BYTES_MAX: usize = 1024;

impl Format {
    /// What the bytes are, judged by their beginning.
    pub fn of(bytes: &[u8]) -> Self {
        if bytes.is_empty() {
            return Self::Empty;
        }
        if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
            return Self::WebP;
        }
        let known = BEGINNINGS.iter().find(|(start, _)| bytes.starts_with(start));
        known.map_or_else(|| Self::of_text(bytes), |(_, format)| *format)
    }

    fn of_text(bytes: &[u8]) -> Self {
        let start = bytes.get(..PROLOGUE_BYTES_MAX).unwrap_or(bytes).to_ascii_lowercase();
        let text = String::from_utf8_lossy(&start);
        let text = text.trim_start_matches('\u{FEFF}').trim_start();
        if !text.starts_with('<') {
            Self::Unknown
        } else if text.contains("<svg") {
            Self::Svg
        } else if text.contains("<html") || text.starts_with("<!doctype html") {
            Self::Html
        } else {
            Self::Unknown
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Png => "PNG",
            Self::Jpeg => "JPEG",
            Self::Gif => "GIF",
            Self::WebP => "WebP",
            Self::Bmp => "BMP",
            Self::Icon => "an icon file",
            Self::Tiff => "TIFF",
            Self::Pdf => "PDF",
            Self::Svg => "SVG",
            Self::Html => "HTML",
            Self::Empty => "empty",
            Self::Unknown => "no picture that is known",
        })
    }
}

/// Refuses a file that goes on after the picture's last chunk, where a second file could hide, and one
/// that never comes to it.
pub(super) fn ends_where_png_ends(bytes: &[u8]) -> Result<(), Problem> {
    let damaged = |what: &str| Err(Problem::Damaged(what.to_owned()));
    let mut rest = bytes.get(SIGNATURE.len()..).unwrap_or_default();
    // A chunk: the length of its data, its name, the data, a checksum.
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let Ok(length) = usize::try_from(u32::from_be_bytes(*length)) else { break };
        let Some((name, after)) = after.split_first_chunk::<4>() else { break };
        let Some((_, after)) = after.split_at_checked(length.saturating_add(4)) else { break };
        if name == b"IEND" {
            return if after.is_empty() { Ok(()) } else { damaged("something follows its end") };
        }
        rest = after;
    }
    damaged("it ends too early")
}
