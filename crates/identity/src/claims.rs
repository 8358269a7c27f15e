//! What tokens say. The names of the claims are Entra's
//! (<https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference>).

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use ids::{
    clock::Random,
    guid::{AppId, ObjectId, Principal, RoleId, SessionId, TenantId},
};
use jiff::{SignedDuration, Timestamp};
use model::directory::{ServicePrincipal, User, UserKind};
use serde::Serialize;

use crate::{account::Account, client::Authenticated, resource::Requested};

/// How long an access token is good.
pub const LIFETIME: SignedDuration = SignedDuration::from_hours(1);

/// What is the same in every token of one answer.
#[derive(Clone, Copy, Debug)]
pub struct Issue<'a> {
    /// The origin where people sign in, without a slash at the end.
    pub login: &'a str,
    pub tenant: TenantId,
    /// The client that gets the token.
    pub app: AppId,
    pub now: Timestamp,
}

/// Who a tenant's tokens are from.
pub fn issuer(login: &str, tenant: TenantId) -> String {
    format!("{login}/{tenant}/v2.0")
}

/// The claims of an access token.
#[derive(Debug, Serialize)]
pub struct AccessClaims {
    aud: String,
    iss: String,
    iat: i64,
    nbf: i64,
    exp: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    amr: Option<Vec<String>>,
    /// When the person last showed something.
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_time: Option<i64>,
    appid: AppId,
    /// How the client showed itself: `0` not at all, `1` by a secret, `2` by an assertion.
    appidacr: &'static str,
    /// Where a guest is at home.
    #[serde(skip_serializing_if = "Option::is_none")]
    idp: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    idtyp: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    oid: ObjectId,
    #[serde(skip_serializing_if = "Option::is_none")]
    scp: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sid: Option<SessionId>,
    sub: String,
    tid: TenantId,
    #[serde(skip_serializing_if = "Option::is_none")]
    unique_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    upn: Option<String>,
    /// Tells two tokens of one second apart.
    uti: String,
    ver: &'static str,
    /// The directory roles that the person held when the client was let have the token.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    wids: Vec<RoleId>,
}

/// How somebody signed in, and to what session that led.
#[derive(Clone, Copy, Debug)]
pub struct SignIn<'a> {
    pub session: SessionId,
    pub methods: &'a [String],
    /// When they last showed something.
    pub at: Timestamp,
    /// How the client showed itself.
    pub client: Authenticated,
    /// The directory roles that they hold where the token counts.
    pub roles: &'a [RoleId],
}

/// What a token for an application says.
pub fn for_application(
    issue: Issue<'_>,
    requested: &Requested,
    principal: &ServicePrincipal,
    client: Authenticated,
    random: &dyn Random,
) -> AccessClaims {
    let common = common(issue, requested, principal.principal.object, random);
    let sub = principal.principal.object.to_string();
    AccessClaims { appidacr: client.claim(), idtyp: Some("app"), sub, ..common }
}

/// What a token for a person says.
pub fn for_user(
    issue: Issue<'_>,
    requested: &Requested,
    account: &Account,
    sign_in: SignIn<'_>,
    random: &dyn Random,
) -> AccessClaims {
    let local = &account.local;
    let is_guest = account.local.principal != account.home.principal;
    AccessClaims {
        amr: Some(sign_in.methods.to_vec()),
        auth_time: Some(sign_in.at.as_second()),
        appidacr: sign_in.client.claim(),
        idp: is_guest.then(|| issuer(issue.login, account.home.principal.tenant)),
        name: Some(local.display_name.clone()),
        scp: Some(requested.permission()),
        sid: Some(sign_in.session),
        sub: pairwise(local.principal, issue.app),
        unique_name: Some(account.home.user_principal_name.clone()),
        upn: member_name(local),
        wids: sign_in.roles.to_vec(),
        ..common(issue, requested, local.principal.object, random)
    }
}

/// A guest's token has no `upn`, as in Entra.
fn member_name(user: &User) -> Option<String> {
    match user.kind {
        UserKind::Member => Some(user.user_principal_name.clone()),
        UserKind::Guest { .. } => None,
    }
}

fn common(
    issue: Issue<'_>,
    requested: &Requested,
    oid: ObjectId,
    random: &dyn Random,
) -> AccessClaims {
    let iat = issue.now.as_second();
    let mut unique = [0; 16];
    random.fill(&mut unique);
    AccessClaims {
        aud: requested.audience.clone(),
        iss: issuer(issue.login, issue.tenant),
        iat,
        nbf: iat,
        exp: iat.saturating_add(LIFETIME.as_secs()),
        amr: None,
        auth_time: None,
        appid: issue.app,
        appidacr: "0",
        idp: None,
        idtyp: None,
        name: None,
        oid,
        scp: None,
        sid: None,
        sub: String::new(),
        tid: issue.tenant,
        unique_name: None,
        upn: None,
        uti: BASE64_URL_SAFE_NO_PAD.encode(unique),
        ver: "2.0",
        wids: Vec::new(),
    }
}

/// One person is another subject to each client.
fn pairwise(who: Principal, app: AppId) -> String {
    let hash = digest(&SHA256, format!("{who}/{app}").as_bytes());
    BASE64_URL_SAFE_NO_PAD.encode(hash)
}

/// The claims of an id token: it tells the client who signed in, and opens nothing.
#[derive(Debug, Serialize)]
pub struct IdClaims {
    amr: Vec<String>,
    aud: AppId,
    auth_time: i64,
    iss: String,
    iat: i64,
    nbf: i64,
    exp: i64,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<String>,
    oid: ObjectId,
    preferred_username: String,
    sub: String,
    tid: TenantId,
    ver: &'static str,
}

/// What the client is told of the person, and of how and when they last showed who they are.
pub fn id(
    issue: Issue<'_>,
    account: &Account,
    (methods, at): (&[String], Timestamp),
    nonce: Option<String>,
) -> IdClaims {
    let iat = issue.now.as_second();
    IdClaims {
        amr: methods.to_vec(),
        aud: issue.app,
        auth_time: at.as_second(),
        iss: issuer(issue.login, issue.tenant),
        iat,
        nbf: iat,
        exp: iat.saturating_add(LIFETIME.as_secs()),
        name: account.local.display_name.clone(),
        nonce,
        oid: account.local.principal.object,
        preferred_username: account.home.user_principal_name.clone(),
        sub: pairwise(account.local.principal, issue.app),
        tid: issue.tenant,
        ver: "2.0",
    }
}

/// By what the MSAL libraries file their accounts: the account's home, whatever the tenant.
pub fn client_info(home: Principal) -> String {
    let text = format!(r#"{{"uid":"{}","utid":"{}"}}"#, home.object, home.tenant);
    BASE64_URL_SAFE_NO_PAD.encode(text)
}

#[cfg(test)]
mod tests {
    use ids::clock::TestRandom;
    use model::samples::{self, ADA, CUSTOMER, PROVIDER};
    use serde_json::{Value, json};
    use uuid::Uuid;

    use super::*;
    use crate::{client::AZURE_CLI, resource::Api};

    fn issue(tenant: TenantId) -> Issue<'static> {
        let login = "https://localhost:8443";
        Issue { login, tenant, app: AZURE_CLI, now: samples::now() }
    }

    fn requested() -> Requested {
        let audience = "https://localhost:8443/".to_owned();
        Requested { api: Api::Arm, audience, named: true, openid: true, offline: true }
    }

    fn claims_of(account: &Account) -> Value {
        let methods = ["pwd".to_owned()];
        let session = SessionId::new(Uuid::from_u128(0x51D));
        let client = Authenticated::NotAtAll;
        let at = samples::now();
        let sign_in = SignIn { session, methods: &methods, at, client, roles: &[] };
        let issue = issue(account.local.principal.tenant);
        let random = TestRandom::default();
        serde_json::to_value(for_user(issue, &requested(), account, sign_in, &random)).unwrap()
    }

    fn guest() -> Account {
        let home = samples::user(ADA, "ada");
        let local = samples::user(samples::principal(CUSTOMER, 0x60), "ada#EXT#");
        Account { local: User { kind: UserKind::Guest { home: ADA }, ..local }, home }
    }

    #[test]
    fn a_persons_token_says_who_and_not_what() {
        let home = samples::user(ADA, "ada");
        let claims = claims_of(&Account { local: home.clone(), home });
        let iat = samples::now().as_second();
        assert_eq!(
            claims,
            json!({
                "aud": "https://localhost:8443/",
                "iss": format!("https://localhost:8443/{PROVIDER}/v2.0"),
                "iat": iat, "nbf": iat, "exp": iat + 3600,
                "amr": ["pwd"],
                "auth_time": iat,
                "appid": "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
                "appidacr": "0",
                "name": "ada",
                "oid": ADA.object.to_string(),
                "scp": "user_impersonation",
                "sid": "00000000-0000-0000-0000-00000000051d",
                "sub": claims["sub"],
                "tid": PROVIDER.to_string(),
                "unique_name": "ada@example",
                "upn": "ada@example",
                "uti": claims["uti"],
                "ver": "2.0",
            })
        );
    }

    #[test]
    fn a_guests_token_is_the_resource_tenants_and_names_the_home() {
        let claims = claims_of(&guest());
        assert_eq!(claims["tid"], CUSTOMER.to_string());
        assert_eq!(claims["oid"], guest().local.principal.object.to_string());
        assert_eq!(claims["idp"], format!("https://localhost:8443/{PROVIDER}/v2.0"));
        assert_eq!(claims["unique_name"], "ada@example");
        assert_eq!(claims.get("upn"), None);
        let id = serde_json::to_value(id(issue(CUSTOMER), &guest(), (&[], samples::now()), None))
            .unwrap();
        assert_eq!(
            (&id["preferred_username"], &id["sub"]),
            (&json!("ada@example"), &claims["sub"])
        );
    }

    #[test]
    fn an_id_token_is_for_the_client_and_for_nobody_else() {
        let methods = ["pwd", "mfa", "otp"].map(str::to_owned);
        let shown = (&methods[..], samples::now());
        let claims = id(issue(PROVIDER), &guest(), shown, Some("n".to_owned()));
        let claims = serde_json::to_value(claims).unwrap();
        assert_eq!(claims["amr"], json!(["pwd", "mfa", "otp"]));
        assert_eq!(claims["auth_time"], samples::now().as_second());
        assert_eq!(claims["aud"], AZURE_CLI.to_string());
        assert_eq!(claims["nonce"], "n");
        for only_access_tokens_have in ["appid", "scp", "idtyp"] {
            assert_eq!(claims.get(only_access_tokens_have), None);
        }
    }

    #[test]
    fn an_account_is_filed_under_its_home() {
        let text = BASE64_URL_SAFE_NO_PAD.decode(client_info(ADA)).unwrap();
        let read: Value = serde_json::from_slice(&text).unwrap();
        assert_eq!(read, json!({"uid": ADA.object.to_string(), "utid": PROVIDER.to_string()}));
    }
}
