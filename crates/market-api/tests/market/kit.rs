//! A marketplace over a small world in memory, and tokens for everybody in it.

use std::{
    pin::Pin,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request},
};
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;
use ids::{
    clock::TestClock,
    guid::{Principal, TenantId},
    scope::Scope,
};
use model::{
    change::Noun,
    directory::{OPERATORS, User, UserKind},
    directory_role::{DirectoryRoleAssignment, GLOBAL_ADMINISTRATOR},
    market::lead::Lead,
    samples::{self, ADA, CUSTOMER, OLOF, PROVIDER},
};
use operations::{
    market::{
        leads::{LeadSender, Unsent},
        run::{self, Certification, Means},
    },
    sign_in::SignIn,
};
use serde_json::Value;
use testkit::people::{PASSWORD, by_password, master, person, signing_key, token};
use uuid::Uuid;

pub(crate) const GRAPH: &str = "https://localhost:8444";
pub(crate) const ARM: &str = "https://localhost:8443";
/// An ordinary member of Fabrikam.
pub(crate) const DEV: Principal = samples::principal(PROVIDER, 0xDE);
/// Contoso's owner as a guest of Fabrikam's.
pub(crate) const GUEST: Principal = samples::principal(PROVIDER, 0x60);
/// An operator.
pub(crate) const OPAL: Principal = samples::principal(OPERATORS, 0x0B);

/// Remembers what was sent, and answers as it is told.
pub(crate) struct Mailbox {
    pub(crate) sent: Mutex<Vec<(String, Lead)>>,
    pub(crate) status: u16,
}

impl LeadSender for Mailbox {
    fn send<'a>(
        &'a self,
        url: &'a str,
        lead: &'a Lead,
    ) -> Pin<Box<dyn Future<Output = Result<u16, Unsent>> + Send + 'a>> {
        self.sent.lock().unwrap().push((url.to_owned(), lead.clone()));
        Box::pin(async { Ok(self.status) })
    }
}

pub(crate) struct Kit {
    pub(crate) clock: Arc<TestClock>,
    pub(crate) sign_in: Arc<SignIn>,
    pub(crate) mailbox: Arc<Mailbox>,
    certification: Certification,
    router: Router,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
    pub(crate) body: Value,
}

impl Answered {
    pub(crate) fn code(&self) -> &str {
        self.body["error"]["code"].as_str().unwrap_or_default()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.bytes.clone()).unwrap()
    }

    pub(crate) fn etag(&self) -> String {
        self.headers["etag"].to_str().unwrap().to_owned()
    }

    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        assert!((200..300).contains(&self.status), "{} {}", self.status, self.body);
        self
    }
}

fn world() -> Vec<Noun> {
    let guest = User {
        user_principal_name: "olof_contoso.example#EXT#@fabrikam.example".to_owned(),
        kind: UserKind::Guest { home: OLOF },
        ..samples::user(GUEST, "olof")
    };
    let admin = DirectoryRoleAssignment { principal: ADA, role: GLOBAL_ADMINISTRATOR };
    let root = Scope::Tenant(OPERATORS);
    let mut nouns = vec![
        Noun::SigningKey(signing_key()),
        Noun::Tenant(samples::tenant(OPERATORS, "fyr")),
        Noun::User(guest),
        Noun::DirectoryRoleAssignment(admin),
    ];
    nouns.extend(person(OLOF, "olof", "contoso"));
    nouns.extend(person(ADA, "ada", "fabrikam"));
    nouns.extend(person(DEV, "dev", "fabrikam"));
    nouns.extend(person(OPAL, "opal", "fyr"));
    nouns.push(Noun::RoleAssignment(samples::role_assignment(root, OPAL, samples::OWNER)));
    nouns
}

pub(crate) async fn kit() -> Kit {
    kit_by(Certification::Automatic, 202).await
}

/// The same, where certification is done so, and leads are answered so.
pub(crate) async fn kit_by(certification: Certification, status: u16) -> Kit {
    let clock = Arc::new(TestClock::default());
    let plane = Arc::new(testkit::empty_by(Arc::clone(&clock) as _).await);
    testkit::put(&plane, testkit::world().into_iter().chain(world()).collect()).await;
    let sign_in = SignIn::open(Arc::clone(&plane), master()).await.unwrap();
    let surface = market_api::Surface { sign_in: Arc::clone(&sign_in), operations: Arc::default() };
    let mailbox = Arc::new(Mailbox { sent: Mutex::default(), status });
    Kit { clock, sign_in, mailbox, certification, router: market_api::routes(surface) }
}

impl Kit {
    /// A token that somebody gets with the password, for that surface.
    pub(crate) async fn token_for(&self, tenant: TenantId, name: &str, api: &str) -> String {
        let form = by_password(name, PASSWORD, api);
        token(&self.sign_in, tenant, &form).await.unwrap()
    }

    /// A token for the marketplace of whoever is called so in this world.
    pub(crate) async fn token(&self, who: &str) -> String {
        let (tenant, domain) = match who {
            "olof" => (CUSTOMER, "contoso"),
            "opal" => (OPERATORS, "fyr"),
            "guest" => return self.token_for(PROVIDER, "olof@contoso.example", GRAPH).await,
            _ => (PROVIDER, "fabrikam"),
        };
        self.token_for(tenant, &format!("{who}@{domain}.example"), GRAPH).await
    }

    pub(crate) async fn send(
        &self,
        token: Option<&str>,
        method: &Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answered {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_vec())).unwrap();
        let service = TowerToHyperService::new(self.router.clone());
        let (head, body) = service.call(request).await.unwrap().into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answered { status: head.status.as_u16(), headers: head.headers, bytes, body }
    }

    pub(crate) async fn get(&self, token: &str, path: &str) -> Answered {
        self.send(Some(token), &Method::GET, path, &[], b"").await
    }

    /// What anybody sees.
    pub(crate) async fn anyone(&self, path: &str) -> Answered {
        self.send(None, &Method::GET, path, &[], b"").await
    }

    pub(crate) async fn post(&self, token: &str, path: &str, body: &Value) -> Answered {
        let body = body.to_string();
        self.send(Some(token), &Method::POST, path, &[], body.as_bytes()).await
    }

    /// Writes what is there already, whichever form it has.
    pub(crate) async fn put(&self, token: &str, path: &str, body: &Value) -> Answered {
        let (body, any) = (body.to_string(), [("if-match", "*")]);
        self.send(Some(token), &Method::PUT, path, &any, body.as_bytes()).await
    }

    /// Does all work that is due.
    pub(crate) async fn work(&self) {
        let means = Means {
            sender: Arc::clone(&self.mailbox) as Arc<dyn LeadSender>,
            certification: self.certification,
            operations: Arc::default(),
        };
        run::drain(self.sign_in.plane(), &means).await.unwrap();
    }
}

/// A square PNG of one dark colour that is neither black nor white.
pub(crate) fn logo() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 300, 300);
    encoder.set_color(png::ColorType::Rgb);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&[40, 80, 120].repeat(300 * 300)).unwrap();
    writer.finish().unwrap();
    bytes
}

/// An id that is nobody's.
pub(crate) const UNKNOWN: Uuid = Uuid::from_u128(0xDEAD);
