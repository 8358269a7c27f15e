//! A running Fyr's marketplace, as its publishers ask it.

use std::time::Duration;

use anyhow::{Context, bail};
use axum::http::{HeaderName, Method, header};
use hyper::body::Bytes;
use rustls::{
    RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};
use serde_json::Value;

use crate::{
    cli::Online,
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
    token: String,
    runtime: tokio::runtime::Runtime,
}

impl Server {
    /// Signs in to the Fyr that is meant.
    pub(super) fn of(online: &Online) -> anyhow::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (origin, https) = match &online.server {
            Some(origin) => (origin.trim_end_matches('/').to_owned(), Https::of_this_machine()?),
            None => here(online)?,
        };
        let mut server = Self { https, origin, token: String::new(), runtime };
        server.token = match variable("FYR_TOKEN") {
            Some(token) => token,
            None => server.signed_in()?,
        };
        Ok(server)
    }

    /// A token for the application whose id and secret are in the environment.
    fn signed_in(&self) -> anyhow::Result<String> {
        let named = (
            variable("AZURE_TENANT_ID"),
            variable("AZURE_CLIENT_ID"),
            variable("AZURE_CLIENT_SECRET"),
        );
        let (Some(tenant), Some(client), Some(secret)) = named else {
            bail!(
                "nobody has signed in: set AZURE_TENANT_ID, AZURE_CLIENT_ID and \
                 AZURE_CLIENT_SECRET, or FYR_TOKEN"
            );
        };
        let form: String = form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "client_credentials")
            .append_pair("client_id", &client)
            .append_pair("client_secret", &secret)
            .append_pair("scope", &format!("{}/.default", self.origin))
            .finish();
        let url = format!("{}/{tenant}/oauth2/v2.0/token", self.login()?);
        let kind = [(header::CONTENT_TYPE, "application/x-www-form-urlencoded")];
        let answer = self.send(Method::POST, &url, &kind, form.into())?;
        let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let token = body.get("access_token").and_then(Value::as_str);
        let why = body.get("error_description").and_then(Value::as_str).unwrap_or("no reason");
        token.map(str::to_owned).with_context(|| format!("the sign-in was refused: {why}"))
    }

    /// Where to sign in, as whoever comes without a token is told.
    fn login(&self) -> anyhow::Result<String> {
        let url = format!("{}/market/account", self.origin);
        let answer = self.send(Method::GET, &url, &[], Bytes::new())?;
        let told = answer.headers.get(header::WWW_AUTHENTICATE);
        let told = told.and_then(|it| it.to_str().ok()).unwrap_or_default();
        let (_, rest) = told.split_once("authorization_uri=\"").unwrap_or_default();
        let place = rest.split("/common/").next().filter(|it| it.starts_with("https://"));
        let place = place.with_context(|| format!("`{}` is no marketplace", self.origin))?;
        // A secret goes to whom it was meant for, not to whoever a server names.
        let is_known = variable("AZURE_AUTHORITY_HOST")
            .is_some_and(|known| known.trim_end_matches('/') == place);
        anyhow::ensure!(
            is_known || host(place) == host(&self.origin),
            "`{}` has its sign-in at `{place}`; set AZURE_AUTHORITY_HOST to that if it is right",
            self.origin
        );
        Ok(place.to_owned())
    }

    pub(super) fn get(&self, path: &str) -> anyhow::Result<Value> {
        self.asked(Method::GET, path, &[], Bytes::new())
    }

    pub(super) fn post(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        let kind = [(header::CONTENT_TYPE, "application/json")];
        self.asked(Method::POST, path, &kind, body.to_string().into())
    }

    /// Uploads a picture, and answers what is kept of it.
    pub(super) fn upload(&self, path: &str, bytes: &[u8]) -> anyhow::Result<Value> {
        let kind = [(header::CONTENT_TYPE, "image/png")];
        self.asked(Method::POST, path, &kind, Bytes::copy_from_slice(bytes))
    }

    /// A picture.
    pub(super) fn picture(&self, digest: &str) -> anyhow::Result<Bytes> {
        let answer =
            self.answered(Method::GET, &format!("/market/media/{digest}"), &[], Bytes::new())?;
        Ok(answer.body)
    }

    /// What a list holds, with all its pages.
    pub(super) fn all(&self, path: &str) -> anyhow::Result<Vec<Value>> {
        let (mut found, mut next) = (Vec::new(), Some(path.to_owned()));
        while let Some(path) = next.take() {
            let page = self.get(&path)?;
            let items = page.get("value").and_then(Value::as_array);
            found.extend(items.cloned().unwrap_or_default());
            let link = page.get("@nextLink").or_else(|| page.get("nextLink"));
            let link = link.and_then(Value::as_str).and_then(|it| it.strip_prefix(&self.origin));
            next = link.map(str::to_owned);
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
        let bearer = format!("Bearer {}", self.token);
        let mut headers = headers.to_vec();
        headers.push((header::AUTHORIZATION, &bearer));
        let answer = self.send(method, &format!("{}{path}", self.origin), &headers, body)?;
        if (200..300).contains(&answer.status) {
            return Ok(answer);
        }
        let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let told = body.pointer("/error/message").and_then(Value::as_str);
        bail!("{} ({})", told.unwrap_or("the marketplace refused it"), answer.status)
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

/// A variable of the environment that says something.
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|it| !it.is_empty())
}

fn host(url: &str) -> Option<String> {
    let uri: axum::http::Uri = url.parse().ok()?;
    uri.host().map(str::to_ascii_lowercase)
}

/// The Fyr of a data folder on this machine, by its own certificate authority.
fn here(online: &Online) -> anyhow::Result<(String, Https)> {
    let folder = Folder::open(&online.folder)?;
    let ports = Ports::remembered(&folder)?;
    let ports = ports.context("this Fyr was never started; `fyr up` does that")?;
    let authority = std::fs::read(folder.path().join("ca.pem"))?;
    let mut authorities = RootCertStore::empty();
    authorities.add(CertificateDer::from_pem_slice(&authority)?)?;
    Ok((ports.origins().graph, Https::trusting(authorities)?))
}
