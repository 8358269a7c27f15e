//! Continuation links that only the caller they were given to can follow.
//!
//! A link is sealed (AES-256-GCM) over the caller, the route and the filter: it tells nothing of
//! the rows it passed over, and opens for nobody else and for nothing else.

use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use identity::secret::MasterKey;
use ids::clock::Random;

/// A continuation that was not made here for this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the continuation is not one that this list gave to this caller; begin the list anew")]
pub struct BadSeal;

/// Longer than any cursor of ours becomes.
const TEXT_BYTES_MAX: usize = 4_096;

/// What the key of the continuation links is derived for.
const CONTINUATIONS: &str = "continuations";

/// What seals and opens.
#[derive(Clone)]
pub struct Seal(Arc<LessSafeKey>);

impl Seal {
    /// Seals continuation links.
    pub fn of_continuations(master: &MasterKey) -> Self {
        Self::new(&master.derive(CONTINUATIONS))
    }

    /// Seals under this key.
    ///
    /// # Panics
    ///
    /// Never: the array has the length of the algorithm's key.
    pub fn new(key: &[u8; 32]) -> Self {
        #[expect(clippy::expect_used, reason = "the array has the length of the algorithm's key")]
        let key = UnboundKey::new(&AES_256_GCM, key).expect("32 bytes are an AES-256 key");
        Self(Arc::new(LessSafeKey::new(key)))
    }

    /// Closes `text` for whoever names the same `bound` again.
    ///
    /// # Panics
    ///
    /// For a text of more than 64 GiB; cursors are short.
    pub fn close(&self, random: &dyn Random, bound: &str, text: &str) -> String {
        let mut nonce = [0; NONCE_LEN];
        random.fill(&mut nonce);
        let mut sealed = text.as_bytes().to_vec();
        let aad = Aad::from(bound.as_bytes());
        #[expect(clippy::expect_used, reason = "fails only for texts of more than 64 GiB")]
        self.0
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), aad, &mut sealed)
            .expect("the text is short");
        URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat())
    }

    /// Opens what was closed with the same `bound`.
    pub fn open(&self, bound: &str, sealed: &str) -> Result<String, BadSeal> {
        if sealed.len() > TEXT_BYTES_MAX {
            return Err(BadSeal);
        }
        self.open_own(bound, sealed)
    }

    /// The same for text that never left the house, of any length.
    pub(crate) fn open_own(&self, bound: &str, sealed: &str) -> Result<String, BadSeal> {
        let bytes = URL_SAFE_NO_PAD.decode(sealed).map_err(|_| BadSeal)?;
        let (nonce, rest) = bytes.split_first_chunk::<NONCE_LEN>().ok_or(BadSeal)?;
        let mut rest = rest.to_vec();
        let (nonce, aad) = (Nonce::assume_unique_for_key(*nonce), Aad::from(bound.as_bytes()));
        let text = self.0.open_in_place(nonce, aad, &mut rest).map_err(|_| BadSeal)?;
        String::from_utf8(text.to_vec()).map_err(|_| BadSeal)
    }
}

#[cfg(test)]
mod tests {
    use ids::clock::TestRandom;

    use super::*;

    #[test]
    fn a_seal_opens_only_for_what_it_was_closed_over() {
        let (seal, random) = (Seal::new(&[7; 32]), TestRandom::default());
        let closed = seal.close(&random, "ada|/subscriptions|", "cursor");
        assert_eq!(seal.open("ada|/subscriptions|", &closed), Ok("cursor".to_owned()));
        assert_eq!(seal.open("bo|/subscriptions|", &closed), Err(BadSeal));
        assert_eq!(Seal::new(&[8; 32]).open("ada|/subscriptions|", &closed), Err(BadSeal));
        let cut: String = closed.chars().skip(1).collect();
        for bad in ["", "AAAA", "not base64!", &cut, &"A".repeat(5_000)] {
            assert_eq!(seal.open("ada|/subscriptions|", bad), Err(BadSeal), "{bad}");
        }
    }
}
