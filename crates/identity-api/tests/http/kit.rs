//! A sign-in surface over a small world in memory, and a client that speaks HTTP to it.

use std::sync::{Arc, OnceLock};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request},
};
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;
use identity::{client::AZURE_CLI, keys::generate, password, secret::MasterKey};
use ids::{
    clock::{Clock, TestClock, TestRandom},
    guid::{AppId, ObjectId, Principal},
};
use model::{
    change::Noun,
    directory::{
        Application, Credential, Holder, Secret, ServicePrincipal, ServicePrincipalKind,
        SigningKey, User,
    },
    samples::{self, ADA, PROVIDER},
};
use operations::sign_in::SignIn;
use serde_json::Value;
use uuid::Uuid;

pub(crate) const APP: AppId = AppId::new(Uuid::from_u128(0xA99));
pub(crate) const LOGIN: &str = "https://localhost:8443";

pub(crate) struct Kit {
    pub(crate) sign_in: Arc<SignIn>,
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
    let user_principal_name = "ada@fabrikam.example".to_owned();
    let kind = ServicePrincipalKind::Application;
    let horse = password::chosen("correct horse", &TestRandom::default()).unwrap();
    vec![
        Noun::User(User { user_principal_name, ..samples::user(ADA, "ada") }),
        credential(Holder::User(ADA), horse),
        Noun::Application(Application::new(tenant, APP, object, display_name.clone())),
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

pub(crate) async fn kit() -> Kit {
    let plane = Arc::new(testkit::plane(people()).await);
    let sign_in = SignIn::open(Arc::clone(&plane), master()).await.unwrap();
    let surface = identity_api::Surface { sign_in: Arc::clone(&sign_in) };
    let metadata = identity_api::metadata(plane.origins.clone());
    Kit { sign_in, router: identity_api::routes(surface).merge(metadata) }
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
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
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
