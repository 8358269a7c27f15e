//! As whom a command asks: a token from the environment, an application's secret, or whoever has
//! signed in to the Azure CLI.

use std::process::{Command, Stdio};

use anyhow::{Context, bail};
use axum::http::{Method, Uri, header};
use hyper::body::Bytes;
use serde_json::Value;

use super::{Server, text};

/// A token for the server. What the environment says comes before az.
pub(super) fn token(server: &Server, closed: &str) -> anyhow::Result<String> {
    if let Some(token) = variable("FYR_TOKEN") {
        return Ok(token);
    }
    let tenant = variable("AZURE_TENANT_ID");
    match (tenant, variable("AZURE_CLIENT_ID"), variable("AZURE_CLIENT_SECRET")) {
        (Some(tenant), Some(client), Some(secret)) => {
            of_application(server, closed, (&tenant, &client, &secret))
        }
        (Some(_) | None, None, None) => of_az(&server.origin),
        // Who means an application is not to act as somebody else by a slip.
        (_, Some(_), None) | (_, None, Some(_)) | (None, Some(_), Some(_)) => bail!(
            "an application signs in by AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET \
             together: set those that are missing, or none"
        ),
    }
}

/// A token for the application whose id and secret are in the environment.
fn of_application(
    server: &Server,
    closed: &str,
    (tenant, client, secret): (&str, &str, &str),
) -> anyhow::Result<String> {
    let form: String = form_urlencoded::Serializer::new(String::new())
        .append_pair("grant_type", "client_credentials")
        .append_pair("client_id", client)
        .append_pair("client_secret", secret)
        .append_pair("scope", &format!("{}/.default", server.origin))
        .finish();
    let url = format!("{}/{tenant}/oauth2/v2.0/token", login(server, closed)?);
    let kind = [(header::CONTENT_TYPE, "application/x-www-form-urlencoded")];
    let answer = server.send(Method::POST, &url, &kind, form.into())?;
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let token = body.get("access_token").and_then(Value::as_str);
    let why = body.get("error_description").and_then(Value::as_str).unwrap_or("no reason");
    token.map(str::to_owned).with_context(|| format!("the sign-in was refused: {why}"))
}

/// Where to sign in, as whoever comes without a token is told.
fn login(server: &Server, closed: &str) -> anyhow::Result<String> {
    let url = format!("{}{closed}", server.origin);
    let answer = server.send(Method::GET, &url, &[], Bytes::new())?;
    let told = answer.headers.get(header::WWW_AUTHENTICATE);
    let told = told.and_then(|it| it.to_str().ok()).unwrap_or_default();
    let place = place(told).with_context(|| format!("`{}` is no Fyr", server.origin))?;
    // A secret goes to whom it was meant for, not to whoever a server names.
    let is_known =
        variable("AZURE_AUTHORITY_HOST").is_some_and(|known| known.trim_end_matches('/') == place);
    anyhow::ensure!(
        is_known || host(&place) == host(&server.origin),
        "`{}` has its sign-in at `{place}`; set AZURE_AUTHORITY_HOST to that if it is right",
        server.origin
    );
    Ok(place)
}

/// The origin of the address that a challenge names.
fn place(challenge: &str) -> Option<String> {
    let (_, rest) = challenge.split_once("authorization_uri=\"")?;
    let uri: Uri = rest.split('"').next()?.parse().ok()?;
    let is_sound = uri.scheme_str() == Some("https");
    uri.authority().filter(|_| is_sound).map(|authority| format!("https://{authority}"))
}

/// A token of whoever has signed in to the Azure CLI, for this server alone.
fn of_az(origin: &str) -> anyhow::Result<String> {
    const NOBODY: &str = "nobody has signed in: `az login` does that, or set FYR_TOKEN, or \
                          AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET";
    let asked = ["account", "get-access-token", "--output", "json", "--resource", origin];
    let done = Command::new("az").args(asked).stdin(Stdio::null()).output().context(NOBODY)?;
    if !done.status.success() {
        bail!("{NOBODY}; az says: {}", String::from_utf8_lossy(&done.stderr).trim());
    }
    let answer: Value = serde_json::from_slice(&done.stdout).context("az printed no token")?;
    let token = text(&answer, "/accessToken");
    anyhow::ensure!(!token.is_empty(), "az printed no token");
    Ok(token.to_owned())
}

/// A variable of the environment that says something.
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|it| !it.is_empty())
}

fn host(url: &str) -> Option<String> {
    let uri: Uri = url.parse().ok()?;
    uri.host().map(str::to_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_to_sign_in_is_read_from_either_challenge_and_over_https_alone() {
        let found =
            |uri: &str| place(&format!("Bearer realm=\"\", authorization_uri=\"{uri}\", x"));
        let login = Some("https://localhost:8443".to_owned());
        assert_eq!(found("https://localhost:8443/common/oauth2/v2.0/authorize"), login);
        assert_eq!(found("https://localhost:8443/ffffffff-0000-4000-8000-000000000001"), login);
        assert_eq!(found("http://localhost:8443/common"), None);
        assert_eq!(found("/common"), None);
        assert_eq!(place("Bearer"), None);
    }
}
