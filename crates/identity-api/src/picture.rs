//! A text as a picture that cameras read: a QR code, in SVG.

use std::fmt::Write;

use qrcodegen::{QrCode, QrCodeEcc};

/// The light edge that readers ask for (ISO/IEC 18004).
const EDGE: i32 = 4;

/// The picture; none for a text that no picture holds, which is far longer than any of ours.
pub(crate) fn svg(text: &str, words: &str) -> Option<String> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let (side, mut path) = (code.size(), String::new());
    for y in 0..side {
        for x in (0..side).filter(|x| code.get_module(*x, y)) {
            let _infallible = write!(path, "M{},{}h1v1h-1z", x + EDGE, y + EDGE);
        }
    }
    let whole = side + 2 * EDGE;
    Some(format!(
        r##"<svg class="picture" role="img" aria-label="{words}" viewBox="0 0 {whole} {whole}" shape-rendering="crispEdges"><rect width="{whole}" height="{whole}" fill="#fff"/><path d="{path}" fill="#000"/></svg>"##
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_holds_its_text_and_no_text_is_markup() {
        let picture = svg("otpauth://totp/Fyr:ada?secret=GEZDGNBVGY3TQOJQ", "A picture").unwrap();
        assert!(picture.starts_with("<svg ") && picture.ends_with("</svg>"), "{picture}");
        let marks = svg("\"><script>", "A picture").unwrap();
        assert!(!marks.contains("<script>"), "{marks}");
        // Its three corners: each begins with a bar of seven.
        assert!(picture.contains("M4,4h1v1h-1zM5,4h1v1h-1zM6,4"), "{picture}");
        assert_eq!(svg(&"x".repeat(5_000), ""), None);
    }
}
