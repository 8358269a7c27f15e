//! A sign-in surface over a small world in memory, and a client that speaks HTTP to it.

use std::sync::{Arc, OnceLock};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request},
};
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;
use identity::{
    certificate, client::AZURE_CLI, federated::EXCHANGE, keys::generate, password,
    secret::MasterKey,
};
use ids::{
    clock::{Clock, TestClock, TestRandom},
    guid::{AppId, ObjectId, Principal, TenantId},
};
use jiff::SignedDuration;
use model::{
    change::Noun,
    directory::{
        Application, Audience, Credential, Federated, Holder, Redirects, Secret, ServicePrincipal,
        ServicePrincipalKind, SigningKey, User, UserKind,
    },
    samples::{self, ADA, CUSTOMER, PROVIDER},
};
use operations::sign_in::SignIn;
use serde_json::Value;
use uuid::Uuid;

pub(crate) const APP: AppId = AppId::new(Uuid::from_u128(0xA99));
/// An application that signs in by certificate.
pub(crate) const CERTIFIED: AppId = AppId::new(Uuid::from_u128(0xCE7));
/// An application that the customer's robot signs in as.
pub(crate) const FEDERATED: AppId = AppId::new(Uuid::from_u128(0xFED));
/// An application of the customer's.
pub(crate) const ROBOT: AppId = AppId::new(Uuid::from_u128(0xB07));
pub(crate) const LOGIN: &str = "https://localhost:8443";

pub(crate) struct Kit {
    pub(crate) sign_in: Arc<SignIn>,
    clock: Arc<TestClock>,
    router: Router,
}

/// What came back.
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answered {
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|it| it.to_str().unwrap()).unwrap_or_default()
    }
}

fn master() -> MasterKey {
    MasterKey::new([5; 32])
}

fn signing_key() -> SigningKey {
    static KEY: OnceLock<SigningKey> = OnceLock::new();
    let now = TestClock::default().now();
    KEY.get_or_init(|| generate(now, now, &master(), &TestRandom::seeded(3)).unwrap()).clone()
}

fn credential(holder: Holder, secret: Secret) -> Noun {
    let (key, display_name) = (Uuid::from_u128(0xCE), String::new());
    Noun::Credential(Credential { holder, key, display_name, secret, expires: None })
}

fn people() -> Vec<Noun> {
    let object = ObjectId::new(APP.raw());
    let principal = Principal { tenant: PROVIDER, object };
    let (tenant, display_name) = (PROVIDER, "automation".to_owned());
    let registered = Application {
        redirects: Redirects {
            web: vec!["https://app.example/in".to_owned()],
            spa: vec!["https://app.example/page".to_owned()],
            public: vec!["http://localhost".to_owned()],
        },
        ..Application::new(tenant, APP, object, display_name.clone())
    };
    let user_principal_name = "ada@fabrikam.example".to_owned();
    let kind = ServicePrincipalKind::Application;
    let horse = password::chosen("correct horse", &TestRandom::default()).unwrap();
    vec![
        Noun::User(User { user_principal_name, ..samples::user(ADA, "ada") }),
        Noun::User(User {
            kind: UserKind::Guest { home: ADA },
            ..samples::user(samples::principal(CUSTOMER, 0x60), "ada#EXT#")
        }),
        credential(Holder::User(ADA), horse),
        Noun::Application(registered),
        Noun::ServicePrincipal(ServicePrincipal {
            principal,
            app: APP,
            display_name,
            enabled: true,
            kind,
        }),
        credential(Holder::Application(PROVIDER, APP), password::drawn("battery staple")),
        Noun::SigningKey(signing_key()),
    ]
}

/// An application with one way to sign in.
fn application(tenant: TenantId, app: AppId, secret: Secret) -> Vec<Noun> {
    let (object, display_name) = (ObjectId::new(app.raw()), "robot".to_owned());
    let web = vec!["https://robot.example/in".to_owned()];
    let redirects = Redirects { web, ..Redirects::default() };
    let registered = Application::new(tenant, app, object, display_name);
    // The customer's is for everyone, the provider's are for its own people.
    let audience = if tenant == CUSTOMER { Audience::Organizations } else { Audience::Home };
    vec![
        Noun::Application(Application { redirects, audience, ..registered }),
        Noun::ServicePrincipal(robot(tenant, app)),
        credential(Holder::Application(tenant, app), secret),
    ]
}

fn robot(tenant: TenantId, app: AppId) -> ServicePrincipal {
    ServicePrincipal {
        principal: Principal { tenant, object: ObjectId::new(app.raw()) },
        app,
        display_name: "robot".to_owned(),
        enabled: true,
        kind: ServicePrincipalKind::Application,
    }
}

/// A certificate, and the key that belongs to it in PEM: made once, since making one takes long.
pub(crate) fn certified() -> &'static (certificate::Read, String) {
    static CERTIFIED: OnceLock<(certificate::Read, String)> = OnceLock::new();
    CERTIFIED.get_or_init(|| {
        let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).unwrap();
        let made = rcgen::CertificateParams::default().self_signed(&key).unwrap();
        (certificate::read(made.pem().as_bytes()).unwrap(), key.serialize_pem())
    })
}

fn robots() -> Vec<Noun> {
    let federated = Federated {
        issuer: format!("{LOGIN}/{CUSTOMER}/v2.0"),
        subject: ROBOT.to_string(),
        audiences: vec![EXCHANGE.to_owned()],
        description: String::new(),
    };
    let certificate = Secret::Certificate(certified().0.certificate.clone());
    let robots = [
        (PROVIDER, CERTIFIED, certificate),
        (PROVIDER, FEDERATED, Secret::Federated(federated)),
        (CUSTOMER, ROBOT, password::drawn("robot")),
    ];
    robots.into_iter().flat_map(|(tenant, app, secret)| application(tenant, app, secret)).collect()
}

pub(crate) async fn kit() -> Kit {
    let clock = Arc::new(TestClock::default());
    let plane = testkit::empty_by(Arc::<TestClock>::clone(&clock)).await;
    let nouns = testkit::world().into_iter().chain(people()).chain(robots());
    testkit::put(&plane, nouns.collect()).await;
    let plane = Arc::new(plane);
    let sign_in = SignIn::open(Arc::clone(&plane), master()).await.unwrap();
    let surface = identity_api::Surface { sign_in: Arc::clone(&sign_in) };
    let metadata = identity_api::metadata(plane.origins.clone());
    Kit { sign_in, clock, router: identity_api::routes(surface).merge(metadata) }
}

impl Kit {
    pub(crate) async fn send(&self, request: Request<Body>) -> Answered {
        let service = TowerToHyperService::new(self.router.clone());
        let (head, body) = service.call(request).await.unwrap().into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        Answered { status: head.status.as_u16(), headers: head.headers, text }
    }

    pub(crate) async fn get(&self, path: &str) -> Answered {
        self.get_with(path, &[]).await
    }

    pub(crate) async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answered {
        let request = Request::get(path);
        let request = headers.iter().fold(request, |it, (name, value)| it.header(*name, *value));
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// Asks whether a script may ask.
    pub(crate) async fn options(&self, path: &str, headers: &[(&str, &str)]) -> Answered {
        let request = Request::options(path);
        let request = headers.iter().fold(request, |it, (name, value)| it.header(*name, *value));
        self.send(request.body(Body::empty()).unwrap()).await
    }

    pub(crate) fn now(&self) -> jiff::Timestamp {
        self.clock.now()
    }

    pub(crate) fn wait(&self, seconds: i64) {
        self.clock.advance(SignedDuration::from_secs(seconds));
    }

    /// The customer's application may sign in no more.
    pub(crate) async fn disable_robot(&self) {
        let disabled = ServicePrincipal { enabled: false, ..robot(CUSTOMER, ROBOT) };
        testkit::put(self.sign_in.plane(), vec![Noun::ServicePrincipal(disabled)]).await;
    }

    /// Posts a form, with headers of the test's own.
    pub(crate) async fn post_with(
        &self,
        path: &str,
        body: &str,
        headers: &[(&str, &str)],
    ) -> Answered {
        let form = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
        let request = headers.iter().fold(form, |it, (name, value)| it.header(*name, *value));
        self.send(request.body(Body::from(body.to_owned())).unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, body: &str) -> Answered {
        self.post_with(path, body, &[]).await
    }

    /// Asks Fabrikam's token endpoint.
    pub(crate) async fn token(&self, body: &str) -> Answered {
        self.post(&format!("/{PROVIDER}/oauth2/v2.0/token"), body).await
    }
}

/// A form in which Ada gives that password to the Azure CLI.
pub(crate) fn ropc(password: &str) -> String {
    format!(
        "client_id={AZURE_CLI}&grant_type=password&username=ada%40fabrikam.example&password={password}&scope=https%3A%2F%2Flocalhost%3A8443%2F%2F.default+offline_access+openid+profile&client_info=1"
    )
}

/// A form in which the application gives that secret.
pub(crate) fn secret(secret: &str) -> String {
    format!(
        "client_id={APP}&client_secret={secret}&grant_type=client_credentials&client_info=1&scope=https%3A%2F%2Flocalhost%3A8443%2F%2F.default"
    )
}
