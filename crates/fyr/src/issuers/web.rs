//! Keys over the network: what an issuer's own description leads to (`OpenID` Connect Discovery
//! 1.0). Asks only whom the operator has named, says nothing of anybody, and follows no redirects.

use std::{sync::Arc, time::Duration};

use axum::http::{HeaderMap, Method, Request, StatusCode, Uri, header, uri::Scheme};
use http_body_util::{BodyExt, Empty, Limited};
use hyper::{body::Bytes, client::conn::http1};
use hyper_util::rt::TokioIo;
use identity::jwt::Keys;
use jiff::SignedDuration;
use operations::sign_in::issuers::{Fetch, Fetched, Fetching, Unfetched};
use rustls::{
    ClientConfig, RootCertStore, client::WebPkiServerVerifier, crypto::aws_lc_rs,
    pki_types::ServerName,
};
use serde::Deserialize;
use tokio::{net::TcpStream, task::JoinSet, time::timeout};
use tokio_rustls::TlsConnector;

/// Each of the two answers comes within this time, or not at all.
const WAIT: Duration = Duration::from_secs(5);
/// Large issuers have keys of some KiB.
const ANSWER_BYTES_MAX: usize = 64 * 1024;
const HTTPS_PORT: u16 = 443;

/// Fetches over HTTPS, by certificates that these authorities have signed.
pub struct Web(TlsConnector);

/// What an issuer says of itself, as far as it matters here.
#[derive(Deserialize)]
struct Description {
    issuer: String,
    jwks_uri: String,
}

impl Web {
    /// Trusts whom the machine trusts; `SSL_CERT_FILE` may name others.
    pub fn of_this_machine() -> anyhow::Result<Self> {
        let mut authorities = RootCertStore::empty();
        authorities.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        anyhow::ensure!(!authorities.is_empty(), "this machine trusts no certificate authority");
        Self::trusting(authorities)
    }

    fn trusting(authorities: RootCertStore) -> anyhow::Result<Self> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let (known, by) = (Arc::new(authorities), Arc::clone(&provider));
        let verifier = WebPkiServerVerifier::builder_with_provider(known, by).build()?;
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_webpki_verifier(verifier)
            .with_no_client_auth();
        Ok(Self(TlsConnector::from(Arc::new(config))))
    }

    async fn described(&self, issuer: &str) -> Result<Fetched, Unfetched> {
        let place = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let (_, text) = self.get(&place).await?;
        let description = serde_json::from_slice(&text);
        let Description { issuer: named, jwks_uri } =
            description.map_err(|_| Unfetched::new("its description is no JSON of that kind"))?;
        if named != issuer {
            return Err(Unfetched::new("its description is another issuer's"));
        }
        let (headers, text) = self.get(&jwks_uri).await?;
        let text = str::from_utf8(&text).map_err(Unfetched::new)?;
        Ok(Fetched {
            keys: Keys::parse(text).map_err(Unfetched::new)?,
            lifetime: lifetime(&headers),
        })
    }

    async fn get(&self, url: &str) -> Result<(HeaderMap, Bytes), Unfetched> {
        let late = |_| Unfetched::new(format!("{url} did not answer in time"));
        timeout(WAIT, self.answer(url)).await.map_err(late)?
    }

    async fn answer(&self, url: &str) -> Result<(HeaderMap, Bytes), Unfetched> {
        let uri: Uri = url.parse().map_err(Unfetched::new)?;
        let (Some(host), true) = (uri.host(), uri.scheme() == Some(&Scheme::HTTPS)) else {
            return Err(Unfetched::new(format!("{url} does not begin with https://")));
        };
        let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned());
        let address = (host, uri.port_u16().unwrap_or(HTTPS_PORT));
        let plain = TcpStream::connect(address).await.map_err(Unfetched::new)?;
        let sealed = self.0.connect(name.map_err(Unfetched::new)?, plain).await;
        let stream = TokioIo::new(sealed.map_err(Unfetched::new)?);
        let (mut sender, connection) = http1::handshake(stream).await.map_err(Unfetched::new)?;
        // Ends with this function, whatever the other side does.
        let mut carrying = JoinSet::new();
        carrying.spawn(connection);
        let answer = sender.send_request(request(&uri, host)?).await.map_err(Unfetched::new)?;
        let (head, body) = answer.into_parts();
        if head.status != StatusCode::OK {
            return Err(Unfetched::new(format!("{url} answered {}", head.status)));
        }
        let whole = Limited::new(body, ANSWER_BYTES_MAX).collect().await;
        Ok((head.headers, whole.map_err(Unfetched::new)?.to_bytes()))
    }
}

fn request(uri: &Uri, host: &str) -> Result<Request<Empty<Bytes>>, Unfetched> {
    let path = uri.path_and_query().map_or("/", |it| it.as_str());
    let authority = uri.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    let request = Request::builder()
        .method(Method::GET)
        .uri(path)
        .header(header::HOST, authority)
        .header(header::ACCEPT, "application/json");
    request.body(Empty::new()).map_err(Unfetched::new)
}

/// How long an answer may be kept, if it says so.
fn lifetime(headers: &HeaderMap) -> Option<SignedDuration> {
    let said = headers.get(header::CACHE_CONTROL)?.to_str().ok()?;
    let mut words = said.split(',').map(str::trim);
    let seconds = words.find_map(|word| word.strip_prefix("max-age="))?;
    seconds.parse::<u32>().ok().map(|it| SignedDuration::from_secs(it.into()))
}

impl Fetch for Web {
    fn keys<'a>(&'a self, issuer: &'a str) -> Fetching<'a> {
        Box::pin(self.described(issuer))
    }
}

#[cfg(test)]
mod tests;
