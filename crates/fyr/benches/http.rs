//! ARM over HTTP: a `GET` against axum answering a constant of the same size, an enforcement point's
//! question against the same, and a durable `PUT` against the embedded engine alone, over 64
//! connections that stay open, client and server on the same cores.
//!
//! Plain TCP: TLS costs both sides the same. Run with `cargo bench -p fyr --bench http`.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::wildcard_enum_match_arm,
    clippy::indexing_slicing,
    reason = "a benchmark measures the real time and prints what it measured"
)]

use std::{
    net::SocketAddr,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use arm_api::Enforcement;
use axum::Router;
use fyr::{folder::Folder, wiring, worlds};
use ids::clock::Revision;
use operations::{
    plane::{Origins, Simulated},
    sign_in::issuers::Issuers,
};
use store::{
    engine::{Batch, Engine, Head, Row, RowWrite},
    key::Key,
};
use store_sqlite::engine::Sqlite;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

const CONNECTIONS: usize = 64;
const WARM: Duration = Duration::from_secs(1);
const MEASURED: Duration = Duration::from_secs(4);
const WORLD: &str = include_str!("../worlds/sample.yaml");

#[tokio::main]
async fn main() {
    let data = tempfile::tempdir().unwrap();
    let folder = Folder::make(&data.path().join("data")).unwrap();
    let ground = wiring::Ground::open(&folder).await.unwrap();
    let at = || "https://localhost:8443".to_owned();
    let origins = Origins { arm: at(), login: at(), graph: at() + "4", portal: at() + "5" };
    let plane = ground.plane(origins, Simulated::default());
    let world = worlds::parse(WORLD, "sample.yaml", plane.clock.now()).unwrap();
    operations::world::apply(&plane, &world).await.unwrap();
    let sign_in = ground.sign_in(&plane, Issuers::default()).await.unwrap();
    let fyr = serve(wiring::surfaces(&plane, &sign_in, Enforcement::Off).arm).await;

    let contoso = tenant(&world, "contoso");
    let subscription = subscription(&world);
    println!("{CONNECTIONS} connections, {} cores", cores());
    let asking = token(fyr, &contoso, "https%3A%2F%2Flocalhost%3A8443%2Faccess%2F.default").await;
    let question = question(&world, &contoso, &subscription);
    let asked = request("POST", "/access/v1/evaluation", &asking, &question);
    beside_a_constant(fyr, "evaluation with bearer token", asked).await;
    let token = token(fyr, &contoso, "https%3A%2F%2Flocalhost%3A8443%2F.default").await;
    let group = format!("/subscriptions/{subscription}/resourcegroups/app?api-version=2024-11-01");
    beside_a_constant(fyr, "ARM GET with bearer token", request("GET", &group, &token, "")).await;

    let write = move |connection: usize, n: usize| {
        let path = format!(
            "/subscriptions/{subscription}/resourcegroups/b{connection}-{n}?api-version=2024-11-01"
        );
        request("PUT", &path, &token, r#"{"location":"westeurope"}"#)
    };
    let writing = rate(fyr, write).await;
    ground.store.shutdown().await;
    let rows = engine(data.path()).await;
    println!("the engine, {CONNECTIONS} rows a sync {rows:>11.0} rows/s");
    println!("ARM PUT, durable           {writing:>10.0} requests/s   {:.2} of it", writing / rows);
}

/// How often a request is answered, by Fyr and by axum with a constant of the same size.
async fn beside_a_constant(fyr: SocketAddr, what: &str, asked: Arc<str>) {
    let size = once(fyr, &asked).await;
    let body = move || async move { "x".repeat(size) };
    let constant = serve(Router::new().fallback(body)).await;
    let asked = move |_: usize, _: usize| Arc::clone(&asked);
    let before = rate(constant, asked.clone()).await;
    let answered = rate(fyr, asked.clone()).await;
    let reference = f64::midpoint(before, rate(constant, asked).await);
    println!("axum, {size:>5} bytes           {reference:>10.0} requests/s");
    println!("{what:<28}{answered:>10.0} requests/s   {:.2} of it", answered / reference);
}

/// Whether one of the tenant's people may do something, as its owner asks.
fn question(world: &world::world::World, tenant: &str, subscription: &str) -> String {
    let found = world.nouns.iter().find_map(|noun| match noun {
        model::change::Noun::User(it)
            if it.principal.tenant.to_string() == tenant
                && !it.user_principal_name.starts_with("olof") =>
        {
            Some(it.principal.object)
        }
        _ => None,
    });
    let (who, machines) = (found.unwrap(), "Microsoft.Compute/virtualMachines");
    format!(
        r#"{{"subject":{{"type":"user","id":"{who}"}},"action":{{"name":"{machines}/read"}},"resource":{{"type":"{machines}","id":"/subscriptions/{subscription}/resourceGroups/app/providers/{machines}/vm1"}}}}"#
    )
}

/// Rows of 1 KiB that the embedded engine makes durable in a second, as many with one sync as
/// there are connections.
async fn engine(folder: &Path) -> f64 {
    let folder = folder.join("engine");
    std::fs::create_dir(&folder).unwrap();
    let engine = Sqlite::open(&folder).unwrap();
    let batch = |n: u64| {
        let row = Row { version: Revision(n), bytes: vec![b'x'; 1_024].into() };
        let key = Key::exact("bench", &n.to_string());
        let write = RowWrite { key, row: Some(row), removed: Vec::new(), added: Vec::new() };
        Batch { rows: vec![write], ..Batch::default() }
    };
    let (begin, mut rows) = (Instant::now(), 0_u32);
    while begin.elapsed() < MEASURED {
        let first = u64::from(rows);
        let group = (first..).take(CONNECTIONS).map(batch).collect();
        engine.commit(group, Head::default()).await.unwrap();
        rows += u32::try_from(CONNECTIONS).unwrap();
    }
    f64::from(rows) / begin.elapsed().as_secs_f64()
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(0, Into::into)
}

fn tenant(world: &world::world::World, name: &str) -> String {
    let found = world.nouns.iter().find_map(|noun| match noun {
        model::change::Noun::Tenant(it) if it.domain.starts_with(name) => Some(it.id.to_string()),
        _ => None,
    });
    found.unwrap()
}

/// The subscription that has the group `app` and that olof owns.
fn subscription(world: &world::world::World) -> String {
    let found = world.nouns.iter().find_map(|noun| match noun {
        model::change::Noun::ResourceGroup(it) if it.name.as_str() == "app" => {
            Some(it.subscription.to_string())
        }
        _ => None,
    });
    found.unwrap()
}

async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

fn request(method: &str, path: &str, token: &str, body: &str) -> Arc<str> {
    let length = body.len();
    format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    )
    .into()
}

/// The access token of Contoso's owner.
async fn token(server: SocketAddr, tenant: &str, scope: &str) -> String {
    let form = format!(
        "grant_type=password&client_id=04b07795-8ddb-461a-bbee-02f9e1bf7b46&username=olof%40contoso.example&password=seven%20apples%20in%20winter&scope={scope}"
    );
    let length = form.len();
    let sent = format!(
        "POST /{tenant}/oauth2/v2.0/token HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n\r\n{form}"
    );
    let mut stream = TcpStream::connect(server).await.unwrap();
    stream.write_all(sent.as_bytes()).await.unwrap();
    let mut buffer = Vec::new();
    let (head, length) = answer(&mut stream, &mut buffer).await;
    let body: serde_json::Value = serde_json::from_slice(&buffer[head..head + length]).unwrap();
    body["access_token"].as_str().unwrap().to_owned()
}

/// Sends one request and answers with the length of the body that came back.
async fn once(server: SocketAddr, request: &str) -> usize {
    let mut stream = TcpStream::connect(server).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut buffer = Vec::new();
    let (head, length) = answer(&mut stream, &mut buffer).await;
    let status = String::from_utf8_lossy(&buffer[..head]).lines().next().unwrap().to_owned();
    assert!(status.contains(" 200 "), "{status}");
    length
}

/// Requests answered in a second, over all connections.
async fn rate(
    server: SocketAddr,
    request: impl Fn(usize, usize) -> Arc<str> + Clone + Send + 'static,
) -> f64 {
    let mut clients = JoinSet::new();
    for connection in 0..CONNECTIONS {
        let request = request.clone();
        clients.spawn(async move {
            let mut stream = TcpStream::connect(server).await.unwrap();
            stream.set_nodelay(true).unwrap();
            let (begin, mut buffer, mut counted, mut sent) = (Instant::now(), Vec::new(), 0_u32, 0);
            while begin.elapsed() < WARM + MEASURED {
                stream.write_all(request(connection, sent).as_bytes()).await.unwrap();
                answer(&mut stream, &mut buffer).await;
                sent += 1;
                counted += u32::from(begin.elapsed() > WARM);
            }
            counted
        });
    }
    let counted: u32 = clients.join_all().await.into_iter().sum();
    f64::from(counted) / MEASURED.as_secs_f64()
}

/// Reads one answer: where its head ends, and how long its body is.
async fn answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> (usize, usize) {
    buffer.clear();
    loop {
        assert!(stream.read_buf(buffer).await.unwrap() > 0, "the server hung up");
        let Some(head) = buffer.windows(4).position(|it| it == b"\r\n\r\n").map(|at| at + 4) else {
            continue;
        };
        let length = std::str::from_utf8(&buffer[..head])
            .unwrap()
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .map_or(0, |(_, length)| length.trim().parse().unwrap());
        if buffer.len() >= head + length {
            return (head, length);
        }
    }
}
