use std::{net::Ipv4Addr, sync::Mutex};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, Uri},
    response::IntoResponse,
};
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use ids::clock::Clock;
use model::market::lead::{Delivery, LeadPerson};
use rustls::{
    RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinSet};
use tokio_rustls::TlsAcceptor;
use uuid::Uuid;

use super::*;
use crate::{
    authority::{Authority, CERTIFICATE_FILE},
    folder::Folder,
    system::SystemClock,
};

/// What came, and what is answered.
struct Seen {
    status: StatusCode,
    bodies: Mutex<Vec<(HeaderMap, Value)>>,
}

async fn take(
    State(seen): State<Arc<Seen>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> impl IntoResponse {
    let body = serde_json::from_slice(&body).unwrap_or_else(|_| json!(uri.to_string()));
    seen.bodies.lock().unwrap().push((headers, body));
    let elsewhere = HeaderValue::from_static("/elsewhere");
    (seen.status, [("location", elsewhere)])
}

/// An endpoint on this machine, and a courier that trusts its authority.
struct Served {
    url: String,
    seen: Arc<Seen>,
    https: Arc<Https>,
    _tasks: JoinSet<()>,
}

impl Served {
    async fn with(status: u16) -> Self {
        let data = tempfile::tempdir().unwrap();
        let folder = Folder::make(&data.path().join("endpoint")).unwrap();
        let authority = Authority::open(&folder, SystemClock.now()).unwrap();
        let tls = TlsAcceptor::from(Arc::new(authority.serve(Arc::new(SystemClock)).unwrap()));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let url = format!("https://localhost:{}/in?sig=x", listener.local_addr().unwrap().port());
        let status = StatusCode::from_u16(status).unwrap();
        let seen = Arc::new(Seen { status, bodies: Mutex::default() });
        let router = Router::new().fallback(take).with_state(Arc::clone(&seen));
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let Ok(stream) = tls.accept(stream).await else { continue };
                let service = TowerToHyperService::new(router.clone());
                let connection = hyper::server::conn::http1::Builder::new();
                let _ = connection.serve_connection(TokioIo::new(stream), service).await;
            }
        });
        let mut authorities = RootCertStore::empty();
        let pem = std::fs::read(folder.file(CERTIFICATE_FILE)).unwrap();
        authorities.add(CertificateDer::from_pem_slice(&pem).unwrap()).unwrap();
        let https = Arc::new(Https::trusting(authorities).unwrap());
        Self { url, seen, https, _tasks: tasks }
    }

    async fn send(&self, reach: Reach, url: &str) -> Result<u16, Unsent> {
        Courier { https: Arc::clone(&self.https), reach }.send(url, &lead()).await
    }

    fn count(&self) -> usize {
        self.seen.bodies.lock().unwrap().len()
    }
}

fn lead() -> Lead {
    let person = LeadPerson { company: "Contoso".to_owned(), ..LeadPerson::default() };
    Lead {
        id: Uuid::from_u128(1),
        offer: ids::offer::OfferId {
            publisher: "fabrikam".parse().unwrap(),
            name: "ops".parse().unwrap(),
        },
        tenant: ids::guid::TenantId::new(Uuid::from_u128(0xF)),
        at: SystemClock.now(),
        offer_title: "Fabrikam Ops".to_owned(),
        source: "AzurePortal-Create".to_owned(),
        action: "Create".to_owned(),
        person: Some(person),
        delivery: Delivery::Pending { attempts: 0 },
    }
}

#[tokio::test]
async fn a_lead_is_posted_as_json_and_carries_nobodys_token() {
    let served = Served::with(202).await;
    assert_eq!(served.send(Reach::Anywhere, &served.url).await, Ok(202));
    let bodies = served.seen.bodies.lock().unwrap();
    let [(headers, body)] = &bodies[..] else { panic!("{bodies:?}") };
    assert_eq!(body["LeadSource"], "AzurePortal-Create|fabrikam.ops");
    assert_eq!(body["UserDetails"], json!({ "Company": "Contoso" }));
    assert_eq!(headers["content-type"], "application/json");
    assert!(!headers.contains_key("authorization") && !headers.contains_key("cookie"));
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_not_followed() {
    let served = Served::with(307).await;
    assert_eq!(served.send(Reach::Anywhere, &served.url).await, Ok(307));
    assert_eq!(served.count(), 1);
}

#[tokio::test]
async fn this_machine_and_its_network_are_out_of_reach_by_whatever_name() {
    let served = Served::with(202).await;
    let port = served.url.trim_start_matches("https://localhost:");
    for host in ["localhost", "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "10.0.0.1", "0.0.0.0"] {
        let url = format!("https://{host}:{port}");
        assert_eq!(served.send(Reach::Public, &url).await, Err(Unsent::Address), "{host}");
    }
    assert_eq!(served.count(), 0);
}

#[tokio::test]
async fn only_https_is_spoken_and_only_with_those_whom_an_authority_knows() {
    let (served, other) = (Served::with(202).await, Served::with(202).await);
    let plain = served.url.replace("https://", "http://");
    assert_eq!(served.send(Reach::Anywhere, &plain).await, Err(Unsent::Address));
    assert_eq!(served.send(Reach::Anywhere, &other.url).await, Err(Unsent::Unreachable));
    assert_eq!((served.count(), other.count()), (0, 0));
}
