use std::sync::OnceLock;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use ids::{clock::TestRandom, guid::SessionId};
use jsonwebtoken::{EncodingKey, Header};
use model::{
    directory::User,
    directory_role::{APPLICATION_ADMINISTRATOR, DIRECTORY_READERS, GLOBAL_ADMINISTRATOR},
    samples::{self, ADA, CUSTOMER, PROVIDER},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::*;
use crate::{
    account::Account,
    claims::{self as said, Issue, SignIn},
    client::{AZURE_CLI, Authenticated},
    keys::{Signer, generate},
    resource::{Api, Apis, Requested},
    secret::MasterKey,
};

const LOGIN: &str = "https://localhost:8443";
const GRAPH: &str = "https://localhost:8444";
const MASTER: [u8; 32] = [9; 32];

/// A key that is ours, and one that is not: made once, since making one takes long.
fn keys() -> &'static [SigningKey; 2] {
    static KEYS: OnceLock<[SigningKey; 2]> = OnceLock::new();
    KEYS.get_or_init(|| {
        [1, 2].map(|seed| {
            let random = TestRandom::seeded(seed);
            generate(samples::now(), samples::now(), &MasterKey::new(MASTER), &random).unwrap()
        })
    })
}

fn signer(key: &SigningKey) -> Signer {
    Signer::open(key, &MasterKey::new(MASTER)).unwrap()
}

/// Nobody holds a role.
fn nobodys() -> Roles {
    Arc::new(|_| Vec::new())
}

fn verifier() -> Verifier {
    let verifier = Verifier::new(
        LOGIN,
        Apis::new(LOGIN, GRAPH).audiences(Api::Arm),
        Arc::default(),
        nobodys(),
    );
    verifier.trust(&keys()[..1]);
    verifier
}

fn issue() -> Issue<'static> {
    Issue { login: LOGIN, tenant: PROVIDER, app: AZURE_CLI, now: samples::now() }
}

fn account() -> Account {
    let home: User = samples::user(ADA, "ada");
    Account { local: home.clone(), home }
}

/// The claims of a good token for Ada.
fn good() -> Value {
    let requested = Requested {
        api: Api::Arm,
        audience: LOGIN.to_owned(),
        named: true,
        openid: false,
        offline: false,
    };
    let methods = ["pwd".to_owned()];
    let session = SessionId::new(Uuid::nil());
    let client = Authenticated::NotAtAll;
    let at = samples::now();
    let sign_in = SignIn { session, methods: &methods, at, client, roles: &[] };
    let random = TestRandom::default();
    let claims = said::for_user(issue(), &requested, &account(), sign_in, &random);
    serde_json::to_value(claims).unwrap()
}

fn good_but(name: &str, value: Value) -> Value {
    let mut claims = good();
    claims[name] = value;
    claims
}

fn without(name: &str) -> Value {
    let mut claims = good();
    claims.as_object_mut().unwrap().remove(name);
    claims
}

fn signed(claims: &Value) -> String {
    signer(&keys()[0]).sign(claims).unwrap()
}

fn verify(token: &str) -> Result<Arc<Caller>, Untrusted> {
    verifier().verify(token, samples::now())
}

#[test]
fn a_good_token_names_its_caller() {
    let caller = verify(&signed(&good())).unwrap();
    let expected = Caller {
        principal: ADA,
        name: "ada@example".to_owned(),
        kind: CallerKind::User,
        app: AZURE_CLI,
        methods: vec!["pwd".to_owned()],
        signed_in: Some(samples::now()),
    };
    assert_eq!(*caller, expected);
    assert!(verify(&signed(&good_but("aud", json!("https://localhost:8443/")))).is_ok());
}

#[test]
fn a_token_says_whether_more_than_a_password_was_shown_and_when() {
    let now = samples::now();
    let cases = [
        (json!(["pwd", "mfa", "otp"]), json!(now.as_second()), Some(now)),
        (json!(["pwd"]), json!(now.as_second()), None),
        (json!(["pwd", "mfa", "otp"]), Value::Null, None),
        (json!(["pwd", "MFA"]), json!(now.as_second()), None),
    ];
    for (methods, at, expected) in cases {
        let mut claims = good_but("amr", methods.clone());
        claims["auth_time"] = at;
        let caller = verify(&signed(&claims)).unwrap();
        assert_eq!(caller.multiple_factors(), expected, "{methods}");
    }
}

#[test]
fn an_applications_token_names_the_application() {
    let mut claims = good_but("idtyp", json!("app"));
    for absent in ["scp", "unique_name", "upn", "amr"] {
        claims.as_object_mut().unwrap().remove(absent);
    }
    let caller = verify(&signed(&claims)).unwrap();
    assert_eq!(
        (caller.kind, caller.name.as_str()),
        (CallerKind::Application, AZURE_CLI.to_string().as_str())
    );
}

#[test]
fn what_we_signed_for_another_purpose_opens_nothing() {
    let now = samples::now().as_second();
    let issuer_of = |tenant: TenantId| json!(issuer(LOGIN, tenant));
    let id_token =
        serde_json::to_value(said::id(issue(), &account(), (&[], samples::now()), None)).unwrap();
    let time = |second: i64| Timestamp::from_second(second).unwrap();
    let audience = |text: &str| Untrusted::Audience(text.to_owned());
    let wrong_issuer = |text: &str| Untrusted::Issuer(text.to_owned());
    let of_customer = issuer(LOGIN, CUSTOMER);
    let cases = [
        ("endless", good_but("name", json!("a".repeat(TOKEN_BYTES_MAX))), Untrusted::Malformed),
        ("an id token", id_token, Untrusted::NotAnAccessToken),
        ("for Graph", good_but("aud", json!(GRAPH)), audience(GRAPH)),
        (
            "for Azure",
            good_but("aud", json!("https://management.azure.com/")),
            audience("https://management.azure.com/"),
        ),
        ("for two", good_but("aud", json!([LOGIN, GRAPH])), Untrusted::NotAnAccessToken),
        ("for none", without("aud"), Untrusted::NotAnAccessToken),
        (
            "two slashes",
            good_but("aud", json!("https://localhost:8443//")),
            audience("https://localhost:8443//"),
        ),
        (
            "another issuer",
            good_but("iss", json!("https://sts.windows.net/x/")),
            wrong_issuer("https://sts.windows.net/x/"),
        ),
        (
            "another tenant's issuer",
            good_but("iss", issuer_of(CUSTOMER)),
            wrong_issuer(&of_customer),
        ),
        (
            "another tenant",
            good_but("tid", json!(CUSTOMER)),
            wrong_issuer(&issuer(LOGIN, PROVIDER)),
        ),
        ("no tenant", without("tid"), Untrusted::NotAnAccessToken),
        ("no object", without("oid"), Untrusted::NotAnAccessToken),
        ("no client", without("appid"), Untrusted::NotAnAccessToken),
        ("neither user nor app", without("scp"), Untrusted::NotAnAccessToken),
        ("user and app", good_but("idtyp", json!("app")), Untrusted::NotAnAccessToken),
        ("of a device", good_but("idtyp", json!("device")), Untrusted::NotAnAccessToken),
        ("expired now", good_but("exp", json!(now)), Untrusted::Expired(time(now))),
        ("expired long ago", good_but("exp", json!(1)), Untrusted::Expired(time(1))),
        ("without end", without("exp"), Untrusted::NotAnAccessToken),
        ("end as text", good_but("exp", json!("never")), Untrusted::NotAnAccessToken),
        ("end past all time", good_but("exp", json!(i64::MAX)), Untrusted::Malformed),
        ("tomorrow's", good_but("nbf", json!(now + 301)), Untrusted::NotYetValid(time(now + 301))),
        ("without beginning", without("nbf"), Untrusted::NotAnAccessToken),
    ];
    for (name, claims, expected) in cases {
        assert_eq!(verify(&signed(&claims)), Err(expected), "{name}");
    }
    assert!(verify(&signed(&good_but("nbf", json!(now + 300)))).is_ok());
}

#[test]
fn what_we_did_not_sign_is_not_believed() {
    let token = signed(&good());
    let (message, signature) = token.rsplit_once('.').unwrap();
    let (header, payload) = message.split_once('.').unwrap();
    let encode = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let kid = &keys()[0].id;
    let none = encode(&json!({"typ": "JWT", "alg": "none", "kid": kid}));
    let first = if signature.starts_with('A') { "B" } else { "A" };
    let flipped = signature.chars().skip(1).fold(first.to_owned(), |it, c| it + &c.to_string());
    let forged_payload = encode(&good_but("oid", json!(Uuid::from_u128(0xBAD))));
    let cases = [
        ("empty", String::new(), Untrusted::Malformed),
        ("garbage", "not.a.token".to_owned(), Untrusted::Malformed),
        ("two parts", message.to_owned(), Untrusted::Malformed),
        ("four parts", format!("{token}.x"), Untrusted::Malformed),
        ("endless", "a".repeat(TOKEN_BYTES_MAX + 1), Untrusted::Malformed),
        ("alg none", format!("{none}.{payload}."), Untrusted::Malformed),
        ("alg none, signed", format!("{none}.{payload}.{signature}"), Untrusted::Malformed),
        ("no signature", format!("{message}."), Untrusted::Signature),
        ("other claims", format!("{header}.{forged_payload}.{signature}"), Untrusted::Signature),
        ("a flipped signature", format!("{message}.{flipped}"), Untrusted::Signature),
        ("an unknown key", signer(&keys()[1]).sign(&good()).unwrap(), Untrusted::UnknownKey),
        ("another's key under our name", renamed_key(), Untrusted::Signature),
        ("HS256 with the public key", confused(), Untrusted::Algorithm),
        ("PS256", other_algorithm(Algorithm::PS256), Untrusted::Algorithm),
        ("RS512", other_algorithm(Algorithm::RS512), Untrusted::Algorithm),
        (
            "no key named",
            encode(&json!({"alg": "RS256"})) + "." + payload + "." + signature,
            Untrusted::UnknownKey,
        ),
    ];
    for (name, token, expected) in cases {
        let answer = verify(&token);
        let same = answer == Err(expected.clone());
        // How the library words `none` is its own; that it is refused is ours.
        let none = name.starts_with("alg none") && answer.is_err();
        assert!(same || none, "{name}: {answer:?}, expected {expected:?}");
    }
}

/// Signed by a stranger who claims our key's id.
fn renamed_key() -> String {
    let random = TestRandom::seeded(2);
    let master = MasterKey::new(MASTER);
    let stranger = generate(samples::now(), samples::now(), &master, &random).unwrap();
    let token = signer(&stranger).sign(&good()).unwrap();
    let (_, rest) = token.split_once('.').unwrap();
    let header = json!({"typ": "JWT", "alg": "RS256", "kid": keys()[0].id});
    format!("{}.{rest}", BASE64_URL_SAFE_NO_PAD.encode(header.to_string()))
}

/// The classic: the public key taken for a shared secret.
fn confused() -> String {
    let mut header = Header::new(Algorithm::HS256);
    header.kid = Some(keys()[0].id.clone());
    let public = EncodingKey::from_secret(keys()[0].modulus.as_bytes());
    jsonwebtoken::encode(&header, &good(), &public).unwrap()
}

/// Our key's id, and an algorithm that nobody agreed on.
fn other_algorithm(algorithm: Algorithm) -> String {
    let token = signed(&good());
    let (_, rest) = token.split_once('.').unwrap();
    let header = json!({"typ": "JWT", "alg": algorithm, "kid": keys()[0].id});
    format!("{}.{rest}", BASE64_URL_SAFE_NO_PAD.encode(header.to_string()))
}

#[test]
fn a_remembered_token_still_expires_and_goes_with_its_key() {
    let (verifier, token) = (verifier(), signed(&good()));
    let after = |seconds| samples::now() + SignedDuration::from_secs(seconds);
    let first = verifier.verify(&token, after(0)).unwrap();
    let second = verifier.verify(&token, after(3599)).unwrap();
    assert!(Arc::ptr_eq(&first, &second), "the second time it is remembered");
    assert_eq!(verifier.verify(&token, after(3600)), Err(Untrusted::Expired(after(3600))));
    verifier.trust(&keys()[1..]);
    assert_eq!(verifier.verify(&token, after(0)), Err(Untrusted::UnknownKey));
    verifier.trust(keys());
    assert!(verifier.verify(&token, after(0)).is_ok());
}

#[test]
fn nothing_is_believed_before_a_key_is_trusted() {
    let verifier = Verifier::new(LOGIN, [LOGIN.to_owned()], Arc::default(), nobodys());
    assert_eq!(verifier.verify(&signed(&good()), samples::now()), Err(Untrusted::UnknownKey));
}

#[test]
fn a_token_ends_with_its_session_remembered_or_not() {
    let ended = Arc::new(EndedSessions::default());
    let verifier = Verifier::new(LOGIN, [LOGIN.to_owned()], Arc::clone(&ended), nobodys());
    verifier.trust(&keys()[..1]);
    let now = samples::now();
    let of = |session| signed(&good_but("sid", json!(SessionId::new(Uuid::from_u128(session)))));
    let (token, other) = (of(1), of(2));
    assert!(verifier.verify(&token, now).is_ok());
    ended.end(SessionId::new(Uuid::from_u128(1)), now, now + crate::ended::REMEMBERED);
    assert_eq!(verifier.verify(&token, now), Err(Untrusted::SessionEnded));
    verifier.forget();
    assert_eq!(verifier.verify(&token, now), Err(Untrusted::SessionEnded));
    assert!(verifier.verify(&other, now).is_ok());
}

#[test]
fn a_token_that_its_persons_roles_have_outgrown_is_good_in_azures_own_clients_alone() {
    let (global, apps) = (GLOBAL_ADMINISTRATOR, APPLICATION_ADMINISTRATOR);
    let of_notes = |judged: &[RoleId]| {
        let mut claims = good_but("appid", json!(Uuid::from_u128(0xA99)));
        claims["wids"] = json!(judged);
        claims
    };
    let cases = [
        ("as it was", of_notes(&[]), vec![DIRECTORY_READERS], Ok(ADA)),
        ("a role more", of_notes(&[]), vec![global], Err(Untrusted::Outgrown)),
        ("another role more", of_notes(&[apps]), vec![apps, global], Err(Untrusted::Outgrown)),
        ("judged by them", of_notes(&[apps, global]), vec![apps, global], Ok(ADA)),
        ("a role less", of_notes(&[apps, global]), vec![apps], Ok(ADA)),
        ("Azure's own", good(), vec![global], Ok(ADA)),
    ];
    for (name, claims, held, expected) in cases {
        let roles: Roles = Arc::new(move |who| if who == ADA { held.clone() } else { Vec::new() });
        let verifier = Verifier::new(LOGIN, [LOGIN.to_owned()], Arc::default(), roles);
        verifier.trust(&keys()[..1]);
        for _ in 0..2 {
            let verified = verifier.verify(&signed(&claims), samples::now());
            assert_eq!(verified.map(|it| it.principal), expected, "{name}");
        }
    }
}
