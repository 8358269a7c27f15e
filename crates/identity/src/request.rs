//! What a client says at the token endpoint, parsed once.

use base64::{Engine, prelude::BASE64_STANDARD};
use ids::guid::AppId;

use crate::{
    code::Redeemer,
    form::{Form, decoded},
    refusal::{Refused, quoted},
    secret::Sensitive,
    step_up,
};

/// No secret, password, code or token that Fyr knows is longer.
const SECRET_BYTES_MAX: usize = 4096;
/// A statement may bring its certificates along.
const ASSERTION_BYTES_MAX: usize = 16 * 1024;
/// The scopes that clients ask for stay far below.
const SCOPE_BYTES_MAX: usize = 4096;
/// The one kind of statement (RFC 7523, section 2.2).
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Which client asks, and how it shows that it is that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientClaim {
    pub app: AppId,
    pub proof: Option<Proof>,
}

/// How a client shows that it is who it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    Secret(Sensitive),
    /// A signed statement.
    Assertion(Sensitive),
}

/// What a token is asked for with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grant {
    ClientCredentials,
    Password { username: String, password: Sensitive },
    DeviceCode(Sensitive),
    RefreshToken(Sensitive),
    AuthorizationCode(Redeemer),
}

/// A whole request for a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRequest {
    pub client: ClientClaim,
    pub grant: Grant,
    pub scope: String,
    /// Repeated in the id token.
    pub nonce: Option<String>,
    /// Where the page is from whose script asks; none where no page does.
    pub origin: Option<String>,
    /// Whether more than a password is asked for.
    pub multiple_factors: bool,
}

/// What the headers of a request for a token say.
#[derive(Clone, Copy, Debug, Default)]
pub struct Said<'a> {
    /// In which a client may state its secret.
    pub authorization: Option<&'a str>,
    pub origin: Option<&'a str>,
}

/// A request for a device code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceRequest {
    pub app: AppId,
    pub scope: String,
}

impl TokenRequest {
    /// Reads a form that was sent to that directory.
    pub fn parse(form: &Form, said: Said<'_>, directory: &str) -> Result<Self, Refused> {
        let grant = grant(form)?;
        let client = client(form, said.authorization, directory)?;
        let scope = scope(form)?.unwrap_or_default();
        if grant == Grant::ClientCredentials && scope.is_empty() {
            return Err(Refused::Missing("scope"));
        }
        let nonce = form.get("nonce").map(quoted);
        let origin = said.origin.map(str::to_owned);
        let multiple_factors = step_up::wanted(form)?;
        Ok(Self { client, grant, scope, nonce, origin, multiple_factors })
    }
}

impl DeviceRequest {
    /// Reads a form that was sent to that directory.
    pub fn parse(form: &Form, directory: &str) -> Result<Self, Refused> {
        let app = app(form.get("client_id").ok_or(Refused::Missing("client_id"))?, directory)?;
        let scope = scope(form)?.ok_or(Refused::Missing("scope"))?;
        Ok(Self { app, scope })
    }
}

/// What is asked for. It is kept with codes, so its length is bounded.
pub(crate) fn scope(form: &Form) -> Result<Option<String>, Refused> {
    let Some(text) = form.get("scope") else { return Ok(None) };
    if text.len() > SCOPE_BYTES_MAX {
        return Err(Refused::Malformed("the scope is too long"));
    }
    Ok(Some(text.to_owned()))
}

/// The MSAL of Python sends `code` and `device_code`; the one of node has its own name for the
/// grant.
fn grant(form: &Form) -> Result<Grant, Refused> {
    match form.get("grant_type").ok_or(Refused::Missing("grant_type"))? {
        "client_credentials" => Ok(Grant::ClientCredentials),
        "password" => {
            let username = form.get("username").ok_or(Refused::Missing("username"))?;
            let password = sensitive(form, "password")?;
            Ok(Grant::Password { username: username.trim().to_owned(), password })
        }
        "urn:ietf:params:oauth:grant-type:device_code" | "device_code" => {
            let code = sensitive(form, "device_code").or_else(|_| sensitive(form, "code"));
            Ok(Grant::DeviceCode(code.map_err(|_| Refused::Missing("device_code"))?))
        }
        "refresh_token" => Ok(Grant::RefreshToken(sensitive(form, "refresh_token")?)),
        "authorization_code" => {
            let redirect = form.get("redirect_uri").ok_or(Refused::Missing("redirect_uri"))?;
            let verifier = form.get("code_verifier").map(|_| sensitive(form, "code_verifier"));
            let (code, verifier) = (sensitive(form, "code")?, verifier.transpose()?);
            let redirect = redirect.to_owned();
            Ok(Grant::AuthorizationCode(Redeemer { code, redirect, verifier }))
        }
        other => Err(Refused::UnsupportedGrant(quoted(other))),
    }
}

fn sensitive(form: &Form, name: &'static str) -> Result<Sensitive, Refused> {
    let value = form.get(name).ok_or(Refused::Missing(name))?;
    if value.len() > SECRET_BYTES_MAX {
        return Err(Refused::Malformed("a secret is too long"));
    }
    Ok(Sensitive(value.to_owned()))
}

fn client(
    form: &Form,
    authorization: Option<&str>,
    directory: &str,
) -> Result<ClientClaim, Refused> {
    let basic = authorization.map(|header| basic(header, directory)).transpose()?;
    let named = form.get("client_id").map(|text| app(text, directory)).transpose()?;
    let app = match (&basic, named) {
        (Some((app, _)), None) => *app,
        (Some((app, _)), Some(named)) if *app == named => named,
        (Some(_), Some(_)) => return Err(Refused::Malformed("two clients are named")),
        (None, Some(named)) => named,
        (None, None) => return Err(Refused::Missing("client_id")),
    };
    let secret = form.get("client_secret").map(|_| sensitive(form, "client_secret")).transpose()?;
    let assertion = assertion(form)?.map(Proof::Assertion);
    let stated =
        [basic.map(|(_, secret)| Proof::Secret(secret)), secret.map(Proof::Secret), assertion];
    let mut stated = stated.into_iter().flatten();
    let proof = stated.next();
    if stated.next().is_some() {
        return Err(Refused::Malformed("a client may state one proof of who it is"));
    }
    Ok(ClientClaim { app, proof })
}

/// A signed statement, with its chain of certificates where the client sends it.
fn assertion(form: &Form) -> Result<Option<Sensitive>, Refused> {
    let Some(text) = form.get("client_assertion") else { return Ok(None) };
    let kind = form.get("client_assertion_type");
    if kind.ok_or(Refused::Missing("client_assertion_type"))? != ASSERTION_TYPE {
        return Err(Refused::Malformed("the client_assertion_type is not supported"));
    }
    if text.len() > ASSERTION_BYTES_MAX {
        return Err(Refused::AssertionMalformed);
    }
    Ok(Some(Sensitive(text.to_owned())))
}

pub(crate) fn app(text: &str, directory: &str) -> Result<AppId, Refused> {
    let unknown = |_| Refused::ClientNotFound { app: quoted(text), directory: quoted(directory) };
    text.parse().map_err(unknown)
}

/// `Basic base64(id:secret)`, both parts form-encoded (RFC 6749, section 2.3.1).
fn basic(header: &str, directory: &str) -> Result<(AppId, Sensitive), Refused> {
    const BAD: Refused = Refused::Malformed("the Authorization header is not understood");
    let (scheme, value) = header.split_once(' ').ok_or(BAD)?;
    if !scheme.eq_ignore_ascii_case("basic") || value.len() > SECRET_BYTES_MAX {
        return Err(BAD);
    }
    let bytes = BASE64_STANDARD.decode(value.trim()).map_err(|_| BAD)?;
    let text = String::from_utf8(bytes).map_err(|_| BAD)?;
    let (id, secret) = text.split_once(':').ok_or(BAD)?;
    let (id, secret) = (decoded(id).map_err(|_| BAD)?, decoded(secret).map_err(|_| BAD)?);
    Ok((app(&id, directory)?, Sensitive(secret)))
}

#[cfg(test)]
mod tests;
