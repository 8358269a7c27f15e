//! Logos and screenshots: PNG, which is believed only once it was decoded to the end.

mod format;
mod look;
mod scale;

use std::io::Cursor;

use aws_lc_rs::digest::{SHA256, digest};
use model::market::media;
use png::{BitDepth, ColorType, Decoder, DecodingError, Encoder, Limits, Transformations};

pub use format::Format;
pub use look::{Ink, Look};

/// How large a picture may be. Whether it has the size that its place asks for is the rules' to say;
/// this is only what is decoded at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    pub bytes_max: usize,
    pub pixels_max: u64,
}

/// A logo has at most 350 by 350 pixels.
pub const LOGO: Bounds = Bounds { bytes_max: 1 << 20, pixels_max: 1_000_000 };
/// A screenshot, or what stands for a video, has 1280 by 720 pixels.
pub const SCREENSHOT: Bounds = Bounds { bytes_max: 4 << 20, pixels_max: 4_000_000 };

/// The edges of the logos that are made from the large one.
pub const DERIVED_LOGO_PIXELS: [u32; 2] = [90, 48];

/// Why something is no picture for us.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    #[error("it has {bytes} bytes, and more than {bytes_max} are not read")]
    TooManyBytes { bytes: usize, bytes_max: usize },
    #[error("it is {0}, and only PNG is shown")]
    Other(Format),
    #[error(
        "it says that it has {width} by {height} pixels, and more than {pixels_max} are not decoded"
    )]
    TooManyPixels { width: u32, height: u32, pixels_max: u64 },
    #[error("it is PNG that moves: only what stands still is shown")]
    Animated,
    #[error("it is damaged PNG: {0}")]
    Damaged(String),
}

/// One pixel: red, green, blue, and how little one sees through it.
type Pixel = [u8; 4];

/// A picture that was decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    width: u32,
    height: u32,
    /// Row by row, from the top.
    pixels: Vec<Pixel>,
}

impl Picture {
    /// Decodes a whole file. How many pixels there are is read before room is made for them.
    pub fn read(bytes: &[u8], bounds: Bounds) -> Result<Self, Problem> {
        let Bounds { bytes_max, pixels_max } = bounds;
        if bytes.len() > bytes_max {
            return Err(Problem::TooManyBytes { bytes: bytes.len(), bytes_max });
        }
        let format = Format::of(bytes);
        if format != Format::Png {
            return Err(Problem::Other(format));
        }
        format::ends_where_png_ends(bytes)?;
        // A pixel takes up to eight bytes, and the decoder holds a few rows besides.
        let room = usize::try_from(pixels_max.saturating_mul(16)).unwrap_or(usize::MAX);
        let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), Limits { bytes: room });
        decoder.set_ignore_text_chunk(true);
        decoder.set_ignore_iccp_chunk(true);
        decoder
            .set_transformations(Transformations::normalize_to_color8() | Transformations::ALPHA);
        let header = decoder.read_header_info().map_err(|it| damaged(&it))?;
        let (width, height) = (header.width, header.height);
        if u64::from(width) * u64::from(height) > pixels_max {
            return Err(Problem::TooManyPixels { width, height, pixels_max });
        }
        let mut reader = decoder.read_info().map_err(|it| damaged(&it))?;
        if reader.info().animation_control.is_some() {
            return Err(Problem::Animated);
        }
        let room = reader.output_buffer_size().ok_or(DecodingError::LimitsExceeded);
        let mut samples = vec![0; room.map_err(|it| damaged(&it))?];
        let frame = reader.next_frame(&mut samples).map_err(|it| damaged(&it))?;
        reader.finish().map_err(|it| damaged(&it))?;
        samples.truncate(frame.buffer_size());
        let pixels = pixels(&samples, frame.color_type, frame.bit_depth)?;
        Ok(Self { width, height, pixels })
    }

    pub fn width(&self) -> u32 {
        self.width
    }

    pub fn height(&self) -> u32 {
        self.height
    }

    /// What it looks like, as far as a rule asks.
    pub fn look(&self) -> Look {
        look::of(self)
    }

    /// The same picture in a square of so many pixels; what is no square is stretched.
    #[must_use]
    pub fn in_square(&self, edge: u32) -> Self {
        scale::to(self, edge, edge)
    }

    /// The file. Of one picture it is always the same.
    pub fn to_png(&self) -> Result<Vec<u8>, png::EncodingError> {
        let mut file = Vec::new();
        let mut encoder = Encoder::new(&mut file, self.width, self.height);
        encoder.set_color(ColorType::Rgba);
        encoder.set_depth(BitDepth::Eight);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(self.pixels.as_flattened())?;
        writer.finish()?;
        Ok(file)
    }
}

/// What a listing keeps of a picture's file, once it was decoded to its end.
pub fn facts(file: &str, bytes: &[u8], bounds: Bounds) -> Result<media::Picture, Problem> {
    let decoded = Picture::read(bytes, bounds)?;
    let hex = |text: String, byte: &u8| format!("{text}{byte:02x}");
    Ok(media::Picture {
        digest: digest(&SHA256, bytes).as_ref().iter().fold(String::new(), hex),
        file: file.to_owned(),
        width: decoded.width,
        height: decoded.height,
        background: decoded.look().background,
    })
}

/// What the decoder says, without what it says of itself.
fn damaged(error: &DecodingError) -> Problem {
    Problem::Damaged(match error {
        DecodingError::IoError(_) => "it ends too early".to_owned(),
        DecodingError::LimitsExceeded => "it asks for more room than a picture takes".to_owned(),
        DecodingError::Format(what) => what.to_string(),
        DecodingError::Parameter(what) => what.to_string(),
    })
}

/// Samples as we asked for them: eight bits each, and never without transparency.
fn pixels(samples: &[u8], color: ColorType, depth: BitDepth) -> Result<Vec<Pixel>, Problem> {
    let grey = |it: &[u8; 2]| {
        let [grey, alpha] = *it;
        [grey, grey, grey, alpha]
    };
    match (color, depth) {
        (ColorType::Rgba, BitDepth::Eight) => Ok(samples.as_chunks().0.to_vec()),
        (ColorType::GrayscaleAlpha, BitDepth::Eight) => {
            Ok(samples.as_chunks().0.iter().map(grey).collect())
        }
        (color, depth) => {
            Err(Problem::Damaged(format!("it was decoded as {color:?} of {depth:?} bits")))
        }
    }
}

#[cfg(test)]
mod tests;
