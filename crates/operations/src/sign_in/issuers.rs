//! Issuers beside Fyr's own whose word may count for applications: those that the operator has
//! named, by keys that were given or are fetched.

use std::{
    collections::HashMap,
    fmt,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use identity::{
    issuer_keys::Remembered,
    jwt::{BadKeys, Keys},
};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::OwnedMutexGuard;

/// What fetches the keys of an issuer.
pub trait Fetch: Send + Sync {
    /// What the issuer says at this moment, soon or not at all.
    fn keys<'a>(&'a self, issuer: &'a str) -> Fetching<'a>;
}

/// An answer on its way.
pub type Fetching<'a> = Pin<Box<dyn Future<Output = Result<Fetched, Unfetched>> + Send + 'a>>;

/// An issuer's answer.
#[derive(Clone, Debug)]
pub struct Fetched {
    pub keys: Keys,
    /// How long it may be kept, if the issuer says so.
    pub lifetime: Option<SignedDuration>,
}

/// Why there are no keys; for the log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unfetched(String);

impl Unfetched {
    /// There are none for that reason.
    pub fn new(reason: impl fmt::Display) -> Self {
        Self(reason.to_string())
    }
}

/// The issuers, and what is known of their keys.
#[derive(Default)]
pub struct Issuers {
    given: HashMap<String, Keys>,
    followed: HashMap<String, Arc<Followed>>,
    fetch: Option<Arc<dyn Fetch>>,
}

/// What is known of one issuer's keys, and whose turn it is to ask for them.
#[derive(Default)]
struct Followed {
    remembered: Mutex<Remembered>,
    turn: Arc<tokio::sync::Mutex<()>>,
}

impl Followed {
    fn remembered(&self) -> MutexGuard<'_, Remembered> {
        self.remembered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks the issuer, in turn.
    async fn learn(
        self: Arc<Self>,
        fetch: Arc<dyn Fetch>,
        issuer: String,
        now: Timestamp,
        _turn: OwnedMutexGuard<()>,
    ) {
        match fetch.keys(&issuer).await {
            Ok(Fetched { keys, lifetime }) => self.remembered().learn(keys, lifetime, now),
            Err(error) => tracing::warn!(issuer, %error, "an issuer's keys were not fetched"),
        }
    }
}

impl fmt::Debug for Issuers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.given.keys()).entries(self.followed.keys()).finish()
    }
}

impl Issuers {
    /// Issuers of which some will have to be asked.
    pub fn fetched_by(fetch: Arc<dyn Fetch>) -> Self {
        Self { fetch: Some(fetch), ..Self::default() }
    }

    /// One more, and the set of its keys.
    pub fn trust(&mut self, issuer: &str, jwks: &str) -> Result<(), BadKeys> {
        self.given.insert(issuer.to_owned(), Keys::parse(jwks)?);
        Ok(())
    }

    /// One more, whose keys are fetched when they are needed.
    pub fn follow(&mut self, issuer: &str) {
        self.followed.insert(issuer.to_owned(), Arc::default());
    }

    /// The keys by which a word of that issuer's is judged, which the key of that id is said to
    /// have signed. None of whom nobody has named: nobody else is ever asked.
    pub(super) async fn keys(
        &self,
        issuer: &str,
        key: Option<&str>,
        now: Timestamp,
    ) -> Option<Keys> {
        if let Some(given) = self.given.get(issuer) {
            return Some(given.clone());
        }
        let followed = self.followed.get(issuer)?;
        if !followed.remembered().answers(key, now) {
            self.ask(followed, issuer, key, now).await;
        }
        followed.remembered().keys(now).cloned()
    }

    /// One asks, the others wait for the answer.
    async fn ask(&self, followed: &Arc<Followed>, issuer: &str, key: Option<&str>, now: Timestamp) {
        let Some(fetch) = &self.fetch else { return };
        let turn = Arc::clone(&followed.turn).lock_owned().await;
        if !followed.remembered().is_due(key, now) {
            return;
        }
        let (followed, fetch) = (Arc::clone(followed), Arc::clone(fetch));
        // It goes on without whoever waits for it: a client that hangs up as soon as it has
        // asked would else keep the issuer from being heard, a minute at a time.
        let asked = tokio::spawn(followed.learn(fetch, issuer.to_owned(), now, turn));
        if let Err(error) = asked.await {
            tracing::error!(issuer, %error, "asking for an issuer's keys came to grief");
        }
    }
}
