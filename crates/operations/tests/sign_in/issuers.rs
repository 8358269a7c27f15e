//! Applications that sign in by the word of an issuer whose keys are fetched.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use identity::{
    claims::issuer,
    federated::EXCHANGE,
    jwt::Keys,
    keys::{Signer, generate},
    refusal::Refused,
    request::{ClientClaim, Grant, Proof, TokenRequest},
    resource::Apis,
    secret::Sensitive,
};
use ids::clock::{Clock, TestClock, TestRandom};
use model::{
    change::Change,
    directory::{Federated, Holder, Secret, SigningKey},
    samples::{CUSTOMER, PROVIDER},
};
use operations::sign_in::{
    SignIn,
    issuers::{Fetch, Fetched, Fetching, Issuers, Unfetched},
    token::Tokens,
};
use serde_json::json;
use tokio::{sync::Notify, task::JoinHandle};

use crate::kit::{APP, ARM, Kit, at, credential, kit, master, refused, request};

const CI: &str = "https://ci.example";

/// An issuer that may change its keys, or not answer at all.
#[derive(Default)]
struct Issuer {
    keys: Mutex<Option<String>>,
    asked: AtomicUsize,
    /// What it waits for before it answers.
    gate: Mutex<Option<Arc<Notify>>>,
}

impl Issuer {
    fn publishes(&self, key: &SigningKey) {
        let (n, e) = (&key.modulus, &key.exponent);
        let key = json!({ "kty": "RSA", "kid": key.id, "n": n, "e": e });
        *self.keys.lock().unwrap() = Some(json!({ "keys": [key] }).to_string());
    }

    fn is_silent(&self) {
        *self.keys.lock().unwrap() = None;
    }

    /// Answers no more until the gate is opened.
    fn waits(&self) -> Arc<Notify> {
        let gate = Arc::new(Notify::new());
        *self.gate.lock().unwrap() = Some(Arc::clone(&gate));
        gate
    }

    async fn is_asked(&self, times: usize) {
        while self.asked() < times {
            tokio::task::yield_now().await;
        }
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }
}

impl Fetch for Issuer {
    fn keys<'a>(&'a self, issuer: &'a str) -> Fetching<'a> {
        assert_eq!(issuer, CI, "nobody else is ever asked");
        self.asked.fetch_add(1, Ordering::Relaxed);
        let keys = self.keys.lock().unwrap().clone();
        let read = |it: String| Fetched { keys: Keys::parse(&it).unwrap(), lifetime: None };
        let gate = self.gate.lock().unwrap().take();
        Box::pin(async move {
            if let Some(gate) = gate {
                gate.notified().await;
            }
            keys.map(read).ok_or_else(|| Unfetched::new("it is silent"))
        })
    }
}

/// The application is one of that issuer's workloads, too.
async fn following(kit: &Kit, named: &str) -> (Arc<Issuer>, Arc<SignIn>) {
    let federated = Secret::Federated(Federated {
        issuer: named.to_owned(),
        subject: "repo:main".to_owned(),
        audiences: vec![EXCHANGE.to_owned()],
        description: String::new(),
    });
    kit.change(Change::Put(credential(Holder::Application(PROVIDER, APP), federated))).await;
    let asked = Arc::new(Issuer::default());
    let mut issuers = Issuers::fetched_by(Arc::clone(&asked) as Arc<dyn Fetch>);
    issuers.follow(CI);
    let (plane, origin) = (Arc::clone(kit.sign_in.plane()), "https://localhost:8443");
    let apis = Apis::new(origin, "https://localhost:8444");
    (asked, SignIn::open_for(plane, master(), apis, issuers).await.unwrap())
}

fn key(seed: u64) -> SigningKey {
    let now = TestClock::default().now();
    generate(now, now, &master(), &TestRandom::seeded(seed)).unwrap()
}

/// A request of the application's with that issuer's word.
fn by_word(kit: &Kit, issuer: &str, key: &SigningKey) -> TokenRequest {
    let word = json!({
        "iss": issuer, "sub": "repo:main", "aud": EXCHANGE,
        "exp": kit.clock.now().as_second() + 600,
    });
    let word = Signer::open(key, &master()).unwrap().sign(&word).unwrap();
    let client = ClientClaim { app: APP, proof: Some(Proof::Assertion(Sensitive(word))) };
    TokenRequest { client, ..request(Grant::ClientCredentials, ARM) }
}

#[tokio::test]
async fn an_issuers_keys_are_fetched_once_and_again_when_it_has_changed_them() {
    let kit = kit().await;
    let (asked, sign_in) = following(&kit, CI).await;
    let (old, new) = (key(1), key(2));
    asked.publishes(&old);
    let both = tokio::join!(
        sign_in.token(at(PROVIDER), by_word(&kit, CI, &old)),
        sign_in.token(at(PROVIDER), by_word(&kit, CI, &old)),
    );
    assert!(both.0.is_ok() && both.1.is_ok(), "{both:?}");
    assert_eq!(asked.asked(), 1, "the second waits for the first");

    asked.publishes(&new);
    let early = sign_in.token(at(PROVIDER), by_word(&kit, CI, &new)).await;
    assert_eq!(refused(early), Refused::AssertionSignature, "not more often than once in a minute");
    kit.wait(60);
    sign_in.token(at(PROVIDER), by_word(&kit, CI, &new)).await.unwrap();
    let withdrawn = sign_in.token(at(PROVIDER), by_word(&kit, CI, &old)).await;
    assert_eq!(refused(withdrawn), Refused::AssertionSignature);
    assert_eq!(asked.asked(), 2);

    asked.is_silent();
    kit.wait(3_600);
    sign_in.token(at(PROVIDER), by_word(&kit, CI, &new)).await.unwrap();
    kit.wait(24 * 3_600);
    let gone = sign_in.token(at(PROVIDER), by_word(&kit, CI, &new)).await;
    assert_eq!(refused(gone), Refused::IssuerUnknown(CI.to_owned()));
}

#[tokio::test]
async fn nobody_is_asked_for_keys_whom_the_operator_and_the_application_have_not_named() {
    let kit = kit().await;
    let key = key(1);
    let (asked, sign_in) = following(&kit, "https://other.example").await;
    let unnamed = sign_in.token(at(PROVIDER), by_word(&kit, CI, &key)).await;
    assert_eq!(refused(unnamed), Refused::FederatedIssuer(CI.to_owned()));
    let other = sign_in.token(at(PROVIDER), by_word(&kit, "https://other.example", &key)).await;
    assert_eq!(refused(other), Refused::IssuerUnknown("https://other.example".to_owned()));
    let (asked_too, sign_in) = following(&kit, &issuer("https://localhost:8443", CUSTOMER)).await;
    let own = by_word(&kit, &issuer("https://localhost:8443", CUSTOMER), &key);
    assert!(sign_in.token(at(PROVIDER), own).await.is_err(), "it names no tenant of Fyr's");
    assert_eq!((asked.asked(), asked_too.asked()), (0, 0));
}

fn asking(
    sign_in: &Arc<SignIn>,
    request: TokenRequest,
) -> JoinHandle<Result<Tokens, operations::sign_in::Error>> {
    let sign_in = Arc::clone(sign_in);
    tokio::spawn(async move { sign_in.token(at(PROVIDER), request).await })
}

#[tokio::test]
async fn whoever_hangs_up_while_keys_are_fetched_keeps_nobody_from_them() {
    let kit = kit().await;
    let (asked, sign_in) = following(&kit, CI).await;
    let (old, new) = (key(1), key(2));
    asked.publishes(&old);
    let gate = asked.waits();
    let hung_up = asking(&sign_in, by_word(&kit, CI, &old));
    asked.is_asked(1).await;
    hung_up.abort();
    assert!(hung_up.await.unwrap_err().is_cancelled());
    gate.notify_one();
    sign_in.token(at(PROVIDER), by_word(&kit, CI, &old)).await.unwrap();
    assert_eq!(asked.asked(), 1, "the answer came all the same");

    kit.wait(60);
    let gate = asked.waits();
    let unknown = asking(&sign_in, by_word(&kit, CI, &new));
    asked.is_asked(2).await;
    sign_in.token(at(PROVIDER), by_word(&kit, CI, &old)).await.unwrap();
    gate.notify_one();
    assert_eq!(refused(unknown.await.unwrap()), Refused::AssertionSignature, "known keys wait not");
}
