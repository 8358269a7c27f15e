//! Passwords and secrets: how a chosen one is kept, and whether a given one is right.
//!
//! Slow by intent. Callers keep it off their async threads.

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier},
};
use ids::clock::Random;
use model::directory::{Credential, Secret};

use crate::secret::{fingerprint, same};

/// A password that nobody has, hashed as all are: whoever does not exist costs as much as
/// whoever does.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGlzIGhlcmUuLg$qX5rrQbasnNVjE/Z9ZDY82ReqFSz62g36Z4VhW8/Hmw";

/// A password that cannot be kept.
#[derive(Debug, thiserror::Error)]
#[error("the password cannot be hashed")]
pub struct CannotHash;

/// What is kept of a password that somebody chose.
pub fn chosen(password: &str, random: &dyn Random) -> Result<Secret, CannotHash> {
    let mut salt = [0; 16];
    random.fill(&mut salt);
    let hashed = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt);
    hashed.map(|hash| Secret::Chosen(hash.to_string())).map_err(|_| CannotHash)
}

/// What is kept of a secret that Fyr drew.
pub fn drawn(secret: &str) -> Secret {
    Secret::Drawn(fingerprint(secret))
}

/// The credential that the given secret is, if any. It takes its time even where there is none.
pub fn matching<'a>(given: &str, credentials: &'a [Credential]) -> Option<&'a Credential> {
    let mut chosen = None;
    for (hash, whose) in hashes(credentials) {
        if verifies(given, hash) {
            chosen = chosen.or(whose);
        }
    }
    let printed = fingerprint(given);
    let is_drawn = |it: &&Credential| match &it.secret {
        Secret::Drawn(print) => same(print, &printed),
        Secret::Chosen(_)
        | Secret::Certificate(_)
        | Secret::Federated(_)
        | Secret::Seed(_)
        | Secret::Redacted => false,
    };
    chosen.or_else(|| credentials.iter().find(is_drawn))
}

/// Tells a credential from whatever takes its place, without a way back to the secret.
pub fn stamp(credential: &Credential) -> String {
    match &credential.secret {
        Secret::Chosen(hash) => fingerprint(hash),
        Secret::Seed(sealed) => fingerprint(sealed),
        Secret::Drawn(print) => fingerprint(print),
        Secret::Certificate(it) => fingerprint(&it.der),
        // Nobody signs in with these and stays signed in.
        Secret::Federated(_) | Secret::Redacted => String::new(),
    }
}

/// The hashes to be computed, and whose they are: never none, whoever asks for whom.
fn hashes(credentials: &[Credential]) -> Vec<(&str, Option<&Credential>)> {
    let chosen = credentials.iter().filter_map(|it| match &it.secret {
        Secret::Chosen(hash) => Some((hash.as_str(), Some(it))),
        Secret::Drawn(_)
        | Secret::Certificate(_)
        | Secret::Federated(_)
        | Secret::Seed(_)
        | Secret::Redacted => None,
    });
    let chosen = chosen.collect::<Vec<_>>();
    if chosen.is_empty() { vec![(NOBODYS, None)] } else { chosen }
}

fn verifies(given: &str, hash: &str) -> bool {
    Argon2::default().verify_password(given.as_bytes(), hash).is_ok()
}

#[cfg(test)]
mod tests {
    use ids::clock::TestRandom;
    use model::{directory::Holder, samples};
    use uuid::Uuid;

    use super::*;

    fn credential(n: u128, secret: Secret) -> Credential {
        Credential {
            holder: Holder::User(samples::ADA),
            key: Uuid::from_u128(n),
            display_name: String::new(),
            secret,
            expires: None,
        }
    }

    #[test]
    fn only_the_right_secret_matches() {
        let chosen = chosen("correct horse", &TestRandom::default()).unwrap();
        let kept = [
            credential(1, drawn("drawn")),
            credential(2, chosen),
            credential(3, Secret::Redacted),
            credential(4, Secret::Seed("sealed".to_owned())),
        ];
        let key = |given| matching(given, &kept).map(|it| it.key.as_u128());
        let found = ["drawn", "correct horse", "Correct horse", "", "sealed"].map(key);
        assert_eq!(found, [Some(1), Some(2), None, None, None]);
        assert_eq!(matching("correct horse", &[]), None);
    }

    #[test]
    fn whoever_has_no_password_costs_one_too() {
        let drawn = [credential(1, drawn("drawn")), credential(2, Secret::Redacted)];
        let real = [credential(3, Secret::Chosen("$".to_owned()))];
        for (credentials, expected) in [(&[][..], NOBODYS), (&drawn, NOBODYS), (&real, "$")] {
            let hashes = hashes(credentials);
            assert_eq!(hashes.iter().map(|(hash, _)| *hash).collect::<Vec<_>>(), [expected]);
        }
    }

    #[test]
    fn nobodys_password_costs_what_everybodys_does() {
        let Secret::Chosen(real) = chosen("x", &TestRandom::default()).unwrap() else {
            panic!("chosen passwords are hashed")
        };
        let cost = |hash: &str| hash.split('$').take(4).collect::<Vec<_>>().join("$");
        assert_eq!(cost(NOBODYS), cost(&real));
        // A hash that cannot be read would be refused at once, and tell on the unknown.
        assert!(verifies("nobody has this password", NOBODYS));
    }

    #[test]
    fn a_stamp_is_one_passwords_even_if_the_next_is_the_same_word() {
        let random = TestRandom::default();
        let stamp = |secret| super::stamp(&credential(1, secret));
        let (first, second) = (chosen("x", &random).unwrap(), chosen("x", &random).unwrap());
        assert_eq!(stamp(first.clone()), stamp(first.clone()));
        assert_ne!(stamp(first), stamp(second));
        assert_ne!(stamp(drawn("x")), stamp(drawn("y")));
    }

    #[test]
    fn two_people_with_one_password_are_kept_differently() {
        let random = TestRandom::default();
        assert_ne!(chosen("x", &random).unwrap(), chosen("x", &random).unwrap());
    }
}
