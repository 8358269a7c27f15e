//! The keys that sign tokens: how one is made, kept, used, published and replaced.

use std::fmt;

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    encoding::{AsDer, Pkcs8V1Der},
    rand::SystemRandom,
    rsa::KeySize,
    signature::{KeyPair, RSA_PKCS1_SHA256, RsaKeyPair},
};
use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use ids::clock::Random;
use jiff::{SignedDuration, Timestamp};
use model::directory::SigningKey;
use serde::Serialize;

use crate::secret::{MasterKey, fingerprint};

/// How long one key signs.
const SIGNS: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How long a key is published before it signs, so that whoever caches keys has it by then.
const AHEAD: SignedDuration = SignedDuration::from_hours(24);
/// How long a key stays published after it was replaced: longer than any token lives.
const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// What the sealing key is derived for.
const SEALING: &str = "fyr: signing keys";

/// A key that cannot be made, sealed, opened or used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error("a signing key could not be generated")]
    Generate,
    #[error("a signing key could not be sealed")]
    Seal,
    /// Most likely the master key is not the one that the data was written with.
    #[error("a signing key cannot be opened with this master key")]
    Open,
    #[error("a token could not be signed")]
    Sign,
}

/// What is to be done about the keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Make one that signs from then on.
    Publish { active_from: Timestamp },
    /// Let go of one whose tokens have all expired.
    Retire(SigningKey),
}

/// The next step that is due, if any.
pub fn due(keys: &[SigningKey], now: Timestamp) -> Option<Step> {
    let later = |at: Timestamp, by| at.saturating_add(by).unwrap_or(at);
    let Some(newest) = keys.iter().map(|key| key.active_from).max() else {
        return Some(Step::Publish { active_from: now });
    };
    let end = later(newest, SIGNS);
    if later(now, AHEAD) >= end {
        return Some(Step::Publish { active_from: end.max(later(now, AHEAD)) });
    }
    let replaced = |key: &&SigningKey| {
        let by = |other: &SigningKey| {
            other.active_from > key.active_from && later(other.active_from, KEPT) <= now
        };
        keys.iter().any(by)
    };
    keys.iter().find(replaced).cloned().map(Step::Retire)
}

/// The key that signs at that time: the last that became active, else the first that will.
pub fn signing(keys: &[SigningKey], now: Timestamp) -> Option<&SigningKey> {
    let active = keys.iter().filter(|key| key.active_from <= now);
    active
        .max_by_key(|key| key.active_from)
        .or_else(|| keys.iter().min_by_key(|key| key.active_from))
}

/// Makes a key of 2048 bits, its private half sealed. Takes a tenth of a second or more, and
/// its randomness from the cryptographic library, which offers no other way.
pub fn generate(
    published: Timestamp,
    active_from: Timestamp,
    master: &MasterKey,
    random: &dyn Random,
) -> Result<SigningKey, KeyError> {
    let pair = RsaKeyPair::generate(KeySize::Rsa2048).map_err(|_| KeyError::Generate)?;
    let public = pair.public_key();
    let encode = |number: aws_lc_rs::io::Positive<'_>| {
        BASE64_URL_SAFE_NO_PAD.encode(number.big_endian_without_leading_zero())
    };
    let (modulus, exponent) = (encode(public.modulus()), encode(public.exponent()));
    let id = fingerprint(&modulus).chars().take(32).collect::<String>();
    let der: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| KeyError::Generate)?;
    let sealed = Some(seal(&id, der.as_ref(), master, random)?);
    Ok(SigningKey { id, sealed, modulus, exponent, published, active_from })
}

fn cipher(master: &MasterKey) -> Result<LessSafeKey, KeyError> {
    let key = UnboundKey::new(&AES_256_GCM, &master.derive(SEALING)).map_err(|_| KeyError::Seal)?;
    Ok(LessSafeKey::new(key))
}

/// AES-256-GCM: a nonce drawn for this one sealing, then the text; the key's id is bound to it.
fn seal(
    id: &str,
    text: &[u8],
    master: &MasterKey,
    random: &dyn Random,
) -> Result<String, KeyError> {
    let mut nonce = [0; NONCE_LEN];
    random.fill(&mut nonce);
    let mut sealed = text.to_vec();
    cipher(master)?
        .seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(id.as_bytes()),
            &mut sealed,
        )
        .map_err(|_| KeyError::Seal)?;
    Ok(BASE64_STANDARD.encode([nonce.as_slice(), &sealed].concat()))
}

fn open(id: &str, sealed: &str, master: &MasterKey) -> Result<Vec<u8>, KeyError> {
    let bytes = BASE64_STANDARD.decode(sealed).map_err(|_| KeyError::Open)?;
    let (nonce, text) = bytes.split_first_chunk::<NONCE_LEN>().ok_or(KeyError::Open)?;
    let mut text = text.to_vec();
    let nonce = Nonce::assume_unique_for_key(*nonce);
    let opened = cipher(master)?
        .open_in_place(nonce, Aad::from(id.as_bytes()), &mut text)
        .map_err(|_| KeyError::Open)?;
    Ok(opened.to_vec())
}

/// A key in use, parsed once: signing costs 0.9 ms, parsing as much again.
pub struct Signer {
    header: String,
    pair: RsaKeyPair,
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signer(…)")
    }
}

#[derive(Serialize)]
struct Header<'a> {
    typ: &'static str,
    alg: &'static str,
    kid: &'a str,
}

impl Signer {
    /// Opens a key's private half.
    pub fn open(key: &SigningKey, master: &MasterKey) -> Result<Self, KeyError> {
        let sealed = key.sealed.as_deref().ok_or(KeyError::Open)?;
        let der = open(&key.id, sealed, master)?;
        let pair = RsaKeyPair::from_pkcs8(&der).map_err(|_| KeyError::Open)?;
        let header = Header { typ: "JWT", alg: "RS256", kid: &key.id };
        Ok(Self { header: part(&header)?, pair })
    }

    /// A JWT that says this, signed with RS256.
    pub fn sign(&self, claims: &impl Serialize) -> Result<String, KeyError> {
        let message = format!("{}.{}", self.header, part(claims)?);
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message.as_bytes(), &mut signature)
            .map_err(|_| KeyError::Sign)?;
        Ok(format!("{message}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature)))
    }
}

fn part(value: &impl Serialize) -> Result<String, KeyError> {
    let json = serde_json::to_vec(value).map_err(|_| KeyError::Sign)?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(json))
}

#[cfg(test)]
mod tests {
    use ids::clock::TestRandom;
    use model::samples;

    use super::*;

    fn key(id: &str, active_from: Timestamp) -> SigningKey {
        let (modulus, exponent) = (String::new(), String::new());
        let published = active_from;
        SigningKey { id: id.to_owned(), sealed: None, modulus, exponent, published, active_from }
    }

    fn day(n: i64) -> Timestamp {
        samples::now() + SignedDuration::from_hours(24 * n)
    }

    #[test]
    fn the_next_key_is_published_a_day_early_and_the_last_one_kept_a_day() {
        let (first, second) = (key("1", day(0)), key("2", day(30)));
        let one = vec![first.clone()];
        let two = vec![first.clone(), second];
        let publish = |at| Some(Step::Publish { active_from: at });
        let cases = [
            ("none yet", vec![], day(0), publish(day(0)), None),
            ("young", one.clone(), day(28), None, Some("1")),
            ("a day before its end", one.clone(), day(29), publish(day(30)), Some("1")),
            ("switched off for long", one, day(99), publish(day(100)), Some("1")),
            ("two published", two.clone(), day(29), None, Some("1")),
            ("the new one signs", two.clone(), day(30), None, Some("2")),
            ("the old one goes", two, day(31), Some(Step::Retire(first)), Some("2")),
        ];
        for (name, keys, now, expected, signs) in cases {
            assert_eq!(due(&keys, now), expected, "{name}");
            assert_eq!(signing(&keys, now).map(|key| key.id.as_str()), signs, "{name}");
        }
    }

    #[test]
    fn a_key_opens_with_its_own_master_key_and_under_its_own_name_only() {
        let (random, master) = (TestRandom::default(), MasterKey::new([1; 32]));
        let key = generate(day(0), day(0), &master, &random).unwrap();
        assert!(Signer::open(&key, &master).is_ok());
        let renamed = SigningKey { id: "another".to_owned(), ..key.clone() };
        let journalled = SigningKey { sealed: None, ..key.clone() };
        let damaged = SigningKey { sealed: Some("AAAA".to_owned()), ..key.clone() };
        for bad in [renamed, journalled, damaged] {
            assert_eq!(Signer::open(&bad, &master).err(), Some(KeyError::Open));
        }
        let other = MasterKey::new([2; 32]);
        assert_eq!(Signer::open(&key, &other).err(), Some(KeyError::Open));
    }
}
