//! Secrets: how they are drawn, carried without being shown, and what is kept of them.

use std::fmt;

use aws_lc_rs::{
    constant_time,
    digest::{SHA256, digest},
    hmac,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use ids::clock::Random;

/// Somebody's secret text, which no log may show.
#[derive(Clone, PartialEq, Eq)]
pub struct Sensitive(pub String);

impl fmt::Debug for Sensitive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sensitive(…)")
    }
}

/// What all secrets at rest are sealed under.
#[derive(Clone)]
pub struct MasterKey([u8; 32]);

impl MasterKey {
    /// The master key with these bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// A key for one purpose, which tells nothing about the others.
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        mac(&self.0, purpose)
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

fn mac(key: &[u8], text: &str) -> [u8; 32] {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes());
    let mut bytes = [0; 32];
    bytes.iter_mut().zip(tag.as_ref()).for_each(|(byte, drawn)| *byte = *drawn);
    bytes
}

/// A secret that nobody can guess: 256 bits, base64url.
pub fn draw(random: &dyn Random) -> String {
    let mut bytes = [0; 32];
    random.fill(&mut bytes);
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// The one secret that follows another. Only who knows the key can tell it, and a rotation that
/// is repeated yields the same, though none is ever stored.
pub fn successor(key: &[u8; 32], secret: &str) -> String {
    blinded(key, secret)
}

/// What is kept of something that others could guess, such as an address: without the key nobody
/// finds out what it was.
pub fn blinded(key: &[u8; 32], text: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(mac(key, text))
}

/// What is kept of a drawn secret: SHA-256, lower-case hex.
pub fn fingerprint(secret: &str) -> String {
    use fmt::Write;
    digest(&SHA256, secret.as_bytes()).as_ref().iter().fold(String::new(), |mut hex, byte| {
        let _infallible = write!(hex, "{byte:02x}");
        hex
    })
}

/// Whether two texts are the same, found out in the same time wherever they differ.
pub fn same(a: &str, b: &str) -> bool {
    constant_time::verify_slices_are_equal(a.as_bytes(), b.as_bytes()).is_ok()
}

/// Letters and digits that nobody takes for one another when reading them aloud.
const CODE_ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
/// As long as Entra's: 45 bits, valid for minutes.
const CODE_LETTERS: usize = 9;

/// A code that a person types.
pub fn draw_code(random: &dyn Random) -> String {
    let mut bytes = [0; CODE_LETTERS];
    random.fill(&mut bytes);
    let letter = |byte: u8| CODE_ALPHABET.get(usize::from(byte) % CODE_ALPHABET.len()).copied();
    bytes.into_iter().filter_map(letter).map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use ids::clock::TestRandom;

    use super::*;

    #[test]
    fn no_two_secrets_are_alike_and_a_successor_is_always_the_same() {
        let random = TestRandom::default();
        let (a, b) = (draw(&random), draw(&random));
        assert_ne!(a, b);
        assert_eq!(a.len(), 43);
        let key = MasterKey::new([7; 32]).derive("refresh");
        assert_eq!(successor(&key, &a), successor(&key, &a));
        assert_ne!(successor(&key, &a), successor(&key, &b));
        assert_ne!(key, MasterKey::new([7; 32]).derive("keys"));
    }

    #[test]
    fn a_typed_code_keeps_to_letters_that_read_clearly() {
        let code = draw_code(&TestRandom::default());
        assert_eq!(code.len(), CODE_LETTERS);
        assert!(code.bytes().all(|letter| CODE_ALPHABET.contains(&letter)), "{code}");
    }

    #[test]
    fn nothing_secret_is_shown() {
        let shown = format!("{:?} {:?}", Sensitive("open".to_owned()), MasterKey::new([1; 32]));
        assert_eq!(shown, "Sensitive(…) MasterKey(…)");
    }

    #[test]
    fn a_fingerprint_is_sha_256_in_hex() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(fingerprint(""), empty);
        assert!(same(empty, &fingerprint("")) && !same("a", "b") && !same("a", "aa"));
    }
}
