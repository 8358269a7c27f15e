//! Signing in: tokens for applications and people, codes for devices and browsers, staying signed
//! in, signing out, and the keys behind it all.
//!
//! What is signed in with is judged by `identity`; here its facts are loaded, secrets are
//! compared off the async threads, and codes and sessions are kept as rows that expire.

use std::{
    net::IpAddr,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
};

use identity::{
    account::Directory,
    ended::EndedSessions,
    keys::KeyError,
    password,
    refusal::Refused,
    resource::{Api, Apis},
    secret::MasterKey,
    throttle::Throttle,
    verifier::{Roles, Verifier},
};
use ids::guid::CorrelationId;
use jiff::Timestamp;
use model::directory::Credential;
use store::{
    error::StoreError,
    unit::{Cause, Unit},
};
use tokio::sync::Semaphore;

use self::issuers::Issuers;
use crate::plane::Plane;

pub mod authorize;
mod browser;
mod client;
mod code;
mod consent;
pub mod device;
pub mod facts;
pub mod issuers;
pub mod keys;
pub mod portal;
mod refresh;
pub mod second;
pub mod seeds;
mod session;
pub mod token;

/// Password hashes that are computed at a time: each takes 19 MiB and tens of milliseconds.
const HASHING_MAX: usize = 4;
/// How often an operation runs again because another changed what it had read.
const ATTEMPTS_MAX: usize = 8;

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error("a thread that compared secrets came to grief")]
    Thread,
}

/// Where a request to sign in comes from, and where it goes to.
#[derive(Clone, Copy, Debug)]
pub struct Asker {
    pub directory: Directory,
    pub address: IpAddr,
    pub correlation: CorrelationId,
}

/// Everything that signing in works with.
pub struct SignIn {
    plane: Arc<Plane>,
    apis: Apis,
    master: MasterKey,
    ended: Arc<EndedSessions>,
    keys: RwLock<Arc<keys::Ring>>,
    arm: Arc<Verifier>,
    graph: Arc<Verifier>,
    decision: Arc<Verifier>,
    /// Believes nothing: where no surface is.
    nobody: Arc<Verifier>,
    issuers: Issuers,
    throttle: Mutex<Throttle>,
    hashing: Semaphore,
}

impl SignIn {
    /// Opens the signing keys with the master key, and makes the first if there are none.
    pub async fn open(plane: Arc<Plane>, master: MasterKey) -> Result<Arc<Self>, Error> {
        let apis = Apis::new(&plane.origins.arm, &plane.origins.graph);
        Self::open_for(plane, master, apis, Issuers::default()).await
    }

    /// The same, with other names for the surfaces than their origins alone, and issuers whose
    /// word may count for applications.
    pub async fn open_for(
        plane: Arc<Plane>,
        master: MasterKey,
        apis: Apis,
        issuers: Issuers,
    ) -> Result<Arc<Self>, Error> {
        let ended = Arc::new(session::ended(&plane).await?);
        let facts = Arc::clone(&plane);
        let roles: Roles = Arc::new(move |who| facts.index().directory_roles_of(who));
        let verifier = |audiences| {
            let (login, ended) = (&plane.origins.login, Arc::clone(&ended));
            Arc::new(Verifier::new(login, audiences, ended, Arc::clone(&roles)))
        };
        let sign_in = Arc::new(Self {
            arm: verifier(apis.audiences(Api::Arm)),
            graph: verifier(apis.audiences(Api::Graph)),
            decision: verifier(apis.audiences(Api::Decision)),
            nobody: verifier(Vec::new()),
            issuers,
            ended: Arc::clone(&ended),
            keys: RwLock::default(),
            throttle: Mutex::default(),
            hashing: Semaphore::new(HASHING_MAX),
            plane,
            apis,
            master,
        });
        sign_in.tend_keys().await?;
        Ok(sign_in)
    }

    /// What believes the tokens of a surface, kept up to date with the keys.
    pub fn verifier(&self, api: Api) -> Arc<Verifier> {
        Arc::clone(match api {
            Api::Arm => &self.arm,
            Api::Graph => &self.graph,
            Api::Decision => &self.decision,
            Api::Exchange | Api::Client => &self.nobody,
        })
    }

    /// The plane that this signs in to.
    pub fn plane(&self) -> &Arc<Plane> {
        &self.plane
    }

    fn now(&self) -> Timestamp {
        self.plane.store.now()
    }

    fn begin(&self, correlation: CorrelationId) -> Unit {
        self.plane.store.begin(Cause { correlation })
    }

    /// Whether an attempt for that account may be made from there now.
    fn admit(&self, account: &str, asker: &Asker) -> Result<(), Refused> {
        self.throttle().admit(account, asker.address, self.now())
    }

    /// Notes how an attempt for that account went.
    fn settle<T, E>(&self, account: &str, asker: &Asker, outcome: &Result<T, E>) {
        match outcome {
            Ok(_) => self.throttle().succeeded(account, asker.address, self.now()),
            Err(_) => self.throttle().failed(account, asker.address, self.now()),
        }
    }

    fn throttle(&self) -> MutexGuard<'_, Throttle> {
        self.throttle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What it means that the given secret is this one of the credentials, or none; takes as long
    /// where there are none. Those that come at once all find nothing noted yet: so whether one is
    /// welcome is asked again when it has its turn, and how it went is noted before it is over.
    async fn matching<T>(
        &self,
        (account, asker): (&str, &Asker),
        given: &str,
        credentials: Vec<Credential>,
        judge: impl FnOnce(Option<Credential>) -> Result<T, Refused>,
    ) -> Result<T, Error> {
        let _turn = self.hashing.acquire().await.map_err(|_| Error::Thread)?;
        self.admit(account, asker)?;
        let given = given.to_owned();
        let compare = move || password::matching(&given, &credentials).cloned();
        let found = tokio::task::spawn_blocking(compare).await.map_err(|_| Error::Thread)?;
        let judged = judge(found);
        self.settle(account, asker, &judged);
        Ok(judged?)
    }

    /// What a slow computation over a secret comes to, in turn with all others.
    pub(crate) async fn hashed<T, E>(
        &self,
        compute: impl FnOnce() -> Result<T, E> + Send + 'static,
    ) -> Option<T>
    where
        T: Send + 'static,
        E: Send + 'static,
    {
        let _turn = self.hashing.acquire().await.ok()?;
        tokio::task::spawn_blocking(compute).await.ok()?.ok()
    }
}

/// One run of an operation. Boxed, since the compiler cannot yet see of an async closure that
/// its future may move between threads.
type Attempt<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;

/// Runs again, from its facts, as long as others change what it had read.
async fn retry<'a, T>(mut operation: impl FnMut() -> Attempt<'a, T>) -> Result<T, Error> {
    for _ in 1..ATTEMPTS_MAX {
        match operation().await {
            Err(Error::Store(StoreError::Conflict)) => {}
            settled => return settled,
        }
    }
    operation().await
}
