//! A Graph surface over a small world in memory, and tokens for everybody in it.

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Method, Request},
};
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;
use ids::guid::{AppId, Principal, RoleId};
use model::{
    change::Noun,
    directory::{User, UserKind},
    directory_role::{
        APPLICATION_ADMINISTRATOR, AUTHENTICATION_ADMINISTRATOR, DirectoryRoleAssignment,
        GLOBAL_ADMINISTRATOR, GROUPS_ADMINISTRATOR, USER_ADMINISTRATOR,
    },
    samples::{self, ADA, CUSTOMER, OLOF, PROVIDER},
};
use operations::sign_in::SignIn;
use serde_json::Value;
use testkit::people::{
    PASSWORD, SECRET, acting, app, by_password, by_secret, master, person, signing_key, token,
};
use uuid::Uuid;

pub(crate) const GRAPH: &str = "https://localhost:8444";
pub(crate) const ARM: &str = "https://localhost:8443";
/// An ordinary member of Contoso.
pub(crate) const RUT: Principal = samples::principal(CUSTOMER, 0x42);
/// Manages people at Contoso.
pub(crate) const UMA: Principal = samples::principal(CUSTOMER, 0x43);
/// Manages groups at Contoso.
pub(crate) const GIL: Principal = samples::principal(CUSTOMER, 0x44);
/// Manages applications at Contoso.
pub(crate) const ALF: Principal = samples::principal(CUSTOMER, 0x45);
/// Manages how people sign in at Contoso.
pub(crate) const AMY: Principal = samples::principal(CUSTOMER, 0x46);
/// Ada of Fabrikam, as a guest of Contoso's.
pub(crate) const GUEST: Principal = samples::principal(CUSTOMER, 0x60);
/// An application of Contoso's that manages the directory.
pub(crate) const ROBOT: AppId = AppId::new(Uuid::from_u128(0xB07));
/// One that holds no role.
pub(crate) const PLAIN: AppId = AppId::new(Uuid::from_u128(0xB08));
/// A group of Contoso's, Rut in it.
pub(crate) const STAFF: Principal = samples::principal(CUSTOMER, 0x57);

pub(crate) struct Kit {
    pub(crate) sign_in: Arc<SignIn>,
    router: Router,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Answered {
    pub(crate) fn code(&self) -> &str {
        self.body["error"]["code"].as_str().unwrap_or_default()
    }

    /// The ids in a list.
    pub(crate) fn ids(&self) -> Vec<&str> {
        let items = self.body["value"].as_array().unwrap_or_else(|| panic!("{self:?}"));
        items.iter().filter_map(|it| it["id"].as_str().or(it.as_str())).collect()
    }
}

fn holds(principal: Principal, role: RoleId) -> Noun {
    Noun::DirectoryRoleAssignment(DirectoryRoleAssignment { principal, role })
}

fn world() -> Vec<Noun> {
    let guest = User {
        user_principal_name: "ada_fabrikam.example#EXT#@contoso.example".to_owned(),
        kind: UserKind::Guest { home: ADA },
        ..samples::user(GUEST, "ada")
    };
    let mut nouns = vec![
        Noun::SigningKey(signing_key()),
        Noun::User(guest),
        Noun::Group(samples::group(STAFF, "staff")),
        Noun::Membership(samples::membership(STAFF, RUT)),
        holds(OLOF, GLOBAL_ADMINISTRATOR),
        holds(UMA, USER_ADMINISTRATOR),
        holds(GIL, GROUPS_ADMINISTRATOR),
        holds(ALF, APPLICATION_ADMINISTRATOR),
        holds(AMY, AUTHENTICATION_ADMINISTRATOR),
        holds(acting(CUSTOMER, ROBOT), GLOBAL_ADMINISTRATOR),
    ];
    nouns.extend(person(OLOF, "olof", "contoso"));
    nouns.extend(person(RUT, "rut", "contoso"));
    nouns.extend(person(UMA, "uma", "contoso"));
    nouns.extend(person(GIL, "gil", "contoso"));
    nouns.extend(person(ALF, "alf", "contoso"));
    nouns.extend(person(AMY, "amy", "contoso"));
    nouns.extend(person(ADA, "ada", "fabrikam"));
    nouns.extend(app(CUSTOMER, ROBOT, "robot"));
    nouns.extend(app(CUSTOMER, PLAIN, "plain"));
    nouns.extend(app(PROVIDER, AppId::new(Uuid::from_u128(0xF07)), "automation"));
    nouns
}

pub(crate) async fn kit() -> Kit {
    let plane = Arc::new(testkit::plane(world()).await);
    let sign_in = SignIn::open(Arc::clone(&plane), master()).await.unwrap();
    let surface = graph_api::Surface { sign_in: Arc::clone(&sign_in) };
    Kit { sign_in, router: graph_api::routes(surface) }
}

impl Kit {
    /// A token that somebody gets with a password, for that surface.
    pub(crate) async fn person(&self, name: &str, password: &str, api: &str) -> Option<String> {
        let tenant = if name.ends_with("fabrikam.example") { PROVIDER } else { CUSTOMER };
        token(&self.sign_in, tenant, &by_password(name, password, api)).await
    }

    /// A token for Graph of whoever is called so in this world.
    pub(crate) async fn token(&self, who: &str) -> String {
        let issued = match who {
            "robot" => self.robot(ROBOT).await,
            "plain" => self.robot(PLAIN).await,
            "guest" => {
                let form = by_password("ada@fabrikam.example", PASSWORD, GRAPH);
                token(&self.sign_in, CUSTOMER, &form).await
            }
            "ada" => self.person("ada@fabrikam.example", PASSWORD, GRAPH).await,
            name => self.person(&format!("{name}@contoso.example"), PASSWORD, GRAPH).await,
        };
        issued.unwrap_or_else(|| panic!("{who} does not sign in"))
    }

    async fn robot(&self, app: AppId) -> Option<String> {
        token(&self.sign_in, CUSTOMER, &by_secret(app, SECRET, GRAPH)).await
    }

    pub(crate) async fn send(
        &self,
        token: Option<&str>,
        method: &Method,
        path: &str,
        body: &str,
    ) -> Answered {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let request = request.header("consistencylevel", "eventual");
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let service = TowerToHyperService::new(self.router.clone());
        let (head, body) = service.call(request).await.unwrap().into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answered { status: head.status.as_u16(), body }
    }

    pub(crate) async fn get(&self, token: &str, path: &str) -> Answered {
        self.send(Some(token), &Method::GET, &format!("/v1.0{path}"), "").await
    }

    pub(crate) async fn post(&self, token: &str, path: &str, body: &Value) -> Answered {
        let (path, body) = (format!("/v1.0{path}"), body.to_string());
        self.send(Some(token), &Method::POST, &path, &body).await
    }

    pub(crate) async fn patch(&self, token: &str, path: &str, body: &Value) -> Answered {
        let (path, body) = (format!("/v1.0{path}"), body.to_string());
        self.send(Some(token), &Method::PATCH, &path, &body).await
    }

    pub(crate) async fn delete(&self, token: &str, path: &str) -> Answered {
        self.send(Some(token), &Method::DELETE, &format!("/v1.0{path}"), "").await
    }
}
