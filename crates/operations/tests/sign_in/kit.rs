//! A plane whose clock the test moves, who is in it, and requests for tokens.

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::{Arc, OnceLock},
};

use identity::{
    account::Directory,
    client::AZURE_CLI,
    keys::generate,
    password,
    refusal::Refused,
    request::{ClientClaim, Grant, Proof, TokenRequest},
    resource::Api,
    secret::{MasterKey, Sensitive},
};
use ids::{
    clock::{Clock, TestClock, TestRandom},
    guid::{AppId, ObjectId, Principal},
};
use jiff::SignedDuration;
use model::{
    change::{Change, Noun},
    directory::{
        Application, Credential, Holder, Secret, ServicePrincipal, ServicePrincipalKind,
        SigningKey, User, UserKind,
    },
    event::Caller,
    samples::{self, ADA, CUSTOMER, PROVIDER},
};
use operations::sign_in::{Asker, Error, SignIn, token::Tokens};
use uuid::Uuid;

pub(crate) const APP: AppId = AppId::new(Uuid::from_u128(0xA99));
pub(crate) const GUEST: Principal = samples::principal(CUSTOMER, 0x60);
pub(crate) const ARM: &str = "https://localhost:8443//.default";
pub(crate) const SIGNED_IN: &str = "https://localhost:8443//.default offline_access openid profile";

/// A plane whose clock the test moves, and signing in to it.
pub(crate) struct Kit {
    pub(crate) clock: Arc<TestClock>,
    pub(crate) sign_in: Arc<SignIn>,
}

pub(crate) fn master() -> MasterKey {
    MasterKey::new([5; 32])
}

/// Hashing is slow by intent: once for all tests of a process.
fn horse() -> Secret {
    static HASH: OnceLock<Secret> = OnceLock::new();
    HASH.get_or_init(|| password::chosen("correct horse", &TestRandom::default()).unwrap()).clone()
}

pub(crate) fn credential(holder: Holder, secret: Secret) -> Noun {
    let (key, display_name) = (Uuid::from_u128(0xCE), String::new());
    Noun::Credential(Credential { holder, key, display_name, secret, expires: None })
}

/// A key from the beginning of the test's time, so that no test waits for one.
pub(crate) fn signing_key() -> SigningKey {
    static KEY: OnceLock<SigningKey> = OnceLock::new();
    let now = TestClock::default().now();
    KEY.get_or_init(|| generate(now, now, &master(), &TestRandom::seeded(3)).unwrap()).clone()
}

fn people() -> Vec<Noun> {
    let object = ObjectId::new(APP.raw());
    let principal = Principal { tenant: PROVIDER, object };
    let display_name = "automation".to_owned();
    let ada = samples::user(ADA, "ada");
    let name = "ada@fabrikam.example".to_owned();
    let guest = samples::user(GUEST, "ada_fabrikam.example#EXT#");
    vec![
        Noun::User(User { user_principal_name: name, ..ada }),
        Noun::User(User { kind: UserKind::Guest { home: ADA }, ..guest }),
        credential(Holder::User(ADA), horse()),
        Noun::Application(Application::new(PROVIDER, APP, object, display_name.clone())),
        Noun::ServicePrincipal(ServicePrincipal {
            principal,
            app: APP,
            display_name,
            enabled: true,
            kind: ServicePrincipalKind::Application,
        }),
        credential(Holder::Application(PROVIDER, APP), password::drawn("battery staple")),
    ]
}

pub(crate) async fn kit() -> Kit {
    let clock = Arc::new(TestClock::default());
    let plane = testkit::empty_by(Arc::<TestClock>::clone(&clock)).await;
    let world = testkit::world().into_iter().chain(people());
    testkit::put(&plane, world.chain([Noun::SigningKey(signing_key())]).collect()).await;
    let sign_in = SignIn::open(Arc::new(plane), master()).await.unwrap();
    Kit { clock, sign_in }
}

pub(crate) fn asker(directory: Directory) -> Asker {
    let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
    Asker { directory, address, correlation: samples::correlation() }
}

pub(crate) fn at(tenant: ids::guid::TenantId) -> Asker {
    asker(Directory::Tenant(tenant))
}

pub(crate) fn request(grant: Grant, scope: &str) -> TokenRequest {
    let client = ClientClaim { app: AZURE_CLI, proof: None };
    TokenRequest {
        client,
        grant,
        scope: scope.to_owned(),
        nonce: None,
        origin: None,
        multiple_factors: false,
    }
}

pub(crate) fn by_password(username: &str, password: &str) -> TokenRequest {
    let password = Sensitive(password.to_owned());
    request(Grant::Password { username: username.to_owned(), password }, SIGNED_IN)
}

pub(crate) fn by_secret(secret: Option<&str>) -> TokenRequest {
    let proof = secret.map(|it| Proof::Secret(Sensitive(it.to_owned())));
    let client = ClientClaim { app: APP, proof };
    TokenRequest { client, ..request(Grant::ClientCredentials, ARM) }
}

pub(crate) fn by_refresh(secret: &str) -> TokenRequest {
    request(Grant::RefreshToken(Sensitive(secret.to_owned())), SIGNED_IN)
}

pub(crate) fn refused<T: std::fmt::Debug>(outcome: Result<T, Error>) -> Refused {
    match outcome {
        Err(Error::Refused(refused)) => refused,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

pub(crate) fn refresh_of(tokens: &Tokens) -> String {
    tokens.person.as_ref().and_then(|it| it.refresh.clone()).unwrap().0
}

impl Kit {
    pub(crate) async fn token(&self, asker: Asker, request: TokenRequest) -> Result<Tokens, Error> {
        self.sign_in.token(asker, request).await
    }

    /// Whom ARM takes the bearer for.
    pub(crate) fn caller(&self, tokens: &Tokens) -> Arc<Caller> {
        self.sign_in.verifier(Api::Arm).verify(&tokens.access.0, self.clock.now()).unwrap()
    }

    pub(crate) async fn ada(&self) -> Tokens {
        let request = by_password("ada@fabrikam.example", "correct horse");
        self.token(at(PROVIDER), request).await.unwrap()
    }

    pub(crate) fn now(&self) -> jiff::Timestamp {
        self.sign_in.plane().store.now()
    }

    pub(crate) fn wait(&self, seconds: i64) {
        self.clock.advance(SignedDuration::from_secs(seconds));
    }

    pub(crate) async fn change(&self, change: Change) {
        testkit::apply(self.sign_in.plane(), vec![change]).await;
    }

    /// Gives Ada another password.
    pub(crate) async fn new_password(&self, word: &str) {
        self.change(Change::Put(credential(Holder::User(ADA), password::drawn(word)))).await;
    }

    /// Gives Ada the password back that she had first.
    pub(crate) async fn old_password(&self) {
        self.change(Change::Put(credential(Holder::User(ADA), horse()))).await;
    }
}
