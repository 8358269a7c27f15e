//! Issuers beside Fyr's own whose word may count for applications: those that the operator has
//! named, by keys that were given or are fetched.

use std::{collections::HashMap, fmt, pin::Pin, sync::Arc};

use identity::{
    issuer_keys::Remembered,
    jwt::{BadKeys, Keys},
};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;

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
    followed: HashMap<String, Mutex<Remembered>>,
    fetch: Option<Arc<dyn Fetch>>,
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
        self.followed.insert(issuer.to_owned(), Mutex::default());
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
        // One asks, the others wait for the answer.
        let mut remembered = self.followed.get(issuer)?.lock().await;
        if let Some(fetch) = &self.fetch
            && remembered.is_due(key, now)
        {
            match fetch.keys(issuer).await {
                Ok(Fetched { keys, lifetime }) => remembered.learn(keys, lifetime, now),
                Err(error) => tracing::warn!(issuer, %error, "an issuer's keys were not fetched"),
            }
        }
        remembered.keys(now).cloned()
    }
}
