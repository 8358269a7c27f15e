//! Authorization codes: handed to a browser for a client, and redeemed by that client once.

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use ids::guid::{AppId, SessionId, TenantId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    account::{Directory, Shown},
    client::{self, ClientFacts},
    cross_origin::Redeemed,
    redirect::Waiting,
    refusal::Refused,
    request::{ClientClaim, Proof},
    secret::{Sensitive, same},
};

/// How long a code may be on its way. Entra's.
pub const LIFETIME: SignedDuration = SignedDuration::from_mins(10);
/// How long the word behind a challenge is (RFC 7636, section 4.1).
const VERIFIER_BYTES: std::ops::RangeInclusive<usize> = 43..=128;

/// A code that was handed out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Code {
    /// Only this client may redeem it.
    pub app: AppId,
    /// Where the person signed in.
    pub tenant: TenantId,
    /// Whether the tenant was the person's own choice (`organizations`, `common`).
    pub anywhere: bool,
    /// Where it was sent.
    pub redirect: String,
    /// What waited there. Of a code that does not say, the strictest: a server shows who it is.
    #[serde(default = "server")]
    pub waiting: Waiting,
    pub challenge: Option<String>,
    pub scope: String,
    pub nonce: Option<String>,
    pub shown: Shown,
    /// What the client's tokens belong to: it ends if the code is used twice.
    pub session: SessionId,
    /// The browser's own sign-in, with which all that came of it ends.
    pub browser: SessionId,
    pub signed_in: Timestamp,
    pub expires: Timestamp,
    pub used: bool,
}

/// What a client states when it redeems a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redeemer {
    pub code: Sensitive,
    pub redirect: String,
    pub verifier: Option<Sensitive>,
}

/// What becomes of a code that is redeemed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redemption {
    /// It is used up.
    Good,
    /// It was used before: somebody else has it, too, and what came of it ends.
    UsedTwice,
}

/// Whether something that waits at a redirect URI keeps a secret.
pub fn is_confidential(waiting: Waiting) -> bool {
    match waiting {
        Waiting::Server => true,
        Waiting::Page | Waiting::Program => false,
    }
}

impl Code {
    /// For whom it is redeemed.
    pub fn redeemed(&self) -> Redeemed {
        match self.waiting {
            Waiting::Page => Redeemed::ByPage,
            Waiting::Server | Waiting::Program => Redeemed::ByOther,
        }
    }
}

fn server() -> Waiting {
    Waiting::Server
}

/// Judges the redemption of a code.
pub fn redeem(
    code: &Code,
    app: AppId,
    directory: Directory,
    redeemer: &Redeemer,
    now: Timestamp,
) -> Result<Redemption, Refused> {
    if code.app != app {
        return Err(Refused::CodeInvalid);
    }
    if code.used {
        return Ok(Redemption::UsedTwice);
    }
    if now >= code.expires {
        return Err(Refused::CodeExpired);
    }
    let here = match directory {
        Directory::Tenant(tenant) => tenant == code.tenant,
        Directory::Home => code.anywhere,
    };
    if !here {
        return Err(Refused::CodeInvalid);
    }
    if redeemer.redirect != code.redirect {
        return Err(Refused::RedirectChanged);
    }
    match (&code.challenge, &redeemer.verifier) {
        (None, None) => Ok(Redemption::Good),
        (Some(challenge), Some(verifier)) if answers(&verifier.0, challenge) => {
            Ok(Redemption::Good)
        }
        (Some(_) | None, Some(_)) | (Some(_), None) => Err(Refused::WrongVerifier),
    }
}

fn answers(verifier: &str, challenge: &str) -> bool {
    let legal = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
    VERIFIER_BYTES.contains(&verifier.len())
        && verifier.chars().all(legal)
        && same(&challenged(verifier), challenge)
}

/// What a client sends ahead of the word that it will prove to know (RFC 7636, `S256`).
pub fn challenged(verifier: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()))
}

/// Whether the client of a code has to prove who it is; a public one must not even try, since
/// what it states is nobody's secret.
pub fn must_prove(code: &Code, claim: &ClientClaim, facts: &ClientFacts) -> Result<bool, Refused> {
    client::for_users(code.app, facts, code.tenant)?;
    match (is_confidential(code.waiting), &claim.proof) {
        (false, None) => Ok(false),
        (false, Some(Proof::Secret(_) | Proof::Assertion(_))) => {
            Err(Refused::PublicClient(code.app))
        }
        (true, None) => Err(Refused::NoSecret),
        (true, Some(Proof::Secret(_) | Proof::Assertion(_))) => Ok(true),
    }
}

#[cfg(test)]
mod tests {
    use model::samples::{self, ADA, CUSTOMER, PROVIDER};
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::client::AZURE_CLI;

    /// The example of RFC 7636, appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    const REDIRECT: &str = "http://localhost:1";

    fn code() -> Code {
        Code {
            app: AZURE_CLI,
            tenant: PROVIDER,
            anywhere: false,
            redirect: REDIRECT.to_owned(),
            waiting: Waiting::Program,
            challenge: Some(CHALLENGE.to_owned()),
            scope: "openid".to_owned(),
            nonce: None,
            shown: Shown { home: ADA, password: "stamp".to_owned(), second: None },
            session: SessionId::new(Uuid::from_u128(1)),
            browser: SessionId::new(Uuid::from_u128(2)),
            signed_in: samples::now(),
            expires: samples::now() + LIFETIME,
            used: false,
        }
    }

    fn redeemer(redirect: &str, verifier: Option<&str>) -> Redeemer {
        let sensitive = |text: &str| Sensitive(text.to_owned());
        let redirect = redirect.to_owned();
        Redeemer { code: sensitive("c"), redirect, verifier: verifier.map(sensitive) }
    }

    #[test]
    fn a_code_is_bound_to_all_that_it_was_asked_for_with() {
        let (now, here) = (samples::now(), Directory::Tenant(PROVIDER));
        let good = redeemer(REDIRECT, Some(VERIFIER));
        let other = AppId::new(Uuid::nil());
        let late = now + LIFETIME;
        let cases = [
            ("as asked", AZURE_CLI, here, &good, now, Ok(Redemption::Good)),
            ("another client", other, here, &good, now, Err(Refused::CodeInvalid)),
            (
                "another tenant",
                AZURE_CLI,
                Directory::Tenant(CUSTOMER),
                &good,
                now,
                Err(Refused::CodeInvalid),
            ),
            ("no tenant", AZURE_CLI, Directory::Home, &good, now, Err(Refused::CodeInvalid)),
            ("too late", AZURE_CLI, here, &good, late, Err(Refused::CodeExpired)),
            (
                "another place",
                AZURE_CLI,
                here,
                &redeemer("http://localhost:2", Some(VERIFIER)),
                now,
                Err(Refused::RedirectChanged),
            ),
            (
                "no verifier",
                AZURE_CLI,
                here,
                &redeemer(REDIRECT, None),
                now,
                Err(Refused::WrongVerifier),
            ),
            (
                "the challenge itself",
                AZURE_CLI,
                here,
                &redeemer(REDIRECT, Some(CHALLENGE)),
                now,
                Err(Refused::WrongVerifier),
            ),
        ];
        for (name, app, directory, redeemer, now, expected) in cases {
            assert_eq!(redeem(&code(), app, directory, redeemer, now), expected, "{name}");
        }
        let used = Code { used: true, ..code() };
        let again = redeem(&used, AZURE_CLI, here, &redeemer("x", None), late);
        assert_eq!(again, Ok(Redemption::UsedTwice), "whatever else is wrong");
        let by_thief = redeem(&used, other, here, &good, now);
        assert_eq!(by_thief, Err(Refused::CodeInvalid), "it ends nothing of another client's");
        let unasked = Code { challenge: None, ..code() };
        let refused = redeem(&unasked, AZURE_CLI, here, &good, now);
        assert_eq!(refused, Err(Refused::WrongVerifier), "nobody strips the challenge");
        let anywhere = Code { anywhere: true, ..code() };
        let found = redeem(&anywhere, AZURE_CLI, Directory::Home, &good, now);
        assert_eq!(found, Ok(Redemption::Good));
    }

    /// Everything that may be wrong, in every combination: only where nothing is, there is a
    /// token.
    #[test]
    fn one_thing_that_is_not_as_asked_is_enough_to_refuse() {
        let (now, other) = (samples::now(), AppId::new(Uuid::nil()));
        for wrong in 0_u8..64 {
            let is = |bit: u8| wrong & (1 << bit) != 0;
            let code = Code { used: is(0), ..code() };
            let app = if is(1) { other } else { AZURE_CLI };
            let tenant = if is(2) { CUSTOMER } else { PROVIDER };
            let redirect = if is(3) { "http://localhost:2" } else { REDIRECT };
            let verifier = if is(4) { None } else { Some(VERIFIER) };
            let at = if is(5) { now + LIFETIME } else { now };
            let redeemer = redeemer(redirect, verifier);
            let redeemed = redeem(&code, app, Directory::Tenant(tenant), &redeemer, at);
            assert_eq!(redeemed == Ok(Redemption::Good), wrong == 0, "{wrong:06b}");
        }
    }

    #[test]
    fn a_server_shows_a_secret_and_nobody_else_does() {
        let claim = |proof| ClientClaim { app: AZURE_CLI, proof };
        let secret = || Some(Proof::Secret(Sensitive("s".to_owned())));
        let server = Code { waiting: Waiting::Server, ..code() };
        let facts = ClientFacts::default();
        let judge = |code: &Code, proof| must_prove(code, &claim(proof), &facts);
        assert_eq!(judge(&code(), None), Ok(false));
        assert_eq!(judge(&code(), secret()), Err(Refused::PublicClient(AZURE_CLI)));
        assert_eq!(judge(&server, None), Err(Refused::NoSecret));
        assert_eq!(judge(&server, secret()), Ok(true));
    }

    proptest! {
        #[test]
        fn no_word_but_the_one_behind_the_challenge_redeems(verifier in "[A-Za-z0-9._~-]{40,130}") {
            prop_assume!(verifier != VERIFIER);
            let redeemer = redeemer(REDIRECT, Some(&verifier));
            let here = Directory::Tenant(PROVIDER);
            let refused = redeem(&code(), AZURE_CLI, here, &redeemer, samples::now());
            prop_assert_eq!(refused, Err(Refused::WrongVerifier));
        }
    }
}
