//! One-time codes of an authenticator: six digits that change every thirty seconds, computed from
//! a seed that both sides know (RFC 6238, over RFC 4226).

use std::str::FromStr;

use aws_lc_rs::hmac;
use ids::clock::Random;
use jiff::Timestamp;

use crate::{
    form::encoded,
    refusal::Refused,
    secret::{Sensitive, same},
};

/// How long a code stands on an authenticator's display.
const STEP_SECONDS: i64 = 30;
/// How many steps an authenticator's clock may be off, each way.
const DRIFT_STEPS: i64 = 1;
/// Six digits: what every authenticator shows unless told otherwise.
const CODES: u32 = 1_000_000;
/// As long as the hash behind it, as RFC 4226 asks for.
const SEED_BYTES: usize = 20;
/// RFC 4226 asks for no less than 128 bits; authenticators take no more than this.
const SEED_BYTES_GIVEN: std::ops::RangeInclusive<usize> = 16..=64;
/// The letters of base32 (RFC 4648).
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// What an authenticator and Fyr both know.
#[derive(Clone, PartialEq, Eq)]
pub struct Seed(Vec<u8>);

impl std::fmt::Debug for Seed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seed(…)")
    }
}

/// Text that no seed is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a seed of one-time codes is base32: 26 to 103 of the letters A to Z and digits 2 to 7")]
pub struct BadSeed;

impl Seed {
    /// A seed that nobody can guess.
    pub fn draw(random: &dyn Random) -> Self {
        let mut bytes = vec![0; SEED_BYTES];
        random.fill(&mut bytes);
        Self(bytes)
    }

    /// The seed in base32, for who types it into an authenticator.
    pub fn text(&self) -> Sensitive {
        let bit = |at: usize| self.0.get(at / 8).is_some_and(|byte| byte & (0x80 >> (at % 8)) != 0);
        let letter = |nth: usize| {
            let value = (0..5).fold(0, |value, at| (value << 1) | usize::from(bit(nth * 5 + at)));
            BASE32.get(value).copied().map(char::from)
        };
        Sensitive((0..(self.0.len() * 8).div_ceil(5)).filter_map(letter).collect())
    }

    /// The seed as authenticators read it from a picture
    /// (<https://github.com/google/google-authenticator/wiki/Key-Uri-Format>).
    pub fn uri(&self, issuer: &str, account: &str) -> Sensitive {
        let (issuer, account) = (encoded(issuer), encoded(account));
        let Sensitive(secret) = self.text();
        Sensitive(format!("otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}"))
    }

    /// The code of one step (RFC 4226, section 5.3).
    fn code(&self, step: i64) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.0);
        let tag = hmac::sign(&key, &step.to_be_bytes());
        let at = tag.as_ref().last().map_or(0, |last| usize::from(last & 0xF));
        let picked = tag.as_ref().iter().skip(at).take(4);
        let number = picked.fold(0_u32, |number, byte| (number << 8) | u32::from(*byte));
        format!("{:06}", (number & 0x7FFF_FFFF) % CODES)
    }

    /// The code of that moment.
    pub fn code_at(&self, now: Timestamp) -> Sensitive {
        Sensitive(self.code(step(now)))
    }
}

impl FromStr for Seed {
    type Err = BadSeed;

    /// Reads base32 as people copy it: with blanks, in either case, with or without `=`.
    fn from_str(text: &str) -> Result<Self, BadSeed> {
        let letters = text.trim_end_matches('=').bytes().filter(|it| *it != b' ');
        let (mut bytes, mut kept, mut bits) = (Vec::new(), 0_u32, 0_u32);
        for letter in letters {
            let upper = letter.to_ascii_uppercase();
            let value = BASE32.iter().position(|it| *it == upper).ok_or(BadSeed)?;
            kept = (kept << 5) | u32::try_from(value).map_err(|_| BadSeed)?;
            bits += 5;
            if bits >= 8 {
                bits -= 8;
                bytes.push(u8::try_from((kept >> bits) & 0xFF).map_err(|_| BadSeed)?);
                kept &= (1 << bits) - 1;
            }
        }
        if SEED_BYTES_GIVEN.contains(&bytes.len()) { Ok(Self(bytes)) } else { Err(BadSeed) }
    }
}

fn step(now: Timestamp) -> i64 {
    now.as_second().div_euclid(STEP_SECONDS)
}

/// The step whose code was typed. `last` is that of the code that was taken before: neither it nor
/// an earlier one is taken again, so that who reads along has nothing.
pub fn judge(seed: &Seed, typed: &str, last: Option<i64>, now: Timestamp) -> Result<i64, Refused> {
    let typed: String = typed.chars().filter(|c| !c.is_whitespace()).take(16).collect();
    let here = step(now);
    let mut found = None;
    for at in here - DRIFT_STEPS..=here + DRIFT_STEPS {
        if same(&seed.code(at), &typed) {
            found = Some(at);
        }
    }
    found.filter(|at| last.is_none_or(|last| *at > last)).ok_or(Refused::WrongCode)
}

#[cfg(test)]
mod tests {
    use ids::clock::TestRandom;
    use jiff::SignedDuration;
    use proptest::prelude::*;

    use super::*;

    fn rfc() -> Seed {
        Seed(b"12345678901234567890".to_vec())
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn codes_are_those_of_rfc_6238() {
        let cases = [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ];
        for (second, code) in cases {
            assert_eq!(rfc().code_at(at(second)).0, code, "{second}");
            assert_eq!(judge(&rfc(), code, None, at(second)), Ok(second / 30), "{second}");
        }
    }

    #[test]
    fn a_clock_may_be_off_by_one_step_and_no_more() {
        let now = at(1_000_000 * 30 + 7);
        for (off, good) in [(-60, false), (-30, true), (0, true), (30, true), (60, false)] {
            let code = rfc().code_at(now + SignedDuration::from_secs(off)).0;
            assert_eq!(judge(&rfc(), &code, None, now).is_ok(), good, "{off}");
        }
    }

    #[test]
    fn a_code_is_taken_once_and_none_before_it() {
        let now = at(1_000_000 * 30);
        let code = |off| rfc().code_at(now + SignedDuration::from_secs(off)).0;
        let used = judge(&rfc(), &code(0), None, now).unwrap();
        for (off, good) in [(-30, false), (0, false), (30, true)] {
            assert_eq!(judge(&rfc(), &code(off), Some(used), now).is_ok(), good, "{off}");
        }
    }

    #[test]
    fn only_the_code_itself_is_taken() {
        let (now, other) = (at(59), Seed::draw(&TestRandom::default()));
        for typed in ["", "28708", "2870821", "94287082", "２８７０８２", "+287082", "000000"]
        {
            assert_eq!(judge(&rfc(), typed, None, now), Err(Refused::WrongCode), "{typed}");
        }
        let anothers = other.code_at(now).0;
        assert_eq!(judge(&rfc(), &anothers, None, now), Err(Refused::WrongCode));
        assert_eq!(judge(&rfc(), " 287 082\n", None, now), Ok(1), "as displays show it");
    }

    #[test]
    fn a_seed_is_written_as_authenticators_read_it() {
        assert_eq!(rfc().text().0, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        let uri = rfc().uri("Fyr (localhost)", "ada@fabrikam.example").0;
        assert_eq!(
            uri,
            "otpauth://totp/Fyr%20%28localhost%29:ada%40fabrikam.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Fyr%20%28localhost%29"
        );
        let copied = "gezd gnbv gy3t qojq gezd gnbv gy3t qojq";
        assert_eq!(copied.parse(), Ok(rfc()));
        for bad in ["", "GEZDGNBVGY3TQOJQ", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ1", &"A".repeat(200)] {
            assert_eq!(bad.parse::<Seed>(), Err(BadSeed), "{bad}");
        }
        assert_eq!(format!("{:?}", rfc()), "Seed(…)");
    }

    proptest! {
        #[test]
        fn a_seed_survives_being_written(bytes in prop::collection::vec(any::<u8>(), 16..=64)) {
            let seed = Seed(bytes);
            prop_assert_eq!(seed.text().0.parse(), Ok(seed));
        }
    }
}
