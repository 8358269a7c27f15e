use std::{collections::HashMap, net::Ipv4Addr};

use axum::{
    Router,
    body::Body,
    extract::State,
    http::{Response, Uri},
    response::IntoResponse,
};
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use ids::clock::Clock;
use rustls::{
    RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};
use tokio::{net::TcpListener, task::JoinSet};
use tokio_rustls::TlsAcceptor;

use super::*;
use crate::{
    authority::{Authority, CERTIFICATE_FILE},
    folder::Folder,
    system::SystemClock,
};

const KEYS: &str = r#"{"keys":[{"kty":"RSA","kid":"a","n":"AQAB","e":"AQAB"}]}"#;

/// What is answered at a path.
type Answers = HashMap<&'static str, (u16, String)>;

/// An issuer on this machine, and a client that trusts its authority.
struct Served {
    url: String,
    web: Web,
    _tasks: JoinSet<()>,
}

async fn answer(State(answers): State<Arc<Answers>>, uri: Uri) -> impl IntoResponse {
    let (status, body) = answers.get(uri.path()).cloned().unwrap_or((404, String::new()));
    let answer = Response::builder().status(status).header("cache-control", "public, max-age=7200");
    answer.header("location", "/elsewhere").body(Body::from(body)).unwrap()
}

async fn served(answers: impl FnOnce(&str) -> Answers) -> Served {
    let data = tempfile::tempdir().unwrap();
    let folder = Folder::make(&data.path().join("issuer")).unwrap();
    let authority = Authority::open(&folder, SystemClock.now()).unwrap();
    let tls = TlsAcceptor::from(Arc::new(authority.serve(Arc::new(SystemClock)).unwrap()));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let router = Router::new().fallback(answer).with_state(Arc::new(answers(&url)));
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(stream) = tls.accept(stream).await else { continue };
            let service = TowerToHyperService::new(router.clone());
            let stream = TokioIo::new(stream);
            let _ =
                hyper::server::conn::http1::Builder::new().serve_connection(stream, service).await;
        }
    });
    let mut authorities = RootCertStore::empty();
    let pem = std::fs::read(folder.file(CERTIFICATE_FILE)).unwrap();
    authorities.add(CertificateDer::from_pem_slice(&pem).unwrap()).unwrap();
    let https = Https::trusting(authorities).unwrap();
    Served { url, web: Web::by(Arc::new(https)), _tasks: tasks }
}

fn described(issuer: &str, keys: &str) -> (u16, String) {
    (200, format!(r#"{{"issuer":"{issuer}","jwks_uri":"{keys}"}}"#))
}

/// What is wrong, what the issuer says of itself, and what stands where its keys should be.
type Case = (&'static str, fn(&str) -> (u16, String), (&'static str, (u16, String)));

const DESCRIPTION: &str = "/.well-known/openid-configuration";

#[tokio::test]
async fn an_issuers_keys_are_found_by_its_own_description() {
    let served = served(|url| {
        let description = described(url, &format!("{url}/keys"));
        HashMap::from([(DESCRIPTION, description), ("/keys", (200, KEYS.to_owned()))])
    });
    let served = served.await;
    let fetched = served.web.keys(&served.url).await.unwrap();
    assert_eq!(format!("{:?}", fetched.keys), r#"{"a"}"#);
    assert_eq!(fetched.lifetime, Some(SignedDuration::from_hours(2)));
}

#[tokio::test]
async fn nothing_is_believed_that_the_issuer_does_not_say_itself_and_shortly() {
    let at = |url: &str| format!("{url}/keys");
    let keys = |status, body: &str| ("/keys", (status, body.to_owned()));
    let cases: [Case; 6] = [
        (
            "another's",
            |url| described("https://x.example", &format!("{url}/keys")),
            keys(200, KEYS),
        ),
        ("no description", |_| (200, "[]".to_owned()), keys(200, KEYS)),
        ("sent elsewhere", |url| described(url, &format!("{url}/keys")), keys(302, KEYS)),
        ("no keys", |url| described(url, &format!("{url}/keys")), keys(200, "{}")),
        (
            "without end",
            |url| described(url, &format!("{url}/keys")),
            keys(200, &format!("{KEYS}{}", " ".repeat(64 * 1024))),
        ),
        ("in plain", |url| described(url, "http://localhost:1/keys"), keys(200, KEYS)),
    ];
    for (name, description, keys) in cases {
        let served = served(|url| HashMap::from([(DESCRIPTION, description(url)), keys])).await;
        assert!(served.web.keys(&served.url).await.is_err(), "{name} {}", at(&served.url));
    }
}

#[tokio::test]
async fn an_issuer_whose_certificate_nobody_knows_is_not_asked() {
    let answers = |url: &str| {
        let description = described(url, &format!("{url}/keys"));
        HashMap::from([(DESCRIPTION, description), ("/keys", (200, KEYS.to_owned()))])
    };
    let (served, other) = (served(answers).await, served(|_| HashMap::new()).await);
    assert!(other.web.keys(&served.url).await.is_err());
}
