//! A client's signed word for who it is (RFC 7523): its own, by a certificate that its
//! application has, or another issuer's, by a federated credential.

use ids::guid::{AppId, ObjectId, Principal, TenantId};
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey};
use model::directory::{Certificate, Credential, Federated, Secret};
use serde::Deserialize;

use crate::{
    account::Directory,
    claims::issuer,
    federated::EXCHANGE,
    jwt::{self, Keys},
    refusal::{Refused, quoted},
    secret::Sensitive,
};

/// How long a client's own word may be good. MSAL's is good for ten minutes.
const LIFETIME_MAX: SignedDuration = SignedDuration::from_hours(24);
/// How far another machine's clock may be off.
const SKEW: SignedDuration = SignedDuration::from_mins(5);

/// What an assertion says. Nothing of it is believed yet.
#[derive(Clone, Debug)]
pub struct Assertion {
    text: Sensitive,
    algorithm: Algorithm,
    key: Option<String>,
    thumbprints: [Option<String>; 2],
    said: Said,
}

#[derive(Clone, Debug, Deserialize)]
struct Said {
    iss: String,
    sub: String,
    aud: Audiences,
    /// MSAL for Python writes parts of seconds (RFC 7519, section 2: `NumericDate`).
    exp: f64,
    nbf: Option<f64>,
    iat: Option<f64>,
    /// Where Fyr's own tokens are from, and whose they are.
    tid: Option<TenantId>,
    oid: Option<ObjectId>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Audiences {
    One(String),
    Many(Vec<String>),
}

impl Audiences {
    fn any(&self, wanted: impl Fn(&str) -> bool) -> bool {
        match self {
            Self::One(only) => wanted(only),
            Self::Many(all) => all.iter().any(|it| wanted(it)),
        }
    }
}

impl Assertion {
    /// Reads an assertion.
    pub fn read(text: &Sensitive) -> Result<Self, Refused> {
        let header = jsonwebtoken::decode_header(&text.0);
        let header = header.map_err(|_| Refused::AssertionMalformed)?;
        let algorithm = header.alg;
        if algorithm != Algorithm::RS256 && algorithm != Algorithm::PS256 {
            return Err(Refused::AssertionMalformed);
        }
        let said = jwt::unverified(&text.0).ok_or(Refused::AssertionMalformed)?;
        let thumbprints = [header.x5t, header.x5t_s256].map(|it| it.as_deref().map(unpadded));
        Ok(Self { text: text.clone(), algorithm, key: header.kid, thumbprints, said })
    }

    /// Whether it is the client's own word; else it is another issuer's.
    pub fn is_own(&self, app: AppId) -> bool {
        self.said.iss.parse() == Ok(app)
    }

    fn timely(&self, now: Timestamp) -> Result<(), Refused> {
        let early = |second: Option<f64>| -> Result<bool, Refused> {
            Ok(second.map(at).transpose()?.is_some_and(|it| it.duration_since(now) > SKEW))
        };
        if at(self.said.exp)? <= now || early(self.said.nbf)? || early(self.said.iat)? {
            return Err(Refused::AssertionUntimely);
        }
        Ok(())
    }

    fn is_signed_by(&self, key: &DecodingKey) -> bool {
        jwt::signed::<Said>(&self.text.0, key, self.algorithm).is_some()
    }
}

/// The moment of a `NumericDate`.
fn at(seconds: f64) -> Result<Timestamp, Refused> {
    let since = SignedDuration::try_from_secs_f64(seconds).ok();
    let at = since.and_then(|it| Timestamp::UNIX_EPOCH.checked_add(it).ok());
    at.ok_or(Refused::AssertionMalformed)
}

/// Base64url with or without its padding.
fn unpadded(text: &str) -> String {
    text.trim_end_matches('=').to_owned()
}

/// Judges a client's own word, sent to that directory of the sign-in origin.
pub fn by_certificate(
    assertion: &Assertion,
    app: AppId,
    credentials: &[Credential],
    (login, directory): (&str, Directory),
    now: Timestamp,
) -> Result<(), Refused> {
    let said = &assertion.said;
    if said.sub.parse() != Ok(app) {
        return Err(Refused::AssertionSubject);
    }
    let unknown = Refused::UnknownCertificate(app);
    let (certificate, expires) = named(assertion, credentials).ok_or_else(|| unknown.clone())?;
    let key = DecodingKey::from_rsa_components(&certificate.modulus, &certificate.exponent);
    if !key.is_ok_and(|key| assertion.is_signed_by(&key)) {
        return Err(unknown);
    }
    if now < certificate.starts || expires.is_some_and(|expires| expires <= now) {
        return Err(Refused::ExpiredCertificate(app));
    }
    assertion.timely(now)?;
    if at(said.exp)?.duration_since(now) > LIFETIME_MAX {
        return Err(Refused::AssertionUntimely);
    }
    let here = audiences(login, directory);
    if said.aud.any(|aud| here.iter().any(|it| it == aud)) {
        Ok(())
    } else {
        Err(Refused::AssertionAudience)
    }
}

/// The certificate that the header names: all that it names must be its thumbprints.
fn named<'a>(
    assertion: &Assertion,
    credentials: &'a [Credential],
) -> Option<(&'a Certificate, Option<Timestamp>)> {
    let [sha1, sha256] = &assertion.thumbprints;
    if sha1.is_none() && sha256.is_none() {
        return None;
    }
    credentials.iter().find_map(|it| match &it.secret {
        Secret::Certificate(certificate)
            if sha1.as_ref().is_none_or(|it| *it == certificate.thumbprint)
                && sha256.as_ref().is_none_or(|it| *it == certificate.thumbprint_sha256) =>
        {
            Some((certificate, it.expires))
        }
        Secret::Certificate(_)
        | Secret::Chosen(_)
        | Secret::Drawn(_)
        | Secret::Federated(_)
        | Secret::Seed(_)
        | Secret::Redacted => None,
    })
}

/// The names of the token endpoint that was asked, and of who answers there.
fn audiences(login: &str, directory: Directory) -> Vec<String> {
    let names = match directory {
        Directory::Tenant(tenant) => vec![tenant.to_string()],
        Directory::Home => vec!["organizations".to_owned(), "common".to_owned()],
    };
    let of = |name: String| {
        [format!("{login}/{name}/oauth2/v2.0/token"), format!("{login}/{name}/v2.0")]
    };
    names.into_iter().flat_map(of).collect()
}

/// Whose keys another issuer's word is judged by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source<'a> {
    /// Fyr's own: it speaks for that tenant of its own.
    Own(TenantId),
    /// Of that issuer, by the key of that id.
    Other { issuer: &'a str, key: Option<&'a str> },
}

/// Where to look for the keys of a word; nowhere unless a federated credential names its issuer.
pub fn source<'a>(
    assertion: &'a Assertion,
    credentials: &[Credential],
    login: &str,
) -> Result<Source<'a>, Refused> {
    let said = &assertion.said;
    of_issuer(said, credentials)?;
    let ours = said.tid.filter(|tenant| said.iss == issuer(login, *tenant));
    let other = Source::Other { issuer: &said.iss, key: assertion.key.as_deref() };
    Ok(ours.map_or(other, Source::Own))
}

/// Judges another issuer's word by the keys of its source. The principal, where Fyr is that
/// issuer itself: it must still be there.
pub fn by_issuer(
    assertion: &Assertion,
    credentials: &[Credential],
    (source, keys): (Source<'_>, Option<&Keys>),
    now: Timestamp,
) -> Result<Option<Principal>, Refused> {
    let said = &assertion.said;
    let believed = of_issuer(said, credentials)?;
    let keys = keys.ok_or_else(|| Refused::IssuerUnknown(quoted(&said.iss)))?;
    let key = assertion.key.as_deref().and_then(|id| keys.find(id));
    if !key.is_some_and(|key| assertion.is_signed_by(key)) {
        return Err(Refused::AssertionSignature);
    }
    // Only whom the issuer has given its word to is told what the credentials name.
    matched(said, &believed)?;
    assertion.timely(now)?;
    let Source::Own(tenant) = source else { return Ok(None) };
    // Whatever else a credential names: a token for ARM, or one that tells a client who signed
    // in, passes through other hands.
    if !said.aud.any(|aud| aud == EXCHANGE) {
        return Err(Refused::FederatedAudience(EXCHANGE.to_owned()));
    }
    let object = said.oid.ok_or(Refused::AssertionMalformed)?;
    Ok(Some(Principal { tenant, object }))
}

/// The federated credentials that name the word's issuer, compared to the letter.
fn of_issuer<'a>(
    said: &Said,
    credentials: &'a [Credential],
) -> Result<Vec<&'a Federated>, Refused> {
    let federated = credentials.iter().filter_map(|it| match &it.secret {
        Secret::Federated(it) => Some(it),
        Secret::Certificate(_)
        | Secret::Chosen(_)
        | Secret::Drawn(_)
        | Secret::Seed(_)
        | Secret::Redacted => None,
    });
    let found: Vec<&Federated> = federated.filter(|it| it.issuer == said.iss).collect();
    if found.is_empty() { Err(Refused::FederatedIssuer(quoted(&said.iss))) } else { Ok(found) }
}

/// Whether one of its issuer's credentials names such a word, compared to the letter; else which
/// of subject and audience none of them names.
fn matched(said: &Said, of_issuer: &[&Federated]) -> Result<(), Refused> {
    let mut of_subject = of_issuer.iter().filter(|it| it.subject == said.sub).peekable();
    if of_subject.peek().is_none() {
        return Err(Refused::FederatedSubject(quoted(&said.sub)));
    }
    if of_subject.any(|it| said.aud.any(|aud| it.audiences.iter().any(|known| known == aud))) {
        return Ok(());
    }
    let shown = match &said.aud {
        Audiences::One(only) => quoted(only),
        Audiences::Many(all) => quoted(&all.join(" ")),
    };
    Err(Refused::FederatedAudience(shown))
}

#[cfg(test)]
mod tests;
