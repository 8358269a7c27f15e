//! Requests over the network, to others: the one way out.
//!
//! HTTPS alone, by certificates that the machine trusts; no redirects, no cookies, no token of
//! anybody's. Where somebody else has said whom to ask, only public addresses are, as the name
//! resolves: the very address that was looked at is connected to.

use std::{fmt, net::SocketAddr, sync::Arc, time::Duration};

use axum::http::{HeaderMap, HeaderName, Method, Request, Uri, header, uri::Scheme};
use http_body_util::{BodyExt, Full, Limited};
use hyper::{body::Bytes, client::conn::http1};
use hyper_util::rt::TokioIo;
use rustls::{
    ClientConfig, RootCertStore, client::WebPkiServerVerifier, crypto::aws_lc_rs,
    pki_types::ServerName,
};
use tokio::{
    net::{TcpStream, lookup_host},
    task::JoinSet,
    time::timeout,
};
use tokio_rustls::TlsConnector;

mod address;

pub use address::is_public;

const HTTPS_PORT: u16 = 443;
/// How many addresses of one name are tried.
const ADDRESSES_MAX: usize = 4;

/// Whom a request may reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Public addresses alone: nothing of the network that this machine stands in.
    Public,
    /// This machine and its network, too.
    Anywhere,
}

/// A request.
#[derive(Debug)]
pub struct Ask<'a> {
    pub method: Method,
    pub url: &'a str,
    pub headers: &'a [(HeaderName, &'a str)],
    pub body: Bytes,
}

/// What came back, whatever its status.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// Why nothing came back.
#[derive(Debug)]
pub enum Unanswered {
    /// It is no address that may be asked.
    Address(&'static str),
    /// It did not come in time.
    Late,
    /// What went wrong on the way.
    Broken(Box<dyn std::error::Error + Send + Sync>),
}

impl fmt::Display for Unanswered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(why) => f.write_str(why),
            Self::Late => f.write_str("no answer in time"),
            Self::Broken(error) => error.fmt(f),
        }
    }
}

fn broken(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Unanswered {
    Unanswered::Broken(error.into())
}

/// The way out, by certificates that these authorities have signed.
pub struct Https(TlsConnector);

impl Https {
    /// Trusts whom the machine trusts; `SSL_CERT_FILE` may name others.
    pub fn of_this_machine() -> anyhow::Result<Self> {
        let mut authorities = RootCertStore::empty();
        authorities.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        anyhow::ensure!(!authorities.is_empty(), "this machine trusts no certificate authority");
        Self::trusting(authorities)
    }

    /// Trusts these alone.
    pub fn trusting(authorities: RootCertStore) -> anyhow::Result<Self> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let (known, by) = (Arc::new(authorities), Arc::clone(&provider));
        let verifier = WebPkiServerVerifier::builder_with_provider(known, by).build()?;
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_webpki_verifier(verifier)
            .with_no_client_auth();
        Ok(Self(TlsConnector::from(Arc::new(config))))
    }

    /// Asks, and reads so much of the answer as may be, all of it within that time.
    pub async fn answer(
        &self,
        ask: Ask<'_>,
        reach: Reach,
        (wait, bytes_max): (Duration, usize),
    ) -> Result<Answer, Unanswered> {
        let answer = self.exchange(ask, reach, bytes_max);
        timeout(wait, answer).await.map_err(|_| Unanswered::Late)?
    }

    async fn exchange(
        &self,
        ask: Ask<'_>,
        reach: Reach,
        bytes_max: usize,
    ) -> Result<Answer, Unanswered> {
        let uri: Uri = ask.url.parse().map_err(broken)?;
        let (Some(host), true) = (uri.host(), uri.scheme() == Some(&Scheme::HTTPS)) else {
            return Err(Unanswered::Address("it does not begin with https://"));
        };
        let bare = host.trim_matches(['[', ']']);
        let name = ServerName::try_from(bare.to_owned()).map_err(broken)?;
        let request = request(&uri, host, ask)?;
        let plain = connect(bare, uri.port_u16().unwrap_or(HTTPS_PORT), reach).await?;
        let stream = TokioIo::new(self.0.connect(name, plain).await.map_err(broken)?);
        let (mut sender, connection) = http1::handshake(stream).await.map_err(broken)?;
        // Ends with this function, whatever the other side does.
        let mut carrying = JoinSet::new();
        carrying.spawn(connection);
        let answer = sender.send_request(request).await.map_err(broken)?;
        let (head, body) = answer.into_parts();
        let body = Limited::new(body, bytes_max).collect().await.map_err(broken)?.to_bytes();
        Ok(Answer { status: head.status.as_u16(), headers: head.headers, body })
    }
}

/// Connects to an address of that name which may be reached.
async fn connect(host: &str, port: u16, reach: Reach) -> Result<TcpStream, Unanswered> {
    let found = lookup_host((host, port)).await.map_err(broken)?;
    let may = |it: &SocketAddr| match reach {
        Reach::Anywhere => true,
        Reach::Public => is_public(it.ip()),
    };
    let mut last = Unanswered::Address("it is at no address that may be reached");
    for address in found.filter(may).take(ADDRESSES_MAX) {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => last = broken(error),
        }
    }
    Err(last)
}

fn request(uri: &Uri, host: &str, ask: Ask<'_>) -> Result<Request<Full<Bytes>>, Unanswered> {
    let path = uri.path_and_query().map_or("/", |it| it.as_str());
    let authority = uri.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    let first = Request::builder().method(ask.method).uri(path).header(header::HOST, authority);
    let whole = ask.headers.iter().fold(first, |it, (name, value)| it.header(name, *value));
    whole.body(Full::new(ask.body)).map_err(broken)
}
