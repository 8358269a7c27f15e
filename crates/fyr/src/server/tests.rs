use std::sync::Arc;

use axum::routing::{get, post};
use ids::clock::{Clock, TestClock};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::{Notify, watch},
    task::JoinHandle,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

use super::*;
use crate::{authority::Authority, folder::Folder};

/// A server of one router, and what a client of it needs.
struct Served {
    at: SocketAddr,
    trust: Arc<ClientConfig>,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

async fn served(router: Router) -> Served {
    let around = tempfile::tempdir().unwrap();
    let folder = Folder::make(&around.path().join("data")).unwrap();
    // The client's clock is the machine's.
    let clock: Arc<dyn Clock> = Arc::new(TestClock::at(crate::system::SystemClock.now()));
    let authority = Authority::open(&folder, clock.now()).unwrap();
    let tls = Arc::new(authority.serve(clock).unwrap());
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(folder.file("ca.pem")).unwrap()).unwrap();
    let trust = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let (stop, stopping) = watch::channel(false);
    let task = tokio::spawn(serve("test", listener, tls, router, stopping));
    Served { at, trust: Arc::new(trust), stop, task }
}

impl Served {
    async fn connect(&self) -> TlsStream<TcpStream> {
        let stream = TcpStream::connect(self.at).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        TlsConnector::from(Arc::clone(&self.trust)).connect(name, stream).await.unwrap()
    }

    async fn stop(self) {
        self.stop.send(true).unwrap();
        self.task.await.unwrap();
    }
}

async fn asked(stream: &mut TlsStream<TcpStream>, head: &str) {
    let text = format!("{head} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    stream.write_all(text.as_bytes()).await.unwrap();
}

async fn rest(mut stream: TlsStream<TcpStream>) -> String {
    let mut response = Vec::new();
    // A server that refuses may close without the farewell of TLS.
    let _refused = stream.read_to_end(&mut response).await;
    String::from_utf8(response).unwrap()
}

#[tokio::test]
async fn a_request_in_flight_is_answered_before_the_server_stops() {
    let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (reached, released) = (Arc::clone(&begun), Arc::clone(&go_on));
    let slow = get(move || async move {
        reached.notify_one();
        released.notified().await;
        "done"
    });
    let served = served(Router::new().route("/", slow)).await;
    let mut stream = served.connect().await;
    asked(&mut stream, "GET /").await;
    begun.notified().await;
    served.stop.send(true).unwrap();
    go_on.notify_one();
    let response = rest(stream).await;
    assert!(response.starts_with("HTTP/1.1 200 ") && response.ends_with("done"), "{response}");
    served.task.await.unwrap();
}

#[tokio::test]
async fn an_idle_connection_does_not_keep_the_server_up() {
    let served = served(Router::new().route("/", get(|| async { "ok" }))).await;
    let idle = served.connect().await;
    served.stop().await;
    drop(idle);
}

#[tokio::test]
async fn who_speaks_no_tls_is_shown_out_and_the_others_are_served() {
    let served = served(Router::new().route("/", get(|| async { "ok" }))).await;
    let mut plain = TcpStream::connect(served.at).await.unwrap();
    plain.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    let _shown_out = plain.read_to_end(&mut answer).await;
    assert!(!answer.starts_with(b"HTTP"), "{answer:?}");
    let mut stream = served.connect().await;
    asked(&mut stream, "GET /").await;
    let mut first = [0; 12];
    stream.read_exact(&mut first).await.unwrap();
    assert_eq!(&first, b"HTTP/1.1 200");
    served.stop().await;
}

#[tokio::test]
async fn a_head_without_end_is_refused() {
    let served = served(Router::new().route("/", post(|| async { "ok" }))).await;
    let mut stream = served.connect().await;
    let endless = format!("GET /{} HTTP/1.1\r\n", "a".repeat(2 * HEAD_BYTES_MAX));
    let _cut_off = stream.write_all(endless.as_bytes()).await;
    let response = rest(stream).await;
    assert!(response.starts_with("HTTP/1.1 4"), "{response}");
    served.stop().await;
}

#[tokio::test]
async fn requests_know_where_they_come_from() {
    let tells = get(|ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.to_string() });
    let served = served(Router::new().route("/", tells)).await;
    let stream = served.connect().await;
    let mine = stream.get_ref().0.local_addr().unwrap().to_string();
    let mut stream = stream;
    stream
        .write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .await
        .unwrap();
    let response = rest(stream).await;
    assert!(response.ends_with(&mine), "{response}");
    served.stop().await;
}

/// What comes back to whoever sends so much that nobody reads.
async fn refused(bytes: usize) -> (bool, String) {
    let refuses = post(|| async { axum::http::StatusCode::UNAUTHORIZED });
    let served = served(Router::new().route("/", refuses)).await;
    let mut stream = served.connect().await;
    let head = format!("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: {bytes}\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut is_sent = true;
    for _ in 0..bytes / 4_096 {
        is_sent &= stream.write_all(&[b'x'; 4_096]).await.is_ok();
    }
    let mut answer = vec![0; 12];
    let _cut_off = stream.read_exact(&mut answer).await;
    drop(stream);
    served.stop().await;
    (is_sent, String::from_utf8(answer).unwrap())
}

#[tokio::test]
async fn who_is_refused_while_they_send_is_heard_out_and_hears_it() {
    let heard = (true, "HTTP/1.1 401".to_owned());
    assert_eq!(refused(4 << 20).await, heard);
    let bounded = usize::try_from(hearing::BYTES_MAX).unwrap();
    let (is_sent, _) = refused(4 * bounded).await;
    assert!(!is_sent, "without end nobody is heard");
}

#[tokio::test]
async fn who_asks_before_sending_is_refused_at_once() {
    let refuses = post(|| async { axum::http::StatusCode::UNAUTHORIZED });
    let served = served(Router::new().route("/", refuses)).await;
    let mut stream = served.connect().await;
    let head = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n";
    stream.write_all(format!("{head}Expect: 100-continue\r\n\r\n").as_bytes()).await.unwrap();
    let response = rest(stream).await;
    assert!(response.starts_with("HTTP/1.1 401"), "{response}");
    served.stop().await;
}
