//! The seeds of people's second factors as they are kept: sealed (AES-256-GCM) under a key of their
//! own, each for its person alone.

use identity::{keys::KeyError, one_time::Seed, secret::MasterKey};
use ids::{clock::Random, guid::Principal};
use model::directory::{Credential, Holder, Secret, second_factor_key};

use crate::seal::Seal;

/// What the key is derived for.
const SEEDS: &str = "fyr: seeds of second factors";
/// What a seed that was sealed under that key begins with. No base64 does: a text without it was
/// sealed before there was such a key, under that of the continuation links.
const MARK: &str = "s2.";

/// What seals and opens seeds.
#[derive(Clone)]
pub struct SeedSeal {
    own: Seal,
    /// Opens what was sealed before.
    before: Seal,
}

impl SeedSeal {
    /// Seals under a key of this master's that is for nothing else.
    pub fn new(master: &MasterKey) -> Self {
        let own = Seal::new(&master.derive(SEEDS));
        Self { own, before: Seal::of_continuations(master) }
    }

    /// A seed as it is kept of that person: good for nobody else.
    pub(crate) fn close(&self, random: &dyn Random, who: Principal, seed: &Seed) -> String {
        format!("{MARK}{}", self.own.close(random, &bound(who), &seed.text().0))
    }

    /// The seed that is kept sealed of that person.
    pub(crate) fn open(&self, who: Principal, sealed: &str) -> Result<Seed, KeyError> {
        let (seal, text) = match sealed.strip_prefix(MARK) {
            Some(text) => (&self.own, text),
            None => (&self.before, sealed),
        };
        let text = seal.open_own(&bound(who), text).map_err(|_| KeyError::Open)?;
        text.parse().map_err(|_| KeyError::Open)
    }
}

fn bound(who: Principal) -> String {
    format!("second factor of {who}")
}

/// The second factor of that person, of a seed that was sealed.
pub(crate) fn credential(who: Principal, sealed: String) -> Credential {
    Credential {
        holder: Holder::User(who),
        key: second_factor_key(who),
        display_name: "authenticator".to_owned(),
        secret: Secret::Seed(sealed),
        expires: None,
    }
}

#[cfg(test)]
mod tests {
    use ids::clock::TestRandom;
    use model::samples::{ADA, OLOF};

    use super::*;

    fn seal(byte: u8) -> SeedSeal {
        SeedSeal::new(&MasterKey::new([byte; 32]))
    }

    #[test]
    fn a_seed_opens_for_its_own_person_only() {
        let random = TestRandom::default();
        let seed = Seed::draw(&random);
        let kept = seal(7).close(&random, ADA, &seed);
        assert_eq!(seal(7).open(ADA, &kept).ok(), Some(seed));
        assert_eq!(seal(7).open(OLOF, &kept).err(), Some(KeyError::Open));
        assert_eq!(seal(8).open(ADA, &kept).err(), Some(KeyError::Open));
    }

    #[test]
    fn the_key_of_links_neither_seals_seeds_nor_opens_them_and_those_of_before_still_open() {
        let random = TestRandom::default();
        let (seed, links) = (Seed::draw(&random), Seal::of_continuations(&MasterKey::new([7; 32])));
        let kept = seal(7).close(&random, ADA, &seed);
        let bare = kept.strip_prefix(MARK).unwrap();
        assert!(links.open(&bound(ADA), bare).is_err(), "another key");
        assert_eq!(seal(7).open(ADA, bare).err(), Some(KeyError::Open), "the mark is no ornament");
        let before = links.close(&random, &bound(ADA), &seed.text().0);
        assert_eq!(seal(7).open(ADA, &before), Ok(seed));
        assert_eq!(seal(7).open(OLOF, &before).err(), Some(KeyError::Open));
        let marked = format!("{MARK}{before}");
        assert_eq!(seal(7).open(ADA, &marked).err(), Some(KeyError::Open));
    }
}
