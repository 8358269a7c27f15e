use model::market::media::Background;
use proptest::prelude::*;

use super::*;

const RED: Pixel = [200, 30, 40, 255];
const BLUE: Pixel = [0, 80, 220, 255];
const BLACK: Pixel = [0, 0, 0, 255];
const WHITE: Pixel = [255, 255, 255, 255];
const NOTHING: Pixel = [0, 0, 0, 0];

fn picture(width: u32, height: u32, pixel: impl Fn(u32, u32) -> Pixel) -> Picture {
    let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    Picture { width, height, pixels: pixels.map(|(x, y)| pixel(x, y)).collect() }
}

/// A mark in the middle of a field of another colour.
fn logo(field: Pixel, mark: Pixel) -> Picture {
    let middle = 4..12;
    picture(16, 16, |x, y| if middle.contains(&x) && middle.contains(&y) { mark } else { field })
}

fn file(picture: &Picture) -> Vec<u8> {
    picture.to_png().unwrap()
}

fn checksum(bytes: &[u8]) -> u32 {
    let step = |crc: u32| if crc & 1 == 1 { 0xEDB8_8320 ^ (crc >> 1) } else { crc >> 1 };
    !bytes
        .iter()
        .fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc)))
}

fn chunk(name: &[u8], data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    let named = [name, data].concat();
    [&length[..], &named, &checksum(&named).to_be_bytes()].concat()
}

/// The file with another chunk after its header.
fn with(file: &[u8], more: &[u8]) -> Vec<u8> {
    let (header, rest) = file.split_at(33);
    [header, more, rest].concat()
}

/// The file with a header that says something else.
fn claiming(file: &[u8], width: u32, height: u32) -> Vec<u8> {
    let data = [&width.to_be_bytes()[..], &height.to_be_bytes(), &file[24..29]].concat();
    [&file[..8], &chunk(b"IHDR", &data), &file[33..]].concat()
}

fn problem(bytes: &[u8]) -> Problem {
    Picture::read(bytes, LOGO).unwrap_err()
}

#[test]
fn what_is_written_is_read_again() {
    let written = logo(RED, [1, 2, 3, 77]);
    assert_eq!(Picture::read(&file(&written), LOGO), Ok(written));
}

#[test]
fn every_kind_of_png_is_read_as_colours() {
    let encode = |color, depth, data: &[u8], palette: Option<&[u8]>| {
        let mut bytes = Vec::new();
        let mut encoder = Encoder::new(&mut bytes, 2, 1);
        encoder.set_color(color);
        encoder.set_depth(depth);
        if let Some(palette) = palette {
            encoder.set_palette(palette.to_vec());
        }
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(data).unwrap();
        writer.finish().unwrap();
        Picture::read(&bytes, LOGO).unwrap().pixels
    };
    let (two, palette) = ([[9, 9, 9, 255], [200, 200, 200, 255]], [9, 9, 9, 200, 200, 200]);
    assert_eq!(encode(ColorType::Grayscale, BitDepth::Eight, &[9, 200], None), two);
    assert_eq!(encode(ColorType::Rgb, BitDepth::Eight, &palette, None), two);
    assert_eq!(encode(ColorType::Indexed, BitDepth::One, &[0b0100_0000], Some(&palette)), two);
    let sixteen =
        encode(ColorType::GrayscaleAlpha, BitDepth::Sixteen, &[9, 1, 255, 255, 200, 1, 0, 7], None);
    assert_eq!(sixteen, [[9, 9, 9, 255], [200, 200, 200, 0]]);
    let bits = encode(ColorType::Grayscale, BitDepth::One, &[0b0100_0000], None);
    assert_eq!(bits, [BLACK, WHITE]);
}

#[test]
fn other_files_are_called_what_they_are() {
    let is = |bytes: &[u8], format: Format, name: &str| {
        assert_eq!(problem(bytes), Problem::Other(format));
        assert_eq!(format.to_string(), name);
    };
    is(b"\xFF\xD8\xFF\xE0rest", Format::Jpeg, "JPEG");
    is(b"GIF89a...", Format::Gif, "GIF");
    is(b"RIFF\0\0\0\0WEBPVP8 ", Format::WebP, "WebP");
    is(b"BM....", Format::Bmp, "BMP");
    is(b"\0\0\x01\0....", Format::Icon, "an icon file");
    is(b"II*\0....", Format::Tiff, "TIFF");
    is(b"%PDF-1.7", Format::Pdf, "PDF");
    is(b"<svg xmlns='http://www.w3.org/2000/svg'/>", Format::Svg, "SVG");
    is(b"\xEF\xBB\xBF <?xml version='1.0'?>\n<!-- a --><SVG/>", Format::Svg, "SVG");
    is(b"<!DOCTYPE html><p>", Format::Html, "HTML");
    is(b"", Format::Empty, "empty");
    is(b"\x89PN", Format::Unknown, "no picture that is known");
}

#[test]
fn a_bomb_is_refused_by_what_its_header_says() {
    let bytes = claiming(&file(&logo(RED, WHITE)), 60_000, 60_000);
    let expected = Problem::TooManyPixels { width: 60_000, height: 60_000, pixels_max: 1_000_000 };
    assert_eq!(problem(&bytes), expected);
    let bytes = claiming(&file(&logo(RED, WHITE)), u32::MAX, u32::MAX);
    assert!(matches!(problem(&bytes), Problem::Damaged(_) | Problem::TooManyPixels { .. }));
    let long = vec![0; LOGO.bytes_max + 1];
    assert_eq!(problem(&long), Problem::TooManyBytes { bytes: 1_048_577, bytes_max: 1_048_576 });
}

#[test]
fn what_is_damaged_is_refused_wherever_it_is_damaged() {
    let whole = file(&logo(RED, WHITE));
    for length in 8..whole.len() {
        let cut = problem(&whole[..length]);
        assert_eq!(cut, Problem::Damaged("it ends too early".to_owned()), "{length}");
    }
    for at in 8..whole.len() {
        let mut bent = whole.clone();
        bent[at] ^= 0x55;
        assert!(Picture::read(&bent, LOGO).is_err(), "{at}");
    }
    for (width, height) in [(17, 16), (16, 17), (0, 16), (16, 0)] {
        assert!(
            matches!(problem(&claiming(&whole, width, height)), Problem::Damaged(_)),
            "{width}"
        );
    }
}

#[test]
fn nothing_hides_behind_a_picture_nor_moves() {
    let whole = file(&logo(RED, WHITE));
    let followed = [&whole[..], b"<script>"].concat();
    assert_eq!(problem(&followed), Problem::Damaged("something follows its end".to_owned()));
    let twice = [&whole[..], &whole[..]].concat();
    assert_eq!(problem(&twice), Problem::Damaged("something follows its end".to_owned()));
    let control = chunk(b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0]);
    assert_eq!(problem(&with(&whole, &control)), Problem::Animated);
    let noted = with(&whole, &chunk(b"tEXt", b"Comment\0of no account"));
    assert!(Picture::read(&noted, LOGO).is_ok());
}

#[test]
fn what_a_logo_looks_like_is_told_from_its_edges_and_its_ink() {
    let look = |field, mark| {
        let Look { blank, background, ink } = logo(field, mark).look();
        (blank, background, ink)
    };
    assert_eq!(look(NOTHING, NOTHING), (true, Background::Transparent, None));
    assert_eq!(look(BLACK, RED), (false, Background::Black, None));
    assert_eq!(look(WHITE, BLACK), (false, Background::White, None));
    assert_eq!(look([250, 252, 255, 255], RED), (false, Background::White, None));
    assert_eq!(look(RED, WHITE), (false, Background::Other, None));
    assert_eq!(look(NOTHING, RED), (false, Background::Transparent, None));
    assert_eq!(look(NOTHING, BLACK), (false, Background::Transparent, Some(Ink::Black)));
    assert_eq!(look(NOTHING, WHITE), (false, Background::Transparent, Some(Ink::White)));
    assert_eq!(look(NOTHING, BLUE), (false, Background::Transparent, Some(Ink::Blue)));
    let touched = picture(40, 40, |x, y| if (x, y) == (0, 20) { RED } else { WHITE });
    assert_eq!(touched.look().background, Background::White);
    let halves = picture(40, 40, |x, _| if x < 20 { BLACK } else { WHITE });
    assert_eq!(halves.look().background, Background::Other);
}

#[test]
fn smaller_logos_are_means_of_the_large_one() {
    let board = picture(4, 4, |x, y| if (x + y) % 2 == 0 { BLACK } else { WHITE });
    assert_eq!(board.in_square(2), picture(2, 2, |_, _| [128, 128, 128, 255]));
    let half = picture(3, 3, |x, _| if x < 2 { RED } else { NOTHING });
    let small = half.in_square(1).pixels;
    assert_eq!(small, [[200, 30, 40, 170]], "what is not seen lends no colour");
    for edge in DERIVED_LOGO_PIXELS {
        let made = logo(RED, WHITE).in_square(edge);
        let read = Picture::read(&file(&made), LOGO).unwrap();
        assert_eq!((read.width(), read.height()), (edge, edge));
        assert_eq!(read.look().background, Background::Other);
    }
}

proptest! {
    #[test]
    fn one_colour_stays_that_colour_in_every_size(
        pixel in any::<Pixel>(), width in 1u32..40, height in 1u32..40, edge in 1u32..100,
    ) {
        let [red, green, blue, alpha] = pixel;
        let expected = if alpha == 0 { NOTHING } else { [red, green, blue, alpha] };
        let scaled = picture(width, height, |_, _| pixel).in_square(edge);
        prop_assert_eq!(scaled, picture(edge, edge, |_, _| expected));
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in any::<Vec<u8>>(), at in 8usize..80) {
        let mut bent = file(&logo(RED, WHITE));
        let room = bent.len().min(at);
        bent.splice(room.., bytes.iter().copied());
        let _read = Picture::read(&bent, LOGO);
        let _read = Picture::read(&with(&file(&logo(RED, BLUE)), &chunk(b"iCCP", &bytes)), LOGO);
    }
}

#[test]
fn what_is_kept_of_a_picture_is_of_its_bytes_and_nothing_is_of_what_is_damaged() {
    let bytes = file(&logo(WHITE, RED));
    let kept = facts("logo.png", &bytes, LOGO).unwrap();
    assert_eq!((kept.width, kept.height, kept.background), (16, 16, Background::White));
    assert_eq!((kept.file.as_str(), kept.digest.len()), ("logo.png", 64));
    assert_eq!(facts("other.png", &bytes, LOGO).unwrap().digest, kept.digest);
    assert_ne!(facts("logo.png", &file(&logo(WHITE, BLUE)), LOGO).unwrap().digest, kept.digest);
    assert!(facts("logo.png", &bytes[..bytes.len() - 1], LOGO).is_err());
}
