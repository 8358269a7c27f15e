//! `application` and what it signs in with.

use jiff::Timestamp;
use model::directory::{
    Application, Audience, Credential, Secret,
    edit::{ApplicationEdit, FederatedEdit},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    Kind, View,
    body::{BadBody, Body},
    view,
};

/// `#microsoft.graph.application`.
pub const APPLICATION: Kind = Kind {
    name: "application",
    set: "applications",
    by_default: &[
        "id",
        "deletedDateTime",
        "appId",
        "applicationTemplateId",
        "disabledByMicrosoftStatus",
        "createdDateTime",
        "displayName",
        "description",
        "groupMembershipClaims",
        "identifierUris",
        "isDeviceOnlyAuthSupported",
        "isFallbackPublicClient",
        "notes",
        "publisherDomain",
        "signInAudience",
        "tags",
        "tokenEncryptionKeyId",
        "defaultRedirectUri",
        "optionalClaims",
        "addIns",
        "api",
        "appRoles",
        "info",
        "keyCredentials",
        "parentalControlSettings",
        "passwordCredentials",
        "publicClient",
        "requiredResourceAccess",
        "web",
        "spa",
    ],
    on_request: &[],
};

/// `#microsoft.graph.federatedIdentityCredential`.
pub const FEDERATED: Kind = Kind {
    name: "federatedIdentityCredential",
    set: "federatedIdentityCredentials",
    by_default: &["id", "name", "issuer", "subject", "description", "audiences"],
    on_request: &[],
};

/// All of an application.
pub fn application(it: &Application, held: &[Credential]) -> View {
    let audience = match it.audience {
        Audience::Home => "AzureADMyOrg",
        Audience::Organizations => "AzureADMultipleOrgs",
    };
    let certificates = held.iter().filter_map(certificate);
    view([
        ("id", json!(it.object)),
        ("appId", json!(it.app)),
        ("displayName", json!(it.display_name)),
        ("identifierUris", json!(it.identifier_uris)),
        ("isFallbackPublicClient", json!(it.public_by_default)),
        ("signInAudience", json!(audience)),
        ("tags", json!(it.tags)),
        ("addIns", json!([])),
        ("api", json!({ "oauth2PermissionScopes": [], "preAuthorizedApplications": [] })),
        ("appRoles", json!([])),
        ("keyCredentials", json!(certificates.collect::<Vec<_>>())),
        ("passwordCredentials", json!(held.iter().filter_map(secret).collect::<Vec<_>>())),
        ("publicClient", json!({ "redirectUris": it.redirects.public })),
        ("requiredResourceAccess", json!([])),
        ("web", json!({ "redirectUris": it.redirects.web, "logoutUrl": it.logout_url })),
        ("spa", json!({ "redirectUris": it.redirects.spa })),
    ])
}

/// A secret as it is listed: never itself.
fn secret(it: &Credential) -> Option<Value> {
    match it.secret {
        Secret::Chosen(_) | Secret::Drawn(_) | Secret::Redacted => Some(json!({
            "customKeyIdentifier": null,
            "displayName": it.display_name,
            "endDateTime": it.expires,
            "hint": null,
            "keyId": it.key,
            "secretText": null,
            "startDateTime": null,
        })),
        Secret::Certificate(_) | Secret::Federated(_) | Secret::Seed(_) => None,
    }
}

/// A secret as it is told once.
pub fn drawn(it: &Credential, text: &str, started: Timestamp) -> View {
    let hint: String = text.chars().take(3).collect();
    view([
        ("customKeyIdentifier", Value::Null),
        ("displayName", json!(it.display_name)),
        ("endDateTime", json!(it.expires)),
        ("hint", json!(hint)),
        ("keyId", json!(it.key)),
        ("secretText", json!(text)),
        ("startDateTime", json!(started)),
    ])
}

fn certificate(it: &Credential) -> Option<Value> {
    match &it.secret {
        Secret::Certificate(certificate) => Some(json!({
            "customKeyIdentifier": certificate.thumbprint,
            "displayName": it.display_name,
            "endDateTime": it.expires,
            "key": null,
            "keyId": it.key,
            "startDateTime": certificate.starts,
            "type": "AsymmetricX509Cert",
            "usage": "Verify",
        })),
        Secret::Chosen(_)
        | Secret::Drawn(_)
        | Secret::Federated(_)
        | Secret::Seed(_)
        | Secret::Redacted => None,
    }
}

/// Another issuer's word; none for what is something else.
pub fn federated(it: &Credential) -> Option<View> {
    match &it.secret {
        Secret::Federated(word) => Some(view([
            ("id", json!(it.key)),
            ("name", json!(it.display_name)),
            ("issuer", json!(word.issuer)),
            ("subject", json!(word.subject)),
            ("description", json!(word.description)),
            ("audiences", json!(word.audiences)),
        ])),
        Secret::Chosen(_)
        | Secret::Drawn(_)
        | Secret::Certificate(_)
        | Secret::Seed(_)
        | Secret::Redacted => None,
    }
}

/// What a body says of an application.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApplicationBody {
    pub edit: ApplicationEdit,
    /// The certificates that are to be the only ones; none where it does not say.
    pub certificates: Option<Vec<CertificateBody>>,
}

/// A certificate in a body: one to be added, or one that is there already.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CertificateBody {
    pub key: Option<Uuid>,
    /// DER in base64, as JSON carries bytes.
    pub certificate: Option<String>,
    pub display_name: Option<String>,
}

/// Reads a body that makes or changes an application.
pub fn read(bytes: &[u8]) -> Result<ApplicationBody, BadBody> {
    let mut body = Body::parse(bytes)?;
    let mut edit = ApplicationEdit {
        display_name: body.text("displayName")?,
        audience: audience(&mut body)?,
        identifier_uris: body.texts("identifierUris")?,
        public_by_default: body.flag("isFallbackPublicClient")?,
        tags: body.texts("tags")?,
        spa: redirects(&mut body, "spa")?,
        public: redirects(&mut body, "publicClient")?,
        web: None,
        logout_url: None,
    };
    let certificates = certificates(&mut body)?;
    if let Some(mut web) = body.object("web")? {
        edit.web = web.texts("redirectUris")?;
        let cleared = web.has("logoutUrl");
        edit.logout_url = web.text("logoutUrl")?.or_else(|| cleared.then(String::new));
        if let Some(grants) = web.object("implicitGrantSettings")? {
            grants.finish()?;
        }
        web.finish()?;
    }
    body.finish()?;
    Ok(ApplicationBody { edit, certificates })
}

fn audience(body: &mut Body) -> Result<Option<Audience>, BadBody> {
    match body.text("signInAudience")?.as_deref() {
        None => Ok(None),
        Some("AzureADMyOrg") => Ok(Some(Audience::Home)),
        Some("AzureADMultipleOrgs") => Ok(Some(Audience::Organizations)),
        Some(_) => Err(BadBody::Invalid("signInAudience")),
    }
}

fn redirects(body: &mut Body, name: &'static str) -> Result<Option<Vec<String>>, BadBody> {
    let Some(mut inside) = body.object(name)? else { return Ok(None) };
    let uris = inside.texts("redirectUris")?;
    inside.finish()?;
    Ok(uris)
}

fn certificates(body: &mut Body) -> Result<Option<Vec<CertificateBody>>, BadBody> {
    const NAME: &str = "keyCredentials";
    let Some(items) = body.objects(NAME)? else { return Ok(None) };
    let one = |mut item: Body| {
        if item.text("type")?.is_some_and(|it| it != "AsymmetricX509Cert")
            || item.text("usage")?.is_some_and(|it| it != "Verify")
        {
            return Err(BadBody::Invalid(NAME));
        }
        // What the certificate says itself is not asked for again.
        for name in ["customKeyIdentifier", "startDateTime", "endDateTime"] {
            item.value(name);
        }
        let key = item.text("keyId")?.map(|it| it.parse()).transpose();
        let read = CertificateBody {
            key: key.map_err(|_| BadBody::Invalid(NAME))?,
            certificate: item.text("key")?,
            display_name: item.text("displayName")?,
        };
        item.finish()?;
        Ok(read)
    };
    items.into_iter().map(one).collect::<Result<_, _>>().map(Some)
}

/// What a secret to be drawn is called, and until when it is to be good.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SecretBody {
    pub display_name: Option<String>,
    pub expires: Option<Timestamp>,
}

/// Reads the body of `addPassword`. A secret is good from now on, whatever the body says.
pub fn read_secret(bytes: &[u8]) -> Result<SecretBody, BadBody> {
    let mut body = Body::parse(bytes)?;
    let mut read = SecretBody::default();
    if let Some(mut wanted) = body.object("passwordCredential")? {
        read.display_name = wanted.text("displayName")?;
        let end = wanted.text("endDateTime")?.map(|it| it.parse()).transpose();
        read.expires = end.map_err(|_| BadBody::Invalid("endDateTime"))?;
        wanted.value("startDateTime");
        wanted.finish()?;
    }
    body.finish()?;
    Ok(read)
}

/// Reads the body of `removePassword`.
pub fn read_key(bytes: &[u8]) -> Result<Uuid, BadBody> {
    let mut body = Body::parse(bytes)?;
    let key = body.required("keyId")?;
    body.finish()?;
    key.parse().map_err(|_| BadBody::Invalid("keyId"))
}

/// Reads what a body says of another issuer's word.
pub fn read_federated(bytes: &[u8]) -> Result<FederatedEdit, BadBody> {
    let mut body = Body::parse(bytes)?;
    let read = FederatedEdit {
        name: body.text("name")?,
        issuer: body.text("issuer")?,
        subject: body.text("subject")?,
        audiences: body.texts("audiences")?,
        description: body.text("description")?,
    };
    body.value("id");
    body.finish()?;
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_az_sends_is_read() {
        let read = read(br#"{"displayName": "app1", "keyCredentials": []}"#).unwrap();
        assert_eq!(read.edit.display_name.as_deref(), Some("app1"));
        assert_eq!(read.certificates, Some(Vec::new()));
        let sent = br#"{"passwordCredential": {"displayName": "rbac", "endDateTime": "2027-11-22T10:02:34Z", "startDateTime": "2026-11-22T10:02:34Z"}}"#;
        let wanted = read_secret(sent).unwrap();
        assert_eq!(wanted.display_name.as_deref(), Some("rbac"));
        assert_eq!(wanted.expires, "2027-11-22T10:02:34Z".parse().ok());
    }

    #[test]
    fn a_redirect_is_of_the_kind_that_it_stands_under() {
        let sent = br#"{"web":{"redirectUris":["https://a"],"logoutUrl":null},"publicClient":{"redirectUris":["http://localhost"]}}"#;
        let read = read(sent).unwrap().edit;
        assert_eq!(read.web, Some(vec!["https://a".to_owned()]));
        assert_eq!(read.public, Some(vec!["http://localhost".to_owned()]));
        assert_eq!((read.spa, read.logout_url), (None, Some(String::new())));
    }

    #[test]
    fn what_an_application_may_not_be_is_refused() {
        for (sent, expected) in [
            (
                r#"{"signInAudience":"PersonalMicrosoftAccount"}"#,
                BadBody::Invalid("signInAudience"),
            ),
            (r#"{"keyCredentials":[{"type":"Symmetric"}]}"#, BadBody::Invalid("keyCredentials")),
            (r#"{"appRoles":[{"id":"1"}]}"#, BadBody::NotKept("appRoles".to_owned())),
        ] {
            assert_eq!(read(sent.as_bytes()), Err(expected), "{sent}");
        }
    }
}
