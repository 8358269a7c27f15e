//! A decision point over a small world in memory, and tokens for everybody in it.

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request},
};
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;
use ids::{
    guid::{AppId, Principal, RoleId},
    resource::ResourceId,
    scope::Scope,
};
use model::{
    change::Noun,
    role::{Permission, RoleDefinition},
    samples::{self, ADA, CUSTOMER, OLOF, OWNER, PROVIDER, READER, SUBSCRIPTION},
};
use operations::{decisions::known::Known, sign_in::SignIn};
use serde_json::{Value, json};
use testkit::people::{self, master, person, signing_key};
use uuid::Uuid;

pub(crate) const ARM: &str = "https://localhost:8443";
pub(crate) const DECISIONS: &str = "https://localhost:8443/access";
/// Contoso's own: one who writes records, one who reads them, and one who holds nothing.
pub(crate) const ALICE: Principal = samples::principal(CUSTOMER, 0xA11CE);
pub(crate) const BOB: Principal = samples::principal(CUSTOMER, 0xB0B);
pub(crate) const NORA: Principal = samples::principal(CUSTOMER, 0x40);
/// Contoso's enforcement point, which reads all that is there.
pub(crate) const GATE: AppId = AppId::new(Uuid::from_u128(0x6A7E));
/// An application of Contoso's that holds nothing.
pub(crate) const PLAIN: AppId = AppId::new(Uuid::from_u128(0xB08));

pub(crate) const EVALUATION: &str = "/access/v1/evaluation";
pub(crate) const EVALUATIONS: &str = "/access/v1/evaluations";
pub(crate) const MACHINES: &str = "Microsoft.Compute/virtualMachines";

const WRITES: RoleId = RoleId::new(Uuid::from_u128(0xC051));
const READS: RoleId = RoleId::new(Uuid::from_u128(0xC052));

pub(crate) struct Kit {
    pub(crate) sign_in: Arc<SignIn>,
    router: Router,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    pub(crate) body: Value,
}

impl Answered {
    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        assert_eq!(self.status, 200, "{}", self.text);
        assert_eq!(self.headers["content-type"], "application/json");
        self
    }

    #[track_caller]
    pub(crate) fn decision(self) -> bool {
        let body = self.ok().body;
        body["decision"].as_bool().unwrap_or_else(|| panic!("{body}"))
    }

    /// The decisions of a batch.
    #[track_caller]
    pub(crate) fn decisions(self) -> Vec<bool> {
        let body = self.ok().body;
        let all = body["evaluations"].as_array().unwrap_or_else(|| panic!("{body}"));
        all.iter().map(|it| it["decision"].as_bool().unwrap()).collect()
    }

    /// The ids, or the names, of what was found.
    #[track_caller]
    pub(crate) fn found(self) -> Vec<String> {
        let body = self.ok().body;
        let all = body["results"].as_array().unwrap_or_else(|| panic!("{body}"));
        let called = |it: &Value| it["id"].as_str().or(it["name"].as_str()).unwrap().to_owned();
        all.iter().map(called).collect()
    }
}

/// Who acts as an application of Contoso's.
pub(crate) fn acting(app: AppId) -> Principal {
    people::acting(CUSTOMER, app)
}

fn role(id: RoleId, name: &str, actions: &[&str]) -> Noun {
    Noun::RoleDefinition(RoleDefinition {
        id,
        name: name.to_owned(),
        permissions: vec![Permission {
            actions: actions.iter().map(|it| format!("Contoso.Records/record/{it}")).collect(),
            ..Permission::default()
        }],
        ..samples::custom_role(samples::whole())
    })
}

/// Something of Contoso's in the group `rg1`.
pub(crate) fn thing(kind: &str, name: &str) -> ResourceId {
    let group = format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/rg1");
    ResourceId::parse(&format!("{group}/providers/{kind}/{name}"), CUSTOMER).unwrap()
}

pub(crate) fn grant(scope: Scope, who: Principal, role: RoleId) -> Noun {
    Noun::RoleAssignment(samples::role_assignment(scope, who, role))
}

fn world() -> Vec<Noun> {
    let group = || samples::resource_group("rg1");
    let there = |kind, name| Noun::Resource(testkit::resource(thing(kind, name)));
    let mut nouns = vec![
        Noun::SigningKey(signing_key()),
        Noun::ResourceGroup(testkit::group("rg1")),
        there(MACHINES, "vm1"),
        there("Contoso.Records/record", "record-1"),
        there("Contoso.Records/record", "record-2"),
        role(WRITES, "Writes records", &["read", "write"]),
        role(READS, "Reads records", &["read"]),
        grant(group(), ALICE, WRITES),
        grant(group(), BOB, READS),
        grant(samples::whole(), acting(GATE), READER),
        Noun::Definition(samples::definition(SUBSCRIPTION)),
        Noun::Assignment(samples::assignment(samples::whole())),
    ];
    nouns.extend(person(OLOF, "olof", "contoso"));
    nouns.extend(person(ALICE, "alice", "contoso"));
    nouns.extend(person(BOB, "bob", "contoso"));
    nouns.extend(person(NORA, "nora", "contoso"));
    nouns.extend(person(ADA, "ada", "fabrikam"));
    nouns.extend(people::app(CUSTOMER, GATE, "gate"));
    nouns.extend(people::app(CUSTOMER, PLAIN, "plain"));
    nouns
}

pub(crate) async fn kit() -> Kit {
    kit_with(Vec::new()).await
}

/// The same with these in the world, too.
pub(crate) async fn kit_with(more: Vec<Noun>) -> Kit {
    let nouns = world().into_iter().chain(more).collect();
    let plane = Arc::new(testkit::plane(nouns).await);
    let sign_in = SignIn::open(Arc::clone(&plane), master()).await.unwrap();
    let (control, data) = (arm::known_operations::actions(), arm::known_operations::data_actions());
    let known = Arc::new(Known::new(control, data));
    let surface = decision_api::Surface { sign_in: Arc::clone(&sign_in), known };
    Kit { sign_in, router: decision_api::routes(surface) }
}

impl Kit {
    /// A token of whoever is called so in this world, for that surface.
    pub(crate) async fn token_for(&self, who: &str, api: &str) -> String {
        let app = match who {
            "gate" => Some(GATE),
            "plain" => Some(PLAIN),
            _ => None,
        };
        if let Some(app) = app {
            let form = people::by_secret(app, people::SECRET, api);
            return people::token(&self.sign_in, CUSTOMER, &form).await.unwrap();
        }
        let (tenant, domain) =
            if who == "ada" { (PROVIDER, "fabrikam") } else { (CUSTOMER, "contoso") };
        let name = format!("{who}@{domain}.example");
        let form = people::by_password(&name, people::PASSWORD, api);
        people::token(&self.sign_in, tenant, &form).await.unwrap()
    }

    pub(crate) async fn token(&self, who: &str) -> String {
        self.token_for(who, DECISIONS).await
    }

    pub(crate) async fn send(
        &self,
        (method, path): (&Method, &str),
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answered {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_vec())).unwrap();
        let service = TowerToHyperService::new(self.router.clone());
        let (head, body) = service.call(request).await.unwrap().into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        let text = String::from_utf8(bytes).unwrap();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Answered { status: head.status.as_u16(), headers: head.headers, text, body }
    }

    /// Posts bytes as JSON.
    pub(crate) async fn post_bytes(&self, token: &str, path: &str, body: &[u8]) -> Answered {
        let bearer = format!("Bearer {token}");
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        self.send((&Method::POST, path), &headers, body).await
    }

    pub(crate) async fn post(&self, token: &str, path: &str, body: &Value) -> Answered {
        self.post_bytes(token, path, body.to_string().as_bytes()).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answered {
        self.send((&Method::GET, path), &[], b"").await
    }
}

/// Whether that user may do something to the machine.
pub(crate) fn about(who: Principal, name: &str) -> Value {
    json!({
        "subject": {
            "type": "user",
            "id": who.object.to_string(),
            "properties": { "tenant_id": who.tenant.to_string() },
        },
        "action": { "name": format!("{MACHINES}/{name}") },
        "resource": { "type": MACHINES, "id": thing(MACHINES, "vm1").to_string() },
    })
}

/// The owner's leave at the subscription.
pub(crate) fn owns(who: Principal) -> Noun {
    grant(samples::whole(), who, OWNER)
}
