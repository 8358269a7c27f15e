//! A running Fyr, as its publishers and its customers ask it over the network.

mod sign_in;

use std::{path::Path, time::Duration};

use anyhow::Context;
use axum::http::{HeaderName, Method, header};
use hyper::body::Bytes;
use operations::plane::Origins;
use rustls::{
    RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};
use serde_json::Value;

use crate::{
    cli::{InSubscription, Online},
    folder::Folder,
    outgoing::{Answer, Ask, Https, Reach},
    ports::Ports,
};

/// Long enough for a draft with ten thousand subscriptions.
const WAIT: Duration = Duration::from_mins(1);
const ANSWER_BYTES_MAX: usize = 16 << 20;

/// Whom to ask, and as whom.
pub(super) struct Server {
    https: Https,
    origin: String,
    /// None where nobody has to say who asks.
    token: Option<String>,
    runtime: tokio::runtime::Runtime,
}

/// What a server said no to.
#[derive(Debug, thiserror::Error)]
#[error("{message} ({status})")]
pub(super) struct Refused {
    pub(super) status: u16,
    message: String,
}

impl Refused {
    /// Whether that is why something failed.
    pub(super) fn is(error: &anyhow::Error, status: u16) -> bool {
        error.downcast_ref::<Self>().is_some_and(|it| it.status == status)
    }
}

impl Server {
    /// The marketplace, by somebody who signed in.
    pub(super) fn marketplace(online: &Online) -> anyhow::Result<Self> {
        Self::signed_in(Self::storefront(online)?, "/market/account")
    }

    /// The marketplace, by anybody.
    pub(super) fn storefront(online: &Online) -> anyhow::Result<Self> {
        Self::of(online.server.as_deref(), &online.folder, |it| it.graph)
    }

    /// Resource Manager, by somebody who signed in.
    pub(super) fn resource_manager(at: &InSubscription) -> anyhow::Result<Self> {
        let server = Self::of(at.server.as_deref(), &at.folder, |it| it.arm)?;
        Self::signed_in(server, "/subscriptions?api-version=2022-12-01")
    }

    fn of(
        origin: Option<&str>,
        folder: &Path,
        service: impl Fn(Origins) -> String,
    ) -> anyhow::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (origin, https) = if let Some(origin) = origin {
            (origin.trim_end_matches('/').to_owned(), Https::of_this_machine()?)
        } else {
            let (origins, https) = here(folder)?;
            (service(origins), https)
        };
        Ok(Self { https, origin, token: None, runtime })
    }

    /// The same, with a token; `closed` is a path that tells who comes without where to sign in.
    fn signed_in(mut self, closed: &str) -> anyhow::Result<Self> {
        self.token = Some(sign_in::token(&self, closed)?);
        Ok(self)
    }

    pub(super) fn get(&self, path: &str) -> anyhow::Result<Value> {
        self.asked(Method::GET, path, &[], Bytes::new())
    }

    pub(super) fn post(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        self.asked(Method::POST, path, &JSON, body.to_string().into())
    }

    /// Writes what has no older form to look at.
    pub(super) fn put(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        self.asked(Method::PUT, path, &JSON, body.to_string().into())
    }

    /// Writes it only where that holds: `If-None-Match: *`, or `If-Match` with an `ETag`.
    pub(super) fn put_where(
        &self,
        path: &str,
        condition: (HeaderName, &str),
        body: &Value,
    ) -> anyhow::Result<Value> {
        let headers = [JSON.as_slice(), &[condition]].concat();
        self.asked(Method::PUT, path, &headers, body.to_string().into())
    }

    pub(super) fn delete(&self, path: &str) -> anyhow::Result<()> {
        self.asked(Method::DELETE, path, &[], Bytes::new()).map(|_| ())
    }

    /// Uploads a picture, and answers what is kept of it.
    pub(super) fn upload(&self, path: &str, bytes: &[u8]) -> anyhow::Result<Value> {
        let kind = [(header::CONTENT_TYPE, "image/png")];
        self.asked(Method::POST, path, &kind, Bytes::copy_from_slice(bytes))
    }

    /// Writes a list (CSV), if what it is part of has that `ETag` still.
    pub(super) fn put_list(&self, path: &str, etag: &str, list: &str) -> anyhow::Result<Value> {
        let headers = [(header::CONTENT_TYPE, "text/csv"), (header::IF_MATCH, etag)];
        self.asked(Method::PUT, path, &headers, list.to_owned().into())
    }

    /// What is no JSON: a picture, or a list.
    pub(super) fn bytes(&self, path: &str) -> anyhow::Result<Bytes> {
        Ok(self.answered(Method::GET, path, &[], Bytes::new())?.body)
    }

    /// What a list holds, with all its pages.
    pub(super) fn all(&self, path: &str) -> anyhow::Result<Vec<Value>> {
        let (mut found, mut next) = (Vec::new(), Some(path.to_owned()));
        while let Some(path) = next.take() {
            let page = self.get(&path)?;
            let items = page.get("value").or_else(|| page.get("items"));
            found.extend(items.and_then(Value::as_array).cloned().unwrap_or_default());
            let links = ["@nextLink", "nextLink", "nextPageLink"];
            let link = links.into_iter().find_map(|name| page.get(name)?.as_str());
            next = link.and_then(|it| it.strip_prefix(&self.origin)).map(str::to_owned);
        }
        Ok(found)
    }

    fn asked(
        &self,
        method: Method,
        path: &str,
        headers: &[(HeaderName, &str)],
        body: Bytes,
    ) -> anyhow::Result<Value> {
        let answer = self.answered(method, path, headers, body)?;
        Ok(serde_json::from_slice(&answer.body).unwrap_or_default())
    }

    /// What came back, if it is no refusal.
    fn answered(
        &self,
        method: Method,
        path: &str,
        headers: &[(HeaderName, &str)],
        body: Bytes,
    ) -> anyhow::Result<Answer> {
        let bearer = self.token.as_ref().map(|token| format!("Bearer {token}"));
        let bearer = bearer.as_deref().map(|bearer| (header::AUTHORIZATION, bearer));
        let headers: Vec<(HeaderName, &str)> = headers.iter().cloned().chain(bearer).collect();
        let answer = self.send(method, &format!("{}{path}", self.origin), &headers, body)?;
        if (200..300).contains(&answer.status) {
            return Ok(answer);
        }
        let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let told = match text(&body, "/error/message") {
            "" => "the server refused it",
            told => told,
        };
        let message = if answer.status == 401 {
            let origin = &self.origin;
            format!(
                "{told} `az account get-access-token --resource {origin}` prints a token for FYR_TOKEN."
            )
        } else {
            told.to_owned()
        };
        Err(Refused { status: answer.status, message }.into())
    }

    fn send(
        &self,
        method: Method,
        url: &str,
        headers: &[(HeaderName, &str)],
        body: Bytes,
    ) -> anyhow::Result<Answer> {
        let ask = Ask { method, url, headers, body };
        let answer = self.https.answer(ask, Reach::Anywhere, (WAIT, ANSWER_BYTES_MAX));
        let answer = self.runtime.block_on(answer);
        answer.map_err(|why| anyhow::anyhow!("`{}` does not answer: {why}", self.origin))
    }
}

const JSON: [(HeaderName, &str); 1] = [(header::CONTENT_TYPE, "application/json")];

/// The text that an answer has there; nothing where it has none.
pub(super) fn text<'a>(of: &'a Value, pointer: &str) -> &'a str {
    of.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// The list that an answer has there.
pub(super) fn list<'a>(of: &'a Value, pointer: &str) -> &'a [Value] {
    of.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The Fyr of a data folder on this machine, by its own certificate authority.
fn here(folder: &Path) -> anyhow::Result<(Origins, Https)> {
    let folder = Folder::open(folder)?;
    let ports = Ports::remembered(&folder)?;
    let ports = ports.context("this Fyr was never started; `fyr up` does that")?;
    let authority = std::fs::read(folder.path().join("ca.pem"))?;
    let mut authorities = RootCertStore::empty();
    authorities.add(CertificateDer::from_pem_slice(&authority)?)?;
    Ok((ports.origins(), Https::trusting(authorities)?))
}
