use std::sync::OnceLock;

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rsa::KeySize,
    signature::{KeyPair, RsaKeyPair},
};
use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use jsonwebtoken::{EncodingKey, Header};
use model::{
    directory::Holder,
    samples::{self, CUSTOMER, PROVIDER},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::*;

const APP: AppId = AppId::new(Uuid::from_u128(0xA99));
const LOGIN: &str = "https://localhost:8443";
const CI: &str = "https://ci.example";

/// A key to sign with, and its public half.
struct Pair {
    signs: EncodingKey,
    modulus: String,
    exponent: String,
}

/// One that is known, and one that is not: made once, since making one takes long.
fn pairs() -> &'static [Pair; 2] {
    static PAIRS: OnceLock<[Pair; 2]> = OnceLock::new();
    PAIRS.get_or_init(|| {
        [(), ()].map(|()| {
            let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
            let der: Pkcs8V1Der<'_> = pair.as_der().unwrap();
            let body = BASE64_STANDARD.encode(der.as_ref());
            let pem = format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n");
            let public = pair.public_key();
            let encode = |it: aws_lc_rs::io::Positive<'_>| {
                BASE64_URL_SAFE_NO_PAD.encode(it.big_endian_without_leading_zero())
            };
            Pair {
                signs: EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap(),
                modulus: encode(public.modulus()),
                exponent: encode(public.exponent()),
            }
        })
    })
}

fn seconds(n: i64) -> i64 {
    samples::now().as_second() + n
}

fn header(algorithm: Algorithm) -> Header {
    let mut header = Header::new(algorithm);
    header.x5t = Some("print".to_owned());
    header.kid = Some("key".to_owned());
    header
}

fn signed(header: &Header, claims: &Value, pair: &Pair) -> Sensitive {
    Sensitive(jsonwebtoken::encode(header, claims, &pair.signs).unwrap())
}

/// The claims of a client's own word that is good, but for one.
fn own_but(name: &str, value: Value) -> Value {
    let mut claims = json!({
        "iss": APP.to_string(), "sub": APP.to_string(),
        "aud": format!("{LOGIN}/{PROVIDER}/oauth2/v2.0/token"),
        "exp": seconds(600), "nbf": seconds(0), "iat": seconds(0), "jti": "1",
    });
    claims[name] = value;
    claims
}

fn credentials() -> Vec<Credential> {
    let [known, _] = pairs();
    let certificate = Secret::Certificate(Certificate {
        der: String::new(),
        thumbprint: "print".to_owned(),
        thumbprint_sha256: "print256".to_owned(),
        modulus: known.modulus.clone(),
        exponent: known.exponent.clone(),
        starts: samples::now(),
    });
    let federated = |issuer: &str, subject: &str, audiences: &[&str]| {
        Secret::Federated(Federated {
            issuer: issuer.to_owned(),
            subject: subject.to_owned(),
            audiences: audiences.iter().map(|it| (*it).to_owned()).collect(),
            description: String::new(),
        })
    };
    let robot = Uuid::from_u128(0xB07).to_string();
    let other = federated(CI, "repo:main", &[EXCHANGE]);
    // Whoever declares ARM's own audience for a tenant of Fyr's gains nothing.
    let own = federated(&issuer(LOGIN, CUSTOMER), &robot, &[EXCHANGE, LOGIN]);
    [certificate, other, own]
        .map(|secret| Credential {
            holder: Holder::Application(PROVIDER, APP),
            key: Uuid::nil(),
            display_name: String::new(),
            secret,
            expires: Some(samples::now() + SignedDuration::from_hours(1)),
        })
        .into()
}

fn own(text: &Sensitive, now: Timestamp) -> Result<(), Refused> {
    let here = (LOGIN, Directory::Tenant(PROVIDER));
    let assertion = Assertion::read(text)?;
    assert!(assertion.is_own(APP));
    by_certificate(&assertion, APP, &credentials(), here, now)
}

#[test]
fn a_clients_own_word_is_believed_by_its_certificate_here_and_now() {
    let [known, other] = pairs();
    let now = samples::now();
    let rs256 = header(Algorithm::RS256);
    let good = own_but("jti", json!("1"));
    let audience = |aud: &str| own_but("aud", json!(aud));
    let elsewhere = format!("{LOGIN}/{CUSTOMER}/oauth2/v2.0/token");
    let end = json!(seconds(86_401));
    let cases = [
        ("good", good.clone(), known, Ok(())),
        ("a part of a second", own_but("exp", json!(1_767_225_600.5)), known, Ok(())),
        ("to who answers", audience(&format!("{LOGIN}/{PROVIDER}/v2.0")), known, Ok(())),
        ("another key", good.clone(), other, Err(Refused::UnknownCertificate(APP))),
        ("another subject", own_but("sub", json!("x")), known, Err(Refused::AssertionSubject)),
        ("another tenant", audience(&elsewhere), known, Err(Refused::AssertionAudience)),
        ("another origin", audience("https://x"), known, Err(Refused::AssertionAudience)),
        ("any audience", own_but("aud", json!([])), known, Err(Refused::AssertionAudience)),
        ("over", own_but("exp", json!(seconds(0))), known, Err(Refused::AssertionUntimely)),
        ("endless", own_but("exp", end), known, Err(Refused::AssertionUntimely)),
        ("early", own_but("nbf", json!(seconds(301))), known, Err(Refused::AssertionUntimely)),
        ("no end", own_but("exp", Value::Null), known, Err(Refused::AssertionMalformed)),
        ("no audience", own_but("aud", Value::Null), known, Err(Refused::AssertionMalformed)),
    ];
    for (name, claims, pair, expected) in cases {
        assert_eq!(own(&signed(&rs256, &claims, pair), now), expected, "{name}");
    }
    assert_eq!(own(&signed(&header(Algorithm::PS256), &good, known), now), Ok(()));
    let late = now + SignedDuration::from_hours(1);
    let fresh = own_but("exp", json!(seconds(4000)));
    let expired = own(&signed(&rs256, &fresh, known), late);
    assert_eq!(expired, Err(Refused::ExpiredCertificate(APP)));
}

#[test]
fn a_certificate_is_named_by_its_thumbprints_and_by_nothing_else() {
    let [known, _] = pairs();
    let good = own_but("jti", json!("1"));
    let with = |x5t: Option<&str>, sha256: Option<&str>| {
        let mut header = header(Algorithm::RS256);
        header.x5t = x5t.map(str::to_owned);
        header.x5t_s256 = sha256.map(str::to_owned);
        own(&signed(&header, &good, known), samples::now())
    };
    let unknown = Err(Refused::UnknownCertificate(APP));
    let cases = [
        (Some("print"), None, Ok(())),
        (None, Some("print256"), Ok(())),
        (Some("print="), Some("print256"), Ok(())),
        (Some("print"), Some("other"), unknown.clone()),
        (Some("other"), None, unknown.clone()),
        (None, None, unknown),
    ];
    for (x5t, sha256, expected) in cases {
        assert_eq!(with(x5t, sha256), expected, "{x5t:?} {sha256:?}");
    }
}

#[test]
fn what_is_not_signed_by_rsa_is_not_even_read() {
    let claims = own_but("jti", json!("1"));
    let body = BASE64_URL_SAFE_NO_PAD.encode(claims.to_string());
    let bare = |header: &str| format!("{}.{body}.", BASE64_URL_SAFE_NO_PAD.encode(header));
    let by_hmac = EncodingKey::from_secret(pairs()[0].modulus.as_bytes());
    let by_hmac = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &by_hmac).unwrap();
    for text in [bare(r#"{"alg":"none"}"#), by_hmac, String::new(), "a.b.c".to_owned()] {
        let read = Assertion::read(&Sensitive(text.clone()));
        assert_eq!(read.err(), Some(Refused::AssertionMalformed), "{text}");
    }
}

fn issued_but(name: &str, value: Value) -> Value {
    let mut claims = json!({
        "iss": CI, "sub": "repo:main", "aud": EXCHANGE, "exp": seconds(600), "iat": seconds(0),
    });
    claims[name] = value;
    claims
}

fn jwks(pair: &Pair) -> String {
    let (n, e) = (&pair.modulus, &pair.exponent);
    json!({ "keys": [{ "kty": "RSA", "kid": "key", "use": "sig", "n": n, "e": e }] }).to_string()
}

fn foreign(claims: &Value, pair: &Pair) -> Result<Option<Principal>, Refused> {
    let [known, own] = pairs();
    let [known, own] = [known, own].map(|pair| Keys::parse(&jwks(pair)).unwrap());
    let assertion = Assertion::read(&signed(&header(Algorithm::RS256), claims, pair))?;
    assert!(!assertion.is_own(APP));
    let source = source(&assertion, &credentials(), LOGIN)?;
    let keys = match source {
        Source::Own(_) => Some(&own),
        Source::Other { issuer, key } => {
            assert_eq!(key, Some("key"));
            Some(&known).filter(|_| issuer == CI)
        }
    };
    by_issuer(&assertion, &credentials(), (source, keys), samples::now())
}

#[test]
fn another_issuers_word_is_believed_where_a_credential_names_it_to_the_letter() {
    let [known, other] = pairs();
    let good = issued_but("jti", json!("1"));
    let subject = |sub: &str| issued_but("sub", json!(sub));
    let no_subject = |sub: &str| Err(Refused::FederatedSubject(sub.to_owned()));
    let no_audience = |aud: &str| Err(Refused::FederatedAudience(aud.to_owned()));
    let no_issuer = |iss: &str| Err(Refused::FederatedIssuer(iss.to_owned()));
    let many = json!(["x", EXCHANGE]);
    let cases = [
        ("good", good.clone(), known, Ok(None)),
        ("of many audiences", issued_but("aud", many), known, Ok(None)),
        ("another key", good, other, Err(Refused::AssertionSignature)),
        (
            "another key, and a guess at what is named",
            subject("repo:other"),
            other,
            Err(Refused::AssertionSignature),
        ),
        ("another branch", subject("repo:other"), known, no_subject("repo:other")),
        ("another spelling", subject("Repo:main"), known, no_subject("Repo:main")),
        ("another audience", issued_but("aud", json!("x")), known, no_audience("x")),
        ("another issuer", issued_but("iss", json!("https://y")), known, no_issuer("https://y")),
        (
            "a slash more",
            issued_but("iss", json!(format!("{CI}/"))),
            known,
            no_issuer("https://ci.example/"),
        ),
        ("over", issued_but("exp", json!(seconds(0))), known, Err(Refused::AssertionUntimely)),
        ("early", issued_but("iat", json!(seconds(301))), known, Err(Refused::AssertionUntimely)),
    ];
    for (name, claims, pair, expected) in cases {
        assert_eq!(foreign(&claims, pair), expected, "{name}");
    }
    let text = signed(&header(Algorithm::RS256), &issued_but("jti", json!("1")), known);
    let assertion = Assertion::read(&text).unwrap();
    let source = source(&assertion, &credentials(), LOGIN).unwrap();
    let stranger = by_issuer(&assertion, &credentials(), (source, None), samples::now());
    assert_eq!(stranger, Err(Refused::IssuerUnknown(CI.to_owned())), "nobody trusts it");
}

#[test]
fn one_tenants_application_may_be_anothers_and_only_by_a_token_for_that() {
    let [_, own] = pairs();
    let robot = ObjectId::new(Uuid::from_u128(0xB07));
    let claims = |tenant: TenantId, aud: &str| {
        json!({
            "iss": issuer(LOGIN, CUSTOMER), "sub": robot.to_string(), "aud": aud,
            "exp": seconds(600), "tid": tenant.to_string(), "oid": robot.to_string(),
        })
    };
    let who = Principal { tenant: CUSTOMER, object: robot };
    assert_eq!(foreign(&claims(CUSTOMER, EXCHANGE), own), Ok(Some(who)));
    let forged = foreign(&claims(CUSTOMER, EXCHANGE), &pairs()[0]);
    assert_eq!(forged, Err(Refused::AssertionSignature), "not another issuer's key");
    let elsewhere = foreign(&claims(PROVIDER, EXCHANGE), own);
    let stranger = Refused::IssuerUnknown(quoted(&issuer(LOGIN, CUSTOMER)));
    assert_eq!(elsewhere, Err(stranger), "an issuer speaks for its own tenant");
    let for_arm = foreign(&claims(CUSTOMER, LOGIN), own);
    assert_eq!(for_arm, Err(Refused::FederatedAudience(EXCHANGE.to_owned())));
}
