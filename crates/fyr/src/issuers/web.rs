//! Keys over the network: what an issuer's own description leads to (`OpenID` Connect Discovery
//! 1.0). Asks only whom the operator has named, says nothing of anybody, and follows no redirects.

use std::{sync::Arc, time::Duration};

use axum::http::{HeaderMap, Method, header};
use hyper::body::Bytes;
use identity::jwt::Keys;
use jiff::SignedDuration;
use operations::sign_in::issuers::{Fetch, Fetched, Fetching, Unfetched};
use serde::Deserialize;

use crate::outgoing::{Ask, Https, Reach};

/// Each of the two answers comes within this time, or not at all.
const WAIT: Duration = Duration::from_secs(5);
/// Large issuers have keys of some KiB.
const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// Fetches over HTTPS, by certificates that the machine's authorities have signed.
pub struct Web(Arc<Https>);

/// What an issuer says of itself, as far as it matters here.
#[derive(Deserialize)]
struct Description {
    issuer: String,
    jwks_uri: String,
}

impl Web {
    /// Asks by that way.
    pub fn by(https: Arc<Https>) -> Self {
        Self(https)
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

    /// The operator has named whom to ask, so it may be anybody.
    async fn get(&self, url: &str) -> Result<(HeaderMap, Bytes), Unfetched> {
        let headers = [(header::ACCEPT, "application/json")];
        let ask = Ask { method: Method::GET, url, headers: &headers, body: Bytes::new() };
        let answer = self.0.answer(ask, Reach::Anywhere, (WAIT, ANSWER_BYTES_MAX)).await;
        let answer = answer.map_err(|why| Unfetched::new(format!("{url}: {why}")))?;
        if answer.status != 200 {
            return Err(Unfetched::new(format!("{url} answered {}", answer.status)));
        }
        Ok((answer.headers, answer.body))
    }
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
